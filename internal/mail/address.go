package mail

import "strings"

// Address is one mailbox of an address header, decoded to UTF-8 (RFC 5322 §3.4). Name may be empty. Addr is the bare
// addr-spec without angle brackets; it may be empty when the header held none.
type Address struct {
	Name string `json:"name"`
	Addr string `json:"addr"`
}

// String shows the address the way people write it: "Name <addr>", or the bare address.
func (a Address) String() string {
	if a.Name == "" {
		return a.Addr
	}
	if a.Addr == "" {
		return a.Name
	}
	return a.Name + " <" + a.Addr + ">"
}

// Display is the name when there is one, else the address.
func (a Address) Display() string {
	if n := strings.TrimSpace(a.Name); n != "" {
		return n
	}
	return a.Addr
}
