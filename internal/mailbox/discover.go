package mailbox

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"unicode"

	"peyk/internal/message"
)

// discover lists what is to be read under path, in a fixed order.
func discover(ctx context.Context, path string, rep *Report) ([]source, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		return discoverFolder(ctx, path, rep)
	}
	if !st.Mode().IsRegular() {
		rep.fail(path, ErrNotFile)
		return nil, nil
	}
	out := fileSource(ctx, path, baseFolder(path), st.Size())
	switch { // it was asked for by its name
	case len(out) > 0:
	case st.Size() > 0:
		rep.fail(path, ErrNotMbox)
	default:
		rep.empty(baseFolder(path))
	}
	return out, nil
}

func discoverFolder(ctx context.Context, path string, rep *Report) ([]source, error) {
	var out []source
	var profiles []string // of Thunderbird
	named := filepath.Clean(path)
	// Of links only the one that was named is followed: others may lead round in a circle.
	root, err := filepath.EvalSymlinks(named)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if cerr := ctx.Err(); cerr != nil {
			return cerr
		}
		if err != nil {
			rep.fail(p, err)
			return nil
		}
		rel, _ := filepath.Rel(root, p)
		if d.IsDir() {
			if isMaildir(p) {
				out = append(out, source{path: p, folder: folderName(named, rel), kind: kindMaildir, size: dirSize(p)})
			}
			switch d.Name() {
			case "cur", "new", "tmp":
				if isMaildir(filepath.Dir(p)) {
					return filepath.SkipDir
				}
			}
			return nil
		}
		if d.Name() == prefsFile {
			profiles = append(profiles, filepath.Dir(p))
		}
		out = append(out, inFolder(ctx, p, d, named, rel, rep)...)
		return nil
	})
	byAccount(ctx, named, root, profiles, out)
	sort.SliceStable(out, func(i, j int) bool { return out[i].path < out[j].path })
	return out, err
}

// inFolder is what is to be read of a file in a folder; named is the folder as it was named, rel the file's path in it.
func inFolder(ctx context.Context, path string, d fs.DirEntry, named, rel string, rep *Report) []source {
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || compactionLeft(d.Name()) {
		return nil
	}
	folder := folderName(named, rel)
	if strings.EqualFold(filepath.Ext(path), ".eml") {
		folder = folderName(named, filepath.Dir(rel))
	}
	if isEmlx(path) {
		folder = emlxFolder(named, rel)
	}
	found := fileSource(ctx, path, folder, info.Size())
	if len(found) == 0 && info.Size() > 0 && saysMbox(path) {
		rep.fail(path, ErrNotMbox)
	}
	return found
}

// saysMbox reports whether a file is an mbox by its name. Of other files that hold no mail nothing is said: they belong to it.
func saysMbox(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".mbox" || ext == ".mbx"
}

// compactionLeft: Thunderbird writes a folder anew into "nstmp" (or "nstmp-1") when it compacts it. One that is there was
// left by a crash and holds again what the folder itself still has.
func compactionLeft(name string) bool {
	rest, ok := strings.CutPrefix(name, "nstmp")
	return ok && (rest == "" || rest[0] == '-' && strings.Trim(rest[1:], "0123456789") == "")
}

// notMail are files that stand beside mboxes in mail programs' folders.
var notMail = map[string]bool{".msf": true, ".dat": true, ".html": true, ".json": true, ".sqlite": true, ".db": true, ".ini": true, ".js": true, ".lock": true, ".idx": true, ".log": true, ".txt": true, ".mozmsgs": true, ".jsonl": true, flagsSuffix: true}

// fileSource sorts out what a file is; nothing for a file that holds no mail.
func fileSource(ctx context.Context, path, folder string, size int64) []source {
	ext := strings.ToLower(filepath.Ext(path))
	if size == 0 || ext != ".eml" && (notMail[ext] || strings.HasPrefix(filepath.Base(path), ".")) {
		return nil
	}
	if ext == ".eml" {
		return []source{{path, folder, kindEML, size}}
	}
	if isEmlx(path) {
		return []source{{path, folder, kindEmlx, size}}
	}
	f, err := openFile(ctx, path)
	if err != nil {
		return []source{{path, folder, kindEML, size}} // reading it tells the error
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	head = bytes.TrimLeft(head[:n], "\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("From ")):
		return []source{{path, folder, kindMbox, size}}
	case headerLine(head) && (ext == ".msg" || ext == ".mail" || ext == ".mht" || ext == ".mbox" || ext == ""):
		return []source{{path, folder, kindEML, size}}
	}
	return nil
}

// baseFolder names the folder of a file that was given alone: without the suffixes that mail files have. Other dots are
// the name's own ("letters.2024").
func baseFolder(path string) string {
	b := filepath.Base(path)
	switch ext := strings.ToLower(filepath.Ext(b)); ext {
	case ".mbox", ".mbx", ".eml", ".emlx", ".msg", ".mail", ".mht", ".sbd":
		return b[:len(b)-len(ext)]
	}
	return b
}

// folderName turns a path below root into a folder's name: Thunderbird's ".sbd" and the ".mbox" of others go, with the file
// "mbox" that Apple Mail keeps in the latter; the dots of Maildir++ (".Work.Plans") are levels, in modified UTF-7.
func folderName(root, rel string) string {
	if rel == "." {
		base := baseFolder(root)
		if strings.HasPrefix(base, ".") {
			return maildirLevels(base)
		}
		return shown(base)
	}
	var out []string
	inMbox := strings.HasSuffix(root, ".mbox")
	for _, name := range strings.Split(filepath.ToSlash(rel), "/") {
		level := strings.TrimSuffix(strings.TrimSuffix(name, ".sbd"), ".mbox")
		if strings.HasPrefix(level, ".") {
			level = maildirLevels(level)
		}
		if level = shown(level); level != "" && !(level == "mbox" && inMbox) {
			out = append(out, level)
		}
		inMbox = strings.HasSuffix(name, ".mbox")
	}
	if len(out) == 0 {
		return baseFolder(root)
	}
	return strings.Join(out, "/")
}

// shown makes a name that can be shown out of a file's, which may hold line breaks, what steers terminals, and bytes that are no letters.
func shown(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return '_'
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
}

// maildirLevels reads the name of a Maildir++ folder.
func maildirLevels(dir string) string {
	levels := strings.Split(strings.Trim(dir, "."), ".")
	for i, l := range levels {
		levels[i] = shown(message.FolderName(l))
	}
	return strings.Join(levels, "/")
}

func dirSize(dir string) int64 {
	var n int64
	for _, s := range []string{"cur", "new"} {
		list, _ := os.ReadDir(filepath.Join(dir, s))
		for _, e := range list {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
	}
	return n
}
