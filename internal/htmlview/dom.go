package htmlview

import (
	"strings"

	"golang.org/x/net/html"
)

// Bounds of a document. What lies beyond is left out: a message has to be read, not to be complete at any price.
const (
	maxInput    = 8 << 20 // bytes of HTML
	maxDepth    = 120     // elements within elements; deeper ones become siblings
	maxElements = 50000
	maxRunes    = 2 << 20
	openLimit   = 300 // elements open at once while parsing; the parser itself refuses more than 512
)

// node is an element or a text of the sanitised document.
type node struct {
	tag      string // "" for text
	text     string
	attrs    []html.Attribute
	classes  []string
	id       string
	parent   *node
	children []*node
	index    int // among the elements of the parent, from 0
	place    int // among all children of the parent
	style    *style
	before   *node // generated content
	after    *node
	quoted   bool // part of what the sender answers to, at the end of the message
}

func (n *node) attr(name string) (string, bool) {
	for i := range n.attrs {
		if n.attrs[i].Key == name {
			return n.attrs[i].Val, true
		}
	}
	return "", false
}

// set adds an attribute to an element that the package makes itself.
func (n *node) set(name, value string) {
	n.attrs = append(n.attrs, html.Attribute{Key: name, Val: value})
}

func (n *node) attrOr(name string) string {
	v, _ := n.attr(name)
	return v
}

// dropped elements vanish with all they contain: what is active, what loads, and what is not shown.
var dropped = map[string]bool{"script": true, "noscript": true, "template": true, "iframe": true, "frame": true, "frameset": true, "noframes": true,
	"object": true, "embed": true, "applet": true, "meta": true, "link": true, "base": true, "title": true, "audio": true,
	"video": true, "canvas": true, "math": true, "datalist": true, "dialog": true,
	"map": true, "track": true, "param": true, "xml": true}

// hidden elements are emptied: they carry data for other programs.
func hidden(tag string) bool { return dropped[tag] }

// parsed is a sanitised document: its root element, the texts of its style elements, whether it is in quirks or limited quirks mode, and
// whether something of it lies beyond the bounds.
type parsed struct {
	root   *node
	sheets []string
	mode   quirks
	cut    bool
}

// parseDOM parses and sanitises.
func parseDOM(src string) (p parsed, err error) {
	if len(src) > maxInput {
		src, p.cut = src[:maxInput], true
	}
	src = strings.ToValidUTF8(src, "\uFFFD")
	if strings.Count(src, "<") > 3000 { // enough to cost something: ordinary nesting goes through unchanged
		src = p.flatten(src)
	}
	doc, err := html.ParseWithOptions(strings.NewReader(src), html.ParseOptionEnableScripting(false))
	if err != nil || tooDeep(doc) {
		if doc, err = html.ParseWithOptions(strings.NewReader(p.flatten(src)), html.ParseOptionEnableScripting(false)); err != nil {
			return p, err
		}
	}
	p.mode = quirksMode(doc)
	b := domBuilder{}
	p.root = b.build(doc)
	b.settle()
	p.sheets, p.cut = b.sheets, p.cut || b.elements > maxElements || b.runes > maxRunes
	return p, nil
}

func (p *parsed) flatten(src string) string {
	flat, whole := flatten(src)
	p.cut = p.cut || !whole
	return flat
}

func tooDeep(doc *html.Node) bool {
	n := 0
	for c := range doc.Descendants() {
		if n++; n > 4*maxElements {
			return true
		}
		_ = c
	}
	return false
}

// flatten drops start tags beyond a depth, together with their end tags, so that hostile nesting reaches neither the
// parser's limit nor its quadratic paths. whole is false where it ended for the number of elements.
// Comments go, too: a million of them would be a million nodes.
func flatten(src string) (flat string, whole bool) {
	z := html.NewTokenizer(strings.NewReader(src))
	var out strings.Builder
	open := map[string]int{}
	skip := map[string]int{}
	depth, count := 0, 0
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			return out.String(), true
		}
		raw := z.Raw()
		switch tt {
		case html.CommentToken:
			continue
		case html.StartTagToken:
			nb, _ := z.TagName()
			name := string(nb)
			if name == "noscript" { // whose content is parsed below, though it is not shown
				z.NextIsNotRawText()
			}
			if count++; count > maxElements {
				return out.String(), false
			}
			if voidTag[name] {
				break
			}
			if depth >= openLimit/3 {
				skip[name]++
				continue
			}
			if optionalEnd[name] && open[name] > 0 {
				break
			}
			open[name]++
			depth++
		case html.EndTagToken:
			nb, _ := z.TagName()
			name := string(nb)
			if skip[name] > 0 {
				skip[name]--
				continue
			}
			if open[name] > 0 {
				open[name]--
				depth--
			}
		}
		out.Write(raw)
	}
}

var voidTag = map[string]bool{"br": true, "img": true, "hr": true, "input": true, "meta": true, "link": true, "col": true, "area": true,
	"base": true, "wbr": true, "embed": true, "param": true, "source": true, "track": true}
var optionalEnd = map[string]bool{"p": true, "li": true, "td": true, "th": true, "tr": true, "dt": true, "dd": true, "tbody": true, "option": true}

type quirks uint8

const (
	standards quirks = iota
	limitedQuirks
	fullQuirks
)

func quirksMode(doc *html.Node) quirks {
	for c := doc.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.DoctypeNode {
			continue
		}
		var public, system string
		hasSystem := false
		for _, a := range c.Attr {
			switch a.Key {
			case "public":
				public = strings.ToLower(a.Val)
			case "system":
				system, hasSystem = strings.ToLower(a.Val), true
			}
		}
		switch {
		case c.Data != "html":
			return fullQuirks
		case strings.HasPrefix(public, "-//w3c//dtd xhtml 1.0 transitional") || strings.HasPrefix(public, "-//w3c//dtd xhtml 1.0 frameset"):
			return limitedQuirks
		case strings.HasPrefix(public, "-//w3c//dtd html 4.01 transitional") || strings.HasPrefix(public, "-//w3c//dtd html 4.01 frameset"):
			if hasSystem && system != "" {
				return limitedQuirks
			}
			return fullQuirks
		case strings.HasPrefix(public, "-//w3c//dtd html 4.0 ") || strings.HasPrefix(public, "-//w3c//dtd html 4.0//") || strings.HasPrefix(public, "-//w3c//dtd html 3") || strings.HasPrefix(public, "-//ietf"):
			return fullQuirks
		}
		return standards
	}
	return fullQuirks
}

type domBuilder struct {
	sheets   []string
	elements int
	runes    int
	last     *node           // the text that grows
	grown    strings.Builder // and what it is by now
}

// build copies what is allowed into our own tree, walking without recursion because depth is the sender's choice.
func (b *domBuilder) build(doc *html.Node) *node {
	root := &node{tag: "html"}
	cur, depth := root, 0
	var depths []*node // the node that each open html.Node maps to
	n := doc.FirstChild
	for n != nil {
		var into *node
		descend := false
		switch n.Type {
		case html.TextNode:
			b.addText(cur, n.Data)
		case html.ElementNode:
			into, descend = b.element(cur, root, n, depth)
		}
		if descend && n.FirstChild != nil {
			depths = append(depths, cur)
			depth++
			cur, n = into, n.FirstChild
			continue
		}
		for n != nil && n.NextSibling == nil {
			n = n.Parent
			if n == nil || n == doc {
				return root
			}
			cur = depths[len(depths)-1]
			depths = depths[:len(depths)-1]
			depth--
		}
		if n != nil {
			n = n.NextSibling
		}
	}
	return root
}

func (b *domBuilder) addText(cur *node, s string) {
	if b.runes += len(s); b.runes > maxRunes || s == "" {
		return
	}
	if k := len(cur.children); k > 0 && cur.children[k-1].tag == "" {
		b.grow(cur.children[k-1], s)
		return
	}
	cur.children = append(cur.children, &node{text: s, parent: cur})
}

// grow adds to a text. Between its parts lies what is not shown; there may be tens of thousands of them.
func (b *domBuilder) grow(n *node, s string) {
	if n != b.last {
		b.settle()
		b.last = n
		b.grown.WriteString(n.text)
	}
	b.grown.WriteString(s)
}

// settle gives the text that grew its final form.
func (b *domBuilder) settle() {
	if b.last != nil {
		b.last.text = b.grown.String()
		b.last = nil
		b.grown = strings.Builder{}
	}
}

// element adds an element; it returns where its children go and whether they are wanted.
func (b *domBuilder) element(cur, root *node, n *html.Node, depth int) (*node, bool) {
	if n.Data == "html" && cur == root && n.Namespace == "" {
		b.fill(root, n)
		return root, true
	}
	if n.Data == "style" {
		if n.FirstChild != nil && len(b.sheets) < 200 {
			b.sheets = append(b.sheets, mediaWrap(n)+n.FirstChild.Data+mediaEnd(n))
		}
		return nil, false
	}
	if n.Data == "svg" && n.Namespace == "svg" {
		if b.elements++; b.elements <= maxElements {
			e := &node{tag: "svg", parent: cur, index: cur.elementCount(), place: len(cur.children)}
			b.fill(e, n)
			e.set(svgScheme, inlineSVG(n))
			cur.children = append(cur.children, e)
		}
		return nil, false
	}
	if hidden(n.Data) || n.Namespace != "" && n.Namespace != "html" {
		return nil, false
	}
	if n.Data == "head" {
		return root, true
	}
	if b.elements++; b.elements > maxElements {
		return nil, false
	}
	if depth > maxDepth && len(cur.children) > 0 || cur.depth() > maxDepth {
		if !voidTag[n.Data] {
			return cur, true
		}
	}
	e := &node{tag: n.Data, parent: cur}
	b.fill(e, n)
	e.index, e.place = cur.elementCount(), len(cur.children)
	cur.children = append(cur.children, e)
	return e, true
}

func mediaWrap(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "media" && strings.TrimSpace(a.Val) != "" {
			return "@media " + a.Val + "{"
		}
	}
	return ""
}

func mediaEnd(n *html.Node) string {
	if mediaWrap(n) != "" {
		return "}"
	}
	return "\n"
}

func (n *node) depth() int {
	d := 0
	for p := n.parent; p != nil; p = p.parent {
		d++
	}
	return d
}

func (n *node) elementCount() int {
	for i := len(n.children) - 1; i >= 0; i-- {
		if n.children[i].tag != "" {
			return n.children[i].index + 1
		}
	}
	return 0
}

// fill takes the attributes that mean something to us; event handlers and the like never get in.
func (b *domBuilder) fill(e *node, n *html.Node) {
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Namespace != "" {
			continue
		}
		switch a.Key {
		case "class":
			e.classes = strings.Fields(a.Val)
		case "id":
			e.id = a.Val
		}
		e.attrs = append(e.attrs, a)
	}
}
