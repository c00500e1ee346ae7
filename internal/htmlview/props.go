package htmlview

import (
	"image/color"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// apply applies one declaration; what is not understood is ignored, as CSS wants it.
func (a *applier) apply(d *declaration) {
	ts := d.value
	if len(a.s.vars) > 0 {
		ts = trimSpace(a.resolveVars(ts, 0))
	}
	if len(ts) == 0 {
		return
	}
	if len(ts) == 1 && ts[0].tt == css.IdentToken {
		switch strings.ToLower(ts[0].data) {
		case "inherit":
			a.copyFrom(d.name, a.parent)
			return
		case "initial":
			i := initialStyle()
			a.copyFrom(d.name, &i)
			return
		case "unset", "revert":
			return
		}
	}
	switch {
	case a.box(d.name, ts):
	case a.borders(d.name, ts):
	case a.textual(d.name, ts):
	default:
		a.other(d.name, ts)
	}
}

// copyFrom implements inherit and initial.
func (a *applier) copyFrom(name string, p *style) {
	s := a.s
	switch name {
	case "color":
		s.color = p.color
	case "font-size":
		s.size = p.size
	case "font-family":
		s.families = p.families
	case "font-weight":
		s.weight = p.weight
	case "font":
		s.size, s.families, s.weight, s.italic, s.lineHeight, s.lineFactor = p.size, p.families, p.weight, p.italic, p.lineHeight, p.lineFactor
	case "font-style":
		s.italic = p.italic
	case "line-height":
		s.lineHeight, s.lineFactor = p.lineHeight, p.lineFactor
	case "text-align":
		s.align = p.align
	case "text-decoration", "text-decoration-line":
		s.underline, s.strike, s.overline = p.underline, p.strike, p.overline
	case "text-transform":
		s.transform = p.transform
	case "letter-spacing":
		s.letterSpacing = p.letterSpacing
	case "white-space":
		s.ws = p.ws
	case "background", "background-color":
		s.bg = p.bg
	case "display":
		s.display = p.display
	case "width":
		s.width = p.width
	case "height":
		s.height = p.height
	case "max-width":
		s.maxW = p.maxW
	case "margin":
		s.margin = p.margin
	case "padding":
		s.padding = p.padding
	case "border":
		s.border = p.border
	case "vertical-align":
		s.valign, s.vshift = p.valign, p.vshift
	case "direction":
		s.rtl = p.rtl
	case "border-color":
		for i := range s.border {
			s.border[i].color, s.border[i].set = p.border[i].color, true
		}
	}
}

func ident(ts []token) string {
	if len(ts) == 1 && ts[0].tt == css.IdentToken {
		return strings.ToLower(ts[0].data)
	}
	return ""
}

func (a *applier) set(dst *length, ts []token) bool {
	l, ok := a.u.length(ts)
	if ok {
		*dst = l
	}
	return true
}

// setPositive is set for properties that refuse negative values.
func (a *applier) setPositive(dst *length, ts []token) bool {
	if l, ok := a.u.length(ts); ok && l.px >= 0 && l.pct >= 0 {
		*dst = l
	}
	return true
}

var sideNames = [4]string{"top", "right", "bottom", "left"}

// side finds which side a property like margin-top means; logical sides follow the direction.
func (a *applier) side(name, prefix, suffix string) int {
	mid, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return -1
	}
	if mid, ok = strings.CutSuffix(mid, suffix); !ok {
		return -1
	}
	for i, s := range sideNames {
		if mid == s {
			return i
		}
	}
	start, end := left, right
	if a.s.rtl {
		start, end = right, left
	}
	switch mid {
	case "inline-start":
		return start
	case "inline-end":
		return end
	case "block-start":
		return top
	case "block-end":
		return bottom
	}
	return -1
}

// four spreads one to four values over the sides.
func four(parts [][]token) [4][]token {
	switch len(parts) {
	case 1:
		return [4][]token{parts[0], parts[0], parts[0], parts[0]}
	case 2:
		return [4][]token{parts[0], parts[1], parts[0], parts[1]}
	case 3:
		return [4][]token{parts[0], parts[1], parts[2], parts[1]}
	}
	return [4][]token{parts[0], parts[1], parts[2], parts[3]}
}

func (a *applier) fourLengths(dst *[4]length, ts []token, negative bool) bool {
	parts := splitSpace(ts)
	if len(parts) == 0 || len(parts) > 4 {
		return true
	}
	var out [4]length
	for i, p := range four(parts) {
		l, ok := a.u.length(p)
		if !ok || !negative && (l.px < 0 || l.pct < 0) {
			return true
		}
		out[i] = l
	}
	*dst = out
	return true
}

// box applies the properties of the box model.
func (a *applier) box(name string, ts []token) bool {
	s := a.s
	switch name {
	case "width":
		return a.setPositive(&s.width, ts)
	case "height":
		return a.setPositive(&s.height, ts)
	case "min-width":
		return a.setPositive(&s.minW, ts)
	case "max-width":
		return a.setPositive(&s.maxW, ts)
	case "min-height":
		return a.setPositive(&s.minH, ts)
	case "max-height":
		return a.setPositive(&s.maxH, ts)
	case "margin":
		s.uaMargin = [4]bool{}
		return a.fourLengths(&s.margin, ts, true)
	case "padding":
		return a.fourLengths(&s.padding, ts, false)
	case "top", "right", "bottom", "left":
		return a.set(&s.inset[a.side(name, "", "")], ts)
	}
	if i := a.side(name, "margin-", ""); i >= 0 {
		s.uaMargin[i] = false
		return a.set(&s.margin[i], ts)
	}
	if i := a.side(name, "padding-", ""); i >= 0 {
		return a.setPositive(&s.padding[i], ts)
	}
	return false
}

func (a *applier) borders(name string, ts []token) bool {
	s := a.s
	if !strings.HasPrefix(name, "border") {
		return false
	}
	switch name {
	case "border":
		b := a.borderOf(ts)
		s.border = [4]border{b, b, b, b}
		return true
	case "border-width", "border-style", "border-color":
		parts := splitSpace(ts)
		if len(parts) == 0 || len(parts) > 4 {
			return true
		}
		for i, p := range four(parts) {
			a.borderPart(&s.border[i], name[len("border-"):], p)
		}
		return true
	case "border-radius":
		for i, t := range splitSpace(ts) {
			if len(t) == 1 && t[0].data == "/" || i > 3 {
				break
			}
			l, ok := a.u.length(t)
			if !ok {
				return true
			}
			switch i {
			case 0:
				s.radius = [4]length{l, l, l, l}
			case 1:
				s.radius[1], s.radius[3] = l, l
			case 2:
				s.radius[2] = l
			case 3:
				s.radius[3] = l
			}
		}
		return true
	case "border-top-left-radius":
		return a.setPositive(&s.radius[0], splitSpace(ts)[0])
	case "border-top-right-radius":
		return a.setPositive(&s.radius[1], splitSpace(ts)[0])
	case "border-bottom-right-radius":
		return a.setPositive(&s.radius[2], splitSpace(ts)[0])
	case "border-bottom-left-radius":
		return a.setPositive(&s.radius[3], splitSpace(ts)[0])
	case "border-collapse":
		s.collapse = ident(ts) == "collapse"
		return true
	case "border-spacing":
		parts := splitSpace(ts)
		if l, ok := a.u.length(parts[0]); ok && len(parts) <= 2 {
			s.spacingX, s.spacingY = l.px, l.px
			if len(parts) == 2 {
				if l, ok := a.u.length(parts[1]); ok {
					s.spacingY = l.px
				}
			}
		}
		return true
	}
	if i := a.side(name, "border-", ""); i >= 0 {
		s.border[i] = a.borderOf(ts)
		return true
	}
	for _, part := range [...]string{"width", "style", "color"} {
		if i := a.side(name, "border-", "-"+part); i >= 0 {
			a.borderPart(&s.border[i], part, ts)
			return true
		}
	}
	return false
}

func (a *applier) borderOf(ts []token) border {
	b := border{w: 3}
	for _, p := range splitSpace(ts) {
		switch {
		case a.borderPart(&b, "style", p):
		case a.borderPart(&b, "width", p):
		default:
			a.borderPart(&b, "color", p)
		}
	}
	return b
}

func (a *applier) borderPart(b *border, part string, ts []token) bool {
	id := ident(ts)
	switch part {
	case "width":
		switch id {
		case "thin":
			b.w = 1
		case "medium":
			b.w = 3
		case "thick":
			b.w = 5
		default:
			l, ok := a.u.length(ts)
			if !ok || !l.set || l.px < 0 {
				return false
			}
			if b.w = l.px; b.w > 0 && b.w < 1 {
				b.w = 1
			}
			b.w = floorf(b.w)
		}
		return true
	case "style":
		switch id {
		case "none":
			b.style = borderNone
		case "hidden":
			b.style = borderHidden
		case "solid", "inset", "outset", "groove", "ridge":
			b.style = borderSolid
		case "dashed":
			b.style = borderDashed
		case "dotted":
			b.style = borderDotted
		case "double":
			b.style = borderDouble
		default:
			return false
		}
		return true
	}
	c, ok := parseColor(ts, a.s.color, a.u.quirks)
	if ok {
		b.color, b.set = c, true
	}
	return ok
}

// textual applies fonts and text properties.
func (a *applier) textual(name string, ts []token) bool {
	s := a.s
	id := ident(ts)
	switch name {
	case "color":
		if c, ok := parseColor(ts, a.parent.color, a.u.quirks); ok {
			s.color = c
		}
	case "font":
		a.font(ts)
	case "font-size":
		a.fontSize(ts)
	case "font-family":
		a.fontFamily(ts)
	case "font-weight":
		a.fontWeight(ts)
	case "font-style":
		s.italic = id == "italic" || len(ts) > 0 && strings.EqualFold(ts[0].data, "oblique")
	case "line-height", "mso-line-height-alt":
		if name == "line-height" {
			a.lineHeight(ts)
		}
	case "letter-spacing":
		if l, ok := a.u.length(ts); ok {
			s.letterSpacing = l.px
		}
	case "word-spacing":
		if l, ok := a.u.length(ts); ok {
			s.wordSpacing = l.px
		}
	case "text-align":
		switch id {
		case "left":
			s.align = alignLeft
		case "right":
			s.align = alignRight
		case "center":
			s.align = alignCenter
		case "justify":
			s.align = alignJustify
		case "start":
			s.align = alignStart
		case "end":
			s.align = alignEnd
		case "-webkit-center", "-moz-center":
			s.align = alignBlockCenter
		}
	case "text-indent":
		a.set(&s.indent, ts)
	case "text-transform":
		s.transform = map[string]uint8{"uppercase": 1, "lowercase": 2, "capitalize": 3}[id]
	case "text-decoration", "text-decoration-line":
		s.underline, s.strike, s.overline = false, false, false
		for _, p := range splitSpace(ts) {
			switch ident(p) {
			case "underline":
				s.underline = true
			case "line-through":
				s.strike = true
			case "overline":
				s.overline = true
			default:
				if c, ok := parseColor(p, s.color, false); ok {
					s.decoColor = c
				}
			}
		}
	case "text-decoration-color":
		if c, ok := parseColor(ts, s.color, false); ok {
			s.decoColor = c
		}
	case "white-space":
		if w, ok := map[string]whiteSpace{"normal": wsNormal, "nowrap": wsNowrap, "pre": wsPre, "pre-wrap": wsPreWrap, "break-spaces": wsPreWrap, "pre-line": wsPreLine}[id]; ok {
			s.ws = w
		}
	case "word-break":
		s.breakAll = id == "break-all"
		s.breakWord = s.breakWord || id == "break-word"
	case "word-wrap", "overflow-wrap":
		s.breakWord = id == "break-word" || id == "anywhere"
	case "direction":
		s.rtl = id == "rtl"
	case "unicode-bidi":
		s.plaintext, s.isolate, s.override = id == "plaintext", id == "isolate" || id == "plaintext" || id == "isolate-override", strings.HasSuffix(id, "override")
	case "list-style", "list-style-type":
		for _, p := range splitSpace(ts) {
			switch v := ident(p); v {
			case "inside":
				s.listInside = true
			case "outside":
				s.listInside = false
			case "":
			default:
				s.listType = v
			}
		}
	case "list-style-position":
		s.listInside = id == "inside"
	case "visibility":
		s.invisible = id == "hidden" || id == "collapse"
	default:
		return false
	}
	return true
}

func (a *applier) fontSize(ts []token) {
	names := map[string]float32{"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32,
		"xxx-large": 48, "smaller": a.parent.size / 1.2, "larger": a.parent.size * 1.2}
	if v, ok := names[ident(ts)]; ok {
		a.s.size = v
		return
	}
	u := a.u
	u.em = a.parent.size
	if l, ok := u.length(ts); ok && l.set && l.px >= 0 && l.pct >= 0 {
		a.s.size = l.of(a.parent.size)
	}
}

func (a *applier) fontFamily(ts []token) {
	var fams []string
	for _, part := range splitComma(ts) {
		name := strings.Trim(join(part), `"' `)
		if len(part) == 1 && part[0].tt == css.StringToken && strings.EqualFold(name, "sans-serif") {
			continue // a quoted generic name is the name of a font, which nobody has
		}
		if name != "" && len(fams) < 20 {
			fams = append(fams, name)
		}
	}
	if len(fams) > 0 {
		a.s.families = fams
	}
}

func (a *applier) fontWeight(ts []token) bool {
	switch id := ident(ts); id {
	case "bold":
		a.s.weight = 700
	case "normal":
		a.s.weight = 400
	case "bolder":
		a.s.weight = 700
	case "lighter":
		a.s.weight = 400
	default:
		if len(ts) != 1 || ts[0].tt != css.NumberToken {
			return false
		}
		v, err := strconv.Atoi(ts[0].data)
		if err != nil || v < 1 || v > 1000 {
			return false
		}
		a.s.weight = v
	}
	return true
}

func (a *applier) lineHeight(ts []token) {
	s := a.s
	if len(ts) == 1 && ts[0].tt == css.NumberToken {
		if v, err := strconv.ParseFloat(ts[0].data, 32); err == nil && v >= 0 {
			s.lineHeight, s.lineFactor = length{pct: clampLen(v * 100), set: true}, true
		}
		return
	}
	l, ok := a.u.length(ts)
	if !ok || l.px < 0 || l.pct < 0 {
		return
	}
	s.lineFactor = false
	if s.lineHeight = l; l.set {
		s.lineHeight = px(l.of(s.size))
	}
}

// font applies the shorthand.
func (a *applier) font(ts []token) {
	parts := splitSpace(ts)
	s := a.s
	for i, p := range parts {
		switch id := ident(p); {
		case id == "italic" || id == "oblique":
			s.italic = true
			continue
		case id == "normal" || id == "small-caps":
			continue
		case a.isWeight(p):
			a.fontWeight(p)
			continue
		}
		if i == 0 || !a.isWeight(parts[i-1]) {
			s.weight = max(s.weight*0+400, 0)
			for _, q := range parts[:i] {
				a.fontWeight(q)
			}
		}
		a.fontSize(p)
		a.u.em = s.size
		s.lineHeight, s.lineFactor = length{}, false
		i++
		if i+1 < len(parts) && parts[i][0].data == "/" {
			a.lineHeight(parts[i+1])
			i += 2
		}
		if i < len(parts) {
			var rest []token
			for _, q := range parts[i:] {
				rest = append(append(rest, q...), token{css.WhitespaceToken, " "})
			}
			a.fontFamily(rest)
		}
		return
	}
}

func (a *applier) isWeight(p []token) bool {
	if len(p) == 1 && p[0].tt == css.NumberToken {
		v, err := strconv.Atoi(p[0].data)
		return err == nil && v >= 100 && v <= 1000 && v%100 == 0
	}
	id := ident(p)
	return id == "bold" || id == "bolder" || id == "lighter"
}

var white = color.NRGBA{255, 255, 255, 255}
