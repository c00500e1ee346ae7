package htmlview

import (
	"strings"
	"unicode"
)

// HasQuote reports whether the document ends in a quoted message, the one it answers to, which LayoutOptions.FoldQuote
// leaves out.
func (d *Document) HasQuote() bool { return d.quote }

// QuoteClass marks a block of a document made by the host as the quoted message at its end.
const QuoteClass = "peyk-quote"

// quoteKind says how mail programs mark the message that is answered to.
type quoteKind uint8

const (
	notQuote  quoteKind = iota
	quoteBox            // an element that holds it
	quoteRest           // a line after which all is quoted
)

func kindOfQuote(n *node) quoteKind {
	id := strings.ToLower(n.attrOr("id"))
	switch {
	case id == "divrplyfwdmsg" || id == "appendonsend" || id == "mail-editor-reference-message-container":
		return quoteRest
	case n.tag == "blockquote" && strings.EqualFold(n.attrOr("type"), "cite"):
		return quoteBox
	}
	for _, c := range n.classes {
		switch strings.ToLower(c) {
		case "gmail_quote", "gmail_quote_container", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", QuoteClass:
			return quoteBox
		}
	}
	return notQuote
}

// quoteFinder walks the document in order and looks for the first quotation with words of the sender before it and none
// after it.
type quoteFinder struct {
	before, after int // letters
	found         *node
	kind          quoteKind
}

// markQuote marks what LayoutOptions.FoldQuote hides and reports whether there is anything.
func markQuote(root *node) bool {
	var f quoteFinder
	f.walk(root)
	if f.found == nil || f.before == 0 || f.kind == quoteBox && f.after > 0 || forwarded(f.found) {
		return false
	}
	f.found.quoted = true
	// The line that says whose words follow, and what comes after them, belong to the quotation.
	if p := f.found.parent; p != nil && f.found.place > 0 {
		if prev := previousElement(f.found); prev != nil && hasClass(prev, "moz-cite-prefix") {
			prev.quoted = true
		}
	}
	if f.kind == quoteRest {
		for n := f.found; n.parent != nil; n = n.parent {
			if n.tag == "body" {
				break
			}
			enclose(n)
		}
	}
	return true
}

func (f *quoteFinder) walk(n *node) {
	if n.tag == "" {
		k := letters(n.text)
		if f.found == nil {
			f.before += k
		} else {
			f.after += k
		}
		return
	}
	if f.found == nil && f.before > 0 {
		if k := kindOfQuote(n); k != notQuote {
			f.found, f.kind = n, k
			return
		}
	} else if f.found != nil && kindOfQuote(n) != notQuote {
		return // one more level beside it
	}
	for _, c := range n.children {
		f.walk(c)
	}
}

// letters counts what can be read in a text.
func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// forwarded reports a quotation that is a forwarded message: that is what the mail is about, not what it answers to.
func forwarded(n *node) bool {
	var b strings.Builder
	var collect func(n *node)
	collect = func(n *node) {
		if b.Len() > 200 {
			return
		}
		b.WriteString(n.text)
		for _, c := range n.children {
			collect(c)
		}
	}
	collect(n)
	head := strings.TrimSpace(b.String())
	return strings.HasPrefix(head, "---------- ") || strings.HasPrefix(head, "-------- ") || strings.HasPrefix(head, "Begin forwarded message")
}

func previousElement(n *node) *node {
	for i := n.place - 1; i >= 0 && i < len(n.parent.children); i-- {
		if c := n.parent.children[i]; c.tag != "" {
			return c
		}
	}
	return nil
}

func hasClass(n *node, name string) bool {
	for _, c := range n.classes {
		if strings.EqualFold(c, name) {
			return true
		}
	}
	return false
}

// enclose puts what follows n in its parent into one quoted element, texts included.
func enclose(n *node) {
	p := n.parent
	if n.place+1 >= len(p.children) || p.children[n.place] != n {
		return
	}
	rest := p.children[n.place+1:]
	box := &node{tag: "div", parent: p, index: n.index + 1, place: n.place + 1, quoted: true}
	for i, c := range rest {
		c.parent, c.place = box, i
		box.children = append(box.children, c)
	}
	p.children = append(p.children[:n.place+1:n.place+1], box)
}
