package htmlview

import (
	"context"
	"image"
	"testing"
)

// In a dark window text must be readable also where the picture behind it was not loaded.
func TestDarkTextOverAMissingPicture(t *testing.T) {
	for name, src := range map[string]string{
		"body":  `<body background="https://x.example/y.png"><h1>News</h1></body>`,
		"cell":  `<table background="https://x.example/y.png"><tr><td style="background-image:url(https://x.example/z.png)"><h1>News</h1></td></tr></table>`,
		"image": `<div style="position:relative"><img src="https://x.example/y.png" width="300" height="100"><h1 style="position:absolute;top:0;left:0">News</h1></div>`,
	} {
		d, err := Parse(context.Background(), src, Options{})
		if err != nil {
			t.Fatal(err)
		}
		v, err := d.Layout(context.Background(), 400, LayoutOptions{Dark: true})
		if err != nil {
			t.Fatal(err)
		}
		img := image.NewRGBA(image.Rect(0, 0, 400, 120))
		if err := v.Paint(img, 0, 0, 1); err != nil {
			t.Fatal(err)
		}
		light := 0
		for i := 0; i < len(img.Pix); i += 4 {
			if img.Pix[i] > 180 && img.Pix[i+1] > 180 && img.Pix[i+2] > 180 {
				light++
			}
		}
		if light < 100 {
			t.Errorf("%s: only %d light pixels: the text cannot be read", name, light)
		}
	}
}
