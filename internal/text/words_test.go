package text

import (
	"testing"

	"github.com/go-text/typesetting/language"
)

// sameShapes compares a run shaped whole and by words.
func sameShapes(t *testing.T, w *worker, f *face, s string, script language.Script, lv level) {
	t.Helper()
	text := []rune(s)
	whole := run{face: f, size: 16, end: int32(len(text)), level: lv, script: script}
	whole.glyphs = appendGlyphs(nil, w.run(&whole, text, 0, len(text)), 0, 16/f.upem)
	words := whole
	words.glyphs = nil
	for pass := range 3 { // words shaped together, the same from the cache, from a cache of words shaped one by one
		if pass == 2 {
			shapeApart(w, &words, text)
		}
		if !w.shapeWords(&words, text, 0) {
			t.Fatalf("%q is not shaped by words", s)
		}
		if len(words.glyphs) != len(whole.glyphs) {
			t.Fatalf("%q: %d glyphs by words, %d whole", s, len(words.glyphs), len(whole.glyphs))
		}
		for i, g := range words.glyphs {
			h := whole.glyphs[i]
			g.unsafe, h.unsafe = false, false
			if g != h {
				t.Fatalf("%q: glyph %d is %+v by words, %+v whole", s, i, g, h)
			}
		}
	}
}

// shapeApart fills the cache with the words of a run, each shaped by itself.
func shapeApart(w *worker, r *run, text []rune) {
	set := w.words[wordSet{r.face.id, r.script, r.level&1 == 1}]
	clear(set)
	for at := 0; at < len(text); {
		to := wordEnd(text, at, len(text))
		w.shapeMissing(r, text, len(text), []word{{from: at, to: to}}, set)
		at = to
	}
}

// TestWordsAreSafe: no rule of the embedded fonts looks over a space. Every letter is tried on both sides of one, and two
// letters around one, in the corpus's company.
func TestWordsAreSafe(t *testing.T) {
	w := newWorker()
	for weight := Regular; weight <= Bold; weight++ {
		f := embeddedFace(weight)
		var latin, arabic []rune
		for r := rune(0x21); r < 0x2100; r++ {
			if r >= 0x7F && r < 0xA0 || !f.has(r) || isMark(r) || invisible(r) {
				continue
			}
			if scriptOf(r) == language.Arabic {
				arabic = append(arabic, r)
			} else {
				latin = append(latin, r)
			}
		}
		if len(latin) < 200 || len(arabic) < 80 {
			t.Fatalf("only %d and %d characters", len(latin), len(arabic))
		}
		step := 1
		if weight != Regular {
			step = 5 // the weights share their rules
		}
		for i := 0; i < len(latin); i += step {
			a := string(latin[i])
			sameShapes(t, w, f, "T"+a+" "+a+"A "+a+" "+string(latin[(i*7+3)%len(latin)])+"  v.", language.Latin, 0)
		}
		for i := 0; i < len(arabic); i += step {
			a := string(arabic[i])
			sameShapes(t, w, f, "ب"+a+" "+a+"ر "+a+" "+string(arabic[(i*7+3)%len(arabic)])+"  الله (و)", language.Arabic, 1)
		}
	}
	f := embeddedFace(Regular)
	for _, s := range corpus(t) {
		runes := []rune(s)
		lv := level(0)
		script := language.Latin
		if HasRTL(s) {
			lv, script = 1, language.Arabic
		}
		sameShapes(t, w, f, string(runes), script, lv)
	}
}
