package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"peyk/ui/theme"
)

// longMail is a newsletter of 2 MB: two thousand articles in nested tables.
func longMail() string {
	var b strings.Builder
	b.WriteString("<html><body style=\"font-family:sans-serif\">")
	for i := 0; b.Len() < 2<<20; i++ {
		fmt.Fprintf(&b, `<table width="600" align="center" cellpadding="0" cellspacing="0" bgcolor="#f4f5f7"><tr><td style="padding:18px 22px"><h2 style="color:#0f766e">Article %d</h2><table><tr><td width="120" bgcolor="#cccccc">&nbsp;</td><td style="padding-left:12px">%s <a href="https://example.org/%d">Read on</a></td></tr></table></td></tr></table>`,
			i, strings.Repeat("Words of an article that somebody wrote with care, in lines that break. ", 8), i)
	}
	return b.String()
}

// BenchmarkLongMail lays out a newsletter of 2 MB and paints its tiles one after another, as scrolling does.
func BenchmarkLongMail(b *testing.B) {
	app := test.NewApp()
	defer app.Quit()
	theme.Install(app)
	src := longMail()
	var p prepared
	b.Run("layout", func(b *testing.B) {
		for b.Loop() {
			var err error
			if p, err = preparePage(context.Background(), src, nil, 700, pageLook{zoom: 1}); err != nil {
				b.Fatal(err)
			}
		}
	})
	if p.view == nil {
		b.Skip("there is no layout")
	}
	b.Run("tile", func(b *testing.B) {
		l := newLoop(context.Background(), func(f func()) { f() })
		defer l.close()
		h := newHTMLBody(l)
		h.changed, h.themed = func() {}, func() {}
		h.Set(p)
		i := 0
		for b.Loop() {
			t := h.tiles[i%len(h.tiles)]
			t.base = nil
			t.raster.Generator(700, tileHeight)
			i += 7
		}
		b.ReportMetric(float64(len(h.tiles)), "tiles")
	})
}
