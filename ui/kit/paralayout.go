package kit

import (
	"image"
	"sort"

	"peyk/internal/text"
)

// paraLayout is one paragraph of a field laid out. Offsets are bytes of what is shown; y counts from its top.
type paraLayout interface {
	Height() float32
	RTL() bool
	Stale() bool
	Text() string
	Params() text.Params
	CaretRect(p text.Position) text.Rect
	HitTest(x, y float32) text.Position
	MoveLeft(p text.Position) text.Position
	MoveRight(p text.Position) text.Position
	WordLeft(p text.Position) text.Position
	WordRight(p text.Position) text.Position
	MoveLines(p text.Position, n int, goalX float32) (text.Position, bool)
	LineStart(p text.Position) text.Position
	LineEnd(p text.Position) text.Position
	Next(offset int) int
	Prev(offset int) int
	NextWord(offset int) int
	PrevWord(offset int) int
	WordAt(offset int) (start, end int)
	// rects are the rectangles of the bytes [start, end) between two heights.
	rects(start, end int, top, bottom float32) []text.Rect
	// settle makes heights exact between two heights.
	settle(top, bottom float32)
	paint(dst *image.RGBA, x, y float32, p text.Paint)
}

// shortPara is laid out as a whole.
type shortPara struct{ *text.Layout }

func (s shortPara) rects(start, end int, _, _ float32) []text.Rect {
	return s.SelectionRects(start, end)
}
func (s shortPara) settle(_, _ float32)                               {}
func (s shortPara) paint(dst *image.RGBA, x, y float32, p text.Paint) { s.Draw(dst, x, y, p) }

// longPara is laid out in blocks, so that a key costs the same wherever it falls and however long the paragraph is.
type longPara struct {
	*text.Document
	spans *[]text.Span // of the whole paragraph
}

// longFrom is the length in bytes from which a paragraph that wraps is kept in blocks.
const longFrom = 5000

func newLongPara(s string, spans []text.Span, p text.Params) longPara {
	l := longPara{text.NewDocument(text.Default(), p), &spans}
	l.SetText(s)
	l.SetSpans(l.part)
	return l
}

// part are the spans of a part of the paragraph.
func (l longPara) part(part string, offset int) []text.Span {
	all := *l.spans
	i := sort.Search(len(all), func(i int) bool { return all[i].End > offset })
	var out []text.Span
	for ; i < len(all) && all[i].Start < offset+len(part); i++ {
		s := all[i]
		s.Start, s.End = max(s.Start-offset, 0), min(s.End-offset, len(part))
		out = append(out, s)
	}
	return out
}

// Stale implements paraLayout: a Document sees by itself to fonts that became ready.
func (l longPara) Stale() bool { return false }

// RTL implements paraLayout; the direction of a long paragraph is always given.
func (l longPara) RTL() bool { return l.Params().Direction == text.RTL }

func (l longPara) rects(start, end int, top, bottom float32) []text.Rect {
	return l.SelectionRects(start, end, top, bottom)
}
func (l longPara) settle(top, bottom float32)                        { l.LayoutBetween(top, bottom) }
func (l longPara) paint(dst *image.RGBA, x, y float32, p text.Paint) { l.Draw(dst, x, y, p) }
