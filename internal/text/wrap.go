package text

import "sort"

// wrap breaks a shaped paragraph into lines and appends them (UAX #14 opportunities are in the flags).
func (b *builder) wrap(pi int32, runs []run) {
	l, p := b.l, b.l.paras[pi]
	limit := l.params.Width
	wrap := l.params.Wrap == WrapWord && limit > 0
	start := p.start
	for {
		last := l.params.MaxLines > 0 && len(l.lines)+1 >= l.params.MaxLines
		end := p.end
		if wrap && !(last && l.params.Ellipsis) {
			end = b.lineEnd(&p, start, limit)
		}
		if last && (end < p.end || p.sep > p.end) {
			b.stopped = true
		}
		b.addLine(pi, runs, start, end, last)
		if end >= p.end || b.stopped {
			return
		}
		start = end
	}
}

// lineEnd finds where the line that starts at rune start ends: trailing spaces belong to it and do not count.
func (b *builder) lineEnd(p *para, start int32, limit float32) int32 {
	l, adv := b.l, b.w.adv
	const slack = 1.0 / 64 // rounding must not break a text at its own natural width
	var w float32
	fit := int32(-1)
	for i := start; i < p.end; i++ {
		f := l.flags[i]
		if i > start {
			if f&flagMust != 0 {
				return i
			}
			if f&flagBreak != 0 {
				fit = i
			}
		}
		a := adv[i-p.start]
		if l.runes[i] == '\t' && !l.params.SingleLine {
			a = b.tabAdvance(w)
		}
		if w += a; w > limit+slack && f&flagSpace == 0 {
			if fit > start {
				return fit
			}
			return b.emergency(p, start, i)
		}
	}
	return p.end
}

// emergency breaks within a word that is longer than the line: before rune i or the last boundary before it, but after at
// least one grapheme.
func (b *builder) emergency(p *para, start, i int32) int32 {
	const both = flagGrapheme | flagCluster
	for k := i; k > start; k-- {
		if b.l.flags[k]&both == both {
			return k
		}
	}
	for k := i + 1; k < p.end; k++ {
		if b.l.flags[k]&both == both {
			return k
		}
	}
	return p.end
}

// tabAdvance is the distance from x to the next tab stop.
func (b *builder) tabAdvance(x float32) float32 {
	stop := b.l.params.Tab
	if stop == 0 {
		stop = 8 * b.spaceWidth()
	}
	n := float32(int(x/stop)) + 1
	a := n*stop - x
	if a < stop/16 { // too near to be seen as a gap
		a += stop
	}
	return a
}

func (b *builder) spaceWidth() float32 {
	f := embeddedFace(b.l.params.Weight)
	gid, _ := f.font.NominalGlyph(' ')
	return b.w.hbFont(f).Face().HorizontalAdvance(gid) * b.l.params.Size / f.upem
}

// addLine builds the line of runes [start, end) and truncates it when it may not go on or is too wide.
func (b *builder) addLine(pi int32, runs []run, start, end int32, last bool) {
	l, p := b.l, &b.l.paras[pi]
	ln := line{start: start, end: end, next: end, para: pi, cut: -1, top: b.y}
	if end == p.end {
		ln.next = p.sep
	}
	natural := b.logicalWidth(p, start, end)
	more := last && ln.next < int32(len(l.runes))
	var dots *run
	if l.params.Ellipsis && (more || l.params.Width > 0 && natural > l.params.Width+1.0/64) {
		dots = b.ellipsisRun(pi)
		ln.cut = b.cutFor(p, start, end, l.params.Width-runWidth(dots))
		if l.params.Width <= 0 {
			ln.cut = end
		}
	}
	shown := end
	if ln.cut >= 0 {
		shown = ln.cut
	}
	ln.pieces = b.pieces(p, runs, start, shown)
	if dots != nil {
		ln.pieces = append(ln.pieces, piece{run: dots, glyphs: dots.glyphs, start: shown, end: end, level: p.level, ellipsis: true})
	}
	b.tabs(p, &ln)
	b.order(&ln, p)
	b.measure(&ln, p)
	l.lines = append(l.lines, ln)
}

func runWidth(r *run) float32 {
	var w float32
	for _, g := range r.glyphs {
		w += g.adv
	}
	return w
}

// logicalWidth is the width of runes [start, end) without trailing spaces.
func (b *builder) logicalWidth(p *para, start, end int32) float32 {
	for end > start && b.l.flags[end-1]&flagSpace != 0 {
		end--
	}
	var w float32
	for i := start; i < end; i++ {
		if b.l.runes[i] == '\t' && !b.l.params.SingleLine {
			w += b.tabAdvance(w)
		} else {
			w += b.w.adv[i-p.start]
		}
	}
	return w
}

// cutFor finds how many runes fit in room before an ellipsis, at a grapheme, without spaces before the dots.
func (b *builder) cutFor(p *para, start, end int32, room float32) int32 {
	const both = flagGrapheme | flagCluster
	l := b.l
	cut, w := start, float32(0)
	for i := start; i <= end; i++ {
		if i == end || l.flags[i]&both == both {
			if w > room {
				break
			}
			cut = i
		}
		if i < end {
			if l.runes[i] == '\t' && !l.params.SingleLine {
				w += b.tabAdvance(w)
			} else {
				w += b.w.adv[i-p.start]
			}
		}
	}
	for cut > start && (l.flags[cut-1]&flagSpace != 0 || l.runes[cut-1] == '…') {
		cut-- // dots of the text's own would stand before those of the cut
	}
	return cut
}

// ellipsisRun shapes "…" in the style and direction of the paragraph.
func (b *builder) ellipsisRun(pi int32) *run {
	st := &b.l.styles[0]
	r := &run{face: embeddedFace(st.Weight), size: st.Size, level: b.l.paras[pi].level, end: 1, script: scriptOf('a')}
	b.w.shape(r, []rune{'…'}, 0)
	return r
}

// pieces cuts the runs to the line [start, end), in logical order, with the levels of rule L1.
func (b *builder) pieces(p *para, runs []run, start, end int32) []piece {
	trail := end // L1: white space at the end of the line takes the paragraph's level
	for trail > start && b.w.cls[trail-1-p.start].in(maskTrailing) {
		trail--
	}
	var out []piece
	lo := 0
	for hi := len(runs); lo < hi; { // first run that reaches into the line
		if m := (lo + hi) / 2; runs[m].end <= start {
			lo = m + 1
		} else {
			hi = m
		}
	}
	for ; lo < len(runs) && runs[lo].start < end; lo++ {
		r := &runs[lo]
		s, e := max(r.start, start), min(r.end, end)
		if r.level == p.level || trail >= e {
			out = append(out, b.part(p, r, s, e, r.level))
			continue
		}
		if m := max(s, trail); m > s {
			out = append(out, b.part(p, r, s, m, r.level))
			s = m
		}
		out = append(out, b.part(p, r, s, e, p.level))
	}
	return out
}

// part takes runes [s, e) out of a run. Where cutting changes the shapes, the part is shaped again, with its neighbours
// as context, so that joined letters keep their forms.
func (b *builder) part(p *para, r *run, s, e int32, lv level) piece {
	pc := piece{run: r, start: s, end: e, level: lv, glyphs: r.glyphs}
	if s == r.start && e == r.end && lv&1 == r.level&1 {
		return pc
	}
	if r.tab || r.box {
		return pc
	}
	if lv&1 != r.level&1 || b.unsafeCut(r, s) || b.unsafeCut(r, e) {
		nr := &run{face: r.face, size: r.size, start: s, end: e, level: lv, style: r.style, script: r.script}
		b.w.shape(nr, b.l.runes[p.start:p.end], p.start)
		pc.run, pc.glyphs = nr, nr.glyphs
		return pc
	}
	pc.glyphs = glyphsOf(r.glyphs, s, e)
	return pc
}

// glyphsOf are the glyphs of a run that stand for its runes [s, e). They are in the order of their clusters, forwards or backwards, and searched for: a long
// paragraph is one run, of which every line takes a part.
func glyphsOf(g []glyph, s, e int32) []glyph {
	from := func(i int32) int { return sort.Search(len(g), func(k int) bool { return g[k].cluster >= i }) }
	if n := len(g); n > 0 && g[0].cluster > g[n-1].cluster {
		back := func(i int32) int { return sort.Search(n, func(k int) bool { return g[k].cluster < i }) }
		return g[back(e):back(s)]
	}
	return g[from(s):from(e)]
}

// unsafeCut reports whether a cut before rune at changes the shaping of the run.
func (b *builder) unsafeCut(r *run, at int32) bool {
	if at <= r.start || at >= r.end {
		return false
	}
	if b.l.flags[at]&flagCluster == 0 {
		return true
	}
	g := glyphsOf(r.glyphs, at, at+1)
	return len(g) == 0 || g[0].unsafe
}

// tabs sets the widths of the tabs of a line; its pieces are still in logical order.
func (b *builder) tabs(p *para, ln *line) {
	var x float32
	for i := range ln.pieces {
		pc := &ln.pieces[i]
		if pc.run.tab {
			r := *pc.run
			r.glyphs = []glyph{{gid: noGlyph, cluster: pc.start, adv: b.tabAdvance(x)}}
			pc.run, pc.glyphs = &r, r.glyphs
		}
		pc.w = 0
		for k := range pc.glyphs {
			pc.w += pc.glyphs[k].adv
		}
		x += pc.w
	}
}

// order puts the pieces into visual order (L2).
func (b *builder) order(ln *line, p *para) {
	if len(ln.pieces) < 2 {
		return
	}
	mixed := false
	b.w.ilv = b.w.ilv[:0]
	for i := range ln.pieces {
		b.w.ilv = append(b.w.ilv, ln.pieces[i].level)
		mixed = mixed || ln.pieces[i].level != 0
	}
	if !mixed {
		return
	}
	b.w.order = visualOrder(b.w.ilv, b.w.order)
	out := make([]piece, len(ln.pieces))
	for i, o := range b.w.order {
		out[i] = ln.pieces[o]
	}
	ln.pieces = out
}
