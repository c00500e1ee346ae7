package htmlview

import (
	"strconv"
	"strings"

	"github.com/tdewolff/parse/v2/css"
)

var displays = map[string]display{"inline": dispInline, "block": dispBlock, "inline-block": dispInlineBlock, "list-item": dispListItem, "table": dispTable,
	"inline-table": dispInlineTable, "table-row-group": dispRowGroup, "table-header-group": dispHeaderGroup, "table-footer-group": dispFooterGroup,
	"table-row": dispRow, "table-cell": dispCell, "table-column": dispColumn, "table-column-group": dispColumnGroup, "table-caption": dispCaption,
	"flex": dispFlex, "-webkit-flex": dispFlex, "-webkit-box": dispFlex, "inline-flex": dispInlineFlex, "none": dispNone, "contents": dispContents, "grid": dispFlex, "inline-grid": dispInlineFlex, "flow-root": dispBlock}

// other applies what belongs to neither box model nor text.
func (a *applier) other(name string, ts []token) {
	s := a.s
	id := ident(ts)
	switch name {
	case "display":
		if d, ok := displays[id]; ok {
			s.display, s.grid.on, s.flowRoot = d, strings.HasSuffix(id, "grid"), id == "flow-root"
		}
	case "position":
		s.position = map[string]uint8{"relative": 1, "sticky": 1, "absolute": 2, "fixed": 2}[id]
	case "float":
		s.float = map[string]float{"left": floatLeft, "right": floatRight, "inline-start": floatLeft, "inline-end": floatRight}[id]
	case "clear":
		s.clear = map[string]uint8{"left": 1, "right": 2, "both": 3}[id]
	case "object-fit":
		s.fit = id
	case "object-position":
		if b := newLayer(); a.position(&b, splitSpace(ts)) {
			s.fitX, s.fitY = b.posX, b.posY
		}
	case "aspect-ratio":
		s.ratio = aspectRatio(ts)
	case "content":
		s.content = ts
	case "counter-reset", "counter-set":
		s.counterReset = ts
	case "counter-increment":
		s.counterIncrement = ts
	case "z-index":
		v, err := strconv.Atoi(ts[0].data)
		if s.zSet = err == nil; s.zSet {
			s.zIndex = v
		}
	case "text-overflow":
		s.ellipsis = id == "ellipsis"
	case "box-sizing":
		s.borderBox = id == "border-box"
	case "overflow", "overflow-x", "overflow-y":
		a.overflow(name, ts)
	case "vertical-align":
		a.verticalAlign(id, ts)
	case "table-layout":
		s.tableFixed = id == "fixed"
	default:
		a.paintProperty(name, id, ts)
	}
}

// paintProperty applies what changes how a box is painted, not where it stands; id is what ts says when it is one word.
func (a *applier) paintProperty(name, id string, ts []token) {
	s := a.s
	switch name {
	case "opacity":
		if v, err := strconv.ParseFloat(strings.TrimSuffix(ts[0].data, "%"), 32); err == nil {
			if ts[0].tt == css.PercentageToken {
				v /= 100
			}
			s.opacity = float32(max(0, min(1, v)))
		}
	case "background-color":
		if c, ok := parseColor(ts, s.color, a.u.quirks); ok {
			s.bg = c
		}
	case "background":
		a.background(ts)
	case "box-shadow":
		s.shadows = a.shadows(ts)
	case "outline", "outline-width", "outline-style", "outline-color", "outline-offset":
		a.outline(name, ts)
	default:
		if strings.HasPrefix(name, "background-") || name == "-webkit-background-clip" {
			a.backgroundPart(name, ts)
			return
		}
		a.flexProperty(name, ts)
	}
}

// flexProperty applies what belongs to flex containers and what stands in them.
func (a *applier) flexProperty(name string, ts []token) {
	s := a.s
	id := ident(ts)
	switch name {
	case "flex-direction":
		s.flexColumn, s.flexReverse = strings.HasPrefix(id, "column"), strings.HasSuffix(id, "reverse")
	case "flex-wrap":
		s.flexWrap = id == "wrap" || id == "wrap-reverse"
	case "justify-content":
		s.justify = justification(id, justStart)
	case "align-items":
		s.alignItems = justification(id, justStretch)
	case "align-content":
		s.alignContent = justification(id, justStretch)
	case "order":
		if v, err := strconv.Atoi(ts[0].data); err == nil {
			s.order = v
		}
	case "flex-flow":
		for _, p := range splitSpace(ts) {
			switch id := ident(p); id {
			case "wrap", "nowrap", "wrap-reverse":
				s.flexWrap = id != "nowrap"
			default:
				s.flexColumn, s.flexReverse = strings.HasPrefix(id, "column"), strings.HasSuffix(id, "reverse")
			}
		}
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
	case "gap", "grid-gap":
		p := splitSpace(ts)
		if l, ok := a.u.length(p[0]); ok {
			s.rowGap, s.gap = max(0, l.px), max(0, l.px)
		}
		if len(p) > 1 {
			if l, ok := a.u.length(p[1]); ok {
				s.gap = max(0, l.px)
			}
		}
	case "column-gap", "grid-column-gap":
		if l, ok := a.u.length(ts); ok {
			s.gap = max(0, l.px)
		}
	case "row-gap", "grid-row-gap":
		if l, ok := a.u.length(ts); ok {
			s.rowGap = max(0, l.px)
		}
	default:
		if strings.HasPrefix(name, "grid") {
			a.gridProperty(name, ts)
			return
		}
		a.placeProperty(name, ts)
	}
}

// placeProperty applies how items stand in grids along the rows, and what sets that and the other axis at once.
func (a *applier) placeProperty(name string, ts []token) {
	s := a.s
	switch name {
	case "justify-items":
		s.justifyItems = justification(ident(ts), justStretch)
	case "justify-self":
		s.justifySelf = justification(ident(ts), justAuto)
	case "place-items":
		s.alignItems, s.justifyItems = placed(ts, justStretch)
	case "place-self":
		s.alignSelf, s.justifySelf = placed(ts, justAuto)
	case "place-content":
		s.alignContent, s.justify = placed(ts, justStretch)
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

// overflow applies what becomes of content that has no room; see scroll.go.
func (a *applier) overflow(name string, ts []token) {
	s := a.s
	p := splitSpace(ts)
	x := ident(p[0])
	y := x
	if len(p) > 1 {
		y = ident(p[1])
	}
	scrolls := func(id string) bool { return id == "auto" || id == "scroll" || id == "overlay" }
	cuts := func(id string) bool { return id == "hidden" || id == "clip" }
	switch name {
	case "overflow":
		s.scroll, s.hidden = [2]bool{scrolls(x), scrolls(y)}, cuts(x) || cuts(y)
	case "overflow-x":
		s.scroll[0], s.hidden = scrolls(x), cuts(x) || s.hidden
	default:
		s.scroll[1], s.hidden = scrolls(x), cuts(x) || s.hidden
	}
}

// placed reads one or two words: that for across and that for along.
func placed(ts []token, def uint8) (across, along uint8) {
	p := splitSpace(ts)
	across = justification(ident(p[0]), def)
	if along = across; len(p) > 1 {
		along = justification(ident(p[1]), def)
	}
	return across, along
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

// aspectRatio reads "16 / 9" as height by width; 0: none.
func aspectRatio(ts []token) float32 {
	var v []float64
	for _, t := range ts {
		if f, err := strconv.ParseFloat(t.data, 32); err == nil && f > 0 {
			v = append(v, f)
		}
	}
	switch len(v) {
	case 1:
		return float32(1 / v[0])
	case 2:
		return float32(v[1] / v[0])
	}
	return 0
}
