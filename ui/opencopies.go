package ui

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// copyPrefix begins the names of folders with copies of attached files; copyAge is how old those of an earlier start must be to be
// removed: another Peyk may run, and a program that was given a file may still have it open.
const (
	copyPrefix = "peyk-open-"
	copyAge    = 24 * time.Hour
)

// openCopies keeps the folders of files that were given to other programs, or pasted and not stored yet, each in a folder of its own that only the
// user can read. They go when the window closes; what is still held by then goes with a later start.
type openCopies struct {
	root string // where folders are made; "": the system's place for temporary files
	mu   sync.Mutex
	dirs []string
}

// Make makes a folder for one file.
func (c *openCopies) Make() (string, error) {
	dir, err := os.MkdirTemp(c.root, copyPrefix)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	c.dirs = append(c.dirs, dir)
	c.mu.Unlock()
	return dir, nil
}

// Close removes what was made.
func (c *openCopies) Close() {
	c.mu.Lock()
	dirs := c.dirs
	c.dirs = nil
	c.mu.Unlock()
	for _, d := range dirs {
		removeCopy(d)
	}
}

// Sweep removes what an earlier start left.
func (c *openCopies) Sweep(now time.Time) {
	root := c.root
	if root == "" {
		root = os.TempDir()
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && e.IsDir() && strings.HasPrefix(e.Name(), copyPrefix) && now.Sub(info.ModTime()) > copyAge {
			removeCopy(filepath.Join(root, e.Name()))
		}
	}
}

// removeCopy removes a folder; read-only files keep Windows from doing so.
func removeCopy(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		os.Chmod(filepath.Join(dir, e.Name()), 0o600)
	}
	os.RemoveAll(dir)
}
