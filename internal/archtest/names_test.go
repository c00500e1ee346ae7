package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// text is what a comment or a document says.
type text struct{ where, words string }

// TestWhatIsNamedExists: a file or a test that a comment or a document names is there; what was renamed or removed leaves no trace in words.
func TestWhatIsNamedExists(t *testing.T) {
	files, tests, texts := named(t)
	goFile, test := regexp.MustCompile(`[\w/]+\.go\b`), regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)\p{Lu}\w*`)
	looked := 0
	for _, x := range texts {
		for _, name := range goFile.FindAllString(x.words, -1) {
			if looked++; !files[path.Base(name)] && !strings.HasPrefix(name, "_") {
				t.Errorf("%s names %s, which is not there", x.where, name)
			}
		}
		for _, name := range test.FindAllString(x.words, -1) {
			found := false
			for n := range tests {
				found = found || strings.HasPrefix(n, name) // as -run and -bench take it
			}
			if looked++; !found {
				t.Errorf("%s names %s, which is not there", x.where, name)
			}
		}
	}
	if looked < 50 {
		t.Errorf("only %d names were found: the test does not look", looked)
	}
}

// named reads the repository: the names of its files and functions, its comments and documents.
func named(t *testing.T) (files, tests map[string]bool, texts []text) {
	t.Helper()
	files, tests = map[string]bool{}, map[string]bool{"TestStep": true} // mail.TestStep is a type
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n != ".." && strings.HasPrefix(n, ".") || n == "bin" || n == "dist" || n == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		files[d.Name()] = true
		switch path.Ext(p) {
		case ".md":
			b, err := os.ReadFile(p)
			texts = append(texts, text{p, string(b)})
			return err
		case ".go":
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, p, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok {
					tests[fn.Name.Name] = true
				}
			}
			for _, c := range f.Comments {
				texts = append(texts, text{fset.Position(c.Pos()).String(), c.Text()})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, tests, texts
}
