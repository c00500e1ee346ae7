package text

import (
	"math"
	"testing"
)

var caretTexts = []string{
	"", "a", "سلام", "Hello سلام world", "سلام hello دنیا", "لا إله إلا الله", "office fjord", "e\u0301a\u0308",
	"😀👨‍👩‍👧‍👦🇮🇷", "الف) هزینه (b) ۱۲۳ 456", "a\tb\tسلام", "trailing   ", "سلام   ", "one\ntwo\nسه\n", "\n\n", "می‌خواهم",
	"\xff\xfeabc\x80", "abc \u202Edef\u202C ghi", "नमस्ते क्षत्रिय", "بِسْمِ اللَّهِ",
}

func near(a, b float32) bool { return math.Abs(float64(a-b)) < 0.05 }

// graphemes lists the offsets at which a caret may stand.
func graphemes(l *Layout) []int {
	out := []int{0}
	for o := 0; o < len(l.text); {
		n := l.Next(o)
		if n <= o {
			panic("Next does not advance")
		}
		out = append(out, n)
		o = n
	}
	return out
}

// TestHitRoundTrip: the caret of every position is hit at its own place: the position found stands at the same x, y.
func TestHitRoundTrip(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	texts := append(append([]string(nil), caretTexts...), corpus(t)...)
	for _, s := range texts {
		for _, p := range []Params{{}, {Width: 60, Wrap: WrapWord}, {Width: 300, Align: AlignEnd, Direction: RTL, Wrap: WrapWord}} {
			l := e.Layout(s, nil, p)
			for _, o := range graphemes(l) {
				for _, a := range []Affinity{Downstream, Upstream} {
					r := l.CaretRect(Position{o, a})
					q := l.HitTest(r.X, r.Y+r.H/2)
					got := l.CaretRect(q)
					if !near(got.X, r.X) || !near(got.Y, r.Y) {
						t.Errorf("%q width %v: caret %d/%d at %v,%v is hit as %v at %v,%v", s, p.Width, o, a, r.X, r.Y, q, got.X, got.Y)
					}
				}
			}
		}
	}
}

// TestVisualMovement: going right from the far left passes every place of a line once, in order, and going left comes
// back the same way.
func TestVisualMovement(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	for _, s := range append(append([]string(nil), caretTexts...), corpus(t)...) {
		l := e.Layout(s, nil, Params{})
		for i := range l.lines {
			ln := &l.lines[i]
			if ln.start == ln.end {
				continue
			}
			p := l.hitLine(i, -1e6)
			x := l.CaretRect(p).X
			steps := 0
			for {
				q := l.MoveRight(p)
				if q == p || l.LineAt(q) != i {
					break
				}
				nx := l.CaretRect(q).X
				if nx < x-0.05 {
					t.Errorf("%q: right from %v goes left to %v", s, p, q)
					break
				}
				if steps++; steps > len(s)+1 {
					t.Errorf("%q: MoveRight does not end", s)
					break
				}
				p, x = q, nx
			}
			if end := l.CaretRect(l.hitLine(i, 1e6)).X; !near(x, end) {
				t.Errorf("%q: MoveRight ends at %v, the line at %v", s, x, end)
			}
			for back := 0; ; back++ {
				q := l.MoveLeft(p)
				if q == p || l.LineAt(q) != i {
					if back != steps {
						t.Errorf("%q: %d steps right, %d steps left", s, steps, back)
					}
					break
				}
				p = q
				if back > steps {
					t.Errorf("%q: MoveLeft does not end", s)
					break
				}
			}
		}
	}
}

// TestNextPrev: logical movement visits the same boundaries in both directions.
func TestNextPrev(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	for _, s := range append(append([]string(nil), caretTexts...), corpus(t)...) {
		l := e.Layout(s, nil, Params{})
		g := graphemes(l)
		if g[len(g)-1] != len(s) {
			t.Fatalf("%q: graphemes end at %d", s, g[len(g)-1])
		}
		for i := len(g) - 1; i > 0; i-- {
			if p := l.Prev(g[i]); p != g[i-1] {
				t.Errorf("%q: Prev(%d) = %d, want %d", s, g[i], p, g[i-1])
			}
		}
	}
}

// TestSelectionCovers: the rectangles of all of a line are as wide as the line; those of two halves do not overlap.
func TestSelectionCovers(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	sum := func(rs []Rect) (w float32) {
		for _, r := range rs {
			if r.W < 0 {
				t.Errorf("a rectangle of negative width: %v", r)
			}
			w += r.W
		}
		return w
	}
	for _, s := range corpus(t) {
		l := e.Layout(s, nil, Params{})
		var all float32
		for _, pc := range l.lines[0].pieces {
			all += pc.w
		}
		if w := sum(l.SelectionRects(0, len(s))); !near(w, all) {
			t.Errorf("%q: selected %v of %v", s, w, all)
		}
		for _, o := range graphemes(l) {
			if w := sum(l.SelectionRects(0, o)) + sum(l.SelectionRects(o, len(s))); !near(w, all) {
				t.Errorf("%q cut at %d: %v of %v", s, o, w, all)
			}
		}
	}
}

func TestLamAlefCaret(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	l := e.Layout("لا", nil, Params{})
	x0, x1, x2 := l.CaretRect(Position{0, Downstream}).X, l.CaretRect(Position{2, Downstream}).X, l.CaretRect(Position{4, Upstream}).X
	if !(x0 > x1+1 && x1 > x2+1) {
		t.Errorf("carets of lam-alef stand at %v %v %v: each letter should have its place", x0, x1, x2)
	}
}

func TestWordMovement(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	l := e.Layout("می‌خواهم فردا go home", nil, Params{})
	want := []int{len("می‌خواهم "), len("می‌خواهم فردا "), len("می‌خواهم فردا go "), len("می‌خواهم فردا go home")}
	o := 0
	for _, w := range want {
		if o = l.NextWord(o); o != w {
			t.Errorf("NextWord: %d, want %d", o, w)
		}
	}
	for i := len(want) - 2; i >= 0; i-- {
		if o = l.PrevWord(o); o != want[i] {
			t.Errorf("PrevWord: %d, want %d", o, want[i])
		}
	}
	if a, b := l.WordAt(3); a != 0 || b != len("می‌خواهم") {
		t.Errorf("WordAt: %d %d", a, b)
	}
	if p := l.WordLeft(Position{0, Downstream}); p.Offset != want[0] {
		t.Errorf("in a right-to-left paragraph a word to the left is the next one: %v", p)
	}
}

func TestUpDownKeepsX(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	l := e.Layout("a long first line\nx\nanother long line", nil, Params{})
	p := Position{10, Downstream}
	x := l.CaretRect(p).X
	q, ok := l.MoveLines(p, 2, x)
	if !ok || l.LineAt(q) != 2 || !(abs(l.CaretRect(q).X-x) < 8) {
		t.Errorf("two lines down: %v %v", q, ok)
	}
	if q, ok = l.MoveLines(q, 1, x); ok || q.Offset != len(l.text) {
		t.Errorf("below the last line: %v %v", q, ok)
	}
	if q, ok = l.MovePage(p, true, 1000, x); !ok || l.LineAt(q) != 2 {
		t.Errorf("page down: %v %v", q, ok)
	}
}

// TestMoveOverLines: over a soft line break every step moves by one grapheme, in both directions.
func TestMoveOverLines(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	for _, s := range []string{"one two three four five six", "یک دو سه چهار پنج شش هفت هشت", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"} {
		l := e.Layout(s, nil, Params{Width: 50, Wrap: WrapWord})
		if l.NumLines() < 3 {
			t.Fatalf("%q: %d lines", s, l.NumLines())
		}
		forward, back := l.MoveRight, l.MoveLeft
		if l.RTL() {
			forward, back = back, forward
		}
		p := Position{}
		for o := 0; o < len(s); {
			next := l.Next(o)
			q := forward(p)
			if q.Offset != next {
				t.Fatalf("%q: from %v to %v, want offset %d", s, p, q, next)
			}
			if b := back(q); b.Offset != o {
				t.Fatalf("%q: back from %v to %v, want offset %d", s, q, b, o)
			}
			p, o = q, next
		}
	}
}
