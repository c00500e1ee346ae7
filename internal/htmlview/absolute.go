package htmlview

// leave notes an absolutely positioned box and where it would stand in normal flow, relative to the border box of its
// parent; it is laid out when everything in flow has its place.
func (l *layouter) leave(a *box, x, y float32) {
	a.static = [2]float32{x, y}
	if !a.left {
		a.left = true
		l.away = append(l.away, a)
	}
}

// positioned lays out the absolutely positioned boxes, outer ones first.
func (l *layouter) positioned(width float32) {
	for i := 0; i < len(l.away); i++ { // it grows by those within
		l.tick()
		l.absolute(l.away[i], width)
	}
}

// origin is the place of a border box on the page.
func (b *box) origin() (x, y float32) {
	for p := b; p != nil; p = p.parent {
		x, y = x+p.x+p.dx, y+p.y+p.dy
		if p.parent != nil {
			y += p.parent.shift
		}
	}
	return x, y
}

// containing is the padding box that an absolutely positioned box refers to: that of its nearest positioned ancestor, or
// the window.
func (a *box) containing(width float32) rect {
	for p := a.parent; p != nil; p = p.parent {
		if p.s.position == 0 || p.n == nil {
			continue
		}
		x, y := p.origin()
		return rect{x + p.b[left], y + p.b[top], x + p.w - p.b[right], y + p.h - p.b[bottom]}
	}
	return rect{0, 0, width, leastHeight}
}

// absolute sizes and places one box (CSS 2.2 sections 10.3.7 and 10.6.4).
func (l *layouter) absolute(a *box, width float32) {
	cb := a.containing(width)
	cbw, cbh := cb.x1-cb.x0, cb.y1-cb.y0
	a.cb = &[2]float32{cbw, cbh}
	ox, oy := a.parent.origin()
	oy += a.parent.shift
	in := &a.s.inset
	var off [4]float32
	for i, base := range [4]float32{cbh, cbw, cbh, cbw} {
		off[i] = in[i].of(base)
	}
	l.edges(a, cbw)
	margins := a.m[left] + a.m[right]
	wide := in[left].set && in[right].set
	rtl := a.parent.s.rtl
	switch {
	case wide && a.s.width.auto() && a.kind != boxReplaced && a.kind != boxTable:
		a.w = max(a.clampW(cbw-off[left]-off[right]-margins, cbw), a.hEdges())
	case in[left].set || in[right].set || rtl:
		l.width(a, cbw, cbw-off[left]-off[right], true)
	default:
		l.width(a, cbw, cb.x1-ox-a.static[0], true)
	}
	var x float32
	free := cbw - off[left] - off[right] - a.w - margins
	switch {
	case wide && a.autoL && a.autoR:
		x = cb.x0 + off[left] + max(0, free/2)
	case wide && (a.autoL || rtl && !a.autoR):
		x = cb.x0 + off[left] + free + a.m[left]
	case in[left].set:
		x = cb.x0 + off[left] + a.m[left]
	case in[right].set:
		x = cb.x1 - off[right] - a.w - a.m[right]
	case rtl:
		x = ox + a.static[0] - a.w - a.m[right]
	default:
		x = ox + a.static[0] + a.m[left]
	}
	l.block(a, &floats{}, 0, 0)
	tall := in[top].set && in[bottom].set
	if tall && a.s.height.auto() && a.kind != boxReplaced && a.kind != boxTable {
		a.h = l.clampH(a, max(cbh-off[top]-off[bottom]-a.m[top]-a.m[bottom], a.vEdges()))
	}
	var y float32
	switch {
	case tall && a.s.margin[top].auto() && a.s.margin[bottom].auto():
		y = cb.y0 + off[top] + max(0, (cbh-off[top]-off[bottom]-a.h)/2)
	case in[top].set:
		y = cb.y0 + off[top] + a.m[top]
	case in[bottom].set:
		y = cb.y1 - off[bottom] - a.h - a.m[bottom]
	default:
		y = oy + a.static[1] + a.m[top]
	}
	a.x, a.y = x-ox, y-oy
}
