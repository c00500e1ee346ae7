package htmlview

// extent is how far something reaches above and below the baseline.
type extent struct{ asc, desc float32 }

func (e *extent) add(asc, desc float32) { e.asc, e.desc = max(e.asc, asc), max(e.desc, desc) }

// vertical sets the height of a line and the baselines on it (CSS 2.2 section 10.8).
func (l *layouter) vertical(c *inlineCtx, s *segment, lb *lineBox) {
	none := float32(-1e9)
	e := extent{none, none}
	strict := l.doc.mode == standards
	root := &c.boxes[0]
	if strict {
		h := half(root)
		e.add(h, root.line-h)
	}
	var tops, bottoms float32
	for i := range lb.frags {
		f := &lb.frags[i]
		if f.box != nil {
			a, d, rel := l.atomExtent(c, f)
			switch rel {
			case vaTop:
				tops = max(tops, a+d)
			case vaBottom:
				bottoms = max(bottoms, a+d)
			default:
				e.add(a, d)
			}
			if !strict {
				continue
			}
		}
		l.boxExtents(c, f.own, f, &e, &tops, &bottoms, strict)
	}
	if len(lb.frags) == 0 {
		l.boxExtents(c, s.brk, nil, &e, &tops, &bottoms, strict)
	}
	if e.asc == none {
		e = extent{}
	}
	h := e.asc + e.desc
	if tops > h {
		e.desc += tops - h
		h = tops
	}
	if bottoms > h {
		e.asc += bottoms - h
		h = bottoms
	}
	lb.h, lb.baseline = h, lb.y+e.asc
	for i := range lb.frags {
		l.setFragment(c, lb, &lb.frags[i])
	}
	for i := range lb.decors {
		d := &lb.decors[i]
		b := &c.boxes[d.box]
		base := lb.baseline + b.shift
		d.y0 = base - b.asc - b.s.padding[top].px - b.s.border[top].width()
		d.y1 = base + b.desc + b.s.padding[bottom].px + b.s.border[bottom].width()
	}
}

// boxExtents adds what the inline box in asks for that holds the text f or, when f is nil, the break of a line with nothing else,
// and what those around it ask for: in quirks mode nothing.
func (l *layouter) boxExtents(c *inlineCtx, in int32, f *fragment, e *extent, tops, bottoms *float32, strict bool) {
	first := true
	for o := in; o >= 0; o = int32(c.boxes[o].parent) {
		b := &c.boxes[o]
		if !first && !strict {
			break
		}
		asc := half(b)
		desc := b.line - asc
		if first && f != nil && f.box == nil && !b.s.lineHeight.set {
			m := f.piece.Metrics()
			a, d := roundf(m.Ascent), roundf(m.Descent)
			lead := floorf(roundf(m.LineGap) / 2)
			asc, desc = max(asc, a+lead), max(desc, d+roundf(m.LineGap)-lead)
		}
		first = false
		switch b.lineRel {
		case vaTop:
			*tops = max(*tops, asc+desc)
		case vaBottom:
			*bottoms = max(*bottoms, asc+desc)
		default:
			e.add(asc-b.shift, desc+b.shift)
		}
	}
}

// atomExtent is the reach of an atomic box above and below the root's baseline.
func (l *layouter) atomExtent(c *inlineCtx, f *fragment) (asc, desc float32, rel valign) {
	b, par := f.box, &c.boxes[f.own]
	h := b.h + b.m[top] + b.m[bottom]
	asc, desc = h, 0
	if b.kind != boxReplaced && b.baseline >= 0 && !b.s.hidden && !b.s.scrolls() {
		line := b.baseline
		if b.kind == boxTable || b.s.display == dispInlineFlex {
			line = b.first
		}
		asc = b.m[top] + line
		desc = h - asc
	}
	rel = par.lineRel
	switch b.s.valign {
	case vaTop, vaBottom:
		return asc, desc, b.s.valign
	case vaMiddle:
		m := par.s.fonts(l.engine).Metrics(par.s.size)
		asc = h/2 + m.XHeight/2
		desc = h - asc
	case vaBaselineMiddle:
		asc = h / 2
		desc = h - asc
	case vaTextTop:
		asc = par.asc
		desc = h - asc
	case vaTextBottom:
		desc = par.desc
		asc = h - desc
	case vaSub:
		asc, desc = asc-floorf(par.s.size/5+1), desc+floorf(par.s.size/5+1)
	case vaSuper:
		asc, desc = asc+floorf(par.s.size/3+1), desc-floorf(par.s.size/3+1)
	case vaLength:
		v := b.s.vshift.of(par.line)
		asc, desc = asc+v, desc-v
	}
	return asc - par.shift, desc + par.shift, rel
}

// setFragment sets the place of a fragment on a measured line.
func (l *layouter) setFragment(c *inlineCtx, lb *lineBox, f *fragment) {
	b := &c.boxes[f.own]
	if f.box == nil {
		f.y = lb.baseline + b.shift
		switch b.lineRel {
		case vaTop:
			f.y = lb.y + half(b)
		case vaBottom:
			f.y = lb.y + lb.h - b.line + half(b)
		}
		return
	}
	a, d, rel := l.atomExtent(c, f)
	f.box.x = f.x + f.box.m[left]
	switch rel {
	case vaTop:
		f.box.y = lb.y + f.box.m[top]
	case vaBottom:
		f.box.y = lb.y + lb.h - a - d + f.box.m[top]
	default:
		f.box.y = lb.baseline - a + f.box.m[top]
	}
}
