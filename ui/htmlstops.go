package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/internal/htmlview"
	"peyk/ui/theme"
)

// htmlBody implements kit.Stops: Tab goes through the links of a page and the summaries in it that open and close.

// stops are the places of a page that the keyboard can go to.
type stops struct {
	list  []htmlview.Stop
	at    int // -1: none
	last  int // the one before which a place was that was taken away; -1: none
	rings []fyne.CanvasObject
}

// reset takes the places of another layout; the one that was gone to stays when it is the same page.
func (s *stops) reset(v *htmlview.View, same bool) {
	s.list = nil
	if v != nil {
		s.list = v.Stops()
	}
	if !same || s.at >= len(s.list) {
		s.at, s.last = -1, -1
	}
	s.draw()
}

// draw makes the rings around the place that was gone to.
func (s *stops) draw() {
	s.rings = nil
	if s.at < 0 {
		return
	}
	for range s.list[s.at].Rects {
		r := canvas.NewRectangle(nil)
		r.StrokeWidth, r.StrokeColor, r.CornerRadius = 2, theme.Current().Accent, 4
		s.rings = append(s.rings, r)
	}
}

// ringAway is how far a ring is from what it is around.
const ringAway = 3

func (s *stops) layout(scale float32) {
	for i, r := range s.rings {
		at := s.list[s.at].Rects[i]
		r.Move(fyne.NewPos(at.X*scale-ringAway, at.Y*scale-ringAway))
		r.Resize(fyne.NewSize(at.W*scale+2*ringAway, at.H*scale+2*ringAway))
	}
}

// following is the place after the one that was gone to, or before it; -1: there is none.
func (s *stops) following(back bool) int {
	after, before := s.at+1, s.at-1
	if s.at < 0 {
		after, before = s.last+1, s.last
	}
	switch {
	case !back && after < len(s.list):
		return after
	case back && before >= 0 && before < len(s.list):
		return before
	}
	return -1
}

// HasStop implements kit.Stops.
func (b *htmlBody) HasStop(back bool) bool { return b.stops.following(back) >= 0 }

// GoStop implements kit.Stops.
func (b *htmlBody) GoStop(back bool) (url string, y, height float32) {
	b.stopAt(b.stops.following(back))
	if b.stops.at < 0 {
		return "", 0, 0
	}
	s := b.stops.list[b.stops.at]
	first, last := s.Rects[0], s.Rects[len(s.Rects)-1]
	return s.URL, first.Y * b.scale, (last.Y + last.H - first.Y) * b.scale
}

// TakeStop implements kit.Stops.
func (b *htmlBody) TakeStop() (url string, ok bool) {
	if b.stops.at < 0 {
		return "", false
	}
	s := b.stops.list[b.stops.at]
	if s.Once { // its place goes: Enter once more is for nothing that comes into it
		last := b.stops.at - 1
		b.stopAt(-1)
		b.stops.last = last
	}
	if s.URL == "" {
		r := s.Rects[0]
		b.clicked(fyne.NewPos((r.X+r.W/2)*b.scale, (r.Y+r.H/2)*b.scale))
	}
	return s.URL, true
}

// LeaveStop implements kit.Stops.
func (b *htmlBody) LeaveStop() { b.stopAt(-1) }

func (b *htmlBody) stopAt(i int) {
	b.stops.last = -1
	if i == b.stops.at {
		return
	}
	b.stops.at = i
	b.stops.draw()
	b.Refresh()
}
