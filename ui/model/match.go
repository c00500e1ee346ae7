package model

import (
	"slices"
	"strings"
	"unicode/utf8"

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

// CalledSo reports whether something begins with what was typed that has several names, the first one in the language of the window; the
// others count from three letters on, as two begin too many words of languages that nobody thought of.
func CalledSo(names []string, typed string) bool {
	if utf8.RuneCountInString(typed) < 3 {
		names = names[:1]
	}
	return slices.ContainsFunc(names, func(s string) bool { return Begins(s, typed) })
}
