package htmlview

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// border paints the four borders of a box.
func (p *painter) border(o *op, r image.Rectangle) {
	bs := o.border
	w := [4]int{}
	for i := range bs {
		if f := bs[i].width() * p.s; f > 0 && bs[i].color.A > 0 {
			w[i] = max(1, int(f+0.01))
		} else if f > 0 {
			w[i] = int(f + 0.01)
		}
	}
	inner := image.Rect(r.Min.X+w[left], r.Min.Y+w[top], max(r.Min.X+w[left], r.Max.X-w[right]), max(r.Min.Y+w[top], r.Max.Y-w[bottom]))
	vis := r.Intersect(p.clip)
	if vis.Empty() {
		return
	}
	if uniform(bs, borderDouble) && min(w[0], w[1], w[2], w[3]) >= 3 {
		p.doubled(o, r, w)
		return
	}
	var ring *image.Alpha
	if o.radius != (corners{}) {
		ir := o.radius
		for i, d := range [4][2]int{{left, top}, {right, top}, {right, bottom}, {left, bottom}} {
			ir[i] = [2]float32{max(0, ir[i][0]-bs[d[0]].width()), max(0, ir[i][1]-bs[d[1]].width())}
		}
		ring = p.mask(vis, r, o.radius, &inner, ir)
		if uniform(bs, borderSolid) {
			draw.DrawMask(p.dst, vis, image.NewUniform(fade(bs[0].color, o.alpha)), image.Point{}, ring, vis.Min, draw.Over)
			return
		}
	}
	mitre := ring != nil && !uniform(bs, bs[0].style) || ring == nil && mitred(bs, w)
	for i := range bs {
		if w[i] == 0 || bs[i].color.A == 0 || bs[i].style == borderNone || bs[i].style == borderHidden {
			continue
		}
		c := fade(bs[i].color, o.alpha)
		if ring == nil && !mitre {
			s := sideRect(i, r, inner)
			if bs[i].style == borderDotted || bs[i].style == borderDashed { // the corners belong to both sides
				s = fullSide(i, r, w[i])
			}
			p.side(p.dst, s, &bs[i], c, i, w[i], p.clip)
			continue
		}
		layer := image.NewRGBA(vis)
		s := sideRect(i, r, inner)
		if mitre {
			s = fullSide(i, r, w[i])
		}
		if ring != nil { // the corners reach further in than the width
			s = cornerSide(i, r, s, o.radius, p.s)
		}
		p.side(layer, s, &bs[i], c, i, w[i], vis)
		m := ring
		if mitre {
			m = polygonMask(vis, image.Point{}, sideQuad(i, r, inner))
			if ring != nil {
				for k, a := range ring.Pix {
					m.Pix[k] = uint8(int(m.Pix[k]) * int(a) / 255)
				}
			}
		}
		draw.DrawMask(p.dst, vis, layer, vis.Min, m, vis.Min, draw.Over)
	}
}

// doubled paints a double border all around: two solid ones, one within the other.
func (p *painter) doubled(o *op, r image.Rectangle, w [4]int) {
	var line [4]border
	gap, in := [4]int{}, *o
	for i := range line {
		t := (w[i] + 1) / 3
		line[i] = border{w: float32(t) / p.s, style: borderSolid, color: o.border[i].color}
		gap[i] = w[i] - t
	}
	for i, d := range [4][2]int{{left, top}, {right, top}, {right, bottom}, {left, bottom}} {
		in.radius[i] = [2]float32{max(0, in.radius[i][0]-float32(gap[d[0]])/p.s), max(0, in.radius[i][1]-float32(gap[d[1]])/p.s)}
	}
	out := *o
	out.border, in.border = &line, &line
	p.border(&out, r)
	p.border(&in, image.Rect(r.Min.X+gap[left], r.Min.Y+gap[top], r.Max.X-gap[right], r.Max.Y-gap[bottom]))
}

// uniform reports that all sides have one colour and the given style.
func uniform(bs *[4]border, style borderStyle) bool {
	for i := range bs {
		if bs[i].color != bs[0].color || bs[i].style != style || (bs[i].width() == 0) != (bs[0].width() == 0) {
			return false
		}
	}
	return true
}

// mitred reports sides that meet at a slant one can see.
func mitred(bs *[4]border, w [4]int) bool {
	for i := range bs {
		k := (i + 1) % 4
		if w[i] > 0 && w[k] > 0 && (w[i] > 1 || w[k] > 1) && (bs[i].color != bs[k].color || bs[i].style >= borderGroove) {
			return true
		}
	}
	return false
}

// sideRect is one side; the horizontal ones have the corners.
func sideRect(i int, r, in image.Rectangle) image.Rectangle {
	switch i {
	case top:
		return image.Rect(r.Min.X, r.Min.Y, r.Max.X, in.Min.Y)
	case bottom:
		return image.Rect(r.Min.X, in.Max.Y, r.Max.X, r.Max.Y)
	case left:
		return image.Rect(r.Min.X, in.Min.Y, in.Min.X, in.Max.Y)
	}
	return image.Rect(in.Max.X, in.Min.Y, r.Max.X, in.Max.Y)
}

// fullSide is one side with its corners.
func fullSide(i int, r image.Rectangle, w int) image.Rectangle {
	switch i {
	case top:
		r.Max.Y = r.Min.Y + w
	case bottom:
		r.Min.Y = r.Max.Y - w
	case left:
		r.Max.X = r.Min.X + w
	default:
		r.Min.X = r.Max.X - w
	}
	return r
}

// cornerSide widens a side so that it covers round corners.
func cornerSide(i int, r, s image.Rectangle, c corners, scale float32) image.Rectangle {
	var d float32
	for k := range c {
		d = max(d, c[k][0], c[k][1])
	}
	n := int(d*scale) + 1
	switch i {
	case top:
		s = image.Rect(r.Min.X, r.Min.Y, r.Max.X, max(s.Max.Y, r.Min.Y+n))
	case bottom:
		s = image.Rect(r.Min.X, min(s.Min.Y, r.Max.Y-n), r.Max.X, r.Max.Y)
	case left:
		s = image.Rect(r.Min.X, r.Min.Y, max(s.Max.X, r.Min.X+n), r.Max.Y)
	default:
		s = image.Rect(min(s.Min.X, r.Max.X-n), r.Min.Y, r.Max.X, r.Max.Y)
	}
	return s.Intersect(r)
}

// sideQuad is the quadrilateral of one side between the outer and the inner edge.
func sideQuad(i int, r, in image.Rectangle) [][2]float32 {
	f := func(x, y int) [2]float32 { return [2]float32{float32(x), float32(y)} }
	switch i {
	case top:
		return [][2]float32{f(r.Min.X, r.Min.Y), f(r.Max.X, r.Min.Y), f(in.Max.X, in.Min.Y), f(in.Min.X, in.Min.Y)}
	case right:
		return [][2]float32{f(r.Max.X, r.Min.Y), f(r.Max.X, r.Max.Y), f(in.Max.X, in.Max.Y), f(in.Max.X, in.Min.Y)}
	case bottom:
		return [][2]float32{f(r.Max.X, r.Max.Y), f(r.Min.X, r.Max.Y), f(in.Min.X, in.Max.Y), f(in.Max.X, in.Max.Y)}
	}
	return [][2]float32{f(r.Min.X, r.Max.Y), f(r.Min.X, r.Min.Y), f(in.Min.X, in.Min.Y), f(in.Min.X, in.Max.Y)}
}

// side paints one side of a border into r.
func (p *painter) side(dst *image.RGBA, r image.Rectangle, b *border, c color.NRGBA, i, w int, clip image.Rectangle) {
	horizontal := i == top || i == bottom
	length := r.Dx()
	if !horizontal {
		length = r.Dy()
	}
	part := func(q image.Rectangle, c color.NRGBA) {
		draw.Draw(dst, q.Intersect(clip), image.NewUniform(c), image.Point{}, draw.Over)
	}
	switch b.style {
	case borderDashed, borderDotted:
		p.dashes(dst, r, b.style, c, horizontal, length, w, clip)
	case borderDouble:
		if w < 3 {
			part(r, c)
			return
		}
		t := (w + 1) / 3
		part(strip(r, i, 0, t), c)
		part(strip(r, i, w-t, w), c)
	case borderGroove, borderRidge:
		dark, light := b.relief(c)
		first, second := dark, light
		if (i == top || i == left) != (b.style == borderGroove) {
			first, second = light, dark
		}
		half := (w + 1) / 2
		part(strip(r, i, 0, half), first)
		part(strip(r, i, half, w), second)
	default:
		part(r, c)
	}
}

// strip is a part of a side, from a to z pixels inwards.
func strip(r image.Rectangle, i, a, z int) image.Rectangle {
	switch i {
	case top:
		return image.Rect(r.Min.X, r.Min.Y+a, r.Max.X, r.Min.Y+z)
	case bottom:
		return image.Rect(r.Min.X, r.Max.Y-z, r.Max.X, r.Max.Y-a)
	case left:
		return image.Rect(r.Min.X+a, r.Min.Y, r.Min.X+z, r.Max.Y)
	}
	return image.Rect(r.Max.X-z, r.Min.Y, r.Max.X-a, r.Max.Y)
}

// dashes paints a dashed or dotted side, with whole dashes at both ends.
func (p *painter) dashes(dst *image.RGBA, r image.Rectangle, style borderStyle, c color.NRGBA, horizontal bool, length, w int, clip image.Rectangle) {
	dash, gap := 2*w, w
	if w < 3 {
		dash, gap = 3*w, 2*w
	}
	if style == borderDotted {
		dash, gap = w, w
	}
	src := image.NewUniform(c)
	if length <= dash {
		draw.Draw(dst, r.Intersect(clip), src, image.Point{}, draw.Over)
		return
	}
	n := max(1, int(math.Round(float64(length-dash)/float64(dash+gap))))
	step := float64(length-dash) / float64(n)
	for i := 0; i <= n && i < 100000; i++ {
		a := int(float64(i)*step + 0.5)
		q := image.Rect(r.Min.X, r.Min.Y+a, r.Max.X, r.Min.Y+min(length, a+dash))
		if horizontal {
			q = image.Rect(r.Min.X+a, r.Min.Y, r.Min.X+min(length, a+dash), r.Max.Y)
		}
		vis := q.Intersect(clip)
		switch {
		case vis.Empty():
		case style == borderDotted && w >= 3: // round ones
			d := float32(w) / 2 / p.s
			m := p.mask(vis, q, corners{{d, d}, {d, d}, {d, d}, {d, d}}, nil, corners{})
			draw.DrawMask(dst, vis, src, image.Point{}, m, vis.Min, draw.Over)
		default:
			draw.Draw(dst, vis, src, image.Point{}, draw.Over)
		}
	}
}
