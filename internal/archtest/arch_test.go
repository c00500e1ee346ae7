package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// rooms lists, for each room of the house, which rooms of Peyk its code may import. A room covers its sub-packages; the
// longest match wins. Every room may import itself. Tests are free to import more.
var rooms = map[string][]string{
	"internal/mail":          {},
	"internal/ical":          {},
	"internal/pdfview":       {},
	"internal/jalali":        {},
	"internal/filelock":      {},
	"internal/clipimage":     {},
	"internal/richtext":      {},
	"internal/message":       {"internal/mail", "internal/jalali", "internal/richtext", "internal/weblink"},
	"internal/mailbox":       {"internal/mail", "internal/message"},
	"internal/text":          {"assets"},
	"internal/htmlview":      {"internal/text"},
	"internal/mailpage":      {"internal/text", "internal/htmlview", "internal/weblink"},
	"internal/pdfout":        {"internal/text", "internal/htmlview"},
	"internal/weblink":       {},
	"internal/remotecontent": {},
	"internal/mailtest":      {},
	"internal/powerloss":     {},
	"assets":                 {},
	"accounts":               {"internal/mail", "internal/filelock", "assets"},
	"store":                  {"internal/mail", "internal/filelock", "internal/jalali"},
	"sync":                   {"accounts", "store", "internal/filelock", "internal/mail", "internal/message", "internal/richtext", "internal/remotecontent", "internal/ical"},
	"ui":                     {"store", "assets", "internal/mail", "internal/mailbox", "internal/text", "internal/htmlview", "internal/mailpage", "internal/pdfout", "internal/weblink", "internal/ical", "internal/pdfview", "internal/jalali", "internal/richtext", "internal/clipimage"},
	"internal/transfer":      {"accounts", "store", "sync", "internal/mail", "internal/mailbox"},
	"internal/demo":          {"assets", "internal/mail"},
	"internal/cli": {"accounts", "store", "sync", "internal/mail", "internal/message", "internal/mailbox", "internal/transfer",
		"internal/text", "internal/htmlview", "internal/mailpage", "internal/pdfout", "internal/weblink", "internal/remotecontent"},
	"internal/instance":    {"internal/filelock"},
	"internal/screenshots": {},
}

// outside lists imports from elsewhere that only the named rooms may have ("main" is the top level).
var outside = map[string][]string{
	"fyne.io/":                        {"ui", "main"},
	"database/sql":                    {"store"},
	"github.com/mattn/go-sqlite3":     {"store"},
	"github.com/emersion/go-imap/":    {"accounts", "internal/demo"},
	"github.com/emersion/go-smtp":     {"accounts", "internal/demo"},
	"github.com/knadh/go-pop3":        {"accounts"},
	"github.com/zalando/go-keyring":   {"accounts"},
	"github.com/jhillyerd/enmime/v2":  {},
	"github.com/klippa-app/go-pdfium": {"internal/pdfview"},
	"github.com/emersion/go-msgauth":  {"sync"},
}

// never lists what a room must not import whatever else is allowed.
var never = map[string][]string{
	"ui":                {"net", "net/http", "database/sql"},
	"internal/htmlview": {"net", "net/http", "os/exec"},
	"internal/text":     {"net", "net/http"},
	"internal/weblink":  {"net", "net/http"},
	"store":             {"net", "net/http"},
}

type source struct {
	path    string // slash-separated, from the root
	room    string
	imports []string
}

func TestImportsRunOneWay(t *testing.T) {
	for _, s := range sources(t) {
		for _, imp := range s.imports {
			if rest, ours := strings.CutPrefix(imp, "peyk/"); ours {
				checkRoom(t, s, rest)
				continue
			}
			for prefix, allowed := range outside {
				if matches(imp, prefix) && !contains(allowed, s.room) {
					t.Errorf("%s imports %s, which only %v may", s.path, imp, allowed)
				}
			}
			if contains(never[s.room], imp) {
				t.Errorf("%s imports %s, which %s never may", s.path, imp, s.room)
			}
		}
	}
}

func checkRoom(t *testing.T, s source, imported string) {
	t.Helper()
	to := roomOf(imported)
	switch {
	case s.room == "main" || to == s.room:
	case to == "ui":
		t.Errorf("%s imports peyk/%s: nobody imports ui but main", s.path, imported)
	case to == "":
		t.Errorf("%s imports peyk/%s: this room has no rule; add it to the table and to docs/architecture.md", s.path, imported)
	case !contains(rooms[s.room], to):
		t.Errorf("%s (room %s) imports peyk/%s: allowed are %v", s.path, s.room, imported, rooms[s.room])
	}
}

func TestMailDependsOnTheStandardLibraryOnly(t *testing.T) {
	for _, s := range sources(t) {
		if s.room != "internal/mail" {
			continue
		}
		for _, imp := range s.imports {
			if strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
				t.Errorf("%s imports %s: domain types depend on the standard library only", s.path, imp)
			}
		}
	}
}

func TestTopLevelHoldsWhatItShould(t *testing.T) {
	want := map[string]bool{"main.go": true, "ui": true, "accounts": true, "sync": true, "store": true, "assets": true,
		"internal": true, "docs": true, "go.mod": true, "go.sum": true, "README.md": true, "LICENSE": true, "Makefile": true,
		"FyneApp.toml": true, "bin": true, "dist": true}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !want[e.Name()] {
			t.Errorf("%s stands at the top level, which holds a fixed set of names", e.Name())
		}
	}
	if b, err := os.ReadFile(filepath.Join(root, "main.go")); err == nil {
		if n := strings.Count(string(b), "\n"); n > 150 {
			t.Errorf("main.go has %d lines; it wires and nothing else, in at most 150", n)
		}
	}
}

// sources parses the imports of every Go file that is not a test.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || rel == "dist" || rel == "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		s := source{path: rel, room: roomOf(rel)}
		if !strings.Contains(rel, "/") {
			s.room = "main"
		}
		if s.room == "" && !strings.HasPrefix(rel, "internal/archtest/") {
			t.Errorf("%s stands in no known room; add the room to the table and to docs/architecture.md", rel)
		}
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, p)
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d source files found: the test looks in the wrong place", len(out))
	}
	return out
}

// roomOf returns the room with the longest name that path lies in.
func roomOf(path string) string {
	best := ""
	for r := range rooms {
		if (path == r || strings.HasPrefix(path, r+"/")) && len(r) > len(best) {
			best = r
		}
	}
	return best
}

func matches(imp, prefix string) bool {
	p := strings.TrimSuffix(prefix, "/")
	return imp == p || strings.HasPrefix(imp, p+"/") || (strings.HasSuffix(prefix, "/") && strings.HasPrefix(imp, prefix))
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
