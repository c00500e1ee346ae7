package ui

import (
	"image"
	"math"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/htmlview"
	"peyk/ui/kit"
)

// movingFor is how long pictures move after the page was last scrolled, pointed at or opened: a mail left open must not
// keep a processor busy.
const movingFor = time.Minute

// motion is the clock of the animated pictures of a page. It is driven by the painting: each step is asked for by the
// picture before it, so that a page that is not painted, because it is out of view, behind another or in a window put away,
// costs nothing. It belongs to the UI thread.
type motion struct {
	pictures []htmlview.Moving // none: nothing here is ever used
	ran      time.Duration     // how long they have run
	touched  time.Duration     // when the user was last seen, on the same clock
	stepped  time.Time         // when ran was set, for the pace
	paused   bool              // by a click
	y        float32           // where the view was, to tell scrolling
	stop     func()            // ends the wait for the next step; nil: nothing is waited for
}

// reset takes the pictures of another layout; a page that is new starts them from the beginning.
func (m *motion) reset(pictures []htmlview.Moving, fresh bool) {
	m.halt()
	if fresh {
		*m = motion{}
	}
	m.pictures, m.touched = pictures, m.ran
}

func (m *motion) halt() {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
}

// next is how long it takes until the first of the pictures that seen accepts changes; 0: none ever does.
func (m *motion) next(seen func(htmlview.Rect) bool) time.Duration {
	var least time.Duration
	for _, p := range m.pictures {
		if _, d := p.Animation.Frame(m.ran); d > 0 && (least == 0 || d < least) && seen(p.Rect) {
			least = d
		}
	}
	return least
}

// changed lists the places of the pictures that are not the same at two times.
func (m *motion) changed(from, to time.Duration) []htmlview.Rect {
	var out []htmlview.Rect
	for _, p := range m.pictures {
		a, _ := p.Animation.Frame(from)
		if b, _ := p.Animation.Frame(to); a != b {
			out = append(out, p.Rect)
		}
	}
	return out
}

// animate waits for the next step of the pictures in view, unless one is waited for already.
func (b *htmlBody) animate() {
	m := &b.motion
	if len(m.pictures) == 0 || m.stop != nil || m.paused || m.ran-m.touched >= movingFor || b.view == nil || !b.Visible() {
		return
	}
	d := m.next(b.sees())
	if d == 0 {
		return
	}
	// What painting took counts as waited.
	wait := d - min(d, time.Since(m.stepped))
	m.stop = b.loop.After(wait, func() {
		m.stop = nil
		b.step(d)
	})
}

// step lets the pictures go on by d and has the tiles in view painted where they changed. Painting asks for the next step.
func (b *htmlBody) step(d time.Duration) {
	m, was, sees := &b.motion, b.motion.ran, b.sees()
	m.ran, m.stepped = m.ran+d, time.Now()
	for _, r := range m.changed(was, m.ran) {
		if !sees(r) {
			continue
		}
		for _, t := range b.tiles {
			if t.raster.Visible() && t.holds(r, b.scale) && sees(htmlview.Rect{X: r.X, Y: t.top, W: r.W, H: tileHeight / b.scale}) {
				t.raster.Refresh()
			}
		}
	}
}

// sees tells whether a place of the page is in view.
func (b *htmlBody) sees() func(htmlview.Rect) bool {
	y, h, ok := kit.InView(b)
	y, h = y/b.scale, h/b.scale
	return func(r htmlview.Rect) bool { return ok && r.Y < y+h && r.Y+r.H > y }
}

// touch notes that the user is there: pictures that stood still for want of one go on.
func (b *htmlBody) touch() {
	if m := &b.motion; len(m.pictures) > 0 {
		m.touched = m.ran
		b.animate()
	}
}

// scrolledTo notes where the view is.
func (b *htmlBody) scrolledTo(y float32) {
	if m := &b.motion; len(m.pictures) > 0 && m.y != y {
		m.y = y
		b.touch()
	}
}

// pauseAt stops the pictures, or lets them go on, when there is a moving one at a point of the widget.
func (b *htmlBody) pauseAt(p fyne.Position) {
	if b.movesAt(p) {
		b.motion.paused = !b.motion.paused
		b.motion.halt()
		b.touch()
	}
}

func (b *htmlBody) movesAt(p fyne.Position) bool {
	x, y := b.at(p)
	for _, r := range b.motion.pictures {
		if x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H {
			return true
		}
	}
	return false
}

// holds reports whether a part of a place is on the tile.
func (t *htmlTile) holds(r htmlview.Rect, scale float32) bool {
	return r.Y < t.top+tileHeight/scale && r.Y+r.H > t.top
}

// move paints the pictures that changed since the tile was painted, and nothing else of it.
func (t *htmlTile) move(v *htmlview.View, m *motion, scale float32) {
	for _, r := range m.changed(t.at, m.ran) {
		px := func(f float32) float64 { return float64(f * scale) }
		part := image.Rect(int(math.Floor(px(r.X))), int(math.Floor(px(r.Y-t.top))), int(math.Ceil(px(r.X+r.W))), int(math.Ceil(px(r.Y+r.H-t.top))))
		if part = part.Intersect(t.base.Rect); part.Empty() {
			continue
		}
		dst := t.base.SubImage(part).(*image.RGBA)
		_ = v.PaintAt(dst, float32(part.Min.X)/scale, t.top+float32(part.Min.Y)/scale, scale, m.ran) // as in makeTiles
	}
	t.at = m.ran
}
