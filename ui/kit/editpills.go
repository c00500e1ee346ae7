package kit

import (
	"image"

	"peyk/internal/text"
	"peyk/ui/theme"
)

// Pills: parts of the text of an Entry that are shown as one thing each, with words of their own (Span.Pill). In the text they stay
// what they are, so that it is copied, searched and undone as text. The caret passes over a pill in one step; to be changed it becomes
// text again: while something is typed at its end, by a click, or by Backspace or Delete beside it, which select it, so that the same key once
// more removes it. It is a pill again when the caret leaves it.

// pill is a part of a text that is shown as one.
type pill struct {
	start, end int // bytes of the text
	at         int // where pillRune stands for it, in what is shown
	label      *text.Layout
}

// pillRune is what a pill is in the text that is laid out: room for something, without a direction of its own.
const pillRune = "\ufffc"

// Measures of a pill, in units.
const (
	pillHeight = 20
	pillPad    = 9
	pillGap    = 1   // on both sides, beside the space between two of them
	pillMax    = 240 // for its words; what is longer ends in an ellipsis
	maxPills   = 64  // as many as there are bits in pills.open
)

// pills are those of a paragraph.
type pills struct {
	all   []Span // what stands out in the text, with those that are text at the moment
	shown []pill
	open  uint64 // those of all that the layout shows as text
}

// decorated are the pills of paragraph i, made when it is looked at for the first time since it was changed; nil: the text of this field has none.
func (t *textField) decorated(i int) *pills {
	if t.decor == nil || t.shape.masked {
		return nil
	}
	p := &t.m.paras[i]
	if p.pills == nil {
		all := t.decor(p.text)
		p.pills = &pills{all: all[:min(len(all), maxPills)]}
	}
	return p.pills
}

// opened are the pills that are text at the moment: one with the caret or the other end of the selection in it, and one that is written.
func (t *textField) opened(ps *pills) (open uint64) {
	caret, anchor := t.m.caret.o, t.m.anchor.o
	for k, s := range ps.all {
		within := s.Start < caret && caret < s.End || s.Start < anchor && anchor < s.End
		if within || t.writing && s.Start < caret && caret == s.End {
			open |= 1 << k
		}
	}
	return open
}

// turned reports whether the layout of a paragraph has pills where text is to be, or the other way around.
func (t *textField) turned(i int) bool {
	ps := t.decorated(i)
	return ps != nil && ps.open != t.opened(ps)
}

// pilled is what is laid out of paragraph i: its text with pillRune in place of each pill, and how that looks.
func (t *textField) pilled(i int) (string, []text.Span) {
	s, ps := t.m.paras[i].text, t.decorated(i)
	if ps == nil || len(ps.all) == 0 {
		return s, nil
	}
	ps.open, ps.shown = t.opened(ps), nil
	var out []byte
	var looks []Span
	var boxes []text.Span
	from := 0
	for k, sp := range ps.all {
		out = append(out, s[from:sp.Start]...)
		at := len(out)
		if ps.open&(1<<k) != 0 {
			out = append(out, s[sp.Start:sp.End]...)
			looks = append(looks, Span{Start: at, End: len(out), Color: theme.Accent})
		} else {
			l := pillLabel(sp.Pill)
			out = append(out, pillRune...)
			ps.shown = append(ps.shown, pill{sp.Start, sp.End, at, l})
			boxes = append(boxes, text.Span{Start: at, End: len(out), Style: text.Style{BoxW: ceil(l.Width()) + 2*(pillPad+pillGap)}})
		}
		from = sp.End
	}
	out = append(out, s[from:]...)
	return string(out), append(toSpans(looks, t.shape.style), boxes...)
}

// pillLabel lays the words of a pill out.
func pillLabel(words string) *text.Layout {
	p := Style{Size: theme.TextSmall, Weight: SemiBold}.params()
	p.SingleLine, p.Ellipsis = true, true
	l := text.Default().Layout(words, nil, p)
	if l.Width() > pillMax {
		p.Width = pillMax
		l = text.Default().Layout(words, nil, p)
	}
	return l
}

// offset is the offset in what is shown for an offset in the text of a paragraph; within a pill it is its start.
func (ps *pills) offset(o int) int {
	less := 0
	for _, p := range ps.shown {
		switch {
		case o >= p.end:
			less += p.end - p.start - len(pillRune)
		case o > p.start:
			return p.at
		}
	}
	return o - less
}

// real turns offset round.
func (ps *pills) real(o int) int {
	more := 0
	for _, p := range ps.shown {
		switch {
		case o >= p.at+len(pillRune):
			more += p.end - p.start - len(pillRune)
		case o > p.at:
			return p.end
		}
	}
	return o + more
}

// beside is the pill that ends where the caret is, or begins there.
func (t *textField) beside(forward bool) (pill, bool) {
	ps := t.decorated(t.m.caret.p)
	if ps == nil {
		return pill{}, false
	}
	t.laidOut(t.m.caret.p)
	for _, p := range ps.shown {
		if forward && p.start == t.m.caret.o || !forward && p.end == t.m.caret.o {
			return p, true
		}
	}
	return pill{}, false
}

// openPill makes text of the pill beside the caret, selected; it reports whether there is one.
func (t *textField) openPill(forward bool) bool {
	p, ok := t.beside(forward)
	if !ok || t.disabled {
		return false
	}
	at := t.m.caret.p
	t.moveTo(spot{at, p.end}, text.Upstream, false)
	t.m.anchor, t.writing = spot{at, p.start}, true
	t.reveal()
	t.repaint()
	return true
}

// pressPill makes text of the pill at a point of the text, and reports whether there is one.
func (t *textField) pressPill(x, y float32) bool {
	i, top := t.paraAt(y)
	ps := t.decorated(i)
	if ps == nil || t.disabled {
		return false
	}
	l := t.laidOut(i)
	from, to := t.m.selection()
	for _, p := range ps.shown {
		if !(spot{i, p.start}).before(from) && (spot{i, p.start}).before(to) {
			continue // the press is on the selection, which may be carried away
		}
		for _, r := range l.rects(p.at, p.at+len(pillRune), 0, l.Height()) {
			if x >= r.X && x < r.X+r.W && y-top >= r.Y && y-top < r.Y+r.H {
				t.moveTo(spot{i, p.end}, text.Upstream, false)
				t.writing = true
				t.reveal()
				return true
			}
		}
	}
	return false
}

// left notes that what is written is finished when the caret is no longer in it.
func (t *textField) left() {
	if !t.writing {
		return
	}
	t.writing = false
	if ps := t.decorated(t.m.caret.p); ps != nil {
		for _, s := range ps.all {
			t.writing = t.writing || s.Start < t.m.caret.o && t.m.caret.o <= s.End
		}
	}
}

// paintPills draws the pills of paragraph i, whose layout stands at pixel (x, y); those in the selection of p stand out.
func (v *fieldView) paintPills(img *image.RGBA, i int, l paraLayout, x, y float32, p text.Paint) {
	t := v.t
	ps := t.decorated(i)
	if ps == nil {
		return
	}
	tok := theme.Current()
	s := p.Scale
	for _, pl := range ps.shown {
		fill, ink := tok.AccentBG, tok.Accent
		switch {
		case p.SelStart <= pl.at && pl.at < p.SelEnd:
			fill, ink = tok.Accent, tok.OnAccent
		case t.disabled:
			fill, ink = tok.Chip, tok.Muted
		}
		for _, r := range l.rects(pl.at, pl.at+len(pillRune), 0, l.Height()) {
			top := y + (r.Y+(r.H-pillHeight)/2-nudge(t.shape.style.Size))*s
			fillPill(img, x+(r.X+pillGap)*s, top, (r.W-2*pillGap)*s, pillHeight*s, fill)
			pl.label.Draw(img, x+(r.X+pillGap+pillPad)*s, top+((pillHeight-pl.label.Height())/2+nudge(theme.TextSmall))*s, text.Paint{Scale: s, Color: ink})
		}
	}
}
