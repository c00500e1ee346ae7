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

// In the narrowest reader the name is whole, too, with the buttons below everything, and the date is not cut off.
func TestTheSenderIsWholeInTheNarrowestReader(t *testing.T) {
	b := newBench(t, prefs(quiet))
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.w.Window().Resize(fyne.NewSize(760, 600))
		b.w.inner.SetWidth(1000) // as little as it can have
		b.drain()
		h := b.open1(reza).header
		b.shot("sender-narrow-" + code)
		if h.name.Natural().Width > h.name.Size().Width || h.addr.Truncated() || h.to.label.Truncated() {
			t.Errorf("%s: %q, %q or %q is cut at a width of %v", code, h.name.Text(), h.addr.Text(), h.to.Text(), h.row.Size().Width)
		}
		if bottom := h.to.Position().Y + h.to.Size().Height; bottom > h.row.Size().Height+1 {
			t.Errorf("%s: the last line ends at %v of %v", code, bottom, h.row.Size().Height)
		}
		b.w.reader.find.Open("the")
		b.drain()
		b.shot("find-narrow-" + code)
		bar := b.w.reader.find.content
		if need, has := bar.MinSize().Width, bar.Size().Width; need > has {
			t.Errorf("%s: the bar for finding needs %v of %v", code, need, has)
		}
		b.w.reader.find.Close()
	}
}

// Ctrl and "+" enlarge the text however the keyboard makes a "+": with Shift on most.
func TestPlusEnlarges(t *testing.T) {
	b := newBench(t)
	for _, k := range []chord{ctrl(fyne.KeyEqual), ctrl(fyne.KeyPlus), ctrlShift(fyne.KeyPlus), ctrlShift(fyne.KeyEqual)} {
		if c := b.w.keys.keys[k]; c == nil || c.id != "zoomin" {
			t.Errorf("%s does %v", k, c)
		}
	}
}
