package text

import (
	"image/color"
	"math"
	"sort"

	"github.com/go-text/typesetting/font/opentype/tables"
)

// shade is the colour of a point in font units.
type shade func(x, y float64) color.NRGBA

func flat(c color.NRGBA) shade { return func(_, _ float64) color.NRGBA { return c } }

// fillOf turns a paint that fills into a shade, with the space in which the shade is asked.
func (p *colrPainter) fillOf(t tables.PaintTable, m matrix, depth int) (shade, matrix, bool) {
	if depth > 32 {
		return nil, m, false
	}
	if child, n, ok := transformOf(t); ok {
		return p.fillOf(child, m.mul(n), depth+1)
	}
	switch t := t.(type) {
	case tables.PaintSolid:
		return flat(p.color(t.PaletteIndex, fixed214(t.Alpha))), m, true
	case tables.PaintVarSolid:
		return flat(p.color(t.PaletteIndex, fixed214(t.Alpha))), m, true
	case tables.PaintLinearGradient:
		return linear(p.line(t.ColorLine), t.X0, t.Y0, t.X1, t.Y1, t.X2, t.Y2), m, true
	case tables.PaintVarLinearGradient:
		return linear(p.line(fixedLine(t.ColorLine)), t.X0, t.Y0, t.X1, t.Y1, t.X2, t.Y2), m, true
	case tables.PaintRadialGradient:
		return radial(p.line(t.ColorLine), t.X0, t.Y0, t.Radius0, t.X1, t.Y1, t.Radius1), m, true
	case tables.PaintVarRadialGradient:
		return radial(p.line(fixedLine(t.ColorLine)), t.X0, t.Y0, t.Radius0, t.X1, t.Y1, t.Radius1), m, true
	case tables.PaintSweepGradient:
		return sweep(p.line(t.ColorLine), t.CenterX, t.CenterY, t.StartAngle, t.EndAngle), m, true
	case tables.PaintVarSweepGradient:
		return sweep(p.line(fixedLine(t.ColorLine)), t.CenterX, t.CenterY, t.StartAngle, t.EndAngle), m, true
	}
	return nil, m, false
}

func fixedLine(v tables.VarColorLine) tables.ColorLine {
	out := tables.ColorLine{Extend: v.Extend}
	for _, s := range v.ColorStops {
		out.ColorStops = append(out.ColorStops, tables.ColorStop{StopOffset: s.StopOffset, PaletteIndex: s.PaletteIndex, Alpha: s.Alpha})
	}
	return out
}

type stop struct {
	at  float64
	col color.NRGBA
}

// line is the colour along a gradient, from 0 to 1 and beyond.
func (p *colrPainter) line(cl tables.ColorLine) func(t float64) color.NRGBA {
	stops := make([]stop, len(cl.ColorStops))
	for i, s := range cl.ColorStops {
		stops[i] = stop{fixed214(s.StopOffset), p.color(s.PaletteIndex, fixed214(s.Alpha))}
	}
	sort.SliceStable(stops, func(i, j int) bool { return stops[i].at < stops[j].at })
	return func(t float64) color.NRGBA {
		if len(stops) == 0 {
			return color.NRGBA{}
		}
		first, last := stops[0], stops[len(stops)-1]
		if span := last.at - first.at; span > 0 && cl.Extend != tables.ExtendPad {
			u := (t - first.at) / span
			if cl.Extend == tables.ExtendReflect {
				u = math.Abs(math.Mod(u, 2))
				if u > 1 {
					u = 2 - u
				}
			} else {
				u -= math.Floor(u)
			}
			t = first.at + u*span
		}
		if !(t > first.at) {
			return first.col
		}
		for i := 1; i < len(stops); i++ {
			if a, b := stops[i-1], stops[i]; t <= b.at && b.at > a.at {
				return mix(a.col, b.col, (t-a.at)/(b.at-a.at))
			}
		}
		return last.col
	}
}

func mix(a, b color.NRGBA, t float64) color.NRGBA {
	f := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.NRGBA{f(a.R, b.R), f(a.G, b.G), f(a.B, b.B), f(a.A, b.A)}
}

// linear runs from p0 to p1, with lines of equal colour along p0-p2.
func linear(line func(float64) color.NRGBA, ax0, ay0, ax1, ay1, ax2, ay2 int16) shade {
	x0, y0 := float64(ax0), float64(ay0)
	dx, dy := float64(ax1)-x0, float64(ay1)-y0
	px, py := float64(ax2)-x0, float64(ay2)-y0
	// The part of p0→p1 across p0→p2.
	nx, ny := py, -px
	n := nx*nx + ny*ny
	if n > 0 {
		k := (dx*nx + dy*ny) / n
		dx, dy = nx*k, ny*k
	}
	d := dx*dx + dy*dy
	if d == 0 {
		return flat(line(1))
	}
	return func(x, y float64) color.NRGBA { return line(((x-x0)*dx + (y-y0)*dy) / d) }
}

// radial runs over the circles between two circles: the greatest t whose circle passes through the point.
func radial(line func(float64) color.NRGBA, ax0, ay0 int16, ar0 uint16, ax1, ay1 int16, ar1 uint16) shade {
	x0, y0, r0 := float64(ax0), float64(ay0), float64(ar0)
	dx, dy, dr := float64(ax1)-x0, float64(ay1)-y0, float64(ar1)-r0
	a := dx*dx + dy*dy - dr*dr
	return func(x, y float64) color.NRGBA {
		px, py := x-x0, y-y0
		b := px*dx + py*dy + r0*dr
		c := px*px + py*py - r0*r0
		if math.Abs(a) < 1e-9 {
			if b == 0 {
				return color.NRGBA{}
			}
			return line(c / (2 * b))
		}
		disc := b*b - a*c
		if disc < 0 {
			return color.NRGBA{}
		}
		s := math.Sqrt(disc)
		t1, t2 := (b+s)/a, (b-s)/a
		if t1 < t2 {
			t1, t2 = t2, t1
		}
		switch {
		case r0+t1*dr >= 0:
			return line(t1)
		case r0+t2*dr >= 0:
			return line(t2)
		}
		return color.NRGBA{}
	}
}

// sweep runs counter-clockwise around a centre.
func sweep(line func(float64) color.NRGBA, cx, cy int16, from, to tables.Fixed214) shade {
	a0, a1 := (fixed214(from)+1)*180, (fixed214(to)+1)*180
	return func(x, y float64) color.NRGBA {
		deg := math.Atan2(y-float64(cy), x-float64(cx)) * 180 / math.Pi
		if deg < 0 {
			deg += 360
		}
		if a1 == a0 {
			return line(1)
		}
		return line((deg - a0) / (a1 - a0))
	}
}
