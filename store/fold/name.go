package fold

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Name is a short name, such as that of a tag, in the one form of all that are the same but for case, marks and forms of letters. Unlike
// String it keeps signs: "c" and "c++" are two names.
func Name(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(s) {
		b.WriteString(Rune(r))
	}
	return b.String()
}
