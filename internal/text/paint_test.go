package text

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

var premulTest = color.NRGBA{0, 0, 255, 90}

func painted(l *Layout, dst draw.Image, bg color.Color, p Paint) {
	draw.Draw(dst, dst.Bounds(), image.NewUniform(bg), image.Point{}, draw.Src)
	l.Draw(dst, 4, 2, p)
}

// TestPaintKinds: RGBA, NRGBA and other kinds of pictures show the same.
func TestPaintKinds(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	l := e.Layout("سلام Hello", []Span{{0, 4, Style{Background: color.NRGBA{255, 255, 0, 128}, Underline: true}}}, Params{})
	r := image.Rect(0, 0, 100, 30)
	for _, bg := range []color.Color{color.White, color.Black, color.NRGBA{10, 200, 30, 255}} {
		for _, fg := range []color.NRGBA{{200, 0, 0, 255}, {0, 0, 200, 100}} {
			a, b, c := image.NewRGBA(r), image.NewNRGBA(r), image.NewRGBA64(r)
			p := Paint{Color: fg, SelStart: 2, SelEnd: 12, SelColor: premulTest}
			painted(l, a, bg, p)
			painted(l, b, bg, p)
			painted(l, c, bg, p)
			for y := range r.Dy() {
				for x := range r.Dx() {
					ca := color.NRGBAModel.Convert(a.At(x, y)).(color.NRGBA)
					for _, o := range []color.Color{b.At(x, y), c.At(x, y)} {
						co := color.NRGBAModel.Convert(o).(color.NRGBA)
						if d(ca.R, co.R) > 2 || d(ca.G, co.G) > 2 || d(ca.B, co.B) > 2 || d(ca.A, co.A) > 2 {
							t.Fatalf("pixel %d,%d: %v and %v", x, y, ca, co)
						}
					}
				}
			}
		}
	}
}

func d(a, b uint8) int {
	if a > b {
		return int(a - b)
	}
	return int(b - a)
}

// TestPaintTransparent: on a transparent picture, text composed later over a colour looks as if painted on it.
func TestPaintTransparent(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	l := e.Layout("سلام Hello", nil, Params{})
	r := image.Rect(0, 0, 100, 30)
	p := Paint{Color: color.NRGBA{180, 30, 90, 255}}
	direct := image.NewRGBA(r)
	painted(l, direct, color.White, p)
	for _, layer := range []draw.Image{image.NewRGBA(r), image.NewNRGBA(r)} {
		l.Draw(layer, 4, 2, p)
		got := image.NewRGBA(r)
		draw.Draw(got, r, image.White, image.Point{}, draw.Src)
		draw.Draw(got, r, layer, image.Point{}, draw.Over)
		for i := range got.Pix {
			if d(got.Pix[i], direct.Pix[i]) > 3 {
				t.Fatalf("%T: byte %d is %d, want %d", layer, i, got.Pix[i], direct.Pix[i])
			}
		}
	}
}

// TestPaintClip: nothing is painted outside the clip and the picture's bounds, whose origin may be anywhere.
func TestPaintClip(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	l := e.Layout("سلام Hello\nدوم", nil, Params{})
	big := image.NewRGBA(image.Rect(-50, -50, 200, 100))
	sub := big.SubImage(image.Rect(10, 5, 60, 40)).(*image.RGBA)
	l.Draw(sub, 0, 0, Paint{Scale: 2, Clip: image.Rect(20, 0, 50, 30), SelEnd: 100, SelColor: premulTest})
	seen := false
	for y := -50; y < 100; y++ {
		for x := -50; x < 200; x++ {
			if big.RGBAAt(x, y).A == 0 {
				continue
			}
			seen = true
			if !image.Pt(x, y).In(image.Rect(20, 5, 50, 30)) {
				t.Fatalf("painted at %d,%d", x, y)
			}
		}
	}
	if !seen {
		t.Error("nothing was painted")
	}
}

// TestScaleKeepsLines: the layout does not depend on the scale, and twice the scale paints about four times the ink.
func TestScaleKeepsLines(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	l := e.Layout("این یک متن است", nil, Params{})
	ink := func(scale float32) (sum int) {
		img := image.NewAlpha(image.Rect(0, 0, 300, 100))
		rgba := image.NewRGBA(img.Rect)
		l.Draw(rgba, 0, 0, Paint{Scale: scale})
		for i := 3; i < len(rgba.Pix); i += 4 {
			sum += int(rgba.Pix[i])
		}
		return sum
	}
	if q := float64(ink(2)) / float64(ink(1)); q < 3.7 || q > 4.3 {
		t.Errorf("twice the scale paints %.2f times the ink", q)
	}
}

// TestMarksNotClipped: Arabic with many marks stays within the height of its line.
func TestMarksNotClipped(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	for _, s := range []string{"بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ", "إِنَّ مَعَ الْعُسْرِ يُسْرًا", "پچژگ یِّ ۀ", "ÀÇgjpqy|"} {
		l := e.Layout(s, nil, Params{Style: Style{Size: 20}})
		b := l.InkBounds()
		if b.Y < -1 || b.Y+b.H > l.Height()+1 {
			t.Errorf("%q: ink from %v to %v in a height of %v", s, b.Y, b.Y+b.H, l.Height())
		}
	}
}

// TestMissingCharactersAreSeen: a text in a script without a font is not empty space.
func TestMissingCharactersAreSeen(t *testing.T) {
	l := testEngine().Layout("日本", nil, Params{Style: Style{Size: 20}})
	img := image.NewRGBA(image.Rect(0, 0, 60, 40))
	l.Draw(img, 2, 2, Paint{Color: color.NRGBA{A: 255}})
	dark := 0
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] > 100 {
			dark++
		}
	}
	if dark < 40 {
		t.Errorf("%d dark pixels", dark)
	}
}
