package htmlview

import (
	"image"
	"image/color"
	"image/draw"
)

// shadow paints a box shadow: the box, blurred by three box filters, outside of the box only; an inner one inside only.
func (p *painter) shadow(o *op, c color.NRGBA) {
	sh := o.shadow
	spread := sh.spread
	if sh.inset {
		spread = -spread
	}
	r := p.pixels(o.x+sh.dx-spread, o.y+sh.dy-spread, o.w+2*spread, o.h+2*spread)
	own := p.pixels(o.x, o.y, o.w, o.h)
	blur := sh.blur * p.s / 2
	reach := int(3*blur) + 2
	vis := r.Inset(-reach).Union(own)
	if sh.inset {
		vis = own.Inset(-reach)
	}
	vis = vis.Intersect(p.clip.Inset(-reach))
	if vis.Empty() || vis.Dx()*vis.Dy() > 1<<24 {
		return
	}
	radius := o.radius
	for i := range radius {
		for k := range radius[i] {
			if radius[i][k] > 0 {
				radius[i][k] = max(0, radius[i][k]+spread)
			}
		}
	}
	if !p.affords(vis) {
		return
	}
	m := p.blurred(vis, r, radius, blur, sh.inset)
	hole := p.mask(vis, own, o.radius, nil, corners{})
	for y := vis.Min.Y; y < vis.Max.Y; y++ {
		from, to := hole.Pix[hole.PixOffset(vis.Min.X, y):], m.Pix[m.PixOffset(vis.Min.X, y):]
		for x := range vis.Dx() {
			a := from[x]
			if !sh.inset {
				a = 255 - a
			}
			to[x] = uint8(int(to[x]) * int(a) / 255)
		}
	}
	show := vis.Intersect(p.clip)
	draw.DrawMask(p.dst, show, image.NewUniform(c), image.Point{}, m, show.Min, draw.Over)
}

// textShadow paints a piece of text in the colour of a shadow, moved and blurred.
func (p *painter) textShadow(o *op, c color.NRGBA) {
	sh := o.shadow
	x, y := (o.x+sh.dx)*p.s+p.dx, (o.base+sh.dy)*p.s+p.dy
	if sh.blur == 0 {
		o.piece.Draw(p.dst, x, y, p.s, c, p.clip)
		return
	}
	blur := sh.blur * p.s / 2
	reach := int(3*blur) + 2
	vis := p.pixels(o.x+sh.dx, o.y+sh.dy, o.w, o.h).Inset(-reach - int(o.h*p.s/2)).Intersect(p.clip.Inset(-reach))
	if vis.Empty() || vis.Dx()*vis.Dy() > 1<<23 || !p.affords(vis) {
		return
	}
	glyphs := image.NewRGBA(vis)
	o.piece.Draw(glyphs, x, y, p.s, black, vis)
	m := image.NewAlpha(vis)
	for i := range m.Pix {
		m.Pix[i] = glyphs.Pix[i*4+3]
	}
	blurMask(m, blur)
	show := vis.Intersect(p.clip)
	draw.DrawMask(p.dst, show, image.NewUniform(c), image.Point{}, m, show.Min, draw.Over)
}

// blurred is the mask of a round box, or of all but it, blurred. A wide blur is made at a fraction of the size: nobody sees
// the difference, and it takes a fraction of the time.
func (p *painter) blurred(vis, r image.Rectangle, radius corners, blur float32, inverse bool) *image.Alpha {
	k := max(1, int(blur/4))
	small := painter{s: p.s / float32(k)}
	div := func(q image.Rectangle) image.Rectangle {
		return image.Rect(floorDiv(q.Min.X, k), floorDiv(q.Min.Y, k), -floorDiv(-q.Max.X, k), -floorDiv(-q.Max.Y, k))
	}
	m := small.mask(div(vis).Inset(-1), div(r), radius, nil, corners{})
	if inverse {
		for i := range m.Pix {
			m.Pix[i] = 255 - m.Pix[i]
		}
	}
	blurMask(m, blur/float32(k))
	if k == 1 {
		return m.SubImage(vis).(*image.Alpha)
	}
	return enlarge(m, vis, k)
}

func floorDiv(a, k int) int {
	if a < 0 {
		return -((-a + k - 1) / k)
	}
	return a / k
}

// enlarge resamples a mask made at 1/k of the size.
func enlarge(m *image.Alpha, vis image.Rectangle, k int) *image.Alpha {
	out := image.NewAlpha(vis)
	at := func(x, y int) int {
		x, y = max(m.Rect.Min.X, min(m.Rect.Max.X-1, x)), max(m.Rect.Min.Y, min(m.Rect.Max.Y-1, y))
		return int(m.Pix[m.PixOffset(x, y)])
	}
	for y := vis.Min.Y; y < vis.Max.Y; y++ {
		cy := floorDiv(2*y+1-k, 2*k)
		fy := 2*y + 1 - k - cy*2*k
		row := out.Pix[(y-vis.Min.Y)*out.Stride:]
		for x := vis.Min.X; x < vis.Max.X; x++ {
			cx := floorDiv(2*x+1-k, 2*k)
			fx := 2*x + 1 - k - cx*2*k
			a := at(cx, cy)*(2*k-fx) + at(cx+1, cy)*fx
			b := at(cx, cy+1)*(2*k-fx) + at(cx+1, cy+1)*fx
			row[x-vis.Min.X] = uint8((a*(2*k-fy) + b*fy) / (4 * k * k))
		}
	}
	return out
}

// blurMask blurs by a Gaussian of the given deviation in pixels, or what three box filters make of it.
func blurMask(m *image.Alpha, deviation float32) {
	if deviation <= 0 {
		return
	}
	rad := max(1, int(deviation*0.94+0.25))
	for range 3 {
		boxBlur(m, rad)
	}
}

// boxBlur averages over 2*rad+1 pixels, along rows and then columns.
func boxBlur(m *image.Alpha, rad int) {
	if rad < 1 {
		return
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	line := func(start, step, n int) {
		buf := make([]uint8, n)
		sum := 0
		at := func(i int) int {
			if i < 0 || i >= n {
				return 0
			}
			return int(m.Pix[start+i*step])
		}
		for i := -rad; i <= rad; i++ {
			sum += at(i)
		}
		for i := range n {
			buf[i] = uint8(sum / (2*rad + 1))
			sum += at(i+rad+1) - at(i-rad)
		}
		for i := range n {
			m.Pix[start+i*step] = buf[i]
		}
	}
	for y := range h {
		line(y*m.Stride, 1, w)
	}
	for x := range w {
		line(x, m.Stride, h)
	}
}
