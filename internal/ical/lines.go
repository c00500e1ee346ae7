package ical

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Bounds of what is read.
const (
	maxInput  = 2 << 20
	maxLines  = 50000
	maxLine   = 256 << 10
	maxParams = 50
)

// line is one content line (RFC 5545 §3.1): NAME;PARAM=value:value. Names are in upper case.
type line struct {
	group  string // vCard: "item1" of "item1.EMAIL"
	name   string
	params []param
	value  string
}

type param struct {
	name   string
	values []string
}

// get returns the first value of a parameter.
func (l line) get(name string) string {
	for _, p := range l.params {
		if p.name == name && len(p.values) > 0 {
			return p.values[0]
		}
	}
	return ""
}

func (l line) all(name string) (out []string) {
	for _, p := range l.params {
		if p.name == name {
			out = append(out, p.values...)
		}
	}
	return out
}

// lines takes a file apart; what is no content line is left out.
func lines(data []byte) []line {
	var out []line
	for _, raw := range unfold(data) {
		if l, ok := parseLine(raw); ok {
			out = append(out, l)
		}
		if len(out) == maxLines {
			break
		}
	}
	return out
}

// unfold joins folded lines. It works on bytes, because folds cut characters; what is not UTF-8 afterwards is taken for
// Windows-1252, the usual charset of those who do not say.
func unfold(data []byte) []string {
	data = bytes.TrimPrefix(data[:min(len(data), maxInput)], []byte("\xef\xbb\xbf"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	var joined [][]byte
	for l := range bytes.SplitSeq(data, []byte("\n")) {
		if n := len(joined); n > 0 && len(l) > 0 && (l[0] == ' ' || l[0] == '\t') {
			if len(joined[n-1]) < maxLine {
				joined[n-1] = append(joined[n-1], l[1:]...)
			}
			continue
		}
		if n := len(joined); n > 0 && softBreak(joined[n-1]) && len(joined[n-1]) < maxLine {
			joined[n-1] = append(bytes.TrimSuffix(joined[n-1], []byte("=")), l...)
			continue
		}
		if len(l) > 0 && len(joined) < maxLines {
			joined = append(joined, append([]byte(nil), l...))
		}
	}
	out := make([]string, len(joined))
	for i, l := range joined {
		if !utf8.Valid(l) {
			if d, err := charmap.Windows1252.NewDecoder().Bytes(l); err == nil {
				l = d
			}
		}
		out[i] = string(l)
	}
	return out
}

// softBreak: vCard 2.1 breaks quoted-printable values with "=" at the end and does not indent what follows.
func softBreak(l []byte) bool {
	if !bytes.HasSuffix(l, []byte("=")) {
		return false
	}
	head, _, _ := bytes.Cut(l, []byte(":"))
	return bytes.Contains(bytes.ToUpper(head[:min(len(head), 200)]), []byte("QUOTED-PRINTABLE"))
}

func parseLine(s string) (line, bool) {
	var l line
	end := strings.IndexAny(s, ";:")
	if end <= 0 {
		return l, false
	}
	l.name = strings.ToUpper(strings.TrimSpace(s[:end]))
	if i := strings.LastIndexByte(l.name, '.'); i >= 0 {
		l.group, l.name = l.name[:i], l.name[i+1:]
	}
	rest := s[end:]
	for strings.HasPrefix(rest, ";") && len(l.params) < maxParams {
		p, after, ok := parseParam(rest[1:])
		if !ok {
			return l, false
		}
		l.params = append(l.params, p)
		rest = after
	}
	i := strings.IndexByte(rest, ':')
	if i < 0 {
		return l, false
	}
	l.value = rest[i+1:]
	return l, l.name != ""
}

// parseParam reads NAME=value,"value" up to the next ; or :. vCard 2.1 has parameters without a name: TYPE is meant.
func parseParam(s string) (p param, rest string, ok bool) {
	i := strings.IndexAny(s, "=;:")
	if i < 0 {
		return p, "", false
	}
	if s[i] != '=' {
		return param{"TYPE", []string{s[:i]}}, s[i:], true
	}
	p.name = strings.ToUpper(strings.TrimSpace(s[:i]))
	s = s[i+1:]
	for {
		var v string
		if strings.HasPrefix(s, `"`) {
			j := strings.IndexByte(s[1:], '"')
			if j < 0 {
				return p, "", false
			}
			v, s = s[1:j+1], s[j+2:]
		} else {
			j := strings.IndexAny(s, ",;:")
			if j < 0 {
				return p, "", false
			}
			v, s = s[:j], s[j:]
		}
		p.values = append(p.values, caret(v))
		if !strings.HasPrefix(s, ",") || len(p.values) > 100 {
			break
		}
		s = s[1:]
	}
	if i := strings.IndexAny(s, ";:"); i > 0 { // rubbish after a quoted value
		s = s[i:]
	}
	return p, s, s != ""
}

// caret decodes RFC 6868.
func caret(s string) string { return strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^").Replace(s) }

// text decodes a TEXT value (RFC 5545 §3.3.11) and takes out what cannot be shown.
func text(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			switch s[i] {
			case 'n', 'N':
				b.WriteByte('\n')
			default:
				b.WriteByte(s[i])
			}
			continue
		}
		b.WriteByte(c)
	}
	return clean(b.String())
}

// clean takes out control characters but line breaks and tabs.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�")))
}

// list splits a value at commas or semicolons that are not escaped.
func list(s string, sep byte) []string {
	var out []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == sep:
			out = append(out, s[start:i])
			start = i + 1
		}
	}
	return append(out, s[min(start, len(s)):])
}
