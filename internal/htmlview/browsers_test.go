package htmlview

import (
	"bytes"
	"strings"
	"testing"
)

// The figures of this file are those of Chromium for the same documents.

const (
	strictPage = `<!doctype html><body style="margin:0;font:16px/20px serif">`
	quirksPage = `<body style="margin:0;font:16px/20px serif">`
	mark       = `<div style="width:9px;height:9px;background:red"></div>`
)

// markAt is how far down the mark stands, -1 where it is not seen.
func markAt(t *testing.T, src string) int {
	t.Helper()
	img := pixelsOf(t, src)
	for y := range 300 {
		if img.RGBAAt(4, y) == red {
			return y
		}
	}
	return -1
}

func TestHeightsAreThoseOfBrowsers(t *testing.T) {
	for _, c := range []struct {
		name, page, src string
		want            int
	}{
		{"edges around a block within an inline element", strictPage, `<b style="border:1px solid"><p style="margin:0">a</p></b>`, 60},
		{"the end of an inline element after a block", strictPage, `<b style="padding-right:1px"><p style="margin:0">a</p></b>`, 40},
		{"an empty inline element with padding", strictPage, `<div><b style="padding:5px"></b></div>`, 20},
		{"one without", strictPage, `<div><b> </b></div>`, 0},
		{"one with a margin", strictPage, `<div><b style="margin-left:5px"></b></div>`, 20},
		{"one with a margin, quirks", quirksPage, `<div><b style="margin-left:5px"></b></div>`, 0},
		{"a line with a break alone has the height of what the break is in", strictPage, `<div><b style="font-size:30px;line-height:40px"><br></b></div>`, 40},
		{"and in quirks mode no other", quirksPage, `<div><b style="font-size:10px;line-height:10px">a<br><br></b></div>`, 20},
		{"the margin above vanishes in a cell, that below does not", quirksPage, `<table cellspacing=0 cellpadding=0><td><blockquote style="line-height:20px">a</blockquote></table>`, 36},
		{"that below a paragraph does", quirksPage, `<table cellspacing=0 cellpadding=0><td><p style="line-height:20px">a</p></table>`, 20},
		{"neither of a figure's", quirksPage, `<table cellspacing=0 cellpadding=0><td><figure style="line-height:20px">a</figure></table>`, 52},
		{"empty items have their bullets' height", strictPage, `<ul style="margin:0"><li></li><li><a></a></li></ul>`, 40},
		{"and without bullets none", strictPage, `<ul style="margin:0;list-style:none"><li></li><li></li></ul>`, 0},
		{"paddings of cells in percent are of the table", strictPage, `<table width=200 cellspacing=0 cellpadding=0><td width="50%" style="padding:10% 0">a<td>b</table>`, 60},
		{"a list of definitions within one", strictPage, `<dl style="margin:0"><dd><dl><dd>a</dl></dl>`, 20},
		{"an empty box below a float", strictPage, `<div style="float:left;width:9px;height:50px"></div><div style="clear:both"></div>`, 50},
		{"its margins stand beside the float", strictPage, `<div style="float:left;width:9px;height:50px"></div><div style="clear:both;margin:30px 0"></div>`, 50},
		{"and within its parent", strictPage, `<div><div style="float:left;width:9px;height:50px"></div><div style="clear:both;margin:0 0 30px"></div></div>`, 80},
	} {
		if got := markAt(t, c.page+c.src+mark); got != c.want {
			t.Errorf("%s: the mark is at %d, want %d", c.name, got, c.want)
		}
	}
}

func TestAttributesAreTheStylesOfBrowsers(t *testing.T) {
	const img = `<img width=20 height=60 src="data:image/gif;base64,R0lGODlhAQABAIAAAP8AAP8AACwAAAAAAQABAAACAkQBADs="`
	for _, c := range []struct{ page, attr, style, plain string }{
		{strictPage, img + ` align=absbottom>x`, img + ` style="vertical-align:bottom">x`, img + `>x`},
		{strictPage, img + ` align=texttop>x`, img + ` style="vertical-align:text-top">x`, img + ` align=top>x<br>y`},
		{strictPage, img + ` align=middle>x`, img + ` style="vertical-align:-30px">x`, img + ` align=absmiddle>x`},
		{strictPage, `<table><caption align=bottom>c</caption><td>x</table>`, `<table><caption style="caption-side:bottom">c</caption><td>x</table>`, `<table><caption>c</caption><td>x</table>`},
		{strictPage, `<table width=0><td>x y</table>`, `<table><td>x y</table>`, `<table width=1><td>x y</table>`},
		{quirksPage, `<p align=center style="margin:0"><table><td>x</table>`, `<div align=center><table><td>x</table></div>`, `<table><td>x</table>`},
		{strictPage, `<pre wrap style="width:50px">aaa bbb ccc ddd</pre>`, `<pre style="width:50px;white-space:pre-wrap">aaa bbb ccc ddd</pre>`, `<pre style="width:50px">aaa bbb ccc ddd</pre>`},
		{quirksPage, `<table cellpadding=9><td height=70>x</table>` + mark, `<table cellpadding=9><td style="height:70px">x</table>` + mark, `<table cellpadding=9><td>x</table>` + mark},
	} {
		attr, style, plain := pixelsOf(t, c.page+c.attr), pixelsOf(t, c.page+c.style), pixelsOf(t, c.page+c.plain)
		if !bytes.Equal(attr.Pix, style.Pix) {
			t.Errorf("%s\ndoes not look like\n%s", c.attr, c.style)
		}
		if bytes.Equal(attr.Pix, plain.Pix) {
			t.Errorf("%s\nlooks like\n%s", c.attr, c.plain)
		}
	}
}

func TestTheLegendLiesOnTheBorder(t *testing.T) {
	src := strictPage + `<fieldset style="margin:0;padding:0;border:2px solid red;background:lime"><legend style="padding:0;width:20px"ALIGN>a</legend>`
	checkPixels(t, strings.Replace(src, "ALIGN", "", 1), pixel{400, 4, paper}, pixel{400, 9, red}, pixel{400, 15, lime}, pixel{30, 9, red})
	checkPixels(t, strings.Replace(src, "ALIGN", " align=right", 1), pixel{4, 9, red}, pixel{770, 9, red}, pixel{795, 9, lime})
	checkPixels(t, strings.Replace(src, "ALIGN", " align=center", 1), pixel{4, 9, red}, pixel{408, 10, lime}, pixel{795, 9, red})
}

func TestTextBesideABulletWithinIt(t *testing.T) {
	img := pixelsOf(t, strictPage+`<ul style="list-style:disc inside;margin:0;padding:0;color:lime"><li><b style="background:red;color:red">aaa`)
	x := 0
	for x < 800 && img.RGBAAt(x, 10) != red {
		x++
	}
	if x < 21 || x > 23 {
		t.Errorf("the text starts at %d, want 22", x)
	}
}

func TestColumnsOfFixedTables(t *testing.T) {
	const fixed = strictPage + `<style>table{table-layout:fixed;border-collapse:collapse}td{background:lime;color:lime;padding:0}.r{background:red}</style>`
	for _, c := range []struct {
		name, src string
		want      int // where the second column starts
	}{
		{"paddings are added to percentages", `<table width=400><td width="20%" style="padding:0 40px">a<td class=r>b</table>`, 160},
		{"and all of it is made smaller where it is too much", `<table width=400><td width="80%" style="padding:0 40px">a<td class=r width="20%" style="padding:0 40px">b</table>`, 286},
		{"but not where the box is that of the border", `<table width=400><td width="20%" style="padding:0 10px;box-sizing:border-box">a<td class=r>b</table>`, 80},
		{"those around one of 100 percent take all room", `<table style="table-layout:auto"><td width="50%"><table width="100%"><td>a</table><td class=r width="50%">b</table>`, 400},
	} {
		img := pixelsOf(t, fixed+c.src)
		got := 0
		for got < 800 && img.RGBAAt(got, 4) != red {
			got++
		}
		if got < c.want-1 || got > c.want+1 {
			t.Errorf("%s: the second column starts at %d, want %d", c.name, got, c.want)
		}
	}
}

// What stands in for an inline element without text is not part of the text.
func TestAnEmptyInlineElementIsNotCopied(t *testing.T) {
	v := view(t, strictPage+`<b style="border:1px solid"></b>word<div><b style="padding:1px"></b></div>`)
	if got := v.Text(0, v.Len()); got != "word\n" && got != "word\n\n" {
		t.Errorf("the text is %q", got)
	}
}
