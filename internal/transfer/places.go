package transfer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
)

// assign gives every folder that is written a file or directory of its own: names that differ only in case or in what file systems do not
// take, or far behind, would be one. The order of the folders decides, so that --resume finds the same ones.
func (x *exporter) assign(list []mail.Folder) {
	used := map[string]bool{}
	x.places = map[mail.FolderID]string{}
	for _, f := range list {
		if f.Total == 0 {
			continue
		}
		path := x.place(f)
		for i := 2; used[strings.ToLower(path)]; i++ {
			path = fmt.Sprintf("%s (%d)", x.place(f), i)
		}
		used[strings.ToLower(path)], x.places[f.ID] = true, path
	}
}

// place is the path of a folder's file or directory, every level a safe name.
func (x *exporter) place(f mail.Folder) string {
	parts := []string{x.dir, mailbox.FolderFile(x.accounts[f.Account])}
	for _, l := range f.Levels() {
		parts = append(parts, mailbox.FolderFile(l))
	}
	return filepath.Join(parts...)
}

// free tells whether nothing that the export would write is there, for all folders before the first is written: half an export beside an earlier
// one helps nobody. An error is fs.ErrExist with the path.
func (x *exporter) free(list []mail.Folder) error {
	for _, f := range list {
		path, ok := x.places[f.ID]
		if !ok {
			continue
		}
		var there []string
		switch x.format {
		case mail.MailboxEML:
			there = holding(path, func(name string) bool { return name == mailbox.EMLFlags || strings.HasSuffix(name, ".eml") })
		case mail.MailboxMaildir:
			for _, s := range []string{"cur", "new"} {
				there = append(there, holding(filepath.Join(path, s), func(string) bool { return true })...)
			}
		default:
			there = holding(filepath.Dir(path), func(name string) bool { return name == filepath.Base(path)+".mbox" })
		}
		if len(there) > 0 {
			return fmt.Errorf("export %s of %s: %w", f.Path, x.accounts[f.Account], &os.PathError{Op: "write", Path: there[0], Err: os.ErrExist})
		}
	}
	return nil
}

// holding lists the files in a directory with such names.
func holding(dir string, is func(name string) bool) (paths []string) {
	list, _ := os.ReadDir(dir) // one that is not there, or cannot be read, tells itself when it is written
	for _, e := range list {
		if is(e.Name()) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths
}
