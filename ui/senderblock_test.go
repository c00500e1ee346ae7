package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
)

// TestTheAddressIsWholeInANarrowReader: where the address has no room behind the name it gets a line of its own, in both
// directions, and what is below it moves down.
func TestTheAddressIsWholeInANarrowReader(t *testing.T) {
	b := newBench(t, prefs(quiet))
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.w.Window().Resize(fyne.NewSize(1360, 860))
		b.drain()
		h := b.open1(reza).header
		wide := h.row.Size().Height
		if h.addr.Truncated() || h.addr.Position().Y > h.name.Position().Y+h.name.Size().Height/2 {
			t.Errorf("%s: in a wide window the address does not stand behind the name", code)
		}
		b.w.Window().Resize(fyne.NewSize(900, 600))
		b.drain()
		if h.addr.Truncated() || h.addr.Position().Y < h.name.Position().Y+h.name.Size().Height {
			t.Errorf("%s: in a narrow window the address is cut, or beside the name: at %v", code, h.addr.Position())
		}
		if got := h.row.Size().Height; got <= wide || h.to.Position().Y < h.addr.Position().Y+h.addr.Size().Height || h.to.Position().Y+h.to.Size().Height > got+1 {
			t.Errorf("%s: %v high after %v, the line below at %v", code, got, wide, h.to.Position())
		}
	}
}
