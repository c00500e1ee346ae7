package htmlview

import (
	"fmt"
	"html"
	"image/color"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// said is a declaration as it is written out.
type said struct{ name, value string }

// style writes the declarations that hold for an element.
func (e *embedder) style(n *node) {
	var all []said
	if n.tag == "table" && e.quirks { // see styler.text: the page around is in standards mode
		all = []said{{"font-size", "16px"}, {"font-weight", "normal"}, {"font-style", "normal"}, {"color", cssColor(e.st.text)}}
	}
	if all = once(append(all, e.declared(n)...)); len(all) > 0 {
		e.b.WriteString(` style="` + inline(all) + `"`)
	}
}

// declared are the declarations for an element, weakest first, each property once.
func (e *embedder) declared(n *node) []said {
	a := applier{s: n.style, st: e.st, n: n}
	var out []said
	for _, m := range e.st.collect(e.st.sheet, n, true) {
		if !embeddedProperty(m.d.name) {
			continue
		}
		v, ok := e.value(a.resolveVars(m.d.value, 0))
		if !ok || strings.HasPrefix(m.d.name, "margin") && strings.Contains(v, "-") { // it would draw over the text around
			continue
		}
		e.judge(n, m.d.name, v)
		out = append(out, said{m.d.name, v})
	}
	return once(out)
}

// once leaves of several declarations of a property the last one: it counts, and stands behind the shorthands between them.
func once(list []said) []said {
	last := map[string]int{}
	for i, d := range list {
		last[d.name] = i
	}
	kept := list[:0]
	for i, d := range list {
		if last[d.name] == i {
			kept = append(kept, d)
		}
	}
	return kept
}

// inline is a list of declarations as the value of a style attribute.
func inline(list []said) string {
	parts := make([]string, len(list))
	for i, d := range list {
		parts[i] = d.name + ":" + d.value
	}
	return html.EscapeString(strings.Join(parts, ";"))
}

// value writes the tokens of a value; ok is false for what must not stay.
func (e *embedder) value(ts []token) (v string, ok bool) {
	var b strings.Builder
	for _, t := range ts {
		switch t.tt {
		case css.URLToken:
			u := urlOf(t.data)
			if !e.url(u) || strings.ContainsAny(u, "'()\\\n") {
				return "", false
			}
			b.WriteString("url('" + u + "')")
			continue
		case css.BadURLToken, css.BadStringToken, css.SemicolonToken, css.LeftBraceToken, css.RightBraceToken, css.AtKeywordToken:
			return "", false
		case css.FunctionToken:
			if !embeddedFunctions[strings.ToLower(t.data)] {
				return "", false
			}
		}
		b.WriteString(t.data)
	}
	v = strings.TrimSpace(b.String())
	return v, v != "" && len(v) <= 2000
}

// judge notes what makes a message more than running text.
func (e *embedder) judge(n *node, name, v string) {
	v = strings.ToLower(v)
	switch {
	case name == "float", strings.HasPrefix(name, "flex"):
		e.simple = e.simple && v == "none"
	case name == "display":
		e.simple = e.simple && (v == "block" || v == "inline" || v == "list-item")
	case name == "text-align":
		e.simple = e.simple && (v == "left" || v == "start" || v == "right" && n.style.rtl)
	case strings.HasPrefix(name, "background"):
		e.simple = e.simple && (isPaper(n.style.bg) && !strings.Contains(v, "url(") && !strings.Contains(v, "gradient"))
	case strings.HasPrefix(name, "border") && name != "border-collapse" && name != "border-spacing":
		if n.tag != "blockquote" && n.tag != "hr" {
			for _, b := range n.style.border {
				e.simple = e.simple && b.width() == 0
			}
		}
	}
}

// isPaper reports whether a colour is that of the page: none, or white.
func isPaper(c color.NRGBA) bool {
	return c.A == 0 || c.R == 255 && c.G == 255 && c.B == 255
}

func cssColor(c color.NRGBA) string {
	if c.A != 255 {
		return fmt.Sprintf("rgba(%d,%d,%d,%.3g)", c.R, c.G, c.B, float64(c.A)/255)
	}
	return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
}

// embeddedFunctions are the functions of values that fetch nothing.
var embeddedFunctions = map[string]bool{"rgb(": true, "rgba(": true, "hsl(": true, "hsla(": true, "calc(": true, "min(": true, "max(": true, "clamp(": true,
	"linear-gradient(": true, "radial-gradient(": true, "repeating-linear-gradient(": true}

// embeddedProperty reports whether a property stays: all about look and flow, nothing that takes an element out of its place (position), moves or
// animates it, or hands text to counters.
func embeddedProperty(name string) bool {
	if embeddedProperties[name] {
		return true
	}
	for _, p := range [...]string{"background", "border", "margin", "padding", "font", "text-", "list-style", "flex", "align-", "justify-"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

var embeddedProperties = names(`color line-height letter-spacing word-spacing vertical-align width min-width max-width height min-height max-height display float
clear white-space direction unicode-bidi table-layout overflow overflow-x overflow-y opacity box-shadow box-sizing object-fit object-position word-break
word-wrap overflow-wrap visibility caption-side empty-cells gap row-gap column-gap order hyphens`)
