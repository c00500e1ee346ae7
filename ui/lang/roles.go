package lang

import "peyk/internal/mail"

// RoleName is the name of a folder of this role; "" for an ordinary folder.
func RoleName(r mail.Role) string {
	if r == "" {
		return ""
	}
	if id := "folder." + string(r); Has(id) {
		return T(id)
	}
	return ""
}
