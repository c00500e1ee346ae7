package htmlview

// edges resolves margins, paddings and borders of a box against the width of its container.
func (l *layouter) edges(b *box, cbw float32) {
	s := b.s
	cbw = max(0, cbw)
	for i := range 4 {
		b.m[i], b.p[i], b.b[i] = s.margin[i].of(cbw), max(0, s.padding[i].of(cbw)), s.border[i].width()
	}
	b.autoL, b.autoR = s.margin[left].auto(), s.margin[right].auto()
	if s.display == dispTable && s.collapse && b.table != nil {
		b.p = [4]float32{}
		b.b = b.table.outer
	}
	if b.s.display == dispCell {
		b.m = [4]float32{}
		if b.collapsedBorder != nil {
			for i := range 4 {
				b.b[i] = b.collapsedBorder[i].width()
			}
		}
	}
}

// quirky reports a margin of the user agent's sheet that vanishes at the edge of a cell or the body in quirks mode: as browsers have
// it those above of most elements, those below of paragraphs and preformatted text only.
func (l *layouter) quirky(b *box, side int) bool {
	if !b.s.uaMargin[side] || l.doc.mode != fullQuirks || b.n == nil {
		return false
	}
	switch b.n.tag {
	case "p", "pre", "listing", "xmp", "plaintext":
		return true
	case "hr", "figure":
		return false
	}
	return side == top
}

// dropsQuirky reports a container at whose edges quirky margins vanish.
func (l *layouter) dropsQuirky(b *box) bool {
	return l.doc.mode == fullQuirks && b.n != nil && (b.s.display == dispCell || b.n.tag == "body")
}

func (b *box) hEdges() float32 { return b.p[left] + b.p[right] + b.b[left] + b.b[right] }
func (b *box) vEdges() float32 { return b.p[top] + b.p[bottom] + b.b[top] + b.b[bottom] }
func (b *box) contentW() float32 {
	return max(0, b.w-b.hEdges())
}

// borderBoxW turns a specified width into that of the border box.
func (b *box) borderBoxW(v length, base float32) float32 {
	w := max(0, v.of(base))
	if b.s.borderBox {
		return max(w, b.hEdges())
	}
	return w + b.hEdges()
}

func (b *box) borderBoxH(v float32) float32 {
	if b.s.borderBox {
		return max(v, b.vEdges())
	}
	return v + b.vEdges()
}

// clampW applies min-width and max-width.
func (b *box) clampW(w, cbw float32) float32 {
	s := b.s
	if s.maxW.set {
		w = min(w, b.borderBoxW(s.maxW, cbw))
	}
	if s.minW.set {
		w = max(w, b.borderBoxW(s.minW, cbw))
	}
	return w
}

// width sets the width of a block-level box in a container of width cbw, of which room is free of floats.
func (l *layouter) width(b *box, cbw, room float32, shrink bool) {
	l.edges(b, cbw)
	avail := room - b.m[left] - b.m[right]
	switch {
	case b.kind == boxReplaced:
		l.replacedSize(b, cbw)
		return
	case b.kind == boxTable:
		l.tableWidth(b, cbw, avail)
		return
	case b.s.width.set:
		b.w = b.borderBoxW(b.s.width, cbw)
	case b.s.widthBy == byLeast:
		l.measure(b)
		b.w = b.min
	case b.s.widthBy == byMost:
		l.measure(b)
		b.w = b.max
	case shrink || b.s.widthBy == byFit:
		l.measure(b)
		b.w = min(max(b.min, avail), b.max)
	default:
		b.w = avail
	}
	b.w = max(b.clampW(b.w, cbw), b.hEdges())
}

// place sets x of a block-level box in normal flow, within [x0, x0+room).
func (l *layouter) place(b *box, parent *box, x0, room float32) {
	free := room - b.w - b.m[left] - b.m[right]
	ps := parent.s
	switch {
	case b.autoL && b.autoR:
		b.m[left] = max(0, free/2)
		if free < 0 && ps.rtl {
			b.m[left] = free
		}
	case b.autoL:
		b.m[left] = max(0, free)
	case b.autoR:
	default:
		if al := b.blockAlign(ps); al >= alignBlockLeft {
			switch al {
			case alignBlockCenter:
				b.m[left] += max(0, free/2)
			case alignBlockRight:
				b.m[left] += max(0, free)
			}
		} else if ps.rtl {
			b.m[left] += free
		}
	}
	b.x = x0 + b.m[left]
}

// blockAlign is the alignment of a block by the align attribute of what it stands in: the inline element, when it is in one.
func (b *box) blockAlign(ps *style) align {
	if b.inInline && b.n != nil && b.n.parent != nil && b.n.parent.style != nil {
		return b.n.parent.style.align
	}
	return ps.align
}

// block lays out what is in b, whose width is known. ox and oy are the place of b's border box in the float context.
func (l *layouter) block(b *box, fc *floats, ox, oy float32) {
	l.tick()
	b.bottom, b.through = margins{}, false
	if b.bfc || b.kind != boxBlock {
		fc, ox, oy = &floats{}, 0, 0
	}
	switch b.kind {
	case boxReplaced:
		b.bottom.add(b.m[bottom], false)
		return
	case boxTable:
		l.tableLayout(b)
		b.bottom.add(b.m[bottom], false)
		return
	case boxFlex:
		l.flexLayout(b)
		b.bottom.add(b.m[bottom], l.quirky(b, bottom))
		return
	}
	var end float32
	var pend margins
	empty := true
	if b.legend != nil {
		l.fieldset(b)
	}
	if b.inline != nil {
		end, empty = l.inlineLayout(b, fc, ox, oy)
	} else {
		end, pend, empty = l.blockChildren(b, fc, ox, oy)
	}
	if b.first < 0 && (b.marker != "" || b.markerImg != nil) { // the marker has a line, also without a text beside it
		var line inlineBox
		line.asc, line.desc, line.line = b.s.lineMetrics(l.engine)
		edge := b.b[top] + b.p[top]
		b.first, end, empty = edge+half(&line), max(end, edge+line.line), false
		b.baseline = b.first
	}
	l.blockHeight(b, fc, oy, end, pend, empty)
}

// blockHeight sets the height and the margins that stick out below.
func (l *layouter) blockHeight(b *box, fc *floats, oy, end float32, pend margins, empty bool) {
	s := b.s
	h, fixed := l.definite(b, s.height)
	open := b.p[bottom] == 0 && b.b[bottom] == 0 && !b.bfc && !fixed
	if !open {
		end += pend.sumIn(l.dropsQuirky(b))
		pend = margins{}
	}
	if b.bfc {
		end = max(end, fc.bottom())
	}
	b.h = end + b.p[bottom] + b.b[bottom]
	if fixed && b.s.display != dispCell {
		b.h = b.borderBoxH(h)
	}
	if v, ok := b.byRatio(); ok {
		b.h = max(b.h, v)
	}
	if v, ok := l.definite(b, s.maxH); ok && v == 0 && s.hidden {
		b.baseline, b.first = -1, -1
	}
	b.h = l.clampH(b, b.h)
	if s.scroll[1] && b.h >= s.size { // less than a line is meant not to be seen
		b.h = max(b.h, end+b.p[bottom]+b.b[bottom])
	}
	b.centred(end)
	b.bottom = pend
	b.bottom.add(b.m[bottom], l.quirky(b, bottom))
	b.through = empty && b.h == 0 && open && !b.bfc && b.vEdges() == 0
}

// topMargin is the margin above b, joined with those of its first children that touch it.
func (l *layouter) topMargin(b *box, cbw float32) margins {
	var m margins
	l.edges(b, cbw)
	m.add(b.m[top], l.quirky(b, top))
	if b.kind != boxBlock || b.bfc || b.p[top] > 0 || b.b[top] > 0 || b.inline != nil {
		return m
	}
	own := m.quirk
	for _, c := range b.children {
		if c.s.clear != 0 {
			break
		}
		m.join(l.topMargin(c, cbw))
		if !c.hollow() {
			break
		}
		m.add(c.m[bottom], l.quirky(c, bottom))
	}
	if l.dropsQuirky(b) {
		m.quirk = own
	}
	return m
}

// hollow guesses whether a box will collapse through.
func (b *box) hollow() bool {
	return b.kind == boxBlock && b.inline == nil && len(b.children) == 0 && !b.bfc && b.vEdges() == 0 &&
		(!b.s.height.set || b.s.height.px == 0) && (!b.s.minH.set || b.s.minH.px == 0)
}

// blockChildren stacks block-level children; it returns the lower end of the content, the margin that is still open, and
// whether nothing had a height.
func (l *layouter) blockChildren(b *box, fc *floats, ox, oy float32) (y float32, pend margins, empty bool) {
	x0, cw := b.b[left]+b.p[left], b.contentW()
	y = b.b[top] + b.p[top]
	start := y
	atTop := y == 0 && !b.bfc
	held := false // the last box was empty and below floats
	empty = true
	for _, c := range b.children {
		mt := l.topMargin(c, cw)
		m := pend
		m.join(mt)
		cy := y
		if !atTop {
			cy += m.sumIn(empty && l.dropsQuirky(b))
		}
		cleared := false
		if c.s.clear != 0 {
			if cl := fc.clear(c.s.clear) - oy; cl > cy {
				cy, cleared = cl, true
			}
		}
		cx, room := x0, cw
		if c.bfc || c.kind != boxBlock {
			cx, room, cy = l.beside(c, fc, ox, oy, x0, cw, cy)
		}
		l.width(c, cw, room, false)
		l.place(c, b, cx, room)
		c.y = cy
		l.block(c, fc, ox+c.x, oy+cy)
		l.relative(c, cw)
		if c.through {
			if cleared { // what follows an empty box below floats is below them, too; its margins are not its parent's (CSS 2.2 section 8.3.1)
				y, m, atTop, held = cy-mt.sum(), mt, false, true
			}
			pend = m
			pend.join(c.bottom)
			if atTop {
				pend = margins{}
			}
			continue
		}
		if c.first >= 0 && b.first < 0 {
			b.first = c.y + c.first
		}
		if c.baseline >= 0 {
			b.baseline = c.y + c.baseline
		}
		y, pend = cy+c.h, c.bottom
		atTop, held = false, false
		empty = empty && y == start && c.h == 0
	}
	if held {
		return y + pend.sum(), margins{}, false
	}
	return y, pend, empty
}

// relative notes the shift of a relatively positioned box.
func (l *layouter) relative(b *box, cbw float32) {
	if b.s.position != 1 {
		return
	}
	switch {
	case b.s.inset[left].set:
		b.dx = b.s.inset[left].of(cbw)
	case b.s.inset[right].set:
		b.dx = -b.s.inset[right].of(cbw)
	}
	switch {
	case b.s.inset[top].set:
		b.dy = b.s.inset[top].px
	case b.s.inset[bottom].set:
		b.dy = -b.s.inset[bottom].px
	}
}

// beside finds the place for a box that floats must not reach into.
func (l *layouter) beside(c *box, fc *floats, ox, oy, x0, cw, y float32) (x, room, ny float32) {
	if len(fc.boxes) == 0 {
		return x0, cw, y
	}
	l.width(c, cw, cw, false)
	need := c.w
	if !c.s.width.set && c.kind == boxBlock {
		l.measure(c)
		need = c.min
	}
	for range 1000 {
		lo, hi := fc.space(oy+y, oy+y+1, ox+x0, ox+x0+cw)
		next := fc.next(oy + y)
		if hi-lo >= need || lo <= ox+x0 && hi >= ox+x0+cw || next < 0 {
			return lo - ox, hi - lo, y
		}
		y = next - oy
	}
	return x0, cw, y
}
