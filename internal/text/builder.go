package text

import (
	"sort"
	"unicode/utf8"
)

// builder makes one Layout with one worker.
type builder struct {
	e       *Engine
	w       *worker
	l       *Layout
	y       float32
	stopped bool // MaxLines is reached
}

func (b *builder) build(spans []Span) {
	l := b.l
	b.decode()
	b.resolveSpans(spans)
	l.flags = make([]uint8, len(l.runes)+1)
	prev := autoBase
	for lo := int32(0); ; {
		p := b.paragraph(lo)
		b.layoutParagraph(&p, &prev)
		if p.sep == p.end || b.stopped {
			break
		}
		lo = p.sep
	}
	l.flags[len(l.runes)] |= flagGrapheme | flagCluster
	l.height = b.y
	for i := range l.lines {
		l.width = max(l.width, l.lines[i].w)
	}
	if len(l.lines) > 0 {
		l.ascent = l.lines[0].base
	}
	b.alignLines()
}

// decode fills runes and byte offsets.
func (b *builder) decode() {
	l := b.l
	ascii := true
	for i := 0; i < len(l.text); i++ {
		if l.text[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		l.runes = make([]rune, len(l.text))
		for i := range l.runes {
			l.runes[i] = rune(l.text[i])
		}
		b.flatten()
		return
	}
	n := utf8.RuneCountInString(l.text)
	l.runes = make([]rune, 0, n)
	l.off = make([]int32, 0, n+1)
	for i, r := range l.text {
		l.runes = append(l.runes, r)
		l.off = append(l.off, int32(i))
	}
	l.off = append(l.off, int32(len(l.text)))
	b.flatten()
}

// flatten makes spaces of separators and tabs when all is to be one line.
func (b *builder) flatten() {
	if !b.l.params.SingleLine {
		return
	}
	for i, r := range b.l.runes {
		if r != ' ' && isSpace(r) && (r < 0x20 || r == 0x85 || r == 0x2028 || r == 0x2029) {
			b.l.runes[i] = ' '
		}
	}
}

// blank hides the missing-glyph boxes of line separators and the like within a paragraph.
func (b *builder) blank(r *run) {
	for i := range r.glyphs {
		g := &r.glyphs[i]
		if c := b.l.runes[g.cluster]; c == '\v' || c == '\f' || c == 0x2028 {
			*g = glyph{gid: noGlyph, cluster: g.cluster}
		}
	}
}

// resolveSpans turns overlapping byte spans into sorted, disjoint rune ranges.
func (b *builder) resolveSpans(spans []Span) {
	l := b.l
	l.styles = append(l.styles, l.params.Style)
	if len(spans) == 0 {
		return
	}
	type cutSpan struct{ lo, hi, style int32 }
	cs := make([]cutSpan, 0, len(spans))
	edges := make([]int32, 0, 2*len(spans))
	for _, s := range spans {
		lo, hi := l.runeAt(s.Start), l.runeAt(s.End)
		if lo >= hi {
			continue
		}
		st := s.Style
		if !(st.Size > 0) || st.Size > 2000 {
			st.Size = l.params.Size
		}
		l.styles = append(l.styles, st)
		cs = append(cs, cutSpan{lo, hi, int32(len(l.styles) - 1)})
		edges = append(edges, lo, hi)
	}
	sort.Slice(edges, func(i, j int) bool { return edges[i] < edges[j] })
	// Sweep over the edges; active spans are few in practice, the last one given wins.
	starts := make([]int, len(cs))
	for i := range starts {
		starts[i] = i
	}
	sort.SliceStable(starts, func(i, j int) bool { return cs[starts[i]].lo < cs[starts[j]].lo })
	var active []int
	next := 0
	for k := 0; k+1 < len(edges); k++ {
		lo, hi := edges[k], edges[k+1]
		if lo == hi {
			continue
		}
		for next < len(starts) && cs[starts[next]].lo <= lo {
			active = append(active, starts[next])
			next++
		}
		win := -1
		kept := active[:0]
		for _, a := range active {
			if cs[a].hi > lo {
				kept = append(kept, a)
				win = max(win, a)
			}
		}
		active = kept
		if win >= 0 {
			l.spans = append(l.spans, styledRange{lo, hi, cs[win].style})
		}
	}
}

func (b *builder) styleAt(r int32) int32 {
	if len(b.l.spans) == 0 {
		return 0
	}
	return b.l.styleIndex(r)
}

// sameShape reports whether two styles give the same glyphs at the same size, so that one run can hold both.
func (b *builder) sameShape(x, y int32) bool {
	if x == y {
		return true
	}
	p, q := &b.l.styles[x], &b.l.styles[y]
	return p.Size == q.Size && p.Weight == q.Weight && p.Italic == q.Italic && p.Mono == q.Mono && p.Rise == q.Rise
}

// paragraph finds the paragraph that starts at rune lo.
func (b *builder) paragraph(lo int32) para {
	n := int32(len(b.l.runes))
	if b.l.params.SingleLine {
		return para{start: lo, end: n, sep: n}
	}
	for i := lo; i < n; i++ {
		if r := b.l.runes[i]; isSeparator(r) {
			sep := i + 1
			if r == '\r' && sep < n && b.l.runes[sep] == '\n' {
				sep++
			}
			return para{start: lo, end: i, sep: sep}
		}
	}
	return para{start: lo, end: n, sep: n}
}

// layoutParagraph resolves, itemises, shapes and wraps one paragraph and appends its lines. prev carries the base level
// of the paragraph before, for those without a strong character.
func (b *builder) layoutParagraph(p *para, prev *int) {
	l, w := b.l, b.w
	runes := l.runes[p.start:p.end]
	w.cls = grow(w.cls, len(runes))
	var seen uint32
	blanks := false
	for i, r := range runes {
		c := classOf(r)
		blanks = blanks || r == '\v' || r == '\f' || r == 0x2028
		if c == clB {
			c = clWS // information separators and, in single lines, line ends
		}
		w.cls[i] = c
		seen |= 1 << c
	}
	p.level = b.baseLevel(runes, w.cls, prev)
	if seen&maskNeedsBidi == 0 && p.level == 0 {
		w.lv = grow(w.lv, len(runes))
		clear(w.lv)
	} else {
		w.bidi.resolve(w.cls, runes, int(p.level))
		w.lv = append(w.lv[:0], w.bidi.levels...)
	}
	for i, c := range w.cls { // L1 for tabs, here because a tab is an item of its own
		if c == clS {
			w.lv[i] = p.level
		}
	}
	b.segment(p)
	items := b.itemise(p.start, p.end, w.lv)
	runs := make([]run, len(items))
	for i, it := range items {
		r := &runs[i]
		*r = run{face: it.face, size: l.styles[it.style].Size, start: it.start, end: it.end, level: it.level,
			style: it.style, script: it.script, tab: it.tab, box: it.box}
		if it.tab || it.box {
			r.glyphs = []glyph{{gid: noGlyph, cluster: it.start}}
			if it.box {
				r.glyphs[0].adv = l.styles[it.style].BoxW
			}
		} else {
			w.shape(r, runes, p.start)
			if blanks {
				b.blank(r)
			}
		}
	}
	b.advances(p, runs)
	l.paras = append(l.paras, *p)
	b.wrap(int32(len(l.paras)-1), runs)
}

// noGlyph marks a place without a picture: tabs, boxes.
const noGlyph = ^uint32(0)

// baseLevel is the paragraph's base level by Params.Direction.
func (b *builder) baseLevel(runes []rune, cls []bclass, prev *int) level {
	dir := b.l.params.Direction
	switch dir {
	case LTR:
		return 0
	case RTL:
		return 1
	}
	d := strongClass(runes, cls, dir == Field || dir == FieldRTL)
	if d < 0 {
		d = *prev
	}
	if d < 0 {
		d = 0
		if dir == AutoRTL || dir == FieldRTL {
			d = 1
		}
	} else {
		*prev = d
	}
	return level(d)
}

// segment sets the grapheme and line break flags of a paragraph (UAX #29, UAX #14).
func (b *builder) segment(p *para) {
	l := b.l
	runes := l.runes[p.start:p.end]
	flags := l.flags[p.start : p.end+1]
	simple := true
	for i, r := range runes {
		if isSpace(r) {
			flags[i] |= flagSpace
		}
		if r >= 0x300 && !plainLetter(r) || r == 0xAD {
			simple = false
		}
	}
	wrap := l.params.Wrap == WrapWord && l.params.Width > 0
	flags[len(runes)] |= flagGrapheme
	if simple && !wrap {
		for i := range flags {
			flags[i] |= flagGrapheme
		}
		for i := 1; i < len(runes); i++ { // GB3: CR LF is one
			if runes[i] == '\n' && runes[i-1] == '\r' {
				flags[i] &^= flagGrapheme
			}
		}
		return
	}
	w := b.w
	w.seg.Init(runes)
	for it := w.seg.GraphemeIterator(); it.Next(); {
		flags[it.Grapheme().Offset] |= flagGrapheme
	}
	if !wrap {
		return
	}
	for it := w.seg.LineIterator(); it.Next(); {
		ln := it.Line()
		end := ln.Offset + len(ln.Text)
		if end < len(runes) {
			flags[end] |= flagBreak
			if ln.IsMandatoryBreak {
				flags[end] |= flagMust
			}
		}
	}
}

// plainLetter reports letters of Persian and Arabic that are graphemes of their own whatever follows.
func plainLetter(r rune) bool {
	return r >= 0x620 && r <= 0x64A && r != 0x640 || r >= 0x671 && r <= 0x6D5 || r >= 0x6F0 && r <= 0x6F9 ||
		r >= 0x660 && r <= 0x66C || r == 0x60C || r == 0x61B || r == 0x61F || r >= 0x400 && r <= 0x481
}

// advances spreads the glyphs' advances over runes: each cluster's width stands at its first rune.
func (b *builder) advances(p *para, runs []run) {
	w, l := b.w, b.l
	w.adv = grow(w.adv, int(p.end-p.start))
	clear(w.adv)
	for i := range runs {
		for _, g := range runs[i].glyphs {
			w.adv[g.cluster-p.start] += g.adv
			l.flags[g.cluster] |= flagCluster
		}
	}
}
