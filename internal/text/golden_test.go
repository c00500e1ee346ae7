package text

import (
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// TestGolden compares small pictures with those in testdata; another processor may round a little differently.
func TestGolden(t *testing.T) {
	e := testEngine()
	link := color.NRGBA{15, 118, 110, 255}
	for name, c := range map[string]struct {
		text  string
		spans []Span
		p     Params
		paint Paint
	}{
		"mixed":    {"Re: جلسه (ساعت ۱۰:۳۰) با John Smith", nil, Params{Direction: Field, Width: 260}, Paint{}},
		"harakat":  {"بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ لا إله", nil, Params{Style: Style{Size: 18}, Width: 260}, Paint{}},
		"ellipsis": {"این یک عنوان بسیار بلند است که در جای خود نمی‌گنجد", nil, Params{Width: 180, Ellipsis: true, Style: Style{Weight: SemiBold}}, Paint{}},
		"wrap": {"متن فارسی with English در چند خط، (۱۲۳) و پایان.", nil, Params{Width: 150, Wrap: WrapWord}, Paint{Scale: 1.25,
			SelStart: 20, SelEnd: 50, SelColor: color.NRGBA{180, 220, 255, 255}}},
		"styles": {"Bold italic under strike لینک رنگی", []Span{{0, 4, Style{Weight: Bold}}, {5, 11, Style{Italic: true}}, {12, 17, Style{Underline: true}},
			{18, 24, Style{Strike: true}}, {25, 33, Style{Link: "x", Underline: true}}, {34, 44, Style{Background: color.NRGBA{255, 230, 150, 255}, Wavy: color.NRGBA{220, 0, 0, 255}}}},
			Params{}, Paint{LinkColor: link, Scale: 1.5}},
	} {
		l := e.Layout(c.text, c.spans, c.p)
		s := max(c.paint.Scale, 1)
		img := image.NewRGBA(image.Rect(0, 0, int(max(l.Width(), c.p.Width)*s)+8, int(l.Height()*s)+8))
		draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
		l.Draw(img, 4, 4, c.paint)
		file := filepath.Join("testdata", name+".png")
		if *update {
			writePNG(t, file, img)
			continue
		}
		want := readPNG(t, file)
		if want.Bounds() != img.Bounds() {
			t.Errorf("%s: size %v, want %v", name, img.Bounds(), want.Bounds())
			continue
		}
		if n := differing(img, want); n > 5 {
			bad := filepath.Join(os.TempDir(), "text-"+name+".png")
			writePNG(t, bad, img)
			t.Errorf("%s: %d pixels differ; see %s", name, n, bad)
		}
	}
}

// differing counts pixels that differ by more than rounding.
func differing(a, b image.Image) (n int) {
	r := a.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			ca, cb := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			if d(ca.R, cb.R) > 24 || d(ca.G, cb.G) > 24 || d(ca.B, cb.B) > 24 {
				n++
			}
		}
	}
	return n
}

func writePNG(t *testing.T, name string, img image.Image) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
