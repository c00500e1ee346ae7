package text

import (
	"bytes"
	"testing"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"golang.org/x/image/font/gofont/goregular"
)

// What stands between Arabic words in a font that knows no Arabic is shaped without rules for it, and looks the same.
func TestBetweenArabicWordsNoRulesAreMadeUp(t *testing.T) {
	ff, err := font.ParseTTF(bytes.NewReader(goregular.TTF))
	if err != nil {
		t.Fatal(err)
	}
	latin, persian := newFace(ff.Font), embeddedFace(Regular)
	if latin.arabic || !persian.arabic {
		t.Fatalf("rules for Arabic: %v in a Latin font, %v in a Persian one", latin.arabic, persian.arabic)
	}
	w := newWorker()
	for _, s := range []string{" ", "  (12) ", " – «", "…", "3.14%", "[a]"} {
		text := []rune(s)
		for _, lv := range []level{0, 1} {
			r := run{face: latin, size: 16, end: int32(len(text)), level: lv, script: language.Arabic}
			if shapedAs(&r, text) != language.Common {
				t.Errorf("%q is shaped as Arabic", s)
			}
			got := appendGlyphs(nil, w.run(&r, text, 0, len(text)), 0, 1)
			b := harfbuzz.NewBuffer()
			b.AddRunes(text, 0, len(text))
			b.Props = harfbuzz.SegmentProperties{Script: language.Arabic, Language: "fa", Direction: harfbuzz.LeftToRight}
			if lv == 1 {
				b.Props.Direction = harfbuzz.RightToLeft
			}
			b.Shape(w.hbFont(latin), nil)
			want := appendGlyphs(nil, b, 0, 1)
			if len(got) != len(want) {
				t.Fatalf("%q: %d glyphs, as Arabic %d", s, len(got), len(want))
			}
			for i := range got {
				got[i].unsafe, want[i].unsafe = false, false
				if got[i] != want[i] {
					t.Errorf("%q at level %d: glyph %d is %+v, as Arabic %+v", s, lv, i, got[i], want[i])
				}
			}
		}
	}
	for _, f := range []*face{latin, persian} {
		r := run{face: f, script: language.Arabic}
		if s := shapedAs(&r, []rune("سلام ")); s != language.Arabic {
			t.Errorf("Arabic letters are shaped as %v", s)
		}
	}
	if r := (run{face: persian, script: language.Arabic}); shapedAs(&r, []rune(" 12 ")) != language.Arabic {
		t.Error("digits in a Persian font lose their forms")
	}
}
