package transfer

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"peyk/internal/mail"
	"peyk/internal/mailbox"
)

// level is one level of the names of the folders that are written: an account, a folder, one below it.
type level struct {
	name   string
	below  []*level
	folder mail.FolderID // that it is; 0: there is nothing to write in it
}

func (l *level) child(name string) *level {
	for _, c := range l.below {
		if c.name == name {
			return c
		}
	}
	c := &level{name: name}
	l.below = append(l.below, c)
	return c
}

// assign gives every folder that is written a file or directory of its own: names that differ only in case or in what file systems do not
// take, or far behind, would be one. What the folders are called then stands beside the files. Nothing is written yet.
func (x *exporter) assign(ctx context.Context, list []mail.Folder) error {
	top := &level{}
	for _, f := range list {
		if f.Total == 0 {
			continue
		}
		at := top.child(x.accounts[f.Account])
		for _, name := range f.Levels() {
			at = at.child(name)
		}
		at.folder = f.ID
	}
	x.places, x.names = map[mail.FolderID]string{}, map[string]*mailbox.Names{}
	return x.assignBelow(ctx, x.dir, top)
}

// assignBelow names the files of one directory, those first that are called like their folders.
func (x *exporter) assignBelow(ctx context.Context, dir string, l *level) error {
	kept, err := mailbox.ReadNames(ctx, dir)
	if err != nil {
		return fmt.Errorf("the names that an earlier export kept in %s: %w", dir, err)
	}
	used, files := map[string]bool{}, map[*level]string{}
	for _, own := range []bool{true, false} {
		for _, c := range l.below {
			if files[c] != "" || own && !mailbox.OwnName(mailbox.FolderFile(c.name), c.name) {
				continue
			}
			file, fresh := fileFor(dir, c.name, kept, used)
			used[mailbox.SameFile(file)], files[c] = true, file
			if fresh {
				kept.Set(file, c.name)
				x.names[dir] = kept
			}
		}
	}
	for _, c := range l.below {
		path := filepath.Join(dir, files[c])
		if c.folder != 0 {
			x.places[c.folder] = path
		}
		if err := x.assignBelow(ctx, path, c); err != nil {
			return err
		}
	}
	return nil
}

// fileFor is the file of a level in dir, where those in use are others', and whether its name is to be kept beside.
func fileFor(dir, name string, kept *mailbox.Names, used map[string]bool) (file string, fresh bool) {
	if file, ok := kept.File(name); ok { // as an earlier export called it
		return file, false
	}
	base := mailbox.FolderFile(name)
	file = base
	for i := 2; ; i++ {
		own := mailbox.OwnName(file, name)
		if !used[mailbox.SameFile(file)] && !kept.Taken(file) && (own || !there(dir, file)) {
			return file, !own
		}
		file = fmt.Sprintf("%s (%d)", base, i)
	}
}

// there reports whether a folder has been written under a name.
func there(dir, file string) bool {
	for _, suffix := range []string{"", ".mbox"} {
		if _, err := os.Lstat(filepath.Join(dir, file+suffix)); err == nil {
			return true
		}
	}
	return false
}

// keepNames writes what the folders are called whose files have other names, before these are there.
func (x *exporter) keepNames() error {
	for dir, names := range x.names {
		if err := names.Write(dir); err != nil {
			return err
		}
	}
	return nil
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
			if stray := strayFlags(path + ".mbox"); len(there) == 0 && stray {
				there = []string{mailbox.FlagsFile(path + ".mbox")}
			}
		}
		if len(there) > 0 {
			return fmt.Errorf("export %s of %s: %w", f.Path, x.accounts[f.Account], &os.PathError{Op: "write", Path: there[0], Err: os.ErrExist})
		}
	}
	return nil
}

// strayFlags reports whether the file for the flags of an mbox that is not there is of something else: an export that was broken off has left the beginning of its mbox, too.
func strayFlags(mbox string) bool {
	_, err := os.Lstat(mailbox.FlagsFile(mbox))
	_, part := os.Lstat(mbox + partSuffix)
	return err == nil && part != nil
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
