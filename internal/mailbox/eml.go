package mailbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// EMLName makes a file name for message number n out of its subject: "00012 Hello.eml", safe on every file system.
func EMLName(n int, subject string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r < 32 || r == 127 || strings.ContainsRune(`<>:"/\|?*`, r):
			return '_'
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f:
			return -1
		}
		return r
	}, strings.ToValidUTF8(subject, ""))
	s = strings.Join(strings.Fields(s), " ")
	for len(s) > 120 {
		_, k := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-k]
	}
	s = strings.Trim(s, " .")
	if s == "" {
		return fmt.Sprintf("%05d.eml", n)
	}
	return fmt.Sprintf("%05d %s.eml", n, s)
}

// WriteEML writes one message to a new file: whole or not at all. A file that exists is an error (fs.ErrExist).
func WriteEML(path string, r io.Reader) (n int64, err error) {
	if _, err := os.Lstat(path); err == nil {
		return 0, fmt.Errorf("%s: %w", path, os.ErrExist)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".peyk-*")
	if err != nil {
		return 0, fmt.Errorf("writing %s: %w", path, err)
	}
	n, err = io.Copy(f, r)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return n, fmt.Errorf("writing %s: %w", path, err)
	}
	return n, nil
}
