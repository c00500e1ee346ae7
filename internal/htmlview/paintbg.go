package htmlview

import (
	"image"
	"image/draw"
	"math"
)

// background paints a background picture or gradient.
func (p *painter) background(o *op, r image.Rectangle) {
	vis := r.Intersect(p.clip)
	if vis.Empty() || o.bg.gradient == nil && (o.img == nil || o.img.w <= 0 || o.img.h <= 0) {
		return
	}
	a := p.pixels(o.area.x0, o.area.y0, o.area.x1-o.area.x0, o.area.y1-o.area.y0)
	if !p.affords(vis) {
		return
	}
	var layer *image.RGBA
	if o.bg.gradient != nil && o.bg.sizeX.auto() && o.bg.sizeY.auto() && !o.bg.repeatsOver(a, r) {
		layer = p.gradientIn(o.bg.gradient, a, vis, 1)
	} else {
		layer = p.tiles(o, a, vis)
	}
	if layer == nil {
		return
	}
	if o.radius == (corners{}) && o.alpha >= 1 {
		draw.Draw(p.dst, vis, layer, vis.Min, draw.Over)
		return
	}
	m := p.mask(vis, r, o.radius, nil, corners{})
	if o.alpha < 1 {
		for i, a := range m.Pix {
			m.Pix[i] = uint8(float32(a) * o.alpha)
		}
	}
	draw.DrawMask(p.dst, vis, layer, vis.Min, m, vis.Min, draw.Over)
}

// repeatsOver reports that a gradient as large as its area is seen beyond it.
func (b *background) repeatsOver(area, show image.Rectangle) bool {
	return area != show && (area.Min.X > show.Min.X || area.Min.Y > show.Min.Y || area.Max.X < show.Max.X || area.Max.Y < show.Max.Y)
}

// tileSize is the size of one picture of a layer in an area of bw × bh units.
func (o *op) tileSize(bw, bh float32) (w, h float32) {
	bg := o.bg
	if o.img == nil { // gradients are as large as the area, unless told otherwise
		w, h = bw, bh
		if bg.sizeX.set {
			w = bg.sizeX.of(bw)
		}
		if bg.sizeY.set {
			h = bg.sizeY.of(bh)
		}
		return w, h
	}
	w, h = o.img.w, o.img.h
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
	return w, h
}

// tiles repeats a picture over vis; r is the area that places and sizes refer to.
func (p *painter) tiles(o *op, r, vis image.Rectangle) *image.RGBA {
	bg := o.bg
	bw, bh := float32(r.Dx())/p.s, float32(r.Dy())/p.s
	w, h := o.tileSize(bw, bh)
	if w*p.s < 0.5 || h*p.s < 0.5 || w > 1e5 || h > 1e5 {
		return nil
	}
	x, y := bg.posX.px+bg.posX.pct/100*(bw-w), bg.posY.px+bg.posY.pct/100*(bh-h)
	x0, x1 := float32(vis.Min.X-r.Min.X)/p.s, float32(vis.Max.X-r.Min.X)/p.s
	y0, y1 := float32(vis.Min.Y-r.Min.Y)/p.s, float32(vis.Max.Y-r.Min.Y)/p.s
	if bg.repeatX {
		x += w * floorf((x0-x)/w)
	}
	if bg.repeatY {
		y += h * floorf((y0-y)/h)
	}
	tile := image.Rect(0, 0, max(1, int(w*p.s+0.5)), max(1, int(h*p.s+0.5)))
	scaled := p.tile(o, tile)
	layer := image.NewRGBA(vis)
	count := 0
	for ty := y; ty < y1 && count < 20000; ty += h {
		for tx := x; tx < x1 && count < 20000; tx += w {
			q := tile.Add(image.Pt(r.Min.X+int(math.Floor(float64(tx*p.s)+0.5)), r.Min.Y+int(math.Floor(float64(ty*p.s)+0.5))))
			count++
			if part := q.Intersect(vis); !part.Empty() {
				if scaled != nil {
					draw.Draw(layer, part, scaled, part.Min.Sub(q.Min), draw.Src)
				} else {
					p.scale(clipped{layer, vis}, q, o.img)
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
	return layer
}

// tile scales a picture once, to be copied often; nil when it is too large for that.
func (p *painter) tile(o *op, tile image.Rectangle) *image.RGBA {
	if tile.Dx()*tile.Dy() > 1<<22 {
		if o.img == nil {
			tile = tile.Intersect(image.Rect(0, 0, 2048, 2048))
			return p.gradientIn(o.bg.gradient, tile, tile, 1)
		}
		return nil
	}
	if o.img == nil {
		return p.gradientIn(o.bg.gradient, tile, tile, 1)
	}
	scaled := image.NewRGBA(tile)
	p.scale(scaled, tile, o.img)
	return scaled
}
