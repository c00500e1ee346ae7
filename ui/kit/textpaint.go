package kit

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"peyk/internal/text"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// bleed is the space painted around a text, for marks that reach out of their line.
const bleed = 3

// params makes the parameters of a layout for this style.
func (s Style) params() text.Params {
	return text.Params{
		Style:      text.Style{Size: s.Size, Weight: text.Weight(s.Weight), Italic: s.Italic, Mono: s.Mono},
		LineHeight: lineHeight(s.Size),
	}
}

// lineHeight is the height of a line of this size: 20 for 14, 18 for 12.5.
func lineHeight(size float32) float32 { return float32(math.Round(float64(size) * 1.45)) }

// direction maps a Direction to that of the layout; a text without a direction of its own takes the window's.
func direction(d Direction) text.Direction {
	rtl := lang.RTL()
	switch {
	case d == DirLTR:
		return text.LTR
	case d == DirRTL:
		return text.RTL
	case d == DirParagraph && rtl:
		return text.AutoRTL
	case d == DirParagraph:
		return text.Auto
	case rtl:
		return text.FieldRTL
	}
	return text.Field
}

// alignment maps an Align to that of the layout.
func alignment(a Align) text.Align {
	start, end := text.AlignLeft, text.AlignRight
	if lang.RTL() {
		start, end = end, start
	}
	switch a {
	case AlignEnd:
		return end
	case AlignCenter:
		return text.AlignCenter
	case AlignText:
		return text.AlignStart
	}
	return start
}

// inked is a layout with what is needed to paint it at a place of a raster.
type inked struct {
	layout           *text.Layout
	x, y             float32 // units
	color            color.NRGBA
	selStart, selEnd int
}

// newTextRaster is a raster that paints what items returns, in units from its own left top corner less bleed.
func newTextRaster(items func() []inked) *canvas.Raster {
	r := &canvas.Raster{ScaleMode: canvas.ImageScalePixels}
	r.Generator = func(w, h int) image.Image {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		scale := pixelScale(r, w)
		tok := theme.Current()
		for _, it := range items() {
			if it.layout == nil {
				continue
			}
			it.layout.Draw(img, (it.x+bleed)*scale, (it.y+bleed)*scale, text.Paint{
				Scale: scale, Color: it.color, LinkColor: tok.Accent,
				SelStart: it.selStart, SelEnd: it.selEnd, SelColor: tok.Selection,
			})
		}
		return img
	}
	return r
}

// pixelScale is the number of pixels to a unit for a raster that is w pixels wide.
func pixelScale(r *canvas.Raster, w int) float32 {
	if c := canvasOf(r); c != nil {
		if px, _ := c.PixelCoordinateForPosition(fyne.NewPos(4096, 0)); px > 0 {
			return float32(px) / 4096
		}
	}
	if r.Size().Width <= 0 {
		return 1
	}
	return float32(w) / r.Size().Width
}

// ceil rounds up to whole units, so that rasters stand on pixels.
func ceil(v float32) float32 { return float32(math.Ceil(float64(v))) }

// nudge moves a text down in its line, so that its letters stand in the middle of it, beside icons.
func nudge(size float32) float32 { return float32(math.Round(float64(size) * 0.07)) }
