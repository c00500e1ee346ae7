package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
	"peyk/internal/message"
	"peyk/internal/transfer"
	"peyk/store"
	mailsync "peyk/sync"
)

func profile(t *testing.T) transfer.Profile {
	t.Helper()
	st, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	e := mailsync.New(st, mailsync.Options{})
	t.Cleanup(e.Close)
	return transfer.Profile{Store: st, Engine: e}
}

// filled is a profile with n whole messages in a folder and one of which only the header is here.
func filled(t *testing.T, n int) (transfer.Profile, mail.FolderID) {
	t.Helper()
	p := profile(t)
	a, err := transfer.Account(t.Context(), p.Store, 0)
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.Store.EnsureLocalFolder(t.Context(), a.ID, "Work", mail.RoleNone)
	if err != nil {
		t.Fatal(err)
	}
	var in []mail.Incoming
	for i := range n {
		raw := []byte(fmt.Sprintf("From: a@example.org\r\nSubject: number %d\r\n\r\nFrom here on: %d\r\n", i, i))
		refs, err := p.Store.PutBlobs(t.Context(), [][]byte{raw})
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, mail.Incoming{Received: time.Unix(int64(1e9+i), 0), Size: int64(len(raw)), Summary: message.ParseBytes(raw).Summary(), Blob: &refs[0]})
	}
	in = append(in, mail.Incoming{Received: time.Unix(2e9, 0), Size: 99, Summary: message.ParseBytes([]byte("Subject: partial\r\n\r\n")).Summary()})
	if _, err := p.Store.Ingest(t.Context(), id, in); err != nil {
		t.Fatal(err)
	}
	return p, id
}

// TestOneThatCannotBeRead: a message that breaks off while it is read is its own fault, in a small and in a large one, and the next one is taken over.
func TestOneThatCannotBeRead(t *testing.T) {
	p, folder := filled(t, 1)
	im, err := p.Engine.ImporterAgain(t.Context(), folder, 0)
	if err != nil {
		t.Fatal(err)
	}
	bad := errors.New("a bad sector")
	for _, size := range []int{10, 3 << 20} {
		r := io.MultiReader(strings.NewReader("Subject: half\r\n\r\n"+strings.Repeat("x", size)), iotest.ErrReader(bad))
		if err := im.Add(r, nil, time.Time{}); !errors.As(err, &mailsync.Unreadable{}) || !errors.Is(err, bad) {
			t.Errorf("a message that breaks off after %d bytes: %v", size, err)
		}
	}
	if err := im.Add(strings.NewReader("Subject: whole\r\n\r\n"), nil, time.Time{}); err != nil {
		t.Error(err)
	}
	if n, err := im.Close(); n != 1 || err != nil {
		t.Errorf("%d were taken over, %v", n, err)
	}
}

// TestInterruptedExportsGoOn stops an export of each format in its middle and goes on: the files hold everything once.
func TestInterruptedExportsGoOn(t *testing.T) {
	const n = 40
	p, folder := filled(t, n)
	for _, format := range []mail.MailboxFormat{mail.MailboxMBox, mail.MailboxEML, mail.MailboxMaildir} {
		r := mail.ExportRequest{Dir: t.TempDir(), Format: format, Folders: []mail.FolderID{folder}}
		ctx, cancel := context.WithCancel(t.Context())
		rep, err := p.Export(ctx, r, func(now mailbox.Progress) {
			if now.Total != n+1 {
				t.Errorf("%s: %d messages in all", format, now.Total)
			}
			if now.Done == n/2 {
				cancel()
			}
		})
		cancel()
		there := n / 2
		if format == mail.MailboxMBox {
			there = 0 // half a file is none
		}
		if !errors.Is(err, context.Canceled) || rep.Messages != there || rep.Folders["Work"] != there {
			t.Fatalf("%s: stopped with %v after %d", format, err, rep.Messages)
		}
		r.Resume = true
		rep, err = p.Export(t.Context(), r, nil)
		if err != nil || rep.Messages != n || rep.Partial != 1 || len(rep.Failed) != 0 {
			t.Fatalf("%s: %v, %+v", format, err, rep)
		}
		in, err := profile(t).Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil)
		if err != nil || in.Messages != n || in.Digest != rep.Digest {
			t.Errorf("%s: exported %+v, imported %+v (%v)", format, rep, in, err)
		}
	}
}

// TestAnExportKeepsEverything: what a message has beside its bytes comes back from each format; an interrupted export goes on with
// the same letters for tags.
func TestAnExportKeepsEverything(t *testing.T) {
	p, folder := filled(t, 0)
	var in []mail.Incoming
	for i, flags := range []mail.Flags{{mail.FlagSeen, mail.TagNamed("کار")}, nil, {"work", mail.FlagFlagged}, {mail.FlagForwarded, mail.TagNamed("کار"), "work"}} {
		raw := fmt.Appendf(nil, "Subject: %d\r\n\r\n", i)
		refs, err := p.Store.PutBlobs(t.Context(), [][]byte{raw})
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, mail.Incoming{Flags: flags, Received: time.Unix(int64(1e9+i), 0), Size: int64(len(raw)), Summary: message.ParseBytes(raw).Summary(), Blob: &refs[0]})
	}
	if _, err := p.Store.Ingest(t.Context(), folder, in); err != nil {
		t.Fatal(err)
	}
	all := func(p transfer.Profile) string {
		rows, err := p.Store.Page(t.Context(), store.Query{}, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, r := range rows {
			if !r.HasBody {
				continue // the one of which only the header is here
			}
			slices.Sort(r.Flags)
			out = append(out, fmt.Sprintf("%q %v", r.Subject, r.Flags))
		}
		slices.Sort(out)
		return strings.Join(out, ", ")
	}
	for _, format := range []mail.MailboxFormat{mail.MailboxMBox, mail.MailboxEML, mail.MailboxMaildir} {
		r := mail.ExportRequest{Dir: t.TempDir(), Format: format, Folders: []mail.FolderID{folder}}
		ctx, stop := context.WithCancel(t.Context())
		if _, err := p.Export(ctx, r, func(mailbox.Progress) { stop() }); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		r.Resume = true
		rep, err := p.Export(t.Context(), r, nil)
		if err != nil {
			t.Fatal(err)
		}
		to := profile(t)
		got, err := to.Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil)
		if err != nil || got.Digest != rep.Digest || all(to) != all(p) {
			t.Errorf("%s: exported %s\nimported %s (%v)", format, all(p), all(to), err)
		}
	}
}

// TestSingleMessagesAreExported: messages that were chosen are files in the folder itself, beside what is there; one that was deleted is told.
func TestSingleMessagesAreExported(t *testing.T) {
	p, folder := filled(t, 3)
	rows, err := p.Store.Page(t.Context(), store.Query{Folder: folder}, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	var ids []mail.MessageID
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	r := mail.ExportRequest{Dir: filepath.Join(t.TempDir(), "new"), Format: mail.MailboxEML, Messages: append(ids, 9999)}
	names := func() string {
		list, err := os.ReadDir(r.Dir)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, e := range list {
			out = append(out, e.Name())
		}
		return strings.Join(out, "|")
	}
	for range 2 { // the second time for a stop that came at the end
		rep, err := p.Export(t.Context(), r, nil)
		if err != nil || rep.Messages != 3 || rep.Partial != 1 || len(rep.Failed) != 1 || rep.Folders["Work"] != 3 {
			t.Fatalf("%+v, %v", rep, err)
		}
		if got := names(); got != "00001 number 2.eml|00002 number 1.eml|00003 number 0.eml" {
			t.Errorf("the files are %s", got)
		}
		in, err := profile(t).Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil)
		if err != nil || in.Messages != 3 || in.Digest != rep.Digest {
			t.Errorf("exported %+v, imported %+v (%v)", rep, in, err)
		}
		r.Resume = true
	}
	// A file of that name with something else in it is nobody's to overwrite, nor is it the message.
	if err := os.WriteFile(filepath.Join(r.Dir, "00002 number 1.eml"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Export(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if got := names(); got != "00001 number 2.eml|00002 number 1 (2).eml|00002 number 1.eml|00003 number 0.eml" {
		t.Errorf("the files are %s", got)
	}
	if b, err := os.ReadFile(filepath.Join(r.Dir, "00002 number 1.eml")); string(b) != "mine" {
		t.Errorf("the other file holds %q, %v", b, err)
	}
}

// TestWhatCannotBeDone names the folder, file or path that is in the way.
func TestWhatCannotBeDone(t *testing.T) {
	p, folder := filled(t, 1)
	r := mail.ExportRequest{Dir: t.TempDir(), Format: mail.MailboxMBox, Folders: []mail.FolderID{folder}}
	if _, err := p.Export(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Export(t.Context(), r, nil); !errors.Is(err, os.ErrExist) || !strings.Contains(err.Error(), "Work") {
		t.Errorf("over a file that is there: %v", err)
	}
	r.Folders = []mail.FolderID{folder + 1000}
	if _, err := p.Export(t.Context(), r, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a folder that is gone: %v", err)
	}
	if _, err := p.Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir + "/none"}}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a path that is not there: %v", err)
	}
}

// TestImportOfWhatIsThereAlready: with New the second import of a file takes over what came since, and nothing twice; a message that the
// file holds twice is there twice, also where the two lie on both sides of a place that is remembered.
func TestImportOfWhatIsThereAlready(t *testing.T) {
	p := profile(t)
	file := t.TempDir() + "/old.mbox"
	write := func(n int) {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "From x Thu Oct  2 11:00:00 2025\nSubject: number %d\n\ntext\n\n", i%700)
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ n, known int }{{1400, 0}, {1400, 1400}, {1410, 1400}} {
		write(c.n)
		rep, err := p.Import(t.Context(), mail.ImportRequest{Paths: []string{file}, New: true}, nil)
		if err != nil || rep.Messages != c.n || rep.Known != c.known {
			t.Fatalf("%d messages: %v, %+v", c.n, err, rep)
		}
		a, err := transfer.Account(t.Context(), p.Store, 0)
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.Store.FolderByPath(t.Context(), a.ID, transfer.ImportedFolder+"/old")
		if err != nil || f.Total != c.n {
			t.Errorf("%d messages are there, want %d (%v)", f.Total, c.n, err)
		}
	}
}
