package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
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

// TestEveryIDHasAText holds every language that the window offers to be complete: each id that the code asks for and each
// that another language has.
func TestEveryIDHasAText(t *testing.T) {
	code := readCode(t)
	en := load("en")
	for _, l := range Available() {
		texts := load(l.Code)
		for id, where := range code.asked {
			if _, ok := texts[id]; !ok && !strings.HasSuffix(id, ".") {
				t.Errorf("%s: %q has no text in %s", where, id, l.Code)
			}
		}
		for id := range en {
			if _, ok := texts[id]; !ok {
				t.Errorf("%q is missing in %s", id, l.Code)
			}
		}
		for id := range texts {
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

// categories are the plural forms that a text of each language needs. Persian counts without a plural form and may have
// one text for all.
var categories = map[string][]string{
	"en": {"one", "other"}, "de": {"one", "other"}, "fa": {"one", "other"},
	"ar": {"zero", "one", "two", "few", "many", "other"},
}

// checkEntry compares one text with the English one: plural only where that is plural, with every form of its language,
// and the same places for arguments in each. Forms for nought, one and two may say the number in words.
func checkEntry(t *testing.T, file, id, code string, e entry) {
	t.Helper()
	want, ok := english()[id]
	if !ok {
		return
	}
	if e.plural != nil && want.plural == nil || e.plural == nil && want.plural != nil && code != "fa" {
		t.Errorf("%s: %q is plural here or in English only", file, id)
		return
	}
	forms := map[string]string{"other": e.text}
	if e.plural != nil {
		forms = e.plural
		for _, c := range categories[code] {
			if forms[c] == "" {
				t.Errorf("%s: %q has no form %q", file, id, c)
			}
		}
		if len(forms) != len(categories[code]) {
			t.Errorf("%s: %q has %d forms, %s has %d", file, id, len(forms), code, len(categories[code]))
		}
	}
	places := uniq(placeholder.FindAllString(want.other(), -1))
	for c, text := range forms {
		if text == "" && want.other() != "" {
			t.Errorf("%s: %q is empty", file, id)
		}
		got, need := uniq(placeholder.FindAllString(text, -1)), places
		if c == "zero" || c == "one" || c == "two" {
			got, need = without(got, "{0}"), without(need, "{0}")
		}
		if strings.Join(got, "") != strings.Join(need, "") {
			t.Errorf("%s: %q (%s) has arguments %v, English has %v", file, id, c, got, need)
		}
		if code == "fa" && strings.ContainsAny(text, "يك") {
			t.Errorf("%s: %q has Arabic letters for ی or ک", file, id)
		}
		if code == "ar" && strings.ContainsAny(text, "یک") {
			t.Errorf("%s: %q has Persian letters for ي or ك", file, id)
		}
	}
}

// uniq sorts s and drops what is there twice.
func uniq(s []string) []string {
	sort.Strings(s)
	return slices.Compact(s)
}

func without(s []string, v string) []string {
	return slices.DeleteFunc(slices.Clone(s), func(x string) bool { return x == v })
}
