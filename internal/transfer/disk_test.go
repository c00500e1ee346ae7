package transfer_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/internal/transfer"
	"peyk/store"
	mailsync "peyk/sync"
)

// letters makes n messages of about size bytes that do not compress well.
func letters(n, size int) [][]byte {
	rnd := rand.New(rand.NewPCG(1, uint64(size)))
	var out [][]byte
	for i := range n {
		b := fmt.Appendf(nil, "Date: Mon, 02 Mar 2026 10:00:%02d +0000\r\nFrom: Sara <sara@example.org>\r\nMessage-ID: <m%d@example.org>\r\nSubject: number %d\r\n\r\n", i%60, i, i)
		for len(b) < size {
			b = fmt.Appendf(b, "%016x%016x%016x\r\n", rnd.Uint64(), rnd.Uint64(), rnd.Uint64())
		}
		out = append(out, b)
	}
	return out
}

// mboxOf writes messages into an mbox.
func mboxOf(t *testing.T, path string, list [][]byte) {
	t.Helper()
	var b bytes.Buffer
	for _, m := range list {
		fmt.Fprintf(&b, "From sara@example.org Mon Mar  2 10:00:00 2026\n%s\n", bytes.ReplaceAll(m, []byte("\r\n"), []byte("\n")))
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// subjects counts the messages of the profile by subject, each of which must be here whole.
func subjects(t *testing.T, st *store.Store) map[string]int {
	t.Helper()
	rows, err := st.Page(t.Context(), store.Query{}, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range rows {
		d, err := st.Details(t.Context(), r.ID)
		if err != nil || d.Blob == nil {
			t.Fatalf("%s: %+v, %v", r.Subject, d.Blob, err)
		}
		b, err := st.OpenBlob(t.Context(), d.Blob.Hash)
		if err != nil {
			t.Fatal(err)
		}
		if b.Size() == 0 {
			t.Errorf("%s is empty", r.Subject)
		}
		b.Close()
		out[r.Subject]++
	}
	return out
}

// An import on a disk that becomes full stops, says why in one sentence, and goes on when there is space again: everything once, whether the
// messages are small (which go in batches) or files of their own, and into a folder of a server, too.
func TestImportOnAFullDisk(t *testing.T) {
	for name, c := range map[string]struct {
		count, size int
		server      bool
	}{
		"small":                       {2500, 4000, false},
		"large":                       {30, 1_300_000, false},
		"into a folder of a server":   {300, 60_000, true},
		"large, into one of a server": {20, 1_300_000, true},
	} {
		t.Run(name, func(t *testing.T) {
			disk := mailtest.StartSmallDisk(t, 8)
			st, err := store.Open(t.Context(), disk.Dir, store.Options{Parse: func(b io.ReaderAt, size int64) mail.Summary { return message.Parse(b, size).Summary() }})
			if err != nil {
				t.Fatal(err)
			}
			e := mailsync.New(st, mailsync.Options{})
			t.Cleanup(func() { e.Close(); st.Close() })
			p := transfer.Profile{Store: st, Engine: e}
			path := filepath.Join(t.TempDir(), "old.mbox")
			list := letters(c.count, c.size)
			mboxOf(t, path, list)
			r := mail.ImportRequest{Paths: []string{path}}
			if c.server {
				a := mail.Account{Name: "work", Email: "a@example.org", Protocol: mail.IMAP}
				if r.Account, err = st.SaveAccount(t.Context(), a); err != nil {
					t.Fatal(err)
				}
				if err := st.ApplyFolders(t.Context(), r.Account, []mail.RemoteFolder{{Path: "Archive", Delimiter: "/", Selectable: true}}); err != nil {
					t.Fatal(err)
				}
				r.Folder = "Archive"
			}
			stopped := 0
			for size := 8; ; size += 12 {
				rep, err := p.Import(t.Context(), r, nil)
				if err == nil {
					if len(rep.Failed) > 0 {
						t.Errorf("failed: %v", rep.Failed)
					}
					break
				}
				de := (*store.DiskError)(nil)
				if !errors.As(err, &de) || !de.Full || rep.Resume == nil || strings.Count(err.Error(), "full") > 2 || strings.Contains(err.Error(), "\n") {
					t.Fatalf("a full disk was told as %q; %+v", err, rep)
				}
				here := 0
				for _, n := range subjects(t, st) {
					here += n
				}
				if stopped == 0 && rep.Messages != here { // a later one counts what it reads again, too
					t.Errorf("%d messages were told, %d stored", rep.Messages, here)
				}
				stopped++
				r.Resume = true
				disk.Remount(fmt.Sprintf("size=%dm", size+12))
			}
			if stopped == 0 {
				t.Error("the disk was never full")
			}
			got := subjects(t, st)
			for i := range list {
				if s := fmt.Sprintf("number %d", i); got[s] != 1 {
					t.Errorf("%s is here %d times", s, got[s])
				}
			}
			if rep, err := st.Check(t.Context(), false); err != nil || !rep.Clean() {
				t.Errorf("%+v, %v", rep.Problems, err)
			}
		})
	}
}

// An export to a disk that is full, or that cannot be written, says so, leaves no half file that looks whole, and goes on with space.
func TestExportToAFullDisk(t *testing.T) {
	for _, format := range []mail.MailboxFormat{mail.MailboxMBox, mail.MailboxEML, mail.MailboxMaildir} {
		t.Run(string(format), func(t *testing.T) {
			p := profile(t)
			path := filepath.Join(t.TempDir(), "old.mbox")
			list := letters(60, 100_000)
			mboxOf(t, path, list)
			if _, err := p.Import(t.Context(), mail.ImportRequest{Paths: []string{path}}, nil); err != nil {
				t.Fatal(err)
			}
			fs, err := p.Store.Folders(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			disk := mailtest.StartSmallDisk(t, 3)
			r := mail.ExportRequest{Dir: filepath.Join(disk.Dir, "out"), Format: format}
			for _, f := range fs {
				r.Folders = append(r.Folders, f.ID)
			}
			disk.Remount("ro")
			if _, err := p.Export(t.Context(), r, nil); err == nil || !strings.Contains(err.Error(), "read-only") {
				t.Errorf("on a disk that cannot be written: %v", err)
			}
			disk.Remount("rw")
			if rep, err := p.Export(t.Context(), r, nil); err == nil || strings.Count(err.Error(), "no space") != 1 {
				t.Fatalf("on a full disk: %v, %+v", err, rep)
			}
			disk.Remount("size=40m")
			r.Resume = true
			rep, err := p.Export(t.Context(), r, nil)
			if err != nil || len(rep.Failed) > 0 {
				t.Fatalf("with space: %v, %+v", err, rep)
			}
			back := profile(t)
			if got, err := back.Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil); err != nil || len(got.Failed) > 0 || got.Messages != len(list) {
				t.Fatalf("read back: %+v, %v", got, err)
			}
			for s, n := range subjects(t, back.Store) {
				if n != 1 {
					t.Errorf("%s is there %d times", s, n)
				}
			}
		})
	}
}
