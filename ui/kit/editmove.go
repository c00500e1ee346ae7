package kit

import (
	"unicode/utf8"

	"peyk/internal/text"
)

// moveTo puts the caret somewhere; extend keeps the other end of the selection.
func (t *textField) moveTo(a spot, side text.Affinity, extend bool) {
	t.m.caret, t.m.side, t.pending = t.m.clamp(a), side, nil
	if !extend {
		t.m.anchor = t.m.caret
	}
	t.m.sealed = true
	t.left()
}

// horizontal moves by a grapheme or a word as the eye sees it.
func (t *textField) horizontal(left, word, extend bool) {
	m := &t.m
	m.goal = -1
	if m.hasSelection() && !extend && !word {
		from, to := m.selection()
		if left != t.rtlOf(m.caret.p) {
			t.moveTo(from, text.Downstream, false)
		} else {
			t.moveTo(to, text.Upstream, false)
		}
		return
	}
	l := t.laidOut(m.caret.p)
	at := t.caretPos(m.caret, m.side)
	to := at
	switch {
	case word && left:
		to = l.WordLeft(at)
	case word:
		to = l.WordRight(at)
	case left:
		to = l.MoveLeft(at)
	default:
		to = l.MoveRight(at)
	}
	if to != at {
		t.moveTo(spot{m.caret.p, t.realOffset(m.caret.p, to.Offset)}, to.Affinity, extend)
		return
	}
	if left == t.rtlOf(m.caret.p) { // the logical end of the paragraph: on to the next one
		if m.caret.p+1 < len(m.paras) {
			t.moveTo(spot{m.caret.p + 1, 0}, text.Downstream, extend)
		}
	} else if m.caret.p > 0 {
		t.moveTo(spot{m.caret.p - 1, len(m.paras[m.caret.p-1].text)}, text.Upstream, extend)
	}
}

// vertical moves by lines; it reports false at the first or last line.
func (t *textField) vertical(lines int, extend bool) bool {
	m := &t.m
	if m.goal < 0 {
		m.goal = t.caretRect().X
	}
	goal := m.goal
	defer func() { m.goal = goal }()
	down := lines > 0
	for n := max(lines, -lines); n > 0; n-- {
		one := -1
		if down {
			one = 1
		}
		l := t.laidOut(m.caret.p)
		if to, ok := l.MoveLines(t.caretPos(m.caret, m.side), one, goal); ok {
			t.moveTo(spot{m.caret.p, t.realOffset(m.caret.p, to.Offset)}, to.Affinity, extend)
			continue
		}
		next := m.caret.p + one
		if next < 0 || next >= len(m.paras) {
			return false
		}
		nl, y := t.laidOut(next), float32(0)
		if !down {
			y = nl.Height() - 1
		}
		to := nl.HitTest(goal, y)
		t.moveTo(spot{next, t.realOffset(next, to.Offset)}, to.Affinity, extend)
	}
	return true
}

// lineEdge moves to the start or the end of the line.
func (t *textField) lineEdge(end, extend bool) {
	t.m.goal = -1
	l := t.laidOut(t.m.caret.p)
	to := l.LineStart(t.caretPos(t.m.caret, t.m.side))
	if end {
		to = l.LineEnd(t.caretPos(t.m.caret, t.m.side))
	}
	t.moveTo(spot{t.m.caret.p, t.realOffset(t.m.caret.p, to.Offset)}, to.Affinity, extend)
}

// textEdge moves to the start or the end of the text.
func (t *textField) textEdge(end, extend bool) {
	t.m.goal = -1
	if end {
		t.moveTo(t.m.end(), text.Upstream, extend)
	} else {
		t.moveTo(spot{}, text.Downstream, extend)
	}
}

// neighbour is the place one grapheme or word before or after the caret, in logical order, for deleting.
func (t *textField) neighbour(forward, word bool) spot {
	m := &t.m
	a := m.caret
	if forward && a.o == len(m.paras[a.p].text) {
		if a.p+1 < len(m.paras) {
			return spot{a.p + 1, 0}
		}
		return a
	}
	if !forward && a.o == 0 {
		if a.p > 0 {
			return spot{a.p - 1, len(m.paras[a.p-1].text)}
		}
		return a
	}
	l, o := t.laidOut(a.p), t.shownOffset(a.p, a.o)
	switch {
	case t.shape.masked && word && forward:
		return m.end()
	case t.shape.masked && word:
		return spot{}
	case forward && word:
		o = l.NextWord(o)
	case forward:
		o = l.Next(o)
	case word:
		o = l.PrevWord(o)
	default:
		o = l.Prev(o)
	}
	return spot{a.p, t.realOffset(a.p, o)}
}

// erase deletes the selection, or one grapheme or word beside the caret.
func (t *textField) erase(forward, word bool) {
	m := &t.m
	from, to := m.selection()
	kind := stepOther
	if !m.hasSelection() {
		if !word && t.openPill(forward) {
			return
		}
		other := t.neighbour(forward, word)
		from, to = other, m.caret
		if forward {
			from, to = m.caret, other
		} else if !word {
			kind = stepErase
			from = t.lastMark(from, to)
		}
	}
	if from != to {
		t.edit(from, to, "", kind)
	}
}

// lastMark lets Backspace take a combining mark or a joiner alone, as writers of Persian and Arabic expect; a whole emoji
// or another cluster goes at once.
func (t *textField) lastMark(from, to spot) spot {
	if from.p != to.p || t.shape.masked {
		return from
	}
	s := t.m.paras[from.p].text[from.o:to.o]
	r, n := utf8.DecodeLastRuneInString(s)
	mark := r >= 0x064b && r <= 0x065f || r == 0x0670 || r == 0x200c || r >= 0x05b0 && r <= 0x05c7
	if mark && n < len(s) {
		return spot{from.p, to.o - n}
	}
	return from
}
