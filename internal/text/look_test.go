package text

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"testing"
	"time"
)

// ready lays out until no fallback font is missing.
func ready(t testing.TB, e *Engine, s string, spans []Span, p Params) *Layout {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		l := e.Layout(s, spans, p)
		if !l.incomplete {
			return l
		}
		if time.Now().After(deadline) {
			t.Fatalf("fallback fonts for %q did not come", s)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestLook paints a sheet of samples to the file named by PEYK_TEXT_PNG, for the eye.
func TestLook(t *testing.T) {
	path := os.Getenv("PEYK_TEXT_PNG")
	if path == "" {
		path = t.TempDir() + "/look.png"
	}
	const scale = 2
	img := image.NewRGBA(image.Rect(0, 0, 620*scale, 700*scale))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	e := Default()
	y := float32(8)
	for _, s := range []string{
		"سلام دنیا! این یک متن فارسی است که می‌خواهیم ببینیم.",
		"Re: جلسه (ساعت ۱۰:۳۰) با John Smith در Tehran, Iran.",
		"English with عربي in (the) middle, 123 and ۴۵۶.",
		"قیمت: ۱۲٬۵۰۰ تومان (USD 25.99) — file-name_v2.pdf",
		"بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ لا إله fi ffi office",
		"שָׁלוֹם עוֹלָם (hello) 2024 — ܫܠܡܐ ܥܠܡܐ — یہ اردو ہے",
		"你好世界 日本語テスト 한국어 — สวัสดีครับ — नमस्ते दुनिया",
		"😀 👨‍👩‍👧‍👦 🇮🇷 👍🏽 ❤️ 1️⃣ ☎ ★ → ∑ ✓",
		"آدرس: https://example.com/fa/صفحه?x=1 و ali@example.ir",
	} {
		for _, w := range []float32{600} {
			l := ready(t, e, s, nil, Params{Style: Style{Size: 16}, Width: w, Wrap: WrapWord})
			l.Draw(img, 10*scale, y*scale, Paint{Scale: scale})
			y += l.Height() + 4
		}
	}
	for _, s := range []string{
		"این یک عنوان بسیار طولانی است که باید در انتها با سه نقطه بریده شود چون جا نیست و ادامه دارد تا آخر خط",
		"A very long English subject that has to be cut at its end because there is no room for all of it in one row of the list",
	} {
		l := e.Layout(s, nil, Params{Style: Style{Size: 14, Weight: SemiBold}, Width: 400, Ellipsis: true, MaxLines: 1, Wrap: WrapWord})
		l.Draw(img, 10*scale, y*scale, Paint{Scale: scale, SelStart: 4, SelEnd: 30, SelColor: color.NRGBA{180, 220, 255, 255}})
		y += l.Height() + 4
	}
	s := "Bold, italic, underline, strike, لینک and کلمهٔ رنگی و نیم‌پررنگ. H2O x2 mono: func main() {}"
	sp := []Span{{0, 4, Style{Weight: Bold}}, {6, 12, Style{Italic: true}}, {14, 23, Style{Underline: true}}, {25, 31, Style{Strike: true}},
		{33, 41, Style{Link: "x", Underline: true}}, {46, 56, Style{Color: color.NRGBA{200, 0, 0, 255}, Background: color.NRGBA{255, 240, 200, 255}}},
		{len(s) - 14, len(s), Style{Mono: true}}}
	l := ready(t, e, s, sp, Params{Style: Style{Size: 16}, Width: 300, Wrap: WrapWord, MaxLines: 4})
	l.Draw(img, 10*scale, y*scale, Paint{Scale: scale, LinkColor: color.NRGBA{15, 118, 110, 255}})
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
