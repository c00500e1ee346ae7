package htmlview

import (
	"image/color"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// background is one layer of a background: a picture or a gradient.
type background struct {
	url        string
	gradient   *gradient
	posX, posY length // of the free space, as CSS Backgrounds 3 section 3.6 has it
	sizeX      length // auto: as the picture is
	sizeY      length
	cover      bool
	contain    bool
	repeatX    bool
	repeatY    bool
	clip       bgBox
	origin     bgBox
}

// bgBox is the box that a background reaches to.
type bgBox uint8

const (
	borderArea bgBox = iota
	paddingArea
	contentArea
	textArea
)

const maxLayers = 8

func newLayer() background { return background{repeatX: true, repeatY: true, origin: paddingArea} }

// background applies the shorthand: layers, the last of which may have a colour. A shorthand that is not understood in
// any part changes nothing.
func (a *applier) background(ts []token) {
	var layers []background
	var fill color.NRGBA
	for _, part := range splitComma(ts) {
		b, c, ok := a.layer(part)
		if !ok {
			return
		}
		fill = c
		if len(layers) < maxLayers {
			layers = append(layers, b)
		}
	}
	a.s.bg, a.s.bgClip = fill, layers[len(layers)-1].clip
	a.s.layers = nil
	for _, b := range layers {
		if b.url != "" || b.gradient != nil || len(layers) > 1 {
			a.s.layers = append(a.s.layers, b)
		}
	}
}

// layer reads one layer of the shorthand.
func (a *applier) layer(ts []token) (b background, fill color.NRGBA, ok bool) {
	b = newLayer()
	var pos, size [][]token
	inSize, boxes := false, 0
	for _, p := range splitSpace(ts) {
		id := ident(p)
		area, isBox := bgBoxes[id]
		switch {
		case len(p) == 1 && p[0].data == "/":
			inSize = true
		case a.image(&b, p), id == "none", id == "scroll", id == "fixed", id == "local":
		case isBox:
			if boxes == 0 {
				b.origin = area
			}
			b.clip = area
			boxes++
		case inSize && len(size) < 2 && a.isSize(p):
			size = append(size, p)
		case b.repeat(id):
		case a.isPosition(p):
			pos = append(pos, p)
		default:
			c, good := parseColor(p, a.s.color, a.u.quirks)
			if !good {
				return b, fill, false
			}
			fill = c
		}
	}
	if len(pos) > 0 && !a.position(&b, pos) {
		return b, fill, false
	}
	a.size(&b, size)
	return b, fill, len(ts) > 0
}

var bgBoxes = map[string]bgBox{"border-box": borderArea, "padding-box": paddingArea, "content-box": contentArea, "text": textArea}

// layerList applies one of the longhand properties to the layers.
func (a *applier) layerList(ts []token, set func(b *background, ts []token)) {
	parts := splitComma(ts)
	n := max(len(parts), len(a.s.layers))
	out := make([]background, 0, min(n, maxLayers))
	for i := range min(n, maxLayers) {
		b := newLayer()
		if i < len(a.s.layers) {
			b = a.s.layers[i]
		}
		set(&b, parts[i%len(parts)])
		out = append(out, b)
	}
	a.s.layers = out
}

// backgroundPart applies a longhand.
func (a *applier) backgroundPart(name string, ts []token) {
	switch name {
	case "background-image":
		n := len(splitComma(ts))
		if len(a.s.layers) > n { // there are as many layers as pictures
			a.s.layers = a.s.layers[:n:n]
		}
		a.layerList(ts, func(b *background, ts []token) {
			b.url, b.gradient = "", nil
			if len(ts) > 0 {
				a.image(b, ts)
			}
		})
	case "background-size":
		a.layerList(ts, func(b *background, ts []token) { a.size(b, splitSpace(ts)) })
	case "background-position":
		a.layerList(ts, func(b *background, ts []token) { a.position(b, splitSpace(ts)) })
	case "background-position-x", "background-position-y":
		a.layerList(ts, func(b *background, ts []token) {
			one := newLayer()
			if p := splitSpace(ts); len(p) == 1 && a.position(&one, p) {
				if name == "background-position-x" {
					b.posX = one.posX
				} else if id := ident(ts); id == "top" || id == "bottom" || id == "center" {
					b.posY = one.posY
				} else {
					b.posY = one.posX
				}
			}
		})
	case "background-repeat":
		a.layerList(ts, func(b *background, ts []token) {
			p := splitSpace(ts)
			if len(p) == 2 {
				b.repeatX, b.repeatY = ident(p[0]) != "no-repeat", ident(p[1]) != "no-repeat"
			} else {
				b.repeat(ident(ts))
			}
		})
	case "background-origin":
		a.layerList(ts, func(b *background, ts []token) { b.origin = bgBoxes[ident(ts)] })
	case "background-clip", "-webkit-background-clip":
		a.layerList(ts, func(b *background, ts []token) { b.clip = bgBoxes[ident(ts)] })
		a.s.bgClip = a.s.layers[len(a.s.layers)-1].clip
	}
}

// image reads url() or a gradient.
func (a *applier) image(b *background, ts []token) bool {
	t := ts[0]
	switch {
	case t.tt == css.URLToken:
		b.url = urlOf(t.data)
	case t.tt == css.FunctionToken && strings.EqualFold(t.data, "url("):
		if len(ts) > 1 {
			b.url = strings.Trim(ts[1].data, `"' `)
		}
	case t.tt == css.FunctionToken && strings.HasSuffix(strings.ToLower(t.data), "gradient("):
		b.gradient = parseGradient(strings.ToLower(t.data), trimParen(ts[1:]), a.s.color, a.u)
	default:
		return false
	}
	return true
}

func urlOf(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 5 {
		s = s[4 : len(s)-1]
	}
	return strings.Trim(strings.TrimSpace(s), `"'`)
}

func (b *background) repeat(id string) bool {
	switch id {
	case "no-repeat":
		b.repeatX, b.repeatY = false, false
	case "repeat-x":
		b.repeatX, b.repeatY = true, false
	case "repeat-y":
		b.repeatX, b.repeatY = false, true
	case "repeat", "round", "space":
		b.repeatX, b.repeatY = true, true
	default:
		return false
	}
	return true
}

func (a *applier) isSize(ts []token) bool {
	id := ident(ts)
	_, ok := a.u.length(ts)
	return ok || id == "cover" || id == "contain"
}

// size reads background-size.
func (a *applier) size(b *background, parts [][]token) {
	if len(parts) == 0 || len(parts) > 2 {
		return
	}
	b.cover, b.contain, b.sizeX, b.sizeY = false, false, length{}, length{}
	switch ident(parts[0]) {
	case "cover":
		b.cover = true
		return
	case "contain":
		b.contain = true
		return
	}
	a.setPositive(&b.sizeX, parts[0])
	if len(parts) == 2 {
		a.setPositive(&b.sizeY, parts[1])
	}
}

func percent(v float32) length { return length{pct: v, set: true} }

func (a *applier) isPosition(ts []token) bool {
	switch ident(ts) {
	case "left", "right", "top", "bottom", "center":
		return true
	case "":
		l, ok := a.u.length(ts)
		return ok && l.set
	}
	return false
}

// position reads background-position with one to four values.
func (a *applier) position(b *background, parts [][]token) bool {
	var x, y length
	edge := func(far bool, off length) length {
		if !far {
			return length{px: off.px, pct: off.pct, set: true}
		}
		return length{px: -off.px, pct: 100 - off.pct, set: true}
	}
	offset := func(i int) (length, bool) { // of a keyword, in the syntax with three or four values
		if len(parts) > 2 && i+1 < len(parts) && ident(parts[i+1]) == "" {
			l, ok := a.u.length(parts[i+1])
			return l, ok && l.set
		}
		return length{}, false
	}
	for i := 0; i < len(parts) && i < 4; i++ {
		id := ident(parts[i])
		off, has := offset(i)
		switch id {
		case "left", "right":
			x = edge(id == "right", off)
		case "top", "bottom":
			y = edge(id == "bottom", off)
		case "center":
			has = false
			next := ""
			if i+1 < len(parts) {
				next = ident(parts[i+1])
			}
			if !x.set && (i > 0 || next != "left" && next != "right") {
				x = percent(50)
			} else {
				y = percent(50)
			}
		default:
			l, ok := a.u.length(parts[i])
			if !ok || !l.set {
				return false
			}
			if i == 0 {
				x = l
			} else {
				y = l
			}
		}
		if has {
			i++
		}
	}
	if !x.set {
		x = percent(50)
	}
	if !y.set {
		y = percent(50)
	}
	b.posX, b.posY = x, y
	return true
}

// shadows reads box-shadow and text-shadow.
func (a *applier) shadows(ts []token) []shadow {
	var out []shadow
	for _, part := range splitComma(ts) {
		sh := shadow{color: a.s.color}
		n := 0
		for _, p := range splitSpace(part) {
			if id := ident(p); id == "none" {
				return nil
			} else if id == "inset" {
				sh.inset = true
				continue
			}
			if l, ok := a.u.length(p); ok && l.set {
				switch n {
				case 0:
					sh.dx = l.px
				case 1:
					sh.dy = l.px
				case 2:
					sh.blur = min(max(0, l.px), 200)
				case 3:
					sh.spread = l.px
				}
				n++
			} else if c, ok := parseColor(p, a.s.color, false); ok {
				sh.color = c
			}
		}
		if n >= 2 && len(out) < maxLayers && sh.color.A > 0 {
			out = append(out, sh)
		}
	}
	return out
}
