package kit

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
	"peyk/ui/uitest"
)

// Two groups of buttons stand at the ends of a line, or below one another where that is too narrow: none leaves it.
func TestEnds(t *testing.T) {
	uitest.NewApp(t, nil)
	w := fyne.CurrentApp().NewWindow("ends")
	defer w.Close()
	defer lang.Set("en")
	a, b, c := NewButton(Link, "Nachrichten importieren", "", nil), NewButton(Link, "Demo ausprobieren", "", nil), NewButton(Primary, "Weiter", "", nil)
	start := Flow(8, 4, a, b)
	row := Ends(8, start, HBox(8, c))
	SetContent(w, VBox(0, row))
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		for _, width := range []float32{800, 320, 200} {
			w.Resize(fyne.NewSize(width, 300))
			row.Refresh()
			d := fyne.CurrentApp().Driver()
			bottom := map[bool]float32{}
			for _, o := range []*Button{a, b, c} {
				at := d.AbsolutePositionForObject(o)
				if at.X < 0 || at.X+o.Size().Width > width+0.5 {
					t.Errorf("%s %v wide: %q stands from %v to %v", code, width, o.Text(), at.X, at.X+o.Size().Width)
				}
				if o == c && width < 800 && at.Y < bottom[false] {
					t.Errorf("%s %v wide: %q lies over the others", code, width, o.Text())
				}
				bottom[o == c] = max(bottom[o == c], at.Y+o.Size().Height)
			}
			if bottom[true] > row.Position().Y+row.Size().Height+0.5 {
				t.Errorf("%s %v wide: the last line ends at %v of %v", code, width, bottom[true], row.Size().Height)
			}
		}
	}
}
