package pdfout

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"

	xdraw "golang.org/x/image/draw"
)

// pictures are the pictures in use; one that is painted several times is written once.
type pictures struct {
	file *file
	done map[image.Image]ref
}

// The most pixels of a side of a picture, and from how many pixels on one without transparency is written as JPEG.
const (
	mostSide     = 3000
	jpegFrom     = 200 * 200
	jpegQuality  = 88
	keepPictures = 4000 // pictures remembered to be written once
)

// use writes a picture and returns its number; same says that the caller may ask for the same one again.
func (p *pictures) use(img image.Image, same bool) ref {
	if r, ok := p.done[img]; ok && same {
		return r
	}
	pix := straight(img)
	w, h := pix.Rect.Dx(), pix.Rect.Dy()
	rgb, alpha := make([]byte, 0, 3*w*h), make([]byte, 0, w*h)
	clear := false
	for i := 0; i < len(pix.Pix); i += 4 {
		rgb = append(rgb, pix.Pix[i], pix.Pix[i+1], pix.Pix[i+2])
		alpha = append(alpha, pix.Pix[i+3])
		clear = clear || pix.Pix[i+3] != 255
	}
	dict := fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8", w, h)
	r := p.file.next()
	if clear {
		mask := p.file.next()
		p.file.stream(mask, fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8", w, h), alpha)
		dict += fmt.Sprintf(" /SMask %v", mask)
	}
	var jpg bytes.Buffer
	if !clear && w*h >= jpegFrom && many(rgb) && jpeg.Encode(&jpg, pix, &jpeg.Options{Quality: jpegQuality}) == nil {
		p.file.raw(r, dict+" /Filter /DCTDecode", jpg.Bytes())
	} else {
		p.file.stream(r, dict, rgb)
	}
	if same && len(p.done) < keepPictures {
		p.done[img] = r
	}
	return r
}

// straight makes a picture of at most mostSide pixels a side whose colours are not multiplied with their alpha.
func straight(img image.Image) *image.NRGBA {
	b := img.Bounds()
	w, h := max(b.Dx(), 1), max(b.Dy(), 1)
	if s := max(w, h); s > mostSide {
		w, h = max(1, w*mostSide/s), max(1, h*mostSide/s)
		out := image.NewNRGBA(image.Rect(0, 0, w, h))
		xdraw.ApproxBiLinear.Scale(out, out.Rect, img, b, xdraw.Src, nil)
		return out
	}
	if n, ok := img.(*image.NRGBA); ok && n.Stride == 4*b.Dx() && b.Min == (image.Point{}) {
		return n
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}

// many reports a picture of many colours: a photograph, which flate compresses badly.
func many(rgb []byte) bool {
	seen := map[[3]byte]struct{}{}
	for i := 0; i+3 <= len(rgb); i += 3 * 37 {
		seen[[3]byte{rgb[i], rgb[i+1], rgb[i+2]}] = struct{}{}
		if len(seen) > 1024 {
			return true
		}
	}
	return false
}
