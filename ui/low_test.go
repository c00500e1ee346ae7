package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/ui/lang"
)

// On a screen of 800 pixels at twice their size, less a title bar, the window has its status bar in sight, and list and reader still show something.
func TestTheWindowFitsALowScreen(t *testing.T) {
	b := newBench(t)
	low := fyne.NewSize(640, 364)
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.drain()
		b.w.Window().Resize(low)
		b.drain()
		b.selectSubject(reza)
		b.drain()
		b.shot("low-" + code)
		if need := b.w.Window().Content().MinSize().Height; need > low.Height {
			t.Errorf("%s: the window needs %v of %v", code, need, low.Height)
		}
		if h := b.w.list.list.Size().Height; h < 100 {
			t.Errorf("%s: the list has %v", code, h)
		}
	}
}
