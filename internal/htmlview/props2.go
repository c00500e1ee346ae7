package htmlview

import (
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

// background is a background picture or gradient.
type background struct {
	url        string
	gradient   *gradient
	posX, posY length
	sizeX      length // auto: as the picture is
	sizeY      length
	cover      bool
	contain    bool
	repeatX    bool
	repeatY    bool
}

var displays = map[string]display{"inline": dispInline, "block": dispBlock, "inline-block": dispInlineBlock, "list-item": dispListItem, "table": dispTable,
	"inline-table": dispInlineTable, "table-row-group": dispRowGroup, "table-header-group": dispHeaderGroup, "table-footer-group": dispFooterGroup,
	"table-row": dispRow, "table-cell": dispCell, "table-column": dispColumn, "table-column-group": dispColumnGroup, "table-caption": dispCaption,
	"flex": dispFlex, "-webkit-flex": dispFlex, "-webkit-box": dispFlex, "inline-flex": dispInlineFlex, "none": dispNone, "contents": dispContents, "grid": dispBlock, "flow-root": dispBlock}

// other applies what belongs to neither box model nor text.
func (a *applier) other(name string, ts []token) {
	s := a.s
	id := ident(ts)
	switch name {
	case "display":
		if d, ok := displays[id]; ok {
			s.display = d
		}
	case "position":
		s.position = map[string]uint8{"relative": 1, "absolute": 2, "fixed": 2}[id]
	case "float":
		s.float = map[string]float{"left": floatLeft, "right": floatRight, "inline-start": floatLeft, "inline-end": floatRight}[id]
	case "clear":
		s.clear = map[string]uint8{"left": 1, "right": 2, "both": 3}[id]
	case "box-sizing":
		s.borderBox = id == "border-box"
	case "overflow", "overflow-x", "overflow-y":
		s.hidden = id != "visible" && id != ""
	case "opacity":
		if v, err := strconv.ParseFloat(strings.TrimSuffix(ts[0].data, "%"), 32); err == nil {
			if ts[0].tt == css.PercentageToken {
				v /= 100
			}
			s.opacity = float32(max(0, min(1, v)))
		}
	case "vertical-align":
		a.verticalAlign(id, ts)
	case "table-layout":
		s.tableFixed = id == "fixed"
	case "background-color":
		if c, ok := parseColor(ts, s.color, a.u.quirks); ok {
			s.bg = c
		}
	case "background":
		a.background(ts)
	case "background-image":
		a.backgroundImage(ts)
	case "background-size", "background-position", "background-repeat":
		if s.bgImage == nil {
			s.bgImage = &background{repeatX: true, repeatY: true}
		}
		b := *s.bgImage
		for i, p := range splitSpace(splitComma(ts)[0]) {
			a.backgroundPart(&b, name[len("background-"):], i, p)
		}
		s.bgImage = &b
	case "box-shadow":
		a.boxShadow(ts)
	case "flex-direction":
		s.flexColumn, s.flexReverse = strings.HasPrefix(id, "column"), strings.HasSuffix(id, "reverse")
	case "flex-wrap":
		s.flexWrap = id == "wrap"
	case "justify-content":
		s.justify = justification(id, justStart)
	case "align-items":
		s.alignItems = justification(id, justStretch)
	case "align-self":
		s.alignSelf = justification(id, justAuto)
	case "flex-grow":
		s.grow = number(ts, s.grow)
	case "flex-shrink":
		s.shrink = number(ts, s.shrink)
	case "flex-basis":
		a.setPositive(&s.basis, ts)
	case "flex":
		a.flex(ts)
	case "gap", "column-gap":
		if l, ok := a.u.length(splitSpace(ts)[0]); ok {
			s.gap = max(0, l.px)
		}
	}
}

func number(ts []token, def float32) float32 {
	if v, err := strconv.ParseFloat(ts[0].data, 32); err == nil && v >= 0 {
		return float32(v)
	}
	return def
}

func justification(id string, def uint8) uint8 {
	if v, ok := map[string]uint8{"flex-start": justStart, "start": justStart, "left": justStart, "flex-end": justEnd, "end": justEnd, "right": justEnd, "center": justCenter,
		"space-between": justBetween, "space-around": justAround, "space-evenly": justEvenly, "stretch": justStretch, "baseline": justBaseline}[id]; ok {
		return v
	}
	return def
}

func (a *applier) flex(ts []token) {
	s := a.s
	s.grow, s.shrink, s.basis = 1, 1, px(0)
	switch ident(ts) {
	case "none":
		s.grow, s.shrink, s.basis = 0, 0, length{}
		return
	case "auto":
		s.basis = length{}
		return
	}
	n := 0
	for _, p := range splitSpace(ts) {
		if len(p) == 1 && p[0].tt == css.NumberToken {
			if n == 0 {
				s.grow = number(p, 1)
			} else if n == 1 {
				s.shrink = number(p, 1)
			}
			n++
		} else {
			a.setPositive(&s.basis, p)
		}
	}
}

func (a *applier) verticalAlign(id string, ts []token) {
	s := a.s
	if v, ok := map[string]valign{"baseline": vaBaseline, "top": vaTop, "middle": vaMiddle, "bottom": vaBottom, "sub": vaSub, "super": vaSuper,
		"text-top": vaTextTop, "text-bottom": vaTextBottom}[id]; ok {
		s.valign = v
		return
	}
	if l, ok := a.u.length(ts); ok && l.set {
		s.valign, s.vshift = vaLength, l
	}
}

// background applies the shorthand; of several layers the last one's colour and the first one's picture.
func (a *applier) background(ts []token) {
	s := a.s
	s.bg.A, s.bgImage = 0, nil
	b := background{repeatX: true, repeatY: true}
	layers := splitComma(ts)
	have := false
	for li, layer := range layers {
		pos, size := 0, -1
		for _, p := range splitSpace(layer) {
			switch {
			case len(p) == 1 && p[0].data == "/":
				size = 0
			case a.image(&b, p, li > 0 && have):
				have = true
			case size >= 0 && size < 2:
				if li == 0 {
					a.backgroundPart(&b, "size", size, p)
				}
				size++
			case a.backgroundPart(&b, "repeat", 0, p):
			case a.backgroundPart(&b, "position", pos, p):
				pos++
			default:
				if c, ok := parseColor(p, s.color, a.u.quirks); ok {
					s.bg = c
				}
			}
		}
	}
	if have {
		s.bgImage = &b
	}
}

func (a *applier) backgroundImage(ts []token) {
	b := background{repeatX: true, repeatY: true}
	if a.s.bgImage != nil {
		b = *a.s.bgImage
	}
	b.url, b.gradient = "", nil
	a.image(&b, splitComma(ts)[0], false)
	a.s.bgImage = &b
}

// image reads url() or a gradient.
func (a *applier) image(b *background, ts []token, skip bool) bool {
	t := ts[0]
	switch {
	case t.tt == css.URLToken:
		if u := urlOf(t.data); !skip {
			b.url = u
		}
		return true
	case t.tt == css.FunctionToken && strings.EqualFold(t.data, "url("):
		if len(ts) > 1 && !skip {
			b.url = strings.Trim(ts[1].data, `"' `)
		}
		return true
	case t.tt == css.FunctionToken && strings.HasSuffix(strings.ToLower(t.data), "gradient("):
		if !skip {
			b.gradient = parseGradient(strings.ToLower(t.data), trimParen(ts[1:]), a.s.color, a.u)
		}
		return true
	}
	return false
}

func urlOf(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 5 {
		s = s[4 : len(s)-1]
	}
	return strings.Trim(strings.TrimSpace(s), `"'`)
}

func (a *applier) backgroundPart(b *background, part string, i int, ts []token) bool {
	id := ident(ts)
	switch part {
	case "repeat":
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
			return id == "scroll" || id == "fixed" || id == "border-box" || id == "padding-box" || id == "content-box"
		}
		return true
	case "size":
		switch {
		case id == "cover":
			b.cover = true
		case id == "contain":
			b.contain = true
		case i == 0:
			a.setPositive(&b.sizeX, ts)
			b.sizeY = length{}
		default:
			a.setPositive(&b.sizeY, ts)
		}
		return true
	}
	pct := func(v float32) length { return length{pct: v, set: true} }
	switch id {
	case "left":
		b.posX = px(0)
	case "right":
		b.posX = pct(100)
	case "top":
		b.posY = px(0)
		if i == 0 && !b.posX.set {
			b.posX = pct(50)
		}
	case "bottom":
		b.posY = pct(100)
		if i == 0 && !b.posX.set {
			b.posX = pct(50)
		}
	case "center":
		if i == 0 {
			b.posX = pct(50)
		}
		b.posY = pct(50)
	default:
		l, ok := a.u.length(ts)
		if !ok || !l.set || id != "" {
			return false
		}
		if i == 0 {
			b.posX, b.posY = l, pct(50)
		} else {
			b.posY = l
		}
	}
	return true
}

func (a *applier) boxShadow(ts []token) {
	sh := &shadow{color: a.s.color}
	n := 0
	for _, p := range splitSpace(splitComma(ts)[0]) {
		if id := ident(p); id == "none" || id == "inset" {
			a.s.shadow = nil
			return
		}
		if l, ok := a.u.length(p); ok && l.set {
			switch n {
			case 0:
				sh.dx = l.px
			case 1:
				sh.dy = l.px
			case 2:
				sh.blur = min(max(0, l.px), 100)
			case 3:
				sh.spread = l.px
			}
			n++
		} else if c, ok := parseColor(p, a.s.color, false); ok {
			sh.color = c
		}
	}
	if n >= 2 {
		a.s.shadow = sh
	}
}
