package htmlview

import (
	"image/color"
	"testing"
)

// Lines of tables by the attributes rules and frame, and in the colour that cells inherit from their table.
func TestLinesOfTables(t *testing.T) {
	cells := `><tr><td><div style="width:30px;height:20px"></div><td><div style="width:30px;height:20px"></div><tr><td><div style="height:20px"></div><td></table>`
	black := color.RGBA{0, 0, 0, 255}
	// Collapsed, the left column is about 33 wide and a row about 23 high, with the lines within and around.
	table := func(attrs string) string { return page + `<table cellspacing=0 cellpadding=1 ` + attrs + cells }
	row := func(y int, c color.RGBA) []pixel { return []pixel{{10, y, c}, {50, y, c}} }
	for name, c := range map[string]struct {
		src  string
		want []pixel
	}{
		"of a report":         {table(`rules=all border=1 style="border-color:red;border-collapse:collapse"`), append(row(0, red), pixel{0, 10, red}, pixel{33, 10, red}, pixel{10, 10, paper})},
		"a frame and columns": {table(`rules=cols border=1`), []pixel{{33, 10, black}, {33, 30, black}, {10, 23, paper}, {50, 23, paper}}},
		"rows only":           {table(`rules=rows frame=void border=1`), []pixel{{10, 0, paper}, {0, 10, paper}, {33, 10, paper}, {10, 22, black}, {50, 22, black}}},
		"between cells":       {table(`rules=all`), []pixel{{10, 0, paper}, {0, 10, paper}, {32, 10, black}, {10, 22, black}}},
		"none":                {table(`rules=none border=1`), []pixel{{33, 10, paper}, {10, 23, paper}}},
		"a frame alone":       {table(`frame=hsides`), []pixel{{10, 0, black}, {0, 10, paper}, {33, 10, paper}}},
		"the first of equals": {page + `<table cellspacing=0 cellpadding=0 style="border-collapse:collapse"><tr><td colspan=2 style="border:1px solid red"><div style="width:60px;height:20px"></div><tr><td style="border:1px solid lime"><div style="width:30px;height:20px"></div><td style="border:1px solid blue"><div style="width:30px"></div></table>`, []pixel{{10, 21, red}, {50, 21, red}, {31, 30, lime}, {10, 42, lime}}},
		"the stronger style":  {page + `<table cellspacing=0 cellpadding=0 style="border-collapse:collapse"><tr><td style="border:1px dotted red"><div style="width:30px;height:20px"></div><td style="border:1px solid lime"><div style="width:30px"></div></table>`, []pixel{{31, 8, lime}, {31, 9, lime}, {31, 10, lime}}},
		"a row's own":         {page + `<table cellspacing=0 cellpadding=1 border=1 style="border-color:red;border-collapse:collapse"><tr style="border-color:lime"><td><div style="width:30px;height:20px"></div><td><div style="width:30px"></div></table>`, []pixel{{33, 10, lime}}},
	} {
		t.Run(name, func(t *testing.T) { checkPixels(t, c.src, c.want...) })
	}
}

// A table of fixed layout is at least as wide as its columns: Google Sheets writes a width of nothing. A table whose rows stand in an
// anonymous one, because it is an inline block itself, keeps the gaps between its cells.
func TestWidthsOfFixedTables(t *testing.T) {
	src := func(style, cols string) string {
		return page + `<table cellspacing=0 cellpadding=0 style="table-layout:fixed;` + style + `">` + cols + `<tr style="height:20px"><td bgcolor=red><td bgcolor=lime></table>`
	}
	cols := `<colgroup><col width=100><col width=50></colgroup>`
	for name, c := range map[string]struct {
		src  string
		want []pixel
	}{
		"nothing":          {src("width:0px", cols), []pixel{{99, 5, red}, {101, 5, lime}, {149, 5, lime}, {151, 5, paper}}},
		"more":             {src("width:300px", cols), []pixel{{199, 5, red}, {201, 5, lime}, {299, 5, lime}}},
		"one column free":  {src("width:300px", `<col><col width=50>`), []pixel{{249, 5, red}, {251, 5, lime}, {299, 5, lime}}},
		"too many percent": {page + `<table cellspacing=0 cellpadding=0 width=300 style="table-layout:fixed"><tr style="height:20px"><td width=100 bgcolor=red><td width="100%" bgcolor=lime></table>`, []pixel{{99, 5, red}, {101, 5, lime}, {299, 5, lime}, {301, 5, paper}}},
		"an inline block":  {page + `<table style="display:inline-block;background:blue" cellpadding=0><tr><td bgcolor=red><div style="width:20px;height:20px"></div></table>`, []pixel{{1, 1, blue}, {2, 2, red}, {21, 21, red}, {23, 23, blue}}},
	} {
		t.Run(name, func(t *testing.T) { checkPixels(t, c.src, c.want...) })
	}
}
