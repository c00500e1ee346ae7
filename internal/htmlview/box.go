package htmlview

import (
	"image"
	"strings"
	"sync"
)

type boxKind uint8

const (
	boxBlock    boxKind = iota // a block container: block children, or inline content
	boxTable                   // children are sections of rows, see table
	boxReplaced                // a picture
	boxFlex
)

// box is one box of the layout. Its place is that of its border box, relative to the border box of its parent.
type box struct {
	kind      boxKind
	n         *node // nil for anonymous boxes
	s         *style
	parent    *box
	children  []*box
	inline    *inlineCtx
	table     *table
	img       *picture
	alt       string
	legend    *box // of a field set
	inInline  bool // a block within an inline element
	marker    string
	markerImg *picture
	indent    float32 // of the first line, for a bullet inside

	x, y, w, h      float32
	m, p, b         [4]float32 // used margin, padding, border widths
	autoL, autoR    bool
	bottom          margins // margins that stick out below
	through         bool    // nothing in it: its margins collapse with each other
	baseline        float32 // of the last line, from the top of the border box; < 0: none
	first           float32 // of the first line
	min, max        float32 // content-based widths of the border box
	measured        bool
	shift           float32    // of a cell's content, for vertical alignment
	dx, dy          float32    // relative position
	static          [2]float32 // where an absolutely positioned box would stand
	left            bool       // it is noted, see layouter.leave
	out             []*box     // absolutely positioned children of a flex container
	bfc             bool
	collapsedBorder *[4]border
	cb              *[2]float32 // of an absolutely positioned box: the size that percentages are of
}

// picture is an image as the host or the message gives it; nil image: not there.
type picture struct {
	img    image.Image
	vector *vectorPicture // instead of img
	anim   *Animation     // when it moves; img is its first frame
	w, h   float32        // natural size in units
	mu     sync.Mutex
	half   *image.RGBA // img at a half, a quarter … of its size, as last wanted
}

// margins are adjoining margins: the greatest and the least of them. Quirky ones are those of the user agent's sheet,
// which vanish at the edges of cells and body in quirks mode.
type margins struct{ pos, neg, quirk float32 }

func (m *margins) add(v float32, quirky bool) {
	switch {
	case v > 0 && quirky:
		m.quirk = max(m.quirk, v)
	case v > 0:
		m.pos = max(m.pos, v)
	default:
		m.neg = min(m.neg, v)
	}
}

func (m *margins) join(o margins) {
	m.pos, m.neg, m.quirk = max(m.pos, o.pos), min(m.neg, o.neg), max(m.quirk, o.quirk)
}

func (m margins) sum() float32 { return max(m.pos, m.quirk) + m.neg }

// sumIn is the sum at the edge of a container, which may drop the quirky ones.
func (m margins) sumIn(drops bool) float32 {
	if drops {
		return m.pos + m.neg
	}
	return m.sum()
}

type itemKind uint8

const (
	itemText itemKind = iota
	itemOpen
	itemClose
	itemAtomic
	itemBreak
	itemFloat
	itemAbsolute
)

// inlineItem is one step of a flattened inline formatting context.
type inlineItem struct {
	kind itemKind
	text string
	s    *style
	n    *node
	box  *box
	cut  bool // of an element that a block within it cuts in two: there is no edge here
}

// boxer makes the boxes of a styled tree.
type boxer struct {
	l *layouter
}

// filler fills one block container.
type filler struct {
	*boxer
	into  *box
	items []inlineItem
	open  []inlineItem // inline elements that are open, to be opened again after a block within them
	cells *box         // anonymous table that collects stray cells and rows
}

func (b *boxer) newBox(n *node, s *style, parent *box) *box {
	b.l.tick()
	return &box{n: n, s: s, parent: parent, baseline: -1, first: -1}
}

// block makes the box of an element that is block-level or atomic.
func (b *boxer) block(n *node, parent *box) *box {
	bx := b.newBox(n, n.style, parent)
	switch {
	case n.tag == "img" || isPictureButton(n) || n.tag == "svg":
		b.replaced(bx)
		return bx
	case n.style.display == dispTable || n.style.display == dispInlineTable:
		bx.kind = boxTable
		b.tableOf(bx, n.children)
		return bx
	case n.style.display == dispFlex || n.style.display == dispInlineFlex:
		bx.kind, bx.bfc = boxFlex, true
	}
	s := n.style
	if s.floating() || s.position == 2 || s.hidden || s.scrolls() || s.flowRoot || s.display == dispInlineBlock || s.display == dispCell || s.display == dispCaption || n.parent == nil {
		bx.bfc = true
	}
	if s.display == dispListItem {
		bx.marker = b.l.markerText(n)
		if s.listImage != "" {
			bx.markerImg = b.l.doc.picture(s.listImage)
		}
	}
	f := filler{boxer: b, into: bx}
	f.insideMarker(bx, n)
	switch {
	case s.control != noControl:
		f.controlContent(n)
	case n.tag == "fieldset":
		f.fieldset(n)
	case n.tag == "details":
		f.details(n)
	case n.isSummary():
		f.items = append(f.items, inlineItem{kind: itemText, text: f.l.doc.disclosure(n) + "\u00A0\u200A", s: s, n: n})
		f.children(n)
	default:
		f.children(n)
	}
	f.finish()
	return bx
}

func (f *filler) children(n *node) {
	if n.before != nil {
		f.child(n.before, n.style)
	}
	for _, c := range n.children {
		f.child(c, n.style)
	}
	if n.after != nil {
		f.child(n.after, n.style)
	}
}

func (f *filler) child(c *node, ps *style) {
	if c.tag == "" {
		if f.into.kind == boxFlex && strings.TrimSpace(c.text) == "" {
			return
		}
		if f.cells != nil && strings.TrimSpace(c.text) == "" {
			return
		}
		f.cells = nil
		f.items = append(f.items, inlineItem{kind: itemText, text: c.text, s: ps, n: c})
		return
	}
	s := c.style
	if s == nil || s.display == dispNone {
		return
	}
	switch s.display {
	case dispCell, dispRow, dispRowGroup, dispHeaderGroup, dispFooterGroup, dispCaption:
		f.stray(c)
		return
	case dispColumn, dispColumnGroup:
		return
	}
	f.cells = nil
	switch {
	case s.position == 2 && f.into.kind == boxFlex:
		f.into.out = append(f.into.out, f.block(c, f.into))
	case s.position == 2:
		f.items = append(f.items, inlineItem{kind: itemAbsolute, s: s, n: c, box: f.block(c, f.into)})
	case s.floating():
		f.items = append(f.items, inlineItem{kind: itemFloat, s: s, n: c, box: f.block(c, f.into)})
	case c.tag == "br":
		f.items = append(f.items, inlineItem{kind: itemBreak, s: s, n: c})
	case c.tag == "wbr":
		f.items = append(f.items, inlineItem{kind: itemText, text: "\u200B", s: s, n: c})
	case f.into.kind == boxFlex:
		f.flushInline()
		f.into.children = append(f.into.children, f.block(c, f.into))
	case s.display == dispContents:
		f.children(c)
	case s.display == dispInline && !isReplaced(c):
		it := inlineItem{kind: itemOpen, s: s, n: c}
		f.items = append(f.items, it)
		f.open = append(f.open, it)
		f.children(c)
		f.open = f.open[:len(f.open)-1]
		f.items = append(f.items, inlineItem{kind: itemClose, s: s, n: c})
	case s.display == dispInline || s.display == dispInlineBlock || s.display == dispInlineTable || s.display == dispInlineFlex:
		f.items = append(f.items, inlineItem{kind: itemAtomic, s: s, n: c, box: f.block(c, f.into)})
	default:
		f.flushInline()
		in := f.block(c, f.into)
		in.inInline = len(f.open) > 0
		f.into.children = append(f.into.children, in)
	}
}

// stray wraps cells and rows outside of a table into an anonymous one.
func (f *filler) stray(c *node) {
	if f.cells == nil {
		f.flushInline()
		s := f.into.s.child()
		s.display = dispTable
		f.cells = f.newBox(nil, &s, f.into)
		f.cells.kind = boxTable
		f.cells.table = &table{}
		f.into.children = append(f.into.children, f.cells)
	}
	f.addToTable(f.cells, []*node{c})
}

// flushInline closes the inline content so far and makes an anonymous block of it.
func (f *filler) flushInline() {
	items := f.items
	f.items = nil
	for i := len(f.open) - 1; i >= 0; i-- {
		items = append(items, inlineItem{kind: itemClose, s: f.open[i].s, n: f.open[i].n, cut: true})
	}
	for _, it := range f.open {
		it.cut = true
		f.items = append(f.items, it)
	}
	if !substantial(items, f.l.doc.mode) {
		return
	}
	s := f.into.s.child()
	s.display = dispBlock
	a := f.newBox(nil, &s, f.into)
	a.inline = newInline(items, a)
	a.bfc = f.into.kind == boxFlex
	f.into.children = append(f.into.children, a)
}

func (f *filler) finish() {
	if len(f.into.children) == 0 && f.into.kind != boxFlex {
		if substantial(f.items, f.l.doc.mode) {
			f.into.inline = newInline(f.items, f.into)
		}
		return
	}
	f.flushInline()
}

// substantial reports whether inline content is more than white space that collapses.
func substantial(items []inlineItem, mode quirks) bool {
	for i := range items {
		switch it := &items[i]; it.kind {
		case itemText:
			if it.s.keepsNL() && it.text != "" || strings.Trim(it.text, " \t\r\n\f") != "" {
				return true
			}
		case itemOpen:
			if start, _ := it.s.lineEdges(mode); start && !it.cut {
				return true
			}
		case itemClose:
			if _, end := it.s.lineEdges(mode); end && !it.cut {
				return true
			}
		case itemAtomic, itemBreak, itemFloat, itemAbsolute:
			return true
		}
	}
	return false
}

// replaced prepares the box of a picture.
func (b *boxer) replaced(bx *box) {
	bx.kind, bx.bfc = boxReplaced, true
	bx.img = b.l.doc.picture(b.l.source(bx.n))
	if bx.img == nil {
		bx.alt = bx.n.attrOr("alt")
		if bx.alt != "" && bx.s.width.auto() && bx.s.height.auto() {
			bx.kind = boxBlock
			s := *bx.s
			bx.inline = newInline([]inlineItem{{kind: itemText, text: bx.alt, s: &s, n: bx.n}}, bx)
		}
	}
}

// isReplaced reports elements that are pictures.
func isReplaced(n *node) bool { return n.tag == "img" || n.tag == "svg" || isPictureButton(n) }

// fieldset takes the first legend out of the content.
func (f *filler) fieldset(n *node) {
	for _, c := range n.children {
		if f.into.legend == nil && c.tag == "legend" && c.style != nil && c.style.display != dispNone && !c.style.floating() {
			f.into.legend = f.block(c, f.into)
			f.into.legend.bfc = true
			continue
		}
		f.child(c, n.style)
	}
}
