package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
	"peyk/ui/model"
)

// TestNarrowListNamesItself: in a small window the title of the list is whole, above the chips, in both directions; in a wide one it
// stands beside them. The last chip gives way where it has no room, unless it is what narrows the list.
func TestNarrowListNamesItself(t *testing.T) {
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b := newBench(t)
		h := b.w.list.header
		size := func(w float32) { b.w.Window().Resize(fyne.NewSize(w, 480)); b.drain() }
		for _, c := range []struct {
			width float32
			below bool
		}{{1280, false}, {640, true}} {
			size(c.width)
			title, chips := h.title.Position().Y+h.title.Size().Height, h.row.Position().Y
			if below := chips >= title-4; below != c.below || h.title.Size().Width < h.title.Natural().Width {
				t.Errorf("%s, %v wide: chips below the title: %v; the title has %v of %v", code, c.width, below, h.title.Size().Width, h.title.Natural().Width)
			}
			last := h.row.Position().X + h.row.Size().Width
			if h.row.Position().X < 0 || last > h.content.Size().Width {
				t.Errorf("%s: the chips stand from %v to %v of %v", code, h.row.Position().X, last, h.content.Size().Width)
			}
		}
		starred := h.chips[model.FilterStarred]
		b.w.view(listView{model.FilterStarred, b.w.list.view.order})
		b.drain()
		if starred.Hidden {
			t.Errorf("%s: what narrows the list is not shown", code)
		}
	}
	lang.Set("en")
}
