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
		if q.SelEnd > len(l.text) && q.SelColor.A != 0 && i+1 < len(d.pars) {
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

// at is the paragraph and layout of an offset, with the offset within.
func (d *Document) at(offset int) (i int, l *Layout, local int) {
	offset = d.clamp(offset)
	i = d.find(offset)
	return i, d.layoutOf(i), offset - d.startOf(i)
}

func (d *Document) global(i int, p Position) Position {
	return Position{p.Offset + d.startOf(i), p.Affinity}
}

// CaretRect is where a caret at p stands.
func (d *Document) CaretRect(p Position) Rect {
	i, l, o := d.at(p.Offset)
	r := l.CaretRect(Position{o, p.Affinity})
	r.Y += float32(d.topOf(i))
	return r
}

// CaretRTL is Layout.CaretRTL.
func (d *Document) CaretRTL(p Position) bool {
	_, l, o := d.at(p.Offset)
	return l.CaretRTL(Position{o, p.Affinity})
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
	_, l, o := d.at(offset)
	return l.LinkAt(o)
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
		if end > s+len(l.text) && start <= s+len(l.text) && i+1 < len(d.pars) {
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
	i, l, o := d.at(offset)
	if o >= len(l.text) && i+1 < len(d.pars) {
		return d.startOf(i + 1)
	}
	return d.startOf(i) + l.Next(o)
}

// Prev is the grapheme boundary before offset.
func (d *Document) Prev(offset int) int {
	i, l, o := d.at(offset)
	if o == 0 && i > 0 {
		return d.startOf(i) - 1
	}
	return d.startOf(i) + l.Prev(o)
}

// MoveLeft is the caret one grapheme to the left of p, as the eye sees it.
func (d *Document) MoveLeft(p Position) Position { return d.moveVisual(p, true) }

// MoveRight is the caret one grapheme to the right of p.
func (d *Document) MoveRight(p Position) Position { return d.moveVisual(p, false) }

func (d *Document) moveVisual(p Position, left bool) Position {
	i, l, o := d.at(p.Offset)
	local := Position{o, p.Affinity}
	q := l.MoveRight(local)
	if left {
		q = l.MoveLeft(local)
	}
	if q != local {
		return d.global(i, q)
	}
	switch back := left != l.RTL(); {
	case back && i > 0:
		s, e := d.Paragraph(i - 1)
		if s == e {
			return Position{e, Downstream}
		}
		return Position{e, Upstream}
	case !back && i+1 < len(d.pars):
		return Position{d.startOf(i + 1), Downstream}
	}
	return p
}

// NextWord is the start of the next word after offset; the end of a paragraph counts as one.
func (d *Document) NextWord(offset int) int {
	i, l, o := d.at(offset)
	if o >= len(l.text) && i+1 < len(d.pars) {
		return d.startOf(i + 1)
	}
	return d.startOf(i) + l.NextWord(o)
}

// PrevWord is the start of the word before offset.
func (d *Document) PrevWord(offset int) int {
	i, l, o := d.at(offset)
	if o == 0 && i > 0 {
		return d.startOf(i) - 1
	}
	return d.startOf(i) + l.PrevWord(o)
}

// WordLeft and WordRight move by a word as the eye sees it.
func (d *Document) WordLeft(p Position) Position { return d.wordVisual(p, true) }

// WordRight moves one word to the right.
func (d *Document) WordRight(p Position) Position { return d.wordVisual(p, false) }

func (d *Document) wordVisual(p Position, left bool) Position {
	_, l, _ := d.at(p.Offset)
	if left == l.RTL() {
		return Position{d.NextWord(p.Offset), Downstream}
	}
	return Position{d.PrevWord(p.Offset), Downstream}
}

// WordAt is the word around a byte offset.
func (d *Document) WordAt(offset int) (start, end int) {
	i, l, o := d.at(offset)
	start, end = l.WordAt(o)
	s := d.startOf(i)
	return start + s, end + s
}

// LineStart is the first position of the line of p.
func (d *Document) LineStart(p Position) Position {
	i, l, o := d.at(p.Offset)
	return d.global(i, l.LineStart(Position{o, p.Affinity}))
}

// LineEnd is the last position of the line of p.
func (d *Document) LineEnd(p Position) Position {
	i, l, o := d.at(p.Offset)
	return d.global(i, l.LineEnd(Position{o, p.Affinity}))
}

// MoveLines moves the caret n lines down (up when negative), to the place nearest to goalX; it stops at the first and
// last line and then reports false, with the start or end of the text.
func (d *Document) MoveLines(p Position, n int, goalX float32) (Position, bool) {
	i, l, o := d.at(p.Offset)
	line := l.LineAt(Position{o, p.Affinity}) + n
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
