package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mailtest"
)

// TestNoRoomForABackup: where the copy of an older profile has no room nothing is upgraded. It is told as a full disk, time and again, nothing is left over, the older
// Peyk can go on with the profile, and with room the upgrade is done.
func TestNoRoomForABackup(t *testing.T) {
	const older = 13
	disk := mailtest.StartSmallDisk(t, 16)
	dir := filepath.Join(disk.Dir, "profile")
	ctx := context.Background()
	made := oldProfile(t, older)
	w := got(openWriter(ctx, filepath.Join(made, mailFile), mailMigrations[:older]))(t)
	for range 40 { // more than the reserve
		must(t, w.conn.do("INSERT INTO settings VALUES(hex(randomblob(4)),hex(randomblob(10000)))"))
	}
	must(t, w.close())
	must(t, os.CopyFS(dir, os.DirFS(made)))
	path := filepath.Join(dir, mailFile)
	must(t, os.WriteFile(filepath.Join(dir, reserveFile), randomBytes(reserveSize), 0o600))
	disk.Fill()
	sum := func() [32]byte { return sha256.Sum256(got(os.ReadFile(path))(t)[100:]) } // its header counts how often it was opened
	before := sum()
	for range 3 {
		s, err := Open(ctx, dir, Options{})
		if err == nil {
			_ = s.Close()
			t.Fatal("it was upgraded without a backup")
		}
		if de := (*DiskError)(nil); !errors.As(err, &de) || !de.Full || !strings.Contains(err.Error(), "backing up") {
			t.Errorf("error %v", err)
		} else {
			t.Log(err)
		}
		if left, _ := filepath.Glob(path + ".before-*"); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
		if sum() != before {
			t.Error("the profile was changed")
		}
		w, err := openWriter(ctx, path, mailMigrations[:older]) // the older Peyk
		if err != nil {
			t.Fatalf("the older Peyk: %v", err)
		}
		var n int
		if _, err := w.conn.get("SELECT count(*) FROM settings", nil, &n); err != nil || n < 40 {
			t.Errorf("the older Peyk reads %d settings: %v", n, err)
		}
		must(t, w.close())
	}
	disk.Free()
	s := got(Open(ctx, dir, Options{}))(t)
	wantPage(t, s, Query{Folder: 1}, "old")
	clean(t, s)
	must(t, s.Close())
	if left, _ := filepath.Glob(path + ".before-*"); len(left) != 1 {
		t.Errorf("backups %v", left)
	}
}
