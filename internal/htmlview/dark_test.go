package htmlview

import (
	"context"
	"image/color"
	"testing"
)

// mails of many looks, for the dark.
var lightMails = []string{
	`<p>plain <a href="https://example.org">link</a> <font color=#999999>gray</font> <font color=#000080>navy</font> <font color=yellow>yellow</font>`,
	`<body bgcolor=#f4f4f4><table bgcolor=#ffffff align=center width=400><tr><td style="color:#333">text <a href="https://example.org" style="color:#0a6">green</a></td></tr><tr><td bgcolor=#222222 style="color:#fff">footer <span style="color:#888">small</span></td></tr></table>`,
	`<a href="https://example.org" style="background:#e4002b;color:#fff;padding:10px">Buy</a><div style="background:#ffe600;color:#111">yellow block</div><div style="background:linear-gradient(#eee,#fff);color:#222">gradient</div>`,
	`<div style="background:rgba(0,0,0,.05);color:#555">veiled</div><div style="background:#0055aa;color:#003366">hardly readable before</div>`,
	`<div dir=rtl style="background:#fafafa;color:#1c2330">سلام <a href="https://example.org">پیوند</a></div>`,
}

func TestDarkMailsCanBeRead(t *testing.T) {
	for _, src := range lightMails {
		d, err := Parse(context.Background(), src, Options{Engine: engine})
		if err != nil {
			t.Fatal(err)
		}
		v, err := d.Layout(context.Background(), 600, LayoutOptions{Dark: true})
		if err != nil {
			t.Fatal(err)
		}
		if l := luminance(v.Background()); l > 0.1 {
			t.Errorf("the ground of %s has luminance %v", src, l)
		}
		texts := 0
		var behind []backdrop
		for i := range v.ops {
			switch o := &v.ops[i]; o.kind {
			case opFill:
				if o.color.A > 100 {
					behind = append(behind, backdrop{rect{o.x, o.y, o.x + o.w, o.y + o.h}, o.color, false})
				}
			case opBackground:
				behind = append(behind, backdrop{rect{o.x, o.y, o.x + o.w, o.y + o.h}, o.bg.gradient.stops[0].color, false})
			case opText:
				texts++
				if c := Contrast(o.color, v.behind(behind, o).color); c < 4.2 { // 4.5 at the middle of a gradient
					t.Errorf("text in %v has a contrast of %.2f in %s", o.color, c, src)
				}
			}
		}
		if texts == 0 {
			t.Errorf("no text in %s", src)
		}
	}
}

func TestBlocksInTheColoursOfABrandStay(t *testing.T) {
	v := &View{paper: darkPaper}
	for c, same := range map[color.NRGBA]bool{{0xE4, 0, 0x2B, 255}: true, {0, 0x55, 0xAA, 255}: true, {0x22, 0x22, 0x22, 255}: true, {0xFF, 0xFF, 0xFF, 255}: false, {0xF4, 0xF4, 0xF4, 255}: false} {
		got := v.ground(c)
		d := max(got.R, c.R) - min(got.R, c.R) + max(got.G, c.G) - min(got.G, c.G) + max(got.B, c.B) - min(got.B, c.B)
		if same != (d <= 3) {
			t.Errorf("the ground %v becomes %v", c, got)
		}
	}
}

func TestColoursOfAMailForTheDarkAreTaken(t *testing.T) {
	src := `<style>@media (prefers-color-scheme:dark){body{background:#102030;color:#eee}}</style><p>x`
	d, err := Parse(context.Background(), src, Options{Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	for dark, want := range map[bool]color.NRGBA{true: {0x10, 0x20, 0x30, 255}, false: {255, 255, 255, 255}} {
		v, err := d.Layout(context.Background(), 600, LayoutOptions{Dark: dark})
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Background(); got != want {
			t.Errorf("dark %v: ground %v, want %v", dark, got, want)
		}
	}
}
