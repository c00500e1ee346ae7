package text

import (
	"sync"
	"unsafe"
)

// Layout is a text laid out: immutable, safe for concurrent use. All lengths are in units, independent of the scale of
// the screen; Draw takes the scale.
type Layout struct {
	engine     *Engine
	text       string
	params     Params
	generation uint64
	incomplete bool // a fallback font was wanted that is not loaded yet

	runes  []rune  // one for each character; invalid bytes are U+FFFD
	off    []int32 // byte offset of each rune and of the end; nil when every rune is one byte
	flags  []uint8 // segmentation at each rune and at the end: flagGrapheme, …
	styles []Style // resolved; runs refer to them
	spans  []styledRange
	paras  []para
	lines  []line
	width  float32
	height float32
	ascent float32

	wordsOnce sync.Once
	words     []bool
}

type styledRange struct {
	start, end int32 // runes
	style      int32
}

type para struct {
	start, end, sep int32 // runes: content is [start, end), the separator [end, sep)
	level           level
}

const (
	flagGrapheme uint8 = 1 << iota // a grapheme starts here
	flagBreak                      // a line may start here
	flagMust                       // a line must start here
	flagSpace                      // the rune is white space
	flagCluster                    // a shaped cluster starts here
)

// piece is a part of a run on a line, in visual order.
type piece struct {
	run        *run
	glyphs     []glyph
	start, end int32 // runes
	level      level
	x, w       float32 // x from the left edge of the layout
	ellipsis   bool
}

type line struct {
	start, end int32 // runes, without the separator
	next       int32 // where the next line starts
	para       int32
	pieces     []piece
	x, w       float32 // visible extent: trailing spaces hang outside
	top, h     float32
	base       float32 // baseline from the top of the layout
	cut        int32   // first hidden rune when truncated, else -1
}

// Text returns the text as it was given.
func (l *Layout) Text() string { return l.text }

// Params returns the parameters of the layout, with defaults filled in.
func (l *Layout) Params() Params { return l.params }

// Width is the extent of the longest line, at most a trailing space more than what is visible.
func (l *Layout) Width() float32 { return l.width }

// Height is the height of all lines.
func (l *Layout) Height() float32 { return l.height }

// Baseline is the distance from the top to the first baseline.
func (l *Layout) Baseline() float32 { return l.ascent }

// Stale reports that fallback fonts became ready which this layout lacks: lay the text out again.
func (l *Layout) Stale() bool { return l.incomplete && l.generation != l.engine.Generation() }

// Truncated reports whether an ellipsis stands for a part of the text.
func (l *Layout) Truncated() bool {
	for i := range l.lines {
		if l.lines[i].cut >= 0 {
			return true
		}
	}
	return false
}

// NumLines is the number of lines, at least 1.
func (l *Layout) NumLines() int { return len(l.lines) }

// Line describes line i.
func (l *Layout) Line(i int) LineInfo {
	ln := &l.lines[i]
	return LineInfo{
		Start: l.byteAt(ln.start), End: l.byteAt(ln.end),
		X: ln.x, Y: ln.top, Width: ln.w, Height: ln.h, Baseline: ln.base,
		RTL: l.paras[ln.para].level&1 == 1, Truncated: ln.cut >= 0,
	}
}

// RTL reports the base direction of the first paragraph.
func (l *Layout) RTL() bool { return len(l.paras) > 0 && l.paras[0].level&1 == 1 }

// byteAt converts a rune index to a byte offset.
func (l *Layout) byteAt(r int32) int {
	if l.off == nil {
		return int(r)
	}
	return int(l.off[r])
}

// runeAt converts a byte offset, clamped and rounded down to the start of a character, to a rune index.
func (l *Layout) runeAt(b int) int32 {
	b = max(0, min(b, len(l.text)))
	if l.off == nil {
		return int32(b)
	}
	lo, hi := 0, len(l.off)-1
	for lo < hi {
		m := (lo + hi + 1) / 2
		if int(l.off[m]) <= b {
			lo = m
		} else {
			hi = m - 1
		}
	}
	return int32(lo)
}

// LinkAt returns the link of the style at a byte offset, or "".
func (l *Layout) LinkAt(offset int) string {
	if offset < 0 || offset >= len(l.text) {
		return ""
	}
	return l.styles[l.styleIndex(l.runeAt(offset))].Link
}

// styleIndex finds the style of a rune; spans are sorted and do not overlap.
func (l *Layout) styleIndex(r int32) int32 {
	lo, hi := 0, len(l.spans)
	for lo < hi {
		m := (lo + hi) / 2
		if l.spans[m].end <= r {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(l.spans) && l.spans[lo].start <= r {
		return l.spans[lo].style
	}
	return 0
}

// bytes estimates the memory of the layout, for the cache's bound.
func (l *Layout) bytes() int {
	n := int(unsafe.Sizeof(*l)) + len(l.text) + 4*len(l.runes) + 4*len(l.off) + len(l.flags) + 64*len(l.styles)
	for i := range l.lines {
		n += int(unsafe.Sizeof(line{}))
		for _, p := range l.lines[i].pieces {
			n += int(unsafe.Sizeof(p)) + int(unsafe.Sizeof(run{})) + len(p.glyphs)*int(unsafe.Sizeof(glyph{}))
		}
	}
	return n
}
