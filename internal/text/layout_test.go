package text

import (
	"slices"
	"strings"
	"testing"
)

func testEngine() *Engine { return New(Options{NoSystemFonts: true}) }

func TestAlign(t *testing.T) {
	e := testEngine()
	for _, c := range []struct {
		text  string
		dir   Direction
		align Align
		side  string
	}{
		{"hello", Auto, AlignStart, "left"}, {"hello", Auto, AlignEnd, "right"}, {"سلام", Auto, AlignStart, "right"},
		{"سلام", Auto, AlignEnd, "left"}, {"hello", RTL, AlignStart, "right"}, {"سلام", LTR, AlignStart, "left"},
		{"hello", Auto, AlignRight, "right"}, {"سلام", Auto, AlignLeft, "left"}, {"سلام", Auto, AlignCenter, "center"},
		{"123", AutoRTL, AlignStart, "right"}, {"Re: سلام", Field, AlignStart, "right"}, {"Re: سلام", Auto, AlignStart, "left"},
	} {
		l := e.Layout(c.text, nil, Params{Width: 300, Direction: c.dir, Align: c.align})
		ln := l.Line(0)
		left, right := ln.X, 300-ln.X-ln.Width
		got := "center"
		switch {
		case near(left, 0):
			got = "left"
		case near(right, 0):
			got = "right"
		case !near(left, right):
			got = "nowhere"
		}
		if got != c.side {
			t.Errorf("%q %v %v: at the %s, want %s", c.text, c.dir, c.align, got, c.side)
		}
	}
}

// TestWrap: lines are within the width, hold all of the text, and break where UAX #14 allows.
func TestWrap(t *testing.T) {
	e := testEngine()
	text := "این یک متن فارسی (with English words) است که باید در چند خط شکسته شود، و آدرس https://example.com/a/very/long/path هم دارد."
	for _, width := range []float32{60, 100, 180, 350} {
		l := e.Layout(text, nil, Params{Width: width, Wrap: WrapWord})
		at := 0
		for i := range l.NumLines() {
			ln := l.Line(i)
			if ln.Start != at {
				t.Fatalf("width %v: line %d starts at %d, want %d", width, i, ln.Start, at)
			}
			at = ln.End
			if ln.Width > width+0.1 {
				t.Errorf("width %v: line %d is %v wide", width, i, ln.Width)
			}
			if i > 0 && width > 200 && text[ln.Start-1] != ' ' && text[ln.Start-1] != '/' {
				t.Errorf("width %v: line %d breaks after %q", width, i, text[:ln.Start])
			}
		}
		if at != len(text) {
			t.Errorf("width %v: the lines end at %d of %d", width, at, len(text))
		}
	}
}

// TestNaturalWidth: a text laid out in exactly the width that it takes is neither broken nor cut.
func TestNaturalWidth(t *testing.T) {
	e := testEngine()
	for _, s := range corpus(t) {
		w := e.Layout(s, nil, Params{}).Width()
		l := e.Layout(s, nil, Params{Width: w, Wrap: WrapWord, Ellipsis: true, MaxLines: 1})
		if l.NumLines() != 1 || l.Truncated() {
			t.Errorf("%q: %d lines, truncated %v at its own width %v", s, l.NumLines(), l.Truncated(), w)
		}
	}
}

func TestLongWordBreaks(t *testing.T) {
	e := testEngine()
	for _, s := range []string{strings.Repeat("x", 200), strings.Repeat("سلام", 50), "👨‍👩‍👧" + strings.Repeat("e\u0301", 60)} {
		l := e.Layout(s, nil, Params{Width: 70, Wrap: WrapWord})
		if l.NumLines() < 3 {
			t.Errorf("%.20q: only %d lines", s, l.NumLines())
		}
		g := map[int]bool{}
		for _, o := range graphemes(e.Layout(s, nil, Params{})) {
			g[o] = true
		}
		for i := range l.NumLines() {
			if !g[l.Line(i).Start] {
				t.Errorf("%.20q: line %d starts within a grapheme", s, i)
			}
		}
	}
}

// TestJoinsSurviveCuts: the letters on both sides of a cut, by a line or a colour or a weight, keep their joined forms.
func TestJoinsSurviveCuts(t *testing.T) {
	e := testEngine()
	forms := func(l *Layout) (g []uint32) {
		for i := range l.lines {
			ps := l.lines[i].pieces
			for k := len(ps) - 1; k >= 0; k-- { // a right-to-left line: logical order is from the right
				for j := len(ps[k].glyphs) - 1; j >= 0; j-- {
					g = append(g, ps[k].glyphs[j].gid)
				}
			}
		}
		return g
	}
	s := "بسیسشبسیشس"
	want := forms(e.Layout(s, nil, Params{}))
	narrow := e.Layout(s, nil, Params{Width: 30, Wrap: WrapWord})
	if narrow.NumLines() < 2 {
		t.Fatal("the word was not broken")
	}
	styled := e.Layout(s, []Span{{4, 8, Style{Italic: true}}, {10, 12, Style{Underline: true}}}, Params{})
	for name, l := range map[string]*Layout{"lines": narrow, "styles": styled} {
		got := forms(l)
		if len(got) != len(want) {
			t.Fatalf("%s: %d glyphs, want %d", name, len(got), len(want))
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: glyph %d is %d, want %d", name, i, got[i], want[i])
			}
		}
	}
}

func TestEllipsis(t *testing.T) {
	e := testEngine()
	for _, s := range []string{"A subject that is much too long for its row", "یک عنوان که برای جای خود بسیار بلند است و تمام نمی‌شود"} {
		l := e.Layout(s, nil, Params{Width: 120, Ellipsis: true, SingleLine: true})
		ln := l.Line(0)
		if !l.Truncated() || !ln.Truncated || l.Width() > 120 {
			t.Fatalf("%q: truncated %v, %v wide", s, l.Truncated(), l.Width())
		}
		ps := l.lines[0].pieces
		dots, at := ps[len(ps)-1], "right"
		if l.RTL() {
			dots, at = ps[0], "left"
		}
		if !dots.ellipsis {
			t.Errorf("%q: the dots are not at the %s", s, at)
		}
	}
	if l := e.Layout("one\ntwo", nil, Params{MaxLines: 1, Ellipsis: true}); l.NumLines() != 1 || !l.Truncated() {
		t.Errorf("a second paragraph is cut off without dots: %d lines", l.NumLines())
	}
	l := e.Layout("یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده", nil, Params{Width: 80, Wrap: WrapWord, MaxLines: 2, Ellipsis: true})
	if l.NumLines() != 2 || l.Line(0).Truncated || !l.Line(1).Truncated {
		t.Errorf("two lines with dots: %d lines", l.NumLines())
	}
	if l := e.Layout("wide", nil, Params{Width: 3, Ellipsis: true}); l.NumLines() != 1 {
		t.Error("no room even for the dots")
	}
}

func TestTabs(t *testing.T) {
	e := testEngine()
	l := e.Layout("a\tb\nlonger\tb", nil, Params{Tab: 80})
	x0, x1 := l.CaretRect(Position{2, Downstream}).X, l.CaretRect(Position{11, Downstream}).X
	if !near(x0, 80) || !near(x1, 80) {
		t.Errorf("tab stops at %v and %v, want 80", x0, x1)
	}
	r := e.Layout("آ\tب", nil, Params{Tab: 80, Width: 300})
	if x := r.CaretRect(Position{3, Downstream}).X; !near(x, 220) {
		t.Errorf("the tab stop from the right is at %v, want 220", x)
	}
}

func TestParagraphDirections(t *testing.T) {
	e := testEngine()
	l := e.Layout("hello\nسلام\n123\nabc", nil, Params{Width: 300})
	for i, want := range []bool{false, true, true, false} {
		if l.Line(i).RTL != want {
			t.Errorf("paragraph %d: right-to-left is %v", i, !want)
		}
	}
	if n := e.Layout("a\r\nb\rc\u2029d\n", nil, Params{}).NumLines(); n != 5 {
		t.Errorf("%d lines, want 5", n)
	}
	if n := e.Layout("a\nb", nil, Params{SingleLine: true}).NumLines(); n != 1 {
		t.Errorf("a single line has %d lines", n)
	}
	if n := e.Layout("", nil, Params{}).NumLines(); n != 1 {
		t.Errorf("the empty text has %d lines", n)
	}
}

func TestSpans(t *testing.T) {
	e := testEngine()
	s := "0123456789"
	spans := []Span{{0, 6, Style{Link: "a"}}, {4, 8, Style{Link: "b", Weight: Bold}}, {5, 5, Style{Link: "no"}}, {-3, 1, Style{Link: "c"}}, {9, 99, Style{Link: "d"}}}
	l := e.Layout(s, spans, Params{})
	got := ""
	for i := range s {
		if k := l.LinkAt(i); k == "" {
			got += "-"
		} else {
			got += k
		}
	}
	if got != "caaabbbb-d" {
		t.Errorf("links are %q", got)
	}
	if l2 := e.Layout(s, spans, Params{}); l2 != l {
		t.Error("the same text is laid out twice")
	}
	spans[0].Link = "x"
	if l2 := e.Layout(s, spans, Params{}); l2 == l || l2.LinkAt(2) != "x" {
		t.Error("a changed span is not seen")
	}
}

func TestLineHeight(t *testing.T) {
	e := testEngine()
	l := e.Layout("a\nسلام", nil, Params{LineHeight: 22})
	if l.Height() != 44 || l.Line(1).Y != 22 {
		t.Errorf("height %v, second line at %v", l.Height(), l.Line(1).Y)
	}
	if b := l.Line(0).Baseline; b < 12 || b > 20 {
		t.Errorf("baseline at %v of 22", b)
	}
}

func TestWordBoundariesOfCJK(t *testing.T) {
	l := testEngine().Layout("中文中文中文", nil, Params{Width: 20, Wrap: WrapWord})
	if l.NumLines() < 2 {
		t.Errorf("ideographs may break anywhere: %d lines", l.NumLines())
	}
}

// TestSeparatorsAreNotBoxes: characters that end lines paint nothing, in a single line too.
func TestSeparatorsAreNotBoxes(t *testing.T) {
	e := testEngine()
	space := e.Layout("a b", nil, Params{}).Width()
	for _, c := range []string{"\n", "\t", "\u2028", "\v", "\f", "\u0085", "\u2029"} {
		if l := e.Layout("a"+c+"b", nil, Params{SingleLine: true}); l.Width() != space || !drawable(l) {
			t.Errorf("%q in a single line: %v wide, a space makes %v", c, l.Width(), space)
		}
	}
	for _, c := range []string{"\u2028", "\v", "\f"} {
		l := e.Layout("a"+c+"b", nil, Params{Width: 100, Wrap: WrapWord})
		if l.NumLines() != 2 || l.Line(0).Width >= space {
			t.Errorf("%q: %d lines, the first %v wide", c, l.NumLines(), l.Line(0).Width)
		}
	}
}

// TestGlyphsOfAPart: searching finds the glyphs that looking at each one finds, in runs of either direction.
func TestGlyphsOfAPart(t *testing.T) {
	e := testEngine()
	back := 0
	for _, s := range corpus(t) {
		l := e.Layout(s, nil, Params{})
		for _, ln := range l.lines {
			for _, pc := range ln.pieces {
				r := pc.run
				if n := len(r.glyphs); n > 0 && r.glyphs[0].cluster > r.glyphs[n-1].cluster {
					back++
				}
				for from := r.start; from < r.end; from++ {
					for to := from + 1; to <= min(r.end, from+9); to++ {
						var want []glyph
						for _, g := range r.glyphs {
							if g.cluster >= from && g.cluster < to {
								want = append(want, g)
							}
						}
						if got := glyphsOf(r.glyphs, from, to); !slices.Equal(got, want) {
							t.Fatalf("%q, runes %d to %d: %v, want %v", s, from, to, got, want)
						}
					}
				}
			}
		}
	}
	if back == 0 {
		t.Error("no run goes from right to left")
	}
}
