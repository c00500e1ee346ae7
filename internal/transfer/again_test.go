package transfer_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/store"
	mailsync "peyk/sync"
)

// all are the messages of a profile: their last line and flags.
func all(t *testing.T, st *store.Store) (out []string) {
	t.Helper()
	rows, err := st.Page(t.Context(), store.Query{}, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		out = append(out, fmt.Sprint(r.Snippet, r.Flags))
	}
	slices.Sort(out)
	return out
}

// TestGoingOnAfterTheFolderChanged: an export into a folder of an earlier one leaves what is there as it is, and adds what came since, each message once, though
// all have one subject, numbers have shifted and one has gone; of an mbox, which stays as it is, what it lacks is told.
func TestGoingOnAfterTheFolderChanged(t *testing.T) {
	for _, format := range formats {
		p := profile(t)
		folder := put(t, p, "[Gmail]/Reports")
		add := func(n int) {
			im, err := p.Engine.ImporterAgain(t.Context(), folder, 0)
			if err != nil {
				t.Fatal(err)
			}
			var flags mail.Flags
			if n%2 == 0 {
				flags = mail.Flags{mail.FlagFlagged}
			}
			err = im.Add(strings.NewReader(fmt.Sprintf("Subject: x\r\n\r\nnumber %d\r\n", n)), flags, time.Unix(int64(1e9+n), 0))
			if _, cerr := im.Close(); err != nil || cerr != nil {
				t.Fatal(err, cerr)
			}
		}
		for n := range 6 {
			add(n + 10)
		}
		r := mail.ExportRequest{Dir: t.TempDir(), Format: format, Folders: []mail.FolderID{folder}}
		if _, err := p.Export(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		before := content(t, r.Dir)
		want := all(t, p.Store)
		rows, err := p.Store.Page(t.Context(), store.Query{Folder: folder, Reverse: true}, 0, 100)
		if err != nil || len(rows) != 7 {
			t.Fatal(err, rows)
		}
		gone := rows[3] // starred
		if _, err := p.Engine.(*mailsync.Engine).Do(t.Context(), mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{gone.ID}}); err != nil {
			t.Fatal(err)
		}
		add(11) // as one that is there
		add(3)  // older than most
		add(20)
		r.Resume = true
		rep, err := p.Export(t.Context(), r, nil)
		older := mailbox.OlderError{}
		if format == mail.MailboxMBox {
			if err != nil || rep.Messages != 6 || len(rep.Failed) != 1 || !errors.As(rep.Failed[0].Err, &older) || older.Missing != 3 {
				t.Errorf("%s: %v, %+v", format, err, rep)
			}
		} else if err != nil || rep.Messages != 9 || len(rep.Failed) != 0 {
			t.Errorf("%s: %v, %+v", format, err, rep)
		}
		if again, err := p.Export(t.Context(), r, nil); err != nil || again.Messages != rep.Messages || again.Digest != rep.Digest {
			t.Errorf("%s: once more: %v, %+v", format, err, again)
		}
		now := content(t, r.Dir)
		for name, was := range before {
			if filepath.Base(name) != mailbox.EMLFlags && now[name] != was {
				t.Errorf("%s: %s has changed", format, name)
			}
		}
		to := profile(t)
		if _, err := to.Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil); err != nil {
			t.Fatal(err)
		}
		got := all(t, to.Store)
		if format != mail.MailboxMBox { // each as often as it was in either
			want = slices.Concat(all(t, p.Store), []string{fmt.Sprint(gone.Snippet, gone.Flags)})
			slices.Sort(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: came back as\n%q, want\n%q", format, got, want)
		}
	}
}

// content are the files below a folder.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, path := range files(t, dir) {
		if st, err := os.Stat(path); err != nil || st.IsDir() {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[path] = string(b)
	}
	return out
}

// TestFlagsOfAnExportThatWasKilled: a line that was not finished is told by nobody and keeps no flags of others from being written.
func TestFlagsOfAnExportThatWasKilled(t *testing.T) {
	p := profile(t)
	folder := put(t, p, "Work")
	if _, err := p.Engine.(*mailsync.Engine).Do(t.Context(), mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{1}}); err != nil {
		t.Fatal(err)
	}
	r := mail.ExportRequest{Dir: t.TempDir(), Format: mail.MailboxEML, Folders: []mail.FolderID{folder}}
	if _, err := p.Export(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	for path := range content(t, r.Dir) {
		if filepath.Base(path) == mailbox.EMLFlags {
			if err := os.WriteFile(path, []byte(`{"at":"other.eml","flags":["\\Seen"]}`+"\n"+`{"at":"00001 x.e`), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.Resume = true
	if _, err := p.Export(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	to := profile(t)
	rep, err := to.Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil)
	if got := all(t, to.Store); err != nil || len(rep.Failed) > 0 || len(got) != 1 || !strings.Contains(got[0], string(mail.FlagFlagged)) {
		t.Errorf("%v, %+v, %q", err, rep, got)
	}
}

// TestAMessageWithoutAByte comes back from every format; an empty file that no export has noted is no message.
func TestAMessageWithoutAByte(t *testing.T) {
	for _, format := range formats {
		p := profile(t)
		folder := put(t, p, "Work")
		im, err := p.Engine.ImporterAgain(t.Context(), folder, 0)
		if err == nil {
			err = im.Add(strings.NewReader(""), mail.Flags{mail.FlagSeen}, time.Unix(1e9, 0))
		}
		if err == nil {
			err = im.Add(strings.NewReader(""), nil, time.Unix(1e9+1, 0))
		}
		if _, cerr := im.Close(); err != nil || cerr != nil {
			t.Fatal(err, cerr)
		}
		r := mail.ExportRequest{Dir: t.TempDir(), Format: format, Folders: []mail.FolderID{folder}}
		out, err := p.Export(t.Context(), r, nil)
		if err != nil || out.Messages != 3 {
			t.Fatalf("%s: %v, %+v", format, err, out)
		}
		for range 2 {
			to := profile(t)
			in, err := to.Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil)
			if err != nil || in.Messages != 3 || in.Digest != out.Digest || len(in.Failed) > 0 {
				t.Errorf("%s: exported %+v, imported %+v (%v)", format, out, in, err)
			}
			if got := all(t, to.Store); !slices.Equal(got, all(t, p.Store)) {
				t.Errorf("%s: came back as %q", format, got)
			}
			r.Resume = true
			if out, err = p.Export(t.Context(), r, nil); err != nil || len(out.Failed) > 0 {
				t.Errorf("%s: once more: %v, %+v", format, err, out)
			}
		}
	}
}
