package htmlview

// tableLayout lays out the cells of a table whose width is known, and sets its height.
func (l *layouter) tableLayout(b *box) {
	t := b.table
	l.measure(b)
	l.columnWidths(b)
	y := b.b[top] + b.p[top]
	t.above, t.below = 0, 0
	for _, cp := range t.captions {
		l.width(cp, b.w, b.w, false)
		l.block(cp, &floats{}, 0, 0)
		cp.x, cp.y = cp.m[left], t.above+cp.m[top]
		if h := cp.h + cp.m[top] + cp.m[bottom]; cp.s.captionBelow {
			t.below += h
		} else {
			t.above += h
		}
	}
	y += t.above
	if len(t.rows) > 0 && len(t.cols) > 0 {
		y += t.spacingY
	}
	for _, c := range t.cells {
		l.cellLayout(b, c)
	}
	l.rowHeights(b)
	rest := float32(0)
	height, tall := l.definite(b, b.s.height)
	if v, ok := l.definite(b, b.s.minH); ok {
		height, tall = max(height, v), true
	}
	if tall {
		total := b.b[top] + b.p[top] + b.b[bottom] + b.p[bottom] + t.spacingY
		for _, r := range t.rows {
			total += r.h + t.spacingY
		}
		rest = b.borderBoxH(height) - total
	}
	l.growRows(t, rest)
	for _, r := range t.rows {
		r.y = y
		y += r.h + t.spacingY
	}
	b.h = y + b.p[bottom] + b.b[bottom]
	below := b.h
	for _, cp := range t.captions {
		if cp.s.captionBelow {
			cp.y = below + cp.m[top]
			below = cp.y + cp.h + cp.m[bottom]
		}
	}
	b.h = below
	if tall && len(t.rows) == 0 {
		b.h = max(b.h, b.borderBoxH(height))
	}
	for _, c := range t.cells {
		l.cellPlace(b, c)
	}
}

func (l *layouter) cellLayout(b *box, c *cell) {
	t := b.table
	var w float32
	for k := c.col; k < c.col+c.cs; k++ {
		w += t.cols[k].w
	}
	w += t.spacingX * float32(c.cs-1)
	l.edges(c.b, b.contentW()) // percentages of paddings are of the table's width
	c.b.w = w
	c.b.x = t.cols[c.col].x
	if b.s.rtl {
		c.b.x = b.w - c.b.x - w + (b.b[left] + b.p[left] - b.b[right] - b.p[right])
	}
	l.block(c.b, nil, 0, 0)
	c.b.shift = 0
}

// specified is the height that a cell asks for by itself.
func (l *layouter) specified(c *cell) float32 {
	if h := c.b.s.height; h.set && !h.percent() && h.px > 0 {
		if l.doc.mode == fullQuirks { // there it is that of the whole cell
			return max(h.px, c.b.vEdges())
		}
		return c.b.borderBoxH(h.px)
	}
	return 0
}

func (l *layouter) rowHeights(b *box) {
	t := b.table
	for _, r := range t.rows {
		r.h, r.base = 0, 0
		if r.s.height.set && !r.s.height.percent() {
			r.h = r.s.height.px
		}
		var desc float32
		for _, c := range r.cells {
			if c.rs > 1 {
				continue
			}
			r.h = max(r.h, l.specified(c), c.b.h)
			if l.onBaseline(c) {
				base := c.b.first
				if base < 0 {
					base = c.b.h - c.b.p[bottom] - c.b.b[bottom]
				}
				r.base = max(r.base, base)
				desc = max(desc, c.b.h-base)
			}
		}
		r.h = max(r.h, r.base+desc)
	}
	for _, c := range t.cells {
		if c.rs <= 1 {
			continue
		}
		rows := t.rows[c.row : c.row+c.rs]
		have := t.spacingY * float32(c.rs-1)
		for _, r := range rows {
			have += r.h
		}
		if need := max(c.b.h, l.specified(c)) - have; need > 0 {
			rows[len(rows)-1].h += need
		}
	}
}

func (l *layouter) onBaseline(c *cell) bool {
	switch c.b.s.valign {
	case vaTop, vaMiddle, vaBottom:
		return false
	}
	return true
}

// growRows gives spare height to the rows without a height of their own, in proportion.
func (l *layouter) growRows(t *table, rest float32) {
	if rest <= 0 || len(t.rows) == 0 {
		return
	}
	var sum float32
	for _, r := range t.rows {
		if !r.s.height.set {
			sum += r.h
		}
	}
	for _, r := range t.rows {
		switch {
		case sum > 0 && !r.s.height.set:
			r.h += rest * r.h / sum
		case sum == 0:
			r.h += rest / float32(len(t.rows))
		}
	}
}

// cellPlace stretches a cell to its rows and aligns its content.
func (l *layouter) cellPlace(b *box, c *cell) {
	t := b.table
	h := t.spacingY * float32(c.rs-1)
	for _, r := range t.rows[c.row : c.row+c.rs] {
		h += r.h
	}
	row := t.rows[c.row]
	free := h - c.b.h
	switch {
	case l.onBaseline(c):
		base := c.b.first
		if base < 0 {
			base = c.b.h - c.b.p[bottom] - c.b.b[bottom]
		}
		c.b.shift = max(0, min(free, row.base-base))
	case c.b.s.valign == vaMiddle:
		c.b.shift = free / 2
	case c.b.s.valign == vaBottom:
		c.b.shift = free
	}
	c.b.y, c.b.h = row.y, h
	l.relative(c.b, b.w)
	if c.b.first >= 0 {
		if b.first < 0 && c.row == 0 {
			b.first = c.b.y + c.b.first + c.b.shift
		}
		if c.b.baseline >= 0 {
			b.baseline = c.b.y + c.b.baseline + c.b.shift
		}
	}
}
