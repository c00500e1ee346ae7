package ui

import (
	"context"
	"image"
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/internal/mail"
	"peyk/ui/theme"
)

func TestHTMLIsPaintedWhereItIsInView(t *testing.T) {
	app := test.NewApp()
	defer app.Quit()
	theme.Install(app)
	theme.SetMode(theme.ForceLight)
	asked := ""
	src := `<p><a href="https://example.org/a">first</a></p><img src="cid:chart" width="50" height="40">` + strings.Repeat(`<table width="600" bgcolor="#0f766e"><tr><td height="300">x</td></tr></table>`, 20)
	p, err := prepareHTML(context.Background(), src, func(u string) image.Image {
		asked = u
		return image.NewUniform(color.Black)
	}, 700, 1, false)
	if err != nil {
		t.Fatal(err)
	}
	if asked != "cid:chart" {
		t.Errorf("the picture asked for is %q", asked)
	}
	l := newLoop(context.Background(), func(f func()) { f() })
	defer l.close()
	opened, over := "", ""
	b := newHTMLBody(l)
	b.onLink, b.onOver, b.changed = func(u string) { opened = u }, func(u string) { over = u }, func() {}
	b.Set(p)
	w := test.NewWindow(b)
	defer w.Close()
	w.Resize(fyne.NewSize(700, 500))
	if h := b.HeightForWidth(700); h < 6000 {
		t.Fatalf("the mail is %v high", h)
	}
	b.expose(0, 500)
	shown := 0
	for _, tile := range b.tiles {
		if tile.Visible() {
			shown++
		}
	}
	if shown == 0 || shown > 4 {
		t.Errorf("%d tiles of %d are painted for a view of 500", shown, len(b.tiles))
	}
	b.expose(3000, 500)
	if b.tiles[0].Visible() || !b.tiles[3000/tileHeight].Visible() {
		t.Error("the tiles do not follow the view")
	}
	for y := float32(0); y < 60 && opened == ""; y += 3 {
		b.Tapped(&fyne.PointEvent{Position: fyne.NewPos(14, y)})
	}
	if opened != "https://example.org/a" {
		t.Errorf("the link opened is %q", opened)
	}
	b.MouseOut()
	if over != "" {
		t.Errorf("a link is still told: %q", over)
	}
	b.Clear()
	if b.Visible() || b.HeightForWidth(700) != 0 {
		t.Error("something is left after Clear")
	}
}

func TestPlainMarkupReadsAsText(t *testing.T) {
	r := &readerPane{}
	for html, want := range map[string]bool{
		"": false, "<p dir=\"rtl\">سلام</p><blockquote>x</blockquote>": false, "<table><tr><td>x</td></tr></table>": true,
		"<div style=\"color:red\">x</div>": true, "<img src=cid:a>": true, "<h1>x</h1>": true, "<b>x</b><br>": false,
	} {
		if got := r.asHTML(mail.Content{HTML: html}); got != want {
			t.Errorf("%q: %v", html, got)
		}
	}
	r.textOnly = true
	if r.asHTML(mail.Content{HTML: "<table></table>"}) {
		t.Error("the text only was asked for")
	}
}
