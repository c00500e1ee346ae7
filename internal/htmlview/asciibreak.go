package htmlview

import "strings"

// asciiBreak corrects UAX #14 where browsers break between two ASCII characters otherwise: they keep addresses and markup
// together and hyphenated numbers apart. prev is what precedes a, or 0; uax is what UAX #14 says.
func asciiBreak(prev, a, b rune, uax bool) bool {
	if a <= ' ' || b <= ' ' || a > '~' || b > '~' {
		return uax
	}
	opens := b == '(' || b == '<' || b == '[' || b == '{'
	switch {
	case a == '-' && b >= '0' && b <= '9':
		return uax || isASCIIAlnum(prev) // "2024-11", but not "-5"
	case a == '/':
		return false
	case strings.ContainsRune("}|!", a):
		return uax && opens
	case a == '$':
		return uax && !strings.ContainsRune(`(+[\{`, b)
	case a == '-':
		return uax && b != '$' || strings.ContainsRune(`"'-|`, b)
	case a == '?' && (b == '-' || b == '|'):
		return true
	case strings.ContainsRune(`"&>*=~#`, a) && opens:
		return true
	case strings.ContainsRune(`.;\)+],:%`, a):
		return b == '<' || uax && !strings.ContainsRune(`$%+\`, b)
	}
	return uax
}

func isASCIIAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
}
