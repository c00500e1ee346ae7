package text

import "github.com/rivo/uniseg"

// Next is the grapheme boundary after offset, Prev the one before it (UAX #29).
func (l *Layout) Next(offset int) int {
	r := l.runeAt(offset)
	for r++; r < int32(len(l.runes)) && l.flags[r]&flagGrapheme == 0; r++ {
	}
	return l.byteAt(min(r, int32(len(l.runes))))
}

// Prev is the grapheme boundary before offset.
func (l *Layout) Prev(offset int) int {
	r := l.runeAt(offset)
	if l.byteAt(r) < offset { // inside a character
		r++
	}
	return l.byteAt(l.snap(r - 1))
}

// MoveLeft is the caret one grapheme to the left of p, as the eye sees it; at the edge of a line it goes on on the line
// before (left-to-right paragraphs) or after (right-to-left ones).
func (l *Layout) MoveLeft(p Position) Position { return l.moveVisual(p, -1) }

// MoveRight is the caret one grapheme to the right of p.
func (l *Layout) MoveRight(p Position) Position { return l.moveVisual(p, 1) }

// slotOf finds between which cells a caret stands: slot k is left of cell k.
func slotOf(cells []cell, r int32, a Affinity) int {
	before, after := -1, -1
	for i := range cells {
		if c := &cells[i]; c.start <= r && r < c.end {
			after = i
		} else if c.end == r {
			before = i
		}
	}
	switch {
	case after >= 0 && (a == Downstream || before < 0):
		if cells[after].rtl {
			return after + 1
		}
		return after
	case before >= 0:
		if cells[before].rtl {
			return before
		}
		return before + 1
	}
	return 0
}

func (l *Layout) moveVisual(p Position, dir int) Position {
	r := l.snap(l.runeAt(p.Offset))
	i := l.lineOf(r, p.Affinity)
	ln := &l.lines[i]
	cells := l.cells(ln)
	slot := slotOf(cells, r, p.Affinity)
	if c := passCells(cells, slot, dir); c != nil {
		if (dir > 0) == c.rtl {
			return Position{l.byteAt(c.start), Downstream}
		}
		if c.end == ln.end && l.softEnd(i) { // passed the last character of a broken line: on to the next line
			return Position{l.byteAt(c.end), Downstream}
		}
		return Position{l.byteAt(c.end), Upstream}
	}
	rtl := l.paras[ln.para].level&1 == 1
	if (dir > 0) == rtl { // towards the start of the paragraph
		if i == 0 {
			return p
		}
		q := l.LineEnd(Position{l.byteAt(l.lines[i-1].start), Downstream})
		if l.softEnd(i - 1) { // the end of that line is the place where the caret already is
			return l.moveVisual(q, dir)
		}
		return q
	}
	if i+1 >= len(l.lines) {
		return p
	}
	q := Position{l.byteAt(l.lines[i+1].start), Downstream}
	if l.softEnd(i) && p.Affinity == Upstream && r == ln.end {
		return l.moveVisual(q, dir)
	}
	return q
}

// softEnd reports whether line i was broken for want of room: its end and the start of the next line are one offset.
func (l *Layout) softEnd(i int) bool {
	return i+1 < len(l.lines) && l.lines[i].next == l.lines[i].end && l.lines[i].end > l.lines[i].start
}

// passCells finds the last cell that a caret at slot passes on its way by one step: invisible graphemes (a lone ZWNJ, a
// direction mark) are passed together with a visible one. nil at the edge.
func passCells(cells []cell, slot, dir int) *cell {
	at := slot // the cell that is passed next
	if dir < 0 {
		at--
	}
	hidden := func(i int) bool { return cells[i].x1-cells[i].x0 <= 0.01 }
	inside := func(i int) bool { return i >= 0 && i < len(cells) }
	if !inside(at) {
		return nil
	}
	for inside(at+dir) && hidden(at) {
		at += dir
	}
	last := at
	for inside(last+dir) && hidden(last+dir) {
		last += dir
	}
	if !inside(last + dir) { // only invisible ones are left: go to the edge at once
		at = last
	}
	return &cells[at]
}

// LineStart is the first position of the line of p, LineEnd the last, in logical order.
func (l *Layout) LineStart(p Position) Position {
	ln := &l.lines[l.LineAt(p)]
	return Position{l.byteAt(ln.start), Downstream}
}

// LineEnd is the last position of the line of p.
func (l *Layout) LineEnd(p Position) Position {
	ln := &l.lines[l.LineAt(p)]
	if ln.end == ln.start {
		return Position{l.byteAt(ln.end), Downstream}
	}
	return Position{l.byteAt(ln.end), Upstream}
}

// MoveLines moves the caret n lines down (up when negative), to the place nearest to goalX. It reports false, and the
// start or end of the text, when there are not so many lines.
func (l *Layout) MoveLines(p Position, n int, goalX float32) (Position, bool) {
	i := l.LineAt(p) + n
	if i < 0 {
		return Position{0, Downstream}, false
	}
	if i >= len(l.lines) {
		return Position{len(l.text), Upstream}, false
	}
	return l.hitLine(i, goalX), true
}

// MovePage moves the caret by the lines that fit in height (at least one), less one so that a line stays in view.
func (l *Layout) MovePage(p Position, down bool, height, goalX float32) (Position, bool) {
	i := l.LineAt(p)
	at := l.lines[i].top
	n := 0
	for {
		k := n + 1
		if !down {
			k = n - 1
		}
		if j := i + k; j < 0 || j >= len(l.lines) || abs(l.lines[j].top-at) > height-l.lines[i].h && n != 0 {
			break
		}
		n = k
	}
	if n == 0 {
		n = 1
		if !down {
			n = -1
		}
	}
	return l.MoveLines(p, n, goalX)
}

func abs(f float32) float32 {
	if f < 0 {
		return -f
	}
	return f
}

// wordFlags marks the word boundaries of UAX #29 by rune, computed when first asked for.
func (l *Layout) wordFlags() []bool {
	l.wordsOnce.Do(func() { l.words = wordBoundaries(l.text, len(l.runes)) })
	return l.words
}

// wordBoundaries marks, for each of n characters of s and the end, whether a word boundary stands before it.
func wordBoundaries(s string, n int) []bool {
	out := make([]bool, n+1)
	out[0] = true
	r, state := 0, -1
	for rest := s; rest != ""; {
		var word string
		word, rest, state = uniseg.FirstWordInString(rest, state)
		for range word {
			r++
		}
		if r <= n {
			out[r] = true
		}
	}
	out[n] = true
	return out
}

// WordAt is the word (or the stretch between words) around a byte offset, for a double click.
func (l *Layout) WordAt(offset int) (start, end int) {
	words := l.wordFlags()
	n := int32(len(l.runes))
	r := min(l.runeAt(offset), max(0, n-1))
	a, b := r, r+1
	for a > 0 && !words[a] {
		a--
	}
	for b < n && !words[b] {
		b++
	}
	return l.byteAt(a), l.byteAt(min(b, n))
}

// NextWord is the start of the next word after offset, or the end of its paragraph before that of the text.
func (l *Layout) NextWord(offset int) int {
	words := l.wordFlags()
	n := int32(len(l.runes))
	r := l.runeAt(offset)
	for r++; r < n; r++ {
		if words[r] && (!isSpace(l.runes[r]) || isSeparator(l.runes[r])) {
			break
		}
	}
	return l.byteAt(min(r, n))
}

// PrevWord is the start of the word before offset.
func (l *Layout) PrevWord(offset int) int {
	words := l.wordFlags()
	r := l.runeAt(offset)
	for r--; r > 0; r-- {
		if words[r] && !isSpace(l.runes[r]) {
			break
		}
	}
	return l.byteAt(max(r, 0))
}

// WordLeft and WordRight move by a word as the eye sees it: the paragraph's direction says which way is forward.
func (l *Layout) WordLeft(p Position) Position { return l.wordVisual(p, true) }

// WordRight moves one word to the right.
func (l *Layout) WordRight(p Position) Position { return l.wordVisual(p, false) }

func (l *Layout) wordVisual(p Position, left bool) Position {
	rtl := l.paras[l.lines[l.LineAt(p)].para].level&1 == 1
	if left == rtl {
		return Position{l.NextWord(p.Offset), Downstream}
	}
	return Position{l.PrevWord(p.Offset), Downstream}
}
