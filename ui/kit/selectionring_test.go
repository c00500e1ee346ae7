package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/ui/uitest"
)

// A text that has the keyboard by Tab says so with a ring around it; by a click it does not, for the caret of the eye is there.
func TestATextWithTheKeyboardHasARing(t *testing.T) {
	app := uitest.NewApp(t, nil)
	r := NewRichText()
	w := app.NewWindow("text")
	defer w.Close()
	SetContent(w, r)
	w.Resize(fyne.NewSize(300, 200))
	s := r.sel
	w.Canvas().Focus(s)
	if !s.ring.Visible() || s.ring.Size().Width < r.Size().Width {
		t.Errorf("the ring is shown: %v, %v wide", s.ring.Visible(), s.ring.Size().Width)
	}
	w.Canvas().Unfocus()
	if s.ring.Visible() {
		t.Error("the ring stays without the keyboard")
	}
	w.Canvas().Focus(s)
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	s.MouseDown(e)
	if s.ring.Visible() {
		t.Error("a click leaves the ring")
	}
	w.Canvas().Unfocus()
	s.MouseDown(e)
	if s.ring.Visible() {
		t.Error("a click shows the ring")
	}
}
