package htmlview

import (
	"context"
	"image"
	"image/color"
	"strings"
	"testing"
)

// pixelsOf lays a document out at 800 units and paints its top.
func pixelsOf(t testing.TB, src string) *image.RGBA {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 800, 300))
	if err := view(t, src).Paint(img, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	return img
}

type pixel struct {
	x, y int
	want color.RGBA
}

var (
	red   = color.RGBA{255, 0, 0, 255}
	lime  = color.RGBA{0, 255, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	paper = color.RGBA{255, 255, 255, 255}
)

func checkPixels(t *testing.T, src string, want ...pixel) {
	t.Helper()
	img := pixelsOf(t, src)
	for _, p := range want {
		if got := img.RGBAAt(p.x, p.y); got != p.want {
			t.Errorf("pixel (%d, %d) is %v, want %v, of %s", p.x, p.y, got, p.want, src)
		}
	}
}

func divOf(style, inside string) string { return `<div style="` + style + `">` + inside + `</div>` }

const page = `<!doctype html><body style="margin:0">`

func TestMarginsOfTheUserAgentVanishInCellsInQuirksMode(t *testing.T) {
	src := `<table cellspacing=0 cellpadding=0><tr><td><center><p style="width:20px;height:20px;background:red">`
	checkPixels(t, `<body style="margin:0">`+src, pixel{5, 5, red})
	checkPixels(t, page+src, pixel{5, 5, paper})
}

func TestBackgroundLayers(t *testing.T) {
	checkPixels(t, page+divOf("width:100px;height:100px;background:linear-gradient(red,red) no-repeat right 10px bottom 20px/30px 40px,lime", ""),
		pixel{59, 45, lime}, pixel{61, 45, red}, pixel{88, 78, red}, pixel{91, 78, lime}, pixel{88, 81, lime})
	checkPixels(t, page+divOf("width:80px;height:80px;border:10px solid transparent;background:red padding-box", ""),
		pixel{5, 5, paper}, pixel{10, 10, red}, pixel{89, 89, red}, pixel{91, 50, paper})
	checkPixels(t, page+divOf("width:100px;height:100px;background:radial-gradient(circle 40px,red 50%,blue 50%)", ""),
		pixel{50, 35, red}, pixel{50, 25, blue})
	checkPixels(t, page+divOf("width:100px;height:40px;background:repeating-linear-gradient(90deg,red 0 10px,lime 10px 20px)", ""),
		pixel{5, 5, red}, pixel{15, 5, lime}, pixel{85, 5, red}, pixel{95, 5, lime})
}

func TestBordersAndCorners(t *testing.T) {
	checkPixels(t, page+divOf("width:0;height:0;border:20px solid transparent;border-top-color:red", ""), pixel{20, 5, red}, pixel{2, 15, paper}, pixel{20, 25, paper})
	checkPixels(t, page+divOf("width:100px;height:50px;border-radius:50%;background:red", ""), pixel{50, 2, red}, pixel{8, 8, paper}, pixel{2, 25, red})
	checkPixels(t, page+`<table border=4 width=100 height=50>`, pixel{50, 2, color.RGBA{168, 168, 168, 255}}, pixel{50, 49, color.RGBA{84, 84, 84, 255}})
	checkPixels(t, page+divOf("margin:10px;width:20px;height:20px;box-shadow:0 0 0 4px red,inset 5px 0 0 lime", ""), pixel{7, 20, red}, pixel{12, 20, lime}, pixel{20, 20, paper})
	checkPixels(t, page+divOf("margin:10px;width:20px;height:20px;outline:3px solid blue", ""), pixel{8, 20, blue}, pixel{20, 20, paper})
}

func TestPositionedBoxesAreStacked(t *testing.T) {
	boxAt := func(z, bg string, x int) string {
		return divOf(strings.ReplaceAll("position:relative;width:40px;height:40px;margin-top:-40px;z-index:"+z+";background:"+bg, "z-index:;", ""), "")
	}
	checkPixels(t, page+`<div style="height:40px"></div>`+boxAt("2", "red", 0)+boxAt("1", "lime", 0)+boxAt("", "blue", 0), pixel{20, 20, red})
	checkPixels(t, page+divOf("width:40px;height:40px;background:lime", divOf("position:relative;z-index:-1;width:80px;height:20px;background:red", "")),
		pixel{20, 10, lime}, pixel{60, 10, red})
}

func TestTextIsCopiedInTheOrderOfTheDocument(t *testing.T) {
	for src, want := range map[string]string{
		`<p>one<p style="position:relative">two<p>three`:                         "one\ntwo\nthree",
		`<table><tr><td>a<td>b<tr><td>c<td>d</table>`:                            "a\tb\nc\td",
		`<div><span style="display:inline-block">left</span> and right</div>end`: "left and right\nend",
		`<table><tr><td><p>a<p>b<td>c</table>`:                                   "a\nb\nc",
		`<div dir=rtl>سلام <b>world</b> ۱۲</div>`:                                "سلام world ۱۲",
	} {
		v := view(t, src)
		if got := strings.TrimSpace(v.Text(0, v.Len())); got != want {
			t.Errorf("the text of %s is %q, want %q", src, got, want)
		}
	}
}

func TestSizesOfFixedWidthText(t *testing.T) {
	for src, want := range map[string]float32{
		"<code>":                                       13,
		"<pre><code>":                                  13,
		`<div style="font-size:20px"><tt>`:             20,
		`<tt><font size=2>`:                            10,
		`<p style="font:20px monospace">`:              20,
		`<tt style="font-family:monospace,monospace">`: 16,
	} {
		d, err := Parse(context.Background(), src+"x", Options{Engine: engine})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Layout(context.Background(), 800, LayoutOptions{}); err != nil {
			t.Fatal(err)
		}
		n := d.body()
		for len(n.children) > 0 && n.children[0].tag != "" {
			n = n.children[0]
		}
		if n.style.size != want {
			t.Errorf("%s: size %v, want %v", src, n.style.size, want)
		}
	}
}

func TestBreaksBetweenASCIICharactersAreThoseOfBrowsers(t *testing.T) {
	for text, want := range map[string]bool{"a/b": false, "</B": false, "2-3": true, "(-3": false, "x?y": true, "a!b": false, `x"(`: true, "a&b": false, "é/b": false} {
		rs := []rune(text)
		if got := asciiBreak(rs[0], rs[1], rs[2], text == "x?y" || text == "a/b" || text == "</B" || text == "a!b"); got != want {
			t.Errorf("a break before the last of %q: %v, want %v", text, got, want)
		}
	}
}

func TestBlocksWithinInlineElementsCutTheirEdges(t *testing.T) {
	checkPixels(t, page+`<span style="border-left:10px solid red;font-size:20px">`+divOf("height:20px;background:lime", "")+`<b>&nbsp;</b></span>`,
		pixel{5, 10, red}, pixel{5, 42, lime}, pixel{5, 70, paper})
}

func TestLongParagraphsHaveFullLines(t *testing.T) {
	v := view(t, `<body style="margin:0">`+strings.Repeat("word ", 2500))
	for i := 1; i < len(v.runs)-1; i++ {
		if r := v.runs[i]; r.w < 700 {
			t.Fatalf("line %d is %v wide", i, r.w)
		}
	}
}

func TestAFloatAtTheEndOfALineStandsBesideIt(t *testing.T) {
	const mark = `<span style="float:%s;width:20px;height:10px;background:red"></span>`
	right, left := strings.Replace(mark, "%s", "right", 1), strings.Replace(mark, "%s", "left", 1)
	checkPixels(t, page+divOf("font:16px/20px serif;width:400px", `text `+right), pixel{390, 5, red}, pixel{390, 25, paper})
	checkPixels(t, page+divOf("font:16px/20px serif;width:400px;direction:rtl", `متن `+left), pixel{10, 5, red}, pixel{10, 25, paper})
	// No room beside the line: below it. A <br clear> waits for the line, too.
	checkPixels(t, page+divOf("font:16px/20px serif;width:60px", `wwwww`+right), pixel{50, 25, red})
	checkPixels(t, page+right+divOf("font:16px/20px serif;width:400px", `text<br clear=all><b style="display:inline-block;width:9px;height:9px;background:lime"></b>`), pixel{4, 30, lime})
}

func TestTablesTakeTheColourOfTheBodyInQuirksMode(t *testing.T) {
	src := `<body style="margin:0;color:lime"><div style="color:red"><table cellspacing=0 cellpadding=0><tr><td><div style="width:20px;height:20px;background:currentcolor"></div></table></div>`
	checkPixels(t, src, pixel{5, 5, lime})
	checkPixels(t, `<!doctype html>`+src, pixel{5, 5, red})
	checkPixels(t, strings.Replace(src, "<table", `<table style="color:blue"`, 1), pixel{5, 5, blue})
}

func TestWidthsByTheContent(t *testing.T) {
	box := `<span style="display:inline-block;width:30px;height:10px"></span> <span style="display:inline-block;width:30px;height:10px"></span>`
	for width, most := range map[string]int{"fit-content": 75, "-webkit-fit-content": 75, "max-content": 75, "min-content": 35} {
		checkPixels(t, page+divOf("font-size:10px;background:red;height:10px;width:"+width, box), pixel{29, 5, red}, pixel{most, 5, paper})
		if width != "min-content" {
			checkPixels(t, page+divOf("font-size:10px;background:red;height:10px;width:"+width, box), pixel{59, 5, red})
		}
	}
}
