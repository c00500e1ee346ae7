package ui

import (
	"image"
	"image/color"
)

// ink is the colour of a highlighter. It darkens a page as ink does, and lightens a dark one as light does, so that the words under it keep
// the contrast that they have: a translucent colour laid over them would take it from them.
type ink struct {
	color color.NRGBA // A is not used
	light bool        // for a dark page
}

// markInk is the ink of a place that was found; current is the one that is looked at.
func markInk(dark, current bool) ink {
	switch {
	case dark && current:
		return ink{color.NRGBA{R: 130, G: 62, B: 0}, true}
	case dark:
		return ink{color.NRGBA{R: 84, G: 64, B: 0}, true}
	case current:
		return ink{color.NRGBA{R: 255, G: 185, B: 102}, false}
	}
	return ink{color.NRGBA{R: 255, G: 233, B: 153}, false}
}

// lay marks a rectangle of a picture.
func (k ink) lay(img *image.RGBA, r image.Rectangle) {
	r = r.Intersect(img.Rect)
	c := [3]uint32{uint32(k.color.R), uint32(k.color.G), uint32(k.color.B)}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for i, end := img.PixOffset(r.Min.X, y), img.PixOffset(r.Max.X, y); i < end; i += 4 {
			for n, v := range c {
				p := uint32(img.Pix[i+n])
				if k.light {
					img.Pix[i+n] = uint8(255 - (255-p)*(255-v)/255)
				} else {
					img.Pix[i+n] = uint8(p * v / 255)
				}
			}
		}
	}
}
