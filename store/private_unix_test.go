//go:build unix

package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestNobodyElseReadsAProfile: also where its folder is open to everybody, what a profile holds is not, nor the copy that an upgrade keeps.
func TestNobodyElseReadsAProfile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profile")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := got(Open(t.Context(), dir, Options{}))(t)
	defer s.Close()
	must(t, backup(t.Context(), s.w, 99))
	looked := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if looked++; info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || looked < 6 {
		t.Errorf("%d files were looked at, %v", looked, err)
	}
}
