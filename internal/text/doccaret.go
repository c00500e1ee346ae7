package text

import "image/draw"

// Draw paints the document with its left top corner at pixel (x, y) of dst, which may lie far above the picture: only
// paragraphs within the picture (and Paint.Clip) are laid out and painted.
func (d *Document) Draw(dst draw.Image, x, y float32, p Paint) {
	p = p.normal()
	clip := dst.Bounds()
	if !p.Clip.Empty() {
		clip = clip.Intersect(p.Clip)
	}
	if clip.Empty() {
		return
	}
	margin := d.params.Size * 2 // glyphs may reach out of their paragraph
	first := d.findY((float32(clip.Min.Y)-y)/p.Scale - margin)
	for i := first; i < len(d.pars); i++ {
		top := y + float32(d.topOf(i))*p.Scale
		if top > float32(clip.Max.Y)+margin*p.Scale {
			return
		}
		l := d.layoutOf(i)
		q := p
		start := d.pars[i].start
		q.SelStart, q.SelEnd = p.SelStart-start, p.SelEnd-start
		if q.SelEnd <= 0 || q.SelStart > len(l.text) {
			q.SelStart, q.SelEnd = 0, 0
		}
		if q.SelEnd > len(l.text) && q.SelColor.A != 0 && i+1 < len(d.pars) && !d.goesOn(i) {
			d.paintLineEnd(dst, l, x, top, q)
		}
		q.SelStart = max(q.SelStart, 0)
		l.Draw(dst, x, top, q)
	}
}

// paintLineEnd shows that the separator after a paragraph is selected.
func (d *Document) paintLineEnd(dst draw.Image, l *Layout, x, y float32, p Paint) {
	pt := painter{l: l, c: newCanvas(dst, dst.Bounds()), p: p, x: x, y: y}
	if !p.Clip.Empty() {
		pt.c.clip = pt.c.clip.Intersect(p.Clip)
	}
	for _, r := range l.addLineEnd(nil, 0, &l.lines[len(l.lines)-1]) {
		pt.rect(r.X, r.Y, r.W, r.H, p.SelColor)
	}
	pt.c.flush()
}

// at is the block and layout of a caret, with its offset within.
func (d *Document) at(p Position) (i int, l *Layout, local Position) {
	o := d.clamp(p.Offset)
	for range 4 { // laying out may move the ends of blocks
		i = d.find(o)
		if b := d.pars[i]; b.cont {
			if q := d.pars[i-1]; !q.flowed && q.layout != nil || p.Affinity == Upstream && o == b.start {
				d.layoutOf(i - 1)
			}
		}
		if i = d.find(o); p.Affinity == Upstream && d.pars[i].cont && o == d.startOf(i) {
			i--
		}
		l = d.layoutOf(i)
		if s := d.startOf(i); o >= s && o <= s+len(l.text) {
			break
		}
	}
	return i, l, Position{o - d.startOf(i), p.Affinity}
}

func (d *Document) global(i int, p Position) Position {
	return Position{p.Offset + d.startOf(i), p.Affinity}
}

// CaretRect is where a caret at p stands.
func (d *Document) CaretRect(p Position) Rect {
	i, l, local := d.at(p)
	r := l.CaretRect(local)
	r.Y += float32(d.topOf(i))
	return r
}

// CaretRTL is Layout.CaretRTL.
func (d *Document) CaretRTL(p Position) bool {
	_, l, local := d.at(p)
	return l.CaretRTL(local)
}

// HitTest finds the caret position nearest to a point.
func (d *Document) HitTest(x, y float32) Position {
	i := d.findY(y)
	// The true height may differ from the estimate by which the paragraph was found.
	for {
		l := d.layoutOf(i)
		if y >= float32(d.topOf(i))+l.Height() && i+1 < len(d.pars) {
			i++
			continue
		}
		return d.global(i, l.HitTest(x, y-float32(d.topOf(i))))
	}
}

// CharAt is Layout.CharAt.
func (d *Document) CharAt(x, y float32) (start, end int, ok bool) {
	i := d.findY(y)
	start, end, ok = d.layoutOf(i).CharAt(x, y-float32(d.topOf(i)))
	s := d.startOf(i)
	return start + s, end + s, ok
}

// LinkAt is Layout.LinkAt.
func (d *Document) LinkAt(offset int) string {
	_, l, local := d.at(Position{Offset: offset})
	return l.LinkAt(local.Offset)
}

// SelectionRects are the rectangles of the bytes [start, end) between the heights top and bottom.
func (d *Document) SelectionRects(start, end int, top, bottom float32) []Rect {
	if start > end {
		start, end = end, start
	}
	var out []Rect
	for i := max(d.findY(top), d.find(d.clamp(start))); i < len(d.pars); i++ {
		y := float32(d.topOf(i))
		s := d.startOf(i)
		if y > bottom || s > end {
			break
		}
		l := d.layoutOf(i)
		rs := l.SelectionRects(max(0, start-s), min(len(l.text), end-s))
		if end > s+len(l.text) && start <= s+len(l.text) && i+1 < len(d.pars) && !d.goesOn(i) {
			ln := &l.lines[len(l.lines)-1]
			first := len(rs)
			for first > 0 && rs[first-1].Y == ln.top {
				first--
			}
			rs = l.addLineEnd(rs, first, ln)
		}
		for _, r := range rs {
			r.Y += y
			out = append(out, r)
		}
	}
	return out
}

// Next is the grapheme boundary after offset, Prev the one before it.
func (d *Document) Next(offset int) int {
	i, l, p := d.at(Position{Offset: offset})
	if p.Offset >= len(l.text) && i+1 < len(d.pars) {
		return d.startOf(i + 1)
	}
	return d.startOf(i) + l.Next(p.Offset)
}

// Prev is the grapheme boundary before offset.
func (d *Document) Prev(offset int) int {
	i, l, p := d.before(offset)
	if p == 0 && i > 0 {
		return d.startOf(i) - 1
	}
	return d.startOf(i) + l.Prev(p)
}

// before is the block and layout of what precedes an offset: at the start of a block that goes on, the block before.
func (d *Document) before(offset int) (i int, l *Layout, local int) {
	i, l, p := d.at(Position{offset, Upstream})
	return i, l, p.Offset
}

// MoveLeft is the caret one grapheme to the left of p, as the eye sees it.
func (d *Document) MoveLeft(p Position) Position { return d.moveVisual(p, -1) }

// MoveRight is the caret one grapheme to the right of p.
func (d *Document) MoveRight(p Position) Position { return d.moveVisual(p, 1) }

func (d *Document) moveVisual(p Position, dir int) Position {
	i, l, local := d.at(p)
	if q := l.moveVisual(local, dir); q != local {
		if d.goesOn(i) && q.Offset == len(l.text) { // like a soft line break: on to the next line
			q.Affinity = Downstream
		}
		return d.global(i, q)
	}
	switch back := (dir > 0) == l.RTL(); {
	case back && d.pars[i].cont:
		q := d.layoutOf(i - 1)
		return d.global(i-1, q.moveVisual(Position{len(q.text), Upstream}, dir))
	case back && i > 0:
		e := d.startOf(i) - 1
		if s, _ := d.ParagraphAt(e); s == e {
			return Position{e, Downstream}
		}
		return Position{e, Upstream}
	case !back && d.goesOn(i):
		return d.global(i+1, d.layoutOf(i+1).moveVisual(Position{}, dir))
	case !back && i+1 < len(d.pars):
		return Position{d.startOf(i + 1), Downstream}
	}
	return p
}

// NextWord is the start of the next word after offset; the end of a paragraph counts as one.
func (d *Document) NextWord(offset int) int {
	i, l, p := d.at(Position{Offset: offset})
	if p.Offset >= len(l.text) && i+1 < len(d.pars) {
		return d.startOf(i + 1)
	}
	return d.startOf(i) + l.NextWord(p.Offset)
}

// PrevWord is the start of the word before offset.
func (d *Document) PrevWord(offset int) int {
	i, l, p := d.before(offset)
	if p == 0 && i > 0 {
		return d.startOf(i) - 1
	}
	return d.startOf(i) + l.PrevWord(p)
}

// WordLeft and WordRight move by a word as the eye sees it.
func (d *Document) WordLeft(p Position) Position { return d.wordVisual(p, true) }

// WordRight moves one word to the right.
func (d *Document) WordRight(p Position) Position { return d.wordVisual(p, false) }

func (d *Document) wordVisual(p Position, left bool) Position {
	_, l, _ := d.at(p)
	if left == l.RTL() {
		return Position{d.NextWord(p.Offset), Downstream}
	}
	return Position{d.PrevWord(p.Offset), Downstream}
}

// WordAt is the word around a byte offset.
func (d *Document) WordAt(offset int) (start, end int) {
	i, l, p := d.at(Position{Offset: offset})
	start, end = l.WordAt(p.Offset)
	s := d.startOf(i)
	return start + s, end + s
}

// LineStart is the first position of the line of p.
func (d *Document) LineStart(p Position) Position {
	i, l, local := d.at(p)
	return d.global(i, l.LineStart(local))
}

// LineEnd is the last position of the line of p.
func (d *Document) LineEnd(p Position) Position {
	i, l, local := d.at(p)
	return d.global(i, l.LineEnd(local))
}

// MoveLines moves the caret n lines down (up when negative), to the place nearest to goalX; it stops at the first and
// last line and then reports false, with the start or end of the text.
func (d *Document) MoveLines(p Position, n int, goalX float32) (Position, bool) {
	i, l, local := d.at(p)
	line := l.LineAt(local) + n
	for line < 0 {
		if i == 0 {
			return Position{0, Downstream}, false
		}
		i--
		l = d.layoutOf(i)
		line += l.NumLines()
	}
	for line >= l.NumLines() {
		if i+1 >= len(d.pars) {
			return Position{d.Len(), Upstream}, false
		}
		line -= l.NumLines()
		i++
		l = d.layoutOf(i)
	}
	return d.global(i, l.hitLine(line, goalX)), true
}

// MovePage moves the caret by height, less a line, so that a line stays in view.
func (d *Document) MovePage(p Position, down bool, height, goalX float32) (Position, bool) {
	r := d.CaretRect(p)
	step := max(height-r.H, r.H)
	y := r.Y + r.H/2 + step
	if !down {
		y = r.Y + r.H/2 - step
	}
	switch {
	case y < 0:
		return Position{0, Downstream}, false
	case y >= d.Height():
		return Position{d.Len(), Upstream}, false
	}
	return d.HitTest(goalX, y), true
}
