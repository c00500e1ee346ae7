package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
)

// everything is all that a folder holds, by name.
func everything(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[path] = string(b)
		return err
	}))
	return out
}

// TestAProfileThatCannotBeWrittenIsRead: and nothing of it changes.
func TestAProfileThatCannotBeWrittenIsRead(t *testing.T) {
	ctx := context.Background()
	dir := filled(t, 5)
	before := everything(t, dir)
	s := got(OpenReadOnly(ctx, dir, Options{Parse: parseStub}))(t)
	rows := got(s.Page(ctx, Query{}, 0, 9))(t)
	if len(rows) != 5 {
		t.Fatalf("%d messages", len(rows))
	}
	if found := got(s.Search(ctx, "number3", 0, 9))(t); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	b := got(s.OpenBlob(ctx, got(s.Details(ctx, rows[0].ID))(t).Blob.Hash))(t)
	must(t, b.Close())
	sub := s.Subscribe()
	sub.Close()
	var ro *ReadOnlyError
	for what, do := range map[string]func() error{
		"a setting": func() error { return s.SetSetting(ctx, "x", "y") },
		"an operation": func() error {
			_, err := s.Submit(ctx, []mail.Op{{Kind: mail.OpFlags, Messages: []mail.MessageID{rows[0].ID}, Add: mail.Flags{mail.FlagFlagged}}})
			return err
		},
		"bytes": func() error { _, err := s.PutBlob(ctx, bytes.NewReader(rawMail(1))); return err },
	} {
		if err := do(); !errors.As(err, &ro) || !strings.Contains(err.Error(), "cannot be written") {
			t.Errorf("%s: %v", what, err)
		}
	}
	must(t, s.Close())
	after := everything(t, dir)
	for name, text := range after {
		if before[name] != text {
			t.Errorf("%s is another", name)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files are there, not %d", len(after), len(before))
	}
}

// TestWhatMustBeWrittenBeforeItIsRead is refused in words, and untouched.
func TestWhatMustBeWrittenBeforeItIsRead(t *testing.T) {
	ctx := context.Background()
	version := func(n string) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			db := got(openSQL(dsn(filepath.Join(dir, mailFile), "")))(t)
			got(db.Exec("PRAGMA user_version=" + n))(t)
			must(t, db.Close())
		}
	}
	for name, c := range map[string]struct {
		make func(t *testing.T, dir string)
		said string
	}{
		"an older schema": {version("9"), "an older version of Peyk (schema 9"},
		"a newer one":     {version("99"), "a newer version of Peyk"},
		"without rows":    {func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, mailFile))) }, "peyk doctor --repair"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t, 2)
			c.make(t, dir)
			before := everything(t, dir)
			if s, err := OpenReadOnly(ctx, dir, Options{}); err == nil || !strings.Contains(err.Error(), c.said) {
				t.Errorf("%v, %v", s, err)
			}
			if after := everything(t, dir); len(after) != len(before) {
				t.Errorf("%d files are there, not %d", len(after), len(before))
			}
		})
	}
}
