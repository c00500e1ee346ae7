package text

import (
	"strings"
	"unsafe"

	"github.com/go-text/typesetting/language"
)

// Shaping is three quarters of the cost of a layout, and mail repeats its words. Words of the embedded fonts are shaped
// once and kept, in font units. A word is what ends in a space; it is kept with the first character of the next one,
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

// word is one word of a run that is being shaped.
type word struct {
	from, to int     // runes of the paragraph
	glyphs   []glyph // in font units, clusters counted from the word; nil: not shaped yet
}

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
	words := w.cut[:0]
	missing := false
	for at := lo; at < hi; {
		to := wordEnd(text, at, hi)
		if to-at > maxWordRunes {
			return false
		}
		gs := set[letters(text, at, to, hi)]
		words = append(words, word{at, to, gs})
		missing = missing || gs == nil
		at = to
	}
	w.cut = words
	if missing && !w.shapeMissing(r, text, hi, words, set) {
		return false
	}
	k := r.size / r.face.upem
	out := r.glyphs[:0]
	if cap(out) < hi-lo {
		out = make([]glyph, 0, hi-lo)
	}
	for i := range words {
		wd := &words[i]
		if rtl { // visual order: the last word comes first
			wd = &words[len(words)-1-i]
		}
		shift := int32(wd.from) + base
		for _, g := range wd.glyphs {
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

// letters is the key of a word: its characters, and the one after, with which its last space may kern. It lives in text.
func letters(text []rune, from, to, hi int) string {
	if to < hi {
		to++
	}
	return unsafe.String((*byte)(unsafe.Pointer(&text[from])), 4*(to-from))
}

// shapeMissing shapes the words without glyphs, those that follow each other at once: most of what shaping costs is paid for
// each call. It is false when the shaper made one cluster of two words.
func (w *worker) shapeMissing(r *run, text []rune, hi int, words []word, set map[string][]glyph) bool {
	for i := 0; i < len(words); i++ {
		if words[i].glyphs != nil {
			continue
		}
		n := i + 1
		for n < len(words) && words[n].glyphs == nil {
			n++
		}
		from, end := words[i].from, words[n-1].to
		look := min(end+1, hi)
		gs := appendGlyphs(nil, w.run(r, text[from:look], 0, look-from), int32(from), 1)
		if !divide(gs, words[i:n], end, r.level&1 == 1) {
			return false
		}
		raw := strings.Clone(letters(text, from, end, hi))
		for _, wd := range words[i:n] {
			at := 4 * (wd.from - from)
			w.remember(set, raw[at:at+4*(min(wd.to+1, hi)-wd.from)], wd.glyphs)
		}
		i = n
	}
	return true
}

// divide gives each word its glyphs of gs, which stand in visual order with clusters counted as the words are. What lies
// beyond end is of the character after them.
func divide(gs []glyph, words []word, end int, rtl bool) bool {
	for i := range words {
		wd := &words[i]
		if rtl {
			wd = &words[len(words)-1-i]
		}
		a := 0
		for a < len(gs) && int(gs[a].cluster) >= end {
			a++
		}
		b := a
		for b < len(gs) && int(gs[b].cluster) >= wd.from && int(gs[b].cluster) < wd.to {
			b++
		}
		if a == b {
			return false
		}
		wd.glyphs, gs = gs[a:b:b], gs[b:]
		for k := range wd.glyphs {
			g := &wd.glyphs[k]
			if g.cluster -= int32(wd.from); g.cluster == 0 {
				g.unsafe = false // between words lies a space
			}
		}
	}
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
