package htmlview

import (
	"image/color"
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// textual applies fonts and text properties.
func (a *applier) textual(name string, ts []token) bool {
	return a.fontProperty(name, ts) || a.lineProperty(name, ts) || a.colourProperty(name, ts) || a.listProperty(name, ts)
}

// fontProperty applies fonts and what letters look like.
func (a *applier) fontProperty(name string, ts []token) bool {
	s := a.s
	id := ident(ts)
	switch name {
	case "font":
		size, fams, k, abs := s.size, s.families, s.keyword, s.absolute
		if a.font(ts); !a.fonts { // size and families are done: others may have overridden them
			s.size, s.families, s.keyword, s.absolute = size, fams, k, abs
		}
	case "font-size":
		a.fontSize(ts)
	case "font-family":
		a.fontFamily(ts)
	case "font-weight":
		a.fontWeight(ts)
	case "font-style":
		s.italic = id == "italic" || len(ts) > 0 && strings.EqualFold(ts[0].data, "oblique")
	case "font-variant", "font-variant-caps":
		s.smallCaps = id == "small-caps"
	case "line-height":
		a.lineHeight(ts)
	case "mso-line-height-alt":
	case "letter-spacing":
		if l, ok := a.u.length(ts); ok {
			s.letterSpacing = l.px
		}
	case "word-spacing":
		if l, ok := a.u.length(ts); ok {
			s.wordSpacing = l.px
		}
	case "text-transform":
		s.transform = map[string]uint8{"uppercase": 1, "lowercase": 2, "capitalize": 3}[id]
	default:
		return false
	}
	return true
}

// colourProperty applies colours of text and lines at it.
func (a *applier) colourProperty(name string, ts []token) bool {
	s := a.s
	id := ident(ts)
	switch name {
	case "color":
		if c, ok := parseColor(ts, a.parent.color, a.u.quirks); ok {
			s.color = c
		}
	case "-webkit-text-fill-color":
		if c, ok := parseColor(ts, s.color, false); ok {
			s.textFill, s.filled = c, true
		}
	case "text-shadow":
		s.textShadows = a.shadows(ts)
	case "text-decoration", "text-decoration-line":
		a.decoration(ts)
	case "text-decoration-style":
		s.decoStyle = decorationStyles[id]
	case "text-decoration-thickness":
		if l, ok := a.u.length(ts); ok {
			s.decoThick = max(0, l.px)
		}
	case "text-decoration-color":
		if c, ok := parseColor(ts, s.color, false); ok {
			s.decoColor = c
		}
	case "visibility":
		s.invisible = id == "hidden" || id == "collapse"
	default:
		return false
	}
	return true
}

// lineProperty applies how text stands in its lines.
func (a *applier) lineProperty(name string, ts []token) bool {
	s := a.s
	id := ident(ts)
	switch name {
	case "text-align":
		if to, ok := alignments[id]; ok {
			s.align = to
		}
	case "text-align-last":
		s.alignLast, s.lastSet = alignments[id]
	case "text-indent":
		a.set(&s.indent, ts)
	case "white-space":
		if w, ok := map[string]whiteSpace{"normal": wsNormal, "nowrap": wsNowrap, "pre": wsPre, "pre-wrap": wsPreWrap, "break-spaces": wsPreWrap, "pre-line": wsPreLine}[id]; ok {
			s.ws = w
		}
	case "word-break":
		s.breakAll = id == "break-all"
		s.breakWord = s.breakWord || id == "break-word"
	case "line-break":
		s.breakAll = s.breakAll || id == "anywhere"
	case "word-wrap", "overflow-wrap":
		s.breakWord = id == "break-word" || id == "anywhere"
	case "direction":
		s.rtl = id == "rtl"
	case "unicode-bidi":
		s.plaintext, s.isolate, s.override = id == "plaintext", id == "isolate" || id == "plaintext" || id == "isolate-override", strings.HasSuffix(id, "override")
	case "tab-size", "-moz-tab-size":
		if v, err := strconv.Atoi(ts[0].data); err == nil && v > 0 && v < 100 {
			s.tabSize = v
		}
	case "caption-side":
		s.captionBelow = id == "bottom"
	default:
		return false
	}
	return true
}

// listProperty applies the marks of lists.
func (a *applier) listProperty(name string, ts []token) bool {
	s := a.s
	id := ident(ts)
	switch name {
	case "list-style-image":
		s.listImage = ""
		if b := newLayer(); a.image(&b, ts) {
			s.listImage = b.url
		}
	case "list-style", "list-style-type":
		a.listStyle(ts)
	case "list-style-position":
		s.listInside = id == "inside"
	default:
		return false
	}
	return true
}

// decoration applies the shorthand of lines at text.
func (a *applier) decoration(ts []token) {
	s := a.s
	s.underline, s.strike, s.overline, s.decoStyle, s.decoThick = false, false, false, borderNone, 0
	for _, p := range splitSpace(ts) {
		switch ident(p) {
		case "underline":
			s.underline = true
		case "line-through":
			s.strike = true
		case "overline":
			s.overline = true
		case "dotted", "dashed", "double", "wavy", "solid":
			s.decoStyle = decorationStyles[ident(p)]
		default:
			if l, ok := a.u.length(p); ok && l.set {
				s.decoThick = max(0, l.px)
			} else if c, ok := parseColor(p, s.color, false); ok {
				s.decoColor = c
			}
		}
	}
}

// listStyle applies the shorthand of marks of lists.
func (a *applier) listStyle(ts []token) {
	s := a.s
	for _, p := range splitSpace(ts) {
		if len(p) == 1 && p[0].tt == css.StringToken {
			s.listType = p[0].data
			continue
		}
		if b := newLayer(); a.image(&b, p) {
			s.listImage = b.url
			continue
		}
		switch v := ident(p); v {
		case "inside":
			s.listInside = true
		case "outside":
			s.listInside = false
		case "":
		case "none":
			s.listType, s.listImage = v, ""
		default:
			s.listType = v
		}
	}
}

var alignments = map[string]align{"left": alignLeft, "right": alignRight, "center": alignCenter, "justify": alignJustify, "start": alignStart, "end": alignEnd,
	"-webkit-center": alignBlockCenter, "-moz-center": alignBlockCenter}

func (a *applier) fontSize(ts []token) {
	id := ident(ts)
	if k, ok := sizeKeywords[id]; ok {
		a.s.keyword, a.s.absolute, a.s.size = k, false, keywordSize(k, false, false)
		return
	}
	switch id {
	case "smaller":
		a.s.size, a.s.keyword, a.s.absolute = a.parent.size/1.2, 0, a.parent.absolute
		return
	case "larger":
		a.s.size, a.s.keyword, a.s.absolute = a.parent.size*1.2, 0, a.parent.absolute
		return
	}
	u := a.u
	u.em, u.s = a.parent.size, a.parent
	if l, ok := u.length(ts); ok && l.set && l.px >= 0 && l.pct >= 0 {
		a.s.size, a.s.keyword, a.s.absolute = l.of(a.parent.size), 0, a.parent.absolute
		if last := ts[len(ts)-1]; last.tt == css.DimensionToken && !relativeUnit(last.data) {
			a.s.absolute = true
		}
	}
}

func relativeUnit(dim string) bool {
	d := strings.ToLower(dim)
	return strings.HasSuffix(d, "em") && !strings.HasSuffix(d, "rem") || strings.HasSuffix(d, "ex") || strings.HasSuffix(d, "ch")
}

var sizeKeywords = map[string]uint8{"xx-small": 1, "x-small": 2, "small": 3, "medium": 4, "large": 5, "x-large": 6, "xx-large": 7, "xxx-large": 8}

// keywordSize is the size of a font size keyword; fixed-width fonts are smaller (the tables of browsers, for 16 and 13).
func keywordSize(k uint8, mono, quirk bool) float32 {
	switch {
	case mono && quirk:
		return [...]float32{9, 9, 10, 13, 16, 20, 26, 40}[k-1]
	case mono:
		return [...]float32{9, 10, 12, 13, 16, 20, 26, 39}[k-1]
	}
	return [...]float32{9, 10, 13, 16, 18, 24, 32, 48}[k-1]
}

// fixedWidth adapts the size when the family becomes the generic monospace alone, or something else again.
func (s *style) fixedWidth(parent *style, quirk bool) {
	mono := s.mono()
	switch {
	case s.absolute:
	case s.keyword > 0:
		s.size = keywordSize(s.keyword, mono, quirk)
	case mono == parent.mono():
	case mono:
		s.size *= 13.0 / 16
	default:
		s.size *= 16.0 / 13
	}
}

func (s *style) mono() bool {
	return len(s.families) == 1 && strings.EqualFold(s.families[0], "monospace")
}

func (a *applier) fontFamily(ts []token) {
	var fams []string
	for _, part := range splitComma(ts) {
		name := strings.Trim(join(part), `"' `)
		if len(part) == 1 && part[0].tt == css.StringToken && genericFamilies[strings.ToLower(name)] {
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

var decorationStyles = map[string]borderStyle{"dotted": borderDotted, "dashed": borderDashed, "double": borderDouble, "wavy": borderDashed}

var genericFamilies = map[string]bool{"serif": true, "sans-serif": true, "monospace": true, "system-ui": true, "cursive": true, "fantasy": true}

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
