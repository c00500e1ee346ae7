package filepick

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"peyk/internal/mail"
)

// entry is one file or folder.
type entry struct {
	name   string
	folder bool
	size   int64 // bytes; 0 for a folder
	time   time.Time
	marked bool // as hidden, where the system keeps such a mark
}

// hidden reports what is not shown unless asked for.
func (e entry) hidden() bool { return e.marked || strings.HasPrefix(e.name, ".") }

// order is what a folder is sorted by; folders always stand before files.
type order uint8

const (
	byName order = iota
	byTime       // newest first
	bySize       // largest first
)

// maxEntries bounds what is read of one folder: a list of more is of no use to anybody, and a caller's memory is.
const maxEntries = 50_000

// readFolder lists a folder, unsorted. Links are shown as what they lead to; an entry that cannot be looked at (gone
// meanwhile, a broken link) is left out. cut says that the folder holds more than is listed.
func readFolder(ctx context.Context, dir string) (list []entry, cut bool, err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	for {
		part, rerr := f.ReadDir(512)
		for _, d := range part {
			if len(list) >= maxEntries {
				return list, true, nil
			}
			if e, ok := look(dir, d); ok {
				list = append(list, e)
			}
		}
		if ctx.Err() != nil {
			return nil, false, ctx.Err()
		}
		if rerr != nil || len(part) == 0 { // what was read before a failure is worth showing
			if len(list) == 0 && rerr != nil && !isEOF(rerr) {
				return nil, false, rerr
			}
			return list, false, nil
		}
	}
}

func look(dir string, d fs.DirEntry) (entry, bool) {
	info, err := d.Info()
	marked := err == nil && markedHidden(info)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		info, err = os.Stat(filepath.Join(dir, d.Name()))
	}
	if err != nil || !info.IsDir() && !info.Mode().IsRegular() { // sockets and devices cannot be attached or overwritten
		return entry{}, false
	}
	e := entry{name: d.Name(), folder: info.IsDir(), time: info.ModTime(), marked: marked}
	if !e.folder {
		e.size = info.Size()
	}
	return e, true
}

// arrange sorts entries, leaving out hidden ones unless they are wanted, and files where only folders are.
func arrange(all []entry, by order, hidden, onlyFolders bool) []entry {
	out := make([]entry, 0, len(all))
	for _, e := range all {
		if (hidden || !e.hidden()) && (e.folder || !onlyFolders) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b entry) int {
		switch {
		case a.folder != b.folder:
			if a.folder {
				return -1
			}
			return 1
		case by == byTime && !a.time.Equal(b.time):
			return b.time.Compare(a.time)
		case by == bySize && a.size != b.size:
			return cmp.Compare(b.size, a.size)
		}
		return cmp.Or(natural(a.name, b.name), strings.Compare(a.name, b.name))
	})
	return out
}

// natural compares names as people count: "scan 9" before "scan 10", capitals beside small letters, ي with ی.
func natural(a, b string) int {
	for a != "" && b != "" {
		if na, ra := number(a); na != "" {
			if nb, rb := number(b); nb != "" {
				if c := cmp.Or(cmp.Compare(len(na), len(nb)), strings.Compare(na, nb)); c != 0 {
					return c
				}
				a, b = ra, rb
				continue
			}
		}
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if c := cmp.Compare(weight(x), weight(y)); c != 0 {
			return c
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

// number takes the digits at the start of s, in ASCII and without leading zeros.
func number(s string) (digits, rest string) {
	var b strings.Builder
	for i, r := range s {
		d := mail.ASCIIDigit(r)
		if d < '0' || d > '9' {
			return trimZeros(b.String()), s[i:]
		}
		b.WriteRune(d)
	}
	return trimZeros(b.String()), ""
}

func trimZeros(s string) string {
	for len(s) > 1 && s[0] == '0' {
		s = s[1:]
	}
	return s
}

// persianOrder is the alphabet of Persian, which Unicode's order of code points does not follow (پ after ب, گ after ک).
const persianOrder = "ءآأإابپتثجچحخدذرزژسشصضطظعغفقکگلمنوؤهةیئ"

func weight(r rune) rune {
	switch r = unicode.ToLower(r); r {
	case 'ي', 'ى':
		r = 'ی'
	case 'ك':
		r = 'ک'
	}
	if r >= 0x621 && r <= 0x6cc {
		if i := strings.IndexRune(persianOrder, r); i >= 0 {
			return 0x621 + rune(i)/2
		}
	}
	return r
}

// starts reports whether a name begins with what was typed, letters compared as natural does.
func starts(name, typed string) bool {
	for _, r := range typed {
		x, n := utf8.DecodeRuneInString(name)
		if n == 0 || weight(x) != weight(r) {
			return false
		}
		name = name[n:]
	}
	return true
}
