package kit

import "fyne.io/fyne/v2"

// Exposer is a tall widget that paints only what is near the view, so that it does not take the memory of all its pixels.
type Exposer interface {
	fyne.CanvasObject
	// Expose is called when something was scrolled.
	Expose()
}

// exposed are the widgets that follow the scrolling. It belongs to the UI thread.
var exposed = map[Exposer]bool{}

// Follow has Expose called from now on, Unfollow no more: when a renderer is made, and when it is destroyed.
func Follow(o Exposer) { exposed[o] = true }

// Unfollow ends Follow.
func Unfollow(o Exposer) { delete(exposed, o) }

// exposeAll shows what came into view after something was scrolled.
func exposeAll() {
	for o := range exposed {
		o.Expose()
	}
}

// InView is the stretch of o that the window could show, from y to y+height of o; ok is false while o is in no window.
func InView(o fyne.CanvasObject) (y, height float32, ok bool) {
	c := canvasOf(o)
	if c == nil {
		return 0, 0, false
	}
	return -absolute(o).Y, c.Size().Height, true
}
