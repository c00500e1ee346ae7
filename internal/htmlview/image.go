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

// Bounds of pictures: pixels of one, and of all within a message.
const (
	maxImagePixels = 25 << 20
	maxAllPixels   = 40 << 20
	maxImageBytes  = 16 << 20
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
	if len(src) > 5 && strings.EqualFold(src[:5], "data:") {
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
	return &picture{img: img, w: float32(img.Bounds().Dx()), h: float32(img.Bounds().Dy())}
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
	img := DecodeImage(raw, maxAllPixels-d.pixels)
	if img == nil {
		return nil
	}
	d.pixels += img.Bounds().Dx() * img.Bounds().Dy()
	return newPicture(img)
}

// DecodeImage decodes a PNG, JPEG, GIF (its first picture), WebP or BMP of at most so many pixels; nil otherwise. The
// size is looked at before anything is decoded.
func DecodeImage(raw []byte, pixels int) (img image.Image) {
	defer func() {
		if recover() != nil { // a decoder that fails on hostile bytes
			img = nil
		}
	}()
	cfg, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > 1<<16 || cfg.Height > 1<<16 || cfg.Width*cfg.Height > min(pixels, maxImagePixels) {
		return nil
	}
	if img, _, err = image.Decode(bytes.NewReader(raw)); err != nil {
		return nil
	}
	return img
}
