package kit

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// titleBar is what a system puts above a window, about, in units of Fyne.
const titleBar = 36

// FitScreen makes a window that was just shown no larger than the largest screen, as not every system does: the buttons at its lower edge
// could not be reached on a small laptop. The toolkit does not tell how large screens are, so what it draws with is asked.
// It must be called on the UI thread.
func FitScreen(win fyne.Window) {
	area, whole := workArea()
	scale := win.Canvas().Scale()
	if area.IsZero() || scale <= 0 {
		return
	}
	have := win.Canvas().Size()
	want := have.Min(fyne.NewSize(area.Width/scale, area.Height/scale-bar(whole)))
	if want != have {
		win.Resize(want)
	}
}

// bar is how much of the work area the title bar takes. Where that is the whole screen there is no desktop around the windows: none puts
// anything above them, or whatever does keeps them on the screen by itself.
func bar(whole bool) float32 {
	if whole {
		return 0
	}
	return titleBar
}

// workArea is what windows can take of the largest screen, in its pixels, and whether that is all of it; zero without a screen, as in tests.
func workArea() (area fyne.Size, whole bool) {
	defer func() {
		if recover() != nil { // it panics where there is no display
			area = fyne.Size{}
		}
	}()
	for _, m := range glfw.GetMonitors() {
		_, _, w, h := m.GetWorkarea()
		mode := m.GetVideoMode()
		if float32(w)*float32(h) > area.Width*area.Height {
			area, whole = fyne.NewSize(float32(w), float32(h)), mode != nil && w == mode.Width && h == mode.Height
		}
	}
	return area, whole
}
