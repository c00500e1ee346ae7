package htmlview

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// background paints a background picture or gradient.
func (p *painter) background(o *op, r image.Rectangle) {
	vis := r.Intersect(p.clip)
	if vis.Empty() {
		return
	}
	switch {
	case o.bg.gradient != nil:
		p.gradient(o, r, vis)
	case o.img != nil:
		p.tiles(o, r, vis)
	}
}

func (p *painter) gradient(o *op, r, vis image.Rectangle) {
	g := o.bg.gradient
	w, h := float64(r.Dx()), float64(r.Dy())
	sin, cos := math.Sincos(g.angle * math.Pi / 180)
	line := math.Abs(w*sin) + math.Abs(h*cos)
	if g.radial {
		line = math.Hypot(w, h) / 2
	}
	const n = 512
	cols := g.colors(n, float32(line)/p.s)
	sub := image.NewRGBA(vis)
	cx, cy := float64(r.Min.X)+w/2, float64(r.Min.Y)+h/2
	for y := vis.Min.Y; y < vis.Max.Y; y++ {
		for x := vis.Min.X; x < vis.Max.X; x++ {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			t := 0.0
			switch {
			case line <= 0:
			case g.radial:
				t = math.Hypot(dx, dy) / line
			default:
				t = (dx*sin-dy*cos)/line + 0.5
			}
			c := fade(cols[max(0, min(n-1, int(t*n)))], o.alpha)
			sub.Set(x, y, c)
		}
	}
	if o.radius == [4]float32{} {
		draw.Draw(p.dst, vis, sub, vis.Min, draw.Over)
		return
	}
	m := p.mask(vis, r, o.radius, nil, [4]float32{})
	draw.DrawMask(p.dst, vis, sub, vis.Min, m, vis.Min, draw.Over)
}

// tiles repeats a picture over the box.
func (p *painter) tiles(o *op, r, vis image.Rectangle) {
	bg := o.bg
	bw, bh := float32(r.Dx())/p.s, float32(r.Dy())/p.s
	w, h := o.img.w, o.img.h
	switch {
	case bg.cover || bg.contain:
		k := max(bw/w, bh/h)
		if bg.contain {
			k = min(bw/w, bh/h)
		}
		w, h = w*k, h*k
	case bg.sizeX.set && bg.sizeY.set:
		w, h = bg.sizeX.of(bw), bg.sizeY.of(bh)
	case bg.sizeX.set:
		w, h = bg.sizeX.of(bw), bg.sizeX.of(bw)*h/w
	case bg.sizeY.set:
		w, h = bg.sizeY.of(bh)*w/h, bg.sizeY.of(bh)
	}
	if w*p.s < 1 || h*p.s < 1 || w > 1e5 || h > 1e5 {
		return
	}
	x, y := bg.posX.px+bg.posX.pct/100*(bw-w), bg.posY.px+bg.posY.pct/100*(bh-h)
	if bg.repeatX {
		x -= w * float32(math.Ceil(float64(x/w)))
	}
	if bg.repeatY {
		y -= h * float32(math.Ceil(float64(y/h)))
	}
	tile := image.Rect(0, 0, int(w*p.s+0.5), int(h*p.s+0.5))
	var scaled *image.RGBA
	if tile.Dx()*tile.Dy() <= 1<<22 { // scale once, copy often
		scaled = image.NewRGBA(tile)
		scaler.Scale(scaled, tile, o.img.img, o.img.img.Bounds(), draw.Src, nil)
	}
	layer := image.NewRGBA(vis)
	count := 0
	for ty := y; ty < bh && count < 20000; ty += h {
		for tx := x; tx < bw && count < 20000; tx += w {
			q := tile.Add(image.Pt(r.Min.X+int(math.Round(float64(tx*p.s))), r.Min.Y+int(math.Round(float64(ty*p.s)))))
			if part := q.Intersect(vis); !part.Empty() {
				count++
				if scaled != nil {
					draw.Draw(layer, part, scaled, part.Min.Sub(q.Min), draw.Src)
				} else {
					scaler.Scale(clipped{layer, vis}, q, o.img.img, o.img.img.Bounds(), draw.Src, nil)
				}
			}
			if !bg.repeatX {
				break
			}
		}
		if !bg.repeatY {
			break
		}
	}
	m := p.mask(vis, r, o.radius, nil, [4]float32{})
	if o.alpha < 1 {
		for i, a := range m.Pix {
			m.Pix[i] = uint8(float32(a) * o.alpha)
		}
	}
	draw.DrawMask(p.dst, vis, layer, vis.Min, m, vis.Min, draw.Over)
}

// shadow paints a box shadow: the box, blurred by three box filters, outside of the box only.
func (p *painter) shadow(o *op, c color.NRGBA) {
	sh := o.shadow
	r := p.pixels(o.x+sh.dx-sh.spread, o.y+sh.dy-sh.spread, o.w+2*sh.spread, o.h+2*sh.spread)
	blur := int(sh.blur * p.s / 2)
	outer := r.Inset(-3*blur - 1)
	vis := outer.Intersect(p.clip.Inset(-3*blur - 1))
	if vis.Empty() || vis.Dx()*vis.Dy() > 1<<24 {
		return
	}
	m := p.mask(vis, r, o.radius, nil, [4]float32{})
	if blur > 0 {
		for range 3 {
			boxBlur(m, (blur*2+2)/3)
		}
	}
	own := p.pixels(o.x, o.y, o.w, o.h).Intersect(vis)
	hole := p.mask(own, p.pixels(o.x, o.y, o.w, o.h), o.radius, nil, [4]float32{})
	for y := own.Min.Y; y < own.Max.Y; y++ {
		for x := own.Min.X; x < own.Max.X; x++ {
			if a := hole.AlphaAt(x, y).A; a > 0 {
				k := m.PixOffset(x, y)
				m.Pix[k] = uint8(int(m.Pix[k]) * (255 - int(a)) / 255)
			}
		}
	}
	show := vis.Intersect(p.clip)
	draw.DrawMask(p.dst, show, image.NewUniform(c), image.Point{}, m, show.Min, draw.Over)
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
