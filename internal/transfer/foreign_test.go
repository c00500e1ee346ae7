package transfer_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
)

// TestNamesThatNoExportWrote: a names.jsonl in the folder of an export may be anybody's. None leads out of that folder, and one that is something else stays as it is.
func TestNamesThatNoExportWrote(t *testing.T) {
	for i, line := range []string{
		`{"at":"../outside","name":"Q?"}`, `{"at":"..\\outside","name":"Q?"}`, `{"at":"..","name":"Q?"}`, `{"at":"sub/outside","name":"Q?"}`, `{"at":"C:outside","name":"Q?"}`,
		`{"at":"","name":"Q?"}`, `{"id":7,"first":"Ada","last":"Lovelace"}`, `null`,
	} {
		format := formats[i%len(formats)]
		p := profile(t)
		folder := put(t, p, "Q?")
		base := t.TempDir()
		r := mail.ExportRequest{Dir: filepath.Join(base, "target"), Format: format, Folders: []mail.FolderID{folder}}
		f, err := p.Store.Folder(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		a, err := p.Store.Account(t.Context(), f.Account)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(r.Dir, a.Name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		own := filepath.Join(dir, "names.jsonl")
		if err := os.WriteFile(own, []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Export(t.Context(), r, nil); err == nil || !strings.Contains(err.Error(), own) && !strings.Contains(err.Error(), dir) {
			t.Errorf("%s with %s: the file is not told: %v", format, line, err)
		}
		if b, err := os.ReadFile(own); err != nil || string(b) != line+"\n" {
			t.Errorf("%s with %s: the file holds %q now, %v", format, line, b, err)
		}
		for at, n := range map[string]int{base: 1, r.Dir: 1, dir: 1} {
			if list, err := os.ReadDir(at); err != nil || len(list) != n {
				t.Errorf("%s with %s: there are %v in %s, %v", format, line, list, at, err)
			}
		}
	}
}

// TestGoingOnInAMaildirWithoutCur: programs that copy folders may leave out empty ones, as cur where nothing was read. What is in new counts once all the same.
func TestGoingOnInAMaildirWithoutCur(t *testing.T) {
	p := profile(t)
	folder := put(t, p, "Work")
	r := mail.ExportRequest{Dir: t.TempDir(), Format: mail.MailboxMaildir, Folders: []mail.FolderID{folder}}
	if _, err := p.Export(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	var cur []string
	files := func() (n int) {
		err := filepath.WalkDir(r.Dir, func(path string, d os.DirEntry, err error) error {
			if d.IsDir() && d.Name() == "cur" {
				cur = append(cur, path)
			}
			if !d.IsDir() {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := files(); n != 1 || len(cur) != 1 {
		t.Fatalf("%d files, %v", n, cur)
	}
	list, err := os.ReadDir(cur[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if err := os.Rename(filepath.Join(cur[0], e.Name()), filepath.Join(filepath.Dir(cur[0]), "new", e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(cur[0]); err != nil {
		t.Fatal(err)
	}
	im, err := p.Engine.ImporterAgain(t.Context(), folder, 0)
	if err == nil {
		err = im.Add(strings.NewReader("Subject: x\r\n\r\nin Work\r\n"), nil, time.Unix(1e9, 0)) // the same once more
	}
	if err == nil {
		_, err = im.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	r.Resume = true
	if _, err := p.Export(t.Context(), r, nil); err != nil || files() != 2 {
		t.Errorf("%d files of two messages, %v", files(), err)
	}
}
