package htmlview

import (
	"cmp"
	"slices"
)

// Stop is a place of the view that the keyboard can go to: a link, the summary of a <details> element, or the edge of a box that is not shown whole.
type Stop struct {
	Rects []Rect // a rectangle a line
	URL   string // of a link; "" for the others
	Once  bool   // the edge of a box: what is shown whole has none
}

// Stops lists them in the order in which they are read.
func (v *View) Stops() []Stop {
	type stop struct {
		Stop
		pos int
	}
	var all []stop
	for _, l := range v.Links() {
		pos := v.Position(l.X+l.W/2, l.Y+l.H/2)
		all = append(all, stop{Stop{Rects: []Rect{l.Rect}, URL: l.URL}, pos})
	}
	for i := range v.opens {
		o := &v.opens[i]
		if o.again {
			continue
		}
		r := Rect{o.x0 * v.zoom, o.y0 * v.zoom, (o.x1 - o.x0) * v.zoom, (o.y1 - o.y0) * v.zoom}
		all = append(all, stop{Stop{Rects: []Rect{r}, Once: o.box}, v.Position(r.X+r.W/2, r.Y+r.H/2)})
	}
	slices.SortStableFunc(all, func(a, b stop) int { return cmp.Compare(a.pos, b.pos) })
	var out []Stop
	for _, s := range all {
		if n := len(out); n > 0 && s.URL != "" && out[n-1].URL == s.URL { // the next line or the next word of the same link
			out[n-1].join(s.Rects[0])
			continue
		}
		out = append(out, s.Stop)
	}
	return out
}

// join adds another word of the link, or another line.
func (s *Stop) join(r Rect) {
	for i := range s.Rects {
		if l := &s.Rects[i]; r.Y < l.Y+l.H/2 && l.Y < r.Y+r.H/2 {
			x, y := min(l.X, r.X), min(l.Y, r.Y)
			*l = Rect{x, y, max(l.X+l.W, r.X+r.W) - x, max(l.Y+l.H, r.Y+r.H) - y}
			return
		}
	}
	s.Rects = append(s.Rects, r)
}
