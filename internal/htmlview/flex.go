package htmlview

import "sort"

// flexMeasure sums (rows) or takes the greatest (columns) of what the items ask for.
func (l *layouter) flexMeasure(b *box) {
	s := b.s
	if s.grid.on {
		l.gridMeasure(b)
		return
	}
	for i, c := range b.children {
		mn, mx := l.outer(c)
		if s.flexColumn {
			b.min, b.max = max(b.min, mn), max(b.max, mx)
			continue
		}
		if i > 0 {
			mx += s.gap
			if !s.flexWrap {
				mn += s.gap
			}
		}
		b.max += mx
		if s.flexWrap {
			b.min = max(b.min, mn)
		} else {
			b.min += mn
		}
	}
}

// flexLayout lays out a flex container (CSS Flexbox 1 section 9); each item is laid out once, so that nesting costs
// nothing extra.
func (l *layouter) flexLayout(b *box) {
	s := b.s
	sort.SliceStable(b.children, func(i, k int) bool { return b.children[i].s.order < b.children[k].s.order })
	cw := b.contentW()
	x0, y0 := b.b[left]+b.p[left], b.b[top]+b.p[top]
	for _, c := range b.out {
		l.leave(c, b.startX(), y0)
	}
	height, fixed := l.definite(b, s.height)
	inner := float32(-1) // height of the content, when it is given
	if fixed {
		inner = max(0, b.borderBoxH(height)-b.vEdges())
	}
	if v, ok := l.definite(b, s.minH); ok {
		inner = max(inner, b.borderBoxH(v)-b.vEdges())
	}
	var end float32
	if s.grid.on {
		end = l.gridLayout(b, x0, y0, cw, inner)
	} else if s.flexColumn {
		end = l.flexColumn(b, x0, y0, cw, inner)
	} else {
		end = l.flexRows(b, x0, y0, cw, inner)
	}
	b.h = end + b.p[bottom] + b.b[bottom]
	if fixed {
		b.h = b.borderBoxH(height)
	}
	b.h = l.clampH(b, b.h)
	for _, c := range b.children {
		if c.first >= 0 && b.first < 0 {
			b.first = c.y + c.first
		}
		if c.baseline >= 0 {
			b.baseline = c.y + c.baseline
		}
	}
}

func (b *box) alignOf(c *box) uint8 {
	if c.s.alignSelf != justAuto {
		return c.s.alignSelf
	}
	return b.s.alignItems
}

// justifyOf is how an item of a grid stands in its column.
func (b *box) justifyOf(c *box) uint8 {
	if c.s.justifySelf != justAuto {
		return c.s.justifySelf
	}
	return b.s.justifyItems
}

func (l *layouter) flexColumn(b *box, x0, y0, cw, inner float32) float32 {
	kids := b.children
	used, grow := float32(0), float32(0)
	for i, c := range kids {
		if i > 0 {
			used += b.s.rowGap
		}
		al := b.alignOf(c)
		l.width(c, cw, cw, al != justStretch || c.autoL || c.autoR)
		l.block(c, &floats{}, 0, 0)
		if c.s.basis.set && !c.s.basis.percent() && c.s.basis.px > c.h {
			c.h = c.s.basis.px
		}
		free := cw - c.w - c.m[left] - c.m[right]
		c.x = x0 + c.m[left]
		switch {
		case c.autoL && c.autoR, al == justCenter:
			c.x += free / 2
		case c.autoL, (al == justEnd) != b.s.rtl && !c.autoR:
			c.x += free
		}
		used += c.h + c.m[top] + c.m[bottom]
		grow += c.s.grow
	}
	free := max(0, inner-used)
	if grow > 0 && free > 0 {
		for _, c := range kids {
			c.h += free * c.s.grow / max(1, grow)
		}
		free -= free * min(1, grow)
	}
	y, between := spread(b.s.justify, free, len(kids), b.s.flexReverse)
	y += y0
	for i := range kids {
		c := kids[i]
		if b.s.flexReverse {
			c = kids[len(kids)-1-i]
		}
		c.y = y + c.m[top]
		l.relative(c, cw)
		y = c.y + c.h + c.m[bottom] + b.s.rowGap + between
	}
	if len(kids) > 0 {
		y -= b.s.rowGap + between
	}
	return max(y, y0+inner)
}

// spread gives the space before the first item and what is added between items.
func spread(justify uint8, free float32, n int, reverse bool) (before, between float32) {
	k := float32(max(1, n))
	switch justify {
	case justStart, justStretch, justAuto, justBaseline:
		if reverse {
			before = free
		}
	case justEnd:
		if !reverse {
			before = free
		}
	case justCenter:
		before = free / 2
	case justBetween:
		if n > 1 {
			between = free / (k - 1)
		} else if reverse {
			before = free
		}
	case justAround:
		before, between = free/k/2, free/k
	case justEvenly:
		before, between = free/(k+1), free/(k+1)
	}
	return before, between
}

// flexRow is one line of items.
type flexRow struct {
	kids []*box
	used float32
	h    float32
	base float32 // greatest distance from the top of an item to its baseline
}

func (l *layouter) flexRows(b *box, x0, y0, cw, inner float32) float32 {
	var rows []flexRow
	for kids := b.children; len(kids) > 0; {
		r := flexRow{}
		n := 0
		for _, c := range kids {
			l.edges(c, cw)
			w := l.flexBase(c, cw) + c.m[left] + c.m[right]
			if n > 0 {
				w += b.s.gap
			}
			if b.s.flexWrap && n > 0 && r.used+w > cw+0.01 {
				break
			}
			r.used += w
			n++
		}
		r.kids, kids = kids[:n], kids[n:]
		rows = append(rows, r)
	}
	total := float32(0)
	frees := make([]float32, len(rows))
	for i := range rows {
		frees[i] = l.flexLine(b, &rows[i], cw)
		total += rows[i].h
		if i > 0 {
			total += b.s.rowGap
		}
	}
	spare := max(0, inner-total)
	var y, between float32
	switch {
	case len(rows) == 1 && !b.s.flexWrap:
		rows[0].h = max(rows[0].h, inner)
	case b.s.alignContent == justStretch:
		for i := range rows {
			rows[i].h += spare / float32(len(rows))
		}
	default:
		y, between = spread(b.s.alignContent, spare, len(rows), false)
	}
	y += y0
	for i := range rows {
		l.flexPlace(b, &rows[i], x0, y, cw, frees[i])
		y += rows[i].h + between + b.s.rowGap
	}
	if len(rows) > 0 {
		y -= between + b.s.rowGap
	}
	return max(y, y0+inner)
}

// flexBase is the hypothetical main size of an item, as a border box.
func (l *layouter) flexBase(c *box, cw float32) float32 {
	s := c.s
	var w float32
	switch {
	case s.basis.set:
		w = c.borderBoxW(s.basis, cw)
	case s.width.set:
		w = c.borderBoxW(s.width, cw)
		if c.kind == boxReplaced {
			l.replacedSize(c, cw)
			w = c.w
		}
	default:
		l.measure(c)
		l.edges(c, cw)
		w = c.max
	}
	return c.clampW(w, cw)
}

// flexLine sizes the items of one line; it returns the space that is left.
func (l *layouter) flexLine(b *box, r *flexRow, cw float32) float32 {
	free := cw - r.used
	var grow, shrink float32
	ws := make([]float32, len(r.kids))
	for i, c := range r.kids {
		ws[i] = l.flexBase(c, cw)
		grow += c.s.grow
		shrink += c.s.shrink * ws[i]
	}
	switch {
	case free > 0 && grow > 0:
		free = l.flexGrow(r.kids, ws, free, grow, cw)
	case free < 0 && shrink > 0:
		free = l.flexShrink(r.kids, ws, free, cw)
	}
	var desc float32
	for i, c := range r.kids {
		if c.kind == boxReplaced {
			l.replacedSize(c, cw)
			if h := c.s.height; h.auto() && c.img != nil && c.img.w > 0 && ws[i] != c.w {
				c.h = max(0, ws[i]-c.hEdges())*c.img.h/c.img.w + c.vEdges()
			}
		}
		c.w = max(ws[i], c.hEdges())
		if c.kind == boxTable {
			c.w = max(c.w, c.min)
		}
		l.block(c, &floats{}, 0, 0)
		if b.alignOf(c) == justBaseline && c.first >= 0 {
			r.base = max(r.base, c.m[top]+c.first)
			desc = max(desc, c.h-c.first+c.m[bottom])
		}
		r.h = max(r.h, c.h+c.m[top]+c.m[bottom])
	}
	r.h = max(r.h, r.base+desc)
	return max(0, free)
}

// flexGrow shares free space out; items that reach their max-width leave theirs to the others.
func (l *layouter) flexGrow(kids []*box, ws []float32, free, grow, cw float32) float32 {
	frozen := make([]bool, len(kids))
	for range 8 {
		share := free * min(1, grow) / grow
		again := false
		for i, c := range kids {
			if frozen[i] || c.s.grow == 0 {
				continue
			}
			if w := c.clampW(ws[i]+share*c.s.grow, cw); w < ws[i]+share*c.s.grow-0.01 {
				free -= w - ws[i]
				grow -= c.s.grow
				ws[i], frozen[i], again = w, true, true
			}
		}
		if !again || grow <= 0 {
			break
		}
	}
	if grow <= 0 {
		return max(0, free)
	}
	share := free * min(1, grow) / grow
	for i, c := range kids {
		if !frozen[i] {
			ws[i] += share * c.s.grow
		}
	}
	return free - free*min(1, grow)
}

// flexShrink takes what is lacking from the items, but nothing below their least width.
func (l *layouter) flexShrink(kids []*box, ws []float32, free, cw float32) float32 {
	frozen := make([]bool, len(kids))
	for range 8 {
		var sum float32
		for i, c := range kids {
			if !frozen[i] {
				sum += c.s.shrink * ws[i]
			}
		}
		if sum <= 0 || free >= -0.01 {
			break
		}
		again, lack := false, free
		for i, c := range kids {
			if frozen[i] {
				continue
			}
			low := l.flexLeast(c, ws[i], cw)
			if w := ws[i] + lack*c.s.shrink*ws[i]/sum; w <= low {
				free += ws[i] - low
				ws[i], frozen[i], again = low, true, true
			}
		}
		if again {
			continue
		}
		for i, c := range kids {
			if !frozen[i] {
				ws[i] += lack * c.s.shrink * ws[i] / sum
			}
		}
		return 0
	}
	return free
}

// flexLeast is the automatic minimum of an item.
func (l *layouter) flexLeast(c *box, w, cw float32) float32 {
	if c.s.minW.set {
		return min(w, c.borderBoxW(c.s.minW, cw))
	}
	if c.s.hidden || c.s.scrolls() {
		return min(w, c.hEdges())
	}
	l.measure(c)
	l.edges(c, cw)
	return min(c.min, w)
}

func (l *layouter) flexPlace(b *box, r *flexRow, x0, y, cw, free float32) {
	autos := 0
	for _, c := range r.kids {
		if c.autoL {
			autos++
		}
		if c.autoR {
			autos++
		}
	}
	mirrored := b.s.rtl != b.s.flexReverse
	var x, between float32
	if autos == 0 {
		x, between = spread(b.s.justify, free, len(r.kids), false)
	}
	for _, c := range r.kids {
		before, after := c.m[left], c.m[right]
		autoB, autoA := c.autoL, c.autoR
		if mirrored {
			before, after, autoB, autoA = after, before, autoA, autoB
		}
		if autoB {
			x += free / float32(autos)
		}
		x += before
		c.x = x0 + x
		if mirrored {
			c.x = x0 + cw - x - c.w
		}
		x += c.w + after + between + b.s.gap
		if autoA {
			x += free / float32(autos)
		}
		l.flexCross(b, r, c, y)
		l.relative(c, cw)
	}
}

// flexCross places an item within the height of its line.
func (l *layouter) flexCross(b *box, r *flexRow, c *box, y float32) {
	c.y = y + c.m[top]
	spare := r.h - c.h - c.m[top] - c.m[bottom]
	autoT, autoB := c.s.margin[top].auto(), c.s.margin[bottom].auto()
	switch al := b.alignOf(c); {
	case autoT && autoB:
		c.y += spare / 2
	case autoT:
		c.y += spare
	case autoB:
	case al == justEnd:
		c.y += spare
	case al == justCenter:
		c.y += spare / 2
	case al == justBaseline && c.first >= 0:
		c.y = y + r.base - c.first
	case al == justStretch && c.s.height.auto() && spare > 0 && c.kind != boxReplaced && c.kind != boxTable:
		c.h += spare
		if c.kind == boxFlex && !c.s.flexColumn {
			l.flexLayoutIn(c)
		}
	}
}

// flexLayoutIn places the items of a single-line container again that was stretched.
func (l *layouter) flexLayoutIn(b *box) {
	if b.s.flexWrap || b.s.grid.on || len(b.children) == 0 {
		return
	}
	inner := b.h - b.vEdges()
	for _, c := range b.children {
		spare := inner - c.h - c.m[top] - c.m[bottom]
		c.y = b.b[top] + b.p[top] + c.m[top]
		switch b.alignOf(c) {
		case justEnd:
			c.y += spare
		case justCenter:
			c.y += spare / 2
		case justStretch:
			if c.s.height.auto() && spare > 0 && c.kind != boxReplaced && c.kind != boxTable {
				c.h += spare
			}
		}
	}
}
