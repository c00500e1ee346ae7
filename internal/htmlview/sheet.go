package htmlview

import (
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// token is one token of a declaration's value; data is as written.
type token struct {
	tt   css.TokenType
	data string
}

// declaration is "name: value", with the value's tokens without white space at its ends.
type declaration struct {
	name      string
	value     []token
	important bool
}

// rule is one selector with its declarations.
type rule struct {
	sel   selector
	decls []declaration
	order int
}

// media is what media queries ask about.
type media struct {
	width float32
	dark  bool
}

const maxRules = 20000

// sheet holds the rules of a document by what their subject must have, so that most are never looked at.
type sheet struct {
	byID, byClass, byTag map[string][]*rule
	rest                 []*rule
	count                int
}

func newSheet() *sheet {
	return &sheet{byID: map[string][]*rule{}, byClass: map[string][]*rule{}, byTag: map[string][]*rule{}}
}

func (s *sheet) add(r *rule) {
	if s.count++; s.count > maxRules {
		return
	}
	r.order = s.count
	last := &r.sel.parts[len(r.sel.parts)-1]
	switch {
	case last.id != "":
		s.byID[last.id] = append(s.byID[last.id], r)
	case len(last.classes) > 0:
		s.byClass[last.classes[0]] = append(s.byClass[last.classes[0]], r)
	case last.tag != "":
		s.byTag[last.tag] = append(s.byTag[last.tag], r)
	default:
		s.rest = append(s.rest, r)
	}
}

func lex(src string) []token {
	l := css.NewLexer(parse.NewInputString(src))
	var out []token
	for len(out) < 1<<20 {
		tt, data := l.Next()
		switch tt {
		case css.ErrorToken:
			return out
		case css.CommentToken, css.CDOToken, css.CDCToken:
			continue
		case css.WhitespaceToken:
			if n := len(out); n > 0 && out[n-1].tt == css.WhitespaceToken {
				continue
			}
		}
		out = append(out, token{tt, string(data)})
	}
	return out
}

// parseSheet adds the rules of a style sheet that hold for m.
func (s *sheet) parseSheet(src string, m media) {
	s.rules(lex(src), m, 0)
}

// rules reads a list of rules; media blocks nest.
func (s *sheet) rules(ts []token, m media, depth int) {
	for i := 0; i < len(ts); {
		switch ts[i].tt {
		case css.WhitespaceToken, css.SemicolonToken, css.RightBraceToken:
			i++
			continue
		}
		start := i
		for i < len(ts) && ts[i].tt != css.LeftBraceToken && !(ts[start].tt == css.AtKeywordToken && ts[i].tt == css.SemicolonToken) {
			i++
		}
		if i >= len(ts) {
			return
		}
		prelude := ts[start:i]
		if ts[i].tt == css.SemicolonToken {
			i++
			continue
		}
		end := blockEnd(ts, i)
		body := ts[i+1 : end]
		i = end + 1
		if len(prelude) == 0 { // a block without a selector
			continue
		}
		if prelude[0].tt == css.AtKeywordToken {
			switch strings.ToLower(prelude[0].data) {
			case "@media":
				if depth < 8 && m.matches(join(prelude[1:])) {
					s.rules(body, m, depth+1)
				}
			case "@supports", "@layer":
				if depth < 8 && strings.EqualFold(prelude[0].data, "@layer") {
					s.rules(body, m, depth+1)
				}
			}
			continue
		}
		s.styleRule(prelude, body)
	}
}

// blockEnd finds the brace that closes the one at i, or the end.
func blockEnd(ts []token, i int) int {
	depth := 0
	for ; i < len(ts); i++ {
		switch ts[i].tt {
		case css.LeftBraceToken:
			depth++
		case css.RightBraceToken:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(ts)
}

func join(ts []token) string {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.data)
	}
	return strings.TrimSpace(b.String())
}

func (s *sheet) styleRule(prelude, body []token) {
	decls := declarations(body)
	if len(decls) == 0 {
		return
	}
	var sels []selector
	for _, part := range splitTop(join(prelude)) {
		sel, ok := parseSelector(part)
		if !ok {
			if strings.Contains(part, "::") || strings.Contains(part, ":") && !strings.Contains(part, "::-") {
				continue // known to CSS, of no use to us: the other selectors of the list hold
			}
			return
		}
		sels = append(sels, sel)
	}
	for _, sel := range sels {
		s.add(&rule{sel: sel, decls: decls})
	}
}

// splitTop splits at commas outside of parentheses and brackets.
func splitTop(s string) []string {
	var out []string
	depth, start := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				out = append(out, s[start:i])
				start = i + 1
			}
		}
	}
	return append(out, s[start:])
}

// declarations reads the inside of a rule or a style attribute.
func declarations(ts []token) []declaration {
	var out []declaration
	for i := 0; i < len(ts); {
		end := i
		depth := 0
		for end < len(ts) && (ts[end].tt != css.SemicolonToken || depth > 0) {
			switch ts[end].tt {
			case css.LeftBraceToken, css.LeftParenthesisToken, css.FunctionToken:
				depth++
			case css.RightBraceToken, css.RightParenthesisToken:
				depth = max(0, depth-1)
			}
			end++
		}
		if d, ok := oneDeclaration(ts[i:end]); ok {
			out = append(out, d)
		}
		i = end + 1
	}
	return out
}

func oneDeclaration(ts []token) (d declaration, ok bool) {
	ts = trimSpace(ts)
	if len(ts) < 3 && !(len(ts) >= 2 && ts[1].tt == css.ColonToken) || ts[0].tt != css.IdentToken && ts[0].tt != css.CustomPropertyNameToken {
		return d, false
	}
	d.name = ts[0].data
	if !strings.HasPrefix(d.name, "--") {
		d.name = strings.ToLower(d.name)
	}
	ts = trimSpace(ts[1:])
	if len(ts) == 0 || ts[0].tt != css.ColonToken {
		return d, false
	}
	ts = trimSpace(ts[1:])
	if n := len(ts); n >= 2 && ts[n-1].tt == css.IdentToken && strings.EqualFold(ts[n-1].data, "important") {
		k := n - 2
		for k > 0 && ts[k].tt == css.WhitespaceToken {
			k--
		}
		if ts[k].data == "!" {
			d.important = true
			ts = trimSpace(ts[:k])
		}
	}
	d.value = ts
	return d, len(ts) > 0
}

func trimSpace(ts []token) []token {
	for len(ts) > 0 && ts[0].tt == css.WhitespaceToken {
		ts = ts[1:]
	}
	for len(ts) > 0 && ts[len(ts)-1].tt == css.WhitespaceToken {
		ts = ts[:len(ts)-1]
	}
	return ts
}

// matches evaluates a media query list for a screen of the given width.
func (m media) matches(list string) bool {
	for _, q := range splitTop(strings.ToLower(list)) {
		if m.query(strings.TrimSpace(q)) {
			return true
		}
	}
	return false
}

func (m media) query(q string) bool {
	negate := false
	if r, ok := strings.CutPrefix(q, "not "); ok {
		negate, q = true, strings.TrimSpace(r)
	}
	q = strings.TrimPrefix(q, "only ")
	ok := true
	for _, part := range strings.Split(q, " and ") {
		part = strings.TrimSpace(part)
		if strings.HasPrefix(part, "(") {
			ok = ok && m.feature(strings.Trim(part, "() "))
			continue
		}
		if k := strings.IndexByte(part, '('); k > 0 { // "screen and(max-width:…)" and other slips never match
			return false
		}
		ok = ok && (part == "all" || part == "screen" || part == "")
	}
	return ok != negate
}

func (m media) feature(f string) bool {
	name, val, _ := strings.Cut(f, ":")
	name, val = strings.TrimSpace(name), strings.TrimSpace(val)
	px := func() (float32, bool) {
		k := float32(1)
		num := val
		switch {
		case strings.HasSuffix(val, "px"):
			num = val[:len(val)-2]
		case strings.HasSuffix(val, "rem"):
			num, k = val[:len(val)-3], 16
		case strings.HasSuffix(val, "em"):
			num, k = val[:len(val)-2], 16
		case strings.HasSuffix(val, "pt"):
			num, k = val[:len(val)-2], 96.0/72
		case val == "0":
		default:
			return 0, false
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(num), 32)
		return float32(v) * k, err == nil
	}
	switch name {
	case "max-width", "max-device-width":
		v, ok := px()
		return ok && m.width <= v
	case "min-width", "min-device-width":
		v, ok := px()
		return ok && m.width >= v
	case "width", "device-width":
		v, ok := px()
		return ok && m.width == v
	case "prefers-color-scheme":
		return val == "dark" && m.dark || val == "light" && !m.dark
	case "orientation":
		return val == "landscape"
	case "-webkit-min-device-pixel-ratio", "min--moz-device-pixel-ratio":
		v, err := strconv.ParseFloat(val, 32)
		return name[0] == '-' && err == nil && v <= 1
	case "min-resolution":
		return false
	case "color", "hover", "any-hover":
		return val == "" || val == "hover"
	}
	return false
}
