package htmlview

import (
	"image/color"
	"sync"

	"peyk/internal/text"
)

type opKind uint8

const (
	opFill opKind = iota
	opBorder
	opImage
	opBackground
	opText
	opBullet
	opShadow
)

// op is one step of painting, in units from the left top of the view.
type op struct {
	kind       opKind
	x, y, w, h float32
	color      color.NRGBA
	radius     [4]float32
	border     *[4]border
	img        *picture
	bg         *background
	piece      *text.Piece
	base       float32
	lines      uint8 // 1 underline, 2 strike, 4 overline
	lineColor  color.NRGBA
	bullet     string
	shadow     *shadow
	alpha      float32
	clip       *rect
}

type rect struct{ x0, y0, x1, y1 float32 }

func (r rect) cut(o rect) rect {
	return rect{max(r.x0, o.x0), max(r.y0, o.y0), min(r.x1, o.x1), min(r.y1, o.y1)}
}

// run is a piece of text on the view, for hits and selection.
type textRun struct {
	piece      text.Piece
	at         int // of the piece's first rune in the text of the view
	x, y, w, h float32
	base       float32
	link       string
}

// View is a document laid out: immutable, safe for concurrent use.
type View struct {
	doc     *Document
	zoom    float32
	dark    bool
	paper   color.NRGBA
	width   float32
	height  float32
	canvas  color.NRGBA
	ops     []op
	runs    []textRun
	text    []rune
	links   []linkBox
	bgImage *op

	orderOnce sync.Once
	order     []int32 // runs in the order of the text, made when first asked for
}

type linkBox struct {
	rect
	url string
}

// recorder walks the boxes and writes the display list.
type recorder struct {
	v     *View
	alpha float32
	clip  *rect
}

func (v *View) record(root *box) {
	r := &recorder{v: v, alpha: 1}
	v.canvas = white
	v.height = root.y + root.h
	v.canvasOf(root)
	r.context(root, 0, 0)
	if root.bottom.sum() > 0 {
		v.height += root.bottom.sum()
	}
	v.height = max(leastHeight, min(v.height, 4e6))
}

// canvasOf takes the background of html or body for the whole view.
func (v *View) canvasOf(root *box) {
	list := []*box{root}
	for _, c := range root.children {
		if c.n != nil && c.n.tag == "body" {
			list = append(list, c)
		}
	}
	for _, b := range list {
		if b.s.bg.A == 0 && b.s.bgImage == nil {
			continue
		}
		if b.s.bg.A > 0 {
			v.canvas = over(b.s.bg, white)
		}
		if b.s.bgImage != nil {
			v.bgImage = &op{kind: opBackground, bg: b.s.bgImage, alpha: 1, w: v.width, h: root.h + root.y, img: v.doc.picture(b.s.bgImage.url)}
			v.ops = append(v.ops, *v.bgImage)
		}
		s := *b.s
		s.bg, s.bgImage = color.NRGBA{}, nil
		b.s = &s
		break
	}
	v.canvas = v.shade(v.canvas)
}

func over(c, under color.NRGBA) color.NRGBA {
	return mix(under, color.NRGBA{c.R, c.G, c.B, 255}, float32(c.A)/255)
}

func (r *recorder) add(o op) {
	if o.alpha = r.alpha; r.alpha <= 0 {
		return
	}
	o.clip = r.clip
	if r.v.dark {
		o.color, o.lineColor = r.v.shade(o.color), r.v.shade(o.lineColor)
	}
	if len(r.v.ops) < 2e6 {
		r.v.ops = append(r.v.ops, o)
	}
}

// context paints a box that is painted as a whole: its own background, then the backgrounds of the blocks in it, floats,
// and what is inline (CSS 2.2 appendix E, without z-index).
func (r *recorder) context(b *box, x, y float32) {
	x, y = x+b.x+b.dx, y+b.y+b.dy
	alpha, clip := r.alpha, r.clip
	r.alpha *= b.s.opacity
	r.decorate(b, x, y)
	if b.s.hidden {
		c := rect{x + b.b[left], y + b.b[top], x + b.w - b.b[right], y + b.h - b.b[bottom]}
		if clip != nil {
			c = c.cut(*clip)
		}
		r.clip = &c
	}
	y += b.shift
	r.blocks(b, x, y)
	r.floats(b, x, y)
	r.content(b, x, y)
	r.alpha, r.clip = alpha, clip
}

// whole reports boxes that are painted as a whole within their parent's content.
func (b *box) whole() bool {
	return b.kind != boxBlock || b.bfc || b.s.opacity < 1 || b.s.position != 0
}

func (r *recorder) blocks(b *box, x, y float32) {
	for _, c := range b.children {
		if !c.whole() {
			r.decorate(c, x+c.x, y+c.y)
			r.blocks(c, x+c.x, y+c.y)
		}
	}
}

func (r *recorder) floats(b *box, x, y float32) {
	if b.inline != nil {
		for _, s := range b.inline.segments {
			for _, o := range s.outs {
				if !o.abs && o.box.n != nil {
					r.context(o.box, x, y)
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

func (r *recorder) content(b *box, x, y float32) {
	if b.marker != "" {
		r.marker(b, x, y)
	}
	if b.table != nil {
		r.rows(b, x, y)
		for _, c := range b.table.captions {
			r.context(c, x, y)
		}
	}
	if b.kind == boxReplaced {
		r.replaced(b, x, y)
	}
	if b.inline != nil {
		r.inline(b, x, y)
	}
	for _, c := range b.children {
		if c.whole() {
			r.context(c, x, y)
		} else {
			r.content(c, x+c.x, y+c.y)
		}
	}
	if b.kind == boxTable || b.kind == boxBlock && b.n != nil && b.inline == nil {
		r.newline()
	}
}

// rows paints the backgrounds of rows and row groups.
func (r *recorder) rows(b *box, x, y float32) {
	t := b.table
	for _, row := range t.rows {
		for _, s := range [2]*style{row.group, row.s} {
			if s == nil || s.bg.A == 0 && s.bgImage == nil || s.invisible {
				continue
			}
			for _, c := range row.cells {
				r.fill(s, x+c.b.x, y+row.y, c.b.w, c.b.h, [4]float32{})
			}
		}
	}
}

func (r *recorder) fill(s *style, x, y, w, h float32, radius [4]float32) {
	if s.bg.A > 0 {
		r.add(op{kind: opFill, x: x, y: y, w: w, h: h, color: s.bg, radius: radius})
	}
	if s.bgImage != nil {
		r.add(op{kind: opBackground, x: x, y: y, w: w, h: h, bg: s.bgImage, img: r.v.doc.picture(s.bgImage.url), radius: radius})
	}
}

// decorate paints shadow, background and border.
func (r *recorder) decorate(b *box, x, y float32) {
	s := b.s
	if s.invisible || b.w <= 0 || b.h <= 0 {
		return
	}
	rad := b.radii()
	if s.shadow != nil && s.shadow.color.A > 0 {
		r.add(op{kind: opShadow, x: x, y: y, w: b.w, h: b.h, color: s.shadow.color, shadow: s.shadow, radius: rad})
	}
	r.fill(s, x, y, b.w, b.h, rad)
	bs := &s.border
	if b.collapsedBorder != nil {
		bs = b.collapsedBorder
	} else if b.kind == boxTable && s.collapse {
		return
	}
	r.border(bs, x, y, b.w, b.h, rad)
}

func (r *recorder) border(bs *[4]border, x, y, w, h float32, rad [4]float32) {
	for i := range bs {
		if bs[i].width() > 0 && bs[i].color.A > 0 {
			c := *bs
			for k := range c {
				c[k].color = r.v.shade(c[k].color)
			}
			r.add(op{kind: opBorder, x: x, y: y, w: w, h: h, border: &c, radius: rad})
			return
		}
	}
}

// radii resolves the corners and shrinks them when they overlap.
func (b *box) radii() (out [4]float32) {
	f := float32(1)
	for i := range out {
		out[i] = max(0, b.s.radius[i].of(min(b.w, b.h)))
	}
	for i, side := range [4]float32{b.w, b.h, b.w, b.h} {
		if sum := out[i] + out[(i+1)%4]; sum > side && sum > 0 {
			f = min(f, side/sum)
		}
	}
	for i := range out {
		out[i] *= f
	}
	return out
}

func (r *recorder) replaced(b *box, x, y float32) {
	if b.n != nil {
		if u := b.s.link; u != "" {
			r.v.links = append(r.v.links, linkBox{rect{x, y, x + b.w, y + b.h}, u})
		}
	}
	if b.s.invisible {
		return
	}
	ix, iy := x+b.b[left]+b.p[left], y+b.b[top]+b.p[top]
	w, h := b.w-b.hEdges(), b.h-b.vEdges()
	if b.img != nil {
		r.add(op{kind: opImage, x: ix, y: iy, w: w, h: h, img: b.img, radius: b.radii()})
		return
	}
	if w < 3 || h < 3 {
		return
	}
	line := border{w: 1, style: borderSolid, color: color.NRGBA{0xC8, 0xC8, 0xC8, 255}}
	r.border(&[4]border{line, line, line, line}, ix, iy, w, h, [4]float32{})
	r.altText(b, ix, iy, w, h)
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
	for _, pc := range sh.Line(0, len(rs)) {
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
	asc, desc, line := s.lineMetrics(r.v.doc.opts.Engine)
	if base < 0 {
		base = b.b[top] + b.p[top] + asc + floorf((line-asc-desc)/2)
	}
	if b.marker[0] == 0 {
		// The places of bullets, as browsers have them: from the ascent alone, in whole units.
		offset := floorf(asc * 2 / 3)
		size := floorf((offset + 1) / 2)
		by := y + base - asc + floorf(3*(asc-offset)/2)
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
