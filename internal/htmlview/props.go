package htmlview

import (
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
	if a.s.control != noControl && (strings.HasPrefix(d.name, "border") || strings.HasPrefix(d.name, "background")) {
		a.s.ownLook = true
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
		s.size, s.keyword, s.absolute = p.size, p.keyword, p.absolute
	case "font-family":
		s.families = p.families
	case "font-weight":
		s.weight = p.weight
	case "font":
		s.keyword, s.absolute = p.keyword, p.absolute
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
	if l, ok := a.u.length(ts); ok && (l.px >= 0 && l.pct >= 0 || l.px != 0 && l.pct != 0) {
		*dst = l
	}
	return true
}

// width applies a width, which may be a keyword that depends on the content.
func (a *applier) width(ts []token) {
	switch ident(ts) {
	case "min-content":
		a.s.width, a.s.widthBy = length{}, byLeast
	case "max-content":
		a.s.width, a.s.widthBy = length{}, byMost
	case "fit-content", "-moz-fit-content", "-webkit-fit-content":
		a.s.width, a.s.widthBy = length{}, byFit
	default:
		if l, ok := a.u.length(ts); ok && (l.px >= 0 && l.pct >= 0 || l.px != 0 && l.pct != 0) {
			a.s.width, a.s.widthBy = l, byNothing
		}
	}
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
		a.width(ts)
		return true
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
	case "inset":
		return a.fourLengths(&s.inset, ts, true)
	case "inline-size":
		return a.box("width", ts)
	case "block-size":
		return a.box("height", ts)
	case "margin-inline", "margin-block", "padding-inline", "padding-block":
		parts := splitSpace(ts)
		kind, axis, _ := strings.Cut(name, "-")
		if len(parts) == 1 || len(parts) == 2 {
			a.box(kind+"-"+axis+"-start", parts[0])
			a.box(kind+"-"+axis+"-end", parts[len(parts)-1])
		}
		return true
	}
	if i := a.side(name, "inset-", ""); i >= 0 {
		return a.set(&s.inset[i], ts)
	}
	if i := a.side(name, "", ""); i >= 0 {
		return a.set(&s.inset[i], ts)
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
		a.radii(ts)
		return true
	case "border-top-left-radius":
		return a.corner(0, ts)
	case "border-top-right-radius":
		return a.corner(1, ts)
	case "border-bottom-right-radius":
		return a.corner(2, ts)
	case "border-bottom-left-radius":
		return a.corner(3, ts)
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
		case "solid":
			b.style = borderSolid
		case "inset":
			b.style = borderInset
		case "outset":
			b.style = borderOutset
		case "groove":
			b.style = borderGroove
		case "ridge":
			b.style = borderRidge
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
		b.color, b.set, b.plain = c, true, false
	}
	return ok
}

// corner reads the radii of one corner.
func (a *applier) corner(i int, ts []token) bool {
	parts := splitSpace(ts)
	x, ok := a.u.length(parts[0])
	y := x
	if len(parts) > 1 && ok {
		y, ok = a.u.length(parts[1])
	}
	if ok && x.px >= 0 && y.px >= 0 {
		a.s.radius[i] = [2]length{x, y}
	}
	return true
}

// radii reads border-radius: up to four values along x and, after a slash, along y.
func (a *applier) radii(ts []token) {
	var lists [2][]length
	at := 0
	for _, p := range splitSpace(ts) {
		if len(p) == 1 && p[0].data == "/" {
			if at++; at > 1 {
				return
			}
			continue
		}
		l, ok := a.u.length(p)
		if !ok || l.px < 0 || len(lists[at]) > 3 {
			return
		}
		lists[at] = append(lists[at], l)
	}
	if at == 0 {
		lists[1] = lists[0]
	}
	for axis, l := range lists {
		if len(l) == 0 {
			return
		}
		pick := [5][4]int{1: {}, 2: {0, 1, 0, 1}, 3: {0, 1, 2, 1}, 4: {0, 1, 2, 3}}[len(l)]
		for i := range 4 {
			a.s.radius[i][axis] = l[pick[i]]
		}
	}
}

// outline reads the outline properties.
func (a *applier) outline(name string, ts []token) {
	switch name {
	case "outline":
		if ident(ts) == "0" || len(ts) == 1 && ts[0].data == "0" {
			a.s.outline = border{}
			return
		}
		a.s.outline = a.borderOf(ts)
	case "outline-offset":
		if l, ok := a.u.length(ts); ok {
			a.s.outlineOffset = l.px
		}
	default:
		a.borderPart(&a.s.outline, name[len("outline-"):], ts)
	}
}
