package htmlview

import (
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

const maxRules = 20000

// sheet holds the rules of a document by what their subject must have, so that most are never looked at.
type sheet struct {
	byID, byClass, byTag map[string][]*rule
	rest                 []*rule
	count                int
	before, after        *sheet // the rules of pseudo-elements, by the element they belong to
}

func newSheet() *sheet {
	return &sheet{byID: map[string][]*rule{}, byClass: map[string][]*rule{}, byTag: map[string][]*rule{}}
}

func (s *sheet) add(r *rule) {
	if s.count++; s.count > maxRules {
		return
	}
	r.order = s.count
	s.file(r)
}

// file puts a rule where its subject will be looked for.
func (s *sheet) file(r *rule) {
	switch r.sel.element {
	case "before":
		if s.before == nil {
			s.before = newSheet()
		}
		s = s.before
	case "after":
		if s.after == nil {
			s.after = newSheet()
		}
		s = s.after
	}
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
			case "@layer":
				if depth < 8 {
					s.rules(body, m, depth+1)
				}
			case "@supports":
				if depth < 8 && supports(join(prelude[1:])) {
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
