package htmlview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"peyk/internal/text"
)

// engine is one without the system's fonts: layouts are the same everywhere.
var engine = text.New(text.Options{NoSystemFonts: true})

// hostile are inputs made to cost too much.
func hostile() map[string]string {
	var flex, tables strings.Builder
	for range 60 {
		flex.WriteString(`<div style="display:flex"><div style="flex:1">`)
		tables.WriteString(`<table width=100%><tr><td>x<td width=50%>`)
	}
	gradient := `<p style="background:linear-gradient(` + strings.Repeat("red,", 20000) + `blue)">x`
	vars := "<style>:root{--a0:x x}"
	for i := range 60 {
		vars += fmt.Sprintf("*{--a%d:var(--a%d) var(--a%d)}", i+1, i, i)
	}
	return map[string]string{
		"nested divs":     strings.Repeat("<div>", 5000) + "x",
		"long paragraph":  "<p>" + strings.Repeat("word ", 200000),
		"one word":        "<p>" + strings.Repeat("w", 1<<20),
		"many rows":       "<table>" + strings.Repeat("<tr><td>a<td>b", 10000) + "</table>",
		"colspan":         "<table><tr><td colspan=100000000 rowspan=100000000>a<tr><td>b</table>",
		"many colspans":   "<table>" + strings.Repeat("<tr><td colspan=1000 rowspan=1000>a<td>b", 500),
		"nested flex":     flex.String() + "x",
		"nested grids":    strings.Repeat(`<div style="display:grid;grid-template-columns:repeat(auto-fit,minmax(1px,1fr))">`, 100) + "x",
		"many columns":    `<div style="display:grid;grid-template-columns:repeat(1000000,repeat(1000000,1px) 1fr)">` + strings.Repeat("<p style='grid-column:-99/span 99'>x", 3000),
		"nested bold":     strings.Repeat("<b>", 100000) + "x",
		"nested fonts":    strings.Repeat("<p><font size=1 color=red><b><i>", 3000) + "x",
		"nested tables":   tables.String(),
		"many floats":     strings.Repeat(`<div style="float:left;width:3px;height:5px"></div>`, 20000),
		"huge lengths":    `<div style="width:1e38px;height:1e38px;padding:1e30em;font-size:1e20px;border:1e20px solid">x</div>`,
		"not numbers":     `<div style="width:calc(1px/0);margin:-1e38px;line-height:-5;font-size:-1px">x</div>`,
		"gradient":        gradient,
		"variables":       vars + "p{width:var(--a60)}</style><p>x",
		"selectors":       "<style>" + strings.Repeat("div div div div div div span{color:red}\n", 5000) + "</style>" + strings.Repeat("<div>", 90) + strings.Repeat("<span>x</span>", 500),
		"data picture":    `<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA//8AAP//CAYAAAA=">`,
		"invalid":         "\xff\xfe<p \x00=\x00>\x80<td></table><table><p></td>" + strings.Repeat("\u202e\u2066", 3000),
		"many directions": strings.Repeat(`<bdo dir=rtl>a<bdi dir=ltr>`, 2000),
		"siblings":        "<style>p~p~p~p{color:red}</style>" + strings.Repeat("<p>x", 5000),
	}
}

func TestHostileInputIsDrawnOrRefusedInTime(t *testing.T) {
	for name, src := range hostile() {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			d, err := Parse(ctx, src, Options{Engine: engine})
			if err != nil {
				t.Fatalf("parse: %v", err)
			}
			v, err := d.Layout(ctx, 800, LayoutOptions{})
			if errors.Is(err, ErrTooComplex) {
				return
			}
			if err != nil {
				t.Fatalf("layout: %v", err)
			}
			if h := v.Height(); h < 0 || h != h || h > 1e8 {
				t.Fatalf("height %v", h)
			}
			if err := v.Paint(image.NewRGBA(image.Rect(0, 0, 800, 600)), 0, 0, 1); err != nil {
				t.Fatalf("paint: %v", err)
			}
			v.LinkAt(10, 10)
			v.Selection(0, v.Position(400, 300))
		})
	}
}

func TestLayoutStopsWhenCancelled(t *testing.T) {
	d, err := Parse(context.Background(), strings.Repeat("<p>word", 3000), Options{Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.Layout(ctx, 800, LayoutOptions{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled layout gave %v", err)
	}
	if _, err := d.Layout(context.Background(), 800, LayoutOptions{Limit: time.Nanosecond}); !errors.Is(err, ErrTooComplex) {
		t.Fatalf("a layout without time gave %v", err)
	}
}

func FuzzDocument(f *testing.F) {
	f.Add(`<table border=1 align=left><tr><td colspan=2 style="float:left;display:flex">x<br clear=all>سلام</table>`)
	f.Add(`<style>@media (max-width:600px){p{color:red!important}} a:not(.x)>b+i{margin:calc(1em + 2%)}</style><p dir=auto>a`)
	f.Add(`<ul><li type=i value=-3><span style="display:table-cell">x</span><img align=right width=10%></ul>`)
	f.Add("<stYle>{")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 {
			return
		}
		d, err := Parse(context.Background(), src, Options{Engine: engine})
		if err != nil {
			return
		}
		v, err := d.Layout(context.Background(), 500, LayoutOptions{})
		if err != nil {
			if errors.Is(err, ErrTooComplex) && strings.Contains(err.Error(), ":") {
				t.Fatalf("a panic within: %v", err)
			}
			return
		}
		if err := v.Paint(image.NewRGBA(image.Rect(0, 0, 300, 300)), 0, 0, 1); err != nil {
			t.Fatal(err)
		}
	})
}
