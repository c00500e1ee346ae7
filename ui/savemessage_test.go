package ui

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/ui/lang"
)

// A message of which only the header is here is fetched before it is saved: half of it must not look like the whole.
func TestOnlyWholeMessagesAreSaved(t *testing.T) {
	b := newBench(t)
	in := mail.Incoming{UID: 900, Received: today, Size: 5000, Summary: mail.Summary{Subject: "only its header", HeaderID: "head@x"}, Header: []byte("Subject: only its header\r\n\r\n")}
	ids, err := b.store.Ingest(b.Context(), b.folder(b.imap, "INBOX"), []mail.Incoming{in})
	b.ok(err)
	row, err := b.store.Row(b.Context(), ids[0])
	b.ok(err)
	path := filepath.Join(t.TempDir(), "x.eml")
	b.engine.wantErr = errors.New("imap.example.org does not answer")
	if err := saveWhole(b.Context(), b.w.env, b.w.reader, row, path); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("saving says %v", err)
	}
	if list, _ := os.ReadDir(filepath.Dir(path)); len(list) != 0 {
		t.Errorf("it left %v", list)
	}
	whole, err := b.store.Row(b.Context(), b.ids[sara])
	b.ok(err)
	b.ok(saveWhole(b.Context(), b.w.env, b.w.reader, whole, path))
	raw, err := b.engine.Raw(b.Context(), whole.ID)
	b.ok(err)
	defer raw.Close()
	want, err := io.ReadAll(raw)
	b.ok(err)
	if got, err := os.ReadFile(path); err != nil || string(got) != string(want) {
		t.Errorf("%d bytes saved of %d, %v", len(got), len(want), err)
	}
}

// Several messages are saved into a folder, with a report; what is chosen by a row of the reader is that one message.
func TestSeveralMessagesAreSaved(t *testing.T) {
	b := transferBench(t)
	b.w.list.list.SelectAll()
	b.until("all messages", func() bool { return len(b.w.list.Selected()) > 2 })
	if !b.w.byID["savemessage"].when(b.w) {
		t.Fatal("they cannot be saved")
	}
	ids, dir := b.w.list.Selected(), t.TempDir()
	said := b.runs(exportWords, func(ctx context.Context, _ bool, p func(mailbox.Progress)) (mailbox.Report, error) {
		return b.w.deps.Transfer.Export(ctx, mail.ExportRequest{Dir: dir, Format: mail.MailboxEML, Messages: ids}, p)
	})
	if list, err := filepath.Glob(filepath.Join(dir, "*.eml")); err != nil || len(list) != len(ids) || !strings.Contains(said, lang.N("transfer.exported", len(ids))) {
		t.Errorf("%d files of %d messages, %v\n%s", len(list), len(ids), err, said)
	}
	b.w.deps.Transfer = nil
	if b.w.byID["savemessage"].when(b.w) {
		t.Error("several can be saved where nothing exports")
	}
}

// A file that is replaced is there until the new one is whole; a link to a file stays a link.
func TestAFileIsReplacedWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "a.txt"), filepath.Join(dir, "link.txt")
	for p, data := range map[string]string{path: "old"} {
		if err := os.WriteFile(p, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no links here: ", err)
	}
	half := io.NopCloser(io.MultiReader(strings.NewReader("new"), iotest.ErrReader(errors.New("broke off"))))
	if err := writeFile(link, half); err == nil {
		t.Error("it says nothing")
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("after a failure the file holds %q", got)
	}
	if err := writeFile(link, io.NopCloser(strings.NewReader("new"))); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("the file holds %q", got)
	}
	if to, err := os.Readlink(link); err != nil || to != path {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	if list, _ := os.ReadDir(dir); len(list) != 2 {
		t.Errorf("left is %v", list)
	}
}
