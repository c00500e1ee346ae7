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
func discover(ctx context.Context, path string, kept *beside, rep *Report) ([]source, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		d := discovery{ctx: ctx, named: filepath.Clean(path), kept: kept, rep: rep}
		return d.folder()
	}
	if !st.Mode().IsRegular() {
		rep.fail(path, ErrNotFile)
		return nil, nil
	}
	folder, ok := kept.level(filepath.Dir(path), filepath.Base(path), rep)
	if !ok {
		folder = baseFolder(path)
	}
	out := fileSource(ctx, path, folder, st.Size(), kept)
	switch { // it was asked for by its name
	case len(out) > 0:
	case st.Size() > 0:
		rep.fail(path, ErrNotMbox)
	default:
		rep.empty(folder)
	}
	return out, nil
}

// discovery lists what is to be read of one folder that was named.
type discovery struct {
	ctx   context.Context
	named string // as it was named, which may be a link
	kept  *beside
	rep   *Report
}

func (v *discovery) folder() ([]source, error) {
	var out []source
	var profiles []string // of Thunderbird
	// Of links only the one that was named is followed: others may lead round in a circle.
	root, err := filepath.EvalSymlinks(v.named)
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if cerr := v.ctx.Err(); cerr != nil {
			return cerr
		}
		if err != nil {
			v.rep.fail(p, err)
			return nil
		}
		rel, _ := filepath.Rel(root, p)
		if d.IsDir() {
			if isMaildir(p) {
				out = append(out, source{path: p, folder: v.folderName(rel), kind: kindMaildir, size: dirSize(p)})
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
		out = append(out, v.inFolder(p, d, rel)...)
		return nil
	})
	v.byAccount(root, profiles, out)
	sort.SliceStable(out, func(i, j int) bool { return out[i].path < out[j].path })
	return out, err
}

// inFolder is what is to be read of a file in the folder; rel is its path in it.
func (v *discovery) inFolder(path string, d fs.DirEntry, rel string) []source {
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || compactionLeft(d.Name()) {
		return nil
	}
	folder := v.folderName(rel)
	if strings.EqualFold(filepath.Ext(path), ".eml") {
		folder = v.folderName(filepath.Dir(rel))
	}
	if isEmlx(path) {
		folder = v.emlxFolder(rel)
	}
	found := fileSource(v.ctx, path, folder, info.Size(), v.kept)
	if len(found) == 0 && info.Size() > 0 && saysMbox(path) {
		v.rep.fail(path, ErrNotMbox)
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
func fileSource(ctx context.Context, path, folder string, size int64, kept *beside) []source {
	ext := strings.ToLower(filepath.Ext(path))
	if size == 0 && !(ext == ".eml" && kept.eml(path, nil).Empty) || ext != ".eml" && (notMail[ext] || strings.HasPrefix(filepath.Base(path), ".")) {
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
	head := make([]byte, 4<<10)
	n, _ := io.ReadFull(f, head)
	head = bytes.TrimLeft(head[:n], "\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("From ")) && (saysMbox(path) || beginsMbox(head)):
		return []source{{path, folder, kindMbox, size}}
	case headerLine(head) && (ext == ".msg" || ext == ".mail" || ext == ".mht" || ext == ".mbox" || ext == "" && beginsMail(head)):
		return []source{{path, folder, kindEML, size}}
	}
	return nil
}

// beginsMbox tells the From_ line of an mbox from a text that begins with that word: it has its date, or a header field follows.
func beginsMbox(head []byte) bool {
	line, rest, _ := bytes.Cut(head, []byte("\n"))
	_, at := parseFrom(strings.TrimSpace(string(line)))
	return !at.IsZero() || headerLine(rest)
}

// beginsMail tells the header of a message from a text that begins with a word and a colon, as notes do: it has a field that no message is without, or two that texts seldom have together.
func beginsMail(head []byte) bool {
	n := 0
	for line := range bytes.Lines(head) {
		name, _, field := bytes.Cut(line, []byte(":"))
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
		if !field || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		switch strings.ToLower(string(name)) {
		case "from", "received", "return-path", "message-id", "mime-version", "delivered-to":
			return true
		case "to", "cc", "bcc", "subject", "date", "reply-to", "sender", "content-type":
			n++
		}
	}
	return n > 1
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

// folderName turns a path below the folder into a mailbox's name: what an export kept of it; else Thunderbird's ".sbd" and the ".mbox" of others go, with the file
// "mbox" that Apple Mail keeps in the latter; the dots of Maildir++ (".Work.Plans") are levels, in modified UTF-7.
func (v *discovery) folderName(rel string) string {
	if rel == "." {
		if name, ok := v.kept.level(filepath.Dir(v.named), filepath.Base(v.named), v.rep); ok {
			return name
		}
		base := baseFolder(v.named)
		if strings.HasPrefix(base, ".") {
			return maildirLevels(base)
		}
		return shown(base)
	}
	var out []string
	inMbox := strings.HasSuffix(v.named, ".mbox")
	dir := v.named
	for _, name := range strings.Split(filepath.ToSlash(rel), "/") {
		level, ok := v.kept.level(dir, name, v.rep)
		if !ok {
			level = levelOfFile(name)
		}
		if level != "" && (ok || !(level == "mbox" && inMbox)) {
			out = append(out, level)
		}
		inMbox, dir = strings.HasSuffix(name, ".mbox"), filepath.Join(dir, name)
	}
	if len(out) == 0 {
		return baseFolder(v.named)
	}
	return strings.Join(out, "/")
}

// levelOfFile is what a file or folder says of its mailbox by its own name.
func levelOfFile(name string) string {
	level := strings.TrimSuffix(strings.TrimSuffix(name, ".sbd"), ".mbox")
	if strings.HasPrefix(level, ".") {
		level = maildirLevels(level)
	}
	return shown(level)
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
