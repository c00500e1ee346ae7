package kit

import (
	"peyk/internal/text"
)

// stepIn moves within one layout.
func stepIn(l *text.Layout, off int, m Motion) int {
	p := text.Position{Offset: off}
	switch m {
	case MoveLeft:
		p = l.MoveLeft(p)
	case MoveRight:
		p = l.MoveRight(p)
	case MoveWordLeft:
		p = l.WordLeft(p)
	case MoveWordRight:
		p = l.WordRight(p)
	case MoveUp, MoveDown:
		n := 1
		if m == MoveUp {
			n = -1
		}
		p, _ = l.MoveLines(p, n, l.CaretRect(p).X)
	case MoveLineStart:
		p = l.LineStart(p)
	case MoveLineEnd:
		p = l.LineEnd(p)
	case MoveTextStart:
		return 0
	case MoveTextEnd:
		return len(l.Text())
	}
	return p.Offset
}

// Step implements Selectable: within a paragraph by its layout, from its edges on to the next.
func (r *RichText) Step(off int, m Motion) int {
	switch {
	case m == MoveTextStart:
		return 0
	case m == MoveTextEnd || len(r.paras) == 0:
		return len(r.text)
	}
	p := r.para(off)
	if p.layout == nil {
		return off
	}
	in := r.inPara(p, off)
	to := stepIn(p.layout, in, m)
	forward := m == MoveDown || m == MoveRight != p.layout.RTL() && (m == MoveRight || m == MoveLeft) ||
		m == MoveWordRight != p.layout.RTL() && (m == MoveWordRight || m == MoveWordLeft)
	switch {
	case p.folded || to == in || (m == MoveUp || m == MoveDown) && r.lineOf(p, to) == r.lineOf(p, in):
		switch {
		case m == MoveLineStart, m == MoveLineEnd:
			return off
		case forward:
			return min(p.end+1, len(r.text))
		}
		return max(p.start-1, 0)
	}
	return p.start + p.skip + to
}

func (r *RichText) lineOf(p *richPara, in int) int { return p.layout.LineAt(text.Position{Offset: in}) }

// Place implements Selectable.
func (r *RichText) Place(off int) (y, height float32) {
	if len(r.paras) == 0 {
		return 0, 0
	}
	p := r.para(off)
	if p.layout == nil || p.folded {
		return p.top, p.height
	}
	c := p.layout.CaretRect(text.Position{Offset: r.inPara(p, off)})
	return p.top + c.Y, c.H
}
