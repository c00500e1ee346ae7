package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/ui/kit"
	"peyk/ui/lang"
)

// The list of shortcuts is whole in a narrow window and with large letters, in every language: nothing stands beyond its edge or is cut.
func TestTheShortcutsFitANarrowWindow(t *testing.T) {
	b := newBench(t)
	for _, size := range []fyne.Size{{Width: 420, Height: 760}, {Width: 640, Height: 450}, {Width: 1360, Height: 860}} {
		for _, code := range []string{"en", "fa", "ar", "de"} {
			lang.Set(code)
			b.drain()
			b.w.Window().Resize(size)
			b.drain()
			d := showHelp(b.w.Window(), b.w.commands)
			b.drain()
			frame := b.app.Driver().AbsolutePositionForObject(d.Content)
			n := 0
			var look func(o fyne.CanvasObject)
			look = func(o fyne.CanvasObject) {
				switch x := o.(type) {
				case *kit.Label:
					n++
					at := b.app.Driver().AbsolutePositionForObject(x).X - frame.X
					if at < -0.5 || at+x.Size().Width > d.Content.Size().Width+0.5 || x.Truncated() {
						t.Errorf("%s, %v: %q stands from %v to %v of %v", code, size, x.Text(), at, at+x.Size().Width, d.Content.Size().Width)
					}
				case *fyne.Container:
					for _, c := range x.Objects {
						look(c)
					}
				case fyne.Widget:
					for _, c := range test.WidgetRenderer(x).Objects() {
						look(c)
					}
				}
			}
			look(d.Content)
			if n < 40 {
				t.Fatalf("%d labels were found", n)
			}
			b.shot(fmt.Sprintf("help-%s-%v", code, size.Width))
			d.Close()
			b.drain()
		}
	}
}
