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
