package htmlview

import (
	"sort"
	"unicode"
)

// Runes is the text of the view with its marks for pictures (U+FFFC) and directional controls: positions are indexes into
// it. It is not to be changed.
func (v *View) Runes() []rune { return v.text }

// WordAt is the word, or the stretch between words, around a position.
func (v *View) WordAt(pos int) (start, end int) {
	n := len(v.text)
	if n == 0 {
		return 0, 0
	}
	pos = max(0, min(pos, n-1))
	k := kindOf(v.text[pos])
	for start = pos; start > 0 && kindOf(v.text[start-1]) == k; start-- {
	}
	for end = pos + 1; end < n && kindOf(v.text[end]) == k; end++ {
	}
	return start, end
}

// runeKind tells words from what is between them.
type runeKind uint8

const (
	kindSpace runeKind = iota
	kindBreak
	kindWord
	kindMark
)

func kindOf(r rune) runeKind {
	switch {
	case r == '\n':
		return kindBreak
	case r == 0x200C || r == 0x200D || r == '_' || r == '\'' || r == 0x2019 || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		return kindWord
	case unicode.IsSpace(r) || r == 0xFFFC:
		return kindSpace
	}
	return kindMark
}

// ParagraphAt is the paragraph around a position, its line feed included.
func (v *View) ParagraphAt(pos int) (start, end int) {
	n := len(v.text)
	pos = max(0, min(pos, n))
	for start = pos; start > 0 && v.text[start-1] != '\n'; start-- {
	}
	for end = pos; end < n && v.text[end] != '\n'; end++ {
	}
	return start, min(end+1, n)
}

// inOrder lists the runs in the order of the text; they are recorded in the order of the lines.
func (v *View) inOrder() []int32 {
	v.orderOnce.Do(func() {
		v.order = make([]int32, len(v.runs))
		for i := range v.order {
			v.order[i] = int32(i)
		}
		sort.SliceStable(v.order, func(a, b int) bool { return v.runs[v.order[a]].at < v.runs[v.order[b]].at })
	})
	return v.order
}

// firstRun is the first of the ordered runs that may hold a position.
func (v *View) firstRun(order []int32, pos int) int {
	i := sort.Search(len(order), func(i int) bool { return v.runs[order[i]].at > pos }) - 1
	return max(i, 0)
}

// runAt finds the run that holds a position, or the last one before it; -1: there is none.
func (v *View) runAt(pos int) int {
	order := v.inOrder()
	if len(order) == 0 {
		return -1
	}
	return int(order[v.firstRun(order, pos)])
}

// Caret is where a caret before a position stands: no width, as high as its line.
func (v *View) Caret(pos int) Rect {
	i := v.runAt(pos)
	if i < 0 {
		return Rect{}
	}
	r := &v.runs[i]
	n := r.piece.End - r.piece.Start
	k := max(0, min(pos-r.at, n))
	return Rect{(r.x + r.piece.X(r.piece.Start+k)) * v.zoom, r.y * v.zoom, 0, r.h * v.zoom}
}

// RTLAt reports whether the text at a position runs from right to left.
func (v *View) RTLAt(pos int) bool {
	i := v.runAt(pos)
	return i >= 0 && v.runs[i].piece.RTL
}

// Next and Prev are the places for a caret after and before a position: marks and joiners go with their letter.
func (v *View) Next(pos int) int {
	for pos++; pos < len(v.text) && goesWith(v.text[pos]); pos++ {
	}
	return min(pos, len(v.text))
}

// Prev is the place before a position.
func (v *View) Prev(pos int) int {
	for pos--; pos > 0 && goesWith(v.text[pos]); pos-- {
	}
	return max(pos, 0)
}

func goesWith(r rune) bool {
	return unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || r == 0x200C || r == 0x200D || r >= 0xFE00 && r <= 0xFE0F ||
		r >= 0x1F3FB && r <= 0x1F3FF || r >= 0x2066 && r <= 0x2069 || r >= 0x202A && r <= 0x202E
}

// Extent is how far to the right the view's content reaches, in units; more than the layout's width for mails made for a
// wider window.
func (v *View) Extent() float32 {
	x := v.width
	for i := range v.ops {
		o := &v.ops[i]
		if o.kind == opShadow || o.alpha <= 0 || o.kind != opImage && o.kind != opText && o.color.A == 0 {
			continue
		}
		r := o.x + o.w
		if o.clip != nil {
			r = min(r, o.clip.x1)
		}
		x = max(x, r)
	}
	return x * v.zoom
}

// Overhang is how far content reaches beyond the left edge, in units: what runs from right to left and is wider than the layout. What lies
// wholly beyond it was put there to be hidden, and does not count.
func (v *View) Overhang() float32 {
	x := float32(0)
	for i := range v.ops {
		o := &v.ops[i]
		if o.kind == opShadow || o.alpha <= 0 || o.kind != opImage && o.kind != opText && o.kind != opBorder && o.color.A == 0 || o.x+o.w <= 0 || o.clip != nil && o.clip.x0 >= 0 {
			continue
		}
		x = min(x, o.x)
	}
	return -x * v.zoom
}
