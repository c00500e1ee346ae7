package htmlview

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
	"golang.org/x/image/colornames"
)

// parseColor reads a colour; cur is currentColor.
func parseColor(ts []token, cur color.NRGBA, quirk bool) (color.NRGBA, bool) {
	if len(ts) == 0 {
		return color.NRGBA{}, false
	}
	t := ts[0]
	switch t.tt {
	case css.HashToken:
		return hexColor(t.data[1:])
	case css.IdentToken:
		name := strings.ToLower(t.data)
		switch name {
		case "transparent":
			return color.NRGBA{}, true
		case "currentcolor":
			return cur, true
		case "windowtext", "canvastext", "buttontext":
			return black, true
		case "window", "canvas":
			return color.NRGBA{255, 255, 255, 255}, true
		case "rebeccapurple":
			return color.NRGBA{0x66, 0x33, 0x99, 255}, true
		}
		if c, ok := colornames.Map[name]; ok {
			return color.NRGBA{c.R, c.G, c.B, 255}, true
		}
		if quirk {
			return hexColor(name)
		}
	case css.NumberToken, css.DimensionToken:
		if quirk {
			return hexColor(join(ts))
		}
	case css.FunctionToken:
		return funcColor(strings.ToLower(t.data), ts[1:])
	}
	return color.NRGBA{}, false
}

func hexColor(s string) (color.NRGBA, bool) {
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil {
		return color.NRGBA{}, false
	}
	b := func(shift uint) uint8 { return uint8(v >> shift) }
	n := func(shift uint) uint8 { return uint8(v>>shift&15) * 17 }
	switch len(s) {
	case 3:
		return color.NRGBA{n(8), n(4), n(0), 255}, true
	case 4:
		return color.NRGBA{n(12), n(8), n(4), n(0)}, true
	case 6:
		return color.NRGBA{b(16), b(8), b(0), 255}, true
	case 8:
		return color.NRGBA{b(24), b(16), b(8), b(0)}, true
	}
	return color.NRGBA{}, false
}

// colorNumbers reads up to four numbers, angles or percentages; n is 0 when one of them is neither.
func colorNumbers(ts []token) (v [4]float64, pct [4]bool, n int) {
	for _, t := range ts {
		if n > 3 {
			break
		}
		switch t.tt {
		case css.NumberToken, css.DimensionToken:
			f, err := strconv.ParseFloat(t.data, 64)
			if err != nil {
				var ok bool
				if f, ok = degrees([]token{t}); !ok {
					return v, pct, 0
				}
			}
			v[n] = f
			n++
		case css.PercentageToken:
			f, err := strconv.ParseFloat(strings.TrimSuffix(t.data, "%"), 64)
			if err != nil {
				return v, pct, 0
			}
			v[n], pct[n] = f, true
			n++
		}
	}
	return v, pct, n
}

func funcColor(name string, ts []token) (color.NRGBA, bool) {
	v, pct, n := colorNumbers(ts)
	if n < 3 {
		return color.NRGBA{}, false
	}
	alpha := 1.0
	if n > 3 {
		if alpha = v[3]; pct[3] {
			alpha /= 100
		}
	}
	to8 := func(f float64) uint8 { return uint8(max(0, min(255, math.Round(f)))) }
	c := color.NRGBA{A: to8(255 * alpha)}
	switch name {
	case "rgb(", "rgba(":
		for i := range 3 {
			if pct[i] {
				v[i] *= 2.55
			}
		}
		c.R, c.G, c.B = to8(v[0]), to8(v[1]), to8(v[2])
	case "hsl(", "hsla(":
		r, g, b := hsl(v[0]/360, v[1]/100, v[2]/100)
		c.R, c.G, c.B = to8(r*255), to8(g*255), to8(b*255)
	case "hwb(":
		r, g, b := hsl(v[0]/360, 1, 0.5)
		w, k := v[1]/100, v[2]/100
		if w+k > 1 {
			w, k = w/(w+k), k/(w+k)
		}
		mixed := func(x float64) uint8 { return to8((x*(1-w-k) + w) * 255) }
		c.R, c.G, c.B = mixed(r), mixed(g), mixed(b)
	case "lab(", "lch(", "oklab(", "oklch(":
		r, g, b := labColor(name, v, pct)
		c.R, c.G, c.B = to8(r*255), to8(g*255), to8(b*255)
	default:
		return color.NRGBA{}, false
	}
	return c, true
}

// labColor converts the Lab and LCH forms to sRGB (CSS Color 4 section 9 and 17).
func labColor(name string, v [4]float64, pct [4]bool) (r, g, b float64) {
	ok := strings.HasPrefix(name, "ok")
	scale := [3]float64{1, 1.25, 1.25}
	if ok {
		scale = [3]float64{0.01, 0.004, 0.004}
	}
	if strings.HasSuffix(name, "lch(") {
		if !ok {
			scale[1] = 1.5
		}
		scale[2] = 1
	}
	for i := range 3 {
		if pct[i] {
			v[i] *= scale[i]
		}
	}
	l, a1, b1 := v[0], v[1], v[2]
	if strings.HasSuffix(name, "lch(") {
		sin, cos := math.Sincos(v[2] * math.Pi / 180)
		a1, b1 = v[1]*cos, v[1]*sin
	}
	if ok {
		return okToRGB(l, a1, b1)
	}
	return labToRGB(l, a1, b1)
}

func okToRGB(l, a, b float64) (r, g, bl float64) {
	cube := func(x float64) float64 { return x * x * x }
	x, y, z := cube(l+0.3963377774*a+0.2158037573*b), cube(l-0.1055613458*a-0.0638541728*b), cube(l-0.0894841775*a-1.2914855480*b)
	return gamma(4.0767416621*x - 3.3077115913*y + 0.2309699292*z), gamma(-1.2684380046*x + 2.6097574011*y - 0.3413193965*z), gamma(-0.0041960863*x - 0.7034186147*y + 1.7076147010*z)
}

func labToRGB(l, a, b float64) (r, g, bl float64) {
	fy := (l + 16) / 116
	inv := func(f float64) float64 {
		if c := f * f * f; c > 216.0/24389 {
			return c
		}
		return (116*f - 16) / (24389.0 / 27)
	}
	x, y, z := 0.96422*inv(fy+a/500), inv(fy), 0.82521*inv(fy-b/200) // of the white D50
	return gamma(3.1338561*x - 1.6168667*y - 0.4906146*z), gamma(-0.9787684*x + 1.9161415*y + 0.0334540*z), gamma(0.0719453*x - 0.2289914*y + 1.4052427*z)
}

// gamma encodes linear light for sRGB.
func gamma(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

func hsl(h, s, l float64) (r, g, b float64) {
	h -= math.Floor(h)
	s, l = max(0, min(1, s)), max(0, min(1, l))
	f := func(n float64) float64 {
		k := math.Mod(n+h*12, 12)
		return l - s*min(l, 1-l)*max(-1, min(k-3, min(9-k, 1)))
	}
	return f(0), f(8), f(4)
}

// attrColor reads the legacy colours of attributes ("ffffff", "#FFF", "red").
func attrColor(s string) (color.NRGBA, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" || s == "transparent" {
		return color.NRGBA{}, false
	}
	if c, ok := colornames.Map[s]; ok {
		return color.NRGBA{c.R, c.G, c.B, 255}, true
	}
	if strings.HasPrefix(s, "rgb") {
		return parseColor(lex(s), black, false)
	}
	h := []byte(strings.TrimPrefix(s, "#"))
	if len(h) == 3 {
		return hexColor(string(h))
	}
	for i, c := range h {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			h[i] = '0'
		}
	}
	for len(h) == 0 || len(h)%3 != 0 {
		h = append(h, '0')
	}
	n := len(h) / 3
	two := func(b []byte) string {
		if len(b) == 1 {
			return "0" + string(b)
		}
		return string(b[:2])
	}
	return hexColor(two(h[:n]) + two(h[n:2*n]) + two(h[2*n:]))
}
