package kit

import (
	"image"
	"image/color"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/richtext"
	"peyk/internal/text"
)

func richEditor(t testing.TB) *Editor {
	t.Helper()
	e := shownEditor(t)
	e.SetRich(true, nil)
	return e
}

func words(doc richtext.Doc) []string {
	var out []string
	for _, p := range doc {
		s := p.Text
		for i := len(p.Spans) - 1; i >= 0; i-- {
			sp := p.Spans[i]
			tag := map[richtext.Mark]string{richtext.Bold: "b", richtext.Italic: "i", richtext.Bold | richtext.Italic: "bi", richtext.Underline: "u", 0: "a"}[sp.Marks]
			s = s[:sp.Start] + "<" + tag + ">" + s[sp.Start:sp.End] + "</>" + s[sp.End:]
		}
		s = strings.Repeat(">", int(p.Quote)) + strings.Repeat(" ", int(p.Level)) + map[richtext.List]string{richtext.Bullets: "* ", richtext.Numbers: "# "}[p.List] + s
		if p.Tight {
			s = "'" + s
		}
		out = append(out, s)
	}
	return out
}

func expect(t *testing.T, e *Editor, want ...string) {
	t.Helper()
	if got := words(e.Document()); !reflect.DeepEqual(got, want) {
		t.Errorf("the text is\n%q, want\n%q", got, want)
	}
}

const ctrl = fyne.KeyModifierShortcutDefault

func TestMarksByKeyAndSelection(t *testing.T) {
	e := richEditor(t)
	typed(&e.textField, "one ")
	hit(&e.textField, ctrl, fyne.KeyB)
	if f := e.Format(); f.Marks != richtext.Bold {
		t.Errorf("after Ctrl+B the button shows %v", f.Marks)
	}
	typed(&e.textField, "two")
	hit(&e.textField, ctrl, fyne.KeyB)
	typed(&e.textField, " three")
	expect(t, e, "one <b>two</> three")
	e.Select(2, 6)
	if e.Format().Marks != 0 {
		t.Error("a half bold selection counts as bold")
	}
	hit(&e.textField, ctrl, fyne.KeyB)
	expect(t, e, "on<b>e two</> three")
	e.Select(4, 7)
	hit(&e.textField, ctrl, fyne.KeyI)
	expect(t, e, "on<b>e </><bi>two</> three")
	if f := e.Format().Marks; f != richtext.Bold|richtext.Italic {
		t.Errorf("the selection shows %v", f)
	}
	e.SetCaret(4)
	typed(&e.textField, "x")
	expect(t, e, "on<b>e x</><bi>two</> three")
	for range 3 {
		e.Undo()
	}
	expect(t, e, "one <b>two</> three")
	e.Redo()
	e.Redo()
	e.Redo()
	expect(t, e, "on<b>e x</><bi>two</> three")
	e.SelectAll()
	e.ClearFormat()
	expect(t, e, "one xtwo three")
	e.Undo()
	expect(t, e, "on<b>e x</><bi>two</> three")
}

func TestBoldGoesOnInANewParagraph(t *testing.T) {
	e := richEditor(t)
	hit(&e.textField, ctrl, fyne.KeyB)
	typed(&e.textField, "a\nb")
	expect(t, e, "<b>a</>", "<b>b</>")
	hit(&e.textField, 0, fyne.KeyHome)
	e.Select(1, 2)
	hit(&e.textField, 0, fyne.KeyBackspace)
	expect(t, e, "<b>ab</>")
}

func TestLists(t *testing.T) {
	e := richEditor(t)
	typed(&e.textField, "- one\ntwo")
	expect(t, e, "* one", "* two")
	hit(&e.textField, 0, fyne.KeyReturn)
	if !e.AcceptsTab() {
		t.Fatal("Tab leaves a list")
	}
	hit(&e.textField, 0, fyne.KeyTab)
	typed(&e.textField, "inner")
	expect(t, e, "* one", "* two", " * inner")
	hit(&e.textField, 0, fyne.KeyReturn, fyne.KeyReturn) // an empty item goes out
	expect(t, e, "* one", "* two", " * inner", "* ")
	hit(&e.textField, 0, fyne.KeyReturn)
	expect(t, e, "* one", "* two", " * inner", "")
	typed(&e.textField, "after")
	e.SelectAll()
	hit(&e.textField, ctrl|fyne.KeyModifierShift, fyne.Key7)
	expect(t, e, "# one", "# two", " # inner", "# after")
	e.SetCaret(0)
	hit(&e.textField, 0, fyne.KeyBackspace)
	expect(t, e, "one", "# two", " # inner", "# after")
	for e.CanUndo() {
		e.Undo()
	}
	expect(t, e, "")
	for e.CanRedo() {
		e.Redo()
	}
	expect(t, e, "one", "# two", " # inner", "# after")
	if m := e.laidOut(3).(framed).marker; m != "2. " {
		t.Errorf("the second item has the marker %q", m)
	}
	e.SetDocument(richtext.Doc{{Text: "یک", Block: richtext.Block{List: richtext.Numbers}}, {Text: "پنج", Block: richtext.Block{List: richtext.Numbers}}})
	if m := e.laidOut(1).(framed).marker; m != "۲. " {
		t.Errorf("a Persian item has the marker %q", m)
	}
}

func TestQuotes(t *testing.T) {
	e := richEditor(t)
	e.SetDocument(richtext.Doc{{Text: "reply"}, {Text: "one two", Block: richtext.Block{Quote: 1}}, {Text: "three", Block: richtext.Block{Quote: 1, Tight: true}}})
	e.SetCaret(len("reply\none "))
	hit(&e.textField, 0, fyne.KeyReturn, fyne.KeyReturn)
	typed(&e.textField, "answer")
	expect(t, e, "reply", ">one ", "answer", ">two", "'>three")
	e.Undo()
	e.Undo()
	e.Undo()
	expect(t, e, "reply", ">one two", "'>three")
	e.SetCaret(len("reply\n"))
	hit(&e.textField, 0, fyne.KeyBackspace)
	expect(t, e, "reply", "one two", "'>three")
	hit(&e.textField, ctrl|fyne.KeyModifierShift, fyne.Key9)
	expect(t, e, "reply", ">one two", "'>three")
	e.SetCaret(len("reply\none two\nthree"))
	hit(&e.textField, 0, fyne.KeyReturn, fyne.KeyReturn)
	typed(&e.textField, "end")
	expect(t, e, "reply", ">one two", "'>three", "'end")
}

func TestShiftEnterBeginsALine(t *testing.T) {
	e := richEditor(t)
	typed(&e.textField, "a")
	hit(&e.textField, fyne.KeyModifierShift, fyne.KeyReturn)
	typed(&e.textField, "b\nc")
	expect(t, e, "a", "'b", "'c")
	if a, b := e.laidOut(0).Height(), e.laidOut(1).Height(); a != b {
		t.Errorf("a tight line has space above: %v, %v", a, b)
	}
	e.SetCaret(1)
	hit(&e.textField, 0, fyne.KeyReturn)
	typed(&e.textField, "x")
	if gap := e.laidOut(1).Height() - e.laidOut(0).Height(); gap != paraGap {
		t.Errorf("between paragraphs is %v", gap)
	}
}

func TestLinks(t *testing.T) {
	e := richEditor(t)
	typed(&e.textField, "see https://example.org/x. ok")
	expect(t, e, "see <a>https://example.org/x</>. ok")
	for range 3 {
		e.Undo()
	}
	expect(t, e, "see https://example.org/x.")
	e.SetText("")
	typed(&e.textField, "click here now")
	e.Select(6, 10)
	e.SetLink("https://example.org", "")
	expect(t, e, "click <a>here</> now")
	e.SetCaret(8)
	if f := e.Format(); f.Link != "https://example.org" || e.LinkWords() != "here" {
		t.Errorf("at the caret is %+v, words %q", f, e.LinkWords())
	}
	e.SetLink("https://example.net", "there")
	expect(t, e, "click <a>there</> now")
	e.SetCaret(11)
	typed(&e.textField, "!")
	expect(t, e, "click <a>there</>! now")
	e.SetCaret(7)
	e.SetLink("", "")
	expect(t, e, "click there! now")
	e.SetCaret(16)
	e.SetLink("https://example.com", "new")
	expect(t, e, "click there! now<a>new</>")
}

func TestCopyKeepsFormatting(t *testing.T) {
	e := richEditor(t)
	e.SetDocument(richtext.Doc{{Text: "one"}, {Text: "two three", Spans: []richtext.Span{{Start: 4, End: 9, Attr: richtext.Attr{Marks: richtext.Bold}}}, Block: richtext.Block{List: richtext.Bullets}}})
	e.SelectAll()
	e.TypedShortcut(&fyne.ShortcutCopy{})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "one\n\n- two three" {
		t.Errorf("other programs get %q", got)
	}
	e.SetDocument(nil)
	e.TypedShortcut(&fyne.ShortcutPaste{})
	expect(t, e, "one", "* two <b>three</>")
	e.Select(8, 13)
	e.TypedShortcut(&fyne.ShortcutCut{})
	e.SetCaret(2)
	e.TypedShortcut(&fyne.ShortcutPaste{})
	expect(t, e, "on<b>three</>e", "* two ")
	e.Undo()
	e.Undo()
	expect(t, e, "one", "* two <b>three</>")
	fyne.CurrentApp().Clipboard().SetContent("x\r\ny")
	e.SetDocument(nil)
	e.TypedShortcut(&fyne.ShortcutPaste{})
	expect(t, e, "x", "'y")
}

// picture is red and 40 by 30.
func picture() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := range 30 {
		for x := range 40 {
			img.Set(x, y, color.NRGBA{200, 0, 0, 255})
		}
	}
	return img
}

func TestPicturesStandInTheText(t *testing.T) {
	e := shownEditor(t)
	pic := picture()
	e.SetRich(true, func(m *richtext.Image) image.Image {
		if m.ID == "p@x" {
			return pic
		}
		return nil
	})
	typed(&e.textField, "before ")
	e.InsertPicture(richtext.Image{ID: "p@x", Alt: "red"})
	typed(&e.textField, " after")
	if got := e.Text(); got != "before "+richtext.Object+" after" {
		t.Fatalf("text %q", got)
	}
	if h := e.laidOut(0).Height(); h < 30 || h > 50 {
		t.Errorf("the line is %v high", h)
	}
	img := e.view.draw(606, 400)
	red := 0
	for y := range 100 {
		for x := range 606 {
			if r, g, _, _ := img.At(x, y).RGBA(); r>>8 == 200 && g == 0 {
				red++
			}
		}
	}
	if red < 1100 || red > 1200 {
		t.Errorf("%d red pixels, the picture has 1200", red)
	}
	if c := e.laidOut(0).CaretRect(text.Position{Offset: 3}); c.H > 21 {
		t.Errorf("the caret is %v high beside a picture", c.H)
	}
	hit(&e.textField, ctrl, fyne.KeyLeft)
	hit(&e.textField, 0, fyne.KeyLeft, fyne.KeyBackspace)
	if strings.Contains(e.Text(), richtext.Object) {
		t.Errorf("Backspace leaves the picture: %q", e.Text())
	}
	e.Undo()
	if got := e.Document().Images(); len(got) != 1 || got[0] != "p@x" {
		t.Errorf("undo brings back %v", got)
	}
}

func TestFormatIsToldOnceForEachChange(t *testing.T) {
	e := richEditor(t)
	var told []Format
	e.OnFormat(func(f Format) { told = append(told, f) })
	typed(&e.textField, "plain")
	e.SelectAll()
	hit(&e.textField, ctrl, fyne.KeyB)
	hit(&e.textField, ctrl|fyne.KeyModifierShift, fyne.Key8)
	if n := len(told); n != 3 || told[1].Marks != richtext.Bold || told[2].List != richtext.Bullets {
		t.Errorf("told %+v", told)
	}
}

// TestQuoteStandsAtTheSideOfItsDirection: text and bar of a right-to-left quote stand at the right.
func TestQuoteStandsAtTheSideOfItsDirection(t *testing.T) {
	e := richEditor(t)
	e.SetDocument(richtext.Doc{{Text: "hello", Block: richtext.Block{Quote: 1}}, {Text: "سلام", Block: richtext.Block{Quote: 1, Tight: true}}})
	w := e.shape.width
	if r := e.laidOut(0).rects(0, 5, 0, 100); r[0].X != quoteStep {
		t.Errorf("a quote begins at %v", r[0].X)
	}
	if r := e.laidOut(1).rects(0, len("سلام"), 0, 100); r[0].X+r[0].W > w-quoteStep+1 || r[0].X+r[0].W < w-quoteStep-2 {
		t.Errorf("a Persian quote ends at %v of %v", r[0].X+r[0].W, w)
	}
	if p := e.laidOut(1).HitTest(w-quoteStep-1, 5); p.Offset != 0 {
		t.Errorf("a click at its start goes to %d", p.Offset)
	}
}

// TestRichHistory does arbitrary things and takes all of them back and does them again.
func TestRichHistory(t *testing.T) {
	odd := []string{"word ", "سلام ", "a\nb", "", "https://example.org ", "👩‍👩‍👧‍👦", "می\u200cخواهم", "e\u0301\u0302", "🇮🇷🇩🇪", "\x00\u202ea\u202c", "  "}
	for seed := range uint64(30) {
		e := richEditor(t)
		r := rand.New(rand.NewPCG(seed, 5))
		states := []richtext.Doc{e.Document()}
		for range 60 {
			n := len(e.Text())
			random := func() int {
				o := r.IntN(n + 1)
				for o < n && o > 0 && e.Text()[o]&0xc0 == 0x80 {
					o++
				}
				return o
			}
			if r.IntN(2) == 0 {
				e.Select(random(), random())
			}
			steps := len(e.m.past)
			switch r.IntN(10) {
			case 0, 1, 2:
				e.Insert(odd[r.IntN(len(odd))])
			case 3:
				hit(&e.textField, 0, fyne.KeyReturn)
			case 4:
				hit(&e.textField, 0, fyne.KeyBackspace)
			case 5:
				e.ToggleMark(richtext.Mark(1 << r.IntN(5)))
			case 6:
				e.ToggleList(richtext.List(1 + r.IntN(2)))
			case 7:
				e.ToggleQuote()
			case 8:
				e.InsertDocument(richtext.Doc{{Text: "x" + richtext.Object, Spans: []richtext.Span{{Start: 1, End: 4, Attr: richtext.Attr{Image: &richtext.Image{ID: "i@x"}}}}}, {Text: "y", Block: richtext.Block{Quote: 2}}})
			case 9:
				e.ToggleDirection()
			}
			e.view.draw(300, 200)
			switch len(e.m.past) - steps {
			case 0:
				if d := e.Document(); !reflect.DeepEqual(d, states[len(states)-1]) { // joined with the step before
					states[len(states)-1] = d
				}
			case 1:
				states = append(states, e.Document())
			default: // an act of several steps
				var between []richtext.Doc
				for k := len(e.m.past) - steps; k > 0; k-- {
					between = append(between, e.Document())
					e.m.undo()
				}
				for k := len(between) - 1; k >= 0; k-- {
					e.m.redo()
					states = append(states, between[k])
				}
			}
		}
		for i := len(states) - 2; i >= 0; i-- {
			e.Undo()
			if got := e.Document(); !reflect.DeepEqual(got, states[i]) {
				t.Fatalf("seed %d: undo to %d gives\n%+v, want\n%+v", seed, i, got, states[i])
			}
		}
		for i := 1; i < len(states); i++ {
			e.Redo()
			if got := e.Document(); !reflect.DeepEqual(got, states[i]) {
				t.Fatalf("seed %d: redo to %d gives\n%+v, want\n%+v", seed, i, got, states[i])
			}
		}
		if got := richtext.FromHTML(e.Document().HTML()); !reflect.DeepEqual(got, e.Document()) {
			t.Fatalf("seed %d: the document does not read back", seed)
		}
	}
}

// BenchmarkEditorKeyRich is BenchmarkEditorKeyOneParagraph with a mark on every tenth word.
func BenchmarkEditorKeyRich(b *testing.B) {
	e := shownEditor(b)
	e.SetRich(true, nil)
	e.OnChanged = func(string) {}
	s := strings.Repeat(benchLine, 1700)
	var spans []richtext.Span
	for at := 0; at+40 < len(s); at += 400 {
		lo := at + strings.IndexByte(s[at:], ' ') + 1
		hi := lo + strings.IndexByte(s[lo:], ' ')
		spans = append(spans, richtext.Span{Start: lo, End: hi, Attr: richtext.Attr{Marks: richtext.Bold}})
	}
	e.SetDocument(richtext.Doc{{Text: s, Spans: spans}})
	benchType(b, e, len(benchLine)*850)
}

// TestLongFormattedParagraph edits a paragraph that is kept in blocks, and holds it against the same one laid out anew.
func TestLongFormattedParagraph(t *testing.T) {
	bold := func(doc richtext.Doc, lo, hi int) richtext.Doc {
		doc[0].Spans = richtext.Change(doc[0].Spans, lo, hi, func(a richtext.Attr) richtext.Attr { a.Marks |= richtext.Bold; return a })
		return doc
	}
	s := strings.Repeat(benchLine, 400)
	at := strings.Index(s[len(s)/2:], "English") + len(s)/2
	e := richEditor(t)
	e.SetDocument(bold(richtext.Doc{{Text: s}}, at, at+len("English")))
	e.SetCaret(at + 3)
	typed(&e.textField, "WWWWWW")
	e.SetCaret(at - 40)
	e.Insert("iiii ")
	e.Select(at+40, at+60)
	e.ToggleMark(richtext.Bold)
	e.SetCaret(at + 50)
	typed(&e.textField, "mm")
	fresh := richEditor(t)
	fresh.SetDocument(e.Document())
	if n := len(e.Document()[0].Spans); n != 2 {
		t.Fatalf("%d spans", n)
	}
	for _, o := range []int{at, at + 9, at + 30, at + 52, at + 70} {
		for o < len(e.Text()) && e.Text()[o]&0xc0 == 0x80 {
			o++
		}
		e.SetCaret(o)
		fresh.SetCaret(o)
		if a, b := e.caretRect(), fresh.caretRect(); a.X != b.X {
			t.Errorf("the caret at %d stands at %v, laid out anew at %v", o, a.X, b.X)
		}
	}
}

func TestTabMovesTheKeyboardOutsideOfLists(t *testing.T) {
	e := richEditor(t)
	typed(&e.textField, "x")
	if e.AcceptsTab() {
		t.Error("Tab is kept outside of lists")
	}
	e.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.Key8, Modifier: ctrl | fyne.KeyModifierShift})
	if !e.AcceptsTab() {
		t.Error("Tab is not kept in a list")
	}
}

// TestTheLineOverASignatureStandsWhereThatDoes: at its side, whatever was written before.
func TestTheLineOverASignatureStandsWhereThatDoes(t *testing.T) {
	e := richEditor(t)
	e.SetDocument(append(richtext.Doc{{Text: "ok"}, {}}, richtext.SignatureDoc("با احترام\nعلی", "")...))
	if got, want := e.ParagraphDirections(), []bool{false, false, true, true, true}; !reflect.DeepEqual(got, want) {
		t.Errorf("directions %v, want %v", got, want)
	}
}
