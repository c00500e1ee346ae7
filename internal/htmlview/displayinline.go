package htmlview

import "image/color"

// newline ends a block in the text of the view.
func (r *recorder) newline() {
	t := r.v.text
	if n := len(t); n > 0 && t[n-1] != '\n' {
		r.v.text = append(t, '\n')
	}
}

// inline paints the lines of a block: decorations of inline boxes, then text and atomic boxes.
func (r *recorder) inline(b *box, x, y float32) {
	c := b.inline
	c.base = len(r.v.text)
	for _, s := range c.segments {
		r.v.text = append(r.v.text, s.runes...)
		r.v.text = append(r.v.text, '\n')
	}
	for i := range c.lines {
		lb := &c.lines[i]
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
				r.context(o.box, x, y)
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
	// Margins lie outside of background and border.
	ml, mr := s.margin[left].px, s.margin[right].px
	dx := d.x0
	if ml != 0 || mr != 0 {
		dx += ml
		bx.w -= ml + mr
	}
	alpha := r.alpha
	r.alpha *= s.opacity
	rad := bx.radii()
	r.fill(s, x+dx, y+d.y0, bx.w, bx.h, rad)
	r.border(&s.border, x+dx, y+d.y0, bx.w, bx.h, rad)
	r.alpha = alpha
}

func (r *recorder) fragment(c *inlineCtx, lb *lineBox, f *fragment, x, y float32) {
	if f.box != nil {
		if u := c.boxes[f.own].s.link; u != "" {
			r.v.links = append(r.v.links, linkBox{rect{x + f.box.x, y + f.box.y, x + f.box.x + f.box.w, y + f.box.y + f.box.h}, u})
		}
		alpha := r.alpha
		r.alpha *= c.opacity(f.own)
		r.context(f.box, x, y)
		r.alpha = alpha
		return
	}
	ib := &c.boxes[f.own]
	s := ib.s
	asc, desc := ib.asc, ib.desc
	var dx, dy float32
	if s.position == 1 {
		dx, dy = s.inset[left].px-s.inset[right].px, s.inset[top].px-s.inset[bottom].px
	}
	o := op{kind: opText, x: x + f.x + dx, y: y + f.y - asc + dy, w: f.w, h: asc + desc, piece: &f.piece, base: y + f.y + dy, color: s.color}
	o.lines, o.lineColor = c.lines4(f.own)
	r.v.runs = append(r.v.runs, textRun{piece: f.piece, at: c.base + f.seg.at + f.piece.Start, x: o.x, y: y + lb.y, w: f.w, h: max(lb.h, asc+desc), base: o.base, link: s.link})
	if s.link != "" {
		r.v.links = append(r.v.links, linkBox{rect{o.x, o.y, o.x + o.w, o.y + o.h}, s.link})
	}
	if s.invisible || s.size < 1 {
		return
	}
	alpha := r.alpha
	r.alpha *= c.opacity(f.own)
	r.add(o)
	r.alpha = alpha
}

func (c *inlineCtx) opacity(o int32) float32 {
	a := float32(1)
	for ; o > 0; o = int32(c.boxes[o].parent) {
		a *= c.boxes[o].s.opacity
	}
	return a
}

// lines4 finds the decoration lines of text in inline box o: those of its ancestors, too, the block's included.
func (c *inlineCtx) lines4(o int32) (lines uint8, col color.NRGBA) {
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
			col = s.decoColor
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
	return lines, col
}
