package kit

import "image/color"

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
