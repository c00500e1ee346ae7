package htmlview

// flexMeasure sums (rows) or takes the greatest (columns) of what the items ask for.
func (l *layouter) flexMeasure(b *box) {
	s := b.s
	for i, c := range b.children {
		mn, mx := l.outer(c)
		if s.flexColumn {
			b.min, b.max = max(b.min, mn), max(b.max, mx)
			continue
		}
		if i > 0 {
			mx += s.gap
		}
		b.max += mx
		if s.flexWrap {
			b.min = max(b.min, mn)
		} else {
			b.min += mn
		}
	}
}

// flexLayout lays out a flex container; each item is laid out once, so that nesting costs nothing extra.
func (l *layouter) flexLayout(b *box) {
	s := b.s
	cw := b.contentW()
	x0, y0 := b.b[left]+b.p[left], b.b[top]+b.p[top]
	kids := b.children
	var end float32
	if s.flexColumn {
		end = l.flexColumn(b, kids, x0, y0, cw)
	} else {
		end = l.flexRows(b, kids, x0, y0, cw)
	}
	b.h = end + b.p[bottom] + b.b[bottom]
	if s.height.set && !s.height.percent() {
		b.h = b.borderBoxH(s.height.px)
	}
	if s.minH.set && !s.minH.percent() {
		b.h = max(b.h, b.borderBoxH(s.minH.px))
	}
	for _, c := range kids {
		if c.first >= 0 && b.first < 0 {
			b.first = c.y + c.first
		}
		if c.baseline >= 0 {
			b.baseline = c.y + c.baseline
		}
	}
}

func (l *layouter) flexColumn(b *box, kids []*box, x0, y, cw float32) float32 {
	for i, c := range kids {
		if i > 0 {
			y += b.s.gap
		}
		al := b.s.alignItems
		if c.s.alignSelf != justAuto {
			al = c.s.alignSelf
		}
		l.width(c, cw, cw, al != justStretch)
		l.block(c, &floats{}, 0, 0)
		free := cw - c.w - c.m[left] - c.m[right]
		c.x = x0 + c.m[left]
		switch {
		case c.autoL && c.autoR, al == justCenter:
			c.x += free / 2
		case al == justEnd, b.s.rtl && al != justEnd:
			c.x += free
		}
		c.y = y + c.m[top]
		l.relative(c, cw)
		y = c.y + c.h + c.m[bottom]
	}
	return y
}

func (l *layouter) flexRows(b *box, kids []*box, x0, y, cw float32) float32 {
	for len(kids) > 0 {
		n, used := 0, float32(0)
		for _, c := range kids {
			l.edges(c, cw)
			w := l.flexBase(c, cw) + c.m[left] + c.m[right]
			if n > 0 {
				w += b.s.gap
			}
			if b.s.flexWrap && n > 0 && used+w > cw+0.01 {
				break
			}
			used += w
			n++
		}
		y += l.flexLine(b, kids[:n], x0, y, cw, used)
		kids = kids[n:]
		if len(kids) > 0 {
			y += b.s.gap
		}
	}
	return y
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
	default:
		l.measure(c)
		l.edges(c, cw)
		w = c.max
	}
	return c.clampW(w, cw)
}

// flexLine sizes and places the items of one line and returns its height.
func (l *layouter) flexLine(b *box, kids []*box, x0, y, cw, used float32) float32 {
	free := cw - used
	var grow, shrink float32
	ws := make([]float32, len(kids))
	for i, c := range kids {
		ws[i] = l.flexBase(c, cw)
		grow += c.s.grow
		shrink += c.s.shrink * ws[i]
	}
	if free > 0 && grow > 0 {
		for i, c := range kids {
			ws[i] += free * c.s.grow / max(1, grow)
		}
		free -= free * grow / max(1, grow)
	} else if free < 0 && shrink > 0 {
		lost := float32(0)
		for i, c := range kids {
			l.measure(c)
			l.edges(c, cw)
			low := min(c.min, ws[i])
			w := max(low, ws[i]+free*c.s.shrink*ws[i]/shrink)
			lost += ws[i] - w
			ws[i] = w
		}
		free += lost
	}
	var h float32
	for i, c := range kids {
		if c.kind == boxReplaced {
			l.replacedSize(c, cw)
		}
		c.w = max(ws[i], c.hEdges())
		l.block(c, &floats{}, 0, 0)
		h = max(h, c.h+c.m[top]+c.m[bottom])
	}
	if len(kids) > 0 && !b.s.flexWrap && b.s.height.set && !b.s.height.percent() {
		h = max(h, b.borderBoxH(b.s.height.px)-b.vEdges())
	}
	l.flexPlace(b, kids, x0, y, cw, max(0, free), h)
	return h
}

func (l *layouter) flexPlace(b *box, kids []*box, x0, y, cw, free, h float32) {
	x, between := float32(0), b.s.gap
	n := float32(len(kids))
	autos := 0
	for _, c := range kids {
		if c.autoL {
			autos++
		}
		if c.autoR {
			autos++
		}
	}
	if autos == 0 {
		switch b.s.justify {
		case justEnd:
			x = free
		case justCenter:
			x = free / 2
		case justBetween:
			if n > 1 {
				between += free / (n - 1)
			}
		case justAround:
			x = free / n / 2
			between += free / n
		case justEvenly:
			x = free / (n + 1)
			between += free / (n + 1)
		}
	}
	order := kids
	if b.s.flexReverse {
		order = make([]*box, len(kids))
		for i, c := range kids {
			order[len(kids)-1-i] = c
		}
	}
	for _, c := range order {
		if c.autoL {
			x += free / float32(autos)
		}
		x += c.m[left]
		c.x = x0 + x
		if b.s.rtl {
			c.x = x0 + cw - x - c.w
		}
		x += c.w + c.m[right] + between
		if c.autoR {
			x += free / float32(autos)
		}
		al := b.s.alignItems
		if c.s.alignSelf != justAuto {
			al = c.s.alignSelf
		}
		c.y = y + c.m[top]
		spare := h - c.h - c.m[top] - c.m[bottom]
		switch al {
		case justEnd:
			c.y += spare
		case justCenter:
			c.y += spare / 2
		case justStretch:
			if c.s.height.auto() && c.kind == boxBlock {
				c.h += spare
			}
		}
		l.relative(c, cw)
	}
}
