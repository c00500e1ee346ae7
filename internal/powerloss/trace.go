package powerloss

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Log is what a program did to the files below a folder, and what it said on its standard output meanwhile.
type Log struct {
	root   string
	start  string // a copy of what was there before; "" for nothing
	events []event
}

type kind int

const (
	kindWrite kind = iota
	kindTruncate
	kindSync
	kindCreate
	kindMkdir
	kindRename
	kindUnlink
	kindSay
)

// event is one finished system call. Paths are absolute.
type event struct {
	kind       kind
	path, dest string
	at         int64
	data       []byte
	started    int // line of the record in which the call began
	ended      int // line in which it returned
}

const calls = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat"

// Trace runs a command to its end under strace and records what it does below root. The command must write with the calls
// that Go and SQLite use: write and pwrite64, no mappings (but for SQLite's -shm, which does not count after a crash).
func Trace(root string, env []string, argv ...string) (*Log, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, err
	}
	record, err := os.CreateTemp("", "powerloss-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(record.Name())
	defer record.Close()
	args := append([]string{"-f", "-qq", "-y", "-xx", "-s", "100000000", "-e", "trace=" + calls, "-e", "signal=none", "-o", record.Name(), "--"}, argv...)
	cmd := exec.Command("strace", args...)
	cmd.Env = env
	var complaint strings.Builder
	cmd.Stderr = &complaint
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("running under strace: %w: %s", err, complaint.String())
	}
	l := &Log{root: root}
	return l, l.read(record)
}

// read parses the record. A call that another thread interrupted stands on two lines.
func (l *Log) read(f *os.File) error {
	type half struct {
		text string
		line int
	}
	open := map[string]half{}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<30)
	for n := 0; sc.Scan(); n++ {
		pid, text, ok := strings.Cut(sc.Text(), " ")
		if !ok {
			continue
		}
		text = strings.TrimLeft(text, " ")
		started := n
		if before, cut := strings.CutSuffix(text, " <unfinished ...>"); cut {
			open[pid] = half{before, n}
			continue
		}
		if rest, resumed := strings.CutPrefix(text, "<... "); resumed {
			_, rest, _ = strings.Cut(rest, " resumed>")
			h := open[pid]
			text, started = h.text+rest, h.line
			delete(open, pid)
		}
		e, ok, err := l.parse(text)
		if err != nil {
			return fmt.Errorf("line %d of the record: %w", n+1, err)
		}
		if ok {
			e.started, e.ended = started, n
			l.events = append(l.events, e)
		}
	}
	return sc.Err()
}

// parse reads "name(arguments) = result"; ok is false for what does not concern the folder.
func (l *Log) parse(text string) (e event, ok bool, err error) {
	name, rest, found := strings.Cut(text, "(")
	i := strings.LastIndex(rest, ") = ")
	if i < 0 {
		i = strings.LastIndex(rest, ")") // blanks may follow, for alignment
	}
	if !found || i < 0 {
		return e, false, nil
	}
	args, result := split(rest[:i]), strings.TrimLeft(rest[i:], ") =")
	if strings.HasPrefix(result, "-") || strings.HasPrefix(result, "?") || len(args) == 0 {
		return e, false, nil // refused, or ended with the process
	}
	switch name {
	case "openat":
		e.kind, e.path = kindCreate, path(args[1])
		ok = strings.Contains(args[2], "O_CREAT")
	case "mkdir":
		e.kind, e.path, ok = kindMkdir, path(args[0]), true
	case "mkdirat":
		e.kind, e.path, ok = kindMkdir, path(args[1]), true
	case "unlink":
		e.kind, e.path, ok = kindUnlink, path(args[0]), true
	case "unlinkat":
		e.kind, e.path, ok = kindUnlink, path(args[1]), true
	case "rename":
		e.kind, e.path, e.dest, ok = kindRename, path(args[0]), path(args[1]), true
	case "renameat", "renameat2":
		e.kind, e.path, e.dest, ok = kindRename, path(args[1]), path(args[3]), true
	case "fsync", "fdatasync":
		e.kind, e.path, ok = kindSync, ofFD(args[0]), true
	case "ftruncate":
		e.kind, e.path, ok = kindTruncate, ofFD(args[0]), true
		e.at, err = strconv.ParseInt(args[1], 10, 64)
	case "pwrite64":
		e.kind, e.path, e.data, ok = kindWrite, ofFD(args[0]), unhex(args[1]), true
		e.at, err = strconv.ParseInt(args[3], 10, 64)
	case "write":
		e.kind, e.path, e.data, e.at, ok = kindWrite, ofFD(args[0]), unhex(args[1]), -1, true
		if strings.HasPrefix(args[0], "1<") {
			e.kind = kindSay
			return e, true, nil
		}
	}
	if n, nerr := strconv.Atoi(strings.Fields(result + " ")[0]); nerr == nil && e.kind == kindWrite && n < len(e.data) {
		e.data = e.data[:n]
	}
	inside := e.path == l.root || strings.HasPrefix(e.path, l.root+"/")
	return e, ok && inside, err
}

// split cuts arguments at commas outside of strings.
func split(s string) []string {
	var out []string
	from, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			out = append(out, strings.TrimSpace(s[from:i]))
			from = i + 1
		}
	}
	return append(out, strings.TrimSpace(s[from:]))
}

// ofFD is the path of `7</tmp/x>`.
func ofFD(arg string) string {
	_, p, _ := strings.Cut(arg, "<")
	return string(unhex(strings.TrimSuffix(p, ">")))
}

func path(arg string) string { return string(unhex(arg)) }

// unhex reads a string of strace -xx, with or without quotes.
func unhex(s string) []byte {
	s = strings.Trim(s, `"`)
	out := make([]byte, 0, len(s)/4)
	for len(s) > 0 {
		if len(s) >= 4 && s[0] == '\\' && s[1] == 'x' {
			if v, err := strconv.ParseUint(s[2:4], 16, 8); err == nil {
				out, s = append(out, byte(v)), s[4:]
				continue
			}
		}
		out, s = append(out, s[0]), s[1:]
	}
	return out
}
