package mailsync_test

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/richtext"
)

// formatted has what plain text cannot hold, and a picture.
func formatted() richtext.Doc {
	return richtext.Doc{
		{Text: "سلام Sara", Spans: []richtext.Span{{Start: 9, End: 13, Attr: richtext.Attr{Marks: richtext.Bold}}}},
		{Text: "left", Block: richtext.Block{Dir: richtext.RTL}},
		{Text: "one", Block: richtext.Block{List: richtext.Numbers}},
		{Text: richtext.Object, Spans: []richtext.Span{{End: 3, Attr: richtext.Attr{Image: &richtext.Image{ID: "pic@peyk", Alt: "a.png", Width: 9, Height: 9}}}}},
		{Text: "quoted", Block: richtext.Block{Quote: 1}},
	}
}

// TestAFormattedDraftComesBackFromTheServer: what another computer opens from Drafts is what was written here, with its
// picture; as it is after a send was taken back.
func TestAFormattedDraftComesBackFromTheServer(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	d, err := r.e.NewDraft(r.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.png")
	if err := os.WriteFile(file, []byte("\x89PNG bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	doc := formatted()
	d.Subject, d.HTML, d.Text, d.Rtl = "formatted", doc.HTML(), doc.Plain(), doc.Forced()
	d.Attachments = []mail.DraftAttachment{{Name: "a.png", ContentType: "image/png", Path: file, Inline: true, ContentID: "pic@peyk"}}
	r.keep(&d)
	r.onServer(a, 1)
	check := func(what string, got mail.Draft) {
		t.Helper()
		if back := richtext.FromHTML(got.HTML); !reflect.DeepEqual(back, doc) || got.Plain {
			t.Errorf("%s: the text is\n%+v, want\n%+v", what, back, doc)
		}
		if len(got.Attachments) != 1 || !got.Attachments[0].Inline || got.Attachments[0].ContentID != "pic@peyk" {
			t.Fatalf("%s: attachments %+v", what, got.Attachments)
		}
		f, err := r.e.OpenAttachment(r.ctx, got.Attachments[0])
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if b, _ := io.ReadAll(f); string(b) != "\x89PNG bytes" {
			t.Errorf("%s: the picture is %q", what, b)
		}
	}
	if err := r.st.DeleteDraft(r.ctx, d.ID); err != nil { // as on another computer
		t.Fatal(err)
	}
	got, err := r.e.EditDraft(r.ctx, r.rows(r.folder(a, "Drafts"))[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	check("from the server", got)
	got.To = []mail.Address{{Addr: r.mta.Address("sara")}}
	id, err := r.e.Send(r.ctx, got, time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	back, err := r.e.OutboxToDraft(r.ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	check("taken back", back)
	back.Plain = true
	back.Text = strings.Repeat("word ", 3)
	r.keep(&back)
	if raw := r.onServer(a, 1); strings.Contains(string(raw[0]), "<b>") {
		t.Error("a draft in plain text keeps old formatting on the server")
	}
}
