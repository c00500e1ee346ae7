package htmlview

import (
	"context"
	"image"
	"strings"
	"testing"
)

const tall = `<div style="height:90px;background:lime"></div>`

// laidOut is a document as it is on the screen, or printed.
func laidOut(t *testing.T, src string, whole bool) *View {
	t.Helper()
	d, err := Parse(context.Background(), src, Options{Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	return again(t, d, whole)
}

func again(t *testing.T, d *Document, whole bool) *View {
	t.Helper()
	v, err := d.Layout(context.Background(), 800, LayoutOptions{Whole: whole})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// markIn is how far down the mark stands in a view.
func markIn(t *testing.T, v *View) int {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 800, 300))
	if err := v.Paint(img, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	for y := range 300 {
		if img.RGBAAt(4, y) == red {
			return y
		}
	}
	return -1
}

func TestBoxesThatScroll(t *testing.T) {
	for _, c := range []struct {
		name, style   string
		screen, whole int
	}{
		{"a height", "height:40px;overflow:auto", 40, 90},
		{"a greatest height, with padding", "max-height:40px;overflow-y:scroll;padding:5px", 50, 100},
		{"room enough", "height:120px;overflow:auto", 120, 120},
		{"downwards only", "height:40px;overflow-x:hidden;overflow-y:auto", 40, 90},
		{"cut off", "height:40px;overflow:hidden", 40, 40},
		{"what is meant not to be seen", "max-height:0;overflow:auto", 0, 0},
		{"nor this", "height:1px;overflow:auto;font-size:2px", 1, 1},
	} {
		src := strictPage + divOf(c.style, tall) + mark
		if got := markIn(t, laidOut(t, src, false)); got != c.screen {
			t.Errorf("%s: the mark is at %d, want %d", c.name, got, c.screen)
		}
		if got := markIn(t, laidOut(t, src, true)); got != c.whole {
			t.Errorf("%s, whole: the mark is at %d, want %d", c.name, got, c.whole)
		}
		opens := c.screen != c.whole
		if v := laidOut(t, src, false); len(v.Stops()) > 0 != opens {
			t.Errorf("%s: something to click: %v, want %v", c.name, len(v.opens) > 0, opens)
		}
	}
	checkPixels(t, strictPage+`<body style="overflow:auto;height:40px">`+tall, pixel{50, 80, lime}) // that is about the window
}

func TestAClickShowsABoxWhole(t *testing.T) {
	v := laidOut(t, strictPage+divOf("height:40px;width:200px;overflow:auto", tall)+mark, false)
	if v.SummaryAt(50, 10) || v.SummaryAt(300, 38) || !v.SummaryAt(50, 38) || !v.SummaryAt(196, 10) {
		t.Fatal("the edge is elsewhere")
	}
	if s := v.Stops(); len(s) != 1 || s[0].Rects[0].Y < 20 || s[0].Rects[0].Y > 40 {
		t.Fatalf("the keyboard stops at %v", s)
	}
	img := image.NewRGBA(image.Rect(0, 0, 800, 100))
	if err := v.Paint(img, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	if c := img.RGBAAt(196, 10); c == lime || c == paper {
		t.Errorf("no bar is seen: %v", c)
	}
	if !v.Toggle(50, 38) {
		t.Fatal("the click did nothing")
	}
	v = again(t, v.doc, false)
	if got := markIn(t, v); got != 90 {
		t.Errorf("after the click the mark is at %d, want 90", got)
	}
	if v.SummaryAt(50, 38) || v.SummaryAt(50, 88) {
		t.Error("there is something to click still")
	}
}

func TestCodeThatScrollsSidewaysGoesOnInTheNextLine(t *testing.T) {
	long := strings.Repeat("word ", 40) + strings.Repeat("x", 200)
	for _, src := range []string{
		`<pre style="overflow-x:auto;width:300px">` + long + `</pre>`,
		`<div style="overflow:auto;width:300px"><pre><code>` + long + `</code></pre></div>`,
		`<div style="overflow:auto;width:300px;white-space:nowrap">` + long + `</div>`,
	} {
		v := laidOut(t, strictPage+src, true)
		if got := v.Text(0, v.Len()); !strings.Contains(got, long) {
			t.Errorf("the text is %q", got)
		}
		for i := range v.ops {
			if o := &v.ops[i]; o.kind == opText && o.x+o.w > 301 {
				t.Fatalf("text leaves the box of 300: %s", src)
			}
		}
		if v := laidOut(t, strictPage+src, false); len(v.opens) != 1 {
			t.Errorf("%d places to click: %s", len(v.opens), src)
		}
	}
	gradient := divOf("width:300px;height:20px;background:linear-gradient(red,blue)", "")
	if v := laidOut(t, strictPage+divOf("overflow-x:auto;width:200px", gradient), false); len(v.opens) != 1 {
		t.Errorf("%d places to click beside a gradient", len(v.opens))
	}
	// Where all has room nothing changes; and a table that is too wide is seen beyond the edge.
	room := strictPage + `<pre style="overflow:auto">a  b` + "\n" + `c</pre>`
	a, b := laidOut(t, room, true), laidOut(t, room, false)
	if a.Height() != b.Height() || a.Text(0, a.Len()) != b.Text(0, b.Len()) || len(b.opens) > 0 {
		t.Error("code that has room looks otherwise")
	}
	v := laidOut(t, strictPage+divOf("overflow-x:auto;width:100px", divOf("width:200px;height:20px;background:red", "")), true)
	img := image.NewRGBA(image.Rect(0, 0, 800, 100))
	if err := v.Paint(img, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	if c := img.RGBAAt(150, 10); c != red {
		t.Errorf("beyond the edge: %v", c)
	}
}

// A second click before the first one shows, as of a double click, does not cut the box off again; and a <details> element that scrolls, too, is not closed by it.
func TestAClickOnTheEdgeOnlyShowsMore(t *testing.T) {
	v := laidOut(t, strictPage+divOf("height:40px;width:200px;overflow:auto", tall)+mark, false)
	v.Toggle(50, 38)
	v.Toggle(50, 38)
	if got := markIn(t, again(t, v.doc, false)); got != 90 {
		t.Errorf("after two clicks the mark is at %d, want 90", got)
	}
	v = laidOut(t, strictPage+`<details open style="height:60px;overflow:auto"><summary style="height:20px">more</summary>`+tall+`</details>`+mark, false)
	v.Toggle(50, 58)
	if got := markIn(t, again(t, v.doc, false)); got < 100 {
		t.Errorf("the open element was closed: the mark is at %d", got)
	}
}

// A link that is cut off is not there to be clicked, nor for the keyboard: over what stands under the box it would deceive.
func TestALinkThatIsCutOffIsNotThere(t *testing.T) {
	for _, overflow := range []string{"hidden", "auto"} {
		v := laidOut(t, strictPage+divOf("height:20px;width:300px;overflow:"+overflow, `<p style="margin:0;height:30px">text</p><p style="margin:0"><a href="https://evil.example/">cut off</a></p>`+
			`<a href="https://evil.example/"><img alt="" width="200" height="90"></a><a href="https://evil.example/"><span style="display:inline-block;width:90px;height:90px">x</span></a>`)+
			`<p style="margin:0;height:90px"><a href="https://good.example/">seen</a> text</p>`, false)
		for y := float32(1); y < 250; y += 4 {
			for x := float32(1); x < 300; x += 10 {
				if u := v.LinkAt(x, y); strings.Contains(u, "evil") {
					t.Fatalf("%s: at %v, %v a click leads to %s", overflow, x, y, u)
				}
			}
		}
		for _, s := range v.Stops() {
			if strings.Contains(s.URL, "evil") {
				t.Errorf("%s: the keyboard stops at %v", overflow, s)
			}
		}
	}
}

// What is cut off is neither marked over what stands there instead nor hit by a click on that, and it can be brought into sight by its place in the text.
func TestWordsThatAreCutOff(t *testing.T) {
	v := laidOut(t, strictPage+divOf("height:40px;overflow:auto", divOf("height:60px;overflow:auto", divOf("height:50px", "first")+divOf("height:50px", "needle")))+divOf("height:90px", "below"), false)
	at, below := v.Find("needle")[0], v.Find("below")[0]
	if got := v.Selection(at[0], at[1]); len(got) != 0 {
		t.Errorf("marked is %v", got)
	}
	if got := v.Selection(below[0], below[1]); len(got) != 1 {
		t.Errorf("of what is seen is marked %v", got)
	}
	if got := v.Position(1, 58); got < below[0] {
		t.Errorf("a click below the box is at %d of the text, which goes on there at %d", got, below[0])
	}
	if v.Uncover(below[0]) {
		t.Error("there was something to uncover for what is seen")
	}
	if !v.Uncover(at[0]) || v.Uncover(at[0]) {
		t.Error("it is uncovered never, or for ever")
	}
	v = again(t, v.doc, false)
	if got := v.Selection(at[0], at[1]); len(got) != 1 || v.Uncover(at[0]) {
		t.Errorf("uncovered, marked is %v", got)
	}
}

// The bar of one line of code lies below its letters.
func TestTheBarStrikesNothingThrough(t *testing.T) {
	v := laidOut(t, strictPage+`<pre style="overflow:auto;width:200px;margin:0;font:16px/20px monospace;color:white">`+strings.Repeat("word ", 40)+`</pre>`, false)
	img := image.NewRGBA(image.Rect(0, 0, 800, 30))
	if err := v.Paint(img, 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	for y := range 18 {
		if c := img.RGBAAt(8, y); c != paper {
			t.Errorf("row %d has %v", y, c)
		}
	}
	if c := img.RGBAAt(8, 19); c == paper {
		t.Error("there is no bar")
	}
}
