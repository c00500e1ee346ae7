package htmlview

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/url"
	"strings"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"
)

// Bounds of pictures: pixels of one, of one whose decoder keeps coefficients, and of all within a message; bytes of one.
const (
	maxImagePixels       = 16 << 20
	maxProgressivePixels = 6 << 20
	maxAllPixels         = 24 << 20
	maxImageBytes        = 16 << 20
)

// picture finds the picture of a URL; nil when there is none.
func (d *Document) picture(src string) *picture {
	if src == "" {
		return nil
	}
	if p, ok := d.pictures[src]; ok {
		return p
	}
	var p *picture
	if strings.HasPrefix(src, svgScheme) {
		var ok bool
		if p, ok = d.cache[src]; !ok {
			ink, body, _ := strings.Cut(src[len(svgScheme):], "\x00")
			p = decodeSVG([]byte(body), ink)
			d.cache[src] = p
		}
	} else if len(src) > 5 && strings.EqualFold(src[:5], "data:") {
		var ok bool
		if p, ok = d.cache[src]; !ok {
			p = d.decodeData(src)
			d.cache[src] = p
		}
	} else if d.opts.Images != nil {
		if img := d.opts.Images(src); img != nil && !img.Bounds().Empty() {
			p = newPicture(img)
		}
	}
	d.pictures[src] = p
	return p
}

func newPicture(img image.Image) *picture {
	p := &picture{img: img, w: float32(img.Bounds().Dx()), h: float32(img.Bounds().Dy())}
	switch x := img.(type) {
	case *Animation:
		p.anim, p.img = x, x.Frames[0]
	case *Drawing:
		return &picture{w: x.p.w, h: x.p.h, vector: x.p.vector}
	}
	return p
}

// Drawing is an SVG picture, which is painted anew for each size. As an image it has its natural size.
type Drawing struct {
	image.Image
	p *picture
}

func (d *Document) decodeData(src string) *picture {
	head, body, ok := strings.Cut(src, ",")
	if !ok || len(body) > maxImageBytes*2 {
		return nil
	}
	var raw []byte
	if strings.Contains(strings.ToLower(head), ";base64") {
		body = strings.Map(func(r rune) rune {
			if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
				return -1
			}
			return r
		}, body)
		if u, err := url.PathUnescape(body); err == nil {
			body = u
		}
		var err error
		if raw, err = base64.StdEncoding.DecodeString(body); err != nil {
			if raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "=")); err != nil {
				return nil
			}
		}
	} else {
		u, err := url.PathUnescape(body)
		if err != nil {
			return nil
		}
		raw = []byte(u)
	}
	if isSVG(raw) {
		return decodeSVG(raw, "#000000")
	}
	img := DecodeImage(raw, maxAllPixels-d.pixels)
	if img == nil {
		return nil
	}
	n := img.Bounds().Dx() * img.Bounds().Dy()
	if a, ok := img.(*Animation); ok {
		n *= len(a.Frames)
	}
	d.pixels += n
	return newPicture(img)
}

// DecodeImage decodes a PNG, JPEG, GIF (an *Animation, when it moves), WebP, BMP or SVG (a *Drawing) of at most so many pixels;
// nil otherwise.
// The size is looked at before anything is decoded.
func DecodeImage(raw []byte, pixels int) (img image.Image) {
	defer func() {
		if recover() != nil { // a decoder that fails on hostile bytes
			img = nil
		}
	}()
	cfg, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil && isSVG(raw) {
		if p := decodeSVG(raw, "#000000"); p != nil && int(p.w)*int(p.h) <= min(pixels, maxSVGPixels) {
			return &Drawing{p.vector.raster(int(p.w), int(p.h)), p}
		}
		return nil
	}
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > 1<<16 || cfg.Height > 1<<16 {
		return nil
	}
	most := maxImagePixels
	if kind == "jpeg" && isProgressive(raw) {
		most = maxProgressivePixels
	}
	if cfg.Width*cfg.Height > min(pixels, most) {
		return nil
	}
	if kind == "gif" {
		if a := decodeAnimation(raw); a != nil && len(a.Frames)*cfg.Width*cfg.Height <= pixels {
			return a
		}
	}
	if img, _, err = image.Decode(bytes.NewReader(raw)); err != nil {
		return nil
	}
	return img
}

// isProgressive looks for the frame header of a progressive JPEG.
func isProgressive(raw []byte) bool {
	for i := 2; i+4 < len(raw) && raw[i] == 0xFF; {
		switch m := raw[i+1]; {
		case m == 0xC2:
			return true
		case m == 0xDA || m == 0xC0 || m == 0xC1:
			return false
		case m == 0xFF:
			i++
			continue
		}
		i += 2 + int(raw[i+2])<<8 + int(raw[i+3])
	}
	return false
}
