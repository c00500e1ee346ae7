package htmlview

// definite resolves a height; false when it is automatic, or a percentage of something that has no height of its own.
func (l *layouter) definite(b *box, v length) (float32, bool) {
	switch {
	case !v.set:
		return 0, false
	case !v.percent():
		return max(0, v.px), true
	}
	base, ok := l.heightBase(b)
	return max(0, v.of(base)), ok
}

// byRatio is the height that aspect-ratio gives a box of automatic height, as a border box.
func (b *box) byRatio() (float32, bool) {
	if b.s.ratio <= 0 || b.s.height.set || b.kind != boxBlock {
		return 0, false
	}
	if b.s.borderBox {
		return b.w * b.s.ratio, true
	}
	return (b.w-b.hEdges())*b.s.ratio + b.vEdges(), true
}

// heightBase is the height that percentages of b's height are of. In quirks mode blocks of automatic height are passed.
func (l *layouter) heightBase(b *box) (float32, bool) {
	if b.cb != nil {
		return b.cb[1], true
	}
	for p := b.parent; p != nil; p = p.parent {
		switch {
		case p.n == nil && p.kind == boxBlock:
			continue
		case p.s.display == dispCell || p.kind == boxTable:
			return 0, false
		case p.s.height.set:
			h, ok := l.definite(p, p.s.height)
			if p.s.borderBox {
				h -= p.vEdges()
			}
			return max(0, h), ok
		case p.cb != nil:
			return max(0, p.h-p.vEdges()), p.s.inset[top].set && p.s.inset[bottom].set
		case l.doc.mode == fullQuirks && p.kind == boxBlock && !p.s.floating():
			continue
		}
		return 0, false
	}
	return leastHeight, true
}

// clampH applies min-height and max-height to the height of a border box.
func (l *layouter) clampH(b *box, h float32) float32 {
	if v, ok := l.definite(b, b.s.maxH); ok {
		h = min(h, b.borderBoxH(v))
	}
	if v, ok := l.definite(b, b.s.minH); ok {
		h = max(h, b.borderBoxH(v))
	}
	return h
}
