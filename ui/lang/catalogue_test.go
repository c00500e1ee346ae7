package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"peyk/assets"
)

// source is what the code of the window says about ids.
type source struct {
	asked    map[string]string // ids given to T, N or Has, with where
	literals map[string]bool   // every string literal
	prefixes []string          // literals that end in ".", to which an ending is added
}

// readCode reads the Go files of the window, tests left out.
func readCode(t *testing.T) source {
	t.Helper()
	s := source{asked: map[string]string{}, literals: map[string]bool{}}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				v, _ := strconv.Unquote(l.Value)
				s.literals[v] = true
				if strings.HasSuffix(v, ".") && len(v) > 1 {
					s.prefixes = append(s.prefixes, v)
				}
			}
			if c, ok := n.(*ast.CallExpr); ok && len(c.Args) > 0 && isLookup(c.Fun) {
				if l, ok := c.Args[0].(*ast.BasicLit); ok {
					v, _ := strconv.Unquote(l.Value)
					s.asked[v] = set.Position(l.Pos()).String()
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.asked) < 50 {
		t.Fatalf("only %d ids found in the code: the test looks in the wrong place", len(s.asked))
	}
	return s
}

// isLookup reports whether a call is lang.T, lang.N or, inside this package, T or N.
func isLookup(f ast.Expr) bool {
	name := ""
	switch f := f.(type) {
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); !ok || x.Name != "lang" {
			return false
		}
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	return name == "T" || name == "N"
}

func TestEveryIDHasATextInEnglishAndPersian(t *testing.T) {
	code := readCode(t)
	for _, l := range []string{"en", "fa"} {
		texts := load(l)
		for id, where := range code.asked {
			if _, ok := texts[id]; !ok && !strings.HasSuffix(id, ".") {
				t.Errorf("%s: %q has no text in %s", where, id, l)
			}
		}
	}
}

func TestLanguagesHaveTheSameIDs(t *testing.T) {
	en, fa := load("en"), load("fa")
	for id := range en {
		if _, ok := fa[id]; !ok {
			t.Errorf("%q is missing in fa", id)
		}
	}
	for _, l := range Available() {
		for id := range load(l.Code) {
			if _, ok := en[id]; !ok {
				t.Errorf("%q of %s is not in en", id, l.Code)
			}
		}
	}
}

func TestNoTextIsUnused(t *testing.T) {
	code := readCode(t)
	var unused []string
next:
	for id := range load("en") {
		if code.literals[id] {
			continue
		}
		for _, p := range code.prefixes {
			if strings.HasPrefix(id, p) {
				continue next
			}
		}
		unused = append(unused, id)
	}
	sort.Strings(unused)
	if len(unused) > 0 {
		t.Errorf("%d ids that no code names: %s", len(unused), strings.Join(unused, " "))
	}
}

var placeholder = regexp.MustCompile(`\{\d+\}`)

func TestTextsAreWellFormed(t *testing.T) {
	seen := map[string]string{}
	files, err := fs.Glob(assets.Lang, "lang/*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of texts: %v", err)
	}
	for _, f := range files {
		b, err := assets.Lang.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts, err := parse(b)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		code := strings.Split(f, "/")[1]
		for id, e := range texts {
			if other, ok := seen[code+" "+id]; ok {
				t.Errorf("%q is in %s and in %s", id, f, other)
			}
			seen[code+" "+id] = f
			checkEntry(t, f, id, code, e)
		}
	}
}

// checkEntry compares one text with the English one: plural only where that is plural (Persian counts without a plural
// form and may have one text for all), and the same places for arguments.
func checkEntry(t *testing.T, file, id, code string, e entry) {
	t.Helper()
	want, ok := english[id]
	if !ok {
		return
	}
	if e.plural != nil && want.plural == nil || e.plural == nil && want.plural != nil && code != "fa" {
		t.Errorf("%s: %q is plural here or in English only", file, id)
		return
	}
	if e.plural != nil && e.plural["other"] == "" {
		t.Errorf("%s: %q has no form \"other\"", file, id)
	}
	if e.plural == nil && e.text == "" && want.text != "" {
		t.Errorf("%s: %q is empty", file, id)
	}
	text := e.other()
	a, b := placeholder.FindAllString(text, -1), placeholder.FindAllString(want.other(), -1)
	sort.Strings(a)
	sort.Strings(b)
	if strings.Join(uniq(a), "") != strings.Join(uniq(b), "") {
		t.Errorf("%s: %q has arguments %v, English has %v", file, id, a, b)
	}
	if code == "fa" && strings.ContainsAny(text, "يك") {
		t.Errorf("%s: %q has Arabic letters for ی or ک", file, id)
	}
}

func uniq(s []string) []string {
	out := s[:0:0]
	for i, v := range s {
		if i == 0 || v != s[i-1] {
			out = append(out, v)
		}
	}
	return out
}
