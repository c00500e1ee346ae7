package filepick

import (
	"os"
	"time"

	"fyne.io/fyne/v2"
)

// Chooser opens the dialogs of a program and remembers, for as long as it lives, which folder was used last and how it was
// looked at.
type Chooser struct {
	loop   Loop
	now    func() time.Time
	dir    string
	hidden bool
	by     order
}

// New is a chooser that begins in the user's home folder.
func New(loop Loop, now func() time.Time) *Chooser { return &Chooser{loop: loop, now: now} }

// mode is what a dialog asks for.
type mode uint8

const (
	openFiles mode = iota
	saveFile
	openFolder
)

// Files asks for files that exist; then gets their paths, at least one. It is not called when the user cancels.
func (c *Chooser) Files(w fyne.Window, title string, then func(paths []string)) {
	newPicker(c, w, openFiles, title, "", then)
}

// Save asks where to save a file, with a name to begin with; then gets its path. Before it is called for a file that
// exists, the user agreed to have it replaced.
func (c *Chooser) Save(w fyne.Window, title, name string, then func(path string)) {
	newPicker(c, w, saveFile, title, name, func(paths []string) { then(paths[0]) })
}

// Folder asks for a folder that exists; then gets its path.
func (c *Chooser) Folder(w fyne.Window, title string, then func(dir string)) {
	newPicker(c, w, openFolder, title, "", func(paths []string) { then(paths[0]) })
}

// start is the folder a dialog begins in: the one used last, or what is left of its path.
func (c *Chooser) start() string {
	if c.dir != "" {
		return existing(c.dir)
	}
	if home, err := os.UserHomeDir(); err == nil {
		return existing(home)
	}
	return existing("/")
}
