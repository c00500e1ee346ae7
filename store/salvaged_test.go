package store

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"peyk/internal/mail"
)

// spoil overwrites the first page of a table or an index.
func spoil(t *testing.T, path, name string) {
	t.Helper()
	db := got(openSQL(dsn(path, "")))(t)
	var page, size int64
	must(t, db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name=?", name).Scan(&page))
	must(t, db.QueryRow("PRAGMA page_size").Scan(&size))
	must(t, db.Close())
	overwrite(t, path, (page-1)*size, int(size))
}

// TestWhatWasDeletedStaysDeletedInASalvagedFile: where every row is there that refers to bytes, what was let go of was deleted. Where rows may be missing it
// may have been one of two copies, and nothing is removed.
func TestWhatWasDeletedStaysDeletedInASalvagedFile(t *testing.T) {
	ctx := context.Background()
	const n, deleted = 60, 20
	for name, c := range map[string]struct {
		spoil func(t *testing.T, dir string)
		back  int
	}{
		"an index":                     {func(t *testing.T, dir string) { spoil(t, filepath.Join(dir, mailFile), "m_unread") }, 0},
		"a table beside":               {func(t *testing.T, dir string) { spoil(t, filepath.Join(dir, mailFile), "people") }, 0},
		"the index that is counted by": {func(t *testing.T, dir string) { spoil(t, filepath.Join(dir, mailFile), "m_thread") }, deleted},
		"the outbox":                   {func(t *testing.T, dir string) { spoil(t, filepath.Join(dir, mailFile), "outbox") }, deleted},
		"the settings":                 {func(t *testing.T, dir string) { spoil(t, filepath.Join(dir, mailFile), "settings") }, deleted},
		"what was released":            {func(t *testing.T, dir string) { spoil(t, filepath.Join(dir, mailFile), "released") }, deleted},
		"messages":                     {func(t *testing.T, dir string) { spoil(t, filepath.Join(dir, mailFile), "messages") }, n},
		"an index, and bytes are gone": {func(t *testing.T, dir string) {
			spoil(t, filepath.Join(dir, mailFile), "m_unread")
			s := got(Open(ctx, t.TempDir(), Options{}))(t)
			h := got(packHash(withBody(t, s, message(n)).Blob.Hash))(t)
			must(t, s.Close())
			db := got(openSQL(dsn(filepath.Join(dir, blobFile), "")))(t)
			got(db.Exec("DELETE FROM blobs WHERE hash=?", h))(t)
			must(t, db.Close())
		}, deleted},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filled(t, n)
			s := got(Open(ctx, dir, Options{}))(t)
			rows := got(s.Page(ctx, Query{}, 0, n))(t)
			for _, r := range rows[n-deleted:] {
				must(t, s.RemoveMessages(ctx, []mail.MessageID{r.ID}))
			}
			must(t, s.Close())
			c.spoil(t, dir)
			rep := got(Repair(ctx, dir, Options{Parse: parseStub, Home: func() mail.Account { return mail.Account{Name: "Local", Protocol: mail.POP3} }}))(t)
			if rep.Broken == "" {
				t.Fatalf("the damage was not seen: %+v", rep)
			}
			s = got(Open(ctx, dir, Options{}))(t)
			defer s.Close()
			back := 0
			if f, err := s.FolderByPath(ctx, 1, recoveredFolder); err == nil {
				back = f.Total
			}
			if back != c.back {
				t.Errorf("%d messages came back: %+v", back, rep.Problems)
			}
			if total, _, err := s.Count(ctx, Query{}); err != nil || total < n-deleted {
				t.Errorf("%d messages are here, %v", total, err)
			}
			if v := got(s.Setting(ctx, salvagedSetting))(t); v != "" {
				t.Errorf("the repair is to be made again: %q", v)
			}
			clean(t, s)
		})
	}
}

// TestARepairedFileThatLacksRowsGoesOnLackingThem: a second damage, in a place where no row is, does not make the first one good.
func TestARepairedFileThatLacksRowsGoesOnLackingThem(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	s := got(Open(ctx, dir, Options{}))(t)
	ref := got(s.PutBlob(ctx, bytes.NewReader(rawMail(1))))(t)
	must(t, s.write(ctx, "test", func(t *wtx) error { return t.letGo(&ref) }))
	must(t, s.SetSetting(ctx, salvagedSetting, rowsMissing))
	must(t, s.Close())
	spoil(t, filepath.Join(dir, mailFile), "m_unread")
	got(Repair(ctx, dir, Options{}))(t) // without Parse: it is only salvaged
	if _, err := os.Stat(filepath.Join(dir, mailFile)); err != nil {
		t.Fatal(err)
	}
	s = got(Open(ctx, dir, Options{}))(t)
	defer s.Close()
	if v := got(s.Setting(ctx, salvagedSetting))(t); v != rowsMissing || s.VerifyBlob(ctx, ref.Hash) != nil {
		t.Errorf("it is %q", v)
	}
}
