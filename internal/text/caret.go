package text

// cell is one grapheme on a line: the unit of caret movement.
type cell struct {
	start, end int32 // runes
	x0, x1     float32
	rtl        bool
}

// lead is the edge where a caret before the cell stands, trail the one after it.
func (c *cell) lead() float32 {
	if c.rtl {
		return c.x1
	}
	return c.x0
}

func (c *cell) trail() float32 {
	if c.rtl {
		return c.x0
	}
	return c.x1
}

// cells are the graphemes of a line from left to right. A ligature of several graphemes is divided evenly.
func (l *Layout) cells(ln *line) []cell {
	out := make([]cell, 0, ln.end-ln.start+1)
	for i := range ln.pieces {
		pc := &ln.pieces[i]
		rtl := pc.level&1 == 1
		if pc.ellipsis {
			out = append(out, cell{pc.start, pc.end, pc.x, pc.x + pc.w, rtl})
			continue
		}
		x := pc.x
		prev := pc.end // RTL: start of the cluster to the left's logical successor
		for g := 0; g < len(pc.glyphs); {
			cs := pc.glyphs[g].cluster
			var w float32
			for g < len(pc.glyphs) && pc.glyphs[g].cluster == cs {
				w += pc.glyphs[g].adv
				g++
			}
			ce := prev
			if !rtl {
				ce = pc.end
				if g < len(pc.glyphs) {
					ce = pc.glyphs[g].cluster
				}
			}
			prev = cs
			out = l.divide(out, cs, ce, x, w, rtl)
			x += w
		}
	}
	return l.mergeCells(out)
}

// divide appends the graphemes of one cluster.
func (l *Layout) divide(out []cell, cs, ce int32, x, w float32, rtl bool) []cell {
	n := 1
	for r := cs + 1; r < ce; r++ {
		if l.flags[r]&flagGrapheme != 0 {
			n++
		}
	}
	if n == 1 {
		return append(out, cell{cs, ce, x, x + w, rtl})
	}
	at := len(out)
	part := w / float32(n)
	start := cs
	for r := cs + 1; r <= ce; r++ {
		if r == ce || l.flags[r]&flagGrapheme != 0 {
			out = append(out, cell{start, r, 0, 0, rtl})
			start = r
		}
	}
	made := out[at:]
	if rtl {
		for a, b := 0, len(made)-1; a < b; a, b = a+1, b-1 {
			made[a], made[b] = made[b], made[a]
		}
	}
	for i := range made {
		made[i].x0, made[i].x1 = x+float32(i)*part, x+float32(i+1)*part
	}
	return out
}

// mergeCells joins cells that are parts of one grapheme (a sequence that its font draws as several clusters).
func (l *Layout) mergeCells(cs []cell) []cell {
	out := cs[:0]
	for _, c := range cs {
		if n := len(out); n > 0 {
			p := &out[n-1]
			if !c.rtl && p.end == c.start && l.flags[c.start]&flagGrapheme == 0 ||
				c.rtl && c.end == p.start && l.flags[p.start]&flagGrapheme == 0 {
				p.start, p.end, p.x1 = min(p.start, c.start), max(p.end, c.end), c.x1
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// edge is the x of the boundary before rune at within a piece.
func (pc *piece) edge(l *Layout, at int32) float32 {
	rtl := pc.level&1 == 1
	if at <= pc.start || at >= pc.end {
		if (at <= pc.start) != rtl {
			return pc.x
		}
		return pc.x + pc.w
	}
	cs, ce := at, at+1
	for cs > pc.start && l.flags[cs]&flagCluster == 0 {
		cs--
	}
	for ce < pc.end && l.flags[ce]&flagCluster == 0 {
		ce++
	}
	var before, within float32
	for i := range pc.glyphs {
		switch c := pc.glyphs[i].cluster; {
		case c < cs:
			before += pc.glyphs[i].adv
		case c < ce:
			within += pc.glyphs[i].adv
		}
	}
	if at > cs {
		done, all := 0, 0
		for r := cs; r < ce; r++ {
			if r == cs || l.flags[r]&flagGrapheme != 0 {
				if all++; r < at {
					done++
				}
			}
		}
		if l.flags[at]&flagGrapheme == 0 {
			done--
		}
		before += within * float32(done) / float32(all)
	}
	if rtl {
		return pc.x + pc.w - before
	}
	return pc.x + before
}

// snap rounds a rune index down to a grapheme boundary.
func (l *Layout) snap(r int32) int32 {
	r = max(0, min(r, int32(len(l.runes))))
	for r > 0 && l.flags[r]&flagGrapheme == 0 {
		r--
	}
	return r
}

// lineOf finds the line of a caret.
func (l *Layout) lineOf(r int32, a Affinity) int {
	lo, hi := 0, len(l.lines)-1
	for lo < hi { // last line that starts at or before r
		m := (lo + hi + 1) / 2
		if l.lines[m].start <= r {
			lo = m
		} else {
			hi = m - 1
		}
	}
	if a == Upstream && lo > 0 && l.lines[lo].start == r && l.lines[lo-1].next == r && l.lines[lo-1].end == r {
		lo--
	}
	return lo
}

// LineAt is the number of the line where a caret at p stands.
func (l *Layout) LineAt(p Position) int { return l.lineOf(l.runeAt(p.Offset), p.Affinity) }

// caretX is the x of a caret on a line.
func caretX(l *Layout, ln *line, cells []cell, r int32, a Affinity) float32 {
	var before, after *cell
	for i := range cells {
		if c := &cells[i]; c.start <= r && r < c.end {
			after = c
		} else if c.end == r {
			before = c
		}
	}
	switch {
	case after != nil && (a == Downstream || before == nil):
		return after.lead()
	case before != nil:
		return before.trail()
	}
	if l.paras[ln.para].level&1 == 1 {
		return ln.x + ln.w
	}
	return ln.x
}

// CaretRect is where a caret at p stands; its width is 0, its height that of the line.
func (l *Layout) CaretRect(p Position) Rect {
	r := l.snap(l.runeAt(p.Offset))
	ln := &l.lines[l.lineOf(r, p.Affinity)]
	return Rect{caretX(l, ln, l.cells(ln), r, p.Affinity), ln.top, 0, ln.h}
}

// CaretRTL reports the direction of the character to which a caret at p belongs, for a caret that shows it.
func (l *Layout) CaretRTL(p Position) bool {
	r := l.snap(l.runeAt(p.Offset))
	ln := &l.lines[l.lineOf(r, p.Affinity)]
	for i := range ln.pieces {
		pc := &ln.pieces[i]
		if p.Affinity == Downstream && pc.start <= r && r < pc.end || p.Affinity == Upstream && pc.start < r && r <= pc.end {
			return pc.level&1 == 1
		}
	}
	return l.paras[ln.para].level&1 == 1
}

// HitTest finds the caret position nearest to a point in units. Points above or below go to the first or last line.
func (l *Layout) HitTest(x, y float32) Position {
	i := 0
	for i+1 < len(l.lines) && y >= l.lines[i+1].top {
		i++
	}
	return l.hitLine(i, x)
}

// hitLine finds the position nearest to x on line i.
func (l *Layout) hitLine(i int, x float32) Position {
	ln := &l.lines[i]
	cells := l.cells(ln)
	if len(cells) == 0 {
		return Position{Offset: l.byteAt(ln.start)}
	}
	k := 0
	for k+1 < len(cells) && x >= cells[k+1].x0 {
		k++
	}
	c := &cells[k]
	if (x < (c.x0+c.x1)/2) != c.rtl {
		return Position{l.byteAt(c.start), Downstream}
	}
	return Position{l.byteAt(c.end), Upstream}
}

// CharAt finds the grapheme under a point, for links and hovering: its bytes, or ok false when the point is beside text.
func (l *Layout) CharAt(x, y float32) (start, end int, ok bool) {
	for i := range l.lines {
		ln := &l.lines[i]
		if y < ln.top || y >= ln.top+ln.h {
			continue
		}
		for _, c := range l.cells(ln) {
			if x >= c.x0 && x < c.x1 {
				return l.byteAt(c.start), l.byteAt(c.end), true
			}
		}
	}
	return 0, 0, false
}

// SelectionRects are the rectangles of the bytes [start, end), from the first line to the last and from left to right;
// neighbours are joined. A selected line end shows as a strip of a third of the line's height.
func (l *Layout) SelectionRects(start, end int) []Rect {
	if start > end {
		start, end = end, start
	}
	lo, hi := l.snap(l.runeAt(start)), l.snap(l.runeAt(end))
	var out []Rect
	for i := range l.lines {
		ln := &l.lines[i]
		if ln.next < lo || ln.start >= hi {
			continue
		}
		first := len(out)
		for k := range ln.pieces {
			pc := &ln.pieces[k]
			a, b := max(lo, pc.start), min(hi, pc.end)
			if a >= b {
				continue
			}
			x0, x1 := pc.edge(l, a), pc.edge(l, b)
			if pc.ellipsis {
				x0, x1 = pc.x, pc.x+pc.w
			}
			if x0 > x1 {
				x0, x1 = x1, x0
			}
			if n := len(out); n > first && out[n-1].X+out[n-1].W >= x0-0.01 {
				out[n-1].W = x1 - out[n-1].X
			} else {
				out = append(out, Rect{x0, ln.top, x1 - x0, ln.h})
			}
		}
		if ln.next > ln.end && lo <= ln.end && hi >= ln.next {
			out = l.addLineEnd(out, first, ln)
		}
	}
	return out
}

// addLineEnd shows that the separator of a line is selected.
func (l *Layout) addLineEnd(out []Rect, first int, ln *line) []Rect {
	w := ln.h / 3
	if l.paras[ln.para].level&1 == 1 {
		if len(out) > first && out[first].X <= ln.x+0.01 {
			out[first].X -= w
			out[first].W += w
			return out
		}
		return append(out, Rect{ln.x - w, ln.top, w, ln.h})
	}
	right := ln.x + ln.w
	if n := len(out); n > first && out[n-1].X+out[n-1].W >= right-0.01 {
		out[n-1].W += w
		return out
	}
	return append(out, Rect{right, ln.top, w, ln.h})
}
