package htmlview

import "image/color"

// Nothing scrolls within a mail. A box that would in a browser (overflow: auto or scroll) looks as it does there at first, cut off; where
// something is cut off bars tell so, and a click on its lower edge or beside the bar shows the box whole: it is as high as what is in it, and
// words that would leave it at its side go on in the next line. Printed, and where LayoutOptions.Whole asks for it, all are whole.

const (
	moreEdge = 12 // how high the edge is that one clicks
	moreBar  = 4
)

// more paints the bar of a box that cuts off some of its content, which was recorded from mark on.
func (r *recorder) more(b *box, x, y float32, mark int) {
	in := rect{x + b.b[left], y + b.b[top], x + b.w - b.b[right], y + b.h - b.b[bottom]}
	if r.clip == nil || in.x1-in.x0 < 2*moreEdge || in.y1-in.y0 < moreEdge {
		return
	}
	all := in
	for i := mark; i < len(r.v.ops); i++ {
		if o := &r.v.ops[i]; o.kind != opShadow && o.kind != opTextShadow && o.kind != opGroup {
			all = rect{min(all.x0, o.x), all.y0, max(all.x1, o.x+o.w), max(all.y1, o.y+o.h)}
		}
	}
	wide, high := all.x1-all.x0 > in.x1-in.x0+1, all.y1-all.y0 > in.y1-in.y0+2
	if !wide && !high || b.n == nil {
		return
	}
	grey := color.NRGBA{128, 128, 128, 140}
	round := corners{{2, 2}, {2, 2}, {2, 2}, {2, 2}}
	bar := op{kind: opFill, color: grey, radius: round}
	if wide {
		w := in.x1 - in.x0 - 4
		bar.w, bar.h = max(moreEdge, w*(in.x1-in.x0)/(all.x1-all.x0)), moreBar
		bar.x, bar.y = in.x0+2, in.y1-moreBar-2
		if in.y1-in.y0 < 3*moreEdge { // a line or two: a thin one below the letters, not through them
			bar.h, bar.y = moreBar/2, in.y1-moreBar/2
		}
		if b.s.rtl {
			bar.x = in.x1 - 2 - bar.w
		}
		r.add(bar)
	}
	if high {
		h := in.y1 - in.y0 - 4
		bar.w, bar.h = moreBar, max(moreEdge, h*(in.y1-in.y0)/(all.y1-all.y0))
		bar.x, bar.y = in.x1-moreBar-2, in.y0+2
		if b.s.rtl {
			bar.x = in.x0 + 2
		}
		r.add(bar)
		side := rect{in.x1 - moreEdge, in.y0, in.x1, in.y1}
		if b.s.rtl {
			side = rect{in.x0, in.y0, in.x0 + moreEdge, in.y1}
		}
		r.v.opens = append(r.v.opens, openBox{rect: side.cut(*r.clip), of: b.n, box: true, again: true})
	}
	edge := rect{in.x0, in.y1 - moreEdge, in.x1, in.y1}.cut(*r.clip)
	r.v.opens = append(r.v.opens, openBox{rect: edge, of: b.n, box: true})
}

// seen reports whether anything of a run is seen.
func (r *textRun) seen() bool {
	if r.clip == nil {
		return true
	}
	at := rect{r.x, r.y, r.x + r.w, r.y + r.h}.cut(*r.clip)
	return at.x1 >= at.x0 && at.y1 > at.y0
}

// Uncover shows the boxes whole that cut off the text at a position, in the next layout of the document, as a click would; it reports false when none does. Safe for concurrent use.
func (v *View) Uncover(pos int) bool {
	i := v.runAt(pos)
	if i < 0 {
		return false
	}
	r := v.runs[i]
	if r.w = 0; r.in == nil { // the letter at the position, not the whole run
		return false
	}
	r.x = v.Caret(pos).X / v.zoom
	if r.seen() {
		return false
	}
	v.doc.openMu.Lock()
	defer v.doc.openMu.Unlock()
	if v.doc.whole == nil {
		v.doc.whole = map[*node]bool{}
	}
	more := false
	for in := r.in; in != nil; in = in.out {
		more = more || !v.doc.whole[in.n]
		v.doc.whole[in.n] = true
	}
	return more
}
