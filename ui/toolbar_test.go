package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
)

// At every width, in every language, the parts of the toolbar stand beside each other within the window, with room to search; the more there is,
// the more of them.
func TestToolbarAtEveryWidth(t *testing.T) {
	b := newBench(t)
	for _, code := range []string{"en", "de", "fa", "ar"} {
		lang.Set(code)
		b.drain()
		tools, last := b.w.tools, 0
		for width := float32(390); width < 1500; width += 10 {
			tools.Resize(fyne.NewSize(width, 52))
			n := 0
			taken := make([]bool, int(width))
			check := func(name string, o fyne.CanvasObject) {
				if !o.Visible() {
					return
				}
				n++
				from, to := o.Position().X, o.Position().X+o.Size().Width
				if from < 0 || to > width {
					t.Fatalf("%s, %v wide: %s stands from %v to %v", code, width, name, from, to)
				}
				for x := int(from + 0.5); x < int(to); x++ {
					if taken[x] {
						t.Fatalf("%s, %v wide: %s lies over something else", code, width, name)
					}
					taken[x] = true
				}
			}
			for _, tb := range tools.buttons {
				check(tb.command.id, tb.Button)
			}
			if tools.places.Visible() != (width < foldersFrom) {
				t.Fatalf("%s, %v wide: the button for folders shows %t", code, width, tools.places.Visible())
			}
			if check("the folders", tools.places); tools.places.Visible() {
				n--
			}
			check("the gear", tools.gear)
			check("the search field", tools.search)
			if tools.search.Size().Width < 100 {
				t.Fatalf("%s, %v wide: %v to search", code, width, tools.search.Size().Width)
			}
			if n < last {
				t.Errorf("%s, %v wide: %d parts, %d in less room", code, width, n, last)
			}
			last = n
		}
		if last != len(tools.buttons)+2 {
			t.Errorf("%s: %d parts in a wide window", code, last)
		}
	}
}
