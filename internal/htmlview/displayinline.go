package htmlview

import "image/color"

// inline paints the lines of a block: decorations of inline boxes, then text and atomic boxes.
func (r *recorder) inline(b *box, x, y float32) {
	c := b.inline
	for i := range c.lines {
		lb := &c.lines[i]
		r.reach(y + lb.y + lb.h)
		for k := range lb.decors {
			r.inlineDecor(c, &lb.decors[k], x, y)
		}
		for k := range lb.frags {
			r.fragment(c, lb, &lb.frags[k], x, y)
		}
	}
	for _, s := range c.segments {
		for _, o := range s.outs {
			if o.abs && o.box.n != nil {
				r.paint(o.box, x, y)
			}
		}
	}
}

func (r *recorder) inlineDecor(c *inlineCtx, d *decor, x, y float32) {
	s := c.boxes[d.box].s
	if s.invisible || d.box == 0 {
		return
	}
	bx := box{s: s, w: d.x1 - d.x0, h: d.y1 - d.y0}
	if bx.w <= 0 || bx.h <= 0 {
		return
	}
	// Margins lie outside of background and border. An edge that is in another line has none of the three, nor round corners.
	bs, there := s.border, [4]bool{top: true, right: d.right, bottom: true, left: d.left}
	dx, dy := c.moved(d.box)
	dx, dy = x+dx+d.x0, y+dy+d.y0
	if d.left {
		dx += s.margin[left].px
		bx.w -= s.margin[left].px
	}
	if d.right {
		bx.w -= s.margin[right].px
	}
	alpha := r.alpha
	r.alpha *= s.opacity
	rad := bx.radii()
	area := rect{dx, dy, dx + bx.w, dy + bx.h}
	var b, p [4]float32
	for i, ok := range there {
		if ok {
			b[i], p[i] = bs[i].width(), s.padding[i].px
			continue
		}
		bs[i] = border{}
		rad[i], rad[(i+1)%4] = [2]float32{}, [2]float32{}
	}
	r.shadows(s, area, rad, b, false)
	r.fill(s, area, rad, b, p)
	r.border(&bs, dx, dy, bx.w, bx.h, rad)
	r.alpha = alpha
}

// moved is how far position: relative moves what is in inline box o.
func (c *inlineCtx) moved(o int32) (dx, dy float32) {
	for ; o > 0; o = int32(c.boxes[o].parent) {
		if s := c.boxes[o].s; s.position == 1 {
			dx, dy = dx+s.inset[left].px-s.inset[right].px, dy+s.inset[top].px-s.inset[bottom].px
		}
	}
	return dx, dy
}

func (r *recorder) fragment(c *inlineCtx, lb *lineBox, f *fragment, x, y float32) {
	dx, dy := c.moved(f.own)
	if f.box != nil {
		x, y := x+dx, y+dy
		r.link(c.boxes[f.own].s, rect{x + f.box.x, y + f.box.y, x + f.box.x + f.box.w, y + f.box.y + f.box.h})
		alpha := r.alpha
		r.alpha *= c.opacity(f.own)
		r.paint(f.box, x, y)
		r.alpha = alpha
		return
	}
	ib := &c.boxes[f.own]
	s := ib.s
	asc, desc := ib.asc, ib.desc
	o := op{kind: opText, x: x + f.x + dx, y: y + f.y - asc + dy, w: f.w, h: asc + desc, piece: &f.piece, base: y + f.y + dy, color: s.color}
	o.lines, o.lineColor, o.lineStyle, o.lineThick = c.lines4(f.own)
	if !f.mark {
		r.v.runs = append(r.v.runs, textRun{piece: f.piece, at: f.seg.offset[f.piece.Span] + f.piece.Start, x: o.x, y: y + lb.y, w: f.w, h: max(lb.h, asc+desc), base: o.base, link: s.link, clip: r.clip, in: r.in})
	}
	r.link(s, rect{o.x, o.y, o.x + o.w, o.y + o.h})
	if s.invisible || s.size < 1 || f.placeholder() {
		return
	}
	alpha := r.alpha
	r.alpha *= c.opacity(f.own)
	r.textShadows(s, &o)
	if s.filled {
		o.color = s.textFill
	}
	if o.color.A < 255 {
		o.bg, o.area = c.clippedBackground(f.own, r.v, x, y)
	}
	r.add(o)
	r.alpha = alpha
}

// placeholder reports what stands for an inline box without text.
func (f *fragment) placeholder() bool {
	for _, r := range f.seg.runes[f.piece.Start:f.piece.End] {
		if r != wordJoiner {
			return false
		}
	}
	return !f.mark
}

// textShadows paints the shadows of a piece of text, the first one on top.
func (r *recorder) textShadows(s *style, o *op) {
	for i := len(s.textShadows) - 1; i >= 0; i-- {
		sh := *o
		sh.kind, sh.shadow, sh.color, sh.lines = opTextShadow, &s.textShadows[i], s.textShadows[i].color, 0
		r.add(sh)
	}
}

// clippedBackground finds the gradient of an ancestor that shows through its text only (background-clip: text).
func (c *inlineCtx) clippedBackground(own int32, v *View, x, y float32) (*background, rect) {
	find := func(s *style) *background {
		for i := range s.layers {
			if s.layers[i].clip == textArea && s.layers[i].gradient != nil {
				return &s.layers[i]
			}
		}
		return nil
	}
	for o := own; o > 0; o = int32(c.boxes[o].parent) {
		if l := find(c.boxes[o].s); l != nil {
			for i := range c.lines {
				for k := range c.lines[i].decors {
					if d := &c.lines[i].decors[k]; d.box == o {
						return l, rect{x + d.x0, y + d.y0, x + d.x1, y + d.y1}
					}
				}
			}
		}
	}
	for b := c.owner; b != nil; b = b.parent {
		if l := find(b.s); l != nil {
			return l, rect{x, y, x + b.w, y + b.h}
		}
		x, y = x-b.x-b.dx, y-b.y-b.dy
		if b.parent != nil {
			y -= b.parent.shift
		}
	}
	return nil, rect{}
}

func (c *inlineCtx) opacity(o int32) float32 {
	a := float32(1)
	for ; o > 0; o = int32(c.boxes[o].parent) {
		a *= c.boxes[o].s.opacity
	}
	return a
}

// lines4 finds the decoration lines of text in inline box o: those of its ancestors, too, the block's included.
func (c *inlineCtx) lines4(o int32) (lines uint8, col color.NRGBA, look borderStyle, thick float32) {
	take := func(s *style) {
		was := lines
		if s.underline {
			lines |= 1
		}
		if s.strike {
			lines |= 2
		}
		if s.overline {
			lines |= 4
		}
		if lines != was {
			col, look, thick = s.decoColor, s.decoStyle, s.decoThick
		}
	}
	for i := o; i >= 0; i = int32(c.boxes[i].parent) {
		take(c.boxes[i].s)
	}
	for b := c.owner.parent; b != nil; b = b.parent {
		if b.s.display == dispInlineBlock || b.bfc && b.kind != boxBlock {
			break
		}
		take(b.s)
	}
	return lines, col, look, thick
}
