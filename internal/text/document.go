package text

import (
	"sort"
	"strings"
)

// Document is a long text that is edited: paragraphs are laid out one by one, when they are first seen, and an edit lays
// only the touched ones out again. Very long paragraphs are kept in blocks that end where lines end (flow.go). Offsets are
// bytes of the whole text; separators are always "\n". Lengths are units from the left top corner of the document. It
// belongs to one goroutine.
type Document struct {
	e      *Engine
	params Params
	pars   []*block
	valid  int // start and top of pars[:valid] are right
	spans  func(part string, offset int) []Span

	clock uint64 // stamps the use of layouts
	laid  int    // how many paragraphs hold a layout
	more  int    // LayoutSome goes on here
}

// block is one paragraph, or a part of a very long one: its text without the separator, and what is known of its layout.
type block struct {
	text   string
	cont   bool      // goes on with the paragraph of the block before, without a separator
	flowed bool      // its end is the end of a line; meaningful when the next block is a continuation
	dir    Direction // Auto, or forced by SetDirection; counts in the first block of a paragraph
	start  int
	top    float64 // float64: a million lines must not blur
	height float32 // estimated until sized
	sized  bool
	layout *Layout
	used   uint64
}

// keepLayouts bounds the paragraphs that hold a layout; a screen shows fewer.
const keepLayouts = 300

// NewDocument returns an empty document. Params.MaxLines, Ellipsis and SingleLine are not used; a Direction other than
// Auto is the base of all paragraphs without one of their own.
func NewDocument(e *Engine, p Params) *Document {
	d := &Document{e: e, pars: []*block{{}}}
	d.SetParams(p)
	return d
}

// SetParams changes width, style and so on; everything is laid out again when it is next seen.
func (d *Document) SetParams(p Params) {
	p.MaxLines, p.Ellipsis, p.SingleLine = 0, false, false
	p = p.normal()
	if p == d.params {
		return
	}
	wrapped := d.wraps()
	d.params = p
	if d.wraps() != wrapped {
		d.resplit()
	}
	d.Invalidate()
}

// Params returns the parameters in use.
func (d *Document) Params() Params { return d.params }

// SetSpans sets the function that styles a paragraph, or a part of a very long one; offset is where it starts, spans count
// from there. nil: no styles.
func (d *Document) SetSpans(f func(part string, offset int) []Span) {
	d.spans = f
	d.Invalidate()
}

// Invalidate forgets all layouts: after a change of fonts (Engine.OnChange) or of what SetSpans answers.
func (d *Document) Invalidate() {
	for _, p := range d.pars {
		d.forget(p)
	}
	d.valid, d.more = 0, 0
}

// InvalidateRange forgets the layouts of the paragraphs that bytes [start, end] touch: their spans changed.
func (d *Document) InvalidateRange(start, end int) {
	for i := d.find(start); i < len(d.pars) && d.startOf(i) <= end; i++ {
		d.drop(d.pars[i])
		d.pars[i].flowed = false
	}
}

func (d *Document) forget(p *block) {
	d.drop(p)
	p.sized, p.flowed = false, false
	p.height = d.estimate(len(p.text))
}

// drop forgets the layout of a block, but not its height.
func (d *Document) drop(p *block) {
	if p.layout != nil {
		p.layout = nil
		d.laid--
	}
}

// estimate guesses the height of a paragraph that was never laid out.
func (d *Document) estimate(bytes int) float32 {
	h := d.params.LineHeight
	if h <= 0 {
		h = ceil(d.params.Size * 1.6)
	}
	if d.params.Width <= 0 || d.params.Wrap == NoWrap {
		return h
	}
	perLine := max(1, d.params.Width/(d.params.Size*0.5))
	return h * ceil(max(1, float32(bytes)/1.4/perLine))
}

// normalise turns every kind of paragraph end into "\n", as the document stores it.
func normalise(s string) string {
	if !strings.ContainsAny(s, "\r\u2029\u0085") {
		return s
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2029", "\n", "\u0085", "\n").Replace(s)
}

// SetText replaces everything.
func (d *Document) SetText(s string) {
	d.laid, d.valid, d.more = 0, 0, 0
	d.pars = nil
	for _, t := range strings.Split(normalise(s), "\n") {
		d.pars = append(d.pars, d.split(t, Auto, false)...)
	}
}

// Text joins the paragraphs.
func (d *Document) Text() string { return d.Slice(0, d.Len()) }

// Slice is the text of the bytes [start, end).
func (d *Document) Slice(start, end int) string {
	start, end = d.clamp(start), d.clamp(end)
	if start >= end {
		return ""
	}
	i := d.find(start)
	p := d.pars[i]
	from := start - p.start
	if end <= p.start+len(p.text) {
		return p.text[from : end-p.start]
	}
	var b strings.Builder
	b.Grow(end - start)
	b.WriteString(p.text[from:])
	for i++; i < len(d.pars) && b.Len() < end-start; i++ {
		if !d.pars[i].cont {
			b.WriteByte('\n')
		}
		t := d.pars[i].text
		b.WriteString(t[:min(len(t), end-start-b.Len())])
	}
	return b.String()
}

// Len is the length of the text in bytes.
func (d *Document) Len() int {
	last := len(d.pars) - 1
	return d.startOf(last) + len(d.pars[last].text)
}

func (d *Document) clamp(o int) int { return max(0, min(o, d.Len())) }

// validate brings start and top up to date for the paragraphs up to i.
func (d *Document) validate(i int) {
	for ; d.valid <= i; d.valid++ {
		p := d.pars[d.valid]
		if d.valid == 0 {
			p.start, p.top = 0, 0
			continue
		}
		q := d.pars[d.valid-1]
		p.start, p.top = q.start+len(q.text), q.top+float64(q.height)
		if !p.cont {
			p.start++
		}
	}
}

func (d *Document) startOf(i int) int {
	d.validate(i)
	return d.pars[i].start
}

func (d *Document) topOf(i int) float64 {
	d.validate(i)
	return d.pars[i].top
}

// find is the index of the block that holds byte offset o; the end of a paragraph belongs to it, that of a block that goes
// on to the next one.
func (d *Document) find(o int) int {
	if d.valid > 0 && o < d.pars[d.valid-1].start {
		return sort.Search(d.valid, func(i int) bool { return d.pars[i].start > o }) - 1
	}
	d.validate(len(d.pars) - 1)
	return max(0, sort.Search(len(d.pars), func(i int) bool { return d.pars[i].start > o })-1)
}

// findY is the index of the paragraph at y.
func (d *Document) findY(y float32) int {
	d.validate(len(d.pars) - 1)
	return max(0, sort.Search(len(d.pars), func(i int) bool { return d.pars[i].top > float64(y) })-1)
}

// Replace puts s in the place of the bytes [start, end) and returns the offset after what was put in (s is normalised).
// Paragraphs keep their forced direction; a new one takes that of the paragraph it was split from.
func (d *Document) Replace(start, end int, s string) int {
	start, end = d.clamp(start), d.clamp(end)
	if start > end {
		start, end = end, start
	}
	s = normalise(s)
	i, j := d.find(start), d.find(end)
	first, last := d.pars[i], d.pars[j]
	head, tail := first.text[:start-first.start], last.text[end-last.start:]
	dir, lastDir := d.pars[d.headOf(i)].dir, d.pars[d.headOf(j)].dir
	d.valid, d.more = min(d.valid, i), min(d.more, max(0, i-1))
	if first.cont {
		d.pars[i-1].flowed, d.pars[i-1].sized = false, false // a word may now fit on its last line
	}
	for _, p := range d.pars[i : j+1] {
		d.drop(p)
	}
	if whole := head + s + tail; !strings.Contains(s, "\n") && len(whole) <= 3*blockSize {
		if i != j {
			first.height = d.estimate(len(whole))
		}
		first.text, first.sized, first.flowed = whole, false, false
		next := i + 1
		if whole == "" && first.cont {
			next = i
		}
		d.pars = append(d.pars[:next], d.pars[j+1:]...)
		return start + len(s)
	}
	parts := strings.Split(s, "\n")
	parts[0] = head + parts[0]
	parts[len(parts)-1] += tail
	var fresh []*block
	for k, t := range parts {
		if k > 0 && k == len(parts)-1 && i != j {
			dir = lastDir
		}
		fresh = append(fresh, d.split(t, dir, k == 0 && first.cont)...)
	}
	d.pars = append(d.pars[:i], append(fresh, d.pars[j+1:]...)...)
	return start + len(s)
}

// SetDirection forces the base direction of the paragraphs that bytes [start, end] touch; Auto frees them.
func (d *Document) SetDirection(start, end int, dir Direction) {
	for i := d.headOf(d.find(d.clamp(start))); i < len(d.pars) && (d.pars[i].cont || d.startOf(i) <= end); i++ {
		if p := d.pars[i]; !p.cont {
			p.dir = dir
		}
		d.drop(d.pars[i])
	}
}

// Direction is the direction that SetDirection gave the paragraph at offset, and whether the paragraph runs from right to
// left.
func (d *Document) Direction(offset int) (forced Direction, rtl bool) {
	i := d.find(d.clamp(offset))
	return d.pars[d.headOf(i)].dir, d.layoutOf(i).RTL()
}

// layoutOf lays block i out unless that is done, lets its end be the end of a line, and corrects its height.
func (d *Document) layoutOf(i int) *Layout {
	p := d.pars[i]
	d.clock++
	p.used = d.clock
	if p.layout != nil && p.layout.Stale() {
		d.drop(p)
	}
	if p.layout != nil && (p.flowed || !d.goesOn(i)) {
		return p.layout
	}
	if p.layout == nil {
		d.keep(p, d.make(i, p.text))
	}
	if d.goesOn(i) && !p.flowed {
		d.flow(i)
	}
	if h := p.layout.Height(); h != p.height {
		p.height = h
		d.valid = min(d.valid, i+1)
	}
	p.sized = true
	if d.laid > keepLayouts {
		d.trim()
	}
	return p.layout
}

func (d *Document) keep(p *block, l *Layout) {
	if p.layout == nil {
		d.laid++
	}
	p.layout = l
}

// make lays out a text as block i. A paragraph without a direction of its own follows the one before it.
func (d *Document) make(i int, s string) *Layout {
	h := d.headOf(i)
	head := d.pars[h]
	params := d.params
	switch {
	case head.dir != Auto:
		params.Direction = head.dir
	case params.Direction == Auto || params.Direction == AutoRTL:
		b := BaseDirection(head.text)
		if b == Auto {
			b = d.directionBefore(h)
		}
		if b != Auto {
			params.Direction = b
		}
	}
	var spans []Span
	if d.spans != nil {
		spans = d.spans(s, d.startOf(i))
	}
	return d.e.layoutUncached(s, spans, params)
}

// directionBefore looks back, not too far, for a paragraph with a direction.
func (d *Document) directionBefore(i int) Direction {
	for k := i - 1; k >= 0 && k >= i-50; k-- {
		if d.pars[k].dir == LTR || d.pars[k].dir == RTL {
			return d.pars[k].dir
		}
		if b := BaseDirection(d.pars[k].text); b != Auto {
			return b
		}
	}
	return Auto
}

// trim drops the older half of the layouts.
func (d *Document) trim() {
	limit := d.clock - min(d.clock, keepLayouts/2)
	for _, p := range d.pars {
		if p.used <= limit {
			d.drop(p)
		}
	}
}

// LayoutSome finds the true heights of up to n paragraphs that were never seen, so that Height becomes exact; for idle
// moments. It reports whether there is more to do.
func (d *Document) LayoutSome(n int) (more bool) {
	for ; d.more < len(d.pars); d.more++ {
		p := d.pars[d.more]
		if p.sized {
			continue
		}
		if n--; n < 0 {
			return true
		}
		had := p.layout != nil
		d.layoutOf(d.more)
		if !had { // the height was wanted, not the layout
			d.drop(p)
		}
	}
	return false
}

// LayoutBetween finds the true heights of the paragraphs between two heights, as Draw does for what it paints.
func (d *Document) LayoutBetween(top, bottom float32) {
	for i := d.findY(top); i < len(d.pars) && float32(d.topOf(i)) < bottom; i++ {
		d.layoutOf(i)
	}
}

// Height is the height of all paragraphs; those never seen count with an estimate.
func (d *Document) Height() float32 {
	last := len(d.pars) - 1
	return float32(d.topOf(last)) + d.pars[last].height
}

// ParagraphAt is the bytes [start, end) of the paragraph at a byte offset, without its separator.
func (d *Document) ParagraphAt(offset int) (start, end int) {
	i := d.find(d.clamp(offset))
	last := i
	for d.goesOn(last) {
		last++
	}
	return d.startOf(d.headOf(i)), d.startOf(last) + len(d.pars[last].text)
}
