package text

import (
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
)

// glyph is one positioned glyph of a run, in units; y grows upwards as in the font.
type glyph struct {
	gid     uint32
	cluster int32 // index of the first rune of its cluster, in the whole text
	adv     float32
	dx, dy  float32
	unsafe  bool // breaking before this cluster changes the shaping
}

// run is a stretch of text of one font, size, level and script, shaped. Glyphs are in visual order, left to right.
type run struct {
	face       *face
	size       float32
	start, end int32 // runes
	level      level
	style      int32 // index into Layout.styles
	script     language.Script
	tab        bool
	box        bool // room for something that is no text
	glyphs     []glyph
}

// worker holds what is not safe for concurrent use: the shaper's buffer, per-font caches, scratch space.
type worker struct {
	buf   *harfbuzz.Buffer
	fonts map[uint32]*harfbuzz.Font
	words map[wordSet]map[string][]glyph
	held  int // bytes in words
	cut   []word
	seg   segmenter.Segmenter
	bidi  bidiPara
	cls   []bclass
	adv   []float32
	items []item
	ilv   []level
	order []int32
	lv    []level
	faces []*face
	scr   []language.Script
}

func newWorker() *worker {
	return &worker{buf: harfbuzz.NewBuffer(), fonts: map[uint32]*harfbuzz.Font{}, words: map[wordSet]map[string][]glyph{}}
}

func (w *worker) hbFont(f *face) *harfbuzz.Font {
	hf := w.fonts[f.id]
	if hf == nil {
		if len(w.fonts) >= 48 { // a mail in forty scripts must not pin forty fonts' caches for ever
			clear(w.fonts)
			w.buf = harfbuzz.NewBuffer()
		}
		hf = harfbuzz.NewFont(font.NewFace(f.font))
		w.fonts[f.id] = hf
	}
	return hf
}

// shape fills r.glyphs from the paragraph's runes (text[0] is rune number base of the whole text). The text around the
// run is context, so that letters join across a change of style.
func (w *worker) shape(r *run, text []rune, base int32) {
	defer func() {
		// System fonts are not ours: one with broken tables must cost its glyphs, not the window.
		if recover() != nil {
			w.buf = harfbuzz.NewBuffer()
			delete(w.fonts, r.face.id)
			r.glyphs = notdefs(r)
		}
	}()
	if r.face.words && w.shapeWords(r, text, base) {
		return
	}
	b := w.run(r, text, int(r.start-base), int(r.end-base))
	r.glyphs = appendGlyphs(r.glyphs[:0], b, base, r.size/r.face.upem)
}

// run shapes text[lo:hi] with the font, script and direction of r.
func (w *worker) run(r *run, text []rune, lo, hi int) *harfbuzz.Buffer {
	b := w.buf
	b.Clear()
	b.AddRunes(text, lo, hi-lo)
	script := shapedAs(r, text[lo:hi])
	b.Props.Script = script
	b.Props.Language = scriptLanguage(script)
	b.Props.Direction = harfbuzz.LeftToRight
	if r.level&1 == 1 {
		b.Props.Direction = harfbuzz.RightToLeft
	}
	b.Shape(w.hbFont(r.face), nil)
	return b
}

// shapedAs is the script whose rules shape a run. For a font without rules for Arabic letters the shaper makes some up from the presentation
// forms, anew each time it is called, which takes longer than all else: what has no such letters, the spaces and digits between words of another
// font, does without.
func shapedAs(r *run, text []rune) language.Script {
	if r.script != language.Arabic || r.face.arabic {
		return r.script
	}
	for _, c := range text {
		if joinable(c) {
			return r.script
		}
	}
	return language.Common
}

// appendGlyphs takes the shaper's result, with lengths multiplied by k and clusters counted from base.
func appendGlyphs(out []glyph, b *harfbuzz.Buffer, base int32, k float32) []glyph {
	if need := len(out) + len(b.Info); cap(out) < need {
		grown := make([]glyph, len(out), need)
		copy(grown, out)
		out = grown
	}
	for i := range b.Info {
		in, pos := &b.Info[i], &b.Pos[i]
		out = append(out, glyph{
			gid:     uint32(in.Glyph),
			cluster: int32(in.Cluster) + base,
			adv:     float32(pos.XAdvance) * k,
			dx:      float32(pos.XOffset) * k,
			dy:      float32(pos.YOffset) * k,
			unsafe:  in.Mask&harfbuzz.GlyphUnsafeToBreak != 0,
		})
	}
	return out
}

func notdefs(r *run) []glyph {
	gs := make([]glyph, 0, r.end-r.start)
	for i := r.start; i < r.end; i++ {
		gs = append(gs, glyph{cluster: i, adv: r.size / 2})
	}
	if r.level&1 == 1 {
		for a, b := 0, len(gs)-1; a < b; a, b = a+1, b-1 {
			gs[a], gs[b] = gs[b], gs[a]
		}
	}
	return gs
}

// scriptLanguage chooses the language whose letter forms are wanted: Vazirmatn and the Noto fonts have localised forms
// of Arabic letters and digits, and a Persian reader's program wants the Persian ones.
func scriptLanguage(s language.Script) language.Language {
	switch s {
	case language.Arabic:
		return "fa"
	case language.Hebrew:
		return "he"
	}
	return "en"
}
