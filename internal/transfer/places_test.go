package transfer_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/transfer"
)

var formats = []mail.MailboxFormat{mail.MailboxMBox, mail.MailboxEML, mail.MailboxMaildir}

// paths are the folders with mail in them.
func paths(t *testing.T, p transfer.Profile) (out []string, ids []mail.FolderID) {
	t.Helper()
	list, err := p.Store.Folders(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Total > 0 {
			out, ids = append(out, fmt.Sprintf("%s %d", f.Path, f.Total)), append(ids, f.ID)
		}
	}
	slices.Sort(out)
	return out, ids
}

// TestWhatWasImportedComesBackToItsPlace: exporting and importing again and again nests nothing.
func TestWhatWasImportedComesBackToItsPlace(t *testing.T) {
	src := t.TempDir()
	for name, n := range map[string]int{"old.mbox": 2, "Work/plans.mbox": 1} {
		file := filepath.Join(src, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(strings.Repeat("From x Thu Oct  2 11:00:00 2025\nSubject: a\n\ntext\n\n", n)), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range formats {
		p := profile(t)
		if _, err := p.Import(t.Context(), mail.ImportRequest{Paths: []string{src}}, nil); err != nil {
			t.Fatal(err)
		}
		want, _ := paths(t, p)
		if !slices.Equal(want, []string{"Imported/Work/plans 1", "Imported/old 2"}) {
			t.Fatalf("imported: %q", want)
		}
		for range 2 {
			_, ids := paths(t, p)
			dir := t.TempDir()
			if _, err := p.Export(t.Context(), mail.ExportRequest{Dir: dir, Format: format, Folders: ids}, nil); err != nil {
				t.Fatal(err)
			}
			p = profile(t)
			if _, err := p.Import(t.Context(), mail.ImportRequest{Paths: []string{dir}}, nil); err != nil {
				t.Fatal(err)
			}
			if got, _ := paths(t, p); !slices.Equal(got, want) {
				t.Errorf("%s: once more it is in %q, want %q", format, got, want)
			}
		}
	}
}

// TestExportBesideAnother: where one of the folders is in the way, nothing is written of any.
func TestExportBesideAnother(t *testing.T) {
	p, folder := filled(t, 3)
	f, err := p.Store.Folder(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	before, err := p.Store.EnsureLocalFolder(t.Context(), f.Account, "Before", mail.RoleNone)
	if err != nil {
		t.Fatal(err)
	}
	im, err := p.Engine.ImporterAgain(t.Context(), before, 0)
	if err == nil {
		err = im.Add(strings.NewReader("Subject: x\r\n\r\n"), nil, time.Time{})
	}
	if err == nil {
		_, err = im.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range formats {
		r := mail.ExportRequest{Dir: t.TempDir(), Format: format, Folders: []mail.FolderID{folder}}
		if _, err := p.Export(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		there := files(t, r.Dir)
		r.Folders = []mail.FolderID{before, folder}
		rep, err := p.Export(t.Context(), r, nil)
		if at := (*fs.PathError)(nil); !errors.Is(err, fs.ErrExist) || !errors.As(err, &at) || rep.Messages != 0 {
			t.Errorf("%s: %v, %+v", format, err, rep)
		}
		if now := files(t, r.Dir); !slices.Equal(now, there) {
			t.Errorf("%s: the export that was refused left %q beside %q", format, now, there)
		}
		r.Resume = true
		if rep, err := p.Export(t.Context(), r, nil); err != nil || rep.Folders["Before"] != 1 {
			t.Errorf("%s: going on there: %v, %+v", format, err, rep)
		}
	}
}

func files(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		out = append(out, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFoldersWhoseFilesWouldBeOne: names that only differ in case, in what files cannot be called, or far behind are exported all the same, each whole.
func TestFoldersWhoseFilesWouldBeOne(t *testing.T) {
	long := strings.Repeat("گزارش ", 15)
	names := []string{"Work", "work", "a:b", "a?b", long + "اول", long + "دوم"}
	for _, format := range formats {
		p := profile(t)
		a, err := transfer.Account(t.Context(), p.Store, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			id, err := p.Store.EnsureLocalFolder(t.Context(), a.ID, name, mail.RoleNone)
			if err != nil {
				t.Fatal(err)
			}
			im, err := p.Engine.ImporterAgain(t.Context(), id, 0)
			if err == nil {
				err = im.Add(strings.NewReader("Subject: in "+name+"\r\n\r\n"), nil, time.Time{})
			}
			if err == nil {
				_, err = im.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		_, ids := paths(t, p)
		r := mail.ExportRequest{Dir: t.TempDir(), Format: format, Folders: ids}
		out, err := p.Export(t.Context(), r, nil)
		if err != nil || out.Messages != len(names) {
			t.Errorf("%s: %v, %+v", format, err, out)
		}
		r.Resume = true
		if rep, err := p.Export(t.Context(), r, nil); err != nil || len(rep.Failed) != 0 {
			t.Errorf("%s: going on: %v, %+v", format, err, rep)
		}
		in, err := profile(t).Import(t.Context(), mail.ImportRequest{Paths: []string{r.Dir}}, nil)
		if err != nil || in.Messages != len(names) || in.Digest != out.Digest {
			t.Errorf("%s: exported %+v, imported %+v (%v)", format, out, in, err)
		}
	}
}
