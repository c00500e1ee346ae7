package htmlview

import (
	"image/color"
	"math"
)

// darkPaper is the background of a dark view when the host gives none.
var darkPaper = color.NRGBA{30, 31, 34, 255}

// leastContrast is what text and links have against what they stand on (WCAG 2 level AA).
const leastContrast = 4.5

// maxBackdrops bounds how many fills are looked through for the one behind a piece of text.
const maxBackdrops = 400

// backdrop is something that text may stand on.
type backdrop struct {
	rect
	color   color.NRGBA
	picture bool // colours of its own: text on it stays as it is
}

// darken turns the colours of the display list for a dark window: light grounds become dark, dark and strongly coloured
// ones stay, pictures stay, and text keeps its hue but gets a lightness that can be read on its ground.
func (v *View) darken() {
	if v.paper.A == 0 {
		v.paper = darkPaper
	}
	v.canvas = v.ground(v.canvas)
	var behind []backdrop
	for i := range v.ops {
		o := &v.ops[i]
		switch o.kind {
		case opFill:
			o.color = v.ground(o.color)
			if o.color.A > 100 {
				behind = append(behind, backdrop{rect{o.x, o.y, o.x + o.w, o.y + o.h}, o.color, false})
			}
		case opBackground:
			behind = append(behind, v.darkLayer(o))
		case opImage:
			if o.img == nil { // not there, or not allowed: nothing is painted
				continue
			}
			behind = append(behind, backdrop{rect{o.x, o.y, o.x + o.w, o.y + o.h}, color.NRGBA{}, true})
		case opBorder:
			b := *o.border
			for k := range b {
				b[k].color = v.ground(b[k].color)
			}
			o.border = &b
		case opText, opBullet:
			on := v.behind(behind, o)
			if on.picture || o.bg != nil {
				continue
			}
			o.color, o.lineColor = readable(o.color, on.color), readable(o.lineColor, on.color)
		case opTextShadow, opShadow:
			o.color = v.ground(o.color)
		}
	}
}

// darkLayer turns the colours of a gradient; pictures stay.
func (v *View) darkLayer(o *op) backdrop {
	at := backdrop{rect{o.x, o.y, o.x + o.w, o.y + o.h}, color.NRGBA{}, true}
	if o.bg.gradient == nil {
		if o.img == nil { // not there, or not allowed: what lies under it is seen
			return backdrop{}
		}
		return at
	}
	l, g := *o.bg, *o.bg.gradient
	g.stops = append([]gradientStop(nil), g.stops...)
	for i := range g.stops {
		g.stops[i].color = v.ground(g.stops[i].color)
	}
	l.gradient = &g
	o.bg = &l
	at.color, at.picture = mixPremultiplied(g.stops[0].color, g.stops[len(g.stops)-1].color, 0.5), false
	if at.color.A < 100 { // what lies under it decides
		at.rect = rect{}
	}
	return at
}

// behind finds what a piece of text stands on: the last thing painted below its middle.
func (v *View) behind(list []backdrop, o *op) backdrop {
	x, y := o.x+o.w/2, o.y+o.h/2
	on := backdrop{color: v.canvas}
	var over []color.NRGBA // half transparent ones on the way
	for i, n := len(list)-1, 0; i >= 0 && n < maxBackdrops; i, n = i-1, n+1 {
		b := &list[i]
		if x < b.x0 || x >= b.x1 || y < b.y0 || y >= b.y1 {
			continue
		}
		if b.picture || b.color.A >= 250 {
			on = *b
			break
		}
		over = append(over, b.color)
	}
	for i := len(over) - 1; i >= 0 && !on.picture; i-- {
		on.color = mix(on.color, color.NRGBA{over[i].R, over[i].G, over[i].B, 255}, float32(over[i].A)/255)
	}
	return on
}

// ground is the colour of a background, border or shadow for a dark window.
func (v *View) ground(c color.NRGBA) color.NRGBA {
	if c.A == 0 {
		return c
	}
	if c.R == 255 && c.G == 255 && c.B == 255 {
		p := v.paper
		p.A = c.A
		return p
	}
	h, s, l := toHSL(c)
	_, _, base := toHSL(v.paper)
	switch {
	case l >= 0.75 || l > 0.6 && s < 0.25: // light: turned over
		l = base + (1-l)*0.6
		s *= 0.6
	case s > 0.3 && l > 0.15: // a colour that means something
		if l > 0.6 {
			l *= 0.8
		}
	case l > 0.25: // gray
		l = base + 0.1 + (0.75-l)*0.2
	default: // dark already
		l = max(l, 0.05)
	}
	r, g, b := hsl(h, s, l)
	return color.NRGBA{uint8(r*255 + 0.5), uint8(g*255 + 0.5), uint8(b*255 + 0.5), c.A}
}

// readable keeps the hue of a text colour and moves its lightness until it can be read on a ground.
func readable(c, on color.NRGBA) color.NRGBA {
	if c.A == 0 {
		return c
	}
	solid := color.NRGBA{c.R, c.G, c.B, 255}
	if Contrast(solid, on) >= leastContrast {
		return c
	}
	h, s, l := toHSL(c)
	step := 0.03
	if Contrast(white, on) < Contrast(black, on) {
		step = -step
	} else if l < 0.5 { // start from the lightness turned over, so that what was darker text is lighter now
		l = 0.12 + (1-l)*0.8
	}
	for range 40 {
		r, g, b := hsl(h, s, max(0, min(1, l)))
		got := color.NRGBA{uint8(r*255 + 0.5), uint8(g*255 + 0.5), uint8(b*255 + 0.5), 255}
		if Contrast(got, on) >= leastContrast {
			got.A = c.A
			return got
		}
		l += step
	}
	if step > 0 {
		return color.NRGBA{255, 255, 255, c.A}
	}
	return color.NRGBA{0, 0, 0, c.A}
}

func toHSL(c color.NRGBA) (h, s, l float64) {
	r, g, b := float64(c.R)/255, float64(c.G)/255, float64(c.B)/255
	hi, lo := max(r, g, b), min(r, g, b)
	l = (hi + lo) / 2
	d := hi - lo
	if d == 0 {
		return 0, 0, l
	}
	s = d / (1 - math.Abs(2*l-1) + 1e-9)
	switch hi {
	case r:
		h = (g - b) / d / 6
	case g:
		h = (b-r)/d/6 + 1.0/3
	default:
		h = (r-g)/d/6 + 2.0/3
	}
	return h, min(1, s), l
}
