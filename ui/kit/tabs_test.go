package kit

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/uitest"
)

// Titles of tabs stand beside each other whole where there is room, and else the longest are shortened; none is out of the window.
func TestTabsInANarrowWindow(t *testing.T) {
	uitest.NewApp(t, nil)
	w := fyne.CurrentApp().NewWindow("tabs")
	defer w.Close()
	tabs := NewTabs()
	for _, s := range []string{"Allgemein", "Server", "Identitäten und Signaturen", "Ordner", "Sicherheit", "Erweitert"} {
		tabs.Add(s, NewLabel(s, Body))
	}
	SetContent(w, tabs)
	w.Resize(fyne.NewSize(900, 300))
	tabs.SetMark(1, true)
	tabs.Choose(1)
	if l := tabs.tabs[1].label; l.Size().Width < l.Natural().Width {
		t.Errorf("a title with a mark has %v of the %v it needs", l.Size().Width, l.Natural().Width)
	}
	for _, width := range []float32{900, 640, 420} {
		w.Resize(fyne.NewSize(width, 300))
		end := float32(0)
		for i, b := range tabs.tabs {
			at := b.Position().X
			if at < end || at+b.Size().Width > tabs.row.Size().Width+0.5 {
				t.Errorf("%v wide: tab %d stands from %v to %v of %v", width, i, at, at+b.Size().Width, tabs.row.Size().Width)
			}
			end = at + b.Size().Width
			if whole := b.Size().Width >= b.natural(); !whole && (width > 800 || width > 600 && i != 2) {
				t.Errorf("%v wide: tab %d is shortened", width, i)
			}
		}
	}
}

// A title that has the keyboard by Tab or by arrows says so with a ring, also the one that is chosen; by a click it does not.
func TestATitleWithTheKeyboardHasARing(t *testing.T) {
	app := uitest.NewApp(t, nil)
	w := app.NewWindow("tabs")
	defer w.Close()
	tabs := NewTabs()
	for _, s := range []string{"General", "Servers", "Advanced"} {
		tabs.Add(s, NewLabel(s, Body))
	}
	SetContent(w, tabs)
	w.Resize(fyne.NewSize(600, 300))
	rings := func() (on []int) {
		for i, b := range tabs.tabs {
			if b.ring.Visible() {
				on = append(on, i)
			}
		}
		return on
	}
	w.Canvas().FocusNext()
	if got := rings(); len(got) != 1 || got[0] != 0 || tabs.tabs[0].ring.Size().Width < 20 {
		t.Errorf("after Tab the rings are %v", got)
	}
	tabs.tabs[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if got := rings(); len(got) != 1 || got[0] != 1 {
		t.Errorf("after an arrow the rings are %v", got)
	}
	tabs.tabs[2].Tapped(nil)
	if got := rings(); len(got) != 0 {
		t.Errorf("after a click the rings are %v", got)
	}
}
