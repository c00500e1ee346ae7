package htmlview

import (
	"context"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"peyk/internal/text"
)

func embed(t testing.TB, src string, keep func(string) bool) Embedded {
	t.Helper()
	d, err := Parse(context.Background(), src, Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := d.Embed(context.Background(), keep)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// newsletter is a mail as shops send them: a sheet, tables, buttons, pictures on servers, a tracker, a preheader nobody sees.
const newsletter = `<!DOCTYPE html><html dir="rtl"><head><style>
body { background:#eef; font-family:Tahoma,sans-serif; color:#333 }
.card { background:#fff; border:1px solid #ccd; border-radius:8px; padding:16px }
.btn { background:#0a7; color:#fff; padding:8px 20px; text-decoration:none; display:inline-block }
.card > p:first-child { font-weight:bold }
:root { --brand: #0a7 }
h1 { color: var(--brand) }
.tick::before { content:"✓ " }
@media (max-width:400px) { .card { padding:2px } }
</style></head><body onload="x()">
<div style="display:none">Preheader</div>
<table width="100%" cellpadding="0"><tr><td align="center"><table width="560" class="card"><tr><td class="card">
<p>سلام سارا، سفارش شما رسید.</p><h1>Order 1402</h1><p class="tick">بسته فرستاده شد</p>
<img src="https://shop.example/logo.png" width="120" height="40" alt="Shop"><img src="cid:photo@shop" width="80" height="60">
<a class="btn" href="https://shop.example/track?id=1" onclick="y()">پیگیری</a>
<script>alert(1)</script><form action="https://evil.example"><input value="password"></form>
<div style="position:fixed;top:0;margin:-200px 0 0;background:url(https://spy.example/bg.png)">Note</div>
<img src="https://spy.example/open.gif" width="1" height="1"></td></tr></table></td></tr></table></body></html>`

// designed are mails with a look: one of our own, and the fixtures where they are.
func designed(t testing.TB) map[string]string {
	out := fixtureMails(t)
	out["newsletter"] = newsletter
	return out
}

// paintAt paints a mail for a width.
func paintAt(t testing.TB, src string, width int) *image.RGBA {
	d, err := Parse(context.Background(), src, Options{Engine: text.Default()})
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.Layout(context.Background(), float32(width), LayoutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, width, max(1, min(20000, int(v.Height()+0.5)))))
	if err := v.Paint(img, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	return img
}

// differing is the share of the pixels in which two pictures differ visibly, standing dy apart.
func differing(a, b *image.RGBA, dx, dy int) float64 {
	n, diff := 0, 0
	for y := 0; y < a.Rect.Max.Y && y+dy < b.Rect.Max.Y; y++ {
		for x := 0; x < a.Rect.Max.X && x+dx < b.Rect.Max.X; x++ {
			p, q := a.RGBAAt(x, y), b.RGBAAt(x+dx, y+dy)
			if n++; abs8(p.R, q.R)+abs8(p.G, q.G)+abs8(p.B, q.B) > 60 {
				diff++
			}
		}
	}
	return float64(diff) / float64(max(1, n))
}

func abs8(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// around is a page whose own look must not reach what is embedded in it.
func around(inside string) string {
	return `<!DOCTYPE html><html><body style="margin:0;font:italic 9px/3 serif;color:red;text-align:center">` + inside + `</body></html>`
}

func TestEmbeddedMailsLookAsTheyDidAlone(t *testing.T) {
	for name, src := range designed(t) {
		e := embed(t, src, nil)
		alone, in := paintAt(t, src, EmbedWidth), paintAt(t, around(e.HTML), EmbedWidth)
		share := 1.0
		for _, m := range [][2]int{{0, 0}, {8, 8}, {0, 8}, {8, 0}} { // its body may have had a margin, or none
			share = min(share, differing(in, alone, m[0], m[1]))
		}
		most := 0.15 // where lines stand a little higher or lower, because the margins of the body are not taken over
		if name == "newsletter" {
			most = 0.02
		}
		if share > most {
			t.Errorf("%s: %.1f %% of the pixels are others", name, share*100)
			if dir := os.Getenv("PEYK_PICTURES"); dir != "" {
				save(t, filepath.Join(dir, name+"-alone.png"), alone)
				save(t, filepath.Join(dir, name+"-in.png"), in)
			}
		}
		if again := embed(t, strings.ReplaceAll(e.HTML, "\n", "\r\n"), nil); !slices.Equal(again.Images, e.Images) || again.HTML != e.HTML {
			t.Errorf("%s: embedded twice it is another one", name)
			if dir := os.Getenv("PEYK_PICTURES"); dir != "" {
				os.WriteFile(filepath.Join(dir, name+"-1.html"), []byte(e.HTML), 0o600)
				os.WriteFile(filepath.Join(dir, name+"-2.html"), []byte(again.HTML), 0o600)
			}
		}
	}
}

func TestWhatIsEmbeddedDoesNothing(t *testing.T) {
	e := embed(t, newsletter, func(u string) bool { return strings.HasPrefix(u, "https://shop.example/") })
	for _, want := range []string{`dir="rtl"`, "https://shop.example/logo.png", `src="cid:photo@shop"`, "border-radius:8px", "color:#0a7", "✓ ", "font-weight:bold", `href="https://shop.example/track?id=1"`} {
		if !strings.Contains(e.HTML, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, no := range []string{"Preheader", "<script", "alert", "onload", "onclick", "<form", "<input", "spy.example", "position", "-200px", "evil", "<style", "class=", "var(", "padding:2px"} {
		if strings.Contains(e.HTML, no) {
			t.Errorf("%s is in it", no)
		}
	}
	if !slices.Equal(e.Images, []string{"photo@shop"}) || e.Simple {
		t.Error(e.Images, e.Simple)
	}
}

func TestRunningTextIsSimple(t *testing.T) {
	for src, want := range map[string]bool{
		`<p>One <b>two</b> <a href="https://a.example">three</a><ul><li>x</ul><img src="cid:a@b"><blockquote style="border-left:1px solid #ccc">y</blockquote>`:                       true,
		`<html><head><style>p.MsoNormal{margin:0;font-size:11pt;color:#1f497d}</style></head><body bgcolor="white"><p class="MsoNormal" style="background:white">x</p></body></html>`: true,
		`<div dir="rtl" style="text-align:right">سلام</div>`:        true,
		`<p style="background:#fee">x</p>`:                          false,
		`<table><tr><td>x</td></tr></table>`:                        false,
		`<p align="center">x</p>`:                                   false,
		`<img src="https://a.example/b.png">`:                       false,
		`<div style="border:1px solid red">x</div>`:                 false,
		`<span style="display:inline-block;width:50px">x</span>`:    false,
		`<style>.k{float:left}</style><div class="k">x</div>`:       false,
		`<img src="https://a.example/b.png" width="1" height="1">x`: true,
	} {
		if e := embed(t, src, nil); e.Simple != want {
			t.Errorf("%s: simple %v\n%s", src, e.Simple, e.HTML)
		}
	}
}

// What stands in values, names and links cannot leave the attribute that it is written into, and nothing of it fetches or runs.
func TestHostileMailsAreEmbeddedHarmless(t *testing.T) {
	for name, src := range hostile() {
		d, err := Parse(context.Background(), src, Options{})
		if err != nil {
			continue
		}
		e, err := d.Embed(context.Background(), func(string) bool { return false })
		if err != nil {
			if !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrTooComplex) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		harmless(t, name, e.HTML)
	}
	for _, src := range []string{
		`<p style="background:url('x.png\27)');color:red&quot; onx=&quot;1">x</p>`, `<a href=" JavaScript:alert(1)">x</a>`, `<a href="java&#10;script:alert(1)">x</a>`,
		`<p style="width:expression(alert(1))">x</p>`, `<p style="color:red;}</style><script>alert(1)</script>">x</p>`, `<img src="data:text/html,<script>">`,
		`<style>p{color:red;background:url(javascript:alert(1))}</style><p title='"><script>alert(1)</script>'>x</p>`, `<svg><script>alert(1)</script></svg>`,
		`<math><mtext></p><style><img src=x onerror=alert(1)></style>`, `<p lang='"onmouseover="alert(1)'>x</p>`, `<style>p::before{content:"<script>alert(1)</script>"}</style><p>x</p>`,
		`<td background="javascript:alert(1)">x</td>`, `<style>:root{--a:url(https://e.example/)}p{background:var(--a)}</style><p>x</p>`,
	} {
		harmless(t, src, embed(t, src, func(string) bool { return false }).HTML)
	}
}

func harmless(t *testing.T, name, src string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(src))
	open := 0
	for {
		tt := z.Next()
		if tt == html.ErrorToken {
			break
		}
		tok := z.Token()
		switch {
		case tt == html.EndTagToken:
			open--
		case tt == html.StartTagToken && !voidTag[tok.Data]:
			open++
		}
		if tt == html.TextToken || tt == html.EndTagToken {
			continue
		}
		if !embeddable[tok.Data] && tok.Data != "img" {
			t.Errorf("%s: element %s", name, tok.Data)
		}
		for _, a := range tok.Attr {
			v := strings.ToLower(a.Val)
			if strings.HasPrefix(a.Key, "on") || a.Key == "id" || a.Key == "class" || strings.Contains(v, "http") && a.Key != "href" && a.Key != "title" && a.Key != "alt" ||
				(a.Key == "href" || a.Key == "src" || a.Key == "style") && (strings.Contains(v, "script:") || strings.Contains(v, "expression")) {
				t.Errorf("%s: %s=%q", name, a.Key, a.Val)
			}
		}
	}
	if open != 0 {
		t.Errorf("%s: %d elements are left open", name, open)
	}
}

func save(t testing.TB, path string, img image.Image) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}
