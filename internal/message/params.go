package message

import (
	"sort"
	"strings"
)

// maxParams bounds the parameters of one field.
const maxParams = 200

// mediaType is a parsed Content-Type or Content-Disposition (RFC 2045 §5.1, RFC 2183) with its parameters: names in
// lower case, values decoded to UTF-8 (RFC 2231, RFC 5987, and the encoded words that mailers put there against the rules).
type mediaType struct {
	value  string
	params map[string]string
}

// parseMediaType never fails: what cannot be understood is left out.
func parseMediaType(s, hint string) mediaType {
	s = strings.TrimSpace(s)
	i := 0
	for i < len(s) && s[i] != ';' && s[i] != ',' && s[i] != '(' && s[i] != '"' {
		if (s[i] == ' ' || s[i] == '\t') && strings.IndexByte(s[i:], '=') >= 0 {
			break // "text/plain charset=x": the semicolon is missing
		}
		i++
	}
	m := mediaType{value: strings.ToLower(noBlanks(s[:i]))}
	if eq := strings.IndexByte(m.value, '='); eq >= 0 && !strings.Contains(m.value, "/") {
		// No type at all, parameters at once: `Content-Type: charset=utf-8`.
		m.value, i = "", 0
	}
	raw := scanParams(s[i:])
	if len(raw) == 0 {
		return m
	}
	m.params = joinParams(raw, hint)
	return m
}

// rawParam is a parameter as written.
type rawParam struct {
	name, value string
	quoted      bool
}

// scanParams cuts `; name=value; name="value"` with what mailers really write: missing semicolons, comments, spaces
// around "=", unquoted values with spaces, missing closing quotes.
func scanParams(s string) []rawParam {
	var out []rawParam
	for len(s) > 0 && len(out) < maxParams {
		s = skipCFWS(strings.TrimLeft(s, ";, \t\r\n"))
		if s == "" {
			break
		}
		if s[0] == ';' {
			continue
		}
		eq := strings.IndexAny(s, "=;")
		if eq < 0 {
			break
		}
		if s[eq] == ';' {
			s = s[eq+1:]
			continue
		}
		name := strings.ToLower(strings.TrimSpace(stripComments(s[:eq])))
		if sp := strings.LastIndexAny(name, " \t"); sp >= 0 {
			name = name[sp+1:]
		}
		s = skipCFWS(s[eq+1:])
		p := rawParam{name: name}
		if s != "" && s[0] == '"' {
			p.value, s = quotedString(s)
			p.quoted = true
			// `"a" "b"`, or an encoded word cut in pieces: whatever stands before the next semicolon belongs to it.
		} else {
			p.value, s = bareValue(s)
		}
		if name != "" {
			out = append(out, p)
		}
	}
	return out
}

// bareValue reads an unquoted value: up to a semicolon, or up to white space before another "name=".
func bareValue(s string) (value, rest string) {
	end := strings.IndexByte(s, ';')
	if end < 0 {
		end = len(s)
	}
	v := s[:end]
	for i := 0; i < len(v); i++ {
		if v[i] != ' ' && v[i] != '\t' {
			continue
		}
		// A word followed directly by "=" starts the next parameter: the semicolon is missing.
		j := i
		for j < len(v) && (v[j] == ' ' || v[j] == '\t') {
			j++
		}
		k := j
		for k < len(v) && (v[k] >= 'a' && v[k] <= 'z' || v[k] >= 'A' && v[k] <= 'Z' || v[k] == '-' || v[k] == '*' || v[k] >= '0' && v[k] <= '9') {
			k++
		}
		if k > j && k < len(v) && v[k] == '=' && !strings.HasPrefix(v[j:], "=?") {
			return strings.TrimSpace(v[:i]), s[j:]
		}
		i = j - 1
	}
	v = strings.TrimSpace(v)
	if c := strings.Index(v, " ("); c > 0 && strings.HasSuffix(v, ")") {
		v = strings.TrimSpace(v[:c])
	}
	return v, s[end:]
}

// quotedString reads a quoted-string (RFC 5322 §3.2.4) at the start of s; a missing closing quote ends at the end.
func quotedString(s string) (value, rest string) {
	if i := strings.IndexAny(s[1:], `"\`); i >= 0 && s[1+i] == '"' {
		return s[1 : 1+i], s[i+2:]
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return b.String(), s[i+1:]
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// skipCFWS skips white space and comments (RFC 5322 §3.2.2) at the start of s.
func skipCFWS(s string) string {
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		if s == "" || s[0] != '(' {
			return s
		}
		n := commentEnd(s)
		if n < 0 {
			return ""
		}
		s = s[n:]
	}
}

// commentEnd returns the index after the comment that s starts with, -1 when it never ends.
func commentEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// stripComments removes comments outside quoted strings.
func stripComments(s string) string {
	if strings.IndexByte(s, '(') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '(' {
			if n := commentEnd(s[i:]); n > 0 {
				i += n - 1
				b.WriteByte(' ')
				continue
			}
			break
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// segment is one piece of a continued parameter, name*3* (RFC 2231 §3).
type segment struct {
	n       int
	encoded bool
	value   string
}

// joinParams decodes values and puts continuations together. Extended forms win over plain ones of the same name, as
// RFC 6266 §4.3 says; of equal ones the first.
func joinParams(raw []rawParam, hint string) map[string]string {
	out := make(map[string]string, len(raw))
	var segs map[string][]segment
	for _, p := range raw {
		name, n, encoded, isSeg := splitParamName(p.name)
		if isSeg {
			if segs == nil {
				segs = map[string][]segment{}
			}
			segs[name] = append(segs[name], segment{n, encoded, p.value})
			continue
		}
		if _, dup := out[name]; !dup {
			out[name] = decodeParam(p.value, hint)
		}
	}
	for name, list := range segs {
		out[name] = joinSegments(list, hint)
	}
	return out
}

// splitParamName reads "filename*0*": the name, the number of the piece and whether it is percent-encoded.
func splitParamName(s string) (name string, n int, encoded, isSeg bool) {
	star := strings.IndexByte(s, '*')
	if star <= 0 {
		return s, 0, false, false
	}
	name, rest := s[:star], s[star+1:]
	if strings.HasSuffix(rest, "*") {
		encoded, rest = true, rest[:len(rest)-1]
	}
	if rest == "" {
		return name, 0, true, true
	}
	for _, c := range rest {
		if c < '0' || c > '9' || n > 10000 {
			return s, 0, false, false
		}
		n = n*10 + int(c-'0')
	}
	return name, n, encoded, true
}

func joinSegments(list []segment, hint string) string {
	sort.SliceStable(list, func(i, j int) bool { return list[i].n < list[j].n })
	charset := ""
	var b strings.Builder
	anyEncoded := false
	for i, g := range list {
		if i > 0 && g.n == list[i-1].n {
			continue // said twice: the first counts
		}
		v := g.value
		if i == 0 {
			if cs, rest, ok := extPrefix(v, g.encoded); ok {
				charset, v = cs, rest
			}
		}
		if g.encoded || charset != "" && looksPercent(v) {
			anyEncoded = true
			v = unpercent(v)
		}
		b.WriteString(v)
	}
	if !anyEncoded {
		return decodeParam(b.String(), hint)
	}
	if charset == "" {
		return cleanLine(decodeRaw([]byte(b.String()), hint))
	}
	return cleanLine(decodeCharset([]byte(b.String()), charset))
}

// extPrefix takes charset'language' off the first piece.
func extPrefix(v string, encoded bool) (charset, rest string, ok bool) {
	a := strings.IndexByte(v, '\'')
	if a < 0 {
		return "", v, false
	}
	b := strings.IndexByte(v[a+1:], '\'')
	if b < 0 {
		return "", v, false
	}
	if !encoded && !knownCharset(v[:a]) {
		return "", v, false
	}
	return v[:a], v[a+b+2:], true
}

func looksPercent(s string) bool {
	i := strings.IndexByte(s, '%')
	return i >= 0 && i+2 < len(s) && hexVal(s[i+1]) >= 0 && hexVal(s[i+2]) >= 0
}

// unpercent decodes %XX and leaves everything else as it is.
func unpercent(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if h, l := hexVal(s[i+1]), hexVal(s[i+2]); h >= 0 && l >= 0 {
				b = append(b, byte(h<<4|l))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// hexVal is the value of a hexadecimal digit, -1 for any other byte.
func hexVal(c byte) int { return int(hexTable[c]) }

var hexTable = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i := range 16 {
		t["0123456789ABCDEF"[i]], t["0123456789abcdef"[i]] = int8(i), int8(i)
	}
	return t
}()

// decodeParam decodes a plain value: encoded words (against RFC 2047 §5, but most mailers did it for years), a whole
// RFC 2231 value without its star, raw 8-bit.
func decodeParam(s, hint string) string {
	if cs, rest, ok := extPrefix(s, false); ok && looksPercent(rest) {
		return cleanLine(decodeCharset([]byte(unpercent(rest)), cs))
	}
	return decodeHeader(s, hint)
}
