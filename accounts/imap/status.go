package imap

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// status is a status response (RFC 9051 §7.1): a condition, an optional code with arguments, and words for people.
type status struct {
	typ  string
	code string // upper case, "" without one
	arg  string
	text string // cleaned, see cleanText
}

// parseStatus never fails: what does not look like a code is text.
func parseStatus(typ string, b []byte) *status {
	st := &status{typ: typ}
	b = bytes.TrimLeft(b, " ")
	if len(b) > 0 && b[0] == '[' {
		if end := codeEnd(b); end > 0 {
			code, arg, _ := strings.Cut(string(b[1:end]), " ")
			st.code, st.arg = strings.ToUpper(code), strings.TrimSpace(arg)
			b = b[end+1:]
		}
	}
	st.text = cleanText(string(b))
	return st
}

// codeEnd finds the bracket that ends a response code. Flags may hold a "]" on some servers, so PERMANENTFLAGS ends
// with ")]".
func codeEnd(b []byte) int {
	if i := bytes.Index(b, []byte(")]")); i > 0 && bytes.HasPrefix(bytes.ToUpper(b), []byte("[PERMANENTFLAGS")) {
		return i + 1
	}
	return bytes.IndexByte(b, ']')
}

const maxText = 500

// cleanText makes a server's words fit to show: one line of printable characters, no direction overrides, not endless.
func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r == '\t', r == '\n', r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f':
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxText {
		s = string([]rune(s)[:maxText]) + "…"
	}
	return s
}
