package kit

import (
	"image"
	"image/color"
	"math"
)

// blend lays over on base; a transparent base gives over itself.
func blend(base, over color.NRGBA) color.NRGBA {
	if base.A == 0 {
		return over
	}
	mix := func(a, b uint8) uint8 {
		return uint8((int(a)*(255-int(over.A)) + int(b)*int(over.A)) / 255)
	}
	return color.NRGBA{R: mix(base.R, over.R), G: mix(base.G, over.G), B: mix(base.B, over.B), A: base.A}
}

// fillPill fills a rectangle with round ends, in pixels.
func fillPill(img *image.RGBA, x, y, w, h float32, c color.NRGBA) {
	r := min(w, h) / 2
	box := image.Rect(int(x)-1, int(y)-1, int(x+w)+2, int(y+h)+2).Intersect(img.Rect)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			// The distance to the line along the middle, up to which it is filled.
			cx, cy := float32(px)+0.5, float32(py)+0.5
			dx, dy := cx-max(x+r, min(cx, x+w-r)), cy-max(y+r, min(cy, y+h-r))
			cover := max(0, min(1, r+0.5-float32(math.Hypot(float64(dx), float64(dy)))))
			a := uint32(cover * float32(c.A))
			d := img.Pix[img.PixOffset(px, py):][:4:4]
			for k, v := range [4]uint8{c.R, c.G, c.B, 255} {
				d[k] = uint8((uint32(v)*a + uint32(d[k])*(255-a)) / 255)
			}
		}
	}
}
