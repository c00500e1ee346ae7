package htmlview

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"time"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/vector"
)

// Paint paints the part of the view whose left top is at (x0, y0) units over the whole of dst, at scale pixels per unit.
// Animations show their first picture. Safe for concurrent use with different dst.
func (v *View) Paint(dst *image.RGBA, x0, y0, scale float32) error {
	return v.PaintAt(dst, x0, y0, scale, 0)
}

// PaintAt is Paint with animations as they are after they ran for t; see Moving.
func (v *View) PaintAt(dst *image.RGBA, x0, y0, scale float32, t time.Duration) (err error) {
	defer recovered(&err)
	if !(scale > 0) {
		scale = 1
	}
	draw.Draw(dst, dst.Rect, image.NewUniform(v.canvas), image.Point{}, draw.Src)
	p := painter{dst: dst, whole: 1, s: scale * v.zoom, dx: float32(dst.Rect.Min.X) - x0*scale, dy: float32(dst.Rect.Min.Y) - y0*scale, t: t, spent: new(int)}
	p.steps(v.ops)
	return nil
}

func (p *painter) steps(ops []op) {
	for i := 0; i < len(ops); i++ {
		if o := &ops[i]; o.kind != opGroup {
			p.op(o)
		} else if n := int(o.n); n > 1 && p.group(o, ops[i+1:i+1+n]) {
			i += n
		}
	}
}

// maxGroups bounds the pictures of one within the other that are held at a time. What lies deeper shines through its parts.
const maxGroups = 4

// group paints steps over each other and all of them with one opacity, as browsers do: what they cover of each other does not shine
// through. It paints nothing and returns false where that would take too much.
func (p *painter) group(o *op, ops []op) bool {
	if p.layers >= maxGroups {
		return false
	}
	var all image.Rectangle
	for i := range ops {
		if ops[i].kind != opGroup {
			_, reach := p.reach(&ops[i])
			all = all.Union(reach)
		}
	}
	if all.Empty() {
		return true
	}
	if !p.affords(all) {
		return false
	}
	layer := image.NewRGBA(all)
	q := *p
	q.dst, q.whole, q.layers = layer, o.alpha, p.layers+1
	q.steps(ops)
	draw.DrawMask(p.dst, all, layer, all.Min, image.NewUniform(color.Alpha{uint8(o.alpha/p.whole*255 + 0.5)}), image.Point{}, draw.Over)
	return true
}

// Background is the colour behind everything, as it is painted where the document does not reach.
func (v *View) Background() color.NRGBA { return v.canvas }

type painter struct {
	dst    *image.RGBA
	s      float32
	dx, dy float32
	clip   image.Rectangle
	t      time.Duration // how long animations run
	whole  float32       // the opacity with which dst as a whole is painted
	layers int           // how many pictures lie over each other now
	spent  *int          // pixels of shadows, gradients and masks so far
}

// pixels rounds a rectangle to whole pixels, as browsers do: neighbours neither overlap nor gape.
func (p *painter) pixels(x, y, w, h float32) image.Rectangle {
	f := func(v float32) int {
		return int(math.Floor(float64(max(-1e8, min(1e8, v))) + 0.5))
	}
	return image.Rect(f(x*p.s+p.dx), f(y*p.s+p.dy), f((x+w)*p.s+p.dx), f((y+h)*p.s+p.dy))
}

// reach is where a step stands, and all that it may paint within dst and its clip, which it makes p's.
func (p *painter) reach(o *op) (r, all image.Rectangle) {
	p.clip = p.dst.Rect
	if o.clip != nil {
		p.clip = p.clip.Intersect(p.pixels(o.clip.x0, o.clip.y0, o.clip.x1-o.clip.x0, o.clip.y1-o.clip.y0))
	}
	r = p.pixels(o.x, o.y, o.w, o.h)
	all = r
	switch o.kind {
	case opText:
		d := int(o.h*p.s) + 2
		all = r.Inset(-d)
	case opShadow, opTextShadow:
		d := int((o.h+o.shadow.blur*2+abs32(o.shadow.dx)+abs32(o.shadow.dy)+abs32(o.shadow.spread))*p.s) + 2
		all = r.Inset(-d)
	case opBullet:
		all = r.Inset(-3)
	}
	return r, all.Intersect(p.clip)
}

func (p *painter) op(o *op) {
	r, all := p.reach(o)
	if all.Empty() {
		return
	}
	if p.whole < 1 {
		part := *o
		part.alpha /= p.whole
		o = &part
	}
	if o.round != nil {
		if m := p.roundMask(o.round, all); m != nil {
			p.masked(o, r, m)
			return
		}
	}
	p.show(o, r)
}

// maxEffects bounds the pixels that shadows, gradients and masks take in one picture: a mail of nothing but shadows is shown
// without some of them.
const maxEffects = 96 << 20

// affords reports whether an effect over so many pixels may still be painted.
func (p *painter) affords(r image.Rectangle) bool {
	*p.spent += r.Dx() * r.Dy()
	return *p.spent <= maxEffects
}

// roundMask is the mask of the round corners that cut into a part of the picture; nil: none does.
func (p *painter) roundMask(c *roundClip, part image.Rectangle) *image.Alpha {
	var m *image.Alpha
	for ; c != nil; c = c.outer {
		r := p.pixels(c.x0, c.y0, c.x1-c.x0, c.y1-c.y0)
		var d float32
		for i := range c.radius {
			d = max(d, c.radius[i][0], c.radius[i][1])
		}
		n := int(d*p.s) + 1
		tall, wide := r, r
		tall.Min.X, tall.Max.X = r.Min.X+n, r.Max.X-n
		wide.Min.Y, wide.Max.Y = r.Min.Y+n, r.Max.Y-n
		if part.In(tall) || part.In(wide) {
			continue
		}
		if !p.affords(part) {
			return m
		}
		one := p.mask(part, r, c.radius, nil, corners{})
		if m == nil {
			m = one
			continue
		}
		for i, a := range one.Pix {
			m.Pix[i] = uint8(int(m.Pix[i]) * int(a) / 255)
		}
	}
	return m
}

// masked paints a step through a mask.
func (p *painter) masked(o *op, r image.Rectangle, m *image.Alpha) {
	layer := image.NewRGBA(m.Rect)
	q := painter{dst: layer, s: p.s, dx: p.dx, dy: p.dy, clip: m.Rect, t: p.t, spent: p.spent}
	q.show(o, r)
	draw.DrawMask(p.dst, m.Rect, layer, m.Rect.Min, m, m.Rect.Min, draw.Over)
}

// show paints a step within the clip.
func (p *painter) show(o *op, r image.Rectangle) {
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
	case opTextShadow:
		p.textShadow(o, c)
	}
}

func abs32(f float32) float32 { return max(f, -f) }

func fade(c color.NRGBA, a float32) color.NRGBA {
	if a < 1 {
		c.A = uint8(float32(c.A)*a + 0.5)
	}
	return c
}

func (p *painter) fill(r image.Rectangle, radius corners, c color.NRGBA) {
	if c.A == 0 {
		return
	}
	if radius == (corners{}) {
		op := draw.Over
		if c.A == 255 {
			op = draw.Src
		}
		draw.Draw(p.dst, r.Intersect(p.clip), image.NewUniform(c), image.Point{}, op)
		return
	}
	vis := r.Intersect(p.clip)
	m := p.mask(vis, r, radius, nil, corners{})
	draw.DrawMask(p.dst, vis, image.NewUniform(c), image.Point{}, m, vis.Min, draw.Over)
}

// mask rasterises a rounded rectangle, less an inner one, within vis.
func (p *painter) mask(vis, r image.Rectangle, radius corners, inner *image.Rectangle, innerRadius corners) *image.Alpha {
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
func (p *painter) path(z *vector.Rasterizer, o image.Point, r image.Rectangle, radius corners, reverse bool) {
	x0, y0, x1, y1 := float32(r.Min.X-o.X), float32(r.Min.Y-o.Y), float32(r.Max.X-o.X), float32(r.Max.Y-o.Y)
	var c corners
	for i := range c {
		c[i] = [2]float32{max(0, min(radius[i][0]*p.s, x1-x0)), max(0, min(radius[i][1]*p.s, y1-y0))}
	}
	const k = 1 - 0.5523
	tl, tr, br, bl := c[0], c[1], c[2], c[3]
	if reverse {
		z.MoveTo(x0+tl[0], y0)
		z.CubeTo(x0+tl[0]*k, y0, x0, y0+tl[1]*k, x0, y0+tl[1])
		z.LineTo(x0, y1-bl[1])
		z.CubeTo(x0, y1-bl[1]*k, x0+bl[0]*k, y1, x0+bl[0], y1)
		z.LineTo(x1-br[0], y1)
		z.CubeTo(x1-br[0]*k, y1, x1, y1-br[1]*k, x1, y1-br[1])
		z.LineTo(x1, y0+tr[1])
		z.CubeTo(x1, y0+tr[1]*k, x1-tr[0]*k, y0, x1-tr[0], y0)
		z.ClosePath()
		return
	}
	z.MoveTo(x0+tl[0], y0)
	z.LineTo(x1-tr[0], y0)
	z.CubeTo(x1-tr[0]*k, y0, x1, y0+tr[1]*k, x1, y0+tr[1])
	z.LineTo(x1, y1-br[1])
	z.CubeTo(x1, y1-br[1]*k, x1-br[0]*k, y1, x1-br[0], y1)
	z.LineTo(x0+bl[0], y1)
	z.CubeTo(x0+bl[0]*k, y1, x0, y1-bl[1]*k, x0, y1-bl[1])
	z.LineTo(x0, y0+tl[1])
	z.CubeTo(x0, y0+tl[1]*k, x0+tl[0]*k, y0, x0+tl[0], y0)
	z.ClosePath()
}

func (p *painter) text(o *op, c color.NRGBA) {
	x, y := o.x*p.s+p.dx, o.base*p.s+p.dy
	ul, st, th := o.piece.Decoration()
	lc := fade(o.lineColor, o.alpha)
	line := func(at float32) {
		if o.lineThick > 0 {
			th = o.lineThick
		}
		t := max(1, int(th*p.s+0.5))
		top := int(math.Floor(float64(y+0.5))) + int(math.Round(float64(at*p.s)))
		r := image.Rect(int(math.Floor(float64(x)+0.5)), top, int(math.Floor(float64(x+o.w*p.s)+0.5)), top+t)
		switch o.lineStyle {
		case borderDotted, borderDashed:
			p.dashes(p.dst, r, o.lineStyle, lc, true, r.Dx(), t, p.clip)
			return
		case borderDouble:
			draw.Draw(p.dst, r.Add(image.Pt(0, 2*t)).Intersect(p.clip), image.NewUniform(lc), image.Point{}, draw.Over)
		}
		draw.Draw(p.dst, r.Intersect(p.clip), image.NewUniform(lc), image.Point{}, draw.Over)
	}
	if o.lines&1 != 0 {
		line(ul)
	}
	if o.lines&4 != 0 {
		line(o.y - o.base)
	}
	if o.bg != nil {
		p.gradientText(o, x, y)
	}
	if c.A > 0 {
		o.piece.Draw(p.dst, x, y, p.s, c, p.clip)
	}
	if o.lines&2 != 0 {
		line(st)
	}
}

// gradientText paints text that a gradient shows through.
func (p *painter) gradientText(o *op, x, y float32) {
	vis := p.pixels(o.x, o.y, o.w, o.h).Inset(-int(o.h*p.s/2) - 2).Intersect(p.clip)
	if vis.Empty() {
		return
	}
	glyphs := image.NewRGBA(vis)
	o.piece.Draw(glyphs, x, y, p.s, black, vis)
	sub := p.gradientIn(o.bg.gradient, p.pixels(o.area.x0, o.area.y0, o.area.x1-o.area.x0, o.area.y1-o.area.y0), vis, o.alpha)
	draw.DrawMask(p.dst, vis, sub, vis.Min, glyphs, vis.Min, draw.Over)
}

func (p *painter) bullet(o *op, r image.Rectangle, c color.NRGBA) {
	round := func(r image.Rectangle) (out corners) {
		for i := range out {
			out[i] = [2]float32{float32(r.Dx()) / 2 / p.s, float32(r.Dy()) / 2 / p.s}
		}
		return out
	}
	switch o.bullet {
	case bulletSquare:
		p.fill(r, corners{}, c)
	case bulletCircle:
		inner := r.Inset(max(1, int(p.s+0.5)))
		vis := r.Intersect(p.clip)
		m := p.mask(vis, r, round(r), &inner, round(inner))
		draw.DrawMask(p.dst, vis, image.NewUniform(c), image.Point{}, m, vis.Min, draw.Over)
	case bulletOpen, bulletTick:
		p.sign(r, o.bullet, c)
	default:
		p.fill(r, round(r), c)
	}
}

// sign paints the arrow of a chooser or a tick.
func (p *painter) sign(r image.Rectangle, kind string, c color.NRGBA) {
	vis := r.Intersect(p.clip)
	if vis.Empty() {
		return
	}
	w, h := float32(r.Dx()), float32(r.Dy())
	pts := [][2]float32{{0, 0}, {w, 0}, {w / 2, h}}
	if kind == bulletTick {
		pts = [][2]float32{{0, h * .5}, {w * .15, h * .35}, {w * .38, h * .65}, {w * .85, 0}, {w, h * .15}, {w * .38, h}}
	}
	p.polygon(vis, r.Min, pts, c)
}

// polygon fills a polygon whose corners are relative to o.
func (p *painter) polygon(vis image.Rectangle, o image.Point, pts [][2]float32, c color.NRGBA) {
	m := polygonMask(vis, o, pts)
	draw.DrawMask(p.dst, vis, image.NewUniform(c), image.Point{}, m, vis.Min, draw.Over)
}

func polygonMask(vis image.Rectangle, o image.Point, pts [][2]float32) *image.Alpha {
	z := vector.NewRasterizer(vis.Dx(), vis.Dy())
	dx, dy := float32(o.X-vis.Min.X), float32(o.Y-vis.Min.Y)
	z.MoveTo(pts[0][0]+dx, pts[0][1]+dy)
	for _, pt := range pts[1:] {
		z.LineTo(pt[0]+dx, pt[1]+dy)
	}
	z.ClosePath()
	m := image.NewAlpha(vis)
	z.Draw(m, vis, image.Opaque, image.Point{})
	return m
}

// scaler resamples as browsers do: smoothly, and averaged when a picture shrinks.
var scaler = xdraw.Interpolator(xdraw.BiLinear)

func (p *painter) image(o *op, r image.Rectangle) {
	p.draw(o.img, r, r.Intersect(p.clip), o.radius, o.alpha)
}

// draw scales a picture to r and shows the part in vis.
func (p *painter) draw(img *picture, r, vis image.Rectangle, radius corners, alpha float32) {
	if vis.Empty() || r.Dx() <= 0 || r.Dy() <= 0 {
		return
	}
	var mask *image.Alpha
	switch {
	case radius != (corners{}):
		mask = p.mask(vis, r, radius, nil, corners{})
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
	p.scale(clipped{sub, vis}, r, img)
	if mask == nil {
		draw.Draw(p.dst, vis, sub, vis.Min, draw.Over)
		return
	}
	draw.DrawMask(p.dst, vis, sub, vis.Min, mask, vis.Min, draw.Over)
}

// scale draws a picture over r of dst.
func (p *painter) scale(dst draw.Image, r image.Rectangle, img *picture) {
	var src image.Image
	switch {
	case img.vector != nil:
		src = img.vector.raster(r.Dx(), r.Dy())
	case img.anim != nil:
		n, _ := img.anim.Frame(p.t)
		src = img.anim.Frames[n]
	default:
		src = img.shrunk(r.Dx(), r.Dy())
	}
	b := src.Bounds()
	vis := r.Intersect(dst.Bounds())
	if c, ok := dst.(clipped); ok {
		vis = vis.Intersect(c.vis)
	}
	switch {
	case b.Dx() == r.Dx() && b.Dy() == r.Dy():
		draw.Draw(dst, vis, src, b.Min.Add(vis.Min.Sub(r.Min)), draw.Src)
	case vis.Dx()*b.Dy() > 1<<18: // pixel by pixel, without the memory for all rows of the source
		sx, sy := float64(r.Dx())/float64(b.Dx()), float64(r.Dy())/float64(b.Dy())
		m := f64.Aff3{sx, 0, float64(r.Min.X) - sx*float64(b.Min.X), 0, sy, float64(r.Min.Y) - sy*float64(b.Min.Y)}
		scaler.Transform(dst, m, src, b, xdraw.Src, nil)
	default:
		scaler.Scale(dst, r, src, b, xdraw.Src, nil)
	}
}

// clipped is a target for the scaler that is larger than its pixels.
type clipped struct {
	*image.RGBA
	vis image.Rectangle
}
