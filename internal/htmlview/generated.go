package htmlview

import (
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// counters are the CSS counters at one place of the document (CSS Lists 3 section 4).
type counters struct {
	stack []counter
	quote int // depth of quotation marks
}

type counter struct {
	name  string
	value int
	owner *node // its parent's end is the counter's
}

const maxCounters = 1000

// enter applies what an element does to the counters and returns a mark for leave.
func (c *counters) enter(s *style, n *node) int {
	mark := len(c.stack)
	c.each(s.counterReset, 0, func(name string, v int) {
		if len(c.stack) < maxCounters {
			c.stack = append(c.stack, counter{name, v, n})
		}
	})
	c.each(s.counterIncrement, 1, func(name string, v int) {
		for i := len(c.stack) - 1; i >= 0; i-- {
			if c.stack[i].name == name {
				c.stack[i].value += v
				return
			}
		}
		if len(c.stack) < maxCounters {
			c.stack = append(c.stack, counter{name, v, n})
		}
	})
	return mark
}

// leave forgets the counters of an element's children; its own go on for its siblings.
func (c *counters) leave(mark int, n *node) {
	for len(c.stack) > mark && c.stack[len(c.stack)-1].owner != n {
		c.stack = c.stack[:len(c.stack)-1]
	}
}

// each reads a list of names with optional numbers.
func (c *counters) each(ts []token, def int, f func(string, int)) {
	for i := 0; i < len(ts) && i < 100; i++ {
		if ts[i].tt != css.IdentToken || strings.EqualFold(ts[i].data, "none") {
			continue
		}
		v := def
		for k := i + 1; k < len(ts) && ts[k].tt != css.IdentToken; k++ {
			if n, err := strconv.Atoi(ts[k].data); err == nil {
				v = n
			}
		}
		f(ts[i].data, v)
	}
}

// generated makes the ::before or ::after of an element; nil: there is none.
func (st *styler) generated(n *node, which string) *node {
	sh := st.sheet.before
	if which == "after" {
		sh = st.sheet.after
	}
	var ms []matched
	if sh != nil {
		ms = st.collect(sh, n, false)
	}
	if len(ms) == 0 && n.tag != "q" {
		return nil
	}
	s := n.style.child()
	g := &node{tag: "::" + which, parent: n, style: &s}
	if n.tag == "q" {
		s.content = []token{{css.IdentToken, map[string]string{"before": "open-quote", "after": "close-quote"}[which]}}
	}
	st.cascade(g, &s, n.style, ms, 0)
	if len(s.content) == 0 || s.display == dispNone {
		return nil
	}
	if id := ident(s.content); id == "none" || id == "normal" {
		return nil
	}
	st.adjust(g, &s, n.style)
	mark := st.counters.enter(&s, g)
	st.fillContent(g, n)
	st.counters.leave(mark, g)
	return g
}

// maxContent bounds the text of one pseudo-element, in bytes; there may be as many as elements.
const maxContent = 5000

// fillContent gives a pseudo-element the text and pictures that content lists.
func (st *styler) fillContent(g, n *node) {
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			g.children = append(g.children, &node{text: text.String(), parent: g})
			text.Reset()
		}
	}
	ts := g.style.content
	for i := 0; i < len(ts) && text.Len() < maxContent && len(g.children) < 20; i++ {
		switch t := ts[i]; t.tt {
		case css.StringToken:
			text.WriteString(unescape(strings.Trim(t.data[:min(len(t.data), maxContent)], `"'`)))
		case css.IdentToken:
			st.quoteMark(strings.ToLower(t.data), &text)
		case css.URLToken:
			flush()
			s := g.style.child()
			img := &node{tag: "img", parent: g, style: &s}
			img.set("src", urlOf(t.data))
			g.children = append(g.children, img)
		case css.FunctionToken:
			end := i + 1
			for end < len(ts) && ts[end].tt != css.RightParenthesisToken {
				end++
			}
			st.contentFunction(strings.ToLower(t.data), splitComma(ts[i+1:end]), n, &text)
			i = end
		}
	}
	flush()
}

func (st *styler) quoteMark(id string, out *strings.Builder) {
	marks := [2][2]string{{"“", "”"}, {"‘", "’"}}
	switch id {
	case "open-quote":
		out.WriteString(marks[min(1, max(0, st.counters.quote))][0])
		st.counters.quote++
	case "close-quote":
		st.counters.quote--
		out.WriteString(marks[min(1, max(0, st.counters.quote))][1])
	case "no-open-quote":
		st.counters.quote++
	case "no-close-quote":
		st.counters.quote--
	}
}

// contentFunction writes attr(), counter() and counters().
func (st *styler) contentFunction(name string, args [][]token, n *node, out *strings.Builder) {
	if len(args) == 0 || len(args[0]) == 0 {
		return
	}
	what := args[0][0].data
	kind := "decimal"
	switch name {
	case "attr(":
		v := n.attrOr(strings.ToLower(what))
		out.WriteString(v[:min(len(v), 2000)])
	case "counter(":
		if len(args) > 1 {
			kind = ident(args[1])
		}
		v := 0
		for _, c := range st.counters.stack {
			if c.name == what {
				v = c.value
			}
		}
		out.WriteString(counterText(kind, v))
	case "counters(":
		if len(args) < 2 || len(args[1]) == 0 {
			return
		}
		if len(args) > 2 {
			kind = ident(args[2])
		}
		first := true
		for _, c := range st.counters.stack {
			if c.name != what {
				continue
			}
			if !first {
				out.WriteString(unescape(strings.Trim(args[1][0].data, `"'`)))
			}
			first = false
			out.WriteString(counterText(kind, c.value))
		}
	}
}

func counterText(kind string, v int) string {
	s := formatMarker(kind, v)
	if s == "" || s[0] == 0 {
		return map[string]string{bulletDisc: "•", bulletCircle: "◦", bulletSquare: "▪"}[s]
	}
	return strings.TrimSuffix(s, ".")
}

// unescape resolves the escapes of a CSS string.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 >= len(s) {
			out.WriteByte(s[i])
			continue
		}
		k := i + 1
		for k < len(s) && k < i+7 && strings.IndexByte("0123456789abcdefABCDEF", s[k]) >= 0 {
			k++
		}
		if k == i+1 {
			if i++; s[i] != '\n' {
				out.WriteByte(s[i])
			}
			continue
		}
		if v, err := strconv.ParseUint(s[i+1:k], 16, 32); err == nil && v > 0 && v < 0x110000 && (v < 0xD800 || v > 0xDFFF) {
			out.WriteRune(rune(v))
		}
		if k < len(s) && s[k] == ' ' {
			k++
		}
		i = k - 1
	}
	return out.String()
}
