package ui

import (
	"image"
	"image/color"
	"testing"

	"peyk/internal/htmlview"
	"peyk/ui/theme"
)

// Words keep their contrast under a mark, which itself is seen; what stands beside it stays as it is.
func TestWordsUnderAMarkStayReadable(t *testing.T) {
	for _, dark := range []bool{false, true} {
		tok := &theme.Light
		if dark {
			tok = &theme.Dark
		}
		for _, current := range []bool{false, true} {
			img := image.NewRGBA(image.Rect(0, 0, 3, 1))
			img.Set(0, 0, tok.BG)
			img.Set(1, 0, tok.FG)
			img.Set(2, 0, tok.FG)
			markInk(dark, current).lay(img, image.Rect(-5, -5, 2, 9))
			at := func(x int) color.NRGBA { return color.NRGBAModel.Convert(img.At(x, 0)).(color.NRGBA) }
			if c := htmlview.Contrast(at(0), at(1)); c < 4.5 {
				t.Errorf("dark %v, current %v: %v on %v is %.1f", dark, current, at(1), at(0), c)
			}
			if c := htmlview.Contrast(at(0), tok.BG); c < 1.15 {
				t.Errorf("dark %v, current %v: the mark %v is hardly seen on %v: %.2f", dark, current, at(0), tok.BG, c)
			}
			if at(2) != tok.FG {
				t.Errorf("beside the mark %v became %v", tok.FG, at(2))
			}
		}
	}
}
