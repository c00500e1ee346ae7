package transfer_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
)

// TestAMailboxInSeveralFormatsIsImportedOnce: whoever exports into one folder in more than one format has the same mail in each. What is there twice in one of them is two messages,
// and what only one of them has comes, too.
func TestAMailboxInSeveralFormatsIsImportedOnce(t *testing.T) {
	p := profile(t)
	id := put(t, p, "Work")
	im, err := p.Engine.ImporterAgain(t.Context(), id, 0)
	for _, n := range []int{1, 2, 2} {
		if err == nil {
			err = im.Add(strings.NewReader(fmt.Sprintf("Subject: x\r\n\r\nnumber %d\r\n", n)), nil, time.Unix(1e9, 0))
		}
	}
	if _, cerr := im.Close(); err != nil || cerr != nil {
		t.Fatal(err, cerr)
	}
	dir := t.TempDir()
	for _, format := range formats {
		if format == mail.MailboxMaildir { // its folder would be that of the EML files
			continue
		}
		if _, err := p.Export(t.Context(), mail.ExportRequest{Dir: dir, Format: format, Folders: []mail.FolderID{id}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "Local", "Work", "extra.eml"), []byte("Subject: x\n\nextra\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"", "Here"} {
		q := profile(t)
		rep, err := q.Import(t.Context(), mail.ImportRequest{Paths: []string{dir}, Folder: folder, New: true}, nil)
		if err != nil || len(rep.Failed) > 0 || rep.Known != 4 {
			t.Errorf("%q: %+v, %v", folder, rep, err)
		}
		if have := all(t, q.Store); len(have) != 5 {
			t.Errorf("%q: %d messages: %v", folder, len(have), have)
		}
		if rep, err = q.Import(t.Context(), mail.ImportRequest{Paths: []string{dir}, Folder: folder, New: true}, nil); err != nil || len(all(t, q.Store)) != 5 {
			t.Errorf("%q, once more: %+v, %v, %d messages", folder, rep, err, len(all(t, q.Store)))
		}
	}
}

// TestFlagsOfSomethingElseStay: a file where an export keeps the flags of an mbox is as little written over as an mbox. What an export has left that was killed is.
func TestFlagsOfSomethingElseStay(t *testing.T) {
	p := profile(t)
	r := mail.ExportRequest{Dir: t.TempDir(), Format: mail.MailboxMBox, Folders: []mail.FolderID{put(t, p, "Work")}}
	mbox := filepath.Join(r.Dir, "Local", "Work.mbox")
	if err := errors.Join(os.MkdirAll(filepath.Dir(mbox), 0o700), os.WriteFile(mailbox.FlagsFile(mbox), []byte("mine"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, r.Resume = range []bool{false, true} {
		if _, err := p.Export(t.Context(), r, nil); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), "Work.mbox.flags") {
			t.Errorf("resume %t: %v", r.Resume, err)
		}
	}
	if b, err := os.ReadFile(mailbox.FlagsFile(mbox)); err != nil || string(b) != "mine" {
		t.Errorf("%q, %v", b, err)
	}
	if err := os.WriteFile(mbox+".part", []byte("From a"), 0o600); err != nil {
		t.Fatal(err)
	}
	if rep, err := p.Export(t.Context(), r, nil); err != nil || rep.Messages != 1 {
		t.Errorf("after a kill: %+v, %v", rep, err)
	}
}
