package mailbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// A mailbox may be called what no file can be, or not on every system: "Q1/Q2?", "con", two names that differ only in case. Its file gets a name
// that every system takes, and beside it, in names.jsonl, stands what the mailbox is called. Import reads it when it is there.

// namesFile is that file, one in every folder that needs it: one JSON object a line.
const namesFile = "names.jsonl"

// maxNamesFile bounds what is read of it, bytes.
const maxNamesFile = 16 << 20

// keptName is one line. At is the name of a file or folder beside, without ".mbox".
type keptName struct {
	At   string `json:"at"`
	Name string `json:"name"`
}

// Names are what mailboxes are called whose files in one folder have other names. The zero value has none.
type Names struct {
	of map[string]keptName // by SameFile of At
}

// ReadNames reads the names that are kept in dir; none where there is no such file. What comes before a broken line is kept, and a line that no export wrote is one: the
// file may be anybody's, and export writes where it says.
func ReadNames(ctx context.Context, dir string) (*Names, error) {
	n := &Names{of: map[string]keptName{}}
	f, err := openFile(ctx, filepath.Join(dir, namesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return n, nil
	}
	if err != nil {
		return n, err
	}
	defer f.Close()
	sc := bufio.NewScanner(io.LimitReader(f, maxNamesFile))
	for i := 1; sc.Scan(); i++ {
		var k keptName
		if err := json.Unmarshal(sc.Bytes(), &k); err != nil {
			return n, fmt.Errorf("line %d: %w: %w", i, errBrokenLine, err)
		}
		if !isBeside(k.At) {
			return n, fmt.Errorf("line %d: %w", i, errBrokenLine)
		}
		n.of[SameFile(k.At)] = k
	}
	return n, sc.Err()
}

// isBeside reports whether a name is that of a file in the same folder, on every system.
func isBeside(file string) bool {
	return file != "" && file != "." && file != ".." && !strings.ContainsAny(file, "/\\:\x00")
}

// Set notes what the mailbox of a file is called.
func (n *Names) Set(file, name string) {
	if n.of == nil {
		n.of = map[string]keptName{}
	}
	n.of[SameFile(file)] = keptName{file, name}
}

// File is the file of a mailbox's name.
func (n *Names) File(name string) (string, bool) {
	for _, k := range n.of {
		if k.Name == name {
			return k.At, true
		}
	}
	return "", false
}

// Taken reports whether a file, or one that some system takes for it, has a name here.
func (n *Names) Taken(file string) bool {
	_, ok := n.of[SameFile(file)]
	return ok
}

// level is what the mailbox of a file or folder is called.
func (n *Names) level(file string) (string, bool) {
	k, ok := n.of[SameFile(file)]
	if !ok {
		k, ok = n.of[SameFile(strings.TrimSuffix(file, ".mbox"))]
	}
	name := LevelName(k.Name)
	return name, ok && name != ""
}

// Write keeps the names in dir, which is made: whole, or as they were.
func (n *Names) Write(dir string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, key := range slices.Sorted(maps.Keys(n.of)) {
		if err := enc.Encode(n.of[key]); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return replaceFile(filepath.Join(dir, namesFile), b.Bytes())
}

// replaceFile writes a file anew: whole, or not at all.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".peyk-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(f.Name()))
	}
	return nil
}

// LevelName is a name as one level of a folder's: what can be shown, without the slash that stands between levels.
func LevelName(name string) string { return strings.ReplaceAll(shown(name), "/", "∕") }

// SameFile is alike for names that are one file on some system: Windows and macOS do not tell capitals from small letters, macOS
// not a letter with its mark from the two of them.
func SameFile(name string) string {
	return strings.ToLower(strings.ToUpper(norm.NFC.String(name)))
}

// FolderFile makes a file name of one level of a folder's name, safe on every file system. The level may be called otherwise (OwnName).
func FolderFile(name string) string {
	s := strings.TrimSuffix(strings.TrimPrefix(EMLName(0, name), "00000 "), ".eml")
	if s == "00000" {
		return "_"
	}
	low := strings.ToLower(s)
	stem, _, _ := strings.Cut(low, ".")
	if reservedStems[strings.TrimSpace(stem)] || maildirParts[low] {
		return "_" + s
	}
	if fileSuffixes[filepath.Ext(low)] {
		return s + "_"
	}
	return s
}

// OwnName reports whether a file of that name tells by itself that its mailbox is called level, wherever the file is copied: some file systems
// write letters with marks in another form.
func OwnName(file, level string) bool {
	return file == level && level == LevelName(level) && norm.NFC.IsNormalString(level) && norm.NFD.IsNormalString(level)
}

// reservedStems are devices of Windows, with any extension.
var reservedStems = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "conin$": true, "conout$": true}

func init() {
	for _, n := range "0123456789¹²³" {
		reservedStems["com"+string(n)], reservedStems["lpt"+string(n)] = true, true
	}
}

// maildirParts would make a Maildir of the folder above, or be taken for a part of one.
var maildirParts = map[string]bool{"cur": true, "new": true, "tmp": true}

// fileSuffixes belong to files with mail or what stands beside them: a folder of that name could be in the way of one, or is read without it.
var fileSuffixes = map[string]bool{".mbox": true, ".sbd": true, ".eml": true, flagsSuffix: true, ".part": true, ".jsonl": true}

// beside is what an export kept beside the files of folders.
type beside struct {
	ctx   context.Context
	names map[string]*Names
	// flags are those of dir.
	flags map[string]keptFlags
	dir   string
}

func newBeside(ctx context.Context) *beside { return &beside{ctx: ctx, names: map[string]*Names{}} }

// level is what the mailbox of a file or folder in dir is called, where that is kept. What is wrong with the file that keeps it is told in rep.
func (b *beside) level(dir, file string, rep *Report) (string, bool) {
	n := b.names[dir]
	if n == nil {
		var err error
		if n, err = ReadNames(b.ctx, dir); err != nil {
			rep.fail(filepath.Join(dir, namesFile), err)
		}
		b.names[dir] = n
	}
	return n.level(file)
}

// eml is what is kept of an EML file. What is wrong with the file that keeps it is told in rep; nil: by nobody.
func (b *beside) eml(path string, rep *Report) keptFlags {
	if dir := filepath.Dir(path); b.dir != dir || b.flags == nil {
		var err error
		if b.flags, err = readFlags(b.ctx, filepath.Join(dir, EMLFlags)); err != nil && rep != nil {
			rep.fail(filepath.Join(dir, EMLFlags), err)
		}
		b.dir = dir
		if b.flags == nil {
			b.flags = map[string]keptFlags{}
		}
	}
	return b.flags[filepath.Base(path)]
}
