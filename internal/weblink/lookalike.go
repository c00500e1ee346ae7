package weblink

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// confusable folds the letters that imitate Latin ones in most fonts. It is a short list on purpose: the Cyrillic, Greek,
// Armenian and Latin letters used in real attacks, and the pairs that look alike within ASCII.
var confusable = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ѕ", "s", "ј", "j", "һ", "h", "ԁ", "d", "ԛ", "q", "ԝ", "w", "ӏ", "l", "ɡ", "g",
	"к", "k", "м", "m", "т", "t", "в", "b", "н", "h", "г", "r", "п", "n", "ё", "e", "ï", "i",
	"α", "a", "ο", "o", "ρ", "p", "ε", "e", "ι", "i", "ν", "v", "υ", "u", "κ", "k", "τ", "t", "χ", "x", "օ", "o", "ո", "n", "ս", "u", "ց", "g",
	"ı", "l", "ł", "l", "ó", "o", "ö", "o", "á", "a", "à", "a", "ä", "a", "é", "e", "è", "e", "í", "l", "ú", "u", "ü", "u", "ç", "c", "ñ", "n", "ş", "s", "ș", "s", "ţ", "t", "ț", "t",
	"rn", "m", "vv", "w", "cl", "d", "0", "o", "1", "l", "i", "l", "5", "s",
)

// imitation folds only letters of other alphabets: what it changes into ASCII altogether can be read as a Latin name.
var imitation = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ѕ", "s", "ј", "j", "һ", "h", "ԁ", "d", "ԛ", "q", "ԝ", "w", "ӏ", "l", "к", "k", "м", "m", "т", "t", "ь", "b", "н", "h", "г", "r", "п", "n", "ё", "e", "ү", "y", "ѵ", "v",
	"α", "a", "ο", "o", "ρ", "p", "ε", "e", "ι", "i", "ν", "v", "υ", "u", "κ", "k", "τ", "t", "χ", "x", "γ", "y", "ω", "w", "η", "n", "օ", "o", "ո", "n", "ս", "u", "ց", "g", "հ", "h", "ɑ", "a", "ɡ", "g", "ı", "i", "ʟ", "l", "ᴏ", "o", "ᴄ", "c", "ᴠ", "v", "ᴡ", "w", "ᴢ", "z",
)

// Skeleton maps domains that look alike to the same string.
func Skeleton(domain string) string {
	if u, err := idna.ToUnicode(domain); err == nil {
		domain = u
	}
	// Twice: a folded Cyrillic pair may form "rn" only after the first pass.
	return confusable.Replace(confusable.Replace(strings.ToLower(domain)))
}

// MixedScripts reports a domain of which one label has Latin letters beside ones of an alphabet that looks like it.
func MixedScripts(domain string) bool {
	u, err := idna.ToUnicode(domain)
	if err != nil {
		return true
	}
	for _, label := range strings.Split(u, ".") {
		var latin, other bool
		for _, r := range label {
			switch {
			case unicode.Is(unicode.Latin, r):
				latin = true
			case unicode.In(r, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee):
				other = true
			}
		}
		if latin && other {
			return true
		}
	}
	return false
}

// Imitates reports whether a domain, in letters or in ASCII, can be taken for another one although it mixes no alphabets: a
// label of another alphabet, under a Latin top level, of which every letter looks Latin. like is what it is read as.
func Imitates(domain string) (like string, bad bool) {
	ascii, err := idna.ToASCII(strings.ToLower(domain))
	if err != nil || MixedScripts(ascii) {
		return "", false
	}
	return imitates(ascii)
}

// imitates reports whether a host can be taken for another one, and for which: labels that mix alphabets, and labels of another
// alphabet that look Latin throughout under a Latin top level. Honest international names pass.
func imitates(ascii string) (like string, bad bool) {
	if !strings.Contains(ascii, "xn--") {
		return "", false
	}
	u, err := idna.ToUnicode(ascii)
	if err != nil {
		return "", true
	}
	folded := imitation.Replace(u)
	if MixedScripts(ascii) || strings.ContainsFunc(u, noHostLetter) {
		return folded, true
	}
	labels, plain := strings.Split(u, "."), strings.Split(folded, ".")
	if !isASCII(labels[len(labels)-1]) {
		return "", false
	}
	for i, l := range labels {
		if !isASCII(l) && i < len(plain) && isASCII(plain[i]) {
			return folded, true
		}
	}
	return "", false
}

// noHostLetter reports what no honest name has and what looks like a part of an address: a fraction slash, a colon of another alphabet.
func noHostLetter(r rune) bool {
	return r >= 0x80 && (unicode.IsPunct(r) || unicode.Is(unicode.Sm, r) || unicode.IsSpace(r)) && r != 0xb7 && r != 0x30fb && r != 0x5f3 && r != 0x5f4
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
