package htmlview

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// gradient is a linear (or, painted as one from the centre, radial) gradient.
type gradient struct {
	angle  float64 // degrees, 0 upwards, clockwise
	radial bool
	stops  []gradientStop
}

type gradientStop struct {
	color color.NRGBA
	at    length // auto: spread evenly
}

func parseGradient(name string, ts []token, cur color.NRGBA, u units) *gradient {
	g := &gradient{angle: 180, radial: strings.Contains(name, "radial")}
	for i, part := range splitComma(ts) {
		if len(part) == 0 {
			return nil
		}
		words := splitSpace(part)
		if c, ok := parseColor(words[0], cur, false); ok {
			st := gradientStop{color: c}
			if len(words) > 1 {
				if l, ok := u.length(words[1]); ok {
					st.at = l
				}
			}
			if len(g.stops) < 64 {
				g.stops = append(g.stops, st)
			}
			continue
		}
		if i == 0 {
			g.direction(words)
		}
	}
	if len(g.stops) == 0 {
		return nil
	}
	return g
}

func (g *gradient) direction(words [][]token) {
	t := words[0][0]
	if t.tt == css.DimensionToken && strings.HasSuffix(strings.ToLower(t.data), "deg") {
		if v, err := strconv.ParseFloat(t.data[:len(t.data)-3], 64); err == nil {
			g.angle = math.Mod(v, 360)
		}
		return
	}
	var dx, dy float64
	for _, w := range words {
		switch ident(w) {
		case "top":
			dy = -1
		case "bottom":
			dy = 1
		case "left":
			dx = -1
		case "right":
			dx = 1
		}
	}
	if dx != 0 || dy != 0 {
		g.angle = math.Atan2(dx, -dy) * 180 / math.Pi
	}
}

// colors samples the gradient line of the given length at n places.
func (g *gradient) colors(n int, line float32) []color.NRGBA {
	at := make([]float32, len(g.stops))
	for i := range g.stops {
		switch l := g.stops[i].at; {
		case l.set && line > 0:
			at[i] = l.px/line + l.pct/100
		case i == 0:
			at[i] = 0
		case i == len(g.stops)-1:
			at[i] = 1
		default:
			at[i] = float32(math.NaN())
		}
	}
	for i := 1; i < len(at); i++ { // spread those without a place, and keep the order
		if at[i] != at[i] {
			k := i
			for at[k] != at[k] {
				k++
			}
			for m := i; m < k; m++ {
				at[m] = at[i-1] + (at[k]-at[i-1])*float32(m-i+1)/float32(k-i+1)
			}
		}
		at[i] = max(at[i], at[i-1])
	}
	out := make([]color.NRGBA, n)
	for i := range out {
		out[i] = g.at(at, (float32(i)+0.5)/float32(n))
	}
	return out
}

func (g *gradient) at(at []float32, p float32) color.NRGBA {
	if p <= at[0] {
		return g.stops[0].color
	}
	for i := 1; i < len(at); i++ {
		if p <= at[i] {
			f := float32(1)
			if d := at[i] - at[i-1]; d > 0 {
				f = (p - at[i-1]) / d
			}
			return mix(g.stops[i-1].color, g.stops[i].color, f)
		}
	}
	return g.stops[len(at)-1].color
}

func mix(a, b color.NRGBA, f float32) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float32(x) + (float32(y)-float32(x))*f + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}
