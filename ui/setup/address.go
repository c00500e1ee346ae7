package setup

import (
	"strings"
	"unicode"
)

// cleanAddress makes an address of what was pasted or typed as one: out of a link, a mail's header ("Ali <ali@example.org>", then name is "Ali"), a
// Persian text with its marks and half-spaces around it, or with the digits of a Persian keyboard.
func cleanAddress(s string) (addr, name string) {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != zwnj && r != zwj: // which way text runs, and what is not seen
			return -1
		}
		return r
	}, s)
	s = trimAround(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s, _, _ = strings.Cut(s[7:], "?")
	}
	if i, j := strings.LastIndexByte(s, '<'), strings.LastIndexByte(s, '>'); i >= 0 && j > i {
		s, name = s[i+1:j], trimAround(s[:i])
	}
	return asTyped(trimAround(s)), name
}

const zwnj, zwj = '\u200c', '\u200d'

// trimAround takes off what stands around an address or a name and is no part of it.
func trimAround(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r == ' ' || r == zwnj || r == zwj || strings.ContainsRune("\"'«»“”„()[],;:،؛", r)
	})
}

// asTyped gives an address of Latin letters Latin digits, and takes half-spaces out of it; in one of another alphabet both have a meaning.
func asTyped(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == zwnj, r == zwj:
			return -1
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		}
		return r
	}, s)
}
