package htmlview

import (
	"image/color"
	"sort"
)

// recorder walks the boxes and writes the display list.
type recorder struct {
	v     *View
	alpha float32
	clip  *rect
	round *roundClip
	in    *scrolled
	stack *stacking
	low   float32 // lower end of everything, what overflows included
}

// stacking is a stacking context whose content is being recorded: the boxes in it that are painted after (or, with a
// negative z-index, before) what is in normal flow (CSS 2.2 appendix E).
type stacking struct {
	list []pending
	auto bool // made by a box without a z-index: what has one within belongs to the context outside
	out  *stacking
}

// pending is a box that waits for its turn.
type pending struct {
	b     *box
	x, y  float32
	alpha float32
	clip  *rect
	round *roundClip
	in    *scrolled
	z     int
}

func (v *View) record(root *box) {
	r := &recorder{v: v, alpha: 1}
	v.canvas = white
	v.height = root.y + root.h
	v.collect(root)
	v.canvasOf(r, root)
	r.context(root, 0, 0)
	if root.bottom.sum() > 0 {
		v.height += root.bottom.sum()
	}
	v.height = max(v.height, r.low)
	v.height = max(leastHeight, min(v.height, 4e6))
}

// canvasOf takes the background of html or body for the whole view.
func (v *View) canvasOf(r *recorder, root *box) {
	list := []*box{root}
	for _, c := range root.children {
		if c.n != nil && c.n.tag == "body" {
			list = append(list, c)
		}
	}
	for _, b := range list {
		if b.s.bg.A == 0 && len(b.s.layers) == 0 {
			continue
		}
		if b.s.bg.A > 0 {
			v.canvas = over(b.s.bg, white)
		}
		if len(b.s.layers) > 0 {
			h := max(v.height, root.h+root.y+root.m[bottom])
			r.layers(b.s, rect{0, 0, v.width, h}, rect{0, 0, v.width, h}, corners{}, [4]rect{})
		}
		s := *b.s
		s.bg, s.layers = color.NRGBA{}, nil
		b.s = &s
		break
	}
}

func over(c, under color.NRGBA) color.NRGBA {
	return mix(under, color.NRGBA{c.R, c.G, c.B, 255}, float32(c.A)/255)
}

func (r *recorder) add(o op) {
	if o.alpha = r.alpha; r.alpha <= 0 {
		return
	}
	o.clip, o.round = r.clip, r.round
	if len(r.v.ops) < 2e6 {
		r.v.ops = append(r.v.ops, o)
	}
}

// context paints a box that is painted as a whole: its own background, then the backgrounds of the blocks in it, floats,
// what is inline, and what is positioned.
func (r *recorder) context(b *box, x, y float32) {
	x, y = x+b.x+b.dx, y+b.y+b.dy
	alpha, clip, round, in := r.alpha, r.clip, r.round, r.in
	r.alpha *= b.s.opacity
	own := b.s.stacks() || b.parent == nil
	if own {
		r.stack = &stacking{auto: b.parent != nil && b.s.position != 0 && !b.s.zSet && b.s.opacity == 1, out: r.stack}
	}
	group := len(r.v.ops)
	if b.s.opacity < 1 {
		r.add(op{kind: opGroup, y: y, h: b.h})
	}
	r.decorate(b, x, y)
	r.reach(y + b.h)
	if b.s.hidden || b.s.scrolls() && b.h < b.s.size { // less than a line is meant not to be seen
		c := rect{x + b.b[left], y + b.b[top], x + b.w - b.b[right], y + b.h - b.b[bottom]}
		if clip != nil {
			c = c.cut(*clip)
		}
		r.clip = &c
		if rad := b.radii(); rad != (corners{}) {
			in := rect{x + b.b[left], y + b.b[top], x + b.w - b.b[right], y + b.h - b.b[bottom]}
			r.round = &roundClip{in, rad.inside(rect{x, y, x + b.w, y + b.h}, in), r.round}
		}
	}
	if b.s.scroller && b.n != nil {
		r.in = &scrolled{b.n, in}
	}
	mark := len(r.v.ops)
	y += b.shift
	r.blocks(b, x, y)
	r.floats(b, x, y)
	r.content(b, x, y)
	if b.s.scroller {
		r.more(b, x, y-b.shift, mark)
	}
	if own {
		r.flush(mark)
	}
	if ops := r.v.ops; group < len(ops) && ops[group].kind == opGroup {
		ops[group].n = int32(len(ops) - group - 1)
	}
	r.alpha, r.clip, r.round, r.in = alpha, clip, round, in
}

// reach notes how far down something reaches.
func (r *recorder) reach(y float32) {
	if r.clip != nil {
		y = min(y, r.clip.y1)
	}
	r.low = max(r.low, y)
}

// flush paints what waited in the innermost stacking context; what goes below its content is put in at mark.
func (r *recorder) flush(mark int) {
	st := r.stack
	sort.SliceStable(st.list, func(i, k int) bool { return st.list[i].z < st.list[k].z })
	paint := func(p *pending) {
		r.alpha, r.clip, r.round, r.in = p.alpha, p.clip, p.round, p.in
		r.context(p.b, p.x, p.y)
	}
	n := 0
	start := len(r.v.ops)
	for ; n < len(st.list) && st.list[n].z < 0; n++ {
		paint(&st.list[n])
	}
	if len(r.v.ops) > start {
		below := append([]op(nil), r.v.ops[start:]...)
		copy(r.v.ops[mark+len(below):], r.v.ops[mark:start])
		copy(r.v.ops[mark:], below)
	}
	for i := n; i < len(st.list); i++ { // it may grow: a context without a z-index hands its own on
		p := st.list[i]
		if p.z > 0 {
			if st.auto && st.out != nil {
				st.out.list = append(st.out.list, p)
				continue
			}
			rest := st.list[i:]
			sort.SliceStable(rest, func(i, k int) bool { return rest[i].z < rest[k].z })
			p = rest[0]
		}
		paint(&p)
	}
	r.stack = st.out
}

// stacks reports boxes that are painted in an order of their own.
func (s *style) stacks() bool { return s.position != 0 || s.opacity < 1 }

// paint paints a box as a whole: now, or when its turn comes.
func (r *recorder) paint(b *box, x, y float32) {
	if b.s.stacks() && r.stack != nil {
		p := pending{b: b, x: x, y: y, alpha: r.alpha, clip: r.clip, round: r.round, in: r.in}
		if b.s.position != 0 {
			p.z = b.s.zIndex
		}
		r.stack.list = append(r.stack.list, p)
		return
	}
	r.context(b, x, y)
}

// whole reports boxes that are painted as a whole within their parent's content.
func (b *box) whole() bool {
	return b.kind != boxBlock || b.bfc || b.s.stacks()
}

func (r *recorder) blocks(b *box, x, y float32) {
	for _, c := range b.children {
		if !c.whole() {
			r.decorate(c, x+c.x, y+c.y)
			r.reach(y + c.y + c.h)
			r.blocks(c, x+c.x, y+c.y)
		}
	}
}

func (r *recorder) floats(b *box, x, y float32) {
	if b.inline != nil {
		for _, s := range b.inline.segments {
			for _, o := range s.outs {
				if !o.abs && o.box.n != nil {
					r.paint(o.box, x, y)
				}
			}
		}
	}
	for _, c := range b.children {
		if !c.whole() {
			r.floats(c, x+c.x, y+c.y)
		}
	}
}

// link records where a link can be clicked: where it is seen, and not where it is cut off, over what stands there instead.
func (r *recorder) link(s *style, at rect) {
	if s.link == "" || s.invisible {
		return
	}
	if at, ok := r.seen(at); ok {
		r.v.links = append(r.v.links, linkBox{at, s.link})
	}
}

// seen is the part of a rectangle that nothing cuts off; ok is false when there is none.
func (r *recorder) seen(at rect) (part rect, ok bool) {
	if r.clip != nil {
		at = at.cut(*r.clip)
	}
	return at, at.x1 > at.x0 && at.y1 > at.y0
}

func (r *recorder) content(b *box, x, y float32) {
	if b.n != nil && b.n.isSummary() {
		if at, ok := r.seen(rect{x, y, x + b.w, y + b.h}); ok {
			r.v.opens = append(r.v.opens, openBox{rect: at, of: b.n.parent})
		}
	}
	if b.marker != "" || b.markerImg != nil {
		r.marker(b, x, y)
	}
	if b.legend != nil {
		r.paint(b.legend, x, y)
	}
	if b.table != nil {
		r.rows(b, x, y)
		for _, c := range b.table.captions {
			r.paint(c, x, y)
		}
	}
	if b.kind == boxReplaced {
		r.replaced(b, x, y)
	}
	for _, c := range b.out {
		r.paint(c, x, y)
	}
	if b.inline != nil {
		r.inline(b, x, y)
	}
	for _, c := range b.children {
		if c.whole() {
			r.paint(c, x, y)
		} else {
			r.content(c, x+c.x, y+c.y)
		}
	}
}
