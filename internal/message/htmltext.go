package message

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxHTMLDepth clamps how deep elements nest; below it they are read as if they were not there.
const maxHTMLDepth = 200

// HTMLToText turns mail HTML into text for reading, searching and quoting: paragraphs are separated by empty lines, lists
// get bullets and numbers, quotes "> ", links their address behind the words, cells of data tables tabs; what a page hides
// does not appear. Characters and their order stay as they are, so that every paragraph keeps its own direction. It works
// on the token stream, without a tree, in linear time.
func HTMLToText(src string) string {
	t := textMaker{}
	z := html.NewTokenizer(strings.NewReader(src))
	z.SetMaxBuf(4 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return t.finish()
		case html.TextToken:
			t.text(string(z.Text()))
		case html.StartTagToken:
			t.start(z, false)
		case html.SelfClosingTagToken:
			t.start(z, true)
		case html.EndTagToken:
			n, _ := z.TagName()
			t.end(atom.Lookup(n))
		}
	}
}

// open is an element that is open and changes something.
type open struct {
	tag    atom.Atom
	hidden bool
	href   string
	mark   int // length of the output at its start
	list   int // counter of an ordered list; -1: bullets
	pre    bool
	quote  bool
}

// textMaker writes the text.
type textMaker struct {
	out    strings.Builder
	stack  []open
	hidden int // open elements that hide
	pre    int
	quotes int
	// lastQuotes is the depth of the last word written.
	lastQuotes int
	breaks     int // line breaks owed before the next word
	space      bool
	col        bool // something is on the current line
	started    bool
	indent     int
	cells      bool // a cell of this row has text
}

// voids have no end tag.
func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Meta, atom.Link, atom.Area, atom.Base, atom.Col, atom.Embed, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// isParagraph: blocks with an empty line around them; isBlock: those that only start a new line.
func isParagraph(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Ul, atom.Ol, atom.Dl, atom.Pre, atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Hr, atom.Figure, atom.Fieldset:
		return true
	}
	return false
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Div, atom.Tr, atom.Li, atom.Table, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main,
		atom.Nav, atom.Aside, atom.Center, atom.Address, atom.Form, atom.Body, atom.Html, atom.Details, atom.Summary, atom.Figcaption, atom.Option, atom.Legend:
		return true
	}
	return isParagraph(a)
}

// isSilent: elements whose content is never shown.
func isSilent(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Object, atom.Svg, atom.Math, atom.Select, atom.Noscript, atom.Textarea, atom.Iframe, atom.Audio, atom.Video, atom.Noframes:
		return true
	}
	return false
}

func (t *textMaker) start(z *html.Tokenizer, selfClosing bool) {
	name, more := z.TagName()
	a := atom.Lookup(name)
	if a == atom.Body { // a head that was never closed ends here
		t.closeSilent()
	}
	el := open{tag: a, list: -1}
	var alt, start string
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "href":
			el.href = string(v)
		case "alt":
			alt = string(v)
		case "start":
			start = string(v)
		case "hidden":
			el.hidden = true
		case "style":
			el.hidden = el.hidden || hides(string(v))
		}
	}
	if a == atom.Br {
		t.br()
		return
	}
	if n := len(t.stack); n > 0 && t.stack[n-1].tag == atom.P && isBlock(a) {
		t.pop() // a block ends an open paragraph
		t.owe(2)
	}
	switch a {
	case atom.Td, atom.Th, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot:
		t.endCell()
	}
	t.block(a)
	switch a {
	case atom.Hr:
		t.word("――――――――")
		t.owe(2)
	case atom.Img:
		if alt = strings.TrimSpace(alt); alt != "" && t.hidden == 0 && !el.hidden {
			t.text("[" + alt + "]")
		}
	case atom.Li:
		t.bullet()
	case atom.Td, atom.Th:
		if t.cells && t.col && !el.hidden {
			t.tab()
		}
	case atom.Tr:
		t.cells = false
	}
	if isVoid(a) || a == 0 && selfClosing || len(t.stack) >= maxHTMLDepth {
		return
	}
	t.push(el, start)
}

// push opens an element that has an end.
func (t *textMaker) push(el open, start string) {
	switch el.tag {
	case atom.Pre:
		el.pre = true
		t.pre++
	case atom.Blockquote:
		el.quote = true
		t.quotes++
	case atom.Ul:
		t.indent++
	case atom.Ol:
		t.indent++
		el.list = 1
		if n, err := strconv.Atoi(start); err == nil && n >= 0 && n < 1e6 {
			el.list = n
		}
	case atom.A, atom.Span, atom.Td, atom.Th:
	default:
		el.hidden = el.hidden || isSilent(el.tag)
		if !el.hidden && !isBlock(el.tag) {
			return // nothing to remember
		}
	}
	if el.hidden {
		t.hidden++
	}
	el.mark = t.out.Len()
	t.stack = append(t.stack, el)
}

// endCell closes the cell that is open in the innermost table: the end tags of cells may be left out.
func (t *textMaker) endCell() {
	for i := len(t.stack) - 1; i >= 0 && t.stack[i].tag != atom.Table; i-- {
		if tag := t.stack[i].tag; tag == atom.Td || tag == atom.Th {
			for len(t.stack) > i {
				t.pop()
			}
			return
		}
	}
}

// end closes the nearest open element of that kind and what stands open inside.
func (t *textMaker) end(a atom.Atom) {
	if a == atom.P || a == atom.Br {
		if a == atom.Br {
			t.br()
			return
		}
		t.owe(2)
	}
	for i := len(t.stack) - 1; i >= 0 && i >= len(t.stack)-maxHTMLDepth; i-- {
		if t.stack[i].tag != a {
			// A cell or a table is a wall: a stray end tag inside does not close what is outside.
			if s := t.stack[i].tag; s == atom.Td && a != atom.Tr && a != atom.Table && a != atom.Tbody && a != atom.Th {
				return
			}
			continue
		}
		for len(t.stack) > i {
			t.pop()
		}
		break
	}
	t.block(a)
}

func (t *textMaker) pop() {
	el := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	if el.hidden {
		t.hidden--
	}
	if el.pre {
		t.pre--
	}
	switch el.tag {
	case atom.Ul, atom.Ol:
		t.indent--
	case atom.A:
		if !el.hidden {
			t.link(el)
		}
	case atom.Blockquote:
		t.owe(2)
		t.quotes--
	case atom.Td, atom.Th:
		t.cells = t.cells || t.out.Len() > el.mark
	}
}

// closeSilent closes everything up to an element that is never shown.
func (t *textMaker) closeSilent() {
	for i, el := range t.stack {
		if isSilent(el.tag) {
			for len(t.stack) > i {
				t.pop()
			}
			return
		}
	}
}

// hides: the style makes the element invisible (preheaders, trackers, text that is meant to deceive).
func hides(style string) bool {
	s := strings.ToLower(strings.Join(strings.Fields(style), ""))
	for _, d := range strings.Split(s, ";") {
		switch d {
		case "display:none", "display:none!important", "visibility:hidden", "visibility:hidden!important", "mso-hide:all", "font-size:0", "font-size:0px", "font-size:0px!important", "font-size:0!important", "opacity:0":
			return true
		}
	}
	return strings.Contains(s, "max-height:0") && strings.Contains(s, "overflow:hidden")
}

// block owes the line breaks that stand around a block element.
func (t *textMaker) block(a atom.Atom) {
	switch {
	case a == atom.Li || !isBlock(a):
		if a == atom.Li {
			t.owe(1)
		}
	case isParagraph(a) && !(t.indent > 0 && (a == atom.Ul || a == atom.Ol || a == atom.P)):
		t.owe(2)
	default:
		t.owe(1)
	}
}

func (t *textMaker) owe(n int) {
	t.breaks = max(t.breaks, n)
	t.space = false
}

// br is a line break of its own: two of them make an empty line.
func (t *textMaker) br() {
	if t.hidden > 0 {
		return
	}
	if t.breaks == 0 && t.col || !t.col && t.started && t.breaks > 0 && t.breaks < 3 {
		t.breaks++
	} else if t.breaks < 3 && t.started {
		t.breaks++
	}
	t.space = false
}

// bullet starts a list item.
func (t *textMaker) bullet() {
	if t.hidden > 0 {
		return
	}
	t.owe(1)
	mark := "• "
	for i := len(t.stack) - 1; i >= 0; i-- {
		if el := &t.stack[i]; el.tag == atom.Ol || el.tag == atom.Ul {
			if el.tag == atom.Ol {
				mark = strconv.Itoa(el.list) + ". "
				el.list++
			}
			break
		}
	}
	t.word(strings.Repeat("  ", max(0, min(t.indent-1, 8))) + mark)
	t.space = false
}

func (t *textMaker) tab() {
	if t.breaks == 0 && t.hidden == 0 {
		t.out.WriteByte('\t')
		t.space = false
	}
}

// link writes the address of a link behind its words, unless it says nothing new.
func (t *textMaker) link(el open) {
	if t.hidden > 0 {
		return
	}
	href := strings.TrimSpace(el.href)
	low := strings.ToLower(href)
	if !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "mailto:") && !strings.HasPrefix(low, "ftp://") {
		return
	}
	href = cleanLine(href)
	label := strings.TrimSpace(t.out.String()[min(el.mark, t.out.Len()):])
	bare := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "mailto:"), "https://"), "http://")
		return strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/")
	}
	if label == "" || bare(label) == bare(href) || len(href) > 2000 {
		return
	}
	t.space = true
	t.word("<" + href + ">")
}

// text takes a piece of character data, entities decoded already.
func (t *textMaker) text(s string) {
	if t.hidden > 0 || s == "" {
		return
	}
	if t.pre > 0 {
		for i, l := range strings.Split(normalizeLines(s), "\n") {
			if i > 0 {
				t.breaks++
			}
			if l != "" {
				t.word(l)
			}
		}
		return
	}
	for len(s) > 0 {
		i := strings.IndexAny(s, " \t\r\n\f")
		switch {
		case i < 0:
			t.word(s)
			return
		case i > 0:
			t.word(s[:i])
		}
		t.space = true
		s = strings.TrimLeft(s[i:], " \t\r\n\f")
	}
}

// word writes a word after the breaks or the blank that are owed.
func (t *textMaker) word(s string) {
	if t.hidden > 0 {
		return
	}
	s = invisible.Replace(s)
	if s == "" {
		return
	}
	if t.breaks > 0 || !t.started {
		if t.started {
			for i := 0; i < min(t.breaks, 2); i++ {
				t.out.WriteByte('\n')
				if i+1 < min(t.breaks, 2) {
					t.out.WriteString(strings.Repeat("> ", min(t.quotes, t.lastQuotes, 20)))
				}
			}
		}
		t.out.WriteString(strings.Repeat("> ", min(t.quotes, 20)))
		t.breaks, t.space = 0, false
	}
	if t.space && t.col {
		t.out.WriteByte(' ')
	}
	t.out.WriteString(s)
	t.space, t.col, t.started = false, true, true
	t.lastQuotes = t.quotes
}

// invisible are characters that fill preheaders: nothing to read. ZWNJ and ZWJ are letters' business and stay.
var invisible = strings.NewReplacer("\u00a0", " ", "\u034f", "", "\u00ad", "", "\ufeff", "", "\u200b", "", "\x00", "", "\u2007", " ", "\u2800", "")

func (t *textMaker) finish() string {
	lines := strings.Split(t.out.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// metaCharset finds the charset an HTML page declares for itself in its first kilobytes.
func metaCharset(b []byte) string {
	head := bytes.ToLower(b[:min(len(b), 4096)])
	for {
		i := bytes.Index(head, []byte("charset="))
		if i < 0 {
			return ""
		}
		v := bytes.TrimLeft(head[i+8:], " \"'")
		n := bytes.IndexAny(v, " \"'/>;")
		if n > 0 && n < 50 && knownCharset(string(v[:n])) && !isStateful(charsetName(string(v[:n]))) {
			return string(v[:n])
		}
		head = head[i+8:]
	}
}
