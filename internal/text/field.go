package text

import (
	"strings"
	"unicode"
)

// BaseDirection is the direction of the first paragraph of s by its first strong character (UAX #9 P2, P3): LTR, RTL,
// or Auto when it has none.
func BaseDirection(s string) Direction { return direction(s, false) }

// FieldDirection is the direction of a subject, a name or another field by what a reader reads in it: reply and forward
// prefixes (Re:, Fwd:, پاسخ:, …), [list] tags, numbers, mail addresses, URLs and file names do not count, unless
// there is nothing else. Auto when nothing has a direction.
func FieldDirection(s string) Direction { return direction(s, true) }

func direction(s string, field bool) Direction {
	runes := []rune(s)
	if i := indexSeparator(runes); i >= 0 && !field {
		runes = runes[:i]
	}
	cls := make([]bclass, len(runes))
	for i, r := range runes {
		cls[i] = classOf(r)
	}
	switch strongClass(runes, cls, field) {
	case 0:
		return LTR
	case 1:
		return RTL
	}
	return Auto
}

func indexSeparator(runes []rune) int {
	for i, r := range runes {
		if isSeparator(r) {
			return i
		}
	}
	return -1
}

// HasRTL reports whether s has any character that can make text run from right to left.
func HasRTL(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			for _, r := range s[i:] {
				if classOf(r).in(maskNeedsBidi) {
					return true
				}
			}
			return false
		}
	}
	return false
}

// prefixes of replies and forwards, in lower case, without the colon; languages of the mail programs that write them.
var prefixes = map[string]bool{
	"re": true, "aw": true, "sv": true, "antw": true, "vs": true, "ref": true, "res": true, "rif": true, "odp": true,
	"ynt": true, "vá": true, "r": true, "fw": true, "fwd": true, "wg": true, "tr": true, "rv": true, "enc": true,
	"i": true, "vl": true, "doorst": true, "pd": true, "ilt": true, "پاسخ": true, "بازارسال": true, "فوروارد": true, "ارسال": true,
	"رد": true, "إعادة توجيه": true, "השב": true, "הועבר": true, "回复": true, "转发": true, "答复": true,
}

// fieldSkip finds where the text proper of a field starts: after any number of prefixes and bracketed tags.
func fieldSkip(runes []rune) int {
	i := 0
	for {
		for i < len(runes) && (isSpace(runes[i]) || invisible(runes[i])) {
			i++
		}
		n := prefixEnd(runes[i:])
		if n == 0 {
			return i
		}
		i += n
	}
}

// prefixEnd is the length of a prefix ("Re:", "Re[2]:", "Fwd (3):") or tag ("[list]") at the start of runes, or 0.
func prefixEnd(runes []rune) int {
	if len(runes) == 0 {
		return 0
	}
	if runes[0] == '[' {
		for i := 1; i < len(runes) && i <= 48; i++ {
			if runes[i] == ']' {
				return i + 1
			}
		}
		return 0
	}
	const longest = 14
	for i := 1; i < len(runes) && i <= longest; i++ {
		if runes[i] != ':' && runes[i] != '：' {
			continue
		}
		word := strings.ToLower(string(runes[:i]))
		if k := strings.IndexAny(word, "[("); k > 0 {
			if inner := strings.Trim(word[k:], "[]() "); strings.Trim(inner, "0123456789۰۱۲۳۴۵۶۷۸۹") != "" {
				return 0
			}
			word = word[:k]
		}
		word = strings.TrimFunc(word, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
		if prefixes[word] {
			return i + 1
		}
		return 0
	}
	return 0
}

// islandEnd finds the end of a token at rune i that stays left-to-right wherever it stands and says nothing about the
// language around it: a mail address, a URL, a host or file name. It returns i when there is none.
func islandEnd(runes []rune, i int) int {
	start := i
	for start > 0 && tokenRune(runes[start-1]) {
		start--
	}
	end := i
	for end < len(runes) && tokenRune(runes[end]) {
		end++
	}
	for end > i && strings.ContainsRune(".,;:!?", runes[end-1]) {
		end--
	}
	tok := string(runes[start:end])
	switch {
	case strings.Contains(tok, "://"), strings.HasPrefix(strings.ToLower(tok), "www."), strings.HasPrefix(strings.ToLower(tok), "mailto:"):
		return end
	}
	if at := strings.IndexByte(tok, '@'); at > 0 && at+1 < len(tok) {
		return end
	}
	if host, port, ok := strings.Cut(tok, ":"); ok && strings.Trim(port, "0123456789") == "" {
		tok = host
	}
	if dot := strings.LastIndexByte(tok, '.'); dot > 0 && nameLike(tok[dot+1:]) {
		return end
	}
	return i
}

// tokenRune reports characters of addresses, URLs and file names.
func tokenRune(r rune) bool {
	return r > 0x20 && r < 0x7F && !strings.ContainsRune("<>\"'()[]{},;|`", r)
}

// nameLike reports whether s may be a top-level domain or the extension of a file.
func nameLike(s string) bool {
	if len(s) < 2 || len(s) > 6 {
		return false
	}
	letters := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i] | 0x20; {
		case c >= 'a' && c <= 'z':
			letters++
		case s[i] >= '0' && s[i] <= '9':
		default:
			return false
		}
	}
	return letters > 0
}
