package model

import (
	"strings"

	"peyk/store/fold"
)

// Begins reports whether some word of s begins with what was typed, several words in a row counting as one. Both are
// folded as in search: forms of a letter, digits, diacritics and ZWNJ make no difference. Nothing typed begins everything.
func Begins(s, typed string) bool {
	t := fold.String(typed)
	if t == "" {
		return strings.TrimSpace(typed) == "" || strings.Contains(s, strings.TrimSpace(typed))
	}
	return strings.Contains(" "+fold.Index(s), " "+t)
}

// Holds reports whether what was typed stands somewhere in s, folded as in Begins.
func Holds(s, typed string) bool {
	t := fold.String(typed)
	if t == "" {
		return strings.TrimSpace(typed) == "" || strings.Contains(s, strings.TrimSpace(typed))
	}
	return strings.Contains(fold.Index(s), t)
}
