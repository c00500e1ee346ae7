package htmlview

import (
	"strconv"
	"strings"
)

// Bounds of tables.
const (
	maxColumns = 1000
	maxRows    = 20000
	maxSpan    = 1000
)

// table is the grid of a table box.
type table struct {
	rows     []*tableRow
	cells    []*cell
	captions []*box
	cols     []column
	outer    [4]float32 // borders of a collapsed table
	spacingX float32
	spacingY float32
	ready    bool
	painted  bool    // columns have backgrounds
	above    float32 // height of the captions
	below    float32
}

type tableRow struct {
	n     *node
	s     *style
	group *style
	cells []*cell
	y, h  float32
	base  float32
}

type cell struct {
	b        *box
	row, col int
	rs, cs   int
}

type column struct {
	min, max float32
	pct      float32
	fixed    bool
	w, x     float32
	s        *style // of the col element
}

// tableOf makes the grid of a table from its children.
func (b *boxer) tableOf(bx *box, kids []*node) {
	bx.table = &table{}
	bx.bfc = true
	b.addToTable(bx, kids)
}

func (b *boxer) addToTable(bx *box, kids []*node) {
	t := bx.table
	var heads, foots, bodies []*node
	for _, c := range kids {
		if c.tag == "" || c.style == nil {
			if c.tag == "" && strings.TrimSpace(c.text) != "" {
				bodies = append(bodies, c)
			}
			continue
		}
		switch c.style.display {
		case dispNone:
		case dispHeaderGroup:
			heads = append(heads, c)
		case dispFooterGroup:
			foots = append(foots, c)
		case dispCaption:
			t.captions = append(t.captions, b.block(c, bx))
		case dispColumn, dispColumnGroup:
			b.columns(t, c)
		default:
			bodies = append(bodies, c)
		}
	}
	occupied := map[int]int{} // column → rows still taken by a cell from above
	var loose *tableRow
	if n := len(t.rows); n > 0 && t.rows[n-1].n == nil { // stray cells come one by one
		loose = t.rows[n-1]
	}
	bodies = wrapLoose(bx, bodies)
	for _, list := range [3][]*node{heads, bodies, foots} {
		for _, c := range list {
			switch c.style.display {
			case dispRowGroup, dispHeaderGroup, dispFooterGroup:
				loose = nil
				clear(occupied)
				for _, r := range c.children {
					if r.style != nil && r.style.display != dispNone {
						b.row(bx, r, c.style, occupied)
					}
				}
			case dispRow:
				loose = nil
				b.row(bx, c, nil, occupied)
			default:
				if loose == nil {
					s := bx.s.child()
					s.display = dispRow
					loose = &tableRow{s: &s}
					t.rows = append(t.rows, loose)
				}
				b.cell(bx, loose, c, len(t.rows)-1, occupied)
			}
		}
	}
}

// wrapLoose puts what belongs to no row into cells of its own.
func wrapLoose(bx *box, list []*node) []*node {
	var out []*node
	var wrap *node
	for _, c := range list {
		if c.style != nil && c.style.tablePart() {
			out, wrap = append(out, c), nil
			continue
		}
		if wrap == nil {
			s := bx.s.child()
			s.display = dispCell
			wrap = &node{tag: "td", style: &s, parent: c.parent}
			out = append(out, wrap)
		}
		wrap.children = append(wrap.children, c)
	}
	return out
}

// tablePart reports what may stand in a table by itself.
func (s *style) tablePart() bool {
	switch s.display {
	case dispRowGroup, dispHeaderGroup, dispFooterGroup, dispRow, dispCell, dispNone:
		return true
	}
	return false
}

// columns notes the widths of col elements.
func (b *boxer) columns(t *table, c *node) {
	list := []*node{c}
	if c.style.display == dispColumnGroup && len(c.children) > 0 {
		list = c.children
	}
	for _, n := range list {
		if n.style == nil || n.style.display != dispColumn && n != c {
			continue
		}
		for range max(1, min(spanOf(n, "span"), maxColumns)) {
			if len(t.cols) >= maxColumns {
				return
			}
			col := column{s: n.style}
			t.painted = t.painted || n.style.bg.A > 0
			switch w := n.style.width; {
			case w.percent():
				col.pct = w.pct
			case w.set && w.px > 0:
				col.fixed, col.max = true, w.px
			}
			t.cols = append(t.cols, col)
		}
	}
}

func spanOf(n *node, attr string) int {
	v, err := strconv.Atoi(strings.TrimSpace(n.attrOr(attr)))
	if err != nil || v < 1 {
		return 1
	}
	return min(v, maxSpan)
}

func (b *boxer) row(bx *box, r *node, group *style, occupied map[int]int) {
	t := bx.table
	if len(t.rows) >= maxRows {
		return
	}
	row := &tableRow{n: r, s: r.style, group: group}
	t.rows = append(t.rows, row)
	at := len(t.rows) - 1
	if r.style.display != dispRow {
		b.cell(bx, row, r, at, occupied)
		b.endRow(row, occupied)
		return
	}
	var stray *node
	for _, c := range r.children {
		if c.tag == "" || c.style == nil || c.style.display == dispNone {
			continue
		}
		if c.style.display != dispCell && !c.style.floating() && c.style.position != 2 {
			if stray == nil { // what is no cell goes into an anonymous one
				s := r.style.child()
				s.display = dispCell
				stray = &node{tag: "td", parent: r, style: &s}
				b.cell(bx, row, stray, at, occupied)
			}
			f := filler{boxer: b, into: row.cells[len(row.cells)-1].b}
			f.child(c, stray.style)
			f.append()
			continue
		}
		stray = nil
		b.cell(bx, row, c, at, occupied)
	}
	b.endRow(row, occupied)
}

// append ends a filling that adds to block children that are there.
func (f *filler) append() {
	f.flushInline()
}

func (b *boxer) endRow(row *tableRow, occupied map[int]int) {
	for c, n := range occupied {
		if n <= 1 {
			delete(occupied, c)
		} else {
			occupied[c] = n - 1
		}
	}
	for _, c := range row.cells {
		if c.rs > 1 {
			for k := c.col; k < c.col+c.cs; k++ {
				occupied[k] = c.rs - 1
			}
		}
	}
}

func (b *boxer) cell(bx *box, row *tableRow, n *node, at int, occupied map[int]int) {
	col := 0
	if k := len(row.cells); k > 0 {
		col = row.cells[k-1].col + row.cells[k-1].cs
	}
	for occupied[col] > 0 && col < maxColumns {
		col++
	}
	if col >= maxColumns || n.tag == "" {
		return
	}
	cb := b.block(n, bx)
	cb.bfc = true
	c := &cell{b: cb, row: at, col: col, rs: spanOf(n, "rowspan"), cs: min(spanOf(n, "colspan"), maxColumns-col)}
	row.cells = append(row.cells, c)
	bx.table.cells = append(bx.table.cells, c)
	bx.children = append(bx.children, cb)
}

// settle makes the columns and, in collapsed tables, the borders; once.
func (l *layouter) settle(b *box) {
	t := b.table
	if t.ready {
		return
	}
	t.ready = true
	t.spacingX, t.spacingY = b.s.spacingX, b.s.spacingY
	t.merge()
	if b.s.collapse {
		t.spacingX, t.spacingY = 0, 0
		l.collapseBorders(b)
	}
}

// merge leaves out the columns that no cell starts in: they have no width and no gap of their own, and a colspan of a
// million makes none.
func (t *table) merge() {
	used := make([]bool, maxColumns+1)
	n := 0
	for _, c := range t.cells {
		c.rs = min(c.rs, len(t.rows)-c.row)
		used[c.col] = true
		n = max(n, c.col+1)
	}
	for i := range t.cols {
		if t.cols[i].fixed || t.cols[i].pct > 0 {
			used[i] = true
			n = max(n, i+1)
		}
	}
	place := make([]int, n+1) // of each old column among those that stay
	k := 0
	for i := range n {
		place[i] = k
		if used[i] {
			k++
		}
	}
	place[n] = k
	cols := make([]column, k)
	for i := range min(n, len(t.cols)) {
		if used[i] {
			cols[place[i]] = t.cols[i]
		}
	}
	t.cols = cols
	for _, c := range t.cells {
		end := min(c.col+c.cs, n)
		c.col, c.cs = place[c.col], max(1, place[end]-place[c.col])
	}
}

// collapseBorders finds the border between each two cells: the widest wins, each cell gets half of it.
func (l *layouter) collapseBorders(b *box) {
	t := b.table
	grid := map[[2]int]*cell{}
	for _, c := range t.cells {
		for r := c.row; r < c.row+min(c.rs, 50); r++ {
			for k := c.col; k < c.col+min(c.cs, 50); k++ {
				grid[[2]int{r, k}] = c
			}
		}
	}
	for _, c := range t.cells {
		cb := c.b.s.border
		var out [4]border
		rowS := t.rows[c.row].s
		up, down := grid[[2]int{c.row - 1, c.col}], grid[[2]int{c.row + c.rs, c.col}]
		le, ri := grid[[2]int{c.row, c.col - 1}], grid[[2]int{c.row, c.col + c.cs}]
		if b.s.rtl {
			le, ri = ri, le
		}
		// Of equal borders that of the cell wins which comes first, the table's last.
		meet := func(o *cell, side int, theirs bool, rows ...border) border {
			mine := cb[side]
			if o == nil {
				return winning(append(append([]border{mine}, rows...), b.s.border[side])...)
			}
			first, second := mine, o.b.s.border[(side+2)%4]
			if theirs {
				first, second = second, first
			}
			return winning(append([]border{first, second}, rows...)...)
		}
		rowB := func(r int, side int) border {
			if r < 0 || r >= len(t.rows) {
				return border{}
			}
			return t.rows[r].s.border[side]
		}
		out[top] = meet(up, top, true, rowB(c.row-1, bottom), rowS.border[top])
		out[bottom] = meet(down, bottom, false, rowB(c.row+c.rs-1, bottom), rowB(c.row+c.rs, top))
		out[left] = meet(le, left, !b.s.rtl)
		out[right] = meet(ri, right, b.s.rtl)
		edge := [4]bool{top: up == nil, bottom: down == nil, left: le == nil, right: ri == nil}
		for i := range out {
			w := out[i].width()
			if edge[i] { // nobody on the other side to take the other half
				continue
			}
			h := floorf(w / 2)
			if i == top || i == left {
				h = w - h
			}
			out[i].w = h
		}
		c.b.collapsedBorder = &out
	}
}

// strength orders the styles of borders that are equally wide (CSS 2.2 section 17.6.2.1).
var strength = [...]uint8{borderNone: 0, borderHidden: 0, borderInset: 1, borderGroove: 2, borderOutset: 3, borderRidge: 4, borderDotted: 5, borderDashed: 6,
	borderSolid: 7, borderDouble: 8}

// winning is the border that is drawn where several meet: the widest, of those the one of the strongest style, of those the first.
func winning(bs ...border) border {
	best := border{}
	for _, x := range bs {
		if x.style == borderHidden {
			return border{}
		}
		if w := x.width(); w > best.width() || w == best.width() && w > 0 && strength[x.style] > strength[best.style] {
			best = x
		}
	}
	switch { // raised and sunk ones are ridges and grooves here (CSS 2.2 section 17.6.3); thin ones plain
	case best.width() < 2 && best.style > borderDouble && best.style != borderHidden:
		best.style = borderSolid
	case best.style == borderInset:
		best.style = borderRidge
	case best.style == borderOutset:
		best.style = borderGroove
	}
	return best
}
