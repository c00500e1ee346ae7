package kit

import "peyk/internal/richtext"

// look is what a paragraph is, and what stands on its text. Looks are shared and never changed.
type look struct {
	block richtext.Block // its direction is that of the paragraph
	spans []richtext.Span
}

func (l *look) parts() (richtext.Block, []richtext.Span) {
	if l == nil {
		return richtext.Block{}, nil
	}
	return l.block, l.spans
}

// pictured reports whether a picture stands in the text.
func (l *look) pictured() bool {
	if l == nil {
		return false
	}
	for _, s := range l.spans {
		if s.Image != nil {
			return true
		}
	}
	return false
}

// newLook is nil for a paragraph without anything, so that plain text costs nothing.
func newLook(b richtext.Block, spans []richtext.Span) *look {
	b.Dir = richtext.Auto
	if b == (richtext.Block{}) && len(spans) == 0 {
		return nil
	}
	return &look{b, spans}
}

// paraMark is what the history keeps of a paragraph beside its text.
type paraMark struct {
	dir  Direction
	look *look
}

// marks are those of the paragraphs [first, last]; nil when there is nothing to keep.
func (m *editModel) marks(first, last int) []paraMark {
	for i := first; i <= last; i++ {
		if m.paras[i].dir == DirField && m.paras[i].look == nil {
			continue
		}
		out := make([]paraMark, 0, last-first+1)
		for k := first; k <= last; k++ {
			out = append(out, paraMark{m.paras[k].dir, m.paras[k].look})
		}
		return out
	}
	return nil
}

// remark gives the n paragraphs from first on their marks; nil: none has any.
func (m *editModel) remark(first, n int, marks []paraMark) {
	for i := range n {
		k := paraMark{dir: DirField}
		if i < len(marks) {
			k = marks[i]
		}
		if p := &m.paras[first+i]; p.dir != k.dir || p.look != k.look {
			p.dir, p.look, p.layout = k.dir, k.look, nil
		}
	}
}

// rework changes the paragraphs [first, last] as an act of the user, which can be undone. It reports whether it changed
// anything.
func (m *editModel) rework(first, last int, f func(i int, p *editPara)) bool {
	before, n := m.marks(first, last), last-first+1
	changed := false
	for i := first; i <= last; i++ {
		p := m.paras[i]
		f(i, &p)
		if p.dir != m.paras[i].dir || !sameLook(p.look, m.paras[i].look) {
			p.layout, changed = nil, true
			m.paras[i] = p
		}
	}
	if !changed {
		return false
	}
	m.record(step{at: spot{first, 0}, before: before, after: m.marks(first, last), turned: n, caret: m.caret, anchor: m.anchor})
	m.sealed = true
	return true
}

func sameLook(a, b *look) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || a.block != b.block || len(a.spans) != len(b.spans) {
		return false
	}
	for i := range a.spans {
		if a.spans[i] != b.spans[i] {
			return false
		}
	}
	return true
}

// looks are those of the lines that come of putting text in the place of what stands between two spots: attr stands on the
// new text. nil: there are none.
func (m *editModel) looks(from, to spot, lines []string, attr richtext.Attr) []*look {
	head, tail := &m.paras[from.p], &m.paras[to.p]
	if head.look == nil && tail.look == nil && attr.IsZero() {
		return nil
	}
	hb, hs := head.look.parts()
	tb, ts := tail.look.parts()
	rest := richtext.Cut(ts, to.o, len(tail.text))
	out := make([]*look, len(lines))
	for i, line := range lines {
		block, at := following(hb), 0
		var spans []richtext.Span
		if i == 0 {
			block, at = hb, from.o
			spans = richtext.Cut(hs, 0, from.o)
		}
		spans = richtext.Splice(spans, at, at, len(line), attr)
		if i == len(lines)-1 {
			spans = richtext.Append(spans, at+len(line), rest)
			if to.p > from.p && at+len(line) == 0 { // nothing of the first paragraph is left
				block = tb
			}
		}
		out[i] = newLook(block, spans)
	}
	return out
}

// following is what a paragraph is that begins within or after another: it goes on with the list, the quote and the lines,
// but not with a heading.
func following(b richtext.Block) richtext.Block {
	b.Heading, b.Cite = 0, false
	return b
}

// replaceDoc puts a document in the place of what stands between two spots, as an act of the user.
func (m *editModel) replaceDoc(from, to spot, doc richtext.Doc) {
	if len(doc) == 0 {
		return
	}
	s := step{at: from, removed: m.slice(from, to), inserted: docText(doc), before: m.marks(from.p, to.p), caret: m.caret, anchor: m.anchor}
	fresh := from.o == 0 && (len(doc) > 1 || doc[0].Formatted() || doc[0].Quote > 0 || doc[0].Dir != richtext.Auto)
	m.caret = m.splice(from, to, s.inserted, richtext.Attr{})
	for i := range doc {
		p := &m.paras[from.p+i]
		block, spans := p.look.parts()
		at := 0
		if i == 0 {
			at = from.o
		}
		end := at + len(doc[i].Text)
		spans = richtext.Append(richtext.Append(richtext.Cut(spans, 0, at), at, doc[i].Spans), end, richtext.Cut(spans, end, len(p.text)))
		if i > 0 || fresh {
			block, p.dir = doc[i].Block, directionOf(doc[i].Dir)
		}
		p.look, p.layout = newLook(block, spans), nil
	}
	s.after = m.marks(from.p, m.caret.p)
	m.record(s)
	m.sealed = true
	m.anchor, m.goal = m.caret, -1
}

func docText(doc richtext.Doc) string {
	n := len(doc)
	for i := range doc {
		n += len(doc[i].Text)
	}
	b := make([]byte, 0, n)
	for i := range doc {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(b, doc[i].Text...)
	}
	return string(b)
}

func directionOf(d richtext.Dir) Direction {
	switch d {
	case richtext.RTL:
		return DirRTL
	case richtext.LTR:
		return DirLTR
	}
	return DirField
}

func dirOfDirection(d Direction) richtext.Dir {
	switch d {
	case DirRTL:
		return richtext.RTL
	case DirLTR:
		return richtext.LTR
	}
	return richtext.Auto
}

// doc is the text between two spots as a document.
func (m *editModel) doc(from, to spot) richtext.Doc {
	out := make(richtext.Doc, 0, to.p-from.p+1)
	for i := from.p; i <= to.p; i++ {
		p := &m.paras[i]
		lo, hi := 0, len(p.text)
		if i == from.p {
			lo = from.o
		}
		if i == to.p {
			hi = to.o
		}
		block, spans := p.look.parts()
		block.Dir = dirOfDirection(p.dir)
		out = append(out, richtext.Paragraph{Text: p.text[lo:hi], Spans: richtext.Cut(spans, lo, hi), Block: block})
	}
	return out
}

// amend notes in the newest step what became of the paragraphs [first, last] since.
func (m *editModel) amend(first, last int) {
	if n := len(m.past); n > 0 {
		m.past[n-1].after = m.marks(first, last)
	}
}

// paragraph is paragraph i without a copy of its spans.
func (m *editModel) paragraph(i int) richtext.Paragraph {
	block, spans := m.paras[i].look.parts()
	return richtext.Paragraph{Text: m.paras[i].text, Spans: spans, Block: block}
}
