package htmlview

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// Paint paints the part of the view whose left top is at (x0, y0) units over the whole of dst, at scale pixels per unit.
func (v *View) Paint(dst *image.RGBA, x0, y0, scale float32) (err error) {
	defer recovered(&err)
	if !(scale > 0) {
		scale = 1
	}
	draw.Draw(dst, dst.Rect, image.NewUniform(v.canvas), image.Point{}, draw.Src)
	p := painter{dst: dst, s: scale * v.zoom, dx: float32(dst.Rect.Min.X) - x0*scale, dy: float32(dst.Rect.Min.Y) - y0*scale}
	for i := range v.ops {
		p.op(&v.ops[i])
	}
	return nil
}

// Background is the colour behind everything, as it is painted where the document does not reach.
func (v *View) Background() color.NRGBA { return v.canvas }

type painter struct {
	dst    *image.RGBA
	s      float32
	dx, dy float32
	clip   image.Rectangle
}

// pixels rounds a rectangle to whole pixels, as browsers do: neighbours neither overlap nor gape.
func (p *painter) pixels(x, y, w, h float32) image.Rectangle {
	f := func(v float32) int {
		return int(math.Floor(float64(max(-1e8, min(1e8, v))) + 0.5))
	}
	return image.Rect(f(x*p.s+p.dx), f(y*p.s+p.dy), f((x+w)*p.s+p.dx), f((y+h)*p.s+p.dy))
}

func (p *painter) op(o *op) {
	p.clip = p.dst.Rect
	if o.clip != nil {
		p.clip = p.clip.Intersect(p.pixels(o.clip.x0, o.clip.y0, o.clip.x1-o.clip.x0, o.clip.y1-o.clip.y0))
	}
	r := p.pixels(o.x, o.y, o.w, o.h)
	reach := r
	switch o.kind {
	case opText:
		d := int(o.h*p.s) + 2
		reach = r.Inset(-d)
	case opShadow:
		d := int((o.shadow.blur*2+abs32(o.shadow.dx)+abs32(o.shadow.dy)+abs32(o.shadow.spread))*p.s) + 2
		reach = r.Inset(-d)
	case opBullet:
		reach = r.Inset(-3)
	}
	if reach.Intersect(p.clip).Empty() {
		return
	}
	c := fade(o.color, o.alpha)
	switch o.kind {
	case opFill:
		p.fill(r, o.radius, c)
	case opBorder:
		p.border(o, r)
	case opImage:
		p.image(o, r)
	case opBackground:
		p.background(o, r)
	case opText:
		p.text(o, c)
	case opBullet:
		p.bullet(o, r, c)
	case opShadow:
		p.shadow(o, c)
	}
}

func abs32(f float32) float32 { return max(f, -f) }

func fade(c color.NRGBA, a float32) color.NRGBA {
	if a < 1 {
		c.A = uint8(float32(c.A)*a + 0.5)
	}
	return c
}

func (p *painter) fill(r image.Rectangle, radius [4]float32, c color.NRGBA) {
	if c.A == 0 {
		return
	}
	if radius == [4]float32{} {
		op := draw.Over
		if c.A == 255 {
			op = draw.Src
		}
		draw.Draw(p.dst, r.Intersect(p.clip), image.NewUniform(c), image.Point{}, op)
		return
	}
	vis := r.Intersect(p.clip)
	m := p.mask(vis, r, radius, nil, [4]float32{})
	draw.DrawMask(p.dst, vis, image.NewUniform(c), image.Point{}, m, vis.Min, draw.Over)
}

// mask rasterises a rounded rectangle, less an inner one, within vis.
func (p *painter) mask(vis, r image.Rectangle, radius [4]float32, inner *image.Rectangle, innerRadius [4]float32) *image.Alpha {
	m := image.NewAlpha(vis)
	if vis.Empty() {
		return m
	}
	z := vector.NewRasterizer(vis.Dx(), vis.Dy())
	p.path(z, vis.Min, r, radius, false)
	if inner != nil && !inner.Empty() {
		p.path(z, vis.Min, *inner, innerRadius, true)
	}
	z.Draw(m, vis, image.Opaque, image.Point{})
	return m
}

// path adds a rounded rectangle; reversed ones cut holes.
func (p *painter) path(z *vector.Rasterizer, o image.Point, r image.Rectangle, radius [4]float32, reverse bool) {
	x0, y0, x1, y1 := float32(r.Min.X-o.X), float32(r.Min.Y-o.Y), float32(r.Max.X-o.X), float32(r.Max.Y-o.Y)
	const k = 0.5523
	var rad [4]float32
	for i := range rad {
		rad[i] = max(0, min(radius[i]*p.s, (x1-x0)/2+0.5, (y1-y0)/2+0.5))
	}
	tl, tr, br, bl := rad[0], rad[1], rad[2], rad[3]
	if reverse {
		z.MoveTo(x0+tl, y0)
		z.CubeTo(x0+tl-tl*k, y0, x0, y0+tl-tl*k, x0, y0+tl)
		z.LineTo(x0, y1-bl)
		z.CubeTo(x0, y1-bl+bl*k, x0+bl-bl*k, y1, x0+bl, y1)
		z.LineTo(x1-br, y1)
		z.CubeTo(x1-br+br*k, y1, x1, y1-br+br*k, x1, y1-br)
		z.LineTo(x1, y0+tr)
		z.CubeTo(x1, y0+tr-tr*k, x1-tr+tr*k, y0, x1-tr, y0)
		z.ClosePath()
		return
	}
	z.MoveTo(x0+tl, y0)
	z.LineTo(x1-tr, y0)
	z.CubeTo(x1-tr+tr*k, y0, x1, y0+tr-tr*k, x1, y0+tr)
	z.LineTo(x1, y1-br)
	z.CubeTo(x1, y1-br+br*k, x1-br+br*k, y1, x1-br, y1)
	z.LineTo(x0+bl, y1)
	z.CubeTo(x0+bl-bl*k, y1, x0, y1-bl+bl*k, x0, y1-bl)
	z.LineTo(x0, y0+tl)
	z.CubeTo(x0, y0+tl-tl*k, x0+tl-tl*k, y0, x0+tl, y0)
	z.ClosePath()
}

// border paints the four borders of a box.
func (p *painter) border(o *op, r image.Rectangle) {
	bs := o.border
	w := [4]int{}
	for i := range bs {
		if f := bs[i].width() * p.s; f > 0 {
			w[i] = max(1, int(f+0.01))
		}
	}
	same := bs[0].color == bs[1].color && bs[1].color == bs[2].color && bs[2].color == bs[3].color &&
		bs[0].style == borderSolid && bs[1].style == borderSolid && bs[2].style == borderSolid && bs[3].style == borderSolid
	if o.radius != [4]float32{} && (same || w[0] == w[1] && w[1] == w[2] && w[2] == w[3]) {
		inner := image.Rect(r.Min.X+w[left], r.Min.Y+w[top], r.Max.X-w[right], r.Max.Y-w[bottom])
		var ir [4]float32
		for i := range ir {
			ir[i] = max(0, o.radius[i]-bs[i].width())
		}
		vis := r.Intersect(p.clip)
		m := p.mask(vis, r, o.radius, &inner, ir)
		draw.DrawMask(p.dst, vis, image.NewUniform(fade(bs[0].color, o.alpha)), image.Point{}, m, vis.Min, draw.Over)
		return
	}
	sides := [4]image.Rectangle{
		top:    image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+w[top]),
		bottom: image.Rect(r.Min.X, r.Max.Y-w[bottom], r.Max.X, r.Max.Y),
		left:   image.Rect(r.Min.X, r.Min.Y+w[top], r.Min.X+w[left], r.Max.Y-w[bottom]),
		right:  image.Rect(r.Max.X-w[right], r.Min.Y+w[top], r.Max.X, r.Max.Y-w[bottom]),
	}
	if (r.Dy() == w[top]+w[bottom] || r.Dx() == w[left]+w[right]) && !same && w[top] > 2 && w[left] > 2 {
		p.mitred(o, r, w)
		return
	}
	for i, s := range sides {
		if w[i] > 0 {
			p.side(s, &bs[i], fade(bs[i].color, o.alpha), i == top || i == bottom, w[i])
		}
	}
}

// mitred paints borders without an inside: the triangles that mails draw arrows with.
func (p *painter) mitred(o *op, r image.Rectangle, w [4]int) {
	vis := r.Intersect(p.clip)
	if vis.Empty() {
		return
	}
	f := func(x, y int) (float32, float32) { return float32(x - vis.Min.X), float32(y - vis.Min.Y) }
	in := image.Rect(r.Min.X+w[left], r.Min.Y+w[top], max(r.Min.X+w[left], r.Max.X-w[right]), max(r.Min.Y+w[top], r.Max.Y-w[bottom]))
	quads := [4][4][2]int{
		top:    {{r.Min.X, r.Min.Y}, {r.Max.X, r.Min.Y}, {in.Max.X, in.Min.Y}, {in.Min.X, in.Min.Y}},
		right:  {{r.Max.X, r.Min.Y}, {r.Max.X, r.Max.Y}, {in.Max.X, in.Max.Y}, {in.Max.X, in.Min.Y}},
		bottom: {{r.Max.X, r.Max.Y}, {r.Min.X, r.Max.Y}, {in.Min.X, in.Max.Y}, {in.Max.X, in.Max.Y}},
		left:   {{r.Min.X, r.Max.Y}, {r.Min.X, r.Min.Y}, {in.Min.X, in.Min.Y}, {in.Min.X, in.Max.Y}},
	}
	for i, q := range quads {
		c := fade(o.border[i].color, o.alpha)
		if w[i] == 0 || c.A == 0 {
			continue
		}
		z := vector.NewRasterizer(vis.Dx(), vis.Dy())
		z.MoveTo(f(q[0][0], q[0][1]))
		for _, pt := range q[1:] {
			z.LineTo(f(pt[0], pt[1]))
		}
		z.ClosePath()
		m := image.NewAlpha(vis)
		z.Draw(m, vis, image.Opaque, image.Point{})
		draw.DrawMask(p.dst, vis, image.NewUniform(c), image.Point{}, m, vis.Min, draw.Over)
	}
}

func (p *painter) side(r image.Rectangle, b *border, c color.NRGBA, horizontal bool, w int) {
	src := image.NewUniform(c)
	part := func(q image.Rectangle) { draw.Draw(p.dst, q.Intersect(p.clip), src, image.Point{}, draw.Over) }
	length := r.Dx()
	if !horizontal {
		length = r.Dy()
	}
	cut := func(a, z int) image.Rectangle {
		if horizontal {
			return image.Rect(r.Min.X+a, r.Min.Y, r.Min.X+z, r.Max.Y)
		}
		return image.Rect(r.Min.X, r.Min.Y+a, r.Max.X, r.Min.Y+z)
	}
	switch b.style {
	case borderDashed, borderDotted:
		dash, gap := 2*w, w
		if w < 3 {
			dash, gap = 3*w, 2*w
		}
		if b.style == borderDotted {
			dash, gap = w, w
		}
		if length > dash { // whole dashes at both ends
			n := max(1, int(math.Round(float64(length-dash)/float64(dash+gap))))
			step := float64(length-dash) / float64(n)
			for i := 0; i <= n && i < 100000; i++ {
				a := int(float64(i)*step + 0.5)
				part(cut(a, min(length, a+dash)))
			}
			return
		}
		part(r)
	case borderDouble:
		if w < 3 {
			part(r)
			return
		}
		t := (w + 1) / 3
		if horizontal {
			part(image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+t))
			part(image.Rect(r.Min.X, r.Max.Y-t, r.Max.X, r.Max.Y))
		} else {
			part(image.Rect(r.Min.X, r.Min.Y, r.Min.X+t, r.Max.Y))
			part(image.Rect(r.Max.X-t, r.Min.Y, r.Max.X, r.Max.Y))
		}
	default:
		part(r)
	}
}

func (p *painter) text(o *op, c color.NRGBA) {
	x, y := o.x*p.s+p.dx, o.base*p.s+p.dy
	ul, st, th := o.piece.Decoration()
	lc := fade(o.lineColor, o.alpha)
	line := func(at float32) {
		t := max(1, int(th*p.s+0.5))
		top := int(math.Floor(float64(y+0.5))) + int(math.Round(float64(at*p.s)))
		r := image.Rect(int(math.Floor(float64(x)+0.5)), top, int(math.Floor(float64(x+o.w*p.s)+0.5)), top+t)
		draw.Draw(p.dst, r.Intersect(p.clip), image.NewUniform(lc), image.Point{}, draw.Over)
	}
	if o.lines&1 != 0 {
		line(ul)
	}
	if o.lines&4 != 0 {
		line(o.y - o.base)
	}
	if c.A > 0 {
		o.piece.Draw(p.dst, x, y, p.s, c, p.clip)
	}
	if o.lines&2 != 0 {
		line(st)
	}
}

func (p *painter) bullet(o *op, r image.Rectangle, c color.NRGBA) {
	d := float32(r.Dx()) / 2 / p.s
	rad := [4]float32{d, d, d, d}
	switch o.bullet {
	case bulletSquare:
		p.fill(r, [4]float32{}, c)
	case bulletCircle:
		inner := r.Inset(max(1, int(p.s+0.5)))
		e := float32(inner.Dx()) / 2 / p.s
		vis := r.Intersect(p.clip)
		m := p.mask(vis, r, rad, &inner, [4]float32{e, e, e, e})
		draw.DrawMask(p.dst, vis, image.NewUniform(c), image.Point{}, m, vis.Min, draw.Over)
	default:
		p.fill(r, rad, c)
	}
}

// scaler resamples as browsers do: smoothly, and averaged when a picture shrinks.
var scaler = xdraw.Interpolator(xdraw.BiLinear)

func (p *painter) image(o *op, r image.Rectangle) {
	p.draw(o.img.img, r, r.Intersect(p.clip), o.radius, o.alpha)
}

// draw scales a picture to r and shows the part in vis.
func (p *painter) draw(img image.Image, r, vis image.Rectangle, radius [4]float32, alpha float32) {
	if vis.Empty() || r.Dx() <= 0 || r.Dy() <= 0 {
		return
	}
	var mask *image.Alpha
	switch {
	case radius != [4]float32{}:
		mask = p.mask(vis, r, radius, nil, [4]float32{})
		if alpha < 1 {
			for i, a := range mask.Pix {
				mask.Pix[i] = uint8(float32(a) * alpha)
			}
		}
	case alpha < 1:
		mask = image.NewAlpha(vis)
		for i := range mask.Pix {
			mask.Pix[i] = uint8(255*alpha + 0.5)
		}
	}
	sub := image.NewRGBA(vis)
	scaler.Scale(clipped{sub, vis}, r, img, img.Bounds(), xdraw.Src, nil)
	if mask == nil {
		draw.Draw(p.dst, vis, sub, vis.Min, draw.Over)
		return
	}
	draw.DrawMask(p.dst, vis, sub, vis.Min, mask, vis.Min, draw.Over)
}

// clipped is a target for the scaler that is larger than its pixels.
type clipped struct {
	*image.RGBA
	vis image.Rectangle
}
