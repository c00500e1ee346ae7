package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/uitest"
)

// Tab into a list shows where the keyboard is, before any arrow; a click does not, nor a window or a dialog that gives the keyboard back.
func TestTabIntoAListShowsItsRow(t *testing.T) {
	app := uitest.NewApp(t, nil)
	w := app.NewWindow("list")
	defer w.Close()
	l := NewList(ListOptions{RowHeight: 20, New: func() fyne.CanvasObject { return NewLabel("", Body) }, Bind: func(int, fyne.CanvasObject, RowState) {}})
	b := NewButton(Outline, "beside", "", nil)
	SetContent(w, Border(b, nil, nil, nil, l))
	w.Resize(fyne.NewSize(200, 200))
	l.SetCount(3)
	l.Select(1)
	c := w.Canvas()
	ring := func() bool { return l.rows[1].ring.Visible() }
	c.Focus(b)
	app.Flush()
	c.FocusNext()
	if c.Focused() != fyne.Focusable(l) || !ring() {
		t.Fatalf("after Tab the keyboard is at %T, the ring shows: %v", c.Focused(), ring())
	}
	l.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{Position: fyne.NewPos(5, 25)}})
	if ring() {
		t.Error("a click shows the ring")
	}
	l.FocusLost() // another window comes to the front
	app.Flush()
	l.FocusGained()
	if ring() {
		t.Error("a window that comes back shows the ring")
	}
	c.Focus(b)
	app.Flush()
	l.Focus()
	if ring() {
		t.Error("a command shows the ring")
	}
}

// Where no row is chosen yet the ring is around the one that the first arrow chooses.
func TestTabIntoAListWithoutAChosenRow(t *testing.T) {
	app := uitest.NewApp(t, nil)
	w := app.NewWindow("list")
	defer w.Close()
	l := NewList(ListOptions{RowHeight: 20, New: func() fyne.CanvasObject { return NewLabel("", Body) }, Bind: func(int, fyne.CanvasObject, RowState) {},
		Skip: func(i int) bool { return i == 0 }})
	b := NewButton(Outline, "beside", "", nil)
	SetContent(w, Border(b, nil, nil, nil, l))
	w.Resize(fyne.NewSize(200, 200))
	l.SetCount(4)
	rings := func() (on []int) {
		for i := range 4 {
			if r := l.rows[i]; r != nil && r.ring.Visible() {
				on = append(on, i)
			}
		}
		return on
	}
	c := w.Canvas()
	c.Focus(b)
	app.Flush()
	c.FocusNext()
	if got := rings(); len(got) != 1 || got[0] != 1 {
		t.Fatalf("after Tab the rings are %v", got)
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if got := rings(); len(got) != 1 || got[0] != 1 || l.Cursor() != 1 {
		t.Errorf("after an arrow the rings are %v, the cursor is at %d", got, l.Cursor())
	}
	l.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if got := rings(); len(got) != 1 || got[0] != 2 {
		t.Errorf("after another the rings are %v", got)
	}
}
