package mailsync_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"peyk/internal/mail"
	"peyk/store"
	mailsync "peyk/sync"
)

// A draft is stored also when a file that was attached to it is gone: with its text and the other files. The file is named, and read once it is there
// again.
func TestADraftWithoutAFileThatIsGone(t *testing.T) {
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	e := mailsync.New(st, mailsync.Options{})
	defer e.Close()
	id, err := st.SaveAccount(t.Context(), mail.Account{Name: "a", Email: "a@example.org", Protocol: mail.IMAP, Identities: []mail.Identity{{Addr: "a@example.org"}}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	here, gone := filepath.Join(dir, "here.txt"), filepath.Join(dir, "gone.txt")
	put := func(path string) {
		if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(here)
	d := mail.Draft{Account: id, Subject: "Plan", Text: "text", Attachments: []mail.DraftAttachment{{Name: "gone.txt", Path: gone}, {Name: "here.txt", Path: here}}}
	err = e.SaveDraft(t.Context(), &d)
	var unread *mail.UnreadFiles
	if !errors.As(err, &unread) || len(unread.Paths) != 1 || unread.Paths[0] != gone || !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("stored with %v", err)
	}
	kept, err := st.Draft(t.Context(), d.ID)
	if err != nil || kept.Text != "text" || len(kept.Attachments) != 2 || kept.Attachments[1].Blob == nil || kept.Attachments[0].Path != gone {
		t.Fatalf("kept: %+v, %v", kept, err)
	}
	put(gone)
	if err := e.SaveDraft(t.Context(), &kept); err != nil || kept.Attachments[0].Blob == nil {
		t.Errorf("once it is there again: %v, %+v", err, kept.Attachments)
	}
}
