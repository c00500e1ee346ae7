package text

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// canvas blends masks and rectangles into a picture.
type canvas struct {
	clip   image.Rectangle
	pix    []uint8
	stride int
	origin image.Point // of pix
	nrgba  bool        // not premultiplied
	copyTo draw.Image  // for other kinds of pictures: where the work is copied in the end
	work   *image.RGBA
}

func newCanvas(dst draw.Image, clip image.Rectangle) canvas {
	switch d := dst.(type) {
	case *image.RGBA:
		return canvas{clip: clip, pix: d.Pix, stride: d.Stride, origin: d.Rect.Min}
	case *image.NRGBA:
		return canvas{clip: clip, pix: d.Pix, stride: d.Stride, origin: d.Rect.Min, nrgba: true}
	}
	w := image.NewRGBA(clip)
	draw.Draw(w, clip, dst, clip.Min, draw.Src)
	return canvas{clip: clip, pix: w.Pix, stride: w.Stride, origin: clip.Min, copyTo: dst, work: w}
}

func (c *canvas) flush() {
	if c.copyTo != nil {
		draw.Draw(c.copyTo, c.clip, c.work, c.clip.Min, draw.Src)
	}
}

// row is the pixels [x0, x1) of row y.
func (c *canvas) row(y, x0, x1 int) []uint8 {
	o := (y-c.origin.Y)*c.stride + (x0-c.origin.X)*4
	return c.pix[o : o+4*(x1-x0) : o+4*(x1-x0)]
}

// fill blends a colour over a rectangle.
func (c *canvas) fill(r image.Rectangle, col color.NRGBA) {
	r = r.Intersect(c.clip)
	if r.Empty() || col.A == 0 {
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := c.row(y, r.Min.X, r.Max.X)
		for i := 0; i+3 < len(row); i += 4 {
			c.blend(row[i:i+4:i+4], col, uint32(col.A))
		}
	}
}

// round blends a colour over a rectangle with round corners.
func (c *canvas) round(x0, y0, x1, y1, radius float32, col color.NRGBA) {
	radius = min(radius, (x1-x0)/2, (y1-y0)/2)
	box := image.Rect(int(math.Floor(float64(x0))), int(math.Floor(float64(y0))), int(math.Ceil(float64(x1))), int(math.Ceil(float64(y1)))).Intersect(c.clip)
	if box.Empty() || col.A == 0 {
		return
	}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := c.row(y, box.Min.X, box.Max.X)
		cy := float32(y) + 0.5
		dy := cy - max(y0+radius, min(cy, y1-radius))
		for i := 0; i+3 < len(row); i += 4 {
			cx := float32(box.Min.X+i/4) + 0.5
			dx := cx - max(x0+radius, min(cx, x1-radius))
			cover := max(0, min(1, radius+0.5-float32(math.Hypot(float64(dx), float64(dy)))))
			c.blend(row[i:i+4:i+4], col, uint32(cover*float32(col.A)))
		}
	}
}

// blend puts a colour with alpha a (0..255) over one pixel.
func (c *canvas) blend(d []uint8, col color.NRGBA, a uint32) {
	_ = d[3]
	if a == 255 {
		d[0], d[1], d[2], d[3] = col.R, col.G, col.B, 255
		return
	}
	if c.nrgba && d[3] != 255 {
		blendStraight(d, uint32(col.R), uint32(col.G), uint32(col.B), a)
		return
	}
	inv := 255 - a
	d[0] = div255(uint32(col.R)*a + uint32(d[0])*inv)
	d[1] = div255(uint32(col.G)*a + uint32(d[1])*inv)
	d[2] = div255(uint32(col.B)*a + uint32(d[2])*inv)
	d[3] = div255(255*a + uint32(d[3])*inv)
}

func div255(v uint32) uint8 { return uint8((v + 127 + (v+127)>>8) >> 8) }

// blendStraight is "over" for a pixel whose alpha is not premultiplied and not full.
func blendStraight(d []uint8, r, g, b, a uint32) {
	da := uint32(d[3]) * (255 - a) / 255
	out := a + da
	if out == 0 {
		return
	}
	d[0] = uint8((r*a + uint32(d[0])*da) / out)
	d[1] = uint8((g*a + uint32(d[1])*da) / out)
	d[2] = uint8((b*a + uint32(d[2])*da) / out)
	d[3] = uint8(out)
}

// glyph blends a rasterised glyph whose origin is at (x, y).
func (c *canvas) glyph(g *glyphImage, x, y int, col color.NRGBA) {
	x0, y0 := x+g.x, y+g.y
	r := image.Rect(x0, y0, x0+g.w, y0+g.h).Intersect(c.clip)
	if r.Empty() {
		return
	}
	if g.rgba != nil {
		c.picture(g, x0, y0, r, uint32(col.A))
		return
	}
	for yy := r.Min.Y; yy < r.Max.Y; yy++ {
		m := g.mask[(yy-y0)*g.w+r.Min.X-x0:]
		m = m[:r.Max.X-r.Min.X]
		row := c.row(yy, r.Min.X, r.Max.X)
		for i, a := range m {
			if a == 0 {
				continue
			}
			al := uint32(a)
			if col.A != 255 {
				al = uint32(div255(al * uint32(col.A)))
			}
			c.blend(row[4*i:4*i+4:4*i+4], col, al)
		}
	}
}

// picture blends a coloured glyph, faded by alpha.
func (c *canvas) picture(g *glyphImage, x0, y0 int, r image.Rectangle, alpha uint32) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		src := g.rgba.Pix[(y-y0)*g.rgba.Stride+(r.Min.X-x0)*4:]
		row := c.row(y, r.Min.X, r.Max.X)
		for i := 0; i+3 < len(row); i += 4 {
			a := uint32(src[i+3])
			if a == 0 {
				continue
			}
			// Back to straight colour, so that one blending serves both kinds of pictures.
			col := color.NRGBA{uint8(uint32(src[i]) * 255 / a), uint8(uint32(src[i+1]) * 255 / a), uint8(uint32(src[i+2]) * 255 / a), 255}
			c.blend(row[i:i+4:i+4], col, a*alpha/255)
		}
	}
}
