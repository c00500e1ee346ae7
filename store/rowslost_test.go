package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"peyk/internal/mail"
)

// A profile that has lost mail.db is no new profile: its messages would be bytes that nobody refers to, and a repair would remove them.
func TestAProfileWithoutRows(t *testing.T) {
	ctx := context.Background()
	for what, lose := range map[string]func(path string) error{
		"missing": os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"missing, with a log": func(path string) error {
			return errors.Join(os.WriteFile(path+"-wal", randomBytes(9000), 0o600), os.Remove(path))
		},
		"missing, large alone": func(path string) error {
			return errors.Join(os.Remove(filepath.Join(filepath.Dir(path), blobFile)), os.Remove(path))
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := filled(t, 7)
			want := 8
			if what == "missing, large alone" {
				want = 1
			}
			s := got(Open(ctx, dir, Options{}))(t)
			ref := got(s.PutBlobs(ctx, [][]byte{largeMail(1)}))(t)[0]
			large := mail.Incoming{UID: 99, Summary: mail.Summary{Subject: "large"}, Size: ref.Size, Blob: &ref}
			got(s.Ingest(ctx, got(s.FolderByRole(ctx, 1, mail.RoleInbox))(t).ID, []mail.Incoming{large}))(t)
			must(t, s.Close())
			must(t, lose(filepath.Join(dir, mailFile)))
			var ce *CorruptError
			if _, err := Open(ctx, dir, Options{}); !errors.As(err, &ce) {
				t.Fatalf("opened as a new profile: %v", err)
			}
			o := Options{Parse: parseStub, Home: func() mail.Account { return mail.Account{Name: "Local", Protocol: mail.POP3, Disabled: true} }}
			if rep := got(Repair(ctx, dir, o))(t); !rep.Clean() || rep.Blobs != want || rep.Messages != want {
				t.Errorf("report %+v", rep)
			}
			s = got(Open(ctx, dir, o))(t)
			defer s.Close()
			if f := got(s.FolderByPath(ctx, 1, recoveredFolder))(t); f.Total != want {
				t.Errorf("%d of %d messages came back", f.Total, want)
			}
			clean(t, s)
		})
	}
}

// What never held a message is a new profile, whatever is left of it.
func TestAnEmptyProfileMayLoseItsFile(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	must(t, got(Open(ctx, dir, Options{}))(t).Close())
	must(t, os.Remove(filepath.Join(dir, mailFile)))
	s := got(Open(ctx, dir, Options{}))(t)
	clean(t, s)
	must(t, s.Close())
}

// Nor is it one when what was stored beside it cannot be read: no new mail.db is made, with which it would look whole once blobs.db is mended.
func TestAProfileWithoutRowsAndDamagedBytes(t *testing.T) {
	dir := filled(t, 7)
	path := filepath.Join(dir, mailFile)
	overwrite(t, filepath.Join(dir, blobFile), 0, 4096)
	must(t, os.Remove(path))
	var ce *CorruptError
	if _, err := Open(context.Background(), dir, Options{}); !errors.As(err, &ce) || ce.File != path {
		t.Errorf("opened: %v", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a new one was made: %v", err)
	}
}
