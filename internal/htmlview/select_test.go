package htmlview

import (
	"context"
	"image/color"
	"strings"
	"testing"
)

func laid(t *testing.T, src string, o LayoutOptions) *View {
	t.Helper()
	d, err := Parse(context.Background(), src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.Layout(context.Background(), 600, o)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func find(v *View, s string) int { return len([]rune(strings.Split(string(v.Runes()), s)[0])) }

func TestPlacesInText(t *testing.T) {
	v := laid(t, `<p>First words here.</p><p dir=rtl>سلام کتاب‌ها و 12,400 ریال</p><table><tr><td>a<td>b</table>`, LayoutOptions{})
	at := find(v, "words")
	if s, e := v.WordAt(at + 2); v.Text(s, e) != "words" {
		t.Errorf("the word is %q", v.Text(s, e))
	}
	if s, e := v.WordAt(find(v, "کتاب") + 1); v.Text(s, e) != "کتاب\u200cها" {
		t.Errorf("a half-space ends the word: %q", v.Text(s, e))
	}
	if s, e := v.ParagraphAt(at); v.Text(s, e) != "First words here.\n" {
		t.Errorf("the paragraph is %q", v.Text(s, e))
	}
	a, b := v.Caret(at), v.Caret(at+5)
	if a.X >= b.X || a.Y != b.Y || a.H < 10 {
		t.Errorf("carets %v %v", a, b)
	}
	p := find(v, "سلام")
	if !v.RTLAt(p) || v.RTLAt(at) || v.Caret(p).X <= v.Caret(p+3).X {
		t.Error("a Persian word does not run from right to left")
	}
	for _, pos := range []int{at, p + 1, p + 3} { // p+2 lies within a ligature
		c := v.Caret(pos)
		if got := v.Position(c.X, c.Y+c.H/2); got != pos {
			t.Errorf("the place of %d is that of %d", pos, got)
		}
	}
	if n := v.Next(find(v, "ب\u200cها")); n != find(v, "ها") {
		t.Errorf("the step over a half-space goes to %d", n)
	}
	rects := v.Selection(0, v.Len())
	if len(rects) < 4 || v.Prev(v.Next(at)) != at {
		t.Errorf("%d rectangles", len(rects))
	}
}

func TestQuotesFold(t *testing.T) {
	for name, c := range map[string]struct {
		src  string
		fold bool
	}{
		"gmail":      {`<div>My answer</div><div class="gmail_quote">On Monday<blockquote>old</blockquote></div>`, true},
		"cite":       {`<p>My answer</p><div class="moz-cite-prefix">On Monday</div><blockquote type="cite">old</blockquote><br>`, true},
		"outlook":    {`<div>My answer</div><hr><div id="divRplyFwdMsg">From: A</div><div>old</div>old text`, true},
		"own page":   {`<div>My answer</div><section class="` + QuoteClass + `">old</section>`, true},
		"between":    {`<p>Hello</p><blockquote type="cite">old</blockquote><p>My answer</p>`, false},
		"only quote": {`<blockquote type="cite">old</blockquote>`, false},
		"forward":    {`<div>FYI</div><div class="gmail_quote">---------- Forwarded message ----------<br>old</div>`, false},
		"plain":      {`<p>My answer, old</p>`, false},
	} {
		d, err := Parse(context.Background(), c.src, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d.HasQuote() != c.fold {
			t.Errorf("%s: folds %v", name, d.HasQuote())
		}
		for _, fold := range []bool{false, true} {
			v, err := d.Layout(context.Background(), 600, LayoutOptions{FoldQuote: fold})
			if err != nil {
				t.Fatal(err)
			}
			text := v.Text(0, v.Len())
			if old := strings.Contains(text, "old"); old == (fold && c.fold) {
				t.Errorf("%s, folded %v: %q", name, fold, text)
			}
			if c.fold && !strings.Contains(text, "My answer") {
				t.Errorf("%s: the answer is gone: %q", name, text)
			}
		}
	}
}

func TestWideMailTellsItsExtent(t *testing.T) {
	if got := laid(t, `<table width=900 bgcolor=#123456><tr><td>x</table>`, LayoutOptions{}).Extent(); got < 900 || got > 920 {
		t.Errorf("a table of 900 reaches to %v", got)
	}
	if got := laid(t, `<p>x</p>`, LayoutOptions{}).Extent(); got != 600 {
		t.Errorf("a paragraph reaches to %v", got)
	}
	paper := color.NRGBA{1, 2, 3, 255}
	if got := laid(t, `<p>x</p>`, LayoutOptions{Dark: true, Paper: paper}).Background(); got != paper {
		t.Errorf("the ground in the dark is %v", got)
	}
}
