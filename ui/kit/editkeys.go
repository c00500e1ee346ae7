package kit

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/richtext"
)

// richKey does what Enter, Backspace and Tab mean in a formatted text, and reports whether it did.
func (t *textField) richKey(e *fyne.KeyEvent) bool {
	if !t.rich || t.disabled {
		return false
	}
	shift := Modifiers()&fyne.KeyModifierShift != 0
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		return t.richEnter(shift)
	case fyne.KeyBackspace:
		return t.richBackspace()
	case fyne.KeyTab:
		if !t.inList() {
			return false
		}
		if shift {
			t.indent(-1)
		} else {
			t.indent(1)
		}
		return true
	}
	return false
}

// inList reports whether the caret stands in a list: Tab moves its items then, not the keyboard.
func (t *textField) inList() bool {
	b, _ := t.m.paras[t.m.caret.p].look.parts()
	return t.rich && b.List != richtext.NoList
}

// richEnter: an empty item ends its list, an empty quoted paragraph its quote; in the middle of a quote the second Enter
// opens a place to answer. Shift begins a line, not a paragraph.
func (t *textField) richEnter(shift bool) bool {
	at := t.m.caret
	p := &t.m.paras[at.p]
	b, _ := p.look.parts()
	if t.m.hasSelection() {
		return false
	}
	switch {
	case p.text == "" && b.List != richtext.NoList:
		t.reblock(outdent)
		return true
	case p.text == "" && b.Quote > 0:
		t.reblock(func(b *richtext.Block) { b.Quote, b.Cite = 0, false })
		return true
	case b.Quote > 0 && at.o == 0 && at.p > 0 && t.quoted(at.p-1) && t.m.paras[at.p-1].text != "":
		t.m.replaceDoc(at, at, richtext.Doc{{}, {Block: blockOf(b, p.dir)}})
		t.moveTo(spot{at.p, 0}, 0, false)
		t.changed(true)
		return true
	}
	t.linkBefore()
	t.insert("\n", stepType)
	nb, spans := t.m.paras[t.m.caret.p].look.parts()
	if tight := shift || b.Tight; nb.Tight != tight {
		nb.Tight = tight
		t.m.paras[t.m.caret.p].look = newLook(nb, spans)
		t.m.amend(at.p, t.m.caret.p)
		t.changed(true)
	}
	return true
}

func blockOf(b richtext.Block, d Direction) richtext.Block {
	b.Dir = dirOfDirection(d)
	return b
}

func (t *textField) quoted(i int) bool {
	b, _ := t.m.paras[i].look.parts()
	return b.Quote > 0
}

// outdent takes an item one level out, at last out of the list.
func outdent(b *richtext.Block) {
	if b.Level > 0 {
		b.Level--
	} else {
		b.List = richtext.NoList
	}
}

// richBackspace: at the start of an item it takes the marker, at the start of a quote or a heading that.
func (t *textField) richBackspace() bool {
	at := t.m.caret
	b, _ := t.m.paras[at.p].look.parts()
	if t.m.hasSelection() || at.o > 0 {
		return false
	}
	switch {
	case b.List != richtext.NoList:
		t.reblock(outdent)
	case b.Heading > 0:
		t.reblock(func(b *richtext.Block) { b.Heading = 0 })
	case b.Quote > 0 && (at.p == 0 || !t.quoted(at.p-1)):
		t.reblock(func(b *richtext.Block) { b.Quote, b.Cite = b.Quote-1, false })
	default:
		return false
	}
	return true
}

// richRune does what a blank means in a formatted text: a marker at the start of a line begins a list, a web address becomes
// a link. It reports whether nothing is left to type.
func (t *textField) richRune(r rune) bool {
	if !t.rich || r != ' ' || t.m.hasSelection() {
		return false
	}
	at := t.m.caret
	p := &t.m.paras[at.p]
	b, _ := p.look.parts()
	if list := listMarker(p.text[:at.o]); list != richtext.NoList && b.List == richtext.NoList && b.Heading == 0 && at.o > 0 {
		t.m.replace(spot{at.p, 0}, at, "", richtext.Attr{}, stepOther)
		t.reblock(func(b *richtext.Block) { b.List = list })
		return true
	}
	t.linkBefore()
	return false
}

// listMarker reads what people type to begin a list.
func listMarker(s string) richtext.List {
	switch s {
	case "-", "*", "•", "–":
		return richtext.Bullets
	case "1.", "1)", "۱.", "۱)", "١.", "١)", "۱-":
		return richtext.Numbers
	}
	return richtext.NoList
}

// linkBefore makes a link of a web address that ends at the caret. It is a step of its own, so that Undo takes it off.
func (t *textField) linkBefore() {
	at := t.m.caret
	if !t.rich || t.m.hasSelection() || at.o < 9 || strings.HasSuffix(t.m.paras[at.p].text[:at.o], " ") {
		return
	}
	from := max(0, at.o-maxTypedLink)
	start, end, link := richtext.LinkBefore(t.m.paras[at.p].text[from:at.o])
	if link == "" {
		return
	}
	start, end = start+from, end+from
	_, spans := t.m.paras[at.p].look.parts()
	if !richtext.All(spans, start, end, func(a richtext.Attr) bool { return a.Link == "" }) {
		return
	}
	t.m.rework(at.p, at.p, func(_ int, p *editPara) {
		b, spans := p.look.parts()
		p.look = newLook(b, richtext.Change(spans, start, end, func(a richtext.Attr) richtext.Attr { a.Link = link; return a }))
	})
}

// maxTypedLink bounds how far back linkBefore looks, in bytes.
const maxTypedLink = 2000
