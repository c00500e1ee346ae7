package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of what FromHTML reads of mail. What this package wrote to be edited again is read whole, up to maxExact.
const (
	maxText       = 2 << 20 // bytes of text
	maxParagraphs = 50000
	maxDepth      = 200 // elements; those below count as if they were not there
	maxExact      = 256 << 20
)

// FromHTML reads the HTML of a signature or of mail that is quoted.
func FromHTML(src string) Doc { return read(src, false) }

// FromDraft reads the HTML of a draft. What stands in it as a page is taken over as it is: of a draft that comes from elsewhere it has to be made
// harmless (see Doc.WithPages).
func FromDraft(src string) Doc { return read(src, true) }

func read(src string, pages bool) Doc {
	r := reader{limit: maxText, most: maxParagraphs}
	z := html.NewTokenizer(strings.NewReader(src))
	z.SetMaxBuf(maxExact)
	for r.size < r.limit && len(r.doc) < r.most {
		switch z.Next() {
		case html.ErrorToken:
			return r.finish()
		case html.TextToken:
			r.text(string(z.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := readTag(z); t.page != nil && pages && !r.top().hidden {
				r.page(*t.page, strings.TrimSpace(readPage(z)))
			} else {
				r.start(t)
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(atom.Lookup(name))
		}
	}
	return r.finish()
}

// element is one that is open and what it says.
type element struct {
	tag    atom.Atom
	marks  Mark // with those around it
	link   string
	dir    string
	hidden bool
	pre    bool
	exact  *Block // of a paragraph that is to be as it was
	own    bool   // in such a paragraph
	tight  bool   // no space after it
	item   bool   // an item of a list that has begun
	cite   bool
}

// How much space is owed before the next paragraph.
const (
	noBreak = iota
	lineBreak
	gapBreak
)

// reader makes paragraphs of tokens.
type reader struct {
	doc   Doc
	stack []element
	size  int
	limit int // of size
	most  int // paragraphs

	open  bool // the paragraph below has begun
	b     strings.Builder
	spans []Span
	block Block
	exact bool
	space *Attr // a blank is owed, with what stands on it
	owed  int
	cells bool // a cell of this row has text
	rtl   bool // direction of the paragraph before
}

func (r *reader) top() element {
	if n := len(r.stack); n > 0 {
		return r.stack[n-1]
	}
	return element{}
}

// start takes a start tag.
func (r *reader) start(t tag) {
	up := r.top()
	if t.atom == atom.Body { // a head that was never closed ends here
		for i := range r.stack {
			r.stack[i].hidden = false
		}
		up.hidden = false
	}
	switch t.atom {
	case atom.Br:
		r.lineBreak()
		return
	case atom.Hr:
		r.breakLine(gapBreak)
		r.text("――――――――")
		r.breakLine(gapBreak)
		return
	case atom.Img:
		r.image(t)
		return
	}
	if isVoid(t.atom) {
		return
	}
	r.implied(t.atom)
	up = r.top()
	e := element{tag: t.atom, marks: up.marks | t.marks(), link: up.link, dir: t.dir, hidden: up.hidden || t.hidden || isSilent(t.atom),
		pre: up.pre || t.atom == atom.Pre, own: up.own, tight: t.tight, cite: t.cite}
	if t.atom == atom.A {
		e.link = SafeLink(t.href)
	}
	if isBlock(t.atom) && !e.hidden {
		if much := breakOf(t.atom); t.flushTop {
			r.breakLine(min(much, lineBreak))
		} else {
			r.breakLine(much)
		}
	}
	if t.atom == atom.Td || t.atom == atom.Th {
		r.cell()
	}
	if t.exact != nil && !e.hidden {
		e.exact, e.pre, e.own = t.exact, true, true
		r.limit, r.most = maxExact, maxExact
		r.begin(t.exact)
	}
	if len(r.stack) < maxDepth {
		r.stack = append(r.stack, e)
	}
}

// implied ends what a start tag ends without saying so: an item before an item, a paragraph before a block.
func (r *reader) implied(a atom.Atom) {
	for i := len(r.stack) - 1; i >= 0 && i > len(r.stack)-12; i-- {
		switch t := r.stack[i].tag; {
		case a == atom.Li && t == atom.Li, a == atom.P && t == atom.P, (a == atom.Dd || a == atom.Dt) && (t == atom.Dd || t == atom.Dt),
			a == atom.Tr && t == atom.Tr, (a == atom.Td || a == atom.Th) && (t == atom.Td || t == atom.Th):
			r.end(t)
			return
		case isBlock(t):
			return
		}
	}
}

// end takes an end tag.
func (r *reader) end(a atom.Atom) {
	at := -1
	for i := len(r.stack) - 1; i >= 0 && at < 0; i-- {
		if r.stack[i].tag == a {
			at = i
		}
	}
	if at < 0 {
		return
	}
	for i := len(r.stack) - 1; i >= at; i-- {
		e := r.stack[i]
		r.stack = r.stack[:i]
		if e.hidden || !isBlock(e.tag) {
			continue
		}
		if e.exact != nil {
			r.flush()
		}
		much := breakOf(e.tag)
		if e.tight {
			much = min(much, lineBreak)
		}
		r.breakLine(much)
	}
}

// begin starts a paragraph: as the open elements say, or exactly as given.
func (r *reader) begin(exact *Block) {
	r.flush()
	r.open, r.space, r.exact = true, nil, exact != nil
	if exact != nil {
		r.block = *exact
		return
	}
	r.block = Block{Tight: r.owed == lineBreak && len(r.doc) > 0}
	level := -1
	for i := range r.stack {
		e := &r.stack[i]
		switch e.tag {
		case atom.Blockquote:
			r.block.Quote = min(r.block.Quote+1, MaxQuote)
			level = -1
		case atom.Ul, atom.Menu, atom.Dir, atom.Ol:
			level++
		case atom.Li:
			r.block.List, r.block.Level = NoList, 0
			if !e.item {
				r.block.List, r.block.Level = Bullets, uint8(max(0, min(MaxLevel, level)))
				if r.ordered(i) {
					r.block.List = Numbers
				}
			}
			e.item = true
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			r.block.Heading = headingOf(e.tag)
		}
		r.block.Cite = r.block.Cite || e.cite && r.block.Quote > 0
	}
	r.block.Dir = r.dir()
	r.owed = noBreak
}

// ordered reports whether the item at i belongs to a list of numbers.
func (r *reader) ordered(i int) bool {
	for i--; i >= 0; i-- {
		switch r.stack[i].tag {
		case atom.Ol:
			return true
		case atom.Ul, atom.Menu, atom.Dir:
			return false
		}
	}
	return false
}

// dir is the direction the open elements ask for. That of the text counts before a left to right which only stands around
// everything, as some programs write it around mail of any language.
func (r *reader) dir() Dir {
	for i := len(r.stack) - 1; i >= 0; i-- {
		switch e := &r.stack[i]; {
		case e.dir == "rtl":
			return RTL
		case e.dir == "ltr" && ownsDirection(e.tag):
			return LTR
		case e.dir == "ltr", e.dir == "auto":
			return Auto
		}
	}
	return Auto
}

// cell separates the cells of a row by tabs.
func (r *reader) cell() {
	if !r.open && len(r.doc) > 0 && r.cells {
		last := &r.doc[len(r.doc)-1]
		if last.Text != "" && r.owed <= lineBreak { // the row goes on
			r.reopen()
			r.b.WriteString("\t")
			r.space = nil
			return
		}
	}
	if r.open && r.b.Len() > 0 {
		r.b.WriteString("\t")
		r.space = nil
	}
}

// reopen takes the last paragraph up again.
func (r *reader) reopen() {
	last := r.doc[len(r.doc)-1]
	r.doc = r.doc[:len(r.doc)-1]
	r.open, r.block, r.spans, r.owed = true, last.Block, last.Spans, noBreak
	r.b.Reset()
	r.b.WriteString(last.Text)
}

// flush ends the paragraph that is open.
func (r *reader) flush() {
	if !r.open {
		return
	}
	text := r.b.String()
	if !r.exact {
		text = strings.TrimRight(text, " \t")
		if strings.TrimSpace(text) == "" && len(r.spans) == 0 {
			r.drop()
			return
		}
		text, r.spans = blanks(text, Cut(r.spans, 0, len(text)))
	}
	p := Paragraph{Text: text, Spans: Cut(r.spans, 0, len(text)), Block: r.block}
	rtl, _, strong := Direction(text)
	if p.Dir != Auto {
		if !r.exact && (strong && rtl == (p.Dir == RTL) || !strong && r.rtl == (p.Dir == RTL)) {
			p.Dir = Auto
		}
		r.rtl = r.block.Dir == RTL
	} else if strong {
		r.rtl = rtl
	}
	r.doc = append(r.doc, p)
	r.drop()
}

// flushEmpty adds the empty paragraph that is open.
func (r *reader) flushEmpty() {
	r.block.List, r.block.Heading, r.block.Dir = NoList, 0, Auto
	r.doc = append(r.doc, Paragraph{Block: r.block})
	r.drop()
}

func (r *reader) drop() {
	r.open, r.exact, r.space, r.spans = false, false, nil, nil
	r.b.Reset()
}

func (r *reader) finish() Doc {
	r.flush()
	if len(r.doc) > 0 && !r.doc[0].Tight {
		return r.doc
	}
	if len(r.doc) > 0 {
		r.doc[0].Tight = false
	}
	return r.doc
}
