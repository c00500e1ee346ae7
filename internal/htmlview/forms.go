package htmlview

import (
	"image/color"
	"strconv"
	"strings"
)

// control is the kind of a form control: they are drawn, but dead.
type control uint8

const (
	noControl control = iota
	controlButton
	controlField
	controlSelect
	controlCheck
	controlRadio
	controlBar
)

var (
	controlLine = color.NRGBA{118, 118, 118, 255}
	controlFace = color.NRGBA{239, 239, 239, 255}
	controlOn   = color.NRGBA{0, 117, 255, 255}
)

// controlAgent is the user agent's style of form controls.
func (st *styler) controlAgent(n *node, s *style) {
	s.display = dispInlineBlock
	if n.tag == "progress" || n.tag == "meter" {
		barAgent(n, s)
		return
	}
	s.size, s.keyword, s.absolute = 13.3333, 0, true
	s.families, s.weight, s.italic, s.lineHeight, s.lineFactor = []string{"sans-serif"}, 400, false, length{}, false
	s.align, s.indent, s.transform, s.letterSpacing, s.wordSpacing, s.ws = alignStart, length{}, 0, 0, 0, wsNormal
	s.color, s.textShadows = black, nil
	if _, off := n.attr("disabled"); off {
		s.color = color.NRGBA{16, 16, 16, 77}
	}
	controlKind(n, s)
}

// barAgent is the style of a bar that shows a value.
func barAgent(n *node, s *style) {
	s.control, s.borderBox, s.hidden = controlBar, true, true
	s.width, s.height = px(160), px(16)
	if n.tag == "meter" {
		s.width = px(80)
	}
	s.valign, s.vshift = vaLength, px(-0.2*s.size)
}

// controlKind is what the kinds of controls differ in.
func controlKind(n *node, s *style) {
	kind := strings.ToLower(n.attrOr("type"))
	if n.tag != "input" {
		kind = n.tag
	}
	line := func(w float32, bs borderStyle, c color.NRGBA) {
		b := border{w: w, style: bs, color: c, set: true}
		s.border = [4]border{b, b, b, b}
	}
	pad := func(t, r, b, l float32) { s.padding = [4]length{px(t), px(r), px(b), px(l)} }
	switch kind {
	case "hidden":
		s.display = dispNone
	case "image":
		s.display = dispInline
	case "button", "submit", "reset", "color", "file":
		s.control, s.align, s.borderBox, s.bg = controlButton, alignCenter, true, controlFace
		line(2, borderOutset, black)
		pad(1, 6, 1, 6)
	case "checkbox", "radio":
		s.control, s.borderBox = controlCheck, true
		s.width, s.height = px(13), px(13)
		s.margin = [4]length{px(3), px(3), px(3), px(4)}
		if kind == "radio" {
			s.control, s.margin = controlRadio, [4]length{px(3), px(3), px(0), px(5)}
		}
	case "select":
		s.control, s.borderBox, s.bg, s.ws = controlSelect, true, controlFace, wsNowrap
		line(1, borderSolid, controlLine)
		pad(1, 18, 1, 4)
	case "textarea":
		s.control, s.bg, s.ws, s.hidden, s.breakWord = controlField, white, wsPreWrap, true, true
		s.families = []string{"monospace"}
		line(1, borderSolid, controlLine)
		pad(2, 2, 2, 2)
		s.width, s.height = px(attrNumber(n, "cols", 20)*8.02+15.6), px(attrNumber(n, "rows", 2)*15)
	case "range":
		s.control, s.borderBox, s.width, s.height = controlBar, true, px(129), px(16)
	default:
		s.control, s.bg, s.ws = controlField, white, wsNowrap
		line(2, borderInset, controlLine)
		pad(1, 2, 1, 2)
		s.width = px(attrNumber(n, "size", 20) * 8.45)
	}
}

func attrNumber(n *node, name string, def float32) float32 {
	if v, err := strconv.Atoi(strings.TrimSpace(n.attrOr(name))); err == nil && v > 0 {
		return float32(min(v, 500))
	}
	return def
}

// isPictureButton reports <input type=image>.
func isPictureButton(n *node) bool {
	return n.tag == "input" && strings.EqualFold(n.attrOr("type"), "image")
}

// controlText is what stands in a control that has no content of its own; gray for a placeholder.
func controlText(n *node) (text string, gray bool) {
	switch n.tag {
	case "button", "progress", "meter":
		return "", false
	case "select":
		return optionText(n), false
	case "textarea":
		if strings.TrimSpace(n.plain(10)) == "" {
			return n.attrOr("placeholder"), true
		}
		return "", false
	}
	v, ok := n.attr("value")
	switch kind := strings.ToLower(n.attrOr("type")); kind {
	case "checkbox", "radio", "image", "hidden", "range", "color":
		return "", false
	case "submit":
		if !ok {
			return "Submit", false
		}
	case "reset":
		if !ok {
			return "Reset", false
		}
	case "password":
		return strings.Repeat("•", min(50, len([]rune(v)))), false
	}
	if v == "" {
		return n.attrOr("placeholder"), true
	}
	return v, false
}

// optionText is the text of the option that is chosen: the one marked, else the first.
func optionText(n *node) string {
	var first *node
	stack := []*node{n}
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if c.tag == "option" {
			if _, ok := c.attr("selected"); ok {
				return strings.TrimSpace(c.plain(200))
			}
			if first == nil {
				first = c
			}
		}
		for i := len(c.children) - 1; i >= 0; i-- {
			stack = append(stack, c.children[i])
		}
	}
	if first == nil {
		return ""
	}
	return strings.TrimSpace(first.plain(200))
}

// controlContent fills the box of a control.
func (f *filler) controlContent(n *node) {
	text, gray := controlText(n)
	if text != "" {
		s := n.style.child()
		if gray {
			s.color = color.NRGBA{117, 117, 117, 255}
		}
		f.items = append(f.items, inlineItem{kind: itemOpen, s: &s, n: n}, inlineItem{kind: itemText, text: text, s: &s, n: n}, inlineItem{kind: itemClose, s: &s, n: n})
	} else if n.tag == "input" && n.style.control == controlField { // a line, for height and baseline
		f.items = append(f.items, inlineItem{kind: itemText, text: "\u200B", s: n.style, n: n})
	}
	switch n.tag {
	case "select", "progress", "meter":
	default:
		f.children(n)
	}
}

// centred moves the content of a control that is higher than it.
func (b *box) centred(end float32) {
	if b.s.control == controlCheck || b.s.control == controlRadio { // they stand on the baseline
		b.first, b.baseline = b.h, b.h
	}
	if b.s.control == controlButton || b.s.control == controlField && b.n.tag == "input" {
		b.shift = max(0, (b.h-b.p[bottom]-b.b[bottom]-end)/2)
		if b.first >= 0 {
			b.first += b.shift
			b.baseline += b.shift
		}
	}
}

// control paints a control as the system would; one that the author gave a look of its own is painted like any box.
func (r *recorder) control(b *box, x, y float32) {
	round := func(d float32) corners { return corners{{d, d}, {d, d}, {d, d}, {d, d}} }
	frame := func(rad float32, face, edge color.NRGBA) {
		r.add(op{kind: opFill, x: x, y: y, w: b.w, h: b.h, color: face, radius: round(rad)})
		e := border{w: 1, style: borderSolid, color: edge}
		r.border(&[4]border{e, e, e, e}, x, y, b.w, b.h, round(rad))
	}
	_, checked := b.n.attr("checked")
	switch b.s.control {
	case controlButton:
		frame(3, controlFace, controlLine)
	case controlSelect:
		frame(2, controlFace, controlLine)
		r.add(op{kind: opBullet, x: x + b.w - 13, y: y + b.h/2 - 2, w: 8, h: 5, color: black, bullet: bulletOpen})
	case controlField:
		frame(2, white, controlLine)
	case controlCheck:
		if !checked {
			frame(2, white, controlLine)
			break
		}
		frame(2, controlOn, controlOn)
		r.add(op{kind: opBullet, x: x + 2, y: y + 3, w: 9, h: 7, color: white, bullet: bulletTick})
	case controlRadio:
		edge := controlLine
		if checked {
			edge = controlOn
		}
		frame(b.w/2, white, edge)
		if checked {
			r.add(op{kind: opFill, x: x + 3, y: y + 3, w: b.w - 6, h: b.h - 6, color: controlOn, radius: round(b.w/2 - 3)})
		}
	case controlBar:
		v, err := strconv.ParseFloat(b.n.attrOr("value"), 32)
		top, terr := strconv.ParseFloat(b.n.attrOr("max"), 32)
		if terr != nil || top <= 0 {
			top = 1
		}
		frame(4, controlFace, controlLine)
		if err == nil && v > 0 {
			r.add(op{kind: opFill, x: x, y: y, w: b.w * float32(min(1, v/top)), h: b.h, color: controlOn, radius: round(4)})
		}
	}
}

// fieldset lays out the legend of a field set, which lies on its upper border.
func (l *layouter) fieldset(b *box) {
	cw := b.contentW()
	l.width(b.legend, cw, cw, true)
	l.block(b.legend, &floats{}, 0, 0)
	start, end := b.b[left]+b.p[left]+b.legend.m[left], b.w-b.b[right]-b.p[right]-b.legend.w-b.legend.m[right]
	switch v := strings.ToLower(b.legend.n.attrOr("align")); {
	case v == "center":
		b.legend.x = (start + end) / 2
	case v == "right", v != "left" && b.s.rtl:
		b.legend.x = end
	default:
		b.legend.x = start
	}
	b.b[top] = max(b.b[top], b.legend.h)
}
