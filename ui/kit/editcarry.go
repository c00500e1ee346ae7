package kit

import (
	"fyne.io/fyne/v2"

	"peyk/internal/richtext"
)

// Selected text is carried with the mouse to where it is to stand: moved, or copied with Ctrl. Meanwhile the caret shows where that is.

// heldText is a selection that the mouse was pressed on.
type heldText struct {
	from, to spot
	dragged  bool
}

// hold begins to carry the selection when the press is on it and is a single one; it reports whether it did. What the press means is known when
// the mouse moves or is released.
func (t *textField) hold(at spot, mod fyne.KeyModifier) bool {
	from, to := t.m.selection()
	if t.disabled || t.shape.masked || t.unit > 1 || mod&fyne.KeyModifierShift != 0 || from == to || at.before(from) || !at.before(to) {
		return false
	}
	t.held = &heldText{from: from, to: to}
	return true
}

// putBack gives up carrying, and reports whether something was carried.
func (t *textField) putBack() bool {
	h := t.held
	if h == nil || !h.dragged {
		return false
	}
	t.held = nil
	t.edge.stop()
	t.m.anchor, t.m.caret = h.from, h.to
	t.repaint()
	return true
}

// letGo puts what is carried where the caret is. Outside of the field, and within itself, it stays where it was.
func (t *textField) letGo() {
	h, at := t.held, t.m.caret
	size := t.self.Size()
	if !t.putBack() || t.dragAt.X < 0 || t.dragAt.Y < 0 || t.dragAt.X > size.Width || t.dragAt.Y > size.Height || !at.before(h.from) && !h.to.before(at) {
		return
	}
	doc, words := richtext.Doc(nil), t.m.slice(h.from, h.to)
	if t.rich {
		doc = t.m.doc(h.from, h.to)
	}
	if Modifiers()&fyne.KeyModifierShortcutDefault == 0 {
		off, from, to := t.m.offset(at), t.m.offset(h.from), t.m.offset(h.to)
		if off > from {
			off -= to - from
		}
		t.edit(h.from, h.to, "", stepOther)
		at = t.m.placeAt(off)
		t.moveTo(at, t.m.side, false)
		t.put(doc, words)
		t.m.past[len(t.m.past)-1].linked = true
	} else {
		t.moveTo(at, t.m.side, false)
		t.put(doc, words)
	}
	t.m.anchor = at
	t.repaint()
}

// put inserts a document, or words where the text has no formatting.
func (t *textField) put(doc richtext.Doc, words string) {
	if doc != nil {
		t.insertDoc(doc)
		return
	}
	t.insert(words, stepOther)
}
