package htmlview

import "image/color"

// rows paints the backgrounds of columns, row groups and rows: each cell shows its part.
func (r *recorder) rows(b *box, x, y float32) {
	t := b.table
	if t.painted {
		for _, row := range t.rows {
			for _, c := range row.cells {
				if c.col < len(t.cols) {
					if s := t.cols[c.col].s; s != nil && s.bg.A > 0 {
						r.fill(s, rect{x + c.b.x, y + c.b.y, x + c.b.x + c.b.w, y + c.b.y + c.b.h}, corners{}, [4]float32{}, [4]float32{})
					}
				}
			}
		}
	}
	for _, row := range t.rows {
		for _, s := range [2]*style{row.group, row.s} {
			if s == nil || s.bg.A == 0 && len(s.layers) == 0 || s.invisible {
				continue
			}
			for _, c := range row.cells {
				cell := rect{x + c.b.x, y + c.b.y, x + c.b.x + c.b.w, y + c.b.y + c.b.h}
				whole := rect{x + b.b[left], y + row.y, x + b.w - b.b[right], y + row.y + row.h}
				if s.bg.A > 0 {
					r.add(op{kind: opFill, x: cell.x0, y: cell.y0, w: cell.x1 - cell.x0, h: cell.y1 - cell.y0, color: s.bg})
				}
				if len(s.layers) > 0 {
					r.layers(s, cell, whole, corners{}, [4]rect{})
				}
			}
		}
	}
}

// fill paints the background colour and the layers over it.
func (r *recorder) fill(s *style, box rect, radius corners, b, p [4]float32) {
	if s.bg.A == 0 && len(s.layers) == 0 {
		return
	}
	areas := [4]rect{borderArea: box}
	areas[paddingArea] = rect{box.x0 + b[left], box.y0 + b[top], box.x1 - b[right], box.y1 - b[bottom]}
	pa := areas[paddingArea]
	areas[contentArea] = rect{pa.x0 + p[left], pa.y0 + p[top], pa.x1 - p[right], pa.y1 - p[bottom]}
	areas[textArea] = box
	if s.bg.A > 0 && s.bgClip != textArea {
		a := areas[s.bgClip]
		r.add(op{kind: opFill, x: a.x0, y: a.y0, w: a.x1 - a.x0, h: a.y1 - a.y0, color: s.bg, radius: radius.inside(box, a)})
	}
	r.layers(s, box, pa, radius, areas)
}

// layers paints the pictures and gradients of a background, the last one first.
func (r *recorder) layers(s *style, box, area rect, radius corners, areas [4]rect) {
	for i := len(s.layers) - 1; i >= 0; i-- {
		l := &s.layers[i]
		if l.clip == textArea || l.url == "" && l.gradient == nil {
			continue
		}
		show, rad, origin := box, radius, area
		if areas != [4]rect{} {
			show, origin = areas[l.clip], areas[l.origin]
			rad = radius.inside(box, show)
		}
		r.add(op{kind: opBackground, x: show.x0, y: show.y0, w: show.x1 - show.x0, h: show.y1 - show.y0, bg: l, img: r.v.doc.picture(l.url), radius: rad, area: origin})
	}
}

// inside gives the corners of a box within another that has these corners.
func (c corners) inside(outer, inner rect) corners {
	if c == (corners{}) || outer == inner {
		return c
	}
	l, t, ri, b := inner.x0-outer.x0, inner.y0-outer.y0, outer.x1-inner.x1, outer.y1-inner.y1
	for i, d := range [4][2]float32{{l, t}, {ri, t}, {ri, b}, {l, b}} {
		c[i] = [2]float32{max(0, c[i][0]-d[0]), max(0, c[i][1]-d[1])}
	}
	return c
}

// decorate paints shadows, background, border and outline.
func (r *recorder) decorate(b *box, x, y float32) {
	s := b.s
	if s.invisible || b.w <= 0 || b.h <= 0 {
		return
	}
	if s.control != noControl && !s.ownLook {
		r.control(b, x, y)
		return
	}
	rad := b.radii()
	bx := rect{x, y, x + b.w, y + b.h}
	bs := &s.border
	w := b.b
	if b.collapsedBorder != nil {
		bs = b.collapsedBorder
	}
	if b.table != nil {
		bx = b.table.inner(b, x, y)
	}
	if b.legend != nil {
		bx.y0 += b.legendShift()
	}
	r.shadows(s, bx, rad, w, false)
	r.fill(s, bx, rad, w, b.p)
	r.shadows(s, bx, rad, w, true)
	if b.kind == boxTable && s.collapse {
		return
	}
	if b.legend != nil {
		r.legendBorder(b, bs, bx, rad, x, y)
	} else {
		r.border(bs, bx.x0, bx.y0, bx.x1-bx.x0, bx.y1-bx.y0, rad)
	}
	if ow := s.outline.width(); ow > 0 {
		d := ow + s.outlineOffset
		o := s.outline
		r.border(&[4]border{o, o, o, o}, bx.x0-d, bx.y0-d, bx.x1-bx.x0+2*d, bx.y1-bx.y0+2*d, corners{})
	}
}

// shadows paints the box shadows outside, or those inside; the first one lies on top.
func (r *recorder) shadows(s *style, b rect, rad corners, w [4]float32, inset bool) {
	for i := len(s.shadows) - 1; i >= 0; i-- {
		sh := &s.shadows[i]
		if sh.inset != inset {
			continue
		}
		o := op{kind: opShadow, x: b.x0, y: b.y0, w: b.x1 - b.x0, h: b.y1 - b.y0, color: sh.color, shadow: sh, radius: rad}
		if inset {
			in := rect{b.x0 + w[left], b.y0 + w[top], b.x1 - w[right], b.y1 - w[bottom]}
			o.x, o.y, o.w, o.h, o.radius = in.x0, in.y0, in.x1-in.x0, in.y1-in.y0, rad.inside(b, in)
		}
		r.add(o)
	}
}

func (r *recorder) border(bs *[4]border, x, y, w, h float32, rad corners) {
	for i := range bs {
		if bs[i].width() > 0 && bs[i].color.A > 0 {
			c := *bs
			for k := range c {
				c[k].color = c[k].shaded(k, bs[k].color)
			}
			r.add(op{kind: opBorder, x: x, y: y, w: w, h: h, border: &c, radius: rad})
			return
		}
	}
}

// shaded is the colour of one side of a border that looks raised or sunk.
func (b border) shaded(side int, c color.NRGBA) color.NRGBA {
	if b.style != borderInset && b.style != borderOutset {
		return c
	}
	dark, light := b.relief(c)
	if (side == top || side == left) == (b.style == borderInset) {
		return dark
	}
	return light
}

// relief gives the dark and the light edge of a border of a colour, by the rules of browsers: a colour that is too dark for edges to
// differ is made lighter first.
func (b *border) relief(c color.NRGBA) (dark, light color.NRGBA) {
	if luminance(c) < 0.014 {
		c = lighter(c)
		return c, lighter(c)
	}
	v := float32(max(c.R, c.G, c.B)) / 255
	if dark, light = scaled(c, max(0, (v-0.33)/v)), c; !b.plain {
		light = lighter(c)
	}
	return dark, light
}

func lighter(c color.NRGBA) color.NRGBA {
	if c.R == 0 && c.G == 0 && c.B == 0 {
		return color.NRGBA{84, 84, 84, c.A}
	}
	v := float32(max(c.R, c.G, c.B)) / 255
	return scaled(c, min(1, v+0.33)/v)
}

func scaled(c color.NRGBA, k float32) color.NRGBA {
	f := func(x uint8) uint8 { return uint8(min(255, float32(x)*k+0.5)) }
	return color.NRGBA{f(c.R), f(c.G), f(c.B), c.A}
}

// radii resolves the corners and shrinks them when they overlap.
func (b *box) radii() (out corners) {
	if b.s.radius == [4][2]length{} {
		return out
	}
	f := float32(1)
	for i := range out {
		out[i] = [2]float32{max(0, b.s.radius[i][0].of(b.w)), max(0, b.s.radius[i][1].of(b.h))}
		if out[i][0] <= 0 || out[i][1] <= 0 {
			out[i] = [2]float32{}
		}
	}
	for i, side := range [4]float32{b.w, b.h, b.w, b.h} {
		axis := i & 1
		if sum := out[i][axis] + out[(i+1)%4][axis]; sum > side && sum > 0 {
			f = min(f, side/sum)
		}
	}
	for i := range out {
		out[i][0], out[i][1] = out[i][0]*f, out[i][1]*f
	}
	return out
}

// legendBorder paints the border of a field set, which its legend interrupts.
func (r *recorder) legendBorder(b *box, bs *[4]border, bx rect, rad corners, x, y float32) {
	l := b.legend
	hole := rect{x + l.x, y + l.y, x + l.x + l.w, y + l.y + l.h}
	clip := r.clip
	for _, part := range [3]rect{{bx.x0, bx.y0, hole.x0, bx.y1}, {hole.x1, bx.y0, bx.x1, bx.y1}, {hole.x0, hole.y1, hole.x1, bx.y1}} {
		if clip != nil {
			part = part.cut(*clip)
		}
		r.clip = &part
		r.border(bs, bx.x0, bx.y0, bx.x1-bx.x0, bx.y1-bx.y0, rad)
	}
	r.clip = clip
}

// legendShift is how far the border of a field set lies below the top of its legend.
func (b *box) legendShift() float32 { return max(0, floorf((b.legend.h-b.s.border[top].width())/2)) }

// inner is the border box of a table without its captions.
func (t *table) inner(b *box, x, y float32) rect {
	return rect{x, y + t.above, x + b.w, y + b.h - t.below}
}
