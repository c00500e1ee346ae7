package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// sameEverywhere are words that no language translates: names of protocols and methods, and of this program.
var sameEverywhere = []string{
	"IMAP", "POP3", "SMTP", "SSL/TLS", "STARTTLS", "TLS", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER",
	"Peyk", "INBOX",
}

// notWords is what letters may stand in besides: keys, addresses given as an example, names of embedded files.
var notWords = regexp.MustCompile(`^(Ctrl\+(Shift\+)?\w+|[a-z0-9]+://\S+|\S+@example\.org|\S+\.(png|ttf))$`)

// TestNoTextIsWrittenInTheCode looks for words that go to a widget without passing through the catalogue: string literals
// among the arguments of kit's and fyne's constructors and setters, and in the fields of kit's structs.
func TestNoTextIsWrittenInTheCode(t *testing.T) {
	looked := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		inKit := file.Name.Name == "kit"
		ast.Inspect(file, func(n ast.Node) bool {
			var shown []ast.Expr
			switch n := n.(type) {
			case *ast.CallExpr:
				if showsText(n.Fun, inKit) {
					shown = n.Args
				}
			case *ast.CompositeLit:
				if s, ok := n.Type.(*ast.SelectorExpr); ok && isPackage(s.X, "kit") {
					shown = n.Elts
				}
			}
			for _, e := range shown {
				looked++
				for _, l := range words(e) {
					t.Errorf("%s: %s is shown without the catalogue", set.Position(l.Pos()), l.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if looked < 300 {
		t.Fatalf("only %d arguments seen: the test looks in the wrong place", looked)
	}
}

// showsText reports whether a call makes a widget, a window, a menu entry or a notification, or gives one its text.
func showsText(f ast.Expr, inKit bool) bool {
	switch f := f.(type) {
	case *ast.SelectorExpr:
		name := f.Sel.Name
		if isPackage(f.X, "kit") || isPackage(f.X, "fyne") {
			return strings.HasPrefix(name, "New") || strings.HasPrefix(name, "Show")
		}
		return slices.Contains([]string{"NewWindow", "SetTitle", "SetText", "SetPlaceholder", "SetPlaceHolder", "SetHint", "SetTooltip", "Toast"}, name)
	case *ast.Ident:
		return inKit && strings.HasPrefix(f.Name, "New")
	}
	return false
}

func isPackage(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

// words are the literals in an expression that a reader would read: not what another call gets, nor what is in a function.
func words(e ast.Expr) (out []*ast.BasicLit) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.CallExpr, *ast.CompositeLit:
			return false
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				break
			}
			s, _ := strconv.Unquote(n.Value)
			s = strings.Trim(s, " —()")
			if strings.ContainsFunc(s, unicode.IsLetter) && !slices.Contains(sameEverywhere, s) && !notWords.MatchString(s) {
				out = append(out, n)
			}
		}
		return true
	})
	return out
}
