package kit

import (
	"cmp"
	"slices"
	"time"

	"fyne.io/fyne/v2"
)

// edgeScroll goes on scrolling while the pointer is held beyond an edge during a drag, as it then sends no more events.
type edgeScroll struct{ timer *time.Timer }

const edgeTick = 40 * time.Millisecond

// edgeStep is how far one tick scrolls when the pointer is d beyond an edge, negative before the start; 0 is inside.
func edgeStep(d float32) float32 {
	switch {
	case d > 0:
		return min(4+d/3, 60)
	case d < 0:
		return max(-4+d/3, -60)
	}
	return 0
}

// run calls step every tick until it reports false or stop is called.
func (s *edgeScroll) run(step func() bool) {
	if s.timer != nil || !onScreen() {
		return
	}
	var next func()
	next = func() {
		s.timer = later(edgeTick, func() {
			if s.timer == nil {
				return
			}
			if !step() {
				s.timer = nil
				return
			}
			next()
		})
	}
	next()
}

func (s *edgeScroll) stop() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// beyond is how far v lies outside [lo, hi], negative below it.
func beyond(v, lo, hi float32) float32 {
	switch {
	case v < lo:
		return v - lo
	case v > hi:
		return v - hi
	}
	return 0
}

// dragStep scrolls a field whose drag is held outside of it and takes the selection along; false when it is inside or at the end.
func (t *textField) dragStep() bool {
	x, y, w, h := t.inner()
	before := fyne.NewPos(t.x, t.y)
	if t.multi {
		t.y = max(0, min(t.y+edgeStep(beyond(t.dragAt.Y, y, y+h)), t.textHeight()-h))
	} else {
		full := t.laidOut(0).Params().Width
		t.x = max(0, min(t.x+edgeStep(beyond(t.dragAt.X, x, x+w)), full-w))
	}
	if before == fyne.NewPos(t.x, t.y) {
		return false
	}
	t.dragTo(t.dragAt)
	return true
}

// dragTo extends the selection to a position in the widget.
func (t *textField) dragTo(p fyne.Position) {
	a, side := t.hitTest(t.local(p))
	t.moveTo(a, side, t.held == nil)
	if t.held == nil {
		t.growTo(a)
	} else {
		t.held.dragged = true
	}
	t.reveal()
	t.repaint()
}

// scrolls are the Scrolls that have a renderer.
var scrolls = map[*Scroll]bool{}

// KeepInView scrolls what holds o until the whole of o is seen: for what Tab brings the keyboard to.
//
// What lies in the content of a Scroll moves with it, and nothing else does: so it is found without knowing what is inside of the
// widgets between the two.
func KeepInView(o fyne.CanvasObject) {
	c := canvasOf(o)
	if c == nil {
		return
	}
	var around []*Scroll
	for s := range scrolls {
		if !s.Visible() || canvasOf(s) != c {
			continue
		}
		was, at := s.content.Position(), absolute(o)
		s.content.Move(was.AddXY(0, 1))
		if absolute(o) != at {
			around = append(around, s)
		}
		s.content.Move(was)
	}
	// The inner one first: where it brings o to is what the outer one has to show.
	slices.SortFunc(around, func(a, b *Scroll) int { return cmp.Compare(a.Size().Height, b.Size().Height) })
	for _, s := range around {
		s.Reveal(absolute(o).Y-absolute(s.content).Y, o.Size().Height)
	}
}

// scrollAround is the smallest Scroll on the canvas of o that shows an absolute position, nil for none.
func scrollAround(o fyne.CanvasObject, abs fyne.Position) *Scroll {
	c := canvasOf(o)
	var best *Scroll
	for s := range scrolls {
		if c == nil || !s.Visible() || canvasOf(s) != c {
			continue
		}
		at, size := absolute(s), s.Size()
		if abs.X < at.X || abs.Y < at.Y || abs.X > at.X+size.Width || abs.Y > at.Y+size.Height {
			continue
		}
		if best == nil || size.Height < best.Size().Height {
			best = s
		}
	}
	return best
}
