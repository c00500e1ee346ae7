package htmlview

import (
	"context"
	"image"
	"testing"
)

// A drawing that a message brings along, or that was fetched, is painted like one in a data: address.
func TestADrawingFromTheHost(t *testing.T) {
	raw := []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10" fill="#f00"/><image href="https://x.example/t.png"/></svg>`)
	img := DecodeImage(raw, 1000)
	if img == nil || img.Bounds().Dx() != 10 {
		t.Fatalf("the drawing is %v", img)
	}
	if DecodeImage(raw, 99) != nil || DecodeImage([]byte("<svg width='30000' height='30000'/>"), 1<<30) != nil || DecodeImage([]byte("<svg"), 1000) != nil {
		t.Error("too large, or broken, and decoded")
	}
	d, err := Parse(context.Background(), `<body style="margin:0"><img src="cid:logo" width="100" height="100"></body>`, Options{Images: func(string) image.Image { return img }})
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.Layout(context.Background(), 200, LayoutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(image.Rect(0, 0, 120, 120))
	if err := v.Paint(out, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	for _, p := range []image.Point{{1, 1}, {98, 98}} {
		if c := out.RGBAAt(p.X, p.Y); c.R != 255 || c.G != 0 {
			t.Errorf("%v is %v", p, c)
		}
	}
	if c := out.RGBAAt(110, 50); c.G != 255 {
		t.Errorf("beside it: %v", c)
	}
}

// Lines are as wide as the drawing is large, and one unit where nothing else is said; one radius rounds all corners.
func TestLinesAndCornersOfDrawings(t *testing.T) {
	svg := func(size, inside string) string {
		return strictPage + `<svg style="display:block" ` + size + ` viewBox="0 0 40 40">` + inside + `</svg>`
	}
	line := `<path d="M0 20 H40" stroke="#f00" stroke-width="10"/>`
	checkPixels(t, svg(`width=200 height=200`, line), pixel{100, 77, red}, pixel{100, 122, red}, pixel{100, 70, paper}, pixel{100, 130, paper})
	checkPixels(t, svg(`width=20 height=20`, line), pixel{10, 10, red}, pixel{10, 6, paper}, pixel{10, 13, paper})
	checkPixels(t, svg(`width=400 height=400`, `<path d="M0 20 H40" stroke="red"/>`), pixel{100, 196, red}, pixel{100, 203, red}, pixel{100, 190, paper}, pixel{100, 210, paper})
	for _, radius := range []string{`rx="20"`, `ry='20'`, `rx="20" ry="20"`} {
		checkPixels(t, svg(`width=40 height=40`, `<rect width="40" height="40" fill="red" `+radius+`/>`), pixel{1, 1, paper}, pixel{38, 38, paper}, pixel{20, 20, red}, pixel{20, 1, red})
	}
	checkPixels(t, svg(`width=40 height=40`, `<rect width="40" height="40" fill="red"/>`), pixel{1, 1, red})
}
