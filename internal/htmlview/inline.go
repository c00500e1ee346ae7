package htmlview

import (
	"unicode"

	"peyk/internal/text"
)

// inlineCtx is the inline content of one block container.
type inlineCtx struct {
	items    []inlineItem
	owner    *box
	segments []*segment // between forced breaks
	boxes    []inlineBox
	lines    []lineBox
	ready    bool
}

// inlineBox is an inline element within the context; number 0 is the container itself.
type inlineBox struct {
	s         *style
	n         *node
	parent    int
	startW    float32 // margin, border and padding at its start and end
	endW      float32
	asc, desc float32 // of its font
	line      float32
	shift     float32 // of its baseline, downwards, relative to the root's
	cut       bool    // it goes on after a block within it
	opened    int     // its first rune in the segment
	seg       *segment
	lineRel   valign // vaTop or vaBottom when aligned to the line
}

// segment is a stretch without forced breaks: one bidi paragraph.
type segment struct {
	runes  []rune
	spans  []text.ShapeSpan
	owner  []int32 // inline box of each span
	atom   []*box  // of each span
	before []gap   // edges of inline boxes: in logical order
	outs   []outBox
	shaped *text.Shaped
	offset []int // what is added to a rune of each span to get its place in the text of the view
	hard   bool
	brk    int32 // the inline box that the forced break at its end is in
}

// gap is the start or end edge of an inline box at rune pos.
type gap struct {
	pos int
	box int32
	end bool
}

// outBox is a floating or absolutely positioned box anchored at rune pos.
type outBox struct {
	pos int
	box *box
	abs bool
}

// clears tells whether o stands for a <br clear>.
func (o *outBox) clears() bool {
	return o.box.n == nil && o.box.kind == boxBlock && o.box.inline == nil
}

// floats tells whether o floats.
func (o *outBox) floats() bool { return !o.abs && !o.clears() }

// fragment is a piece of text or an atomic box on a line. x is relative to the owner's border box.
type fragment struct {
	piece text.Piece
	seg   *segment
	box   *box // atomic
	own   int32
	x, y  float32 // y: baseline
	w     float32
	mark  bool // an ellipsis or a hyphen, which is not part of the text
}

// decor is the background and border of an inline box on one line.
type decor struct {
	box    int32
	x0, x1 float32
	y0, y1 float32
	// Whether its left and right edges are there: where it goes on in another line they are not.
	left, right bool
}

type lineBox struct {
	y, h     float32
	baseline float32
	frags    []fragment
	decors   []decor
	seg      *segment
	start    int
	end      int
}

// maxSegment bounds what is shaped at once: a longer paragraph goes on in a new line.
const maxSegment = 16000

func newInline(items []inlineItem, owner *box) *inlineCtx {
	for i := range items {
		if items[i].box != nil {
			items[i].box.parent = owner
		}
	}
	return &inlineCtx{items: items, owner: owner}
}

// prepare collapses white space, cuts segments and shapes them; once for each context.
func (l *layouter) prepare(c *inlineCtx) {
	if c.ready {
		return
	}
	c.ready = true
	root := inlineBox{s: c.owner.s, parent: -1}
	root.asc, root.desc, root.line = c.owner.s.lineMetrics(l.engine)
	c.boxes = []inlineBox{root}
	p := preparer{l: l, c: c, seg: &segment{}, space: true}
	for i := range c.items {
		p.item(&c.items[i])
	}
	p.finish(false)
	for _, s := range c.segments {
		l.tick()
		if len(s.runes) > 0 {
			s.shaped = l.engine.Shape(s.runes, s.spans, c.direction(s))
		}
	}
}

func (c *inlineCtx) direction(s *segment) text.Direction {
	switch {
	case c.owner.s.plaintext:
		return text.Auto
	case c.owner.s.rtl:
		return text.RTL
	}
	return text.LTR
}

// preparer builds the segments of a context.
type preparer struct {
	l     *layouter
	c     *inlineCtx
	seg   *segment
	cur   int32
	stack []int32
	space bool // a space just before: the next collapses
	word  bool // within a word, for capitalise
}

func (p *preparer) item(it *inlineItem) {
	switch it.kind {
	case itemText:
		if it.s.smallCaps {
			p.smallCaps(it)
		} else {
			p.text(it.text, it.s)
		}
	case itemOpen:
		p.open(it)
	case itemClose:
		p.controls(it.s, false)
		if len(p.stack) > 0 {
			b := &p.c.boxes[p.cur]
			if it.cut {
				b.endW = 0
			}
			start, end := it.s.lineEdges(p.l.doc.mode)
			if b.seg == p.seg && b.opened == len(p.seg.runes) && (start && !b.cut || end && !it.cut) {
				p.span(it.s, nil, []rune{wordJoiner})
			}
			if !it.cut && it.s.edged() {
				p.seg.before = append(p.seg.before, gap{len(p.seg.runes), p.cur, true})
			}
			p.cur = p.stack[len(p.stack)-1]
			p.stack = p.stack[:len(p.stack)-1]
		}
	case itemAtomic:
		p.span(it.s, it.box, []rune{0xFFFC})
		p.space, p.word = false, false
	case itemBreak:
		if it.s.clear != 0 {
			p.seg.outs = append(p.seg.outs, outBox{len(p.seg.runes), &box{s: it.s}, true})
		}
		p.finish(true)
	case itemFloat, itemAbsolute:
		p.seg.outs = append(p.seg.outs, outBox{len(p.seg.runes), it.box, it.kind == itemAbsolute})
	}
}

// wordJoiner stands for an inline box without text whose edges make a line. It is neither copied nor painted.
const wordJoiner = 0x2060

// edged reports inline elements of which one sees where they start and end.
func (s *style) edged() bool {
	start, end := s.inlineEdges()
	return start != 0 || end != 0 || s.decorated()
}

// decorated reports a background, or borders above or below.
func (s *style) decorated() bool {
	return s.bg.A > 0 || len(s.layers) > 0 || s.border[top].width() > 0 || s.border[bottom].width() > 0
}

// inlineEdges is what margin, border and padding of an inline element take at its start and at its end.
func (s *style) inlineEdges() (start, end float32) {
	for _, side := range [2]int{left, right} {
		w := s.margin[side].px + s.padding[side].px + s.border[side].width()
		if (side == left) != s.rtl {
			start += w
		} else {
			end += w
		}
	}
	return start, end
}

// lineEdges tells whether the start and the end of an inline element make a line without any text (CSS 2.2 section 9.4.2). In
// quirks mode margins do not.
func (s *style) lineEdges(mode quirks) (start, end bool) {
	a, b := s.padding[left].px+s.border[left].width(), s.padding[right].px+s.border[right].width()
	if mode != fullQuirks {
		a, b = a+s.margin[left].px, b+s.margin[right].px
	}
	if s.rtl {
		a, b = b, a
	}
	return a != 0, b != 0
}

func (p *preparer) open(it *inlineItem) {
	s := it.s
	b := inlineBox{s: s, n: it.n, parent: int(p.cur), seg: p.seg, opened: len(p.seg.runes)}
	b.startW, b.endW = s.inlineEdges()
	if b.cut = it.cut; b.cut {
		b.startW = 0
	}
	b.asc, b.desc, b.line = s.lineMetrics(p.l.engine)
	par := &p.c.boxes[p.cur]
	b.shift, b.lineRel = par.shift, par.lineRel
	switch s.valign {
	case vaSub:
		b.shift += floorf(par.s.size/5 + 1)
	case vaSuper:
		b.shift -= floorf(par.s.size/3 + 1)
	case vaLength:
		b.shift -= s.vshift.of(b.line)
	case vaMiddle:
		m := par.s.fonts(p.l.engine).Metrics(par.s.size)
		b.shift -= roundf(m.XHeight/2) - (b.asc-b.desc)/2
	case vaTextTop:
		b.shift += b.asc - par.asc
	case vaTextBottom:
		b.shift += par.desc - b.desc
	case vaTop, vaBottom:
		b.lineRel = s.valign
	}
	p.c.boxes = append(p.c.boxes, b)
	p.stack = append(p.stack, p.cur)
	p.cur = int32(len(p.c.boxes) - 1)
	if !b.cut && s.edged() {
		p.seg.before = append(p.seg.before, gap{len(p.seg.runes), p.cur, false})
	}
	p.controls(s, true)
}

// controls puts the bidi controls around an isolated or overriding element.
func (p *preparer) controls(s *style, open bool) {
	if !s.isolate && !s.override {
		return
	}
	var r rune = 0x2069
	if open {
		switch {
		case s.plaintext:
			r = 0x2068
		case s.rtl:
			r = 0x2067
		default:
			r = 0x2066
		}
	}
	rs := []rune{r}
	if s.override {
		o := rune(0x202C)
		if open {
			o = 0x202D
			if s.rtl {
				o = 0x202E
			}
			rs = append(rs, o)
		} else {
			rs = []rune{o, r}
		}
	}
	p.span(s, nil, rs)
}

// span appends runes of one look.
func (p *preparer) span(s *style, atom *box, rs []rune) {
	if len(rs) == 0 {
		return
	}
	g := p.seg
	g.runes = append(g.runes, rs...)
	if k := len(g.spans); k > 0 && g.owner[k-1] == p.cur && g.atom[k-1] == nil && atom == nil {
		g.spans[k-1].End = len(g.runes)
		return
	}
	g.spans = append(g.spans, text.ShapeSpan{End: len(g.runes), Fonts: s.fonts(p.l.engine), Size: s.size, LetterSpacing: s.letterSpacing, WordSpacing: s.wordSpacing, Object: atom != nil})
	g.owner = append(g.owner, p.cur)
	g.atom = append(g.atom, atom)
}

// maxTabs is how many tabs of a message are as wide as they should be: each becomes several spaces.
const maxTabs = 50000

func (p *preparer) text(t string, s *style) {
	rs := make([]rune, 0, len(t))
	for _, r := range t {
		switch r {
		case '\n', '\r':
			if s.keepsNL() {
				if r == '\n' {
					p.span(s, nil, rs)
					rs = rs[:0]
					p.finish(true)
				}
				continue
			}
			r = ' '
		case '\t':
			if s.ws == wsPre || s.ws == wsPreWrap {
				n := s.tabSize - (len(p.seg.runes)+len(rs))%s.tabSize
				if p.l.tabs++; p.l.tabs > maxTabs {
					n = 1
				}
				for range n {
					rs = append(rs, 0xA0)
				}
				continue
			}
			r = ' '
		case '\f', 0x2028, 0x2029, 0x85, '\v', 0x1C, 0x1D, 0x1E:
			r = ' '
		case 0:
			continue
		}
		if r == ' ' && !s.keepsSp() {
			if p.space {
				continue
			}
			p.space, p.word = true, false
			rs = append(rs, r)
			continue
		}
		p.space = false
		if n := len(p.seg.runes) + len(rs); n > maxSegment && (n > 2*maxSegment || len(rs) > 0 && rs[len(rs)-1] == ' ') {
			p.span(s, nil, rs)
			rs = rs[:0]
			p.finish(false)
			p.space = false
		}
		if r == 'ß' && s.transform == 1 {
			rs = append(rs, 'S')
			r = 'S'
		}
		rs = append(rs, p.transform(r, s))
		p.word = unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == 0x2019 || unicode.IsMark(r)
	}
	p.span(s, nil, rs)
}

func (p *preparer) transform(r rune, s *style) rune {
	switch s.transform {
	case 1:
		return unicode.ToUpper(r)
	case 2:
		return unicode.ToLower(r)
	case 3:
		if !p.word {
			return unicode.ToTitle(r)
		}
	}
	return r
}

// finish ends a segment.
func (p *preparer) finish(hard bool) {
	g := p.seg
	g.hard, g.brk = hard, p.cur
	if hard || len(g.runes) > 0 || len(g.outs) > 0 {
		p.c.segments = append(p.c.segments, g)
	}
	p.seg = &segment{}
	p.space, p.word = true, false
}

// spanAt is the span that holds rune i.
func (s *segment) spanAt(i int) int {
	lo, hi := 0, len(s.spans)
	for lo < hi {
		if m := (lo + hi) / 2; s.spans[m].End <= i {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return min(lo, len(s.spans)-1)
}
