package htmlview

// Grids (CSS Grid Layout 1), as far as mails have them: columns of fixed, flexible and automatic width, filled row by row; items that
// name their columns or span several. Rows are as high as their highest item. Named lines and areas, and rows that items name, are
// passed over: such an item stands where the next one does.

// track is a column of a grid.
type track struct {
	width length  // not set: by its share, or by its content
	share float32 // of what is left: fr; 0: none
	least float32 // of a share, in units
}

// gridStyle is what a style says about grids.
type gridStyle struct {
	on      bool    // the box is a grid
	columns []track // none: one, as wide as the grid
	fill    bool    // columns are repeated as often as they have room
	fit     bool    // and no more often than there are items
	across  bool    // items without columns stand beside each other
	start   int     // of an item: the column that it begins in, from 1; 0: the next; below 0: from the last
	end     int     // the line that it ends at; 0: none is named
	span    int     // how many columns it takes; 0: one
}

// gridCell is where an item stands.
type gridCell struct {
	c         *box
	row       int
	col, span int
}

// maxTracks bounds the columns of a grid.
const maxTracks = 100

// gridTracks are the columns of a grid of a width: the repeated ones as often as there is room.
func (b *box) gridTracks(cw float32) []track {
	g := &b.s.grid
	ts := g.columns
	switch {
	case len(ts) == 0 && g.across && len(b.children) > 0:
		return make([]track, min(len(b.children), maxTracks))
	case len(ts) == 0:
		return []track{{share: 1}}
	case !g.fill:
		return ts
	}
	var one float32
	for _, t := range ts {
		one += max(t.width.of(cw), t.least) + b.s.gap
	}
	n := 1
	if one > b.s.gap {
		n = max(1, min(maxTracks/len(ts), int((cw+b.s.gap+0.01)/one)))
	}
	if g.fit {
		n = max(1, min(n, (len(b.children)+len(ts)-1)/len(ts)))
	}
	var out []track
	for range n {
		out = append(out, ts...)
	}
	return out
}

// gridPlaces finds the cell of each item.
func (b *box) gridPlaces(n int) []gridCell {
	var out []gridCell
	row, col := 0, 0
	for _, c := range b.children {
		g := &c.s.grid
		from, span := g.start, max(1, g.span)
		if from < 0 {
			from = max(1, n+2+from)
		}
		if end := g.end; end != 0 {
			if end < 0 {
				end = n + 2 + end
			}
			if from == 0 {
				from = max(1, end-span)
			}
			span = max(1, end-from)
		}
		span = min(span, n)
		at := col
		if from > 0 {
			at = min(from, n) - 1
			span = min(span, n-at)
		}
		if at < col || at+span > n {
			row, col = row+1, 0
			if from == 0 {
				at = 0
			}
		}
		out = append(out, gridCell{c, row, at, span})
		col = at + span
	}
	return out
}

// gridContent is the least and the greatest width that the items of each column ask for.
func (l *layouter) gridContent(cells []gridCell, n int) (least, most []float32) {
	least, most = make([]float32, n), make([]float32, n)
	for _, k := range cells {
		if k.span == 1 {
			mn, mx := l.outer(k.c)
			least[k.col], most[k.col] = max(least[k.col], mn), max(most[k.col], mx)
		}
	}
	return least, most
}

// gridMeasure sums what the columns ask for.
func (l *layouter) gridMeasure(b *box) {
	ts := b.gridTracks(0)
	least, most := l.gridContent(b.gridPlaces(len(ts)), len(ts))
	for i, t := range ts {
		mn, mx := max(least[i], t.least), max(most[i], t.least)
		if t.width.set && !t.width.percent() {
			mn, mx = t.width.px, t.width.px
		}
		if i > 0 {
			mn, mx = mn+b.s.gap, mx+b.s.gap
		}
		b.min, b.max = b.min+mn, b.max+mx
	}
}

// gridWidths divides the width of a grid among its columns.
func (l *layouter) gridWidths(b *box, ts []track, cells []gridCell, cw float32) []float32 {
	ws := make([]float32, len(ts))
	least, most := l.gridContent(cells, len(ts))
	free := cw - b.s.gap*float32(len(ts)-1)
	var shares, wish, need float32
	autos := 0
	for i, t := range ts {
		switch {
		case t.width.set:
			ws[i] = max(0, t.width.of(cw))
			free -= ws[i]
		case t.share > 0:
			shares += t.share
		default:
			autos++
			wish, need = wish+most[i], need+least[i]
		}
	}
	for i, t := range ts {
		if t.width.set || t.share > 0 {
			continue
		}
		switch {
		case wish <= free && shares == 0: // what is left is theirs
			ws[i] = most[i] + (free-wish)/float32(autos)
		case wish <= free:
			ws[i] = most[i]
		case wish > need:
			ws[i] = least[i] + max(0, free-need)*(most[i]-least[i])/(wish-need)
		default:
			ws[i] = least[i]
		}
	}
	if shares > 0 {
		for i, t := range ts {
			if !t.width.set && t.share == 0 {
				free -= ws[i]
			}
		}
		shareOut(ts, ws, least, free)
	}
	return ws
}

// shareOut gives flexible columns their shares; those whose content needs more get that first.
func shareOut(ts []track, ws, least []float32, free float32) {
	fixed := make([]bool, len(ts))
	for range len(ts) + 1 {
		var sum float32
		for i, t := range ts {
			if !t.width.set && t.share > 0 && !fixed[i] {
				sum += t.share
			}
		}
		if sum == 0 {
			return
		}
		one, again := max(0, free)/max(1, sum), false
		for i, t := range ts {
			if t.width.set || t.share == 0 || fixed[i] {
				continue
			}
			ws[i] = one * t.share
			if floor := max(least[i], t.least); floor > ws[i]+0.01 {
				ws[i], fixed[i], again = floor, true, true
				free -= floor
			}
		}
		if !again {
			return
		}
	}
}

// gridItem gives an item its width and its place in a column that is w wide.
func (l *layouter) gridItem(b, c *box, x, w float32) {
	al := b.justifyOf(c)
	l.width(c, w, w, al != justStretch)
	free := w - c.w - c.m[left] - c.m[right]
	l.place(c, b, x, w)
	if b.s.rtl { // it stands at the right edge now
		free = -free
	}
	switch {
	case c.autoL || c.autoR:
	case al == justCenter:
		c.x += free / 2
	case al == justEnd:
		c.x += free
	}
}

// gridLayout lays the items out; it returns the lower end of the content.
func (l *layouter) gridLayout(b *box, x0, y0, cw, inner float32) float32 {
	ts := b.gridTracks(cw)
	cells := b.gridPlaces(len(ts))
	ws := l.gridWidths(b, ts, cells, cw)
	left := make([]float32, len(ts)+1)
	for i, w := range ws {
		left[i+1] = left[i] + w + b.s.gap
	}
	y := y0
	for len(cells) > 0 {
		r, n := flexRow{}, 0
		for n < len(cells) && cells[n].row == cells[0].row {
			k := &cells[n]
			w := left[k.col+k.span] - b.s.gap - left[k.col]
			x := x0 + left[k.col]
			if b.s.rtl {
				x = x0 + cw - left[k.col] - w
			}
			l.gridItem(b, k.c, x, w)
			l.block(k.c, &floats{}, 0, 0)
			r.kids = append(r.kids, k.c)
			r.h = max(r.h, k.c.h+k.c.m[top]+k.c.m[bottom])
			n++
		}
		if n == len(b.children) {
			r.h = max(r.h, inner) // one row fills a height that is given
		}
		for i := range r.kids {
			l.flexCross(b, &r, r.kids[i], y)
			l.relative(r.kids[i], ws[cells[i].col])
		}
		y += r.h + b.s.rowGap
		cells = cells[n:]
	}
	if len(b.children) > 0 {
		y -= b.s.rowGap
	}
	return max(y, y0+inner)
}
