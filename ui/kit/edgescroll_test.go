package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"peyk/ui/uitest"
)

func pressAt(p fyne.Position) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p, AbsolutePosition: p}, Button: desktop.MouseButtonPrimary}
}

func dragAt(p fyne.Position) *fyne.DragEvent {
	return &fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p, AbsolutePosition: p}}
}

// TestADragHeldBeyondTheEdgeGoesOnScrolling: no event comes while the pointer rests below the text.
func TestADragHeldBeyondTheEdgeGoesOnScrolling(t *testing.T) {
	e := shownEditor(t)
	e.SetText(strings.Repeat("line of text\n", 100))
	e.MouseDown(pressAt(fyne.NewPos(30, 20)))
	e.Dragged(dragAt(fyne.NewPos(200, 430)))
	before := len(e.SelectedText())
	steps := 0
	for e.dragStep() {
		if steps++; steps > 1000 {
			t.Fatal("it never comes to the end")
		}
	}
	if got := e.SelectedText(); len(got) <= before || !strings.HasSuffix(got, "\n") || steps < 10 {
		t.Errorf("%d characters after %d steps, %d before", len(got), steps, before)
	}
	e.dragAt = fyne.NewPos(200, 100)
	if e.dragStep() {
		t.Error("it scrolls with the pointer inside")
	}
	e.dragAt = fyne.NewPos(200, -50)
	for e.dragStep() {
	}
	if e.y != 0 {
		t.Errorf("upwards it stops at %v", e.y)
	}

	one := NewEntry()
	SetContent(test.NewTempWindow(t, nil), one)
	one.Resize(fyne.NewSize(120, 34))
	one.SetText(strings.Repeat("word ", 60))
	one.SetCaret(0)
	one.MouseDown(pressAt(fyne.NewPos(14, 17)))
	one.Dragged(dragAt(fyne.NewPos(180, 17)))
	for one.dragStep() {
	}
	if got := one.SelectedText(); len(got) < 290 {
		t.Errorf("a field of one line: %d characters", len(got))
	}
}

func TestADragInAReaderScrollsIt(t *testing.T) {
	uitest.NewApp(t, nil)
	l := NewLabel(strings.Repeat("line of text\n", 100), Body).Wrapped().Selectable()
	s := NewScroll(l)
	w := test.NewTempWindow(t, nil)
	SetContent(w, s)
	w.Resize(fyne.NewSize(300, 200))
	l.sel.MouseDown(pressAt(fyne.NewPos(10, 10)))
	if l.sel.Scroll != s {
		t.Fatal("the selection does not know what it lies in")
	}
	l.sel.auto.follow(l.sel, fyne.NewPos(100, 260))
	for l.sel.auto.timer != nil {
		l.sel.auto.step()
	}
	if got := l.sel.Text(); len(got) < 1290 || s.Offset() == 0 {
		t.Errorf("%d characters, scrolled to %v", len(got), s.Offset())
	}
}
