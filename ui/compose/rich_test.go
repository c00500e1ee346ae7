package compose

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/theme"
)

// mockup is the mail of the design's picture.
func mockup() mail.Draft {
	d := weekly()
	report := "گزارش هفتهٔ ۴۸ را پیوست کردم؛ نسخهٔ v2.1 (final) است."
	word := strings.Index(report, "پیوست")
	d.HTML = richtext.Doc{{Text: "سلام سارا،"},
		{Text: report, Spans: []richtext.Span{{Start: word, End: word + len("پیوست"), Attr: richtext.Attr{Marks: richtext.Bold}}}},
		{Text: "Anna, the English part starts on page 3."},
		{Text: "سارا در ۴ آذر نوشت:", Block: richtext.Block{Quote: 1, Cite: true}},
		{Text: "لطفاً عدد Q3 را دوباره بررسی کن.", Block: richtext.Block{Quote: 1, Tight: true}}}.HTML()
	return d
}

func writePicture(t *testing.T, name string, w, h int) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.NRGBA{uint8(40 + x*200/w), uint8(60 + y*150/h), 120, 255})
		}
	}
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRichLooks draws what the design shows, and all there is to a formatted text.
func TestRichLooks(t *testing.T) {
	full := mockup()
	full.HTML = richtext.Doc{{Text: "Plan for December", Block: richtext.Block{Heading: 2}},
		{Text: "bold italic under strike code link", Spans: []richtext.Span{{Start: 0, End: 4, Attr: richtext.Attr{Marks: richtext.Bold}}, {Start: 5, End: 11, Attr: richtext.Attr{Marks: richtext.Italic}},
			{Start: 12, End: 17, Attr: richtext.Attr{Marks: richtext.Underline}}, {Start: 18, End: 24, Attr: richtext.Attr{Marks: richtext.Strike}}, {Start: 25, End: 29, Attr: richtext.Attr{Marks: richtext.Code}},
			{Start: 30, End: 34, Attr: richtext.Attr{Link: "https://example.org"}}}},
		{Text: "first", Block: richtext.Block{List: richtext.Bullets}}, {Text: "inner", Block: richtext.Block{List: richtext.Bullets, Level: 1}}, {Text: "second", Block: richtext.Block{List: richtext.Bullets}},
		{Text: "کار نخست", Block: richtext.Block{List: richtext.Numbers}}, {Text: "کار دوم با English", Block: richtext.Block{List: richtext.Numbers}},
		{Text: "a line of a quote", Block: richtext.Block{Quote: 1}}, {Text: "deeper", Block: richtext.Block{Quote: 2, Tight: true}}, {Text: "پاسخ تو در تو", Block: richtext.Block{Quote: 2, Tight: true}}}.HTML()
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
		w, h       float32
		d          mail.Draft
	}{{"compose-rich", "en", theme.ForceLight, 820, 640, mockup()}, {"compose-rich-persian", "fa", theme.ForceLight, 820, 640, mockup()}, {"compose-rich-dark", "en", theme.ForceDark, 820, 640, mockup()},
		{"compose-full", "en", theme.ForceLight, 820, 760, full}, {"compose-full-persian-dark", "fa", theme.ForceDark, 820, 760, full}, {"compose-rich-small", "fa", theme.ForceLight, 520, 440, mockup()}} {
		r := open(t, c.code, c.mode, c.d)
		r.win.Resize(fyne.NewSize(c.w, c.h))
		for range 3 {
			r.w.changed()
			r.loop.tick()
		}
		r.w.body.SetCaret(strings.Index(r.w.body.Text(), "پیوست") + 2)
		r.shot(c.name)
	}
}

func TestFormattedDraftComesBackEqual(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mockup())
	d := r.w.Draft()
	if !reflect.DeepEqual(richtext.FromHTML(d.HTML), richtext.FromHTML(mockup().HTML)) {
		t.Errorf("the draft holds\n%s", d.HTML)
	}
	if !strings.Contains(d.Text, "سارا در ۴ آذر نوشت:\n> لطفاً") {
		t.Errorf("in words\n%s", d.Text)
	}
	r.w.body.Select(0, 8)
	r.w.format.italic.Tapped(nil)
	if !r.w.format.italic.On() || r.w.format.bold.On() {
		t.Error("the buttons do not show the marks")
	}
	again := open(t, "fa", theme.ForceLight, r.w.Draft())
	if got, want := again.w.body.Document(), r.w.body.Document(); !reflect.DeepEqual(got, want) {
		t.Errorf("opened again\n%+v, want\n%+v", got, want)
	}
}

func TestButtonsFollowTheCaret(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mockup())
	at := func(s string) { r.w.body.SetCaret(strings.Index(r.w.body.Text(), s) + len(s)) }
	f := r.w.format
	at("پیوس")
	if !f.bold.On() || !f.rtl.On() || f.ltr.On() || f.quote.On() {
		t.Error("in the bold word")
	}
	at("English")
	if f.bold.On() || f.rtl.On() || !f.ltr.On() {
		t.Error("in the English line")
	}
	at("Q3")
	if !f.quote.On() || !f.rtl.On() {
		t.Error("in the quote")
	}
}

func TestPicturesInTheText(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mockup())
	wide := writePicture(t, "نمودار.png", 900, 300)
	r.w.body.SetCaret(len("سلام سارا،"))
	r.w.takeFiles([]string{wide, filepath.Join(t.TempDir(), "missing.png")}, true)
	r.loop.run()
	d := r.w.Draft()
	if len(d.Attachments) != 1 || !d.Attachments[0].Inline || d.Attachments[0].ContentID == "" || len(r.w.banner.Objects) == 0 {
		t.Fatalf("the draft has %+v", d.Attachments)
	}
	id := d.Attachments[0].ContentID
	if !strings.Contains(d.HTML, `<img src="cid:`+id+`" alt="نمودار.png" width="600" height="200"`) {
		t.Errorf("the text is %s", d.HTML)
	}
	r.shot("compose-picture")
	again := open(t, "en", theme.ForceLight, d)
	again.shot("compose-picture-again") // asks for its pixels
	again.loop.run()
	if again.w.pictures.pixels[id] == nil || len(again.w.files.list) != 0 {
		t.Errorf("opened again: pixels %v, files %+v", again.w.pictures.pixels, again.w.files.list)
	}
	again.w.body.SetCaret(len("سلام سارا،") + len(richtext.Object))
	if m := again.w.linkMenu(); len(m) != 1 || len(m[0].Sub) != 3 {
		t.Fatal("the picture has no menu")
	} else {
		m[0].Sub[0].Do()
	}
	if got := again.w.Draft().HTML; !strings.Contains(got, `width="240" height="80"`) {
		t.Errorf("made small: %s", got)
	}
	again.w.body.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	if got := again.w.Draft(); len(got.Attachments) != 0 {
		t.Errorf("the picture is gone, the draft has %+v", got.Attachments)
	}
	again.w.body.Undo()
	if got := again.w.Draft(); len(got.Attachments) != 1 {
		t.Errorf("undone, the draft has %+v", got.Attachments)
	}
}

func TestPlainTextAndBack(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mockup())
	r.w.insertPictures([]string{writePicture(t, "a.png", 20, 10)})
	r.loop.run()
	r.w.SetPlain(true)
	if r.w.plain || r.win.Canvas().Overlays().Top() == nil {
		t.Fatal("formatting is thrown away without a question")
	}
	r.w.toPlain()
	r.loop.run()
	d := r.w.Draft()
	if !d.Plain || d.HTML != "" || !strings.Contains(d.Text, "Anna, the English part") || !strings.Contains(d.Text, "> لطفاً") {
		t.Errorf("the draft is %+v", d)
	}
	if len(d.Attachments) != 1 || d.Attachments[0].Inline || !r.w.format.bold.Disabled() {
		t.Errorf("attachments %+v", d.Attachments)
	}
	if v := r.engine.drafts[1]; len(v) == 0 || !strings.Contains(v[0].HTML, "<b>") {
		t.Error("the formatted text is not among the versions")
	}
	text := d.Text
	r.w.SetPlain(false)
	if d = r.w.Draft(); d.Plain || d.Text != text || r.w.format.bold.Disabled() {
		t.Errorf("formatted again: %q, was %q", d.Text, text)
	}
}

func TestRichSignatureFollowsTheSender(t *testing.T) {
	d := mockup()
	r := open(t, "en", theme.ForceLight, d)
	logo := richtext.Doc{{Text: "Maryam", Spans: []richtext.Span{{End: 6, Attr: richtext.Attr{Marks: richtext.Bold}}}}}
	r.w.senders[1].account.Identities[1].SignatureHTML = logo.HTML()
	r.w.from.Choose(1)
	r.w.senderChanged(1)
	doc := r.w.body.Document()
	from, _ := doc.Signature()
	if from < 0 || doc[from+1].Text != "Maryam" || len(doc[from+1].Spans) != 1 || doc[from+2].Quote != 1 {
		t.Fatalf("the text is %+v", doc)
	}
	r.w.from.Choose(0)
	r.w.senderChanged(0)
	if from, _ := r.w.body.Document().Signature(); from >= 0 {
		t.Error("the signature of the other sender stays")
	}
}

func TestPrependKeepsBothShapes(t *testing.T) {
	d := mockup()
	d.Text = "\n\nSara wrote:\n> hi\n"
	Prepend(&d, "my answer\n\nsecond\n")
	doc := richtext.FromHTML(d.HTML)
	if doc[0].Text != "my answer" || doc[1].Text != "second" || doc[2].Text != "سلام سارا،" || !strings.HasPrefix(d.Text, "my answer\n\nsecond\n\nSara wrote:") {
		t.Errorf("the draft is %+v\n%q", doc, d.Text)
	}
	d.HTML = ""
	Prepend(&d, "x")
	if d.HTML != "" || !strings.HasPrefix(d.Text, "xmy answer") {
		t.Errorf("the draft is %q %q", d.HTML, d.Text)
	}
}

func TestLinkDialog(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Text: "see the page"})
	r.w.body.Select(8, 12)
	r.w.editLink()
	if r.win.Canvas().Overlays().Top() == nil {
		t.Fatal("nothing is asked")
	}
	r.w.body.SetLink("https://example.org", "")
	if got := r.w.Draft().Text; got != "see the page <https://example.org>" {
		t.Errorf("in words %q", got)
	}
	if !strings.Contains(r.w.Draft().HTML, `<a href="https://example.org">page</a>`) {
		t.Error("no link in the text")
	}
}

func TestFilesInClipboard(t *testing.T) {
	for in, want := range map[string][]string{
		"file:///tmp/a%20b.png\r\nfile:///tmp/c.pdf": {"/tmp/a b.png", "/tmp/c.pdf"}, "https://example.org": nil, "file://host/x": nil, "words file:///x": nil, "": nil,
	} {
		if got := filesIn(in); !reflect.DeepEqual(got, want) {
			t.Errorf("%q holds %q", in, got)
		}
	}
}
