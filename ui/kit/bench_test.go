package kit

import (
	"image"
	"image/color"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"peyk/internal/text"
	"peyk/ui/theme"
)

// The benchmarks hold a label of ours against one of Fyne: the same text, size and font (the theme's).
var benchLabels = map[string]string{
	"persian": "گزارش هفتگی تیم فنی (نسخهٔ ۲) آماده شد",
	"latin":   "Weekly report of the technical team (v2)",
	"mixed":   "Re: جلسه (ساعت ۱۰:۳۰) با John Smith در Tehran",
}

var unseenCount int

// unseen makes a text of s that no cache has, also in a second run (-count).
func unseen(s string) string {
	unseenCount++
	return s + strconv.Itoa(unseenCount)
}

func benchApp(b *testing.B) {
	app := test.NewApp()
	theme.Install(app)
	b.Cleanup(app.Quit)
}

// BenchmarkLabelLayoutOurs lays out a text that was never seen as a whole.
func BenchmarkLabelLayoutOurs(b *testing.B) {
	benchApp(b)
	for name, s := range benchLabels {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				text.Default().Layout(unseen(s), nil, text.Params{Style: text.Style{Size: 14}, Width: 400, Ellipsis: true, SingleLine: true})
			}
		})
	}
}

// BenchmarkLabelLayoutFyne measures a text that was never seen as a whole, which is Fyne's layout of a label.
func BenchmarkLabelLayoutFyne(b *testing.B) {
	benchApp(b)
	for name, s := range benchLabels {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				fyne.MeasureText(unseen(s), 14, fyne.TextStyle{})
			}
		})
	}
}

// BenchmarkLabelPaintOurs paints a label of 400 × 32 whose glyphs were seen.
func BenchmarkLabelPaintOurs(b *testing.B) {
	benchApp(b)
	for name, s := range benchLabels {
		b.Run(name, func(b *testing.B) {
			l := text.Default().Layout(s, nil, text.Params{Style: text.Style{Size: 14}, Width: 400, Ellipsis: true, SingleLine: true})
			img := image.NewRGBA(image.Rect(0, 0, 400, 32))
			for b.Loop() {
				clear(img.Pix)
				l.Draw(img, 0, 0, text.Paint{Color: color.NRGBA{A: 255}})
			}
		})
	}
}

// BenchmarkLabelPaintFyne paints a canvas.Text with Fyne's software painter; what the painter costs for an empty text is
// told by BenchmarkLabelPaintFyne/empty.
func BenchmarkLabelPaintFyne(b *testing.B) {
	benchApp(b)
	all := map[string]string{"empty": " "}
	for name, s := range benchLabels {
		all[name] = s
	}
	for name, s := range all {
		b.Run(name, func(b *testing.B) {
			c := software.NewTransparentCanvas()
			c.SetPadded(false)
			t := canvas.NewText(s, color.Black)
			t.TextSize = 14
			c.SetContent(t)
			c.Resize(fyne.NewSize(400, 32))
			for b.Loop() {
				c.Capture()
			}
		})
	}
}
