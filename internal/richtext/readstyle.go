package richtext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tag is a start tag with what of its attributes counts.
type tag struct {
	atom            atom.Atom
	href, src, alt  string
	dir             string
	width, height   int
	hidden          bool
	styleMarks, off Mark
	flushTop, tight bool // no space before, none after
	cite            bool
	exact           *Block
	page            *Block // of a page
}

// maxPixels bounds the size a picture may ask for.
const maxPixels = 4000

func readTag(z *html.Tokenizer) tag {
	name, more := z.TagName()
	t := tag{atom: atom.Lookup(name)}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		val := string(v)
		switch string(k) {
		case "href":
			t.href = val
		case "src":
			t.src = strings.TrimSpace(val)
		case "alt":
			t.alt = val
		case "dir":
			t.dir = strings.ToLower(strings.TrimSpace(val))
		case "width":
			t.width = pixels(val)
		case "height":
			t.height = pixels(val)
		case "hidden":
			t.hidden = true
		case "class":
			if t.cite = val == "attribution"; val == sentPage {
				t.page = &Block{}
			}
		case "style":
			t.style(val)
		case "data-peyk":
			b := decode(val)
			t.exact = &b
		case "data-peyk-page":
			b := decode(val)
			t.page = &b
		}
	}
	if t.exact != nil && !isBlock(t.atom) {
		t.exact = nil
	}
	if t.atom != atom.Div {
		t.page = nil
	}
	return t
}

func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, maxPixels)
}

// style reads the few declarations that count.
func (t *tag) style(css string) {
	for len(css) > 0 {
		var decl string
		decl, css, _ = strings.Cut(css, ";")
		k, v, _ := strings.Cut(decl, ":")
		v = strings.ToLower(strings.TrimSpace(v))
		switch strings.ToLower(strings.TrimSpace(k)) {
		case "font-weight":
			switch n, err := strconv.Atoi(v); {
			case v == "bold" || v == "bolder" || err == nil && n >= 600:
				t.styleMarks |= Bold
			case v == "normal" || err == nil:
				t.off |= Bold
			}
		case "font-style":
			if v == "italic" || v == "oblique" {
				t.styleMarks |= Italic
			} else if v == "normal" {
				t.off |= Italic
			}
		case "text-decoration", "text-decoration-line":
			if strings.Contains(v, "underline") {
				t.styleMarks |= Underline
			}
			if strings.Contains(v, "line-through") {
				t.styleMarks |= Strike
			}
		case "font-family":
			if strings.Contains(v, "monospace") || strings.Contains(v, "courier") {
				t.styleMarks |= Code
			}
		case "display", "visibility":
			t.hidden = t.hidden || v == "none" || v == "hidden"
		case "direction":
			if t.dir == "" && (v == "rtl" || v == "ltr") {
				t.dir = v
			}
		case "margin":
			if f := strings.Fields(v); len(f) > 0 {
				t.flushTop, t.tight = isZero(f[0]), isZero(f[0])
				if len(f) > 2 {
					t.tight = isZero(f[2])
				}
			}
		case "margin-top":
			t.flushTop = isZero(v)
		case "margin-bottom":
			t.tight = isZero(v)
		}
	}
}

func isZero(v string) bool { return strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz%") == "0" }

// marks are those of the element and of its style.
func (t *tag) marks() Mark {
	m := t.styleMarks
	switch t.atom {
	case atom.B, atom.Strong:
		m |= Bold &^ t.off
	case atom.I, atom.Em, atom.Cite, atom.Var, atom.Dfn:
		m |= Italic &^ t.off
	case atom.U, atom.Ins:
		m |= Underline
	case atom.S, atom.Strike, atom.Del:
		m |= Strike
	case atom.Code, atom.Tt, atom.Kbd, atom.Samp, atom.Pre:
		m |= Code
	case atom.Th:
		m |= Bold
	case atom.A:
		m &^= Underline // links are underlined anyhow
	}
	return m
}

func headingOf(a atom.Atom) uint8 {
	switch a {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	}
	return MaxHeading
}

func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Input, atom.Meta, atom.Link, atom.Area, atom.Base, atom.Col, atom.Embed, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// breakOf is how much space an element has around it.
func breakOf(a atom.Atom) int {
	switch a {
	case atom.P, atom.Ul, atom.Ol, atom.Dl, atom.Pre, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Figure, atom.Fieldset, atom.Table:
		return gapBreak
	case atom.Td, atom.Th:
		return noBreak
	}
	return lineBreak
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Ul, atom.Ol, atom.Dl, atom.Pre, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Figure, atom.Fieldset, atom.Table,
		atom.Div, atom.Tr, atom.Li, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main,
		atom.Nav, atom.Aside, atom.Center, atom.Address, atom.Form, atom.Body, atom.Html, atom.Details, atom.Summary, atom.Figcaption, atom.Option, atom.Legend,
		atom.Menu, atom.Dir:
		return true
	}
	return false
}

// ownsDirection: elements whose dir is meant for their text, not for a whole page.
func ownsDirection(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Td, atom.Th, atom.Dd, atom.Dt, atom.Pre:
		return true
	}
	return false
}

// isSilent: elements whose content is never shown.
func isSilent(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Object, atom.Svg, atom.Math, atom.Select, atom.Noscript, atom.Textarea, atom.Iframe,
		atom.Audio, atom.Video, atom.Noframes, atom.Button:
		return true
	}
	return false
}
