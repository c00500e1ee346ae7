package htmlview

// cellWidths are the least and greatest width of a cell as a border box.
func (l *layouter) cellWidths(c *cell) (mn, mx float32, fixed bool, pct float32) {
	l.measure(c.b)
	l.edges(c.b, 0)
	mn, mx = c.b.min, c.b.max
	s := c.b.s
	switch {
	case s.width.percent():
		pct = s.width.pct
	case s.width.set && s.width.px > 0:
		w := c.b.borderBoxW(s.width, 0)
		if s.nowrap() && c.b.n != nil {
			if _, attr := c.b.n.attr("nowrap"); attr { // the attribute yields to a width
				mn = max(mn, w)
			}
		}
		mx, fixed = max(mn, w), true
	}
	return mn, max(mn, mx), fixed, pct
}

// unbounded is how wide a table of fixed layout would like to be whose width is a percentage: as browsers have it, it takes all room.
const unbounded = 1e6

// tableMeasure finds the widths of columns and table.
func (l *layouter) tableMeasure(b *box) {
	l.settle(b)
	l.edges(b, 0)
	t := b.table
	for _, c := range t.cells {
		if c.cs == 1 {
			mn, mx, fixed, pct := l.cellWidths(c)
			col := &t.cols[c.col]
			if fixed && !col.fixed {
				col.max, col.fixed = max(mx, col.min), true
			} else if fixed || !col.fixed {
				col.max = max(col.max, mx)
			}
			col.min = max(col.min, mn)
			col.max = max(col.max, col.min)
			col.pct = max(col.pct, pct)
		}
	}
	for span := 2; span <= len(t.cols); span++ { // the narrow ones first, as CSS Tables wants it
		for _, c := range t.cells {
			if c.cs == span {
				l.spread(t, c)
			}
		}
	}
	mn, mx := t.columnSums()
	b.min, b.max = mn+b.hEdges(), mx+b.hEdges()
	for _, cp := range t.captions {
		m, _ := l.outer(cp)
		b.min = max(b.min, m)
	}
	s := b.s
	if s.width.set && !s.width.percent() {
		w := max(b.min, b.borderBoxW(s.width, 0))
		b.min, b.max = w, w
	}
	if s.tableFixed && s.width.percent() {
		b.max = max(b.max, unbounded)
	}
	if s.maxW.set && !s.maxW.percent() {
		b.max = max(b.min, min(b.max, b.borderBoxW(s.maxW, 0)))
	}
	if s.minW.set && !s.minW.percent() {
		w := b.borderBoxW(s.minW, 0)
		b.min, b.max = max(b.min, w), max(b.max, w)
	}
	b.max = max(b.max, b.min)
}

// columnSums are the least and greatest width of all columns with the gaps around them; no more than 100 percent are given out.
func (t *table) columnSums() (mn, mx float32) {
	total := float32(0)
	for i := range t.cols {
		if t.cols[i].pct > 0 {
			t.cols[i].pct = min(t.cols[i].pct, max(0, 100-total))
			total += t.cols[i].pct
		}
	}
	gaps := t.spacingX * float32(len(t.cols)+1)
	if len(t.cols) == 0 {
		gaps = 0
	}
	var rest, wide float32
	for i := range t.cols {
		c := &t.cols[i]
		mn += c.min
		mx += c.max
		if c.pct > 0 {
			wide = max(wide, c.max*100/c.pct)
		} else {
			rest += c.max
		}
	}
	if total > 0 && rest > 0 {
		wide = max(wide, rest*100/max(1, 100-total))
	}
	return mn + gaps, max(mx, min(wide, 1e5)) + gaps
}

// spread gives what a spanning cell wants to its columns.
func (l *layouter) spread(t *table, c *cell) {
	mn, mx, fixed, pct := l.cellWidths(c)
	cols := t.cols[c.col : c.col+c.cs]
	gaps := t.spacingX * float32(c.cs-1)
	var sumMin, sumMax, sumPct float32
	auto, free := 0, 0
	for i := range cols {
		sumMin += cols[i].min
		sumMax += cols[i].max
		sumPct += cols[i].pct
		if cols[i].pct == 0 {
			free++
			if !cols[i].fixed {
				auto++
			}
		}
	}
	if pct > sumPct && free > 0 {
		for i := range cols {
			if cols[i].pct == 0 {
				share := 1 / float32(free)
				if sumMax > 0 && free == len(cols) {
					share = cols[i].max / sumMax
				}
				cols[i].pct = (pct - sumPct) * share
			}
		}
	}
	if mn-gaps > sumMin { // as a table of that width would give it out
		part := append([]column(nil), cols...)
		autoColumns(part, mn-gaps)
		for i := range cols {
			cols[i].min = max(cols[i].min, part[i].w)
		}
	}
	if auto > 0 || fixed { // columns of a given width do not grow with what spans them
		widen(cols, mx-gaps-sumMax, auto > 0)
	}
	for i := range cols {
		cols[i].max = max(cols[i].max, cols[i].min)
	}
}

// widen makes the greatest widths of columns larger by extra, in proportion to what they are; auto: only those of automatic ones.
func widen(cols []column, extra float32, auto bool) {
	if extra <= 0 {
		return
	}
	takes := func(k *column) bool { return !auto || !k.fixed && k.pct == 0 }
	var sum float32
	n := 0
	for i := range cols {
		if takes(&cols[i]) {
			sum += cols[i].max
			n++
		}
	}
	for i := range cols {
		switch k := &cols[i]; {
		case !takes(k):
		case sum > 0:
			k.max += extra * (k.max / sum)
		default:
			k.max += extra / float32(n)
		}
	}
}

// tableWidth sets the width of a table in its container.
func (l *layouter) tableWidth(b *box, cbw, avail float32) {
	l.measure(b)
	l.edges(b, cbw)
	switch {
	case b.s.width.set && (b.s.width.px > 0 || b.s.width.pct > 0):
		b.w = b.borderBoxW(b.s.width, cbw)
	default:
		b.w = min(b.max, avail)
	}
	b.w = max(b.clampW(b.w, cbw), b.min)
	if b.s.tableFixed && b.s.width.set {
		b.w = max(b.clampW(b.borderBoxW(b.s.width, cbw), cbw), b.hEdges())
		b.w = max(b.w, l.fixedLeast(b)) // a width of nothing is what Google Sheets writes for "as wide as the columns"
	}
}

// fixedLeast is how wide a table of fixed layout is at least: as its columns of a given width (CSS 2.2 section 17.5.2.1).
func (l *layouter) fixedLeast(b *box) float32 {
	t := b.table
	sum := b.hEdges()
	if len(t.cols) > 0 {
		sum += t.spacingX * float32(len(t.cols)+1)
	}
	given, _ := l.givenWidths(t, 0)
	for _, w := range given {
		sum += max(0, w)
	}
	return sum
}

// givenWidths are the widths that the col elements and the first row give to columns, -1 for those that they give none, and which of them are
// percentages.
func (l *layouter) givenWidths(t *table, avail float32) (given []float32, percent []bool) {
	given, percent = make([]float32, len(t.cols)), make([]bool, len(t.cols))
	for i := range t.cols {
		given[i] = -1
		if s := t.cols[i].s; s != nil && s.width.set && (s.width.px > 0 || s.width.pct > 0) {
			given[i], percent[i] = s.width.of(avail), s.width.percent()
		}
	}
	if len(t.rows) == 0 {
		return given, percent
	}
	for _, c := range t.rows[0].cells {
		w := c.b.s.width
		if !w.set || w.px <= 0 && w.pct <= 0 {
			continue
		}
		l.edges(c.b, 0)
		var v float32
		if !w.percent() || avail > 0 {
			v = c.b.borderBoxW(w, avail)
		}
		for k := c.col; k < c.col+c.cs; k++ {
			if s := t.cols[k].s; s == nil || !s.width.set { // a col element has the first word
				given[k], percent[k] = v/float32(c.cs), w.percent()
			}
		}
	}
	return given, percent
}

// columnWidths distributes the width of the table over its columns (CSS Tables 3 section 4.3).
func (l *layouter) columnWidths(b *box) {
	t := b.table
	if len(t.cols) == 0 {
		return
	}
	avail := max(0, b.w-b.hEdges()-t.spacingX*float32(len(t.cols)+1))
	if b.s.tableFixed && b.s.width.set {
		l.fixedColumns(t, avail)
	} else {
		autoColumns(t.cols, avail)
	}
	x := b.b[left] + b.p[left] + t.spacingX
	for i := range t.cols {
		t.cols[i].x = x
		x += t.cols[i].w + t.spacingX
	}
}

func autoColumns(cols []column, avail float32) {
	guess := func(level int, c *column) float32 {
		switch {
		case c.pct > 0 && level >= 1:
			return max(c.min, c.pct/100*avail)
		case c.fixed && level >= 2, level >= 3 && c.pct == 0:
			return c.max
		}
		return c.min
	}
	sum := func(level int) (s float32) {
		for i := range cols {
			s += guess(level, &cols[i])
		}
		return s
	}
	lower := sum(0)
	if avail <= lower {
		for i := range cols {
			cols[i].w = cols[i].min
		}
		return
	}
	for level := 1; level <= 3; level++ {
		upper := sum(level)
		if avail <= upper {
			f := float32(0)
			if upper > lower {
				f = (avail - lower) / (upper - lower)
			}
			for i := range cols {
				g := guess(level-1, &cols[i])
				cols[i].w = g + (guess(level, &cols[i])-g)*f
			}
			return
		}
		lower = upper
	}
	growColumns(cols, avail-lower, func(c *column) float32 { return guess(3, c) })
}

// growColumns gives what is left over to the automatic columns, else to the fixed ones, else to those with percentages.
func growColumns(cols []column, extra float32, base func(*column) float32) {
	class := func(c *column) int {
		switch {
		case c.pct > 0:
			return 2
		case c.fixed:
			return 1
		}
		return 0
	}
	want := 3
	for i := range cols {
		want = min(want, class(&cols[i]))
	}
	var sum float32
	n := 0
	weight := func(c *column) float32 {
		if want == 2 {
			return c.pct
		}
		return c.max
	}
	for i := range cols {
		if class(&cols[i]) == want {
			sum += weight(&cols[i])
			n++
		}
	}
	for i := range cols {
		c := &cols[i]
		c.w = base(c)
		if class(c) == want {
			if sum > 0 {
				c.w += extra * weight(c) / sum
			} else {
				c.w += extra / float32(n)
			}
		}
	}
}

// fixedColumns is the fixed algorithm: only the first row and the col elements count.
func (l *layouter) fixedColumns(t *table, avail float32) {
	given, percent := l.givenWidths(t, avail)
	var units, shares float32
	for i, g := range given {
		if percent[i] {
			shares += g
		} else {
			units += max(0, g)
		}
	}
	for i := range given { // too much altogether: percentages are of what the others leave
		if percent[i] && units+shares > avail {
			given[i] *= max(0, avail-units) / shares
		}
	}
	used, n := float32(0), 0
	for _, g := range given {
		if g >= 0 {
			used += g
		} else {
			n++
		}
	}
	for i := range t.cols {
		switch {
		case given[i] < 0:
			t.cols[i].w = max(0, avail-used) / float32(n)
		case n == 0 && used > 0:
			t.cols[i].w = given[i] * avail / used
		default:
			t.cols[i].w = given[i]
		}
	}
}
