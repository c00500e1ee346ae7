package kit

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"peyk/ui/uitest"
)

// TestTabBringsItsTargetIntoView: a form longer than its window is filled in without the mouse, forward and back, also where one
// Scroll lies in another; what stands beside a Scroll moves nothing.
func TestTabBringsItsTargetIntoView(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	form := VBox(10)
	var parts []fyne.CanvasObject
	for i := range 40 {
		e := NewEntry()
		parts = append(parts, e)
		form.Add(e)
		if i%4 == 3 {
			b := NewButton(Outline, fmt.Sprint(i), "", nil)
			parts = append(parts, b)
			form.Add(b)
		}
	}
	inner := NewScroll(form)
	outer := NewScroll(VBox(10, Fixed(0, 300, nil), Fixed(0, 200, inner), Fixed(0, 300, nil)))
	below := NewButton(Primary, "below", "", nil)
	SetContent(w, Border(nil, below, nil, nil, outer))
	w.Resize(fyne.NewSize(300, 260))
	parts = append(parts, below)
	c := w.Canvas()
	for range 2 {
		for i, o := range parts {
			c.FocusNext()
			if c.Focused() != o.(fyne.Focusable) {
				t.Fatalf("part %d does not have the keyboard", i)
			}
			if y := absolute(o).Y; y < 0 || y+o.Size().Height > c.Size().Height {
				t.Errorf("part %d is at %v of %v", i, y, c.Size().Height)
			}
		}
	}
	was := outer.Offset()
	inner.ScrollTo(0)
	outer.ScrollTo(0)
	c.Unfocus()
	c.Focus(below)
	if was == 0 || inner.Offset() != 0 || outer.Offset() != 0 {
		t.Errorf("a button beside it scrolled a form: %v, %v", inner.Offset(), outer.Offset())
	}
}

// TestTabGoesAsItIsRead: what stands above is come to before what stands in the middle.
func TestTabGoesAsItIsRead(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	var order []*Button
	for range 5 {
		order = append(order, NewButton(Plain, "x", "", nil))
	}
	SetContent(w, Border(order[0], order[4], order[1], order[3], NewScroll(order[2])))
	w.Resize(fyne.NewSize(300, 300))
	for i, b := range order {
		w.Canvas().FocusNext()
		if w.Canvas().Focused() != fyne.Focusable(b) {
			t.Errorf("stop %d is another", i)
		}
	}
}

// TestTabPassesByWhatItCannotShow: a text that can only be selected, and the eye of a password on the way forward.
func TestTabPassesByWhatItCannotShow(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	first, second := NewPasswordEntry(), NewPasswordEntry()
	label := NewLabel("why it failed", Body).Selectable()
	after := NewButton(Primary, "again", "", nil)
	SetContent(w, VBox(10, first, second, label, after))
	w.Resize(fyne.NewSize(300, 300))
	c := w.Canvas()
	c.Focus(first)
	hit(&first.textField, 0, fyne.KeyTab)
	if c.Focused() != second {
		t.Fatalf("Tab went from the password to %T", c.Focused())
	}
	hit(&second.textField, 0, fyne.KeyTab)
	if c.Focused() != after {
		t.Errorf("Tab went past the password to %T", c.Focused())
	}
	c.FocusPrevious()
	c.FocusPrevious()
	if c.Focused() != second.trailing.(fyne.Focusable) {
		t.Errorf("Shift+Tab does not come to the eye but to %T", c.Focused())
	}
	label.sel.MouseDown(pressAt(fyne.NewPos(4, 4)))
	if c.Focused() != label.sel {
		t.Fatalf("a click into a text gives the keyboard to %T", c.Focused())
	}
	c.FocusNext()
	if c.Focused() != after {
		t.Errorf("Tab goes from the clicked text to %T", c.Focused())
	}
}

// TestDialogInASmallWindow keeps its buttons in sight and scrolls what is above them.
func TestDialogInASmallWindow(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	SetContent(w, VBox(0))
	w.Resize(fyne.NewSize(320, 240))
	form := VBox(10)
	for range 12 {
		form.Add(NewEntry())
	}
	d := &Dialog{Title: "title…", Text: "text", Content: form, Buttons: []DialogButton{{Text: "cancel"}, {Text: "ok", Kind: Primary}}}
	d.Show(w)
	if got := d.body().Objects[0].(*Label).Text(); got != "title" {
		t.Errorf("the title is %q: that of a menu item, which goes on here", got)
	}
	ok := d.Button(1)
	for _, size := range []fyne.Size{{Width: 320, Height: 240}, {Width: 320, Height: 900}} {
		w.Resize(size)
		if y := absolute(ok).Y; y+ok.Size().Height > size.Height || y < 100 {
			t.Errorf("the button is at %v of %v", y, size.Height)
		}
	}
	last := form.Objects[11]
	if gap := absolute(ok).Y - absolute(last).Y - last.Size().Height; gap < 10 || gap > 30 {
		t.Errorf("where there is room the buttons stand %v below the form", gap)
	}
	w.Resize(fyne.NewSize(320, 240))
	w.Canvas().Focus(last.(fyne.Focusable))
	if y := absolute(last).Y; y+last.Size().Height > absolute(ok).Y || y < 0 {
		t.Errorf("the last field is at %v, below it the buttons at %v", y, absolute(ok).Y)
	}
}

// TestEnterDestroysNothing: of a dangerous question Enter is the answer Cancel, on its button and when nothing has the keyboard.
func TestEnterDestroysNothing(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	SetContent(w, VBox(0))
	w.Resize(fyne.NewSize(500, 400))
	for _, danger := range []bool{true, false} {
		for _, lost := range []bool{true, false} {
			did := false
			d := Confirm(w, "title", "text", "do it", danger, func() { did = true })
			if lost {
				w.Canvas().Unfocus()
				d.over.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			} else {
				w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			}
			if did == danger || d.over != nil {
				t.Errorf("danger %v, keyboard lost %v: done %v, open %v", danger, lost, did, d.over != nil)
			}
		}
	}
}

// TestTheKeyboardBeginsAtWhatIsChosen: one step in the list of a choice leads to the next one, as without the list.
func TestTheKeyboardBeginsAtWhatIsChosen(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	s := NewSelect([]string{"a", "b", "c"}, nil)
	s.Choose(1)
	SetContent(w, VBox(0, s))
	w.Resize(fyne.NewSize(300, 300))
	w.Canvas().Focus(s)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	list, ok := w.Canvas().Focused().(*menuPanel)
	if !ok {
		t.Fatalf("the keyboard is at %T", w.Canvas().Focused())
	}
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.Chosen() != 2 {
		t.Errorf("chosen is %d", s.Chosen())
	}
}

// A context menu opens by the menu key, and by Shift+F10 on keyboards without one, wherever the keyboard is: in lists, fields and on chips.
func TestContextMenuByKeyboard(t *testing.T) {
	uitest.NewApp(t, nil)
	w := test.NewTempWindow(t, nil)
	t.Cleanup(func() { testModifiers = 0 })
	asked := ""
	chip := NewToggleChip("chip", func() {})
	chip.OnMenu = func(fyne.Position) { asked += "chip" }
	list := NewList(ListOptions{New: func() fyne.CanvasObject { return NewLabel("", Body) }, Bind: func(int, fyne.CanvasObject, RowState) {}, RowHeight: 20})
	list.OnMenu = func(int, fyne.Position) { asked += "list" }
	entry := NewEntry()
	SetContent(w, VBox(0, chip, entry, Fixed(200, 100, list)))
	w.Resize(fyne.NewSize(400, 400))
	list.Reset(3)
	list.Select(1)
	for _, k := range []struct {
		name fyne.KeyName
		mod  fyne.KeyModifier
	}{{desktop.KeyMenu, 0}, {fyne.KeyF10, fyne.KeyModifierShift}} {
		testModifiers = k.mod
		press := func(f fyne.Focusable) {
			w.Canvas().Focus(f)
			f.TypedKey(&fyne.KeyEvent{Name: k.name})
		}
		asked = ""
		press(chip)
		press(list)
		press(entry)
		if asked != "chiplist" {
			t.Errorf("%s: menus of %q", k.name, asked)
		}
		top := w.Canvas().Overlays().Top()
		if top == nil {
			t.Fatalf("%s: a field has no menu", k.name)
		}
		testModifiers = 0
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if w.Canvas().Overlays().Top() != nil || w.Canvas().Focused() != fyne.Focusable(entry) {
			t.Errorf("%s: after Escape the keyboard is on %T", k.name, w.Canvas().Focused())
		}
	}
	asked = ""
	list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF10})
	if asked != "" {
		t.Error("F10 alone opens a menu")
	}
}
