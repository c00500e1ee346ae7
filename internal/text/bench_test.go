package text

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"github.com/go-text/render"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"peyk/assets"
)

var benchTexts = map[string]string{
	"persian": "گزارش هفتگی تیم فنی (نسخهٔ ۲) آماده شد",
	"latin":   "Weekly report of the technical team (v2)",
	"mixed":   "Re: جلسه (ساعت ۱۰:۳۰) با John Smith در Tehran",
}

// BenchmarkLayoutCold lays out a text that is not in the layout cache; its words were seen before, as in most mail.
func BenchmarkLayoutCold(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	for name, s := range benchTexts {
		b.Run(name, func(b *testing.B) {
			p := Params{Width: 200, Ellipsis: true, SingleLine: true}.normal()
			b.ReportAllocs()
			for b.Loop() {
				e.layoutUncached(s, nil, p)
			}
		})
	}
}

// BenchmarkLayoutFirst lays out a text none of whose words was ever seen.
func BenchmarkLayoutFirst(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	for name, s := range benchTexts {
		b.Run(name, func(b *testing.B) {
			p := Params{Width: 200, Ellipsis: true, SingleLine: true}.normal()
			e.layoutUncached(s, nil, p)
			b.ReportAllocs()
			for b.Loop() {
				w := <-e.workers
				for _, set := range w.words {
					clear(set)
				}
				w.held = 0
				e.workers <- w
				e.layoutUncached(s, nil, p)
			}
		})
	}
}

func BenchmarkLayoutWarm(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	for b.Loop() {
		e.Layout(benchTexts["mixed"], nil, Params{Width: 200, Ellipsis: true, SingleLine: true})
	}
}

func BenchmarkLayoutParagraph(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	s := ""
	for range 20 {
		s += "این یک پاراگراف فارسی با چند کلمهٔ English است که می‌شکند. "
	}
	p := Params{Width: 400, Wrap: WrapWord}.normal()
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		e.layoutUncached(s, nil, p)
	}
}

func BenchmarkPaintWarm(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	for name, s := range benchTexts {
		b.Run(name, func(b *testing.B) {
			img := image.NewRGBA(image.Rect(0, 0, 400, 32))
			l := e.Layout(s, nil, Params{})
			b.ReportAllocs()
			for b.Loop() {
				l.Draw(img, 0, 0, Paint{})
			}
		})
	}
}

// BenchmarkPaintGoText paints the same label with go-text/render, which Fyne uses.
func BenchmarkPaintGoText(b *testing.B) {
	fc, err := font.ParseTTF(bytes.NewReader(assets.FontRegular))
	if err != nil {
		b.Fatal(err)
	}
	for name, s := range benchTexts {
		b.Run(name, func(b *testing.B) {
			var sh shaping.HarfbuzzShaper
			dir := di.DirectionRTL
			if name == "latin" {
				dir = di.DirectionLTR
			}
			runes := []rune(s)
			out := sh.Shape(shaping.Input{Text: runes, RunEnd: len(runes), Direction: dir, Face: fc, Size: fixed.I(14)})
			img := image.NewRGBA(image.Rect(0, 0, 400, 32))
			r := render.Renderer{FontSize: 14, Color: color.Black}
			b.ReportAllocs()
			for b.Loop() {
				r.DrawShapedRunAt(out, img, 0, 20)
			}
		})
	}
}

func BenchmarkCaret(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	s := ""
	for range 20 {
		s += "این یک پاراگراف فارسی با چند کلمهٔ English است که می‌شکند. "
	}
	l := e.Layout(s, nil, Params{Width: 400, Wrap: WrapWord})
	for b.Loop() {
		l.CaretRect(Position{Offset: 500})
	}
}
