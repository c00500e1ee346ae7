package text

import (
	"image"
	"math"
	"sync"
	"testing"
	"unicode/utf8"
)

// checkLayout asks everything of a layout, at every byte offset, and checks what must always hold.
func checkLayout(t *testing.T, l *Layout) {
	t.Helper()
	s := l.Text()
	if l.NumLines() < 1 || !(l.Height() > 0) || math.IsNaN(float64(l.Width())) {
		t.Fatalf("%q: %d lines, %v x %v", s, l.NumLines(), l.Width(), l.Height())
	}
	end := 0
	for i := range l.NumLines() {
		ln := l.Line(i)
		if ln.Start < end || ln.End < ln.Start || ln.End > len(s) {
			t.Fatalf("%q: line %d is [%d, %d) after %d", s, i, ln.Start, ln.End, end)
		}
		end = ln.End
	}
	for o := -1; o <= len(s)+1; o++ {
		for _, a := range []Affinity{Downstream, Upstream} {
			p := Position{o, a}
			r := l.CaretRect(p)
			for _, q := range []Position{l.MoveLeft(p), l.MoveRight(p), l.LineStart(p), l.LineEnd(p), l.WordLeft(p), l.WordRight(p), l.HitTest(r.X, r.Y)} {
				if q.Offset < -1 || q.Offset > len(s)+1 {
					t.Fatalf("%q: from %v to %v", s, p, q)
				}
			}
		}
		if n := l.Next(o); n < min(o, len(s)) || n > len(s) || o >= 0 && o < len(s) && n <= o {
			t.Fatalf("%q: Next(%d) = %d", s, o, n)
		}
		if p := l.Prev(o); p < 0 || o > 0 && p >= o {
			t.Fatalf("%q: Prev(%d) = %d", s, o, p)
		}
		l.SelectionRects(0, o)
		l.WordAt(o)
		l.LinkAt(o)
	}
}

func FuzzLayout(f *testing.F) {
	for _, s := range append(caretTexts, "\u202E\u2067\u2069\u202C", "a\r\n\r\rb\u2028c\u2029d", "\t\t\u0300\u200D\uFE0F", "ﷺ\u0301") {
		f.Add(s, uint16(60), uint8(0), uint8(3))
	}
	e := New(Options{NoSystemFonts: true})
	img := image.NewRGBA(image.Rect(0, 0, 40, 40))
	f.Fuzz(func(t *testing.T, s string, width uint16, kind, from uint8) {
		if len(s) > 300 {
			return
		}
		p := Params{Width: float32(width % 300), Direction: Direction(kind % 6), Align: Align(kind % 5), Wrap: Wrap(kind >> 1 & 1),
			MaxLines: int(kind >> 2 & 3), Ellipsis: kind&16 != 0, SingleLine: kind&32 != 0}
		spans := []Span{{int(from % 16), int(from), Style{Weight: Weight(kind & 3), Underline: true}}, {2, 9, Style{Size: 20, Italic: true}}}
		l := e.Layout(s, spans, p)
		checkLayout(t, l)
		l.Draw(img, 3.3, -2, Paint{Scale: 1.5, SelStart: 1, SelEnd: int(from), SelColor: premulTest})
		for _, g := range []string{Sanitize(s), Visible(s), Isolate(s)} {
			if utf8.ValidString(s) && !utf8.ValidString(g) {
				t.Fatalf("%q became invalid: %q", s, g)
			}
		}
		if v := Visible(s); Visible(v) != v {
			t.Fatalf("Visible(%q) is not idempotent", s)
		}
		if v := Sanitize(s); Sanitize(v) != v {
			t.Fatalf("Sanitize(%q) is not idempotent: %q then %q", s, v, Sanitize(v))
		}
		FieldDirection(s)
	})
}

// FuzzDocument compares a document with a plain string under edits.
func FuzzDocument(f *testing.F) {
	f.Add("hello\nسلام", []byte{1, 2, 3, 0, 0, 1, 7, 9, 2})
	e := New(Options{NoSystemFonts: true})
	pieces := []string{"", "\n", "a", "سلام", "\r\n", "x\ny\nz", "\xff", "۱\u2029"}
	f.Fuzz(func(t *testing.T, s string, ops []byte) {
		if len(s) > 200 || len(ops) > 60 {
			return
		}
		d := NewDocument(e, Params{Width: 50, Wrap: WrapWord})
		d.SetText(s)
		want := normalise(s)
		for len(ops) >= 3 {
			a, b, n := int(ops[0]), int(ops[1]), normalise(pieces[ops[2]%8])
			ops = ops[3:]
			a, b = min(a, len(want)), min(b, len(want))
			if a > b {
				a, b = b, a
			}
			if end := d.Replace(a, b, n); end != a+len(n) {
				t.Fatalf("Replace returns %d", end)
			}
			want = want[:a] + n + want[b:]
			if d.Text() != want || d.Len() != len(want) {
				t.Fatalf("text %q, want %q", d.Text(), want)
			}
			r := d.CaretRect(Position{Offset: a})
			d.HitTest(r.X, r.Y)
			d.MoveLines(Position{Offset: a}, 1, r.X)
			d.SelectionRects(0, b, 0, 1000)
		}
	})
}

// TestConcurrent lays out and paints the same texts from many goroutines; the race detector watches.
func TestConcurrent(t *testing.T) {
	e := New(Options{NoSystemFonts: true, GlyphBytes: 20000, LayoutBytes: 100000})
	texts := corpus(t)
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			img := image.NewRGBA(image.Rect(0, 0, 300, 60))
			for i := range texts {
				s := texts[(i*7+g*31)%len(texts)]
				l := e.Layout(s, nil, Params{Width: 200, Wrap: WrapWord, Style: Style{Weight: Weight(g % 4)}})
				l.Draw(img, 0, 0, Paint{})
				l.CaretRect(l.HitTest(50, 5))
				l.WordAt(3)
			}
		})
	}
	wg.Wait()
	if e.glyphs.bytes > 20000 || e.layouts.used > 100000 {
		t.Errorf("caches hold %d and %d bytes", e.glyphs.bytes, e.layouts.used)
	}
}
