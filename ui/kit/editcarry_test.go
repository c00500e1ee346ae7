package kit

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/richtext"
)

// spotAt is where a byte of the text is in the widget.
func spotAt(e *Editor, off int) fyne.Position {
	from, to := e.m.caret, e.m.anchor
	e.m.caret = e.m.placeAt(off)
	r := e.caretRect()
	e.m.caret, e.m.anchor = from, to
	at := e.view.raster.Position()
	return fyne.NewPos(r.X+at.X+bleed-e.x+1, r.Y+r.H/2+at.Y+bleed-e.y)
}

// carry drags the selection from one byte to another, as Fyne tells of it.
func carry(e *Editor, from, to int, mod fyne.KeyModifier) {
	e.clicks = clickCounter{}
	e.MouseDown(pressAt(spotAt(e, from)))
	e.Dragged(dragAt(spotAt(e, to)))
	e.MouseUp(pressAt(spotAt(e, to)))
	testModifiers = mod
	e.DragEnd()
	testModifiers = 0
}

func TestSelectedTextIsCarried(t *testing.T) {
	e := shownEditor(t)
	e.SetText("alpha beta gamma\nسلام دنیا")
	want := func(what, text, selected string) {
		t.Helper()
		if e.Text() != text || e.SelectedText() != selected {
			t.Errorf("%s: %q with %q selected, want %q with %q", what, e.Text(), e.SelectedText(), text, selected)
		}
	}
	e.Select(6, 11)
	carry(e, 8, 16, 0)
	want("forward", "alpha gammabeta \nسلام دنیا", "beta ")
	e.Undo()
	want("undone at once", "alpha beta gamma\nسلام دنیا", "beta ")
	e.Redo()
	if e.Text() != "alpha gammabeta \nسلام دنیا" {
		t.Errorf("done again: %q", e.Text())
	}
	e.Undo()
	carry(e, 8, 0, 0)
	want("back", "beta alpha gamma\nسلام دنیا", "beta ")
	e.Undo()
	carry(e, 8, len("alpha beta gamma\nسلام"), 0)
	want("into another paragraph", "alpha gamma\nسلامbeta  دنیا", "beta ")
	e.Undo()
	carry(e, 8, 0, fyne.KeyModifierShortcutDefault)
	want("copied", "beta alpha beta gamma\nسلام دنیا", "beta ")
	e.Undo()
	want("the copy undone", "alpha beta gamma\nسلام دنیا", "")
	e.Select(6, 11)
	carry(e, 7, 9, 0)
	want("onto itself", "alpha beta gamma\nسلام دنیا", "beta ")

	e.clicks = clickCounter{}
	e.MouseDown(pressAt(spotAt(e, 8)))
	e.Dragged(dragAt(spotAt(e, 0)))
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	e.DragEnd()
	want("given up", "alpha beta gamma\nسلام دنیا", "beta ")
	e.clicks = clickCounter{}
	e.MouseDown(pressAt(spotAt(e, 8)))
	e.Dragged(dragAt(fyne.NewPos(-40, 20)))
	e.DragEnd()
	want("out of the field", "alpha beta gamma\nسلام دنیا", "beta ")

	e.clicks = clickCounter{}
	e.MouseDown(pressAt(spotAt(e, 8)))
	e.MouseUp(pressAt(spotAt(e, 8)))
	want("clicked", "alpha beta gamma\nسلام دنیا", "")
	e.m.anchor = e.m.placeAt(0)
	e.SetEnabled(false)
	carry(e, 3, 16, 0)
	if e.Text() != "alpha beta gamma\nسلام دنیا" {
		t.Errorf("a text that cannot be changed: %q", e.Text())
	}
}

// TestFormattedTextIsCarriedWithItsMarks, and undone with them.
func TestFormattedTextIsCarriedWithItsMarks(t *testing.T) {
	e := richEditor(t)
	e.SetDocument(richtext.Doc{{Text: "one bold two", Spans: []richtext.Span{{Start: 4, End: 8, Attr: richtext.Attr{Marks: richtext.Bold}}}}, {Text: "next"}})
	was := words(e.Document())
	e.Select(4, 9)
	carry(e, 6, len("one bold two\n"), 0)
	expect(t, e, "one two", "<b>bold</> next")
	e.Undo()
	expect(t, e, was...)
}
