package text

import (
	"image"
	"image/color"

	"github.com/go-text/typesetting/language"
)

// ShapeSpan is a stretch of a paragraph with one look, up to rune End; spans follow each other without gaps.
type ShapeSpan struct {
	End           int // rune index
	Fonts         *FontSet
	Size          float32
	LetterSpacing float32 // added after each cluster, in units
	WordSpacing   float32 // added to each space
	Object        bool    // one U+FFFC that stands for something Width wide
	Width         float32
}

// Shaped is one paragraph resolved, shaped and ready to be broken into lines by its user, who knows about boxes within
// the text and lines of different widths. Not safe for concurrent use while Line is called.
type Shaped struct {
	e     *Engine
	l     *Layout // runes and flags only
	p     para
	cls   []bclass
	runs  []run
	slant []setFace // of each run
	spans []ShapeSpan
	adv   []float32
}

// Shape resolves directions (base is LTR, RTL, or Auto for the first strong character), chooses fonts and shapes one
// paragraph. The runes must not contain separators; they are kept, not copied.
func (e *Engine) Shape(runes []rune, spans []ShapeSpan, base Direction) *Shaped {
	w := e.worker()
	defer e.release(w)
	s := &Shaped{e: e, spans: spans}
	s.l = &Layout{engine: e, runes: runes, flags: make([]uint8, len(runes)+1),
		params: Params{Wrap: WrapWord, Width: 1, Direction: base, Style: Style{Size: 16}}}
	b := builder{e: e, w: w, l: s.l}
	s.p = para{end: int32(len(runes)), sep: int32(len(runes))}
	w.cls = grow(w.cls, len(runes))
	var seen uint32
	for i, r := range runes {
		c := classOf(r)
		if c == clB {
			c = clWS
		}
		w.cls[i] = c
		seen |= 1 << c
	}
	prev := 0
	s.p.level = b.baseLevel(runes, w.cls, &prev)
	var levels []level
	if seen&maskNeedsBidi == 0 && s.p.level == 0 {
		levels = make([]level, len(runes))
	} else {
		w.bidi.resolve(w.cls, runes, int(s.p.level))
		levels = append(levels, w.bidi.levels...)
	}
	s.cls = append([]bclass(nil), w.cls...)
	b.segment(&s.p)
	s.items(w, runes, levels)
	s.advances()
	return s
}

func (e *Engine) worker() *worker {
	select {
	case w := <-e.workers:
		return w
	default:
		return newWorker()
	}
}

func (e *Engine) release(w *worker) {
	select {
	case e.workers <- w:
	default:
	}
}

// items cuts the paragraph where level, script, font or span change, and shapes the parts.
func (s *Shaped) items(w *worker, runes []rune, levels []level) {
	scripts := w.scripts(runes)
	start := 0
	for si := range s.spans {
		sp := &s.spans[si]
		if sp.Object {
			for ; start < sp.End; start++ {
				s.runs = append(s.runs, run{start: int32(start), end: int32(start + 1), level: levels[start], style: int32(si), tab: true,
					face: sp.Fonts.faces[0].f, size: sp.Size, glyphs: []glyph{{gid: noGlyph, cluster: int32(start), adv: sp.Width}}})
				s.slant = append(s.slant, setFace{})
			}
			continue
		}
		for start < sp.End {
			sf, end := s.faceAt(sp, runes, scripts, start)
			sc := scripts[start]
			lv := levels[start]
			for k := start + 1; k < end; k++ {
				if levels[k] != lv || !sameScript(sc, scripts[k]) {
					end = k
					break
				}
				if sc == language.Common {
					sc = scripts[k]
				}
			}
			n := len(s.runs)
			if n > 0 && s.runs[n-1].end == int32(start) && s.runs[n-1].style == int32(si) && !s.runs[n-1].tab && s.slant[n-1] == sf &&
				s.runs[n-1].level == lv && sameScript(s.runs[n-1].script, sc) {
				s.runs[n-1].end = int32(end)
				if s.runs[n-1].script == language.Common {
					s.runs[n-1].script = sc
				}
			} else {
				s.runs = append(s.runs, run{face: sf.f, size: sp.Size, start: int32(start), end: int32(end), level: lv, style: int32(si), script: sc})
				s.slant = append(s.slant, sf)
			}
			start = end
		}
	}
	for i := range s.runs {
		if r := &s.runs[i]; !r.tab {
			w.shape(r, runes, 0)
			s.hide(r.glyphs)
		}
	}
}

// faceAt chooses the font at start and tells up to where it holds at least.
func (s *Shaped) faceAt(sp *ShapeSpan, runes []rune, scripts []language.Script, start int) (setFace, int) {
	end := min(clusterEnd(runes[:sp.End], start), sp.End)
	if joins(scripts[start]) && joinable(runes[start]) {
		for end < sp.End && joinable(runes[end]) && scripts[end] == scripts[start] {
			end++
		}
	}
	return sp.Fonts.faceFor(runes[start:end], scripts[start]), end
}

// hide takes away the pictures of controls, which have no width either.
func (s *Shaped) hide(gs []glyph) {
	for i := range gs {
		g := &gs[i]
		if g.gid == 0 {
			if r := s.l.runes[g.cluster]; invisible(r) {
				*g = glyph{gid: noGlyph, cluster: g.cluster}
			}
		}
	}
}

func (s *Shaped) advances() {
	s.adv = make([]float32, len(s.l.runes))
	for i := range s.runs {
		r := &s.runs[i]
		for _, g := range r.glyphs {
			if s.l.flags[g.cluster]&flagCluster == 0 {
				s.adv[g.cluster] += s.spacing(r, g.cluster)
			}
			s.adv[g.cluster] += g.adv
			s.l.flags[g.cluster] |= flagCluster
		}
	}
	s.l.flags[len(s.l.runes)] |= flagCluster
}

func (s *Shaped) spacing(r *run, cluster int32) float32 {
	sp := &s.spans[r.style]
	if r.tab || sp.LetterSpacing == 0 && sp.WordSpacing == 0 {
		return 0
	}
	x := sp.LetterSpacing
	if joins(r.script) { // letters that join stay joined (CSS Text 4 section 7.2)
		x = 0
	}
	if c := s.l.runes[cluster]; c == ' ' || c == 0xA0 {
		x += sp.WordSpacing
	}
	return x
}

// RTL reports the base direction.
func (s *Shaped) RTL() bool { return s.p.level&1 == 1 }

// Advance is the width of the cluster that starts at rune i, 0 within a cluster.
func (s *Shaped) Advance(i int) float32 { return s.adv[i] }

// CanBreak reports a line break opportunity before rune i (UAX #14).
func (s *Shaped) CanBreak(i int) bool { return s.l.flags[i]&flagBreak != 0 }

// Boundary reports whether a cluster and a grapheme start at rune i.
func (s *Shaped) Boundary(i int) bool {
	const both = flagGrapheme | flagCluster
	return s.l.flags[i]&both == both
}

// Piece is a stretch of a line with one span and level; pieces come in visual order.
type Piece struct {
	Start, End int // runes
	Span       int
	RTL        bool
	Width      float32
	e          *Engine
	face       setFace
	size       float32
	glyphs     []glyph
	runes      []rune // of the paragraph
}

// Line gives the pieces of the line of runes [start, end), left to right.
func (s *Shaped) Line(start, end int) []Piece {
	w := s.e.worker()
	defer s.e.release(w)
	w.cls = append(w.cls[:0], s.cls...)
	b := builder{e: s.e, w: w, l: s.l}
	ln := line{start: int32(start), end: int32(end)}
	ln.pieces = b.pieces(&s.p, s.runs, ln.start, ln.end)
	b.order(&ln, &s.p)
	out := make([]Piece, 0, len(ln.pieces))
	for _, pc := range ln.pieces {
		r := pc.run
		p := Piece{Start: int(pc.start), End: int(pc.end), Span: int(r.style), RTL: pc.level&1 == 1, e: s.e, size: r.size, glyphs: pc.glyphs, runes: s.l.runes}
		p.face = s.faceOf(pc.start)
		if p.face.f == nil {
			p.face.f = r.face
		}
		if sp := &s.spans[r.style]; !r.tab && (sp.LetterSpacing != 0 || sp.WordSpacing != 0) {
			p.glyphs = s.spaced(r, p.glyphs)
		}
		if !r.tab {
			s.hide(p.glyphs)
		}
		for i := range p.glyphs {
			p.Width += p.glyphs[i].adv
		}
		out = append(out, p)
	}
	return out
}

func (s *Shaped) faceOf(at int32) setFace {
	lo, hi := 0, len(s.runs)
	for lo < hi {
		if m := (lo + hi) / 2; s.runs[m].end <= at {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(s.slant) {
		return s.slant[lo]
	}
	return setFace{}
}

// spaced copies glyphs with the span's spacing after the last glyph of each cluster.
func (s *Shaped) spaced(r *run, gs []glyph) []glyph {
	out := append([]glyph(nil), gs...)
	for i := range out {
		if i+1 == len(out) || out[i+1].cluster != out[i].cluster {
			out[i].adv += s.spacing(r, out[i].cluster)
		}
	}
	return out
}

// X is the distance of the caret before rune i from the left edge of the piece.
func (p *Piece) X(i int) float32 {
	if i <= p.Start {
		i = p.Start
	}
	var x float32
	for k := range p.glyphs {
		g := &p.glyphs[k]
		if before := int(g.cluster) < i; before != p.RTL {
			x += g.adv
		}
	}
	return x
}

// Nearest is the rune before which the caret is nearest to a distance from the left edge of the piece, or End; never one within a cluster, such
// as between a letter and its mark. It takes time in proportion to the piece.
func (p *Piece) Nearest(x float32) int {
	at, near := p.Start, abs(x)
	if p.RTL {
		at = p.End
	}
	var pos float32
	for k := range p.glyphs {
		pos += p.glyphs[k].adv
		last := k+1 == len(p.glyphs)
		if !last && p.glyphs[k+1].cluster == p.glyphs[k].cluster {
			continue
		}
		next := int(p.glyphs[k].cluster) // from right to left its rune begins where its glyphs end
		switch {
		case p.RTL && last:
			next = p.Start
		case !p.RTL && last:
			next = p.End
		case !p.RTL:
			next = int(p.glyphs[k+1].cluster)
		}
		if d := abs(x - pos); d < near {
			at, near = next, d
		}
	}
	return at
}

// Decoration tells where an underline and a strike line of the piece's font lie: distances below the baseline (the
// strike's is negative) and the thickness.
func (p *Piece) Decoration() (underline, strike, thick float32) {
	k := p.size / p.face.f.upem
	return p.face.f.ulPos * k, -p.face.f.stPos * k, max(1, p.face.f.ulThick*k)
}

// Metrics are the vertical measures of the piece's own font, which may be a fallback.
func (p *Piece) Metrics() VMetrics {
	f := p.face.f
	k := p.size / f.upem
	return VMetrics{Ascent: f.ascent * k, Descent: f.descent * k, LineGap: f.lineGap * k, XHeight: f.xHeight * k}
}

// Draw paints the piece with its left end at pixel x and its baseline at pixel y.
func (p *Piece) Draw(dst *image.RGBA, x, y, scale float32, col color.NRGBA, clip image.Rectangle) {
	c := newCanvas(dst, clip.Intersect(dst.Bounds()))
	if c.clip.Empty() {
		return
	}
	k := glyphKey{face: p.face.f.id, size: int32(p.size*scale*64 + 0.5), slant: p.face.slant}
	base := float32(round(y))
	for i := range p.glyphs {
		g := &p.glyphs[i]
		px := x + g.dx*scale
		x += g.adv * scale
		if g.gid == noGlyph {
			continue
		}
		var ix, iy int
		ix, k.subX = quarter(px)
		iy, k.subY = quarter(base - g.dy*scale)
		k.gid = g.gid
		img := p.e.glyphImage(p.face.f, k)
		c.glyph(img, ix, iy, col)
		if p.face.bold {
			bx, sub := quarter(px + p.size*scale/24)
			k.subX = sub
			c.glyph(p.e.glyphImage(p.face.f, k), bx, iy, col)
		}
	}
}

// Widen adds to each space of the piece, for justified lines, and returns by how much the piece grew. The runes are
// those of the paragraph.
func (p *Piece) Widen(runes []rune, each float32) float32 {
	gs := append([]glyph(nil), p.glyphs...)
	var d float32
	for i := range gs {
		if runes[gs[i].cluster] == ' ' {
			gs[i].adv += each
			d += each
		}
	}
	p.glyphs = gs
	p.Width += d
	return d
}
