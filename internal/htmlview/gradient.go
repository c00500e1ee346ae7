package htmlview

import (
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// gradient is a linear, radial or conic gradient (CSS Images 3 section 3).
type gradient struct {
	kind   gradientKind
	repeat bool
	angle  float64 // degrees, 0 upwards, clockwise
	corner [2]int  // of "to top right": -1, 0, 1 along x and y; both set: the angle depends on the box
	circle bool
	extent string    // closest-side …, or "" with size
	size   [2]length // of a radial gradient; auto: by extent
	at     background
	stops  []gradientStop
}

type gradientKind uint8

const (
	linearGradient gradientKind = iota
	radialGradient
	conicGradient
)

const maxStops = 64

type gradientStop struct {
	color color.NRGBA
	at    length // auto: spread evenly
}

func parseGradient(name string, ts []token, cur color.NRGBA, u units) *gradient {
	g := &gradient{angle: 180, repeat: strings.Contains(name, "repeating"), extent: "farthest-corner"}
	g.at.posX, g.at.posY = percent(50), percent(50)
	old := strings.HasPrefix(name, "-") // -webkit-: directions are where it starts
	switch {
	case strings.Contains(name, "radial"):
		g.kind = radialGradient
	case strings.Contains(name, "conic"):
		g.kind, g.angle = conicGradient, 0
	}
	for i, part := range splitComma(ts) {
		if len(part) == 0 {
			return nil
		}
		words := splitSpace(part)
		c, ok := parseColor(words[0], cur, false)
		switch {
		case ok:
			g.stop(c, words[1:], u)
		case i == 0:
			g.shape(words, u, old)
		}
	}
	if len(g.stops) == 0 {
		return nil
	}
	return g
}

// stop adds a colour with up to two places.
func (g *gradient) stop(c color.NRGBA, places [][]token, u units) {
	st := gradientStop{color: c}
	if len(places) == 0 {
		g.stops = append(g.stops, st)
	}
	for _, p := range places {
		if v, ok := degrees(p); ok {
			st.at = percent(float32(v / 3.6))
		} else if l, ok := u.length(p); ok {
			st.at = l
		}
		g.stops = append(g.stops, st)
	}
	if len(g.stops) > maxStops {
		g.stops = g.stops[:maxStops]
	}
}

// degrees reads an angle.
func degrees(ts []token) (float64, bool) {
	if len(ts) != 1 || ts[0].tt != css.DimensionToken {
		return 0, false
	}
	s := strings.ToLower(ts[0].data)
	for _, unit := range [...]struct {
		name string
		k    float64
	}{{"grad", 0.9}, {"deg", 1}, {"turn", 360}, {"rad", 180 / math.Pi}} {
		if n, ok := strings.CutSuffix(s, unit.name); ok {
			v, err := strconv.ParseFloat(n, 64)
			return math.Mod(v*unit.k, 360), err == nil
		}
	}
	return 0, false
}

// shape reads what stands before the colours.
func (g *gradient) shape(words [][]token, u units, old bool) {
	a := applier{u: u}
	for i := 0; i < len(words); i++ {
		id := ident(words[i])
		switch id {
		case "at":
			a.position(&g.at, words[i+1:])
			return
		case "circle":
			g.circle = true
		case "closest-side", "closest-corner", "farthest-side", "farthest-corner":
			g.extent = id
		case "top", "bottom":
			g.corner[1] = map[string]int{"top": -1, "bottom": 1}[id]
		case "left", "right":
			g.corner[0] = map[string]int{"left": -1, "right": 1}[id]
		case "to", "from", "ellipse", "in":
		default:
			if v, ok := degrees(words[i]); ok {
				g.angle = v
				if old {
					g.angle = 90 - v
				}
			} else if l, ok := u.length(words[i]); ok && l.set && g.kind == radialGradient {
				if g.extent = ""; g.size[0].set {
					g.size[1] = l
				} else {
					g.size[0] = l
				}
			}
		}
	}
	if old {
		g.corner[0], g.corner[1] = -g.corner[0], -g.corner[1]
	}
	if g.corner != [2]int{} {
		g.angle = math.Atan2(float64(g.corner[0]), float64(-g.corner[1])) * 180 / math.Pi
	}
	if g.size[0].set && !g.size[1].set {
		g.size[1], g.circle = g.size[0], true
	}
}

// radii are those of the ellipse where a radial gradient ends, for a box of w × h with the centre at (cx, cy).
func (g *gradient) radii(w, h, cx, cy, scale float64) (rx, ry float64) {
	if g.extent == "" {
		return float64(g.size[0].px)*scale + float64(g.size[0].pct)/100*w, float64(g.size[1].px)*scale + float64(g.size[1].pct)/100*h
	}
	pick := math.Max
	if strings.HasPrefix(g.extent, "closest") {
		pick = math.Min
	}
	sx, sy := pick(math.Abs(cx), math.Abs(w-cx)), pick(math.Abs(cy), math.Abs(h-cy))
	side := strings.HasSuffix(g.extent, "side")
	switch {
	case g.circle && side:
		r := pick(sx, sy)
		return r, r
	case g.circle:
		r := math.Hypot(sx, sy)
		return r, r
	case side:
		return sx, sy
	}
	return sx * math.Sqrt2, sy * math.Sqrt2 // the ellipse through the corner, shaped as that of the sides
}

// gradientIn paints the part vis of a gradient that fills area.
func (p *painter) gradientIn(g *gradient, area, vis image.Rectangle, alpha float32) *image.RGBA {
	sub := image.NewRGBA(vis)
	w, h := float64(area.Dx()), float64(area.Dy())
	if vis.Empty() || w <= 0 || h <= 0 {
		return sub
	}
	at, line := g.line(w, h, float64(p.s))
	const n = 1024
	lo, span := 0.0, 1.0
	offs := g.offsets(float32(line) / p.s)
	if g.repeat {
		lo, span = float64(offs[0]), float64(offs[len(offs)-1]-offs[0])
	}
	var table [n]color.RGBA
	for i := range table {
		f := (float32(i) + 0.5) / n
		if g.repeat {
			f = float32(lo) + f*float32(span)
		}
		table[i] = premultiplied(g.at1(offs, f), alpha)
	}
	for y := vis.Min.Y; y < vis.Max.Y; y++ {
		row := sub.Pix[sub.PixOffset(vis.Min.X, y):]
		for x := vis.Min.X; x < vis.Max.X; x++ {
			t := at(float64(x-area.Min.X)+0.5, float64(y-area.Min.Y)+0.5)
			if g.repeat {
				if span <= 0 {
					t = 1
				} else if t = (t - lo) / span; true {
					t -= math.Floor(t)
				}
			}
			c := &table[int(max(0, min(n-1, t*n)))]
			k := (x - vis.Min.X) * 4
			row[k], row[k+1], row[k+2], row[k+3] = c.R, c.G, c.B, c.A
		}
	}
	return sub
}

// line gives the function that tells how far along the gradient a point of the box is, and the gradient's length.
func (g *gradient) line(w, h, scale float64) (at func(x, y float64) float64, length float64) {
	cx := float64(g.at.posX.px)*scale + float64(g.at.posX.pct)/100*w
	cy := float64(g.at.posY.px)*scale + float64(g.at.posY.pct)/100*h
	switch g.kind {
	case radialGradient:
		rx, ry := g.radii(w, h, cx, cy, scale)
		if rx <= 0 || ry <= 0 {
			return func(x, y float64) float64 { return 1 }, 1
		}
		return func(x, y float64) float64 { return math.Hypot((x-cx)/rx, (y-cy)/ry) }, rx
	case conicGradient:
		from := g.angle / 360
		return func(x, y float64) float64 {
			t := math.Atan2(x-cx, cy-y)/(2*math.Pi) - from
			return t - math.Floor(t)
		}, 1
	}
	angle := g.angle * math.Pi / 180
	if g.corner[0] != 0 && g.corner[1] != 0 { // the line at right angles goes through the other two corners
		angle = math.Atan2(float64(g.corner[0])*h, float64(-g.corner[1])*w)
	}
	sin, cos := math.Sincos(angle)
	length = math.Abs(w*sin) + math.Abs(h*cos)
	if length <= 0 {
		return func(x, y float64) float64 { return 0 }, 1
	}
	return func(x, y float64) float64 { return ((x-w/2)*sin-(y-h/2)*cos)/length + 0.5 }, length
}

// offsets resolves the places of the stops on a line of the given length in units.
func (g *gradient) offsets(line float32) []float32 {
	at := make([]float32, len(g.stops))
	nan := float32(math.NaN())
	for i := range g.stops {
		switch l := g.stops[i].at; {
		case l.set && line > 0:
			at[i] = l.px/line + l.pct/100
		case i == 0:
			at[i] = 0
		case i == len(g.stops)-1:
			at[i] = 1
		default:
			at[i] = nan
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
	return at
}

// at1 is the colour at p, premultiplied mixing included.
func (g *gradient) at1(at []float32, p float32) color.NRGBA {
	if p <= at[0] {
		return g.stops[0].color
	}
	for i := 1; i < len(at); i++ {
		if p <= at[i] {
			f := float32(1)
			if d := at[i] - at[i-1]; d > 0 {
				f = (p - at[i-1]) / d
			}
			return mixPremultiplied(g.stops[i-1].color, g.stops[i].color, f)
		}
	}
	return g.stops[len(at)-1].color
}

func mixPremultiplied(a, b color.NRGBA, f float32) color.NRGBA {
	if a.A == b.A {
		return mix(a, b, f)
	}
	wa, wb := float32(a.A)*(1-f), float32(b.A)*f
	sum := wa + wb
	if sum <= 0 {
		return color.NRGBA{}
	}
	m := func(x, y uint8) uint8 { return uint8((float32(x)*wa+float32(y)*wb)/sum + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), uint8(sum + 0.5)}
}

func premultiplied(c color.NRGBA, alpha float32) color.RGBA {
	a := float32(c.A) * alpha / 255
	m := func(x uint8) uint8 { return uint8(float32(x)*a + 0.5) }
	return color.RGBA{m(c.R), m(c.G), m(c.B), uint8(a*255 + 0.5)}
}

func mix(a, b color.NRGBA, f float32) color.NRGBA {
	m := func(x, y uint8) uint8 { return uint8(float32(x) + (float32(y)-float32(x))*f + 0.5) }
	return color.NRGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), m(a.A, b.A)}
}
