package htmlview

import (
	"image"
	"image/draw"
)

// shrunk is the picture at the smallest halving of its size that is not smaller than w × h pixels: a large picture is
// resampled in steps, which takes neither the time nor the memory of doing it at once.
func (p *picture) shrunk(w, h int) image.Image {
	b := p.img.Bounds()
	sw, sh := b.Dx(), b.Dy()
	if w < 1 || h < 1 || sw/2 < w || sh/2 < h || sw*sh < 1<<16 {
		return p.img
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.half != nil {
		if hw, hh := p.half.Rect.Dx(), p.half.Rect.Dy(); hw >= w && hh >= h && (hw/2 < w || hh/2 < h) {
			return p.half
		}
	}
	var src image.Image = p.img
	for sw/2 >= w && sh/2 >= h {
		p.half = halve(src)
		src, sw, sh = p.half, p.half.Rect.Dx(), p.half.Rect.Dy()
	}
	return src
}

// halve averages each two by two pixels; an odd last row or column is dropped.
func halve(src image.Image) *image.RGBA {
	b := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()/2), max(1, b.Dy()/2)))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), 2))
	for y := range out.Rect.Dy() {
		rows := strip
		off := 0
		if m, ok := src.(*image.RGBA); ok {
			rows, off = m, m.PixOffset(b.Min.X, b.Min.Y+2*y)
		} else {
			draw.Draw(strip, strip.Rect, src, image.Pt(b.Min.X, b.Min.Y+2*y), draw.Src)
		}
		up := rows.Pix[off:]
		down := up
		if b.Dy() > 1 {
			down = rows.Pix[off+rows.Stride:]
		}
		to := out.Pix[y*out.Stride:]
		for x := range out.Rect.Dx() {
			k, next := 8*x, 4
			if b.Dx() == 1 {
				next = 0
			}
			for c := range 4 {
				to[4*x+c] = uint8((int(up[k+c]) + int(up[k+next+c]) + int(down[k+c]) + int(down[k+next+c]) + 2) / 4)
			}
		}
	}
	return out
}
