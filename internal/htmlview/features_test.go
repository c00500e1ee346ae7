package htmlview

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"
	"time"
)

// textOf is the text of a mail as it is copied.
func textOf(t *testing.T, src string) string {
	t.Helper()
	v := view(t, src)
	return strings.TrimSpace(v.Text(0, v.Len()))
}

func TestGeneratedContent(t *testing.T) {
	for src, want := range map[string]string{
		`<style>p::before{content:"» ";}p:after{content:" " attr(title)}</style><p title=T>x`:                                                                    "» x T",
		`<style>li{list-style:none}li::before{counter-increment:n;content:counters(n,".") " "}ol{counter-reset:n}</style><ol><li>a<ol><li>b<li>c</ol><li>d</ol>`: "1 a\n1.1 b\n1.2 c\n2 d",
		`<q>a <q>b</q></q>`: "“a ‘b’”",
		`<style>b::before{content:"\201C\a0"}</style><b>x</b>`:                                       "“\u00a0x",
		`<style>p:is(.a,.b):not(.c,:hover)::before{content:"+"}</style><p class=a>1<p class="b c">2`: "+1\n2",
	} {
		if got := textOf(t, src); got != want {
			t.Errorf("the text of %s is %q, want %q", src, got, want)
		}
	}
}

func TestListMarkers(t *testing.T) {
	for kind, want := range map[string]string{"lower-greek": "γ.", "hebrew": "ג.", "persian": "۳.", "upper-roman": "III.", "lower-alpha": "c."} {
		if got := formatMarker(kind, 3); got != want {
			t.Errorf("the third of %s is %q, want %q", kind, got, want)
		}
	}
	if got := hebrew(15) + hebrew(16) + hebrew(115); got != "טוטזקטו" {
		t.Errorf("fifteen, sixteen and a hundred and fifteen in Hebrew: %q", got)
	}
	checkPixels(t, page+`<ul type=square style="margin:0;padding:0 0 0 40px;color:red"><li>&nbsp;`, pixel{26, 13, red})
	checkPixels(t, page+`<ul type=square dir=rtl style="margin:0;padding:0 40px 0 0;color:red"><li>&nbsp;`, pixel{773, 13, red})
}

func TestFormsAreDrawnDead(t *testing.T) {
	src := `<form action="https://example.org/"><input value="name"> <input type=password value="secret"> <select><option>one<option selected>two</select> <textarea>some
lines</textarea> <button>Send</button> <input type=submit></form>`
	got := textOf(t, src)
	for _, want := range []string{"name", "two", "some\nlines", "Send", "Submit", "••••••"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	for _, hidden := range []string{"secret", "one"} {
		if strings.Contains(got, hidden) {
			t.Errorf("%q shows %q", got, hidden)
		}
	}
	v := view(t, src)
	for x := float32(0); x < 800; x += 5 {
		if u := v.LinkAt(x, 20); u != "" {
			t.Fatalf("a form control links to %s", u)
		}
	}
	if got := textOf(t, `<details><summary>More</summary>hidden</details><details open><summary>Less</summary>shown</details>`); strings.Contains(got, "hidden") || !strings.Contains(got, "shown") {
		t.Errorf("details: %q", got)
	}
}

func TestMarksAreNoPartOfTheText(t *testing.T) {
	long := `<div style="width:80px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap">a line that is cut short</div>`
	v := view(t, long)
	if got := strings.TrimSpace(v.Text(0, v.Len())); got != "a line that is cut short" {
		t.Errorf("text %q", got)
	}
	for i := range v.ops {
		if o := &v.ops[i]; o.kind == opText && o.x+o.w > 89 {
			t.Errorf("text reaches to %v", o.x+o.w)
		}
	}
	if n := len(view(t, `<p style="width:60px">soft&shy;hyphenated`).ops); n != 3 { // two parts and a hyphen
		t.Errorf("%d steps", n)
	}
}

func TestSVGIsDrawnInItsSize(t *testing.T) {
	square := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="40"><rect width="10" height="10" fill="lime"/></svg>`
	checkPixels(t, page+strings.Replace(square, "<svg", `<svg style="display:block"`, 1), pixel{20, 20, lime}, pixel{45, 20, paper})
	checkPixels(t, page+`<img style="display:block" width=80 src='data:image/svg+xml,`+strings.ReplaceAll(square, "#", "%23")+`'>`, pixel{60, 60, lime}, pixel{85, 20, paper})
	checkPixels(t, page+`<svg style="display:block;color:red" viewBox="0 0 4 4" width=40 height=40 fill="currentColor"><path d="M0 0h4v4H0z"/></svg>`, pixel{20, 20, red})
	if p := decodeSVG([]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g transform="scale(9000)"><g transform="scale(9000)"><circle r="9"/></g></g></svg>`), "#000"); p != nil {
		t.Error("an enlargement without bounds is drawn")
	}
}

func TestAnimations(t *testing.T) {
	pal := color.Palette{color.Transparent, color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}}
	frame := func(c uint8) *image.Paletted {
		m := image.NewPaletted(image.Rect(0, 0, 8, 8), pal)
		for i := range m.Pix {
			m.Pix[i] = c
		}
		return m
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame(1), frame(2)}, Delay: []int{10, 20}, LoopCount: 1}); err != nil {
		t.Fatal(err)
	}
	a := decodeAnimation(b.Bytes())
	if a == nil || len(a.Frames) != 2 {
		t.Fatalf("decoded %v", a)
	}
	for at, want := range map[time.Duration]int{0: 0, 99 * time.Millisecond: 0, 100 * time.Millisecond: 1, 310 * time.Millisecond: 0, time.Hour: 1} {
		if n, _ := a.Frame(at); n != want {
			t.Errorf("after %v picture %d, want %d", at, n, want)
		}
	}
	v := view(t, page+strings.Replace(dataURL("gif", b.Bytes()), "<img", `<img style="display:block"`, 1))
	if m := v.Moving(); len(m) != 1 || m[0].W != 8 {
		t.Fatalf("moving: %v", m)
	}
	img := image.NewRGBA(image.Rect(0, 0, 20, 20))
	for at, want := range map[time.Duration]color.RGBA{0: red, 150 * time.Millisecond: lime} {
		if err := v.PaintAt(img, 0, 0, 1, at); err != nil {
			t.Fatal(err)
		}
		if got := img.RGBAAt(4, 4); got != want {
			t.Errorf("after %v the picture is %v, want %v", at, got, want)
		}
	}
}

func TestMediaQueries(t *testing.T) {
	m := media{width: 800}
	for q, want := range map[string]bool{
		"screen": true, "print": false, "only screen and (max-width: 600px)": false, "(min-width:600px) and (max-width:900px)": true,
		"(400px <= width < 801px)": true, "(width > 800px)": false, "not all and (min-width:2000px)": true, "(min-width:1px) or (print)": true,
		"screen and(max-width:900px)": false, "(prefers-color-scheme:dark)": false, "(max-width:50em)": true, "((min-width:1px) and (max-width:2px)) or (width:800px)": true,
	} {
		if got := m.matches(q); got != want {
			t.Errorf("%q: %v", q, got)
		}
	}
}

func TestRoundCornersCutOffWhatOverflows(t *testing.T) {
	checkPixels(t, page+divOf("width:100px;height:100px;border-radius:50px;overflow:hidden", divOf("height:100px;background:red", "")), pixel{3, 3, paper}, pixel{50, 50, red})
}

func TestAbsoluteBoxesStandInTheirContainingBlock(t *testing.T) {
	outer := func(inner string) string {
		return page + divOf("position:relative;margin:20px;width:100px;height:100px", inner)
	}
	checkPixels(t, outer(divOf("position:absolute;right:0;bottom:0;width:10px;height:10px;background:red", "")), pixel{115, 115, red}, pixel{105, 115, paper})
	checkPixels(t, outer(divOf("position:absolute;inset:10px 20px;background:red", "")), pixel{45, 35, red}, pixel{35, 35, paper}, pixel{99, 109, red}, pixel{101, 109, paper})
	checkPixels(t, outer(divOf("position:absolute;left:50%;top:25%;width:50%;height:50%;background:lime", "")), pixel{71, 46, lime}, pixel{119, 94, lime}, pixel{69, 46, paper})
	checkPixels(t, page+`<div dir=rtl style="position:relative;width:100px;height:50px">`+divOf("position:absolute;width:10px;height:10px;background:red", ""), pixel{95, 5, red}, pixel{5, 5, paper})
}
