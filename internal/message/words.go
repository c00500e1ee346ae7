package message

import (
	"strings"
	"unicode/utf8"
)

// decodeLine decodes the encoded words (RFC 2047) and the raw 8-bit bytes of an unstructured header value to one line
// of UTF-8. It never fails; what cannot be decoded stays as it is.
func decodeLine(s string) string { return decodeHeader(unfold([]byte(s)), "") }

// decodeHeader is decodeLine with the charset to assume for 8-bit bytes that are not UTF-8.
func decodeHeader(s, hint string) string {
	if isPlain(s) {
		return s
	}
	return cleanLine(decodeWords(s, hint))
}

// isPlain: printable ASCII with no encoded word, the usual case.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < 32 || c >= 127 || c == '=' && i+1 < len(s) && s[i+1] == '?' {
			return false
		}
	}
	return true
}

// word is one encoded word found in a value.
type word struct {
	start, end int // in the value
	charset    string
	enc        byte // 'b' or 'q'
	text       string
}

// decodeWords decodes without cleaning.
func decodeWords(s, hint string) string {
	var out strings.Builder
	var run []word // adjacent words of one charset, decoded together
	flush := func() {
		if len(run) > 0 {
			out.WriteString(decodeRun(run))
			run = run[:0]
		}
	}
	pos := 0
	for pos < len(s) {
		w, ok := nextWord(s, pos)
		if !ok {
			break
		}
		gap := s[pos:w.start]
		blank := strings.Trim(gap, " \t\r\n") == ""
		if len(run) > 0 && blank {
			// White space between encoded words is not shown (RFC 2047 §6.2). A multi-byte character may be cut at
			// the seam (against §5), so words of one charset are decoded as one.
			if !strings.EqualFold(run[0].charset, w.charset) {
				flush()
			}
		} else {
			flush()
			out.WriteString(decodeRaw([]byte(gap), hint))
		}
		run = append(run, w)
		pos = w.end
	}
	flush()
	out.WriteString(decodeRaw([]byte(s[pos:]), hint))
	return out.String()
}

// nextWord finds the next encoded word at or after from: =?charset?B|Q?text?= with the liberties mailers take: blanks
// around the parts, blanks and question marks in the text, a language after the charset (RFC 2231 §5), a missing end.
func nextWord(s string, from int) (word, bool) {
	for {
		i := strings.Index(s[from:], "=?")
		if i < 0 {
			return word{}, false
		}
		i += from
		if w, ok := wordAt(s, i); ok {
			return w, true
		}
		from = i + 2
	}
}

// maxCharsetName is the longest charset name (with language) that is looked at.
const maxCharsetName = 80

func wordAt(s string, i int) (word, bool) {
	w := word{start: i}
	p := i + 2
	q := strings.IndexByte(s[p:min(len(s), p+maxCharsetName)], '?')
	if q <= 0 {
		return w, false
	}
	w.charset = strings.TrimSpace(s[p : p+q])
	if w.charset == "" || strings.ContainsAny(w.charset, "=<>@,;\"") {
		return w, false
	}
	if star := strings.IndexByte(w.charset, '*'); star > 0 {
		w.charset = w.charset[:star]
	}
	p += q + 1
	for p < len(s) && s[p] == ' ' {
		p++
	}
	if p >= len(s) {
		return w, false
	}
	switch s[p] {
	case 'B', 'b':
		w.enc = 'b'
	case 'Q', 'q':
		w.enc = 'q'
	default:
		return w, false
	}
	p++
	for p < len(s) && s[p] == ' ' {
		p++
	}
	if p >= len(s) || s[p] != '?' {
		return w, false
	}
	p++
	end := wordEnd(s, p, w.enc)
	if end < 0 {
		return unendedWord(s, p, w)
	}
	w.text, w.end = s[p:end], end+2
	return w, true
}

// wordEnd finds the "?=" that ends the text at p, -1 without one before the next word starts. It never looks past the
// next word's head, which keeps the whole decoding linear.
func wordEnd(s string, p int, enc byte) int {
	for i := p; i < len(s); i++ {
		if s[i] != '?' {
			continue
		}
		if i > p && s[i-1] == '=' {
			if _, ok := wordAtHead(s, i-1); ok {
				return -1
			}
		}
		if i+1 >= len(s) || s[i+1] != '=' {
			continue
		}
		// "=?x?Q??=41?=": the text may hold a question mark followed by "=41".
		if enc == 'q' && i+3 < len(s) && hexVal(s[i+2]) >= 0 && hexVal(s[i+3]) >= 0 && endsBeforeBlank(s[i+2:]) {
			continue
		}
		return i
	}
	return -1
}

// endsBeforeBlank: "?=" comes in s before a blank and before another word.
func endsBeforeBlank(s string) bool {
	for i := 0; i+1 < len(s) && i < maxCharsetName; i++ {
		switch {
		case s[i] == ' ' || s[i] == '\t' || s[i] == '=' && s[i+1] == '?':
			return false
		case s[i] == '?' && s[i+1] == '=':
			return true
		}
	}
	return false
}

// wordAtHead tells whether an encoded word's head (=?charset?X?) is at i.
func wordAtHead(s string, i int) (int, bool) {
	p := i + 2
	q := strings.IndexByte(s[p:min(len(s), p+maxCharsetName)], '?')
	if q <= 0 || p+q+2 >= len(s) || s[p+q+2] != '?' {
		return 0, false
	}
	switch s[p+q+1] {
	case 'b', 'B', 'q', 'Q':
		return p + q + 3, !strings.ContainsAny(s[p:p+q], " =<>@,;\"")
	}
	return 0, false
}

// unendedWord takes a word without its "?=" up to the next blank, the next word or the end.
func unendedWord(s string, p int, w word) (word, bool) {
	end := p
	for end < len(s) && s[end] != ' ' && s[end] != '\t' && s[end] != '"' && s[end] != '<' && s[end] != '>' {
		if s[end] == '=' && end+1 < len(s) && s[end+1] == '?' {
			break
		}
		end++
	}
	if !knownCharset(w.charset) || end == p {
		return w, false
	}
	w.text, w.end = strings.TrimSuffix(s[p:end], "?"), end
	return w, true
}

// decodeRun decodes words of one charset that follow each other.
func decodeRun(run []word) string {
	var raw []byte
	var b64 []byte
	for i, w := range run {
		if w.enc == 'q' {
			raw = appendQWord(raw, w.text)
			continue
		}
		b64 = append(b64, w.text...)
		// Base64 cut at a place that is not a multiple of four goes on in the next word.
		more := i+1 < len(run) && run[i+1].enc == 'b' && base64Chars(b64)%4 != 0 && !strings.HasSuffix(strings.TrimSpace(w.text), "=")
		if !more {
			raw = appendBase64(raw, b64)
			b64 = b64[:0]
		}
	}
	return decodeCharset(raw, run[0].charset)
}

func base64Chars(b []byte) int {
	n := 0
	for _, c := range b {
		if base64Value[c] < 64 {
			n++
		}
	}
	return n
}

// appendQWord decodes the Q encoding (RFC 2047 §4.2); an "=" that is no hex stays.
func appendQWord(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			dst = append(dst, ' ')
		case c == '=' && i+2 < len(s) && hexVal(s[i+1]) >= 0 && hexVal(s[i+2]) >= 0:
			dst = append(dst, byte(hexVal(s[i+1])<<4|hexVal(s[i+2])))
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// cleanLine makes one line of s that is safe to show: line breaks and tabs become blanks, NUL and other controls go.
// Bidi marks stay; the window isolates fields.
func cleanLine(s string) string {
	clean, ascii := true, true
	for i := 0; i < len(s) && clean; i++ {
		clean = s[i] >= 32 && s[i] != 127
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if clean && (ascii || !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029") && !strings.Contains(s, "\u0085")) {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\v' || r == '\f':
			b.WriteByte(' ')
		case r < 32 || r == 127:
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// isWord: printable ASCII without a blank, which nothing has to be done with.
func isWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// oneBlank makes one blank of all white space between words.
func oneBlank(s string) string {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}

// noBlanks takes out all white space.
func noBlanks(s string) string {
	if isWord(s) {
		return s
	}
	return strings.Join(strings.Fields(s), "")
}
