package kit

import (
	"time"

	"fyne.io/fyne/v2"
)

// autoScroll moves a text on while a selection is dragged beyond the edge of what it lies in, faster the farther.
type autoScroll struct {
	s     *Selection
	at    fyne.Position // of the pointer, from the left top of the view
	timer *time.Timer
}

// autoStep is the time between two steps.
const autoStep = 30 * time.Millisecond

// follow starts, steers or ends the moving for a pointer at p of the text.
func (a *autoScroll) follow(s *Selection, p fyne.Position) {
	if s.Scroll == nil {
		return
	}
	if a == nil {
		a = &autoScroll{s: s}
		s.auto = a
	}
	a.at = absolute(s.of).Add(p).Subtract(absolute(s.Scroll))
	if a.speed() == 0 {
		a.stop()
	} else if a.timer == nil {
		a.next()
	}
}

// speed is how far one step goes; negative is up.
func (a *autoScroll) speed() float32 {
	h := a.s.Scroll.Size().Height
	switch {
	case a.at.Y < 0:
		return max(a.at.Y/2, -60) - 4
	case a.at.Y > h:
		return min((a.at.Y-h)/2, 60) + 4
	}
	return 0
}

func (a *autoScroll) next() {
	a.timer = later(autoStep, a.step)
}

func (a *autoScroll) step() {
	if a.timer == nil {
		return
	}
	if !a.s.Scroll.ScrollBy(a.speed()) {
		a.stop()
		return
	}
	a.s.grow(a.s.of.Hit(absolute(a.s.Scroll).Add(a.at).Subtract(absolute(a.s.of))))
	a.next()
}

func (a *autoScroll) stop() {
	if a != nil && a.timer != nil {
		a.timer.Stop()
		a.timer = nil
	}
}
