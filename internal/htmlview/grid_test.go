package htmlview

import (
	"strings"
	"testing"
)

// grid is a grid of boxes that are 20 high, red and lime in turn, on blue.
func grid(style string, items ...string) string {
	var b strings.Builder
	b.WriteString(page + `<div style="display:grid;background:blue;` + style + `">`)
	for i, s := range items {
		b.WriteString(`<div style="height:20px;background:` + []string{"red", "lime"}[i%2] + ";" + s + `"></div>`)
	}
	return b.String() + "</div>"
}

func TestGridColumns(t *testing.T) {
	two, three := []string{"", ""}, []string{"", "", ""}
	for name, c := range map[string]struct {
		src  string
		want []pixel
	}{
		"shares":                {grid("width:300px;grid-template-columns:1fr 2fr", three...), []pixel{{99, 5, red}, {101, 5, lime}, {299, 5, lime}, {5, 25, red}, {150, 25, blue}}},
		"a gap":                 {grid("width:310px;gap:10px;grid-template-columns:1fr 2fr", three...), []pixel{{99, 5, red}, {105, 5, blue}, {111, 5, lime}, {5, 25, blue}, {5, 35, red}}},
		"lengths":               {grid("width:300px;grid-template-columns:50px 25% auto", three...), []pixel{{49, 5, red}, {51, 5, lime}, {124, 5, lime}, {126, 5, red}, {299, 5, red}}},
		"repeated":              {grid("width:300px;grid-template-columns:repeat(2,100px 20px)", three...), []pixel{{99, 5, red}, {119, 5, lime}, {121, 5, red}, {219, 5, red}, {221, 5, blue}}},
		"as they fit":           {grid("width:320px;gap:10px;grid-template-columns:repeat(auto-fit,minmax(100px,1fr))", two...), []pixel{{154, 5, red}, {160, 5, blue}, {166, 5, lime}}},
		"as there is room":      {grid("width:320px;gap:10px;grid-template-columns:repeat(auto-fill,minmax(100px,1fr))", two...), []pixel{{99, 5, red}, {111, 5, lime}, {215, 5, blue}}},
		"spans":                 {grid("width:300px;grid-template-columns:repeat(3,1fr)", "grid-column:span 2", "", "grid-column:2/-1"), []pixel{{199, 5, red}, {201, 5, lime}, {50, 25, blue}, {101, 25, red}, {299, 25, red}}},
		"all":                   {grid("width:300px;grid-template-columns:1fr 1fr", "", "grid-column:1 / -1"), []pixel{{149, 5, red}, {200, 5, blue}, {299, 25, lime}}},
		"right to left":         {grid("width:300px;direction:rtl;margin-left:0;margin-right:auto;grid-template-columns:100px 1fr", two...), []pixel{{299, 5, red}, {201, 5, red}, {199, 5, lime}, {1, 5, lime}}},
		"beside each other":     {grid("width:300px;grid-auto-flow:column", three...), []pixel{{99, 5, red}, {150, 5, lime}, {299, 5, red}}},
		"one below another":     {grid("width:300px;row-gap:5px", two...), []pixel{{299, 10, red}, {299, 22, blue}, {299, 30, lime}}},
		"aligned":               {grid("width:300px;height:60px;align-items:end;grid-template-columns:1fr 1fr", "height:10px", "align-self:stretch;height:auto"), []pixel{{5, 45, blue}, {5, 55, red}, {299, 5, lime}, {299, 59, lime}}},
		"placed in the middle":  {grid("width:300px;height:60px;place-items:center", "width:100px;height:10px"), []pixel{{99, 30, blue}, {101, 30, red}, {199, 30, red}, {201, 30, blue}, {150, 24, blue}, {150, 26, red}}},
		"at the end":            {grid("width:300px;justify-items:end;grid-template-columns:1fr 1fr", "width:100px", "width:100px;justify-self:start"), []pixel{{49, 5, blue}, {51, 5, red}, {149, 5, red}, {151, 5, lime}, {251, 5, blue}}},
		"the same to the left":  {grid("width:300px;margin:0;direction:rtl;justify-items:end", "width:100px"), []pixel{{1, 5, red}, {101, 5, blue}}},
		"nothing that is known": {grid("width:300px;grid-template-columns:[a] 100px [b] subgrid foo(3) 1fr", two...), []pixel{{99, 5, red}, {101, 5, lime}}},
		"no grid after all":     {grid("width:300px;grid-template-columns:1fr 1fr;display:block", two...), []pixel{{299, 5, red}, {299, 25, lime}}},
	} {
		t.Run(name, func(t *testing.T) { checkPixels(t, c.src, c.want...) })
	}
}
