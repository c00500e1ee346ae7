package htmlview

import (
	"sort"

	"peyk/internal/text"
)

// inlineLayout breaks the inline content of b into lines. It returns the lower end and whether there is nothing visible.
func (l *layouter) inlineLayout(b *box, fc *floats, ox, oy float32) (end float32, empty bool) {
	c := b.inline
	l.prepare(c)
	c.lines = c.lines[:0]
	y := b.b[top] + b.p[top]
	cw := b.contentW()
	x0 := b.b[left] + b.p[left]
	empty = true
	for si, s := range c.segments {
		l.atoms(s, b, cw)
		outs := s.outs
		if s.shaped == nil {
			l.anchored(outs, 0, b, fc, ox, oy, &y, true)
			if s.hard {
				lb := lineBox{y: y, seg: s}
				l.vertical(c, s, &lb)
				c.lines = append(c.lines, lb)
				y += lb.h
				empty = false
			}
			continue
		}
		start := 0
		for start < len(s.runes) {
			l.tick()
			start = c.skipSpaces(s, start)
			outs = l.anchored(outs, start, b, fc, ox, oy, &y, true)
			if start >= len(s.runes) {
				break
			}
			indent := float32(0)
			if si == 0 && start == 0 {
				indent = b.s.indent.of(cw) + b.indent
			}
			var lb lineBox
			var next int
			lb, next, outs, y = l.oneLine(b, s, start, outs, fc, ox, oy, x0, cw, y, indent)
			c.lines = append(c.lines, lb)
			y = lb.y + lb.h
			start = next
			empty = false
		}
		l.anchored(outs, len(s.runes), b, fc, ox, oy, &y, true)
	}
	if n := len(c.lines); n > 0 {
		b.first, b.baseline = c.lines[0].baseline, c.lines[n-1].baseline
	}
	return y, empty
}

// half is the distance from the top of a line of one font to its baseline.
func half(b *inlineBox) float32 { return b.asc + floorf((b.line-b.asc-b.desc)/2) }

// skipSpaces passes white space that vanishes at the start of a line.
func (c *inlineCtx) skipSpaces(s *segment, i int) int {
	for i < len(s.runes) && s.runes[i] == ' ' && !c.boxes[s.owner[s.spanAt(i)]].s.keepsSp() {
		i++
	}
	return i
}

// atoms lays out the atomic boxes of a segment.
func (l *layouter) atoms(s *segment, b *box, cw float32) {
	for i, a := range s.atom {
		if a == nil {
			continue
		}
		l.width(a, cw, cw, true)
		l.block(a, &floats{}, 0, 0)
		l.relative(a, cw)
		s.spans[i].Width = a.w + a.m[left] + a.m[right]
	}
}

// anchored places the out-of-flow boxes anchored up to rune at.
func (l *layouter) anchored(outs []outBox, at int, b *box, fc *floats, ox, oy float32, y *float32, now bool) []outBox {
	for len(outs) > 0 && outs[0].pos <= at {
		o := outs[0]
		outs = outs[1:]
		switch {
		case o.clears():
			*y = max(*y, fc.clear(o.box.s.clear)-oy)
		case o.abs:
			l.leave(o.box, b.startX(), *y)
		default:
			l.float(o.box, b, fc, ox, oy, *y)
		}
	}
	return outs
}

// startX is where content of b starts: the left or, when it runs from right to left, the right edge.
func (b *box) startX() float32 {
	if b.s.rtl {
		return b.w - b.b[right] - b.p[right]
	}
	return b.b[left] + b.p[left]
}

// advance is the width of rune i with the edges before it.
func (c *inlineCtx) advance(s *segment, i int) float32 {
	if a := s.atom[s.spanAt(i)]; a != nil {
		return s.spans[s.spanAt(i)].Width
	}
	return s.shaped.Advance(i)
}

// oneLine fits and builds the line from rune start.
func (l *layouter) oneLine(b *box, s *segment, start int, outs []outBox, fc *floats, ox, oy, x0, cw, y, indent float32) (lineBox, int, []outBox, float32) {
	c := b.inline
	var lo, hi float32
	var end int
	for range 200 {
		lineH := max(c.boxes[0].line, 1)
		lo, hi = x0, x0+cw
		if len(fc.boxes) > 0 {
			a, z := fc.space(oy+y, oy+y+lineH, ox+x0, ox+x0+cw)
			lo, hi = a-ox, z-ox
		}
		var fits bool
		end, fits = c.breakLine(s, start, hi-lo-indent)
		if !fits && len(fc.boxes) > 0 && (lo > x0 || hi < x0+cw) {
			if next := fc.next(oy + y); next >= 0 && next-oy > y {
				y = next - oy
				continue
			}
		}
		// Floats anchored within the line stand beside it when there is room, which makes it shorter.
		if len(outs) > 0 && (outs[0].pos < end || end == len(s.runes) && outs[0].pos == end) && outs[0].floats() {
			o := outs[0]
			l.width(o.box, cw, cw, true)
			used := c.lineWidth(s, start, min(end, max(outs[0].pos, start)))
			if o.box.w+o.box.m[left]+o.box.m[right] <= hi-lo-used {
				outs = l.anchored(outs, o.pos, b, fc, ox, oy, &y, true)
				continue
			}
		}
		break
	}
	lb := l.buildLine(b, s, start, end, lo, hi, y, indent)
	for len(outs) > 0 && outs[0].pos < end && outs[0].abs {
		x, ay := b.startX(), lb.y
		if outs[0].box.s.inlineLevel {
			x = lb.xAt(outs[0].pos, x)
		} else if outs[0].pos > start {
			ay = lb.y + lb.h
		}
		l.leave(outs[0].box, x, ay)
		outs = outs[1:]
	}
	return lb, end, outs, y
}

func (c *inlineCtx) lineWidth(s *segment, start, end int) (w float32) {
	for i := start; i < end; i++ {
		w += c.advance(s, i)
	}
	return w
}

// breakLine finds the end of the line that starts at start; fits is false when even its first word is too wide.
func (c *inlineCtx) breakLine(s *segment, start int, room float32) (end int, fits bool) {
	const slack = 1.0 / 64
	var w float32
	last := -1
	g, span := 0, s.spanAt(start)
	for g < len(s.before) && s.before[g].pos < start {
		g++
	}
	emergency := -1
	for i := start; i < len(s.runes); i++ {
		for i >= s.spans[span].End {
			span++
		}
		st := c.boxes[s.owner[span]].s
		if i > start {
			if s.canBreak(i) && c.mayBreak(s, i) {
				last = i
			} else if st.breakAll && s.shaped.Boundary(i) && !st.nowrap() {
				last = i
			}
			if s.shaped.Boundary(i) && st.cutWords() && !st.nowrap() && w <= room+slack {
				emergency = i
			}
		}
		for g < len(s.before) && s.before[g].pos == i {
			w += c.edge(&s.before[g])
			g++
		}
		if s.atom[span] != nil {
			w += s.spans[span].Width
		} else {
			w += s.shaped.Advance(i)
		}
		if w > room+slack && !(s.runes[i] == ' ' && !st.keepsSp()) {
			if last > start {
				return last, true
			}
			if emergency > start {
				return emergency, false
			}
			room = 1e9 // too long a word: go on to the first opportunity
			for k := i + 1; k < len(s.runes); k++ {
				if s.canBreak(k) && c.mayBreak(s, k) {
					return k, false
				}
				if st := c.boxes[s.owner[s.spanAt(k)]].s; (st.breakAll || st.cutWords()) && !st.nowrap() && s.shaped.Boundary(k) {
					return k, false
				}
			}
			return len(s.runes), false
		}
	}
	return len(s.runes), true
}

func (c *inlineCtx) edge(g *gap) float32 {
	if g.end {
		return c.boxes[g.box].endW
	}
	return c.boxes[g.box].startW
}

// canBreak reports an opportunity before rune i: those of the text, and beside a picture or an inline block even where
// there is a no-break space (CSS Text 3 section 5.1).
func (s *segment) canBreak(i int) bool {
	a, b := s.runes[i-1], s.runes[i]
	var prev rune
	if i > 1 {
		prev = s.runes[i-2]
	}
	if a == ' ' && b == wordJoiner || asciiBreak(prev, a, b, s.shaped.CanBreak(i)) {
		return true
	}
	return a == 0xFFFC && !glued(b) && b != ' ' || b == 0xFFFC && !glued(a)
}

// glued reports characters that hold on to a picture beside them.
func glued(r rune) bool { return r == 0x2060 || r == 0x200D || r == 0x202F || r == 0xFEFF }

// mayBreak asks white-space about an opportunity before rune i.
func (c *inlineCtx) mayBreak(s *segment, i int) bool {
	a := s.spanAt(i - 1)
	sa := c.boxes[s.owner[a]].s
	if !sa.nowrap() {
		if s.runes[i-1] == ' ' || s.runes[i-1] == 0x200B {
			return true
		}
		return !c.boxes[s.owner[s.spanAt(i)]].s.nowrap()
	}
	return false
}

// buildLine orders, aligns and measures the line of runes [start, end).
func (l *layouter) buildLine(b *box, s *segment, start, end int, lo, hi, y, indent float32) lineBox {
	c := b.inline
	lb := lineBox{y: y, seg: s, start: start, end: end}
	stop := end
	for stop > start && s.runes[stop-1] == ' ' && !c.boxes[s.owner[s.spanAt(stop-1)]].s.keepsSp() {
		stop--
	}
	pieces := s.shaped.Line(start, stop)
	width := l.fragments(c, s, &lb, pieces, start, stop)
	switch {
	case b.s.ellipsis && b.s.hidden && width > hi-lo-indent+0.5:
		width = l.cutShort(c, s, &lb, start, stop, hi-lo-indent)
	case stop > start && stop < len(s.runes) && s.runes[stop-1] == softHyphen:
		width = l.addMark(c, s, &lb, "-", s.owner[s.spanAt(stop-1)], width)
	}
	x := lo
	rtl := s.shaped.RTL()
	if !rtl {
		x += indent
	}
	free := hi - lo - width - indent
	al, last := b.s.align, end >= len(s.runes)
	if last && b.s.lastSet {
		al, last = b.s.alignLast, false
	}
	switch al.towards(rtl) {
	case alignCenter:
		x += max(0, free/2)
	case alignRight:
		x += free
		if !rtl {
			x = max(x, lo)
		}
	case alignJustify:
		if !last && free > 0 {
			l.justify(s, &lb, free)
		} else if rtl {
			x += free
		}
	}
	for i := range lb.frags {
		lb.frags[i].x += x
	}
	for i := range lb.decors {
		lb.decors[i].x0 += x
		lb.decors[i].x1 += x
	}
	l.vertical(c, s, &lb)
	return lb
}

// towards resolves start and end against the direction of the line.
func (a align) towards(rtl bool) align {
	switch a {
	case alignStart:
		if rtl {
			return alignRight
		}
		return alignLeft
	case alignEnd:
		if rtl {
			return alignLeft
		}
		return alignRight
	case alignBlockCenter:
		return alignCenter
	case alignBlockRight:
		return alignRight
	case alignBlockLeft:
		return alignLeft
	}
	return a
}

// justify widens the spaces of a line.
func (l *layouter) justify(s *segment, lb *lineBox, free float32) {
	n := 0
	for i := range lb.frags {
		f := &lb.frags[i]
		for k := f.piece.Start; f.box == nil && k < f.piece.End; k++ {
			if s.runes[k] == ' ' {
				n++
			}
		}
	}
	if n == 0 {
		return
	}
	each := free / float32(n)
	var shift float32
	for i := range lb.frags {
		f := &lb.frags[i]
		f.x += shift
		if f.box == nil {
			d := f.piece.Widen(s.runes, each)
			f.w += d
			shift += d
		}
	}
}

// fragments sets pieces and edges one after the other and notes where inline boxes with decorations stand.
func (l *layouter) fragments(c *inlineCtx, s *segment, lb *lineBox, pieces []text.Piece, start, stop int) float32 {
	var x float32
	lb.frags = make([]fragment, 0, len(pieces))
	open := map[int32]int{}
	var edges []gap
	for _, pc := range pieces {
		own := s.owner[pc.Span]
		edges = s.edgesOf(edges[:0], &pc, start, stop)
		lead, trail, _ := c.edgeSums(edges, 0, pc.RTL)
		x += lead
		f := fragment{piece: pc, seg: s, own: own, x: x, w: pc.Width}
		if a := s.atom[pc.Span]; a != nil {
			f.box, f.w = a, s.spans[pc.Span].Width
		}
		lb.frags = append(lb.frags, f)
		for o := own; o > 0; o = int32(c.boxes[o].parent) {
			if b := &c.boxes[o]; !b.s.decorated() && b.startW == 0 && b.endW == 0 {
				continue
			}
			lead, trail, ends := c.edgeSums(edges, o, pc.RTL)
			if k, ok := open[o]; ok && lb.decors[k].x1 >= x-lead-0.5 {
				lb.decors[k].x1 = x + f.w + trail
				lb.decors[k].right = ends[1]
			} else {
				open[o] = len(lb.decors)
				lb.decors = append(lb.decors, decor{box: o, x0: x - lead, x1: x + f.w + trail, left: ends[0], right: ends[1]})
			}
		}
		x += f.w + trail
	}
	// The outer ones are painted first.
	for i, j := 0, len(lb.decors)-1; i < j; i, j = i+1, j-1 {
		lb.decors[i], lb.decors[j] = lb.decors[j], lb.decors[i]
	}
	return x
}

// edgesOf appends the edges of inline boxes that stand beside a piece.
func (s *segment) edgesOf(to []gap, pc *text.Piece, start, stop int) []gap {
	from := sort.Search(len(s.before), func(i int) bool { return s.before[i].pos >= pc.Start })
	for _, g := range s.before[from:] {
		if g.pos > pc.End {
			break
		}
		if !g.end && g.pos == pc.Start && g.pos < stop || g.end && g.pos == pc.End && g.pos > start {
			to = append(to, g)
		}
	}
	return to
}

// edgeSums sums those left and right of a piece that belong to box o or to boxes within it (0: all), and tells whether o's own are
// among them.
func (c *inlineCtx) edgeSums(edges []gap, o int32, rtl bool) (lead, trail float32, own [2]bool) {
	for i := range edges {
		g := &edges[i]
		if !c.within(g.box, o) {
			continue
		}
		side := 1
		if g.end == rtl {
			side = 0
			lead += c.edge(g)
		} else {
			trail += c.edge(g)
		}
		own[side] = own[side] || g.box == o
	}
	return lead, trail, own
}

// within reports whether inline box b is o or lies in it.
func (c *inlineCtx) within(b, o int32) bool {
	for b != o && b > 0 {
		b = int32(c.boxes[b].parent)
	}
	return b == o
}

// xAt is the place of rune pos on the line, or def.
func (lb *lineBox) xAt(pos int, def float32) float32 {
	for i := range lb.frags {
		if f := &lb.frags[i]; pos >= f.piece.Start && pos <= f.piece.End {
			if f.box != nil {
				if pos == f.piece.Start {
					return f.x
				}
				return f.x + f.w
			}
			def = f.x + f.piece.X(pos)
		}
	}
	return def
}
