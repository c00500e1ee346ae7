package text

import (
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func longText(chars int) string {
	var b strings.Builder
	for i := 0; b.Len() < chars; i++ {
		b.WriteString("این پاراگراف شمارهٔ یک است و چند کلمهٔ English هم دارد تا شکسته شود. ")
		if i%4 == 3 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// TestDocumentEdits: after any edits a document holds the same text, heights and carets as a fresh one.
func TestDocumentEdits(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	p := Params{Width: 200, Wrap: WrapWord}
	d := NewDocument(e, p)
	rng := rand.New(rand.NewPCG(1, 2))
	want := ""
	pieces := []string{"سلام ", "hello", "\n", "a\nb", "", "۱۲۳", "\r\n", "😀", "می‌خواهم بروم به خانه و بخوابم"}
	for range 400 {
		ok := func(o int) bool { return o == 0 || o == len(want) || want[o]&0xC0 != 0x80 }
		a, b := rng.IntN(len(want)+1), rng.IntN(len(want)+1)
		if b > a+12 {
			b = a + rng.IntN(8)
		}
		for !ok(a) {
			a--
		}
		for !ok(b) {
			b--
		}
		if a > b {
			a = b
		}
		s := pieces[rng.IntN(len(pieces))]
		end := d.Replace(a, b, s)
		n := normalise(s)
		want = want[:a] + n + want[b:]
		if end != a+len(n) || d.Len() != len(want) || d.Text() != want {
			t.Fatalf("after an edit the text is %q, want %q", d.Text(), want)
		}
		d.CaretRect(Position{end, Upstream})
	}
	for d.LayoutSome(10) {
	}
	fresh := NewDocument(e, p)
	fresh.SetText(want)
	for fresh.LayoutSome(1000) {
	}
	if d.Height() != fresh.Height() {
		t.Errorf("height %v, fresh %v", d.Height(), fresh.Height())
	}
	for o := 0; o < len(want); o = fresh.Next(o) {
		if d.CaretRect(Position{Offset: o}) != fresh.CaretRect(Position{Offset: o}) {
			t.Fatalf("caret at %d: %v, fresh %v", o, d.CaretRect(Position{Offset: o}), fresh.CaretRect(Position{Offset: o}))
		}
	}
	for a := 0; a < len(want); a += 37 {
		if b := min(len(want), a+90); d.Slice(a, b) != want[a:b] {
			t.Fatalf("Slice(%d, %d) = %q, want %q", a, b, d.Slice(a, b), want[a:b])
		}
	}
}

// TestDocumentWalk: every way of walking through a document reaches its end and comes back.
func TestDocumentWalk(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	d := NewDocument(e, Params{Width: 150, Wrap: WrapWord})
	d.SetText("Hello world\n\nسلام دنیا hello\nlast یک دو سه چهار پنج شش هفت\n")
	n := 0
	o := 0
	for ; o < d.Len(); n++ {
		o = d.Next(o)
	}
	for ; o > 0; n-- {
		o = d.Prev(o)
	}
	if n != 0 {
		t.Errorf("%d more steps forward than back", n)
	}
	p, steps := Position{}, 0
	for ; ; steps++ {
		q, ok := d.MoveLines(p, 1, 20)
		if !ok {
			break
		}
		p = q
	}
	if steps < 4 {
		t.Errorf("only %d lines down", steps)
	}
	for ; steps > 0; steps-- {
		p, _ = d.MoveLines(p, -1, 20)
	}
	if p.Offset > 12 {
		t.Errorf("came back to %v", p)
	}
	p = Position{}
	for range 200 {
		q := d.MoveRight(p)
		if q == p {
			break
		}
		p = q
	}
	if r := d.CaretRect(p); p.Offset < 12 {
		t.Errorf("MoveRight stays in the first paragraph: %v %v", p, r)
	}
	if got := d.NextWord(0); got != len("Hello ") {
		t.Errorf("NextWord(0) = %d", got)
	}
	if q, ok := d.MovePage(Position{}, true, 60, 10); !ok || d.CaretRect(q).Y <= 0 {
		t.Errorf("MovePage: %v %v", q, ok)
	}
}

func TestDocumentDirection(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	d := NewDocument(e, Params{Width: 300, Wrap: WrapWord})
	d.SetText("hello\nسلام\n123\nabc")
	o := 0
	for i, want := range []bool{false, true, true, false} {
		if _, rtl := d.Direction(o); rtl != want {
			t.Errorf("paragraph %d: right-to-left is %v", i, rtl)
		}
		_, end := d.ParagraphAt(o)
		o = end + 1
	}
	d.SetDirection(0, 0, RTL)
	if forced, rtl := d.Direction(2); forced != RTL || !rtl {
		t.Error("a forced direction does not hold")
	}
	d.Replace(3, 3, "x\ny")
	if forced, _ := d.Direction(6); forced != RTL {
		t.Error("a split paragraph loses its direction")
	}
}

// lineStarts lists where the lines of a document start, walking down.
func lineStarts(d *Document) []int {
	p := Position{}
	out := []int{0}
	for {
		q, ok := d.MoveLines(p, 1, 0)
		if !ok {
			return out
		}
		p = d.LineStart(q)
		out = append(out, p.Offset)
	}
}

// TestLongParagraph: a paragraph kept in blocks has the lines of one laid out whole, also after edits.
func TestLongParagraph(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	p := Params{Width: 300, Wrap: WrapWord}
	rng := rand.New(rand.NewPCG(3, 4))
	words := []string{"lorem ", "ipsum ", "dolor ", "well-known ", "a ", "incomprehensibilities ", "x.", "12,5 ", "  "}
	for _, list := range [][]string{words, {"سلام ", "دنیا ", "می‌خواهم ", "که ", "برویم، ", "و ", "خانه‌هایشان "}, {strings.Repeat("x", 37)}, {"中文", "。"}} {
		var b strings.Builder
		for b.Len() < 12*blockSize {
			b.WriteString(list[rng.IntN(len(list))])
		}
		want := b.String()
		d := NewDocument(e, p)
		d.SetText(want)
		if len(d.pars) < 5 {
			t.Fatalf("only %d blocks", len(d.pars))
		}
		for edit := range 12 {
			whole := e.layoutUncached(want, nil, p.normal())
			var starts []int
			for i := range whole.lines {
				starts = append(starts, whole.byteAt(whole.lines[i].start))
			}
			for d.LayoutSome(3) {
			}
			if got := lineStarts(d); !slices.Equal(got, starts) {
				t.Fatalf("%.20q, edit %d: %d lines, want %d\n%v\n%v", want, edit, len(got), len(starts), got, starts)
			}
			if d.Text() != want {
				t.Fatal("the text changed")
			}
			if h := whole.Height(); d.Height() != h {
				t.Errorf("%.20q, edit %d: height %v, want %v", want, edit, d.Height(), h)
			}
			for _, b := range d.pars {
				if len(b.text) > 4*blockSize {
					t.Errorf("a block of %d bytes", len(b.text))
				}
			}
			at := d.pars[rng.IntN(len(d.pars))].start
			if edit%3 > 0 {
				at = rng.IntN(len(want))
			}
			for at > 0 && want[at]&0xC0 == 0x80 {
				at--
			}
			end := at
			if edit%4 == 1 {
				end = min(len(want), at+rng.IntN(2*blockSize))
				for end < len(want) && want[end]&0xC0 == 0x80 {
					end++
				}
			}
			ins := strings.Repeat(list[0], rng.IntN(40))
			d.Replace(at, end, ins)
			want = want[:at] + ins + want[end:]
		}
		forth := 0
		for o := 0; o < d.Len(); forth++ {
			o = d.Next(o)
		}
		back := 0
		for o := d.Len(); o > 0; back++ {
			o = d.Prev(o)
		}
		q := Position{}
		for n := 0; n < forth; n++ {
			r := d.MoveRight(q)
			if d.CaretRTL(Position{}) {
				r = d.MoveLeft(q)
			}
			if r.Offset != d.Next(q.Offset) {
				t.Fatalf("%.20q: from %v to %v, want offset %d", want, q, r, d.Next(q.Offset))
			}
			q = r
		}
		if forth != back {
			t.Errorf("%.20q: %d steps forth, %d back", want, forth, back)
		}
	}
}

func TestDocumentMemory(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	d := NewDocument(e, Params{Width: 400, Wrap: WrapWord})
	d.SetText(longText(400_000))
	for d.LayoutSome(100) {
	}
	img := image.NewRGBA(image.Rect(0, 0, 400, 600))
	for y := float32(0); y < d.Height(); y += 500 {
		d.Draw(img, 0, -y, Paint{})
	}
	if d.laid > keepLayouts+1 {
		t.Errorf("%d paragraphs hold their layout", d.laid)
	}
	held := 0
	for _, p := range d.pars {
		if p.layout != nil {
			held++
		}
	}
	if held != d.laid {
		t.Errorf("%d layouts are held, %d counted", held, d.laid)
	}
}

// BenchmarkDocumentKey is one key in the middle of 100,000 characters: edit, caret, painting of the screen.
func BenchmarkDocumentKey(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	d := NewDocument(e, Params{Width: 700, Wrap: WrapWord})
	d.SetText(longText(190_000)) // bytes: about 100,000 characters
	img := image.NewRGBA(image.Rect(0, 0, 700, 600))
	o := d.Len() / 2
	for d.Slice(o, o+1)[0]&0xC0 == 0x80 {
		o++
	}
	for b.Loop() {
		end := d.Replace(o, o, "س")
		r := d.CaretRect(Position{end, Upstream})
		d.Draw(img, 0, -r.Y+300, Paint{})
		d.Replace(o, end, "")
	}
}

// BenchmarkLongParagraphKey is one key in the middle of one paragraph of 100,000 characters.
func BenchmarkLongParagraphKey(b *testing.B) {
	e := New(Options{NoSystemFonts: true})
	d := NewDocument(e, Params{Width: 700, Wrap: WrapWord})
	d.SetText(strings.ReplaceAll(longText(190_000), "\n", ""))
	for d.LayoutSome(1000) {
	}
	img := image.NewRGBA(image.Rect(0, 0, 700, 600))
	o := d.Len() / 2
	for d.Slice(o, o+1)[0]&0xC0 == 0x80 {
		o++
	}
	for b.Loop() {
		end := d.Replace(o, o, "س")
		r := d.CaretRect(Position{end, Upstream})
		d.Draw(img, 0, -r.Y+300, Paint{})
		d.Replace(o, end, "")
	}
}
