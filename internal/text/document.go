package text

import (
	"sort"
	"strings"
)

// Document is a long text that is edited: paragraphs are laid out one by one, when they are first seen, and an edit lays
// only the touched ones out again. Offsets are bytes of the whole text; separators are always "\n". Lengths are units from
// the left top corner of the document. It belongs to one goroutine.
type Document struct {
	e      *Engine
	params Params
	pars   []*docPar
	valid  int // start and top of pars[:valid] are right
	spans  func(paragraph string, offset int) []Span

	clock uint64 // stamps the use of layouts
	laid  int    // how many paragraphs hold a layout
	more  int    // LayoutSome goes on here
}

// docPar is one paragraph: its text without the separator, and what is known of its layout.
type docPar struct {
	text   string
	dir    Direction // Auto, or forced by SetDirection
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
	d := &Document{e: e, pars: []*docPar{{}}}
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
	d.params = p
	d.Invalidate()
}

// Params returns the parameters in use.
func (d *Document) Params() Params { return d.params }

// SetSpans sets the function that styles a paragraph; offset is where it starts, spans count from there. nil: no styles.
func (d *Document) SetSpans(f func(paragraph string, offset int) []Span) {
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
		if p := d.pars[i]; p.layout != nil {
			p.layout = nil
			d.laid--
		}
	}
}

func (d *Document) forget(p *docPar) {
	if p.layout != nil {
		p.layout = nil
		d.laid--
	}
	p.sized = false
	p.height = d.estimate(len(p.text))
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

// Normalise turns every kind of paragraph end into "\n", as the document stores it.
func Normalise(s string) string {
	if !strings.ContainsAny(s, "\r\u2029\u0085") {
		return s
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2029", "\n", "\u0085", "\n").Replace(s)
}

// SetText replaces everything.
func (d *Document) SetText(s string) {
	d.laid, d.valid, d.more = 0, 0, 0
	parts := strings.Split(Normalise(s), "\n")
	d.pars = make([]*docPar, len(parts))
	for i, t := range parts {
		d.pars[i] = &docPar{text: t, height: d.estimate(len(t))}
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
		b.WriteByte('\n')
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
		p.start, p.top = q.start+len(q.text)+1, q.top+float64(q.height)
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

// find is the index of the paragraph that holds byte offset o; its end belongs to it.
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
	s = Normalise(s)
	i, j := d.find(start), d.find(end)
	first, last := d.pars[i], d.pars[j]
	head, tail := first.text[:start-first.start], last.text[end-last.start:]
	done := start + len(s)
	d.valid, d.more = min(d.valid, i), min(d.more, i)
	for _, p := range d.pars[i : j+1] {
		if p.layout != nil {
			p.layout = nil
			d.laid--
		}
	}
	if !strings.Contains(s, "\n") {
		first.text = head + s + tail
		first.sized = false
		if i != j {
			d.pars = append(d.pars[:i+1], d.pars[j+1:]...)
			first.height = d.estimate(len(first.text))
		}
		return done
	}
	parts := strings.Split(s, "\n")
	parts[0] = head + parts[0]
	parts[len(parts)-1] += tail
	fresh := make([]*docPar, len(parts))
	for k, t := range parts {
		fresh[k] = &docPar{text: t, dir: first.dir, height: d.estimate(len(t))}
	}
	if len(fresh) > 1 && i != j {
		fresh[len(fresh)-1].dir = last.dir
	}
	rest := append(fresh, d.pars[j+1:]...)
	d.pars = append(d.pars[:i], rest...)
	return done
}

// SetDirection forces the base direction of the paragraphs that bytes [start, end] touch; Auto frees them.
func (d *Document) SetDirection(start, end int, dir Direction) {
	for i := d.find(d.clamp(start)); i < len(d.pars) && d.startOf(i) <= end; i++ {
		p := d.pars[i]
		if p.dir != dir {
			p.dir = dir
			if p.layout != nil {
				p.layout = nil
				d.laid--
			}
		}
	}
}

// Direction is the direction that SetDirection gave the paragraph at offset, and whether the paragraph runs from right to
// left.
func (d *Document) Direction(offset int) (forced Direction, rtl bool) {
	i := d.find(d.clamp(offset))
	return d.pars[i].dir, d.layoutOf(i).RTL()
}

// layoutOf lays paragraph i out unless that is done, and corrects its height.
func (d *Document) layoutOf(i int) *Layout {
	p := d.pars[i]
	d.clock++
	p.used = d.clock
	if p.layout != nil && !p.layout.Stale() {
		return p.layout
	}
	if p.layout == nil {
		d.laid++
	}
	p.layout = d.make(i)
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

// make lays paragraph i out. A paragraph without a direction of its own follows the one before it.
func (d *Document) make(i int) *Layout {
	p := d.pars[i]
	params := d.params
	switch {
	case p.dir != Auto:
		params.Direction = p.dir
	case params.Direction == Auto || params.Direction == AutoRTL:
		if BaseDirection(p.text) == Auto {
			if b := d.directionBefore(i); b != Auto {
				params.Direction = b
			}
		}
	}
	var spans []Span
	if d.spans != nil {
		spans = d.spans(p.text, d.startOf(i))
	}
	return d.e.layoutUncached(p.text, spans, params)
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
		if p.layout != nil && p.used <= limit {
			p.layout = nil
			d.laid--
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
		if !had && p.layout != nil { // the height was wanted, not the layout
			p.layout = nil
			d.laid--
		}
	}
	return false
}

// Height is the height of all paragraphs; those never seen count with an estimate.
func (d *Document) Height() float32 {
	last := len(d.pars) - 1
	return float32(d.topOf(last)) + d.pars[last].height
}

// NumParagraphs is the number of paragraphs, at least 1.
func (d *Document) NumParagraphs() int { return len(d.pars) }

// Paragraph is the bytes [start, end) of paragraph i, without its separator.
func (d *Document) Paragraph(i int) (start, end int) {
	s := d.startOf(i)
	return s, s + len(d.pars[i].text)
}

// ParagraphAt is the number of the paragraph at a byte offset.
func (d *Document) ParagraphAt(offset int) int { return d.find(d.clamp(offset)) }
