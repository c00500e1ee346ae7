package htmlview

import (
	"image/color"

	"peyk/internal/text"
)

func (r *recorder) replaced(b *box, x, y float32) {
	if b.n != nil {
		r.link(b.s, rect{x, y, x + b.w, y + b.h})
	}
	if b.s.invisible {
		return
	}
	ix, iy := x+b.b[left]+b.p[left], y+b.b[top]+b.p[top]
	w, h := b.w-b.hEdges(), b.h-b.vEdges()
	if b.img != nil {
		r.picture(b, ix, iy, w, h)
		return
	}
	if w < 3 || h < 3 {
		return
	}
	line := border{w: 1, style: borderSolid, color: color.NRGBA{0xC8, 0xC8, 0xC8, 255}}
	r.border(&[4]border{line, line, line, line}, ix, iy, w, h, corners{})
	r.altText(b, ix, iy, w, h)
}

// picture paints a picture into its content box, by object-fit.
func (r *recorder) picture(b *box, x, y, w, h float32) {
	o := op{kind: opImage, x: x, y: y, w: w, h: h, img: b.img, radius: b.radii().inside(rect{x - b.b[left] - b.p[left], y - b.b[top] - b.p[top], x + w + b.b[right] + b.p[right], y + h + b.b[bottom] + b.p[bottom]}, rect{x, y, x + w, y + h})}
	s := b.s
	if s.fit == "" || s.fit == "fill" || b.img.w <= 0 || b.img.h <= 0 {
		r.add(o)
		return
	}
	kx, ky := w/b.img.w, h/b.img.h
	k := float32(1)
	switch s.fit {
	case "cover":
		k = max(kx, ky)
	case "contain":
		k = min(kx, ky)
	case "scale-down":
		k = min(1, kx, ky)
	}
	fw, fh := b.img.w*k, b.img.h*k
	at := func(l length, free float32) float32 {
		if !l.set {
			return free / 2
		}
		return l.of(free)
	}
	clip, round := r.clip, r.round
	area := rect{x, y, x + w, y + h}
	if o.radius != (corners{}) {
		r.round = &roundClip{area, o.radius, round}
	}
	if clip != nil {
		area = area.cut(*clip)
	}
	r.clip = &area
	o.x, o.y, o.w, o.h, o.radius = x+at(s.fitX, w-fw), y+at(s.fitY, h-fh), fw, fh, corners{}
	r.add(o)
	r.clip, r.round = clip, round
}

// altText shows the alternative text in the place of a picture that is not there.
func (r *recorder) altText(b *box, x, y, w, h float32) {
	if b.alt == "" || w < 20 || h < 10 {
		return
	}
	rs := []rune(b.alt)
	for i, c := range rs {
		if c < ' ' || c == 0x2028 || c == 0x2029 || c == 0x85 {
			rs[i] = ' '
		}
	}
	e := r.v.doc.opts.Engine
	sh := e.Shape(rs, []text.ShapeSpan{{End: len(rs), Fonts: b.s.fonts(e), Size: b.s.size}}, text.Auto)
	clip := rect{x, y, x + w, y + h}
	if r.clip != nil {
		clip = clip.cut(*r.clip)
	}
	old := r.clip
	r.clip = &clip
	px := x + 2
	line := sh.Line(0, len(rs))
	if b.s.rtl { // it begins at the right edge, and what is too long is cut at its end
		px = x + w - 2
		for i := range line {
			px -= line[i].Width
		}
	}
	for _, pc := range line {
		p := pc
		m := p.Metrics()
		r.add(op{kind: opText, x: px, y: y, w: p.Width, h: h, piece: &p, base: y + 2 + m.Ascent, color: b.s.color})
		px += p.Width
	}
	r.clip = old
}

func (r *recorder) marker(b *box, x, y float32) {
	s := b.s
	if s.invisible {
		return
	}
	base := b.first
	asc, _, line := s.lineMetrics(r.v.doc.opts.Engine)
	if p := b.markerImg; p != nil {
		px := x + b.b[left] + b.p[left] - p.w - 7
		if s.rtl {
			px = x + b.w - b.b[right] - b.p[right] + 7
		}
		r.add(op{kind: opImage, x: px, y: y + base - p.h, w: p.w, h: p.h, img: p})
		return
	}
	if b.marker[0] == 0 {
		offset, size := bulletSize(asc)
		by := y + base - asc + floorf(3*(asc-offset)/2)
		if b.indent > 0 {
			offset = -7
		}
		bx := x + b.b[left] + b.p[left] - offset - 7
		if s.rtl {
			bx = x + b.w - b.b[right] - b.p[right] + offset + 7 - size
		}
		r.add(op{kind: opBullet, x: bx, y: by, w: size, h: size, color: s.color, bullet: b.marker})
		return
	}
	e := r.v.doc.opts.Engine
	rs := []rune(b.marker + " ")
	dir := text.LTR
	if s.rtl {
		dir = text.RTL
	}
	sh := e.Shape(rs, []text.ShapeSpan{{End: len(rs), Fonts: s.fonts(e), Size: s.size}}, dir)
	ps := sh.Line(0, len(rs))
	var w float32
	for i := range ps {
		w += ps[i].Width
	}
	px := x + b.b[left] + b.p[left] - w
	if s.rtl {
		px = x + b.w - b.b[right] - b.p[right]
	}
	for i := range ps {
		p := ps[i]
		r.add(op{kind: opText, x: px, y: y + base - asc, w: p.Width, h: line, piece: &p, base: y + base, color: s.color})
		px += p.Width
	}
}
