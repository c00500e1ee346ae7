package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"peyk/internal/mailtest"
)

// On a disk that is full to the last byte a profile opens, time and again, and everything that is here can be read; nothing is written, which
// is told as a full disk each time, until there is space.
func TestReadingOnAFullDisk(t *testing.T) {
	disk := mailtest.StartSmallDisk(t, 16)
	dir := filepath.Join(disk.Dir, "profile")
	ctx := context.Background()
	open := func() *Store {
		t.Helper()
		s, err := Open(ctx, dir, Options{})
		if err != nil {
			t.Fatalf("on a disk that is full: %v", err)
		}
		return s
	}
	s := open()
	small, large := randomBytes(5_000), randomBytes(300_000)
	refs, err := s.PutBlobs(ctx, [][]byte{small, large})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetSetting(ctx, "x", "before"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	disk.Fill()
	full := func(what string, err error) {
		t.Helper()
		if de := (*DiskError)(nil); !errors.As(err, &de) || !de.Full {
			t.Errorf("%s: %v", what, err)
		}
	}
	for round := range 5 {
		s := open()
		for i, want := range [][]byte{small, large} {
			r, err := s.OpenBlob(ctx, refs[i].Hash)
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if have, err := io.ReadAll(r); err != nil || !bytes.Equal(have, want) {
				t.Errorf("round %d: %d bytes, %v", round, len(have), err)
			}
			must(t, r.Close())
		}
		for range 20 { // whatever is tried does not use up what the next start needs
			full("a setting", s.SetSetting(ctx, "x", hex.EncodeToString(randomBytes(1_000))))
			_, err := s.PutBlobs(ctx, [][]byte{randomBytes(3_000)})
			full("a small message", err)
			_, err = s.PutBlobs(ctx, [][]byte{randomBytes(200_000)})
			full("a large message", err)
		}
		if v, err := s.Setting(ctx, "x"); v != "before" || err != nil {
			t.Errorf("round %d: %q, %v", round, v, err)
		}
		second := open() // another process, or a command beside the window
		if v, err := second.Setting(ctx, "x"); v != "before" || err != nil {
			t.Errorf("round %d: the second reads %q, %v", round, v, err)
		}
		if err := errors.Join(second.Close(), s.Close()); err != nil {
			t.Errorf("round %d: %v", round, err)
		}
		if round%2 == 1 {
			disk.Fill() // whoever has filled it takes what has become free
		}
	}
	s = open()
	defer s.Close()
	full("a setting", s.SetSetting(ctx, "x", "too early"))
	disk.Free()
	for end := time.Now().Add(time.Minute); s.SetSetting(ctx, "x", "after") != nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("with space again nothing can be written")
		}
	}
	if _, err := s.PutBlobs(ctx, [][]byte{randomBytes(200_000)}); err != nil {
		t.Errorf("with space again: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "blobs", "incoming-*")); len(left) > 0 || err != nil {
		t.Errorf("left over: %v, %v", left, err)
	}
}

// A process that was killed leaves its log behind; with that, too, a profile opens on a full disk, and what the log has is there.
func TestReadingOnAFullDiskAfterAKill(t *testing.T) {
	disk := mailtest.StartSmallDisk(t, 16)
	dir, copied := filepath.Join(disk.Dir, "profile"), filepath.Join(disk.Dir, "killed")
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	last := ""
	for range 200 {
		last = hex.EncodeToString(randomBytes(1_500))
		must(t, s.SetSetting(ctx, "x", last))
	}
	// As the files are now a kill leaves them.
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(filepath.Join(copied, "mail.db-wal")); err != nil || st.Size() < 100_000 {
		t.Fatalf("no log: %v, %v", st, err)
	}
	_ = os.Remove(filepath.Join(copied, "mail.db-shm"))
	_ = os.Remove(filepath.Join(copied, "blobs.db-shm"))
	disk.Fill()
	for range 3 {
		if s, err = Open(ctx, copied, Options{}); err != nil {
			t.Fatal(err)
		}
		if v, err := s.Setting(ctx, "x"); err != nil || v != last {
			t.Errorf("%d bytes, %v", len(v), err)
		}
		if err := s.Close(); err != nil {
			t.Log(err)
		}
	}
}
