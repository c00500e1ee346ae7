package kit

import (
	"math"
	"strings"
	"unicode/utf8"

	"peyk/internal/richtext"
	"peyk/internal/text"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// shape is how a field lays its text out.
type shape struct {
	style  Style
	dir    Direction
	width  float32 // of the view
	wrap   bool
	masked bool
	side   bool // on the side of the window, whatever the direction of the text
}

// laidOut is the layout of paragraph i with what stands around it, made when needed.
func (t *textField) laidOut(i int) paraLayout {
	p := &t.m.paras[i]
	base, f := t.baseOf(i), t.frameOf(i)
	fits := p.layout != nil && p.base == base && p.frame.indent == f.indent && !p.layout.Stale() && !t.turned(i)
	if fits && p.shown != nil && p.frame == f && p.shownLook == p.look {
		return p.shown
	}
	if !fits {
		t.layOut(i, base, f.indent)
	} else if long, ok := p.layout.(longPara); ok && p.shownLook != p.look { // it was edited in its place
		prm := long.Params()
		*long.spans = t.spansOf(i, prm.Style, prm.Width)
	}
	p.frame, p.shown, p.shownLook = f, p.layout, p.look
	if !f.plain() || p.look.pictured() {
		p.shown = newFramed(t, i, p.layout, f)
	}
	p.base, p.height = base, p.shown.Height()
	return p.shown
}

// layOut lays the text of paragraph i out.
func (t *textField) layOut(i int, base text.Direction, indent float32) {
	p := &t.m.paras[i]
	prm := t.paramsOf(i)
	prm.Direction = base
	prm.Align = text.AlignStart
	if t.shape.side {
		prm.Align = alignment(AlignStart)
	}
	prm.Width = max(1, t.shape.width-indent)
	shown := p.text
	if t.shape.masked {
		p.mask = strings.Repeat("•", utf8.RuneCountInString(p.text))
		shown = p.mask
	}
	switch {
	case t.shape.wrap && len(shown) > longFrom && !t.shape.masked:
		prm.Wrap = text.WrapWord
		p.layout = newLongPara(shown, t.spansOf(i, prm.Style, prm.Width), prm)
	case t.shape.wrap:
		prm.Wrap = text.WrapWord
		p.layout = shortPara{text.Default().Layout(shown, t.spansOf(i, prm.Style, prm.Width), prm)}
	default:
		prm.Width, prm.SingleLine = 0, true
		var spans []text.Span
		if ps := t.decorated(i); ps != nil {
			if shown, spans = t.pilled(i); len(ps.shown) > 0 {
				if prm.Direction = text.LTR; lang.RTL() { // things follow each other as they do in the window
					prm.Direction = text.RTL
				}
			}
		}
		prm.Width = max(t.shape.width, ceil(text.Default().Layout(shown, spans, prm).Width())+2)
		p.layout = shortPara{text.Default().Layout(shown, spans, prm)}
	}
}

// dirOf is the direction asked for paragraph i: its own, or the field's.
func (t *textField) dirOf(i int) Direction {
	if d := t.m.paras[i].dir; d != DirField {
		return d
	}
	return t.shape.dir
}

// baseOf is the base direction of paragraph i for the layout. One without a letter follows the paragraphs before it, so
// that the caret of a new line stands where its text is going to be; the first one follows the window, and the line over a signature that.
func (t *textField) baseOf(i int) text.Direction {
	switch {
	case t.shape.masked:
		return text.LTR
	case t.dirOf(i) != DirParagraph:
		return direction(t.dirOf(i))
	}
	if t.m.paras[i].text == richtext.SignatureMark && i+1 < len(t.m.paras) {
		i++
	}
	for k := i; k >= 0 && k > i-lookBack; k-- {
		p := &t.m.paras[k]
		if p.dir != DirField {
			return direction(p.dir)
		}
		if d := text.BaseDirection(p.text[:min(len(p.text), longFrom)]); d != text.Auto {
			return d
		}
	}
	if lang.RTL() {
		return text.RTL
	}
	return text.LTR
}

// lookBack bounds how far baseOf looks for a paragraph with a letter.
const lookBack = 50

// rtlOf reports whether paragraph i runs from right to left.
func (t *textField) rtlOf(i int) bool {
	switch b := t.baseOf(i); {
	case b == text.LTR || b == text.RTL:
		return b == text.RTL
	case t.m.paras[i].text == "":
		return lang.RTL()
	}
	return t.laidOut(i).RTL()
}

// forgetLayouts drops all layouts after a change of width, style or direction; heights are guessed until they are in view.
func (t *textField) forgetLayouts() {
	h := lineHeight(t.shape.style.Size)
	perLine := max(8, t.shape.width/(t.shape.style.Size*0.5))
	for i := range t.m.paras {
		p := &t.m.paras[i]
		p.layout, p.shown = nil, nil
		p.height = h
		if t.shape.wrap {
			p.height = h * float32(math.Ceil(math.Max(1, float64(utf8.RuneCountInString(p.text))/float64(perLine))))
		}
	}
}

// paraTop is where paragraph i begins, from the top of the text.
func (t *textField) paraTop(i int) float32 {
	y := float32(0)
	for k := range i {
		y += t.heightOf(k)
	}
	return y
}

func (t *textField) heightOf(i int) float32 {
	p := &t.m.paras[i]
	if p.height <= 0 {
		t.laidOut(i)
	}
	if long, ok := p.layout.(longPara); ok {
		p.height = long.Height() + p.frame.gap
	}
	return p.height
}

// paraAt is the paragraph at a height from the top of the text, and where it begins.
func (t *textField) paraAt(y float32) (i int, top float32) {
	for i := range t.m.paras {
		h := t.heightOf(i)
		if y < top+h || i == len(t.m.paras)-1 {
			return i, top
		}
		top += h
	}
	return 0, 0
}

// textHeight is the height of the whole text.
func (t *textField) textHeight() float32 { return t.paraTop(len(t.m.paras)) }

// settle lays out what is in view, so that what lies below it, and the caret, stand where they will be painted.
func (t *textField) settle() {
	if !t.multi || t.shape.width <= 1 {
		return
	}
	_, _, _, h := t.inner()
	i, top := t.paraAt(t.y)
	for y := top - t.y; i < len(t.m.paras) && y < h+bleed; i++ {
		l := t.laidOut(i)
		l.settle(-y, h+bleed-y)
		y += l.Height()
	}
}

// shownOffset is the offset in what is shown for an offset in the text; they differ in a password and behind pills.
func (t *textField) shownOffset(i, o int) int {
	if ps := t.m.paras[i].pills; ps != nil && !t.shape.masked {
		return ps.offset(o)
	}
	if !t.shape.masked {
		return o
	}
	return len("•") * utf8.RuneCountInString(t.m.paras[i].text[:o])
}

// realOffset turns shownOffset round.
func (t *textField) realOffset(i, o int) int {
	if ps := t.m.paras[i].pills; ps != nil && !t.shape.masked {
		return ps.real(o)
	}
	if !t.shape.masked {
		return o
	}
	n, s := o/len("•"), t.m.paras[i].text
	for k := range s {
		if n == 0 {
			return k
		}
		n--
	}
	return len(s)
}

// caretPos is a spot as a position of its layout.
func (t *textField) caretPos(a spot, side text.Affinity) text.Position {
	return text.Position{Offset: t.shownOffset(a.p, a.o), Affinity: side}
}

// caretRect is where the caret stands, from the left top corner of the text.
func (t *textField) caretRect() text.Rect {
	r := t.laidOut(t.m.caret.p).CaretRect(t.caretPos(t.m.caret, t.m.side))
	r.Y += t.paraTop(t.m.caret.p)
	return r
}

// hitTest is the place nearest to a point, from the left top corner of the text.
func (t *textField) hitTest(x, y float32) (spot, text.Affinity) {
	i, top := t.paraAt(y)
	pos := t.laidOut(i).HitTest(x, y-top)
	return spot{i, t.realOffset(i, pos.Offset)}, pos.Affinity
}

// colorOf is the colour role of paragraph i: quoted lines by their level.
func (t *textField) colorOf(i int) theme.Role {
	if t.rich && t.quoted(i) {
		return theme.Muted
	}
	if !t.quotes {
		return t.shape.style.Color
	}
	if n := quoteLevel(t.m.paras[i].text); n > 0 {
		return theme.Quote1 + theme.Role((n-1)%3)
	}
	return t.shape.style.Color
}
