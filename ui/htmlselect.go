package ui

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"peyk/ui/kit"
	"peyk/ui/model"
)

// htmlBody implements kit.Selectable. Offsets are positions of the view.

// at turns a place in the widget into one of the page.
func (b *htmlBody) at(p fyne.Position) (x, y float32) { return p.X / b.scale, p.Y / b.scale }

// Hit implements kit.Selectable.
func (b *htmlBody) Hit(p fyne.Position) int {
	if b.view == nil {
		return 0
	}
	return b.view.Position(b.at(p))
}

// WordAt implements kit.Selectable.
func (b *htmlBody) WordAt(off int) (start, end int) {
	if b.view == nil {
		return 0, 0
	}
	return b.view.WordAt(off)
}

// LineAt implements kit.Selectable: the paragraph.
func (b *htmlBody) LineAt(off int) (start, end int) {
	if b.view == nil {
		return 0, 0
	}
	return b.view.ParagraphAt(off)
}

// Slice implements kit.Selectable.
func (b *htmlBody) Slice(start, end int) string {
	if b.view == nil {
		return ""
	}
	return b.view.Text(start, end)
}

// Length implements kit.Selectable.
func (b *htmlBody) Length() int {
	if b.view == nil {
		return 0
	}
	return b.view.Len()
}

// LinkAt implements kit.Selectable.
func (b *htmlBody) LinkAt(p fyne.Position) (string, bool) {
	if b.view == nil {
		return "", false
	}
	url := b.view.LinkAt(b.at(p))
	return url, url != ""
}

// LinkTexts are the texts that the page shows under an address.
func (b *htmlBody) LinkTexts(url string) []string {
	if b.view == nil {
		return nil
	}
	return b.view.LinkTexts(url)
}

// Step implements kit.Selectable.
func (b *htmlBody) Step(off int, m kit.Motion) int {
	v := b.view
	if v == nil {
		return 0
	}
	forward := (m == kit.MoveRight || m == kit.MoveWordRight) != v.RTLAt(off)
	switch m {
	case kit.MoveLeft, kit.MoveRight:
		if forward {
			return v.Next(off)
		}
		return v.Prev(off)
	case kit.MoveWordLeft, kit.MoveWordRight:
		return b.stepWord(off, forward)
	case kit.MoveUp, kit.MoveDown:
		return b.stepLine(off, m == kit.MoveDown)
	case kit.MoveLineStart, kit.MoveLineEnd:
		start, end := v.ParagraphAt(off)
		if m == kit.MoveLineEnd {
			return max(start, end-1)
		}
		return start
	case kit.MoveTextStart:
		return 0
	}
	return v.Len()
}

// stepWord goes to the start of the next word or of the one before.
func (b *htmlBody) stepWord(off int, forward bool) int {
	runes := b.view.Runes()
	if forward {
		_, end := b.view.WordAt(off)
		for end < len(runes) && runes[end] <= ' ' {
			end++
		}
		return end
	}
	for off > 0 && runes[off-1] <= ' ' {
		off--
	}
	start, _ := b.view.WordAt(max(off-1, 0))
	return start
}

// stepLine goes to the nearest place of the line below or above.
func (b *htmlBody) stepLine(off int, down bool) int {
	c := b.view.Caret(off)
	for d := c.H * 0.6; d < c.H*12; d += c.H * 0.4 {
		y := c.Y - d + c.H*0.4
		if down {
			y = c.Y + c.H*0.6 + d
		}
		to := b.view.Position(c.X, y)
		if n := b.view.Caret(to); down && n.Y > c.Y+c.H/2 || !down && n.Y < c.Y-c.H/2 {
			return to
		}
	}
	if down {
		return b.view.Len()
	}
	return 0
}

// Place implements kit.Selectable.
func (b *htmlBody) Place(off int) (y, height float32) {
	if b.view == nil {
		return 0, 0
	}
	r := b.view.Caret(off)
	return r.Y * b.scale, r.H * b.scale
}

// Mark marks where a query stands and returns how many places there are.
func (b *htmlBody) Mark(query string) int {
	return b.markAll("text:"+query, func() [][2]int { return model.Find(b.view.Runes(), query) })
}

// markAll marks what find finds. The places are positions in the text, which no other width or zoom changes: what was asked for once is not
// looked for again with each layout, of which a page with pictures has many.
func (b *htmlBody) markAll(asked string, find func() [][2]int) int {
	b.mark = -1
	if b.view == nil {
		b.unmark()
	} else if asked != b.asked {
		b.marks, b.asked = find(), asked
	}
	b.Repaint()
	return len(b.marks)
}

// unmark forgets the marks: the text is another.
func (b *htmlBody) unmark() { b.marks, b.mark, b.asked = nil, -1, "" }

// LookAt distinguishes one of the marks and tells where it stands; -1 is none.
func (b *htmlBody) LookAt(i int) (y, height float32) {
	b.mark = i
	b.Repaint()
	if i < 0 || i >= len(b.marks) {
		return 0, 0
	}
	if b.view.Uncover(b.marks[i][0]) {
		b.Again()
	}
	return b.Place(b.marks[i][0])
}

// findIn lists where a query stands in a text, as bytes.
func findIn(text, query string) [][2]int {
	runes := []rune(text)
	found := model.Find(runes, query)
	at, i := 0, 0
	upTo := func(n int) int {
		for ; i < n; i++ {
			at += utf8.RuneLen(runes[i])
		}
		return at
	}
	for k, f := range found {
		found[k] = [2]int{upTo(f[0]), upTo(f[1])}
	}
	return found
}

// clicked opens or closes what a summary stands for, or stops a moving picture.
func (b *htmlBody) clicked(p fyne.Position) {
	if b.view == nil {
		return
	}
	if !b.view.Toggle(b.at(p)) {
		b.pauseAt(p)
		return
	}
	b.sel.Reset() // the places of the text become others
	b.unmark()
	b.Again()
}

// pointedAt reports whether a click at a point does something.
func (b *htmlBody) pointedAt(p fyne.Position) bool {
	b.touch()
	return b.view != nil && (b.view.SummaryAt(b.at(p)) || b.movesAt(p))
}
