package htmlview

import (
	"image/color"
	"strconv"
	"strings"

	"peyk/internal/text"
)

var linkColor = color.NRGBA{0, 0, 0xEE, 255}

var blockTags = map[string]bool{"html": true, "body": true, "div": true, "p": true, "center": true, "blockquote": true, "h1": true, "h2": true, "h3": true,
	"h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "dl": true, "dt": true, "dd": true, "pre": true, "hr": true, "address": true, "article": true,
	"aside": true, "section": true, "nav": true, "header": true, "footer": true, "main": true, "figure": true, "figcaption": true, "fieldset": true,
	"form": true, "dir": true, "menu": true, "details": true, "summary": true, "hgroup": true, "search": true, "legend": true, "marquee": true, "listing": true, "xmp": true, "plaintext": true, "optgroup": true, "option": true}

// userAgent is the style sheet of the user agent, after the HTML standard's rendering section.
func (st *styler) userAgent(n *node, s, parent *style) {
	em := func(v float32) length { return px(v * s.size) }
	vertical := func(v float32) {
		s.margin[top], s.margin[bottom] = em(v), em(v)
		s.uaMargin[top], s.uaMargin[bottom] = true, true
	}
	if blockTags[n.tag] {
		s.display = dispBlock
	}
	switch n.tag {
	case "html":
		s.display = dispBlock
	case "body":
		s.margin = [4]length{px(8), px(8), px(8), px(8)}
	case "p":
		vertical(1)
	case "dl":
		if _, inner := listDepth(n); !inner {
			vertical(1)
		}
	case "blockquote", "figure":
		vertical(1)
		s.margin[left], s.margin[right] = px(40), px(40)
	case "form":
		if st.mode == fullQuirks {
			s.margin[bottom] = em(1)
			s.uaMargin[bottom] = true
		}
	case "center":
		s.align = alignBlockCenter
	case "h1", "h2", "h3", "h4", "h5", "h6":
		h := headings[n.tag[1]-'1']
		s.size, s.keyword, s.weight = parent.size*h.size, 0, 700
		vertical(h.margin)
	case "ul", "ol", "dir", "menu":
		st.list(n, s, vertical)
	case "li":
		s.display = dispListItem
	case "dd":
		s.margin[startSide(s)] = px(40)
	case "pre", "listing", "xmp", "plaintext":
		s.ws = wsPre
		st.mono(s)
		vertical(1)
	case "hr":
		vertical(0.5)
		s.ruleAgent()
	case "fieldset":
		s.fieldsetAgent(em)
	case "button", "input", "select", "textarea", "progress", "meter":
		st.controlAgent(n, s)
	case "option", "optgroup", "datalist", "source":
		s.display = dispNone
	case "legend":
		s.padding[left], s.padding[right] = px(2), px(2)
	case "summary":
		s.display = dispBlock
	case "img":
		s.display = dispInline
	default:
		st.phraseAgent(n, s, parent)
		st.tableAgent(n, s, parent)
	}
}

// ruleAgent is the line of an hr.
func (s *style) ruleAgent() {
	s.margin[left], s.margin[right] = length{}, length{}
	s.frame(border{w: 1, style: borderInset, color: color.NRGBA{0xEE, 0xEE, 0xEE, 255}, set: true, plain: true})
	s.hidden = true
}

// fieldsetAgent is the groove around a fieldset and the room in it; em is the size of its letters.
func (s *style) fieldsetAgent(em func(float32) length) {
	s.frame(border{w: 2, style: borderGroove, color: color.NRGBA{0xEF, 0xEF, 0xEF, 255}, set: true, plain: true})
	s.padding = [4]length{em(0.35), em(0.75), em(0.625), em(0.75)}
	s.margin[left], s.margin[right] = px(2), px(2)
}

// headings are the sizes of h1 to h6 in those of what they stand in, and the margins above and below in sizes of their own.
var headings = [...]struct{ size, margin float32 }{{2, 0.67}, {1.5, 0.83}, {1.17, 1}, {1, 1.33}, {0.83, 1.67}, {0.67, 2.33}}

// frame is the same border on all sides.
func (s *style) frame(b border) {
	for i := range s.border {
		s.border[i] = b
	}
}

// phraseAgent is userAgent for what stands within a line.
func (st *styler) phraseAgent(n *node, s, parent *style) {
	switch n.tag {
	case "tt", "code", "kbd", "samp":
		st.mono(s)
	case "b", "strong":
		s.weight = 700
	case "i", "em", "cite", "var", "dfn":
		s.italic = true
	case "address":
		s.italic = true
	case "u", "ins":
		s.underline = true
	case "s", "strike", "del":
		s.strike = true
	case "small":
		s.size, s.keyword = parent.size/1.2, 0
	case "big":
		s.size, s.keyword = parent.size*1.2, 0
	case "sub":
		s.valign, s.size, s.keyword = vaSub, parent.size/1.2, 0
	case "sup":
		s.valign, s.size, s.keyword = vaSuper, parent.size/1.2, 0
	case "mark":
		s.bg, s.color = color.NRGBA{255, 255, 0, 255}, black
	case "bdi":
		s.isolate = true
	case "bdo":
		s.override = true
	case "nobr":
		s.ws = wsNowrap
	case "a":
		if h := n.attrOr("href"); h != "" {
			s.link = h
			s.color, s.underline = linkColor, true
			if st.link != nil {
				if c, ok := attrColor(st.link.attrOr("link")); ok {
					s.color = c
				}
			}
		}
	case "abbr", "acronym":
		if _, ok := n.attr("title"); ok {
			s.underline, s.decoStyle = true, borderDotted
		}
	}
}

func startSide(s *style) int {
	if s.rtl {
		return right
	}
	return left
}

func (st *styler) mono(s *style) {
	s.families = []string{"monospace"}
}

// listDepth counts the lists with bullets or numbers that n stands in; inner tells of any list, also one of definitions.
func listDepth(n *node) (depth int, inner bool) {
	for p := n.parent; p != nil; p = p.parent {
		switch p.tag {
		case "ul", "ol", "dir", "menu":
			depth++
			inner = true
		case "dl":
			inner = true
		}
	}
	return depth, inner
}

func (st *styler) list(n *node, s *style, vertical func(float32)) {
	depth, inner := listDepth(n)
	if !inner {
		vertical(1)
	}
	// The direction attribute counts already here: the padding stands at the start.
	switch strings.ToLower(n.attrOr("dir")) {
	case "rtl":
		s.rtl = true
	case "ltr":
		s.rtl = false
	}
	s.padding[startSide(s)] = px(40)
	if n.tag == "ol" {
		s.listType = "decimal"
		return
	}
	s.listType = [...]string{"disc", "circle", "square"}[min(depth, 2)]
}

func (st *styler) tableAgent(n *node, s, parent *style) {
	switch n.tag {
	case "table":
		s.display, s.borderBox = dispTable, true
		s.spacingX, s.spacingY, s.collapse = 2, 2, false
		s.indent = length{}
		if st.mode == fullQuirks {
			s.size, s.keyword, s.absolute, s.color = 16, 4, false, st.text
			s.weight, s.italic, s.lineHeight, s.lineFactor, s.ws, s.align = 400, false, length{}, false, wsNormal, alignStart
		}
	case "thead":
		s.display, s.valign = dispHeaderGroup, vaMiddle
	case "tbody":
		s.display, s.valign = dispRowGroup, vaMiddle
	case "tfoot":
		s.display, s.valign = dispFooterGroup, vaMiddle
	case "tr":
		s.display, s.valign = dispRow, parent.valign
	case "td", "th":
		s.display, s.valign = dispCell, parent.valign
		s.padding = [4]length{px(1), px(1), px(1), px(1)}
		if n.tag == "th" {
			s.weight = 700
			if s.align == alignStart {
				s.align = alignCenter
			}
		}
	case "caption":
		s.display, s.align = dispCaption, alignCenter
	case "col":
		s.display = dispColumn
	case "colgroup":
		s.display = dispColumnGroup
	}
}

// hints are the presentational attributes: weaker than any rule of the author.
func (st *styler) hints(n *node, s, parent *style) {
	dirHint(n, s)
	if v, ok := n.attr("hidden"); ok && v != "until-found" {
		s.display = dispNone
	}
	if v, ok := n.attr("bgcolor"); ok {
		if c, ok := attrColor(v); ok {
			s.bg = c
		}
	}
	sizeHint(n, s)
	if v := n.attrOr("background"); v != "" && (n.tag == "td" || n.tag == "th" || n.tag == "table" || n.tag == "body" || n.tag == "tr") {
		b := newLayer()
		b.url = v
		s.layers = []background{b}
	}
	st.alignHint(n, s)
	switch n.tag {
	case "pre", "listing", "xmp":
		if _, ok := n.attr("wrap"); ok { // what Thunderbird quotes
			s.ws = wsPreWrap
		}
	case "body":
		if c, ok := attrColor(n.attrOr("text")); ok {
			s.color = c
		}
		for attr, sides := range bodyMargins {
			if l, ok := attrLength(n.attrOr(attr)); ok && !l.percent() {
				s.margin[sides[0]], s.margin[sides[1]] = l, l
			}
		}
	case "font":
		st.fontHint(n, s)
	case "ol", "ul", "li":
		if t, ok := listTypes[n.attrOr("type")]; ok {
			s.listType = t
		}
	case "hr":
		st.ruleHint(n, s)
	case "table":
		st.tableHint(n, s)
	case "td", "th":
		st.cellHint(n, s)
	case "img":
		st.imageHint(n, s)
	case "br":
		s.clear = map[string]uint8{"left": 1, "right": 2, "all": 3, "both": 3}[strings.ToLower(n.attrOr("clear"))]
	}
}

// bodyMargins are the attributes of body for its margins, and the sides that each sets.
var bodyMargins = map[string][2]int{"marginwidth": {left, right}, "leftmargin": {left, left}, "rightmargin": {right, right},
	"marginheight": {top, bottom}, "topmargin": {top, top}, "bottommargin": {bottom, bottom}}

// listTypes are the values of a list's type, and what CSS calls them.
var listTypes = map[string]string{"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman",
	"disc": "disc", "circle": "circle", "square": "square"}

func dirHint(n *node, s *style) {
	v, ok := n.attr("dir")
	if !ok {
		return
	}
	switch strings.ToLower(v) {
	case "rtl":
		s.rtl, s.isolate = true, true
	case "ltr":
		s.rtl, s.isolate = false, true
	case "auto":
		s.rtl, s.isolate = text.BaseDirection(n.plain(4000)) == text.RTL, true
		s.plaintext = n.tag == "pre" || n.tag == "textarea"
	}
	if n.tag == "ul" || n.tag == "ol" {
		s.padding[left], s.padding[right] = px(0), px(0)
		s.padding[startSide(s)] = px(40)
	}
}

func sizeHint(n *node, s *style) {
	switch n.tag {
	case "table", "td", "th", "img", "hr", "col", "colgroup":
		if l, ok := attrLength(n.attrOr("width")); ok && !(l.px == 0 && l.pct == 0 && n.tag != "img") {
			s.width = l
		}
		if l, ok := attrLength(n.attrOr("height")); ok && n.tag != "hr" {
			s.height = l
		}
	case "tr", "tbody", "thead":
		if l, ok := attrLength(n.attrOr("height")); ok {
			s.height = l
		}
	}
}

func (st *styler) alignHint(n *node, s *style) {
	v := strings.ToLower(strings.TrimSpace(n.attrOr("align")))
	switch n.tag {
	case "td", "th", "tr", "tbody", "thead", "tfoot", "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "caption":
		switch v {
		case "center", "middle":
			s.align = alignBlockCenter
		case "left":
			s.align = alignBlockLeft
		case "right":
			s.align = alignBlockRight
		case "justify":
			s.align = alignJustify
		}
		if n.tag[0] == 'h' && s.align >= alignBlockLeft && v != "" {
			s.align = s.align - alignBlockLeft + alignLeft
		}
		if va := strings.ToLower(n.attrOr("valign")); va != "" {
			if a, ok := map[string]valign{"top": vaTop, "middle": vaMiddle, "center": vaMiddle, "bottom": vaBottom, "baseline": vaBaseline}[va]; ok {
				s.valign = a
			}
		}
		s.captionBelow = s.captionBelow || n.tag == "caption" && v == "bottom"
	case "table":
		switch v {
		case "center":
			s.margin[left], s.margin[right] = length{}, length{}
		case "left":
			s.float = floatLeft
		case "right":
			s.float = floatRight
		}
	case "img":
		switch v {
		case "left":
			s.float = floatLeft
			if st.mode == fullQuirks {
				s.margin[right] = px(3)
			}
		case "right":
			s.float = floatRight
			if st.mode == fullQuirks {
				s.margin[left] = px(3)
			}
		case "middle":
			s.valign = vaBaselineMiddle
		case "absmiddle", "center":
			s.valign = vaMiddle
		case "top":
			s.valign = vaTop
		case "texttop":
			s.valign = vaTextTop
		case "absbottom":
			s.valign = vaBottom
		}
	}
}

func (st *styler) fontHint(n *node, s *style) {
	if c, ok := attrColor(n.attrOr("color")); ok {
		s.color = c
	}
	if f := n.attrOr("face"); f != "" {
		s.families = strings.Split(f, ",")
	}
	v := strings.TrimSpace(n.attrOr("size"))
	k, err := strconv.Atoi(strings.TrimPrefix(v, "+"))
	if err != nil {
		return
	}
	if v[0] == '+' || v[0] == '-' {
		k += 3
	}
	s.keyword, s.absolute = uint8(max(1, min(7, k))+1), false
	s.size = keywordSize(s.keyword, false, false)
}

func (st *styler) ruleHint(n *node, s *style) {
	switch strings.ToLower(n.attrOr("align")) {
	case "left":
		s.margin[left] = px(0)
	case "right":
		s.margin[right] = px(0)
	}
	c, colored := attrColor(n.attrOr("color"))
	_, noshade := n.attr("noshade")
	if colored || noshade {
		if !colored {
			c = color.NRGBA{0x80, 0x80, 0x80, 255}
		}
		for i := range s.border {
			s.border[i].color, s.border[i].style = c, borderSolid
		}
		s.bg = c
	}
	if l, ok := attrLength(n.attrOr("size")); ok && !l.percent() {
		if l.px <= 1 {
			s.border[bottom].w = 0
		} else {
			s.height = px(l.px - 2)
		}
	}
}

func (st *styler) imageHint(n *node, s *style) {
	if l, ok := attrLength(n.attrOr("border")); ok && l.px > 0 {
		for i := range s.border {
			s.border[i] = border{w: l.px, style: borderSolid}
		}
	}
	if l, ok := attrLength(n.attrOr("hspace")); ok {
		s.margin[left], s.margin[right] = l, l
	}
	if l, ok := attrLength(n.attrOr("vspace")); ok {
		s.margin[top], s.margin[bottom] = l, l
	}
}

// plain is the beginning of the text within n.
func (n *node) plain(limit int) string {
	var b strings.Builder
	stack := []*node{n}
	for len(stack) > 0 && b.Len() < limit {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if c.tag == "" {
			b.WriteString(c.text)
		}
		for i := len(c.children) - 1; i >= 0; i-- {
			stack = append(stack, c.children[i])
		}
	}
	return b.String()
}
