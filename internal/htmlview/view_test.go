package htmlview

import (
	"context"
	"image"
	"image/color"
	"strings"
	"testing"
)

func view(t testing.TB, src string) *View {
	t.Helper()
	d, err := Parse(context.Background(), src, Options{Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	v, err := d.Layout(context.Background(), 800, LayoutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestBoxesStandWhereTheyShould(t *testing.T) {
	v := view(t, `<!doctype html><body style="margin:0"><div style="margin:10px 0;height:20px;background:red"></div><div style="margin:30px auto;width:200px;height:20px;background:#00f"></div>`+
		`<table cellspacing=0 cellpadding=0 align=center width=400><tr><td width=100 height=10 bgcolor=lime></td><td bgcolor=black height=10></td></tr></table>`)
	img := image.NewRGBA(image.Rect(0, 0, 800, 200))
	if err := v.Paint(img, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		x, y int
		want color.RGBA
	}{{0, 9, color.RGBA{255, 255, 255, 255}}, {0, 10, color.RGBA{255, 0, 0, 255}}, {300, 59, color.RGBA{255, 255, 255, 255}}, {300, 60, color.RGBA{0, 0, 255, 255}},
		{500, 60, color.RGBA{255, 255, 255, 255}}, {200, 110, color.RGBA{0, 255, 0, 255}}, {299, 119, color.RGBA{0, 255, 0, 255}}, {300, 110, color.RGBA{0, 0, 0, 255}}} {
		if got := img.RGBAAt(c.x, c.y); got != c.want {
			t.Errorf("pixel (%d, %d) is %v, want %v", c.x, c.y, got, c.want)
		}
	}
}

func TestLinksTextAndSearch(t *testing.T) {
	v := view(t, `<body style="margin:0"><p style="margin:0"><a href="https://example.org/">hello</a> <a href="javascript:x()">bad</a> سلام دنیا</p>`)
	if got := v.LinkAt(5, 8); got != "https://example.org/" {
		t.Errorf("link under the first word: %q", got)
	}
	if got := strings.TrimSpace(v.Text(0, v.Len())); got != "hello bad سلام دنیا" {
		t.Errorf("text %q", got)
	}
	f := v.Find("BAD")
	if len(f) != 1 {
		t.Fatalf("found %v", f)
	}
	r := v.Selection(f[0][0], f[0][1])
	if len(r) != 1 || r[0].W <= 0 {
		t.Fatalf("selection %v", r)
	}
	if got := v.LinkAt(r[0].X+1, r[0].Y+1); got != "" {
		t.Errorf("a script is a link: %q", got)
	}
}

func BenchmarkLayoutAndPaint(b *testing.B) {
	src := strings.Repeat(`<table width=600 align=center><tr><td style="padding:10px"><p>Some words of a mail, <b>bold</b> and <a href=x>linked</a>.</p></td></tr></table>`, 50)
	img := image.NewRGBA(image.Rect(0, 0, 800, 1000))
	for b.Loop() {
		if err := view(b, src).Paint(img, 0, 0, 1); err != nil {
			b.Fatal(err)
		}
	}
}
