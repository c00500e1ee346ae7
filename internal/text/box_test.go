package text

import "testing"

// TestBoxesTakeRoom puts a picture into lines of both directions: it takes its room in the order of the text, lines grow with
// it, and the caret passes over it as over a letter.
func TestBoxesTakeRoom(t *testing.T) {
	const picture = "\ufffc"
	for _, c := range []struct {
		text string
		rtl  bool
	}{{"ab" + picture + "cd", false}, {"اب" + picture + "پت", true}} {
		at := len(c.text)/2 - 1
		lay := func(w, h float32) *Layout {
			return Default().Layout(c.text, []Span{{Start: at, End: at + len(picture), Style: Style{BoxW: w, BoxH: h}}},
				Params{Style: Style{Size: 14}, Width: 300, Wrap: WrapWord, LineHeight: 20})
		}
		l := lay(100, 60)
		r := l.SelectionRects(at, at+len(picture))
		if len(r) != 1 || r[0].W != 100 || r[0].H < 60 || l.NumLines() != 1 || l.RTL() != c.rtl {
			t.Fatalf("%q: %+v in %d lines", c.text, r, l.NumLines())
		}
		if line := l.Line(0); line.Baseline < 60 || line.Height < 64 || line.Height > 70 {
			t.Errorf("%q: line of %v, baseline %v", c.text, line.Height, line.Baseline)
		}
		before := l.CaretRect(Position{Offset: at, Affinity: Downstream})
		after := l.CaretRect(Position{Offset: at + len(picture), Affinity: Upstream})
		if d := after.X - before.X; d != 100 && !c.rtl || d != -100 && c.rtl {
			t.Errorf("%q: the caret goes from %v to %v", c.text, before.X, after.X)
		}
		if wide := lay(290, 60); wide.NumLines() < 2 || wide.Height() < 80 {
			t.Errorf("%q: a picture as wide as the text stands in %d lines", c.text, wide.NumLines())
		}
	}
	if h := Default().Layout(picture, nil, Params{LineHeight: 20}).Height(); h != 20 {
		t.Errorf("without a box the line is %v high", h)
	}
}
