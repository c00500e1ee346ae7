package htmlview

import (
	"context"
	"strings"
	"testing"
)

func TestDetailsOpenAndClose(t *testing.T) {
	d, err := Parse(context.Background(), `<body style="margin:0"><details><summary>More</summary>hidden</details><details open><summary>Less</summary>shown</details>`, Options{})
	if err != nil {
		t.Fatal(err)
	}
	layout := func() (v *View, text string) {
		v, err := d.Layout(context.Background(), 400, LayoutOptions{Zoom: 2})
		if err != nil {
			t.Fatal(err)
		}
		return v, v.Text(0, v.Len())
	}
	v, closed := layout()
	if strings.Contains(closed, "hidden") || !v.SummaryAt(30, 10) || v.SummaryAt(30, v.Height()-5) || v.Toggle(30, v.Height()-5) {
		t.Fatalf("closed: %q", closed)
	}
	if !v.Toggle(30, 10) {
		t.Fatal("no summary at the top")
	}
	v, text := layout()
	if !strings.Contains(text, "hidden") || !strings.Contains(text, "shown") || !strings.Contains(text, "▾") {
		t.Errorf("opened: %q", text)
	}
	last := v.Selection(v.Find("Less")[0][0], v.Find("Less")[0][1])[0]
	if !v.Toggle(last.X+2, last.Y+2) {
		t.Error("no summary at the second one")
	}
	if _, text = layout(); strings.Contains(text, "shown") || !strings.Contains(text, "hidden") {
		t.Errorf("the second one closed: %q", text)
	}
	v.Toggle(30, 10)
	v.Toggle(last.X+2, last.Y+2)
	if _, text = layout(); text != closed {
		t.Errorf("back again: %q, want %q", text, closed)
	}
}
