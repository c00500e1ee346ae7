package text

import (
	"testing"
)

// TestFallback uses the fonts of the system it runs on: what they cover must be drawn, in one font for each word of
// joined letters, with marks in the font of their base.
func TestFallback(t *testing.T) {
	e := New(Options{CacheDir: t.TempDir()})
	called := make(chan struct{}, 100)
	cancel := e.OnChange(func() {
		select {
		case called <- struct{}{}:
		default:
		}
	})
	defer cancel()
	first := e.Layout("שלום", nil, Params{})
	if !first.incomplete || first.Stale() {
		t.Error("the first layout waited for fonts")
	}
	ready(t, e, "שלום", nil, Params{})
	<-called
	if e.Generation() == 0 || !first.Stale() {
		t.Error("fonts came, and the first layout is not stale")
	}
	if len(e.fallbacks.prints) == 0 {
		t.Log("this system has no fonts")
		return
	}
	for _, s := range corpus(t) {
		l := ready(t, e, s, nil, Params{})
		for i := range l.lines {
			ps := l.lines[i].pieces
			for k := range ps {
				pc := &ps[k]
				if !joins(pc.run.script) || pc.start == 0 {
					continue
				}
				prev := l.runes[pc.start-1]
				if joinable(l.runes[pc.start]) && joinable(prev) && scriptOf(prev) == pc.run.script && fontAt(l, pc.start-1) != pc.run.face {
					t.Errorf("%q: letters that may join are split over fonts at %d", s, pc.start)
				}
			}
		}
		for i, r := range l.runes {
			if i > 0 && isMark(r) && fontAt(l, int32(i)) != fontAt(l, int32(i-1)) {
				t.Errorf("%q: mark %d is in another font than its base", s, i)
			}
		}
	}
}

// fontAt is the face that draws a rune.
func fontAt(l *Layout, r int32) *face {
	for i := range l.lines {
		for k := range l.lines[i].pieces {
			if pc := &l.lines[i].pieces[k]; pc.start <= r && r < pc.end {
				return pc.run.face
			}
		}
	}
	return nil
}

// TestNoSystemFonts: with system fonts off nothing is looked for, ever.
func TestNoSystemFonts(t *testing.T) {
	e := testEngine()
	for _, s := range corpus(t) {
		if l := e.Layout(s, nil, Params{Style: Style{Mono: true}}); l.incomplete {
			t.Fatalf("%q waits for fonts", s)
		}
	}
	f := New(Options{})
	f.SetSystemFonts(false)
	if f.Layout("שלום", nil, Params{}).incomplete {
		t.Error("SetSystemFonts(false) does not hold")
	}
	if e.fallbacks.running || e.fallbacks.indexed || e.Generation() != 0 {
		t.Error("system fonts were looked for")
	}
}

// TestADocumentThatAsksForTheEmbeddedFontGetsIt: also where it is not installed, in both scripts and behind fonts that are not there.
func TestADocumentThatAsksForTheEmbeddedFontGetsIt(t *testing.T) {
	e := New(Options{})
	s := e.FontSet([]string{"No Such Font", "Vazirmatn", "Arial"}, 700, false)
	installed, _ := e.fallbacks.family(embeddedName, true, false)
	for _, text := range []string{"سلام", "hello"} {
		if got := s.faceFor([]rune(text)[:1], 0); got.f != embeddedFace(Bold) && (installed == nil || got.f != installed) {
			t.Errorf("%s is drawn with another font", text)
		}
	}
}
