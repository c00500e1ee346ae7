package htmlview

import (
	"image/color"
	"strings"
	"testing"
)

// The figures of this file are those of Chromium for the same documents, too.

// wide is a picture of 60 x 20 units within a line.
const wide = `<i style="display:inline-block;width:60px;height:20px"></i>`

func TestAnInlineElementHasItsEdgesOnce(t *testing.T) {
	src := strictPage + `<div style="width:100px;line-height:20px"><b style="background:lime;border:solid red;border-width:0 4px;border-radius:9px">` + wide + wide + `</b></div>`
	checkPixels(t, src, pixel{1, 10, red}, pixel{62, 10, lime}, pixel{65, 10, paper}, // the first line ends without a border
		pixel{1, 40, lime}, pixel{62, 40, red}) // and the second starts without
	checkPixels(t, strictPage+`<div style="line-height:20px;direction:rtl;width:100px"><b style="background:lime;border:solid red;border-width:0 4px"><bdo dir=rtl>`+wide+wide+`</bdo></b></div>`,
		pixel{98, 10, red}, pixel{38, 10, lime}, pixel{35, 10, paper}, pixel{98, 40, lime}, pixel{38, 40, red})
}

func TestEdgesOfNestedInlineElements(t *testing.T) {
	src := strictPage + `<b style="background:lime;padding:0 10px"><u style="background:red;padding:0 10px">` + wide + `</u></b>`
	checkPixels(t, src, pixel{5, 10, lime}, pixel{15, 10, red}, pixel{85, 10, red}, pixel{95, 10, lime}, pixel{102, 10, paper})
}

func TestAnEmptyInlineElementWithinText(t *testing.T) {
	const empty = `<b style="border:solid red;border-width:0 3px;background:lime;padding:0 2px"></b>`
	src := strictPage + wide + empty + wide
	checkPixels(t, src, pixel{59, 10, paper}, pixel{61, 10, red}, pixel{65, 10, lime}, pixel{68, 10, red}, pixel{71, 10, paper})
	checkPixels(t, strictPage+`<div style="width:70px">`+wide+` `+empty+`x`+`</div>`, pixel{1, 30, red}) // it goes to the next line with what follows
}

func TestARelativeInlineElementMovesAsAWhole(t *testing.T) {
	img := `<img width=20 height=20 src="data:image/gif;base64,R0lGODlhAQABAIAAAP8AAP8AACwAAAAAAQABAAACAkQBADs=">`
	src := strictPage + `<b style="position:relative;left:30px;top:40px;background:lime;padding:0 5px">` + img + `</b>`
	checkPixels(t, src, pixel{2, 10, paper}, pixel{32, 50, lime}, pixel{45, 50, red}, pixel{58, 50, lime})
}

func TestBordersThatLookRaised(t *testing.T) {
	grey := func(v uint8) color.RGBA { return color.RGBA{v, v, v, 255} }
	box := func(border string) string {
		return strictPage + `<div style="width:80px;height:80px;border:` + border + `"></div>`
	}
	for _, c := range []struct {
		border                 string
		outer, inner, opposite color.RGBA // of the top, and the outer part of the bottom
	}{
		{"10px outset gray", grey(212), grey(212), grey(44)},
		{"10px inset gray", grey(44), grey(44), grey(212)},
		{"10px groove gray", grey(44), grey(212), grey(212)},
		{"10px ridge gray", grey(212), grey(44), grey(44)},
		{"10px outset black", grey(168), grey(168), grey(84)},
		{"10px outset #111", grey(185), grey(185), grey(101)},
		{"10px outset #00f", color.RGBA{0, 0, 255, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{0, 0, 171, 255}},
	} {
		checkPixels(t, box(c.border), pixel{50, 2, c.outer}, pixel{50, 8, c.inner}, pixel{50, 98, c.opposite})
	}
}

func TestTheCornersOfDoubleBorders(t *testing.T) {
	src := strictPage + `<div style="width:50px;height:50px;border:9px double red;background:lime;background-clip:padding-box"></div>`
	checkPixels(t, src, pixel{1, 1, red}, pixel{1, 4, red}, pixel{4, 7, paper}, pixel{1, 30, red}, pixel{4, 4, paper}, pixel{4, 30, paper}, pixel{30, 4, paper}, pixel{7, 4, paper}, pixel{7, 7, red}, pixel{66, 66, red}, pixel{63, 63, paper}, pixel{60, 60, red}, pixel{40, 40, lime})
}

func TestOpacityIsThatOfTheWhole(t *testing.T) {
	half := color.RGBA{255, 128, 128, 255}
	check := func(src string, x, y int, want color.RGBA) {
		t.Helper()
		got := pixelsOf(t, src).RGBAAt(x, y)
		d := func(a, b uint8) bool { return max(a, b)-min(a, b) > 1 }
		if d(got.R, want.R) || d(got.G, want.G) || d(got.B, want.B) {
			t.Errorf("(%d, %d) is %v, want %v, of %s", x, y, got, want, src)
		}
	}
	const cover = `<div style="background:red;width:50px;height:50px"></div>`
	check(strictPage+`<div style="opacity:.5;background:lime;width:100px">`+cover+`</div>`, 20, 20, half)
	check(strictPage+`<div style="opacity:.5;background:lime;width:100px">`+cover+`</div>`, 80, 20, color.RGBA{128, 255, 128, 255})
	// One within another, and one beneath the rest.
	check(strictPage+`<div style="opacity:.8;background:white"><div style="opacity:.5;background:lime">`+cover+`</div></div>`, 20, 20, color.RGBA{255, 153, 153, 255})
	check(strictPage+`<div style="opacity:.5;background:lime;height:50px"><div style="position:relative;z-index:-1;background:red;height:20px"></div><div style="margin-top:-20px;background:red;width:30px;height:9px"></div></div>`, 20, 5, half)
	// Round corners cut the whole.
	check(strictPage+`<div style="overflow:hidden;border-radius:25px;width:50px"><div style="opacity:.5;background:lime">`+cover+`</div></div>`, 1, 1, color.RGBA{255, 255, 255, 255})
}

func TestAFlowRootHoldsItsMargins(t *testing.T) {
	checkPixels(t, strictPage+`<div style="display:flow-root;background:lime"><p style="margin:30px 0;height:10px;background:red"></p></div>`,
		pixel{9, 5, lime}, pixel{9, 35, red}, pixel{9, 65, lime}, pixel{9, 71, paper})
}

func TestTheAlignmentOfLastLines(t *testing.T) {
	block := func(style string) string {
		return strictPage + `<div style="width:100px;` + style + `">` + `<i style="display:inline-block;width:60px;height:20px;background:red"></i> <i style="display:inline-block;width:60px;height:20px;background:lime"></i></div>`
	}
	checkPixels(t, block("text-align-last:center"), pixel{1, 10, red}, pixel{19, 30, paper}, pixel{21, 30, lime}, pixel{79, 30, lime}, pixel{81, 30, paper})
	checkPixels(t, block("text-align:right;text-align-last:left"), pixel{39, 10, paper}, pixel{41, 10, red}, pixel{1, 30, lime})
	checkPixels(t, block("text-align:center;text-align-last:auto"), pixel{19, 30, paper}, pixel{21, 30, lime})
	checkPixels(t, strictPage+`<div style="width:100px;text-align-last:justify"><i style="display:inline-block;width:20px;height:20px;background:red"></i> <i style="display:inline-block;width:20px;height:20px;background:lime"></i></div>`,
		pixel{1, 10, red}, pixel{99, 10, lime})
}

func TestLinesOfTheUserAgentKeepTheirLightEdge(t *testing.T) {
	top, bottom := color.RGBA{154, 154, 154, 255}, color.RGBA{238, 238, 238, 255}
	checkPixels(t, strictPage+`<hr style="margin:0">`, pixel{50, 0, top}, pixel{50, 1, bottom})
	checkPixels(t, strictPage+`<hr style="margin:0;border-color:gray">`, pixel{50, 0, color.RGBA{44, 44, 44, 255}}, pixel{50, 1, color.RGBA{212, 212, 212, 255}})
}

func TestManyGroupsWithinEachOther(t *testing.T) {
	img := pixelsOf(t, strictPage+strings.Repeat(`<div style="opacity:.999;background:lime">`, 60)+`<div style="background:red;height:20px">`)
	if c := img.RGBAAt(20, 10); c.R < 200 || c.G > 60 {
		t.Errorf("the innermost is %v", c)
	}
}
