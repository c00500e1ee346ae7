package richtext

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var photo = &Image{ID: "a1@peyk", Alt: "نمودار.png", Width: 320, Height: 200}

// sample has everything a document can hold.
func sample() Doc {
	report := "گزارش هفتهٔ ۴۸ را پیوست کردم؛ نسخهٔ v2.1 (final) است."
	word := strings.Index(report, "پیوست")
	return Doc{
		{Text: "سلام سارا،"},
		{Text: report, Spans: []Span{{Start: word, End: word + len("پیوست"), Attr: Attr{Marks: Bold}}}},
		{Text: "Anna, the English part starts on page 3."},
		{Text: "second line", Block: Block{Tight: true}},
		{Text: ""},
		{Text: "Title", Block: Block{Heading: 2}},
		{Text: "one two", Spans: []Span{{0, 3, Attr{Marks: Bold | Italic}}, {4, 7, Attr{Link: "https://example.org/?a=1&b=2"}}}, Block: Block{List: Bullets}},
		{Text: "یک", Block: Block{List: Numbers, Level: 1}},
		{Text: "دو", Block: Block{List: Numbers, Level: 1}},
		{Text: "three", Block: Block{List: Bullets}},
		{Text: "left forced right", Block: Block{Dir: RTL}},
		{Text: "فارسی چپ‌چین", Block: Block{Dir: LTR}},
		{Text: "a picture: " + Object + " here", Spans: []Span{{11, 14, Attr{Image: photo}}}},
		{Text: "سارا در ۴ آذر نوشت:", Block: Block{Quote: 1, Cite: true}},
		{Text: "لطفاً عدد Q3 را دوباره بررسی کن.", Block: Block{Quote: 1, Tight: true}},
		{Text: "deeper  with   blanks ", Block: Block{Quote: 2}},
		{Text: "code() x < y & z", Spans: []Span{{0, 6, Attr{Marks: Code}}, {7, 16, Attr{Marks: Strike | Underline}}}},
		{Text: SignatureMark},
		{Text: "مریم نوری", Block: Block{Tight: true}},
	}
}

// same compares documents paragraph by paragraph.
func same(t *testing.T, got, want Doc) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("paragraph %d\n got %+v\nwant %+v", i, got[i], want[i])
			return
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d paragraphs, want %d", len(got), len(want))
	}
}

// TestTheLineOverASignatureRunsAsThatDoes, not as the text before it.
func TestTheLineOverASignatureRunsAsThatDoes(t *testing.T) {
	doc := Doc{{Text: "ok"}, {}, {Text: SignatureMark}, {Text: "با احترام"}, {Text: "123"}}
	if got, want := doc.Directions(), []bool{false, false, true, true, true}; !slices.Equal(got, want) {
		t.Errorf("directions %v, want %v", got, want)
	}
	doc[2].Dir = LTR
	if doc.Directions()[2] {
		t.Error("a direction that was chosen does not count")
	}
	if back := FromHTML(doc.HTML()); !slices.Equal(back.Directions(), doc.Directions()) {
		t.Errorf("read back %v, was %v", back.Directions(), doc.Directions())
	}
	doc[2].Dir = Auto
	if back := FromHTML(doc.HTML()); !slices.Equal(back.Directions(), doc.Directions()) || back[2].Dir != Auto {
		t.Errorf("read back %v, %v", back.Directions(), back[2].Dir)
	}
}

func TestExactHTMLReadsBackEqual(t *testing.T) {
	d := sample()
	for _, src := range []string{d.HTML(), d.Page(true, "")} {
		same(t, FromHTML(src), d)
	}
}

// TestSentHTMLReadsBackAlike: what others get has the same text, marks, lists and quotes.
func TestSentHTMLReadsBackAlike(t *testing.T) {
	d := sample()
	got := FromHTML(d.Page(false, ""))
	if a, b := got.Plain(), d.Plain(); strings.Join(strings.Fields(a), " ") != strings.Join(strings.Fields(b), " ") {
		t.Errorf("plain text\n%s\nwas\n%s\n%s", a, b, d.Page(false, ""))
	}
	if len(got) != len(d) {
		t.Fatalf("%d paragraphs, %d written:\n%s", len(got), len(d), d.Page(false, ""))
	}
	dirs, want := got.Directions(), d.Directions()
	for i := range d {
		if dirs[i] != want[i] || got[i].List != d[i].List || got[i].Level != d[i].Level || got[i].Quote != d[i].Quote || got[i].Heading != d[i].Heading || got[i].Cite != d[i].Cite {
			t.Errorf("paragraph %d is %+v rtl %v, written %+v rtl %v", i, got[i], dirs[i], d[i], want[i])
		}
		if got.GapBefore(i) != d.GapBefore(i) {
			t.Errorf("paragraph %d: space before it %v, written %v", i, got.GapBefore(i), d.GapBefore(i))
		}
		if !reflect.DeepEqual(got[i].Spans, d[i].Spans) && i != 15 {
			t.Errorf("paragraph %d: spans %+v, written %+v", i, got[i].Spans, d[i].Spans)
		}
	}
}

func TestPlainText(t *testing.T) {
	want := "سلام سارا،\n\nگزارش هفتهٔ ۴۸ را پیوست کردم؛ نسخهٔ v2.1 (final) است.\n\nAnna, the English part starts on page 3.\nsecond line\n\nTitle\n\n" +
		"- one two <https://example.org/?a=1&b=2>\n  ۱. یک\n  ۲. دو\n- three\n\nleft forced right\n\nفارسی چپ‌چین\n\na picture: [نمودار.png] here\n\n" +
		"سارا در ۴ آذر نوشت:\n> لطفاً عدد Q3 را دوباره بررسی کن.\n>\n> > deeper  with   blanks \n\ncode() x < y & z\n\n-- \nمریم نوری"
	if got := sample().Plain(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, s := range []string{"", "a", "a\nb", "a\n\nb", "a\n\n\nb", "\n\na\n", "> a\n> b\n\nc", "> a\n>\n> b", "> > a\n> b\n>\n> > c", "text\n> quote", "a\n\n-- \nsig\nmore", "a\n\n\n\n> b\n\n\n", ">\n> a", "a\n>\n> b"} {
		if got := FromPlain(s, nil).Plain(); got != s {
			t.Errorf("plain %q reads back as %q", s, got)
		}
	}
}

func TestForcedDirectionsFollowTheLines(t *testing.T) {
	d := sample()
	back := FromPlain(d.Plain(), d.Forced())
	var got []Dir
	for _, p := range back {
		if p.Dir != Auto {
			got = append(got, p.Dir)
		}
	}
	if !reflect.DeepEqual(got, []Dir{RTL, LTR}) || !strings.Contains(d.Plain(), "left forced right") {
		t.Errorf("directions %v of %v", got, d.Forced())
	}
	for i, p := range back {
		if (p.Text == "left forced right") != (p.Dir == RTL) {
			t.Errorf("paragraph %d, %q, is forced %d", i, p.Text, p.Dir)
		}
	}
}

func TestSafeLinks(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x y": "https://a.example/x%20y", "example.org/p?q": "https://example.org/p?q", "sara@example.org": "mailto:sara@example.org", "mailto:a@b.c": "mailto:a@b.c",
		"tel:+98": "tel:+98", "javascript:alert(1)": "", "java\nscript:alert(1)": "", "data:text/html,x": "", "vbscript:x": "", "file:///etc/passwd": "", "//evil.example": "", "": "",
		"http://": "", "word": "", "example.org:8080/a": "https://example.org:8080/a", "a.b:javascript": "", "HTTPS://A.example": "HTTPS://A.example", "cid:x": "", "https://مثال.example/ن": "https://مثال.example/ن", "a^b.example": "", "https://a^b.example/": "", "https://a.example/\"<x>": "https://a.example/%22%3Cx%3E",
	} {
		if got := SafeLink(in); got != want {
			t.Errorf("SafeLink(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"see https://a.example/b.": "https://a.example/b", "(https://a.example/b)": "https://a.example/b", "https://a.example/b_(c)": "https://a.example/b_(c)", "www.a.example، بعد": "www.a.example",
		"xhttps://a.example": "", "no link": "", "http://": "", "«https://a.example»": "https://a.example",
	} {
		a, b := nextLink(in)
		if got := ""; a >= 0 && in[a:b] != want || a < 0 && want != got {
			t.Errorf("nextLink(%q) = %d, %d, want %q", in, a, b, want)
		}
	}
	if at, end, link := LinkBefore("go to www.example.org/x,"); at != 6 || end != 23 || link != "https://www.example.org/x" {
		t.Errorf("LinkBefore: %d %q", at, link)
	}
}

// TestForeignHTML reads what other programs write.
func TestForeignHTML(t *testing.T) {
	for _, c := range []struct{ name, src, plain string }{
		{"gmail", `<div dir="ltr">Hello<div><br></div><div>second <b>bold</b></div></div><br><div class="gmail_quote"><div dir="ltr">On Mon, Bob wrote:<br></div><blockquote><div dir="rtl">سلام</div></blockquote></div>`,
			"Hello\n\nsecond bold\n\nOn Mon, Bob wrote:\n\n> سلام"},
		{"word", `<p class=MsoNormal style='margin:0cm'><o:p>&nbsp;</o:p></p><p class=MsoNormal style='margin:0cm'><span lang=FA dir=RTL>متن</span></p><p style="margin:0cm">two</p>`, "\u0020متن\ntwo"},
		{"lists", "<ul><li>a<li>b<ol><li>c</ol><li>d</ul>after", "- a\n- b\n  1. c\n- d\n\nafter"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>", "a\tb\nc\td"},
		{"blanks", "<p>a \n  b</p>  <p> c&nbsp; d&nbsp;e </p>", "a b\n\nc  d\u00a0e"},
		{"pre", "<pre>  x\n    y\n\nz</pre>", "  x\n    y\n\nz"},
		{"hostile", `<script>alert(1)</script><style>p{}</style><p onclick="x()">a<a href="javascript:alert(1)">b</a><img src="https://track.example/x.gif" alt="logo"><iframe src=x>c</iframe></p><p style="display:none">hidden</p>`, "ab[logo]"},
		{"head", "<html><head><title>no</title><body>yes", "yes"},
		{"broken", "</p></div><b>bold<p>x</b></blockquote>y", "bold\n\nx\n\ny"},
	} {
		got := strings.TrimPrefix(FromHTML(c.src).Plain(), " \n")
		if got != strings.TrimPrefix(c.plain, " \n") && got != strings.TrimSpace(c.plain) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.plain)
		}
	}
	d := FromHTML(`<p><span style="font-weight:700">b</span> <em>i</em> <a href="http://x.example">l</a></p><p dir="rtl">abc</p><p dir="ltr">سلام</p><div dir="ltr">سلام</div>`)
	if want := []Span{{0, 1, Attr{Marks: Bold}}, {2, 3, Attr{Marks: Italic}}, {4, 5, Attr{Link: "http://x.example"}}}; !reflect.DeepEqual(d[0].Spans, want) {
		t.Errorf("spans %+v", d[0].Spans)
	}
	if d[1].Dir != RTL || d[2].Dir != LTR || d[3].Dir != Auto {
		t.Errorf("directions %v %v %v", d[1].Dir, d[2].Dir, d[3].Dir)
	}
}

// TestLinearTime: what is nested or repeated without end costs what its bytes cost.
func TestLinearTime(t *testing.T) {
	for _, s := range []string{strings.Repeat("<div>", 100000), strings.Repeat("<b>x", 100000), strings.Repeat("<li>x", 50000), strings.Repeat("</p>", 200000), strings.Repeat("<blockquote>x", 20000),
		strings.Repeat("<table><tr><td>", 30000), strings.Repeat("&nbsp;", 100000), "<p>" + strings.Repeat("a&nbsp; ", 100000), strings.Repeat("<img src='cid:a'>", 30000)} {
		d := FromHTML(s)
		_ = d.Plain()
		if out := d.HTML(); !reflect.DeepEqual(FromHTML(out), d) {
			t.Errorf("%.30q… does not read back", s)
		}
	}
}

// arbitrary makes a document of chance.
func arbitrary(r *rand.Rand) Doc {
	words := []string{"سلام ", "hello ", "۱۲ ", "<b>&amp;", "  ", "\t", "x\u00a0y", "می‌روم", "https://a.example/b ", ")", "\u200f", "👨‍👩‍👧"}
	var d Doc
	for range 1 + r.IntN(12) {
		var p Paragraph
		for range r.IntN(6) {
			w := words[r.IntN(len(words))]
			a := Attr{Marks: Mark(r.IntN(32))}
			a.Marks &= Mark(r.IntN(32)) // few
			switch r.IntN(8) {
			case 0:
				a.Link = "https://example.org/" + strings.Repeat("é", r.IntN(3))
			case 1:
				w, a = Object, Attr{Image: &Image{ID: "x" + string(rune('a'+r.IntN(3))) + "@y", Width: r.IntN(2) * 9}}
			}
			p.Spans = Splice(p.Spans, len(p.Text), len(p.Text), len(w), a)
			p.Text += w
		}
		p.Block = Block{Dir: Dir(r.IntN(3) - 1), Quote: uint8(r.IntN(3)), Tight: r.IntN(2) == 0, List: List(r.IntN(3)), Level: uint8(r.IntN(3)), Heading: uint8(r.IntN(4)), Cite: r.IntN(5) == 0}
		if len(d) == 0 {
			p.Tight = false
		}
		d = append(d, p)
	}
	return d
}

func TestArbitraryDocumentsReadBack(t *testing.T) {
	for seed := range uint64(400) {
		d := arbitrary(rand.New(rand.NewPCG(seed, 1)))
		same(t, FromHTML(d.HTML()), d)
		if t.Failed() {
			t.Fatalf("seed %d: %s", seed, d.HTML())
		}
		sent := FromHTML(d.Page(false, ""))
		letters := func(d Doc) string {
			var b strings.Builder
			for _, p := range d {
				b.WriteString(strings.Join(strings.Fields(p.Text), ""))
			}
			return b.String()
		}
		if a, b := letters(sent), letters(d); a != b {
			t.Fatalf("seed %d: sent is\n%q\nwritten\n%q\n%s", seed, a, b, d.Page(false, ""))
		}
	}
}

// model is what spans mean, byte by byte.
func model(n int, spans []Span) []Attr {
	out := make([]Attr, n)
	for _, s := range spans {
		for i := s.Start; i < s.End; i++ {
			out[i] = s.Attr
		}
	}
	return out
}

func TestSpansFollowTheModel(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var spans []Span
	n := 0
	var want []Attr
	for range 5000 {
		from := r.IntN(n + 1)
		to := from + r.IntN(min(n-from, 8)+1)
		a := Attr{Marks: Mark(r.IntN(4))}
		if r.IntN(2) == 0 {
			k := r.IntN(6)
			spans = Splice(spans, from, to, k, a)
			fresh := append([]Attr(nil), want[:from]...)
			for range k {
				fresh = append(fresh, a)
			}
			want = append(fresh, want[to:]...)
			n += k - (to - from)
		} else {
			spans = Change(spans, from, to, func(x Attr) Attr { x.Marks ^= a.Marks; return x })
			for i := from; i < to; i++ {
				want[i].Marks ^= a.Marks
			}
		}
		if n > 200 {
			spans, want, n = Cut(spans, 50, 150), append([]Attr(nil), want[50:150]...), 100
		}
		if got := model(n, spans); !reflect.DeepEqual(got, want) && n > 0 {
			t.Fatalf("spans %+v", spans)
		}
		for i, s := range spans {
			if s.Start >= s.End || s.IsZero() || i > 0 && (spans[i-1].End > s.Start || spans[i-1].End == s.Start && spans[i-1].Attr == s.Attr) {
				t.Fatalf("spans are not in order: %+v", spans)
			}
		}
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{sample().HTML(), sample().Page(false, ""), "<p>a<li>b<blockquote><td>c", "<p data-peyk='q9 l1 t1'>x", "<img src=cid:a alt='&quot;'>", "<a href='&#1;javascript:x'>y</a>", "<a href=#.0>0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		d := FromHTML(src)
		out := d.HTML()
		if got := FromHTML(out); len(d) > 0 && !reflect.DeepEqual(got, d) {
			t.Errorf("%q\n read %+v\nagain %+v", src, d, got)
		}
		page := strings.ToLower(d.Page(false, ""))
		for _, bad := range []string{"<script", "<iframe", "<style", `href="javascript:`, `src="http`, "<object", "<form"} {
			if strings.Contains(page, bad) {
				t.Errorf("%q lets through %s:\n%s", src, bad, page)
			}
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, s := range []string{"a\n\n> b\n>\n> > c\n\n-- \nx", "\n\n", "> ", ">>x", "> > >"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := FromPlain(s, nil).Plain()
		if twice := FromPlain(once, nil).Plain(); twice != once {
			t.Errorf("%q\n once %q\ntwice %q", s, once, twice)
		}
	})
}
