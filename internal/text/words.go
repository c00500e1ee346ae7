package text

import (
	"slices"
	"strings"
	"unsafe"

	"github.com/go-text/typesetting/language"
)

// Shaping is three quarters of the cost of a layout, and mail repeats its words. Words of the embedded fonts are shaped
// once and kept, in font units. A word is what ends in a space; it is shaped with the first character of the next one,
// because a space may kern with both its neighbours. That is exact where no rule of the font looks further; a test holds
// this for the fonts that we embed, others are shaped run by run.

// wordSet is what a word's glyphs depend on besides its letters.
type wordSet struct {
	face   uint32
	script language.Script
	rtl    bool
}

const (
	maxWordRunes = 40
	maxWordBytes = 1 << 20 // of one worker
)

// shapeWords fills r.glyphs from the cache of words; false when the run must be shaped whole.
func (w *worker) shapeWords(r *run, text []rune, base int32) bool {
	lo, hi := int(r.start-base), int(r.end-base)
	// A letter that stands against a letter of another run may join with it: that needs the context.
	if joins(r.script) && (lo > 0 && joinable(text[lo-1]) && joinable(text[lo]) || hi < len(text) && joinable(text[hi]) && joinable(text[hi-1])) {
		return false
	}
	rtl := r.level&1 == 1
	key := wordSet{r.face.id, r.script, rtl}
	set := w.words[key]
	if set == nil {
		set = map[string][]glyph{}
		w.words[key] = set
	}
	k := r.size / r.face.upem
	out := r.glyphs[:0]
	if cap(out) < hi-lo {
		out = make([]glyph, 0, hi-lo)
	}
	for at := lo; at < hi; {
		from, to := at, wordEnd(text, at, hi)
		if rtl { // visual order: the last word comes first
			to = hi - (at - lo)
			from = wordStart(text, to, lo)
		}
		at += to - from
		if to-from > maxWordRunes {
			return false
		}
		look := to // the character after a space may kern with it
		if look < hi {
			look++
		}
		raw := unsafe.String((*byte)(unsafe.Pointer(&text[from])), 4*(look-from))
		gs, ok := set[raw]
		if !ok {
			gs = appendGlyphs(nil, w.run(r, text[from:look], 0, look-from), 0, 1)
			gs = slices.DeleteFunc(gs, func(g glyph) bool { return int(g.cluster) >= to-from })
			w.remember(set, strings.Clone(raw), gs)
		}
		shift := int32(from) + base
		for i := range gs {
			g := gs[i]
			g.cluster += shift
			g.adv *= k
			g.dx *= k
			g.dy *= k
			out = append(out, g)
		}
	}
	r.glyphs = out
	return true
}

func (w *worker) remember(set map[string][]glyph, word string, gs []glyph) {
	n := len(word) + len(gs)*int(unsafe.Sizeof(glyph{})) + 64
	if w.held+n > maxWordBytes {
		for _, s := range w.words {
			clear(s)
		}
		w.held = 0
	}
	set[word] = gs
	w.held += n
}

// wordEnd is the end of the word at i: a space ends it and belongs to it.
func wordEnd(text []rune, i, hi int) int {
	for i < hi {
		if i++; text[i-1] == ' ' && (i == hi || !isMark(text[i])) {
			return i
		}
	}
	return hi
}

// wordStart is the start of the word that ends before i.
func wordStart(text []rune, i, lo int) int {
	for i--; i > lo; i-- {
		if text[i-1] == ' ' && !isMark(text[i]) {
			return i
		}
	}
	return lo
}
