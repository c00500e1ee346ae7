package kit

import (
	"peyk/internal/richtext"
	"peyk/internal/text"
)

// Format is what stands at the caret or on the selection, as the buttons over a text show it.
type Format struct {
	Marks   richtext.Mark
	Link    string
	List    richtext.List
	Quote   bool
	Heading int
	RTL     bool
}

// SetRich makes the editor one for formatted text; pics shows its pictures (nil: none). Without rich, what was formatted
// stays as words only.
func (e *Editor) SetRich(on bool, pics Pictures) {
	e.pics, e.drawn = pics, nil
	if e.rich == on {
		return
	}
	e.rich, e.quotes = on, !on
	e.pending = nil
	if !on {
		for i := range e.m.paras {
			e.m.paras[i].look = nil
		}
		e.m.forgetHistory()
	}
	e.forgetLayouts()
	e.repaint()
}

// Rich reports whether the text can be formatted.
func (e *Editor) Rich() bool { return e.rich }

// Document is the text with its formatting.
func (e *Editor) Document() richtext.Doc { return e.m.doc(spot{}, e.m.end()) }

// SetDocument replaces the text. Like SetText it does not call OnChanged and cannot be undone.
func (e *Editor) SetDocument(doc richtext.Doc) {
	if len(doc) == 0 {
		doc = richtext.Doc{{}}
	}
	e.m = newEditModel()
	e.m.paras = make([]editPara, len(doc))
	for i, p := range doc {
		e.m.paras[i] = editPara{text: p.Text, dir: directionOf(p.Dir), look: newLook(p.Block, p.Spans)}
	}
	e.x, e.y, e.pending = 0, 0, nil
	e.forgetLayouts()
	e.changed(false)
}

// ReplaceDocument replaces the text as an act of the user, which can be undone; the caret stays in its paragraph.
func (e *Editor) ReplaceDocument(doc richtext.Doc) {
	if e.disabled || len(doc) == 0 {
		return
	}
	at := e.m.caret
	e.m.replaceDoc(spot{}, e.m.end(), doc)
	e.m.caret = e.m.clamp(at)
	e.m.anchor = e.m.caret
	e.changed(true)
}

// InsertDocument puts a document in the place of the selection.
func (e *Editor) InsertDocument(doc richtext.Doc) { e.insertDoc(doc) }

// ReplaceRange puts a document in the place of the bytes [from, to) of the text, as an act of the user, which can be undone without that they are selected then. The caret and
// the selection stay where they were; what stood within the bytes stands behind them where they begin with another text now.
func (e *Editor) ReplaceRange(from, to int, doc richtext.Doc) {
	if e.disabled {
		return
	}
	caret, anchor, was := e.m.offset(e.m.caret), e.m.offset(e.m.anchor), e.m.String()
	e.m.replaceDoc(e.m.placeAt(from), e.m.placeAt(to), doc)
	end, now := e.m.offset(e.m.caret), e.m.String()
	stay := func(at int) spot {
		switch {
		case at >= to:
			at += end - to
		case at > from && (at > end || was[from:at] != now[from:at]):
			at = end
		}
		return e.m.placeAt(at)
	}
	e.m.caret, e.m.anchor = stay(caret), stay(anchor)
	e.changed(true)
}

func (t *textField) insertDoc(doc richtext.Doc) {
	if t.disabled {
		return
	}
	from, to := t.m.selection()
	t.m.replaceDoc(from, to, doc)
	t.changed(true)
}

// InsertPicture puts a picture at the caret.
func (e *Editor) InsertPicture(m richtext.Image) {
	if !e.rich {
		return
	}
	e.insertDoc(richtext.Doc{{Text: richtext.Object, Spans: []richtext.Span{{End: len(richtext.Object), Attr: richtext.Attr{Image: &m}}}}})
}

// Format is what stands at the caret.
func (e *Editor) Format() Format { return e.format() }

func (t *textField) format() Format {
	from, to := t.m.selection()
	b, spans := t.m.paras[from.p].look.parts()
	f := Format{List: b.List, Quote: b.Quote > 0, Heading: int(b.Heading), RTL: t.rtlOf(t.m.caret.p)}
	if !t.rich {
		f.Quote = quoteLevel(t.m.paras[from.p].text) > 0
		return f
	}
	switch {
	case t.pending != nil:
		f.Marks, f.Link = t.pending.Marks, t.pending.Link
	case from == to:
		a := richtext.Typing(spans, from.o)
		f.Marks = a.Marks
		if f.Link = a.Link; f.Link == "" {
			f.Link = richtext.At(spans, from.o).Link
		}
	default:
		f.Marks = t.commonMarks(from, to)
		f.Link = t.linkIn(from, to)
	}
	return f
}

// commonMarks are the marks that the whole selection has.
func (t *textField) commonMarks(from, to spot) richtext.Mark {
	out := richtext.Bold | richtext.Italic | richtext.Underline | richtext.Strike | richtext.Code
	any := false
	t.stretches(from, to, func(i, lo, hi int) {
		if lo == hi {
			return
		}
		any = true
		_, spans := t.m.paras[i].look.parts()
		for _, m := range [...]richtext.Mark{richtext.Bold, richtext.Italic, richtext.Underline, richtext.Strike, richtext.Code} {
			if !richtext.All(spans, lo, hi, func(a richtext.Attr) bool { return a.Marks&m != 0 }) {
				out &^= m
			}
		}
	})
	if !any {
		return 0
	}
	return out
}

func (t *textField) linkIn(from, to spot) (link string) {
	t.stretches(from, to, func(i, lo, hi int) {
		_, spans := t.m.paras[i].look.parts()
		for _, s := range spans {
			if link == "" && s.Start < hi && s.End > lo {
				link = s.Link
			}
		}
	})
	return link
}

// stretches calls f for the part of each paragraph between two spots.
func (t *textField) stretches(from, to spot, f func(i, lo, hi int)) {
	for i := from.p; i <= to.p; i++ {
		lo, hi := 0, len(t.m.paras[i].text)
		if i == from.p {
			lo = from.o
		}
		if i == to.p {
			hi = to.o
		}
		f(i, lo, hi)
	}
}

// ToggleMark sets a mark on the selection, or takes it off where all of it has it; without a selection it counts for what is
// typed next.
func (e *Editor) ToggleMark(m richtext.Mark) {
	on := e.format().Marks&m == 0
	set := func(a richtext.Attr) richtext.Attr {
		if a.Image != nil {
			return a
		}
		a.Marks &^= m
		if on {
			a.Marks |= m
		}
		return a
	}
	e.restyle(set)
}

// ClearFormat takes marks, links, headings and lists off the selection, or off the paragraph without one.
func (e *Editor) ClearFormat() {
	from, to := e.m.selection()
	whole := from == to
	e.apply(from.p, to.p, func(i int, p *editPara) {
		b, spans := p.look.parts()
		lo, hi := 0, len(p.text)
		if !whole && i == from.p {
			lo = from.o
		}
		if !whole && i == to.p {
			hi = to.o
		}
		b.Heading, b.List, b.Level = 0, richtext.NoList, 0
		p.look = newLook(b, richtext.Change(spans, lo, hi, func(a richtext.Attr) richtext.Attr { return richtext.Attr{Image: a.Image} }))
	})
	e.pending = nil
	e.told()
}

// SetLink puts a link on the selection; without one on the link at the caret, or inserts its words. An empty url takes links
// off.
func (e *Editor) SetLink(url, words string) {
	from, to := e.m.selection()
	if from == to {
		from, to = e.LinkAround()
	}
	if old := e.m.slice(from, to); words == "" || words == old && old != "" {
		if from == to {
			return
		}
		e.restyleBetween(from, to, func(a richtext.Attr) richtext.Attr { a.Link = url; return a })
		return
	}
	_, spans := e.m.paras[from.p].look.parts()
	a := richtext.Typing(spans, from.o)
	if from != to {
		a = richtext.At(spans, from.o)
		a.Image = nil
	}
	a.Link = url
	e.m.caret, e.m.anchor = to, from
	e.insertDoc(richtext.Doc{{Text: words, Spans: richtext.Splice(nil, 0, 0, len(words), a)}})
}

// LinkAround is the link in which the caret stands: from == to when there is none.
func (e *Editor) LinkAround() (from, to spot) {
	at := e.m.caret
	_, spans := e.m.paras[at.p].look.parts()
	link := ""
	from, to = at, at
	for _, s := range spans {
		if s.Link != "" && s.Start <= at.o && at.o <= s.End && (link == "" || link == s.Link) {
			if link == "" {
				from = spot{at.p, s.Start}
			}
			link = s.Link
			to = spot{at.p, s.End}
		}
	}
	return from, to
}

// LinkWords are the words of the link at the caret or the selected ones.
func (e *Editor) LinkWords() string {
	from, to := e.m.selection()
	if from == to {
		from, to = e.LinkAround()
	}
	return e.m.slice(from, to)
}

// restyle changes what stands on the selection, or on what is typed next.
func (e *Editor) restyle(f func(richtext.Attr) richtext.Attr) {
	if !e.rich || e.disabled {
		return
	}
	from, to := e.m.selection()
	if from != to {
		e.restyleBetween(from, to, f)
		return
	}
	_, spans := e.m.paras[from.p].look.parts()
	a := richtext.Typing(spans, from.o)
	if e.pending != nil {
		a = *e.pending
	}
	a = f(a)
	e.pending = &a
	e.m.sealed = true
	e.tellFormat()
}

func (e *Editor) restyleBetween(from, to spot, f func(richtext.Attr) richtext.Attr) {
	e.apply(from.p, to.p, func(i int, p *editPara) {
		b, spans := p.look.parts()
		lo, hi := 0, len(p.text)
		if i == from.p {
			lo = from.o
		}
		if i == to.p {
			hi = to.o
		}
		p.look = newLook(b, richtext.Change(spans, lo, hi, f))
	})
	e.told()
}

// apply changes paragraphs as one step of the history.
func (t *textField) apply(first, last int, f func(i int, p *editPara)) bool {
	if !t.rich || t.disabled {
		return false
	}
	return t.m.rework(first, last, f)
}

func (t *textField) told() {
	t.changed(true)
}

// reblock changes what the paragraphs of the selection are.
func (t *textField) reblock(f func(b *richtext.Block)) {
	from, to := t.m.selection()
	if t.apply(from.p, to.p, func(_ int, p *editPara) {
		b, spans := p.look.parts()
		f(&b)
		p.look = newLook(b, spans)
	}) {
		t.told()
	}
}

// ToggleList makes a list of the paragraphs of the selection, or ends it.
func (e *Editor) ToggleList(l richtext.List) {
	if e.format().List == l {
		l = richtext.NoList
	}
	e.reblock(func(b *richtext.Block) {
		b.List = l
		b.Heading = 0
		if l == richtext.NoList {
			b.Level = 0
		}
	})
}

// ToggleQuote quotes the paragraphs of the selection, or takes one level off.
func (e *Editor) ToggleQuote() {
	on := !e.format().Quote
	e.reblock(func(b *richtext.Block) {
		switch {
		case on:
			b.Quote++
		case b.Quote > 0:
			b.Quote--
			b.Cite = false
		}
	})
}

// SetHeading makes headings of the paragraphs of the selection, 0 of none.
func (e *Editor) SetHeading(n int) {
	e.reblock(func(b *richtext.Block) {
		b.Heading = uint8(max(0, min(n, richtext.MaxHeading)))
		b.List, b.Level = richtext.NoList, 0
	})
}

// Indent moves the items of the selection by levels.
func (t *textField) indent(by int) {
	t.reblock(func(b *richtext.Block) {
		if b.List != richtext.NoList {
			b.Level = uint8(max(0, min(int(b.Level)+by, richtext.MaxLevel)))
		}
	})
}

// spansOf are the spans of paragraph i for its layout.
func (t *textField) spansOf(i int, base text.Style, width float32) []text.Span {
	_, spans := t.m.paras[i].look.parts()
	if len(spans) == 0 {
		return nil
	}
	out := make([]text.Span, 0, len(spans))
	for _, s := range spans {
		out = append(out, text.Span{Start: s.Start, End: s.End, Style: t.styleOf(s.Attr, base, width)})
	}
	return out
}

func (t *textField) styleOf(a richtext.Attr, base text.Style, width float32) text.Style {
	st := base
	if a.Image != nil {
		st.BoxW, st.BoxH = t.pictureSize(a.Image, width)
		return st
	}
	if a.Marks&richtext.Bold != 0 {
		st.Weight = text.Bold
	}
	st.Italic = st.Italic || a.Marks&richtext.Italic != 0
	st.Strike = a.Marks&richtext.Strike != 0
	st.Underline = a.Marks&richtext.Underline != 0
	if a.Marks&richtext.Code != 0 {
		st.Mono = true
	}
	if a.Link != "" {
		st.Link = a.Link
		st.Underline = true
	}
	return st
}

// Sizes of headings, in parts of the size of the text.
var headingSizes = [...]float32{1, 1.5, 1.25, 1.1}

// paramsOf are the layout's parameters of paragraph i.
func (t *textField) paramsOf(i int) text.Params {
	prm := t.shape.style.params()
	if b, _ := t.m.paras[i].look.parts(); t.rich && b.Heading > 0 {
		s := t.shape.style
		s.Size *= headingSizes[min(int(b.Heading), len(headingSizes)-1)]
		s.Weight = Bold
		prm = s.params()
	}
	return prm
}

// tellFormat calls OnFormat when what stands at the caret changed.
func (t *textField) tellFormat() {
	if t.onFormat == nil {
		return
	}
	if f := t.format(); f != t.lastFormat || !t.formatTold {
		t.lastFormat, t.formatTold = f, true
		t.onFormat(f)
	}
}

// OnFormat calls f when what stands at the caret changes, and now.
func (e *Editor) OnFormat(f func(Format)) {
	e.onFormat, e.formatTold = f, false
	e.tellFormat()
}
