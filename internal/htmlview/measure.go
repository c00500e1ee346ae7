package htmlview

// measure finds the least and the greatest width that the content of b asks for, as border boxes; each box once, so that
// nesting costs no more than the number of boxes.
func (l *layouter) measure(b *box) {
	if b.measured {
		return
	}
	b.measured = true
	l.tick()
	l.edges(b, 0)
	s := b.s
	switch b.kind {
	case boxReplaced:
		l.measureReplaced(b)
		return
	case boxTable:
		l.tableMeasure(b)
		return
	case boxFlex:
		l.flexMeasure(b)
	default:
		if b.inline != nil {
			l.measureInline(b)
		} else {
			for _, c := range b.children {
				mn, mx := l.outer(c)
				b.min, b.max = max(b.min, mn), max(b.max, mx)
			}
		}
	}
	b.min += b.hEdges()
	b.max += b.hEdges()
	if s.width.set && !s.width.percent() && s.display != dispCell {
		w := b.borderBoxW(s.width, 0)
		b.min, b.max = w, w
	}
	if s.maxW.set && !s.maxW.percent() {
		w := b.borderBoxW(s.maxW, 0)
		b.min, b.max = min(b.min, w), min(b.max, w)
	}
	if s.minW.set && !s.minW.percent() {
		w := b.borderBoxW(s.minW, 0)
		b.min, b.max = max(b.min, w), max(b.max, w)
	}
	b.max = max(b.max, b.min)
}

// outer is the contribution of a child: its widths and its fixed margins.
func (l *layouter) outer(c *box) (mn, mx float32) {
	l.measure(c)
	var m float32
	for _, side := range [2]int{left, right} {
		if v := c.s.margin[side]; v.set && !v.percent() {
			m += v.px
		}
	}
	return max(0, c.min+m), max(0, c.max+m)
}

func (l *layouter) measureInline(b *box) {
	c := b.inline
	l.prepare(c)
	for _, s := range c.segments {
		var line, word, floatsMax float32
		for _, o := range s.outs {
			if !o.abs && o.box != nil {
				mn, mx := l.outer(o.box)
				b.min = max(b.min, mn)
				floatsMax += mx
			}
		}
		if s.shaped == nil {
			b.max = max(b.max, floatsMax)
			continue
		}
		minLine := float32(0)
		g, span := 0, 0
		spaces := float32(0)
		for i := range s.runes {
			for i >= s.spans[span].End {
				span++
			}
			st := c.boxes[s.owner[span]].s
			may := i > 0 && (s.canBreak(i) && c.mayBreak(s, i) || st.breakAll && !st.nowrap() && s.shaped.Boundary(i))
			if may {
				minLine = max(minLine, word-spaces)
				word = 0
			}
			for g < len(s.before) && s.before[g].pos == i {
				word += c.edge(&s.before[g])
				line += c.edge(&s.before[g])
				g++
			}
			wMin, wMax := s.shaped.Advance(i), s.shaped.Advance(i)
			if a := s.atom[span]; a != nil {
				wMin, wMax = l.outer(a)
			}
			word += wMin
			line += wMax
			if s.runes[i] == ' ' && !st.keepsSp() {
				spaces += wMin
			} else {
				spaces = 0
			}
		}
		for ; g < len(s.before); g++ {
			word += c.edge(&s.before[g])
			line += c.edge(&s.before[g])
		}
		minLine = max(minLine, word-spaces)
		b.min = max(b.min, minLine)
		b.max = max(b.max, line-spaces+floatsMax)
	}
	if b.s.indent.px > 0 && !b.s.indent.percent() {
		b.max += b.s.indent.px
	}
}

// measureReplaced gives the widths that a picture asks for: one that is as wide as its container asks for nothing.
func (l *layouter) measureReplaced(b *box) {
	w, _ := l.replacedBase(b, 0)
	b.max = w + b.hEdges()
	b.min = b.max
	if b.s.width.percent() || b.s.maxW.percent() {
		b.min = b.hEdges()
	}
	if m := b.s.maxW; m.set && !m.percent() {
		v := b.borderBoxW(m, 0)
		b.min, b.max = min(b.min, v), min(b.max, v)
	}
	if m := b.s.minW; m.set && !m.percent() {
		v := b.borderBoxW(m, 0)
		b.min, b.max = max(b.min, v), max(b.max, v)
	}
}

// replacedBase is the content size of a picture before minima and maxima.
func (l *layouter) replacedBase(b *box, cbw float32) (w, h float32) {
	s := b.s
	nw, nh := float32(0), float32(0)
	if b.img != nil {
		nw, nh = b.img.w, b.img.h
		if s.ratio > 0 {
			nh = nw * s.ratio
		}
	} else if b.n != nil && (!s.width.auto() || !s.height.auto()) {
		nw, nh = 0, 0
	}
	ws := s.width.set && !(s.width.percent() && cbw == 0)
	sh, hs := l.definite(b, s.height)
	if ws {
		if w = max(0, s.width.of(cbw)); s.borderBox {
			w = max(0, w-b.hEdges())
		}
	}
	if hs {
		if h = sh; s.borderBox {
			h = max(0, h-b.vEdges())
		}
	}
	switch {
	case ws && hs:
	case ws:
		if nw > 0 {
			h = w * nh / nw
		}
	case hs:
		if w = nw; nh > 0 {
			w = h * nw / nh
		}
	default:
		w, h = nw, nh
	}
	return w, h
}

// replacedSize sets the size of a picture.
func (l *layouter) replacedSize(b *box, cbw float32) {
	s := b.s
	w, h := l.replacedBase(b, cbw)
	ratio := float32(0)
	if b.img != nil && b.img.w > 0 {
		ratio = b.img.h / b.img.w
	}
	if s.ratio > 0 {
		ratio = s.ratio
	}
	_, hFixed := l.definite(b, s.height)
	limit := func(v float32) float32 {
		if s.borderBox {
			return max(0, v)
		}
		return v
	}
	cw := w
	if s.maxW.set {
		cw = min(cw, limit(max(0, s.maxW.of(cbw))))
	}
	if s.minW.set {
		cw = max(cw, s.minW.of(cbw))
	}
	if cw != w {
		w = cw
		if !hFixed && ratio > 0 {
			h = w * ratio
		}
	}
	ch := h
	if v, ok := l.definite(b, s.maxH); ok {
		ch = min(ch, v)
	}
	if v, ok := l.definite(b, s.minH); ok {
		ch = max(ch, v)
	}
	if ch != h {
		h = ch
		if !s.width.set && ratio > 0 {
			w = h / ratio
		}
	}
	b.w, b.h = w+b.hEdges(), h+b.vEdges()
}
