package htmlview

import (
	"context"
	"testing"
)

// The text of a picture that is not there begins where the text around it does.
func TestAlternativeTextBeginsWhereTextDoes(t *testing.T) {
	for dir, right := range map[string]bool{"ltr": false, "rtl": true} {
		doc, err := Parse(context.Background(), `<div dir="`+dir+`"><img src="https://example.org/x.png" width="300" height="80" alt="تصویر"></div>`, Options{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := doc.Layout(context.Background(), 600, LayoutOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var box, alt *op
		for i := range v.ops {
			switch o := &v.ops[i]; o.kind {
			case opBorder:
				box = o
			case opText:
				alt = o
			}
		}
		if box == nil || alt == nil {
			t.Fatalf("%s: the frame %v, the text %v", dir, box, alt)
		}
		if atRight := box.x+box.w-alt.x-alt.w < 10; atRight != right || alt.x < box.x {
			t.Errorf("%s: the text from %v to %v, in a frame from %v to %v", dir, alt.x, alt.x+alt.w, box.x, box.x+box.w)
		}
	}
}
