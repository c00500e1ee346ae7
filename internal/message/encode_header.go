package message

import (
	"encoding/base64"
	"io"
	"strings"
	"unicode/utf8"
)

// lineWidth is where header lines are folded (RFC 5322 §2.1.1). maxWord is the longest encoded word written: RFC 2047 §2
// allows 75, less leaves room for the name of the field on its first line.
const (
	lineWidth = 76
	maxWord   = 62
)

// headerWriter writes header fields. Every value passes cleanLine or is built from checked tokens, so a line break in a
// value cannot start a new field. The first error sticks.
type headerWriter struct {
	w   io.Writer
	err error
}

// tokens writes one field of tokens; a token is never cut, a line break may come before any but the first. A token that
// starts with a blank is separated by it.
func (h *headerWriter) tokens(name string, toks []string) {
	var b strings.Builder
	b.WriteString(name)
	b.WriteByte(':')
	col := b.Len()
	if len(toks) > 0 {
		b.WriteByte(' ')
		col++
	}
	for i, t := range toks {
		t = strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(t)
		bare := strings.TrimLeft(t, " ")
		switch {
		case i == 0:
			t = bare
		case col+utf8.RuneCountInString(t) > lineWidth && bare != "":
			b.WriteString("\r\n")
			col = 0
			if bare == t {
				b.WriteByte(' ') // a fold needs a blank; where there was none the token said that one does no harm
				col = 1
			}
		}
		b.WriteString(t)
		col += utf8.RuneCountInString(t)
	}
	b.WriteString("\r\n")
	h.raw(b.String())
}

func (h *headerWriter) raw(s string) {
	if h.err == nil {
		_, h.err = io.WriteString(h.w, s)
	}
}

// text writes an unstructured field (RFC 5322 §3.6.5), encoded where needed.
func (h *headerWriter) text(name, value string) {
	h.tokens(name, textTokens(cleanLine(value), len(name)+2))
}

// textTokens cuts a text into words with their leading blanks; the stretch from the first to the last word that needs it
// is written as encoded words.
func textTokens(s string, col int) []string {
	words := splitBlanks(s)
	first, last := -1, -1
	for i, w := range words {
		wide := i > 0 && strings.HasPrefix(w, "  ") // servers and mailers make one blank of several
		if wide || needsWord(w) {
			if first < 0 {
				first = i
				if wide {
					first--
				}
			}
			last = i
		}
	}
	if first < 0 {
		return words
	}
	lead := words[first]
	blank := lead[:len(lead)-len(strings.TrimLeft(lead, " "))]
	mid := strings.Join(words[first:last+1], "")[len(blank):]
	out := append([]string{}, words[:first]...)
	for i, w := range encodeWords(mid, false) {
		if i == 0 {
			w = blank + w
		} else {
			w = " " + w
		}
		out = append(out, w)
	}
	return append(out, words[last+1:]...)
}

// splitBlanks cuts before each run of blanks; the blanks stay with the word after them.
func splitBlanks(s string) []string {
	var out []string
	start := 0
	for i := 1; i < len(s); i++ {
		if s[i] == ' ' && s[i-1] != ' ' {
			out = append(out, s[start:i])
			start = i
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}

// needsWord: not printable ASCII, something that looks like an encoded word, or too long for a line.
func needsWord(s string) bool {
	return !isPlain(s) || len(s) > 400
}

// encodeWords writes s as encoded words of at most maxWord characters each, cut between characters; B or Q, whichever is
// shorter. phrase restricts Q to what is allowed in a display name (RFC 2047 §5 rule 3).
func encodeWords(s string, phrase bool) []string {
	q := 0
	for i := 0; i < len(s); i++ {
		if qSafe(s[i], phrase) || s[i] == ' ' {
			q++
		} else {
			q += 3
		}
	}
	useQ := q <= (len(s)+2)/3*4
	var out []string
	var cur strings.Builder
	const head = len("=?utf-8?q?") + len("?=")
	n := 0 // encoded length of cur
	flush := func() {
		if cur.Len() == 0 {
			return
		}
		if useQ {
			out = append(out, "=?utf-8?q?"+cur.String()+"?=")
		} else {
			out = append(out, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(cur.String()))+"?=")
		}
		cur.Reset()
		n = 0
	}
	for len(s) > 0 {
		_, size := utf8.DecodeRuneInString(s)
		r := s[:size]
		s = s[size:]
		if useQ {
			e := qEncode(r, phrase)
			if head+n+len(e) > maxWord {
				flush()
			}
			cur.WriteString(e)
			n += len(e)
			continue
		}
		if head+(cur.Len()+size+2)/3*4 > maxWord {
			flush()
		}
		cur.WriteString(r)
	}
	flush()
	return out
}

func qSafe(c byte, phrase bool) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '!', c == '*', c == '+', c == '-', c == '/':
		return true
	}
	return !phrase && c > 32 && c < 127 && c != '=' && c != '?' && c != '_'
}

func qEncode(r string, phrase bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(r); i++ {
		switch c := r[i]; {
		case c == ' ':
			b.WriteByte('_')
		case qSafe(c, phrase):
			b.WriteByte(c)
		default:
			b.WriteByte('=')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// params writes a field of a token and parameters (RFC 2045 §5.1): ASCII values as tokens or quoted strings, others by
// RFC 2231 with continuations. words adds the name as encoded words first, for readers that do not know RFC 2231.
func (h *headerWriter) params(field, value string, list ...param) {
	toks := []string{value}
	for _, p := range list {
		toks[len(toks)-1] += ";"
		toks = append(toks, p.tokens()...)
	}
	h.tokens(field, toks)
}

// param is one parameter. fallback: write encoded words in quotes (against RFC 2047 §5, understood by all) instead.
type param struct {
	name, value string
	fallback    bool
}

func (p param) tokens() []string {
	v := cleanLine(p.value)
	if isPlain(v) && len(v) <= 60 {
		if isToken(v) {
			return []string{" " + p.name + "=" + v}
		}
		return []string{" " + p.name + "=" + quote(v)}
	}
	if p.fallback {
		words := encodeWords(v, true)
		toks := make([]string, len(words))
		for i, w := range words {
			toks[i] = " " + w
		}
		toks[0] = " " + p.name + `="` + words[0]
		toks[len(toks)-1] += `"`
		return toks
	}
	return extTokens(p.name, v)
}

// extTokens writes name*0*=utf-8”…; name*1*=… (RFC 2231 §3, §4), cut between characters.
func extTokens(name, v string) []string {
	var pieces []string
	cur := "utf-8''"
	for len(v) > 0 {
		_, size := utf8.DecodeRuneInString(v)
		e := percent(v[:size])
		v = v[size:]
		if len(cur)+len(e) > 60 {
			pieces = append(pieces, cur)
			cur = ""
		}
		cur += e
	}
	pieces = append(pieces, cur)
	if len(pieces) == 1 {
		return []string{" " + name + "*=" + pieces[0]}
	}
	toks := make([]string, len(pieces))
	for i, x := range pieces {
		toks[i] = " " + name + "*" + itoa(i) + "*=" + x
		if i+1 < len(pieces) {
			toks[i] += ";"
		}
	}
	return toks
}

func percent(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= 32 || s[i] >= 127 || strings.IndexByte(`()<>@,;:\"/[]?=`, s[i]) >= 0 {
			return false
		}
	}
	return s != ""
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
