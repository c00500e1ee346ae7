package mailpage

import (
	"fmt"
	"strings"
	"testing"
	"testing/quick"
)

func show(ss []section) string {
	var b strings.Builder
	for _, s := range ss {
		if s.Folded {
			b.WriteString("[folded]\n")
		}
		for _, p := range s.Paragraphs {
			fmt.Fprintf(&b, "%d", p.Level)
			if p.Kind == attribution {
				b.WriteString("a")
			}
			if p.Kind == signatureLine {
				b.WriteString("s")
			}
			if p.Continues {
				b.WriteString("+")
			}
			if p.Gap > 0 {
				b.WriteString("^")
			}
			b.WriteString(" " + p.Text + "\n")
		}
	}
	return b.String()
}

func TestSplit(t *testing.T) {
	long := "This line was broken by a program because it is longer than"
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Hello\n\nWorld", "0 Hello\n0^ World\n"},
		{"levels", "> a\n>> b\n> > c\n>  d", "1 a\n2 b\n2 c\n1  d\n"},
		{"trailing quotation folds", "Yes.\n\nOn Mon, Anna wrote:\n> 1\n> 2\n> 3\n> 4\n", "0 Yes.\n0a^ On Mon, Anna wrote:\n[folded]\n1 1\n1 2\n1 3\n1 4\n"},
		{"short trailing quotation stays", "Yes.\n> 1\n> 2", "0 Yes.\n1 1\n1 2\n"},
		{"context between answers stays", "> 1\n> 2\n> 3\n> 4\nno\n> 5\nyes", "1 1\n1 2\n1 3\n1 4\n0 no\n1 5\n0 yes\n"},
		{"only a quotation is not hidden", "> 1\n> 2\n> 3\n> 4\n> 5", "1 1\n1 2\n1 3\n1 4\n1 5\n"},
		{"signature after a quotation", "x\n> 1\n> 2\n> 3\n> 4\n-- \nAnna", "0 x\n[folded]\n1 1\n1 2\n1 3\n1 4\n0s --\n0s Anna\n"},
		{"wrapped lines", long + "\nthe column\n" + long + "\n- item", "0 " + long + "\n0+ the column\n0 " + long + "\n0 - item\n"},
		{"a full stop ends the sentence", long + ".\nnext", "0 " + long + ".\n0 next\n"},
		{"mbox escape", "a\n>From here\nb", "0 a\n0 From here\n0 b\n"},
		{"outlook", "ok\n\n-----Original Message-----\nFrom: A\nTo: B\nSubject: C\nhi\n", "0 ok\n[folded]\n1^ -----Original Message-----\n1 From: A\n1 To: B\n1 Subject: C\n1 hi\n"},
		{"forward is the content", "see\n\n---------- Forwarded message ---------\nFrom: A\n\ntext", "0 see\n0^ ---------- Forwarded message ---------\n0 From: A\n0^ text\n"},
		{"persian attribution", "بله\n\nسارا نوشت:\n> سلام", "0 بله\n0a^ سارا نوشت:\n1 سلام\n"},
		{"crlf", "a\r\n\r\nb\r\n", "0 a\n0^ b\n"},
		{"empty", "", ""},
	} {
		if got := show(split(c.in)); got != c.want {
			t.Errorf("%s:\ngot\n%swant\n%s", c.name, got, c.want)
		}
	}
}

// Every word stays and keeps its order, whatever the text.
func TestSplitLosesNothing(t *testing.T) {
	words := func(s string) string { return strings.Join(strings.Fields(strings.ReplaceAll(s, ">", " ")), " ") }
	f := func(parts []uint8) bool {
		pieces := []string{"word", ">", "> ", ">>", "\n", "\r\n", " ", "-- \n", "On x wrote:", "From: x", "-----Original Message-----", "\u00a0", "سلام", "________________________", "\n\n"}
		var in strings.Builder
		for _, p := range parts {
			in.WriteString(pieces[int(p)%len(pieces)])
		}
		var out strings.Builder
		for _, s := range split(in.String()) {
			for _, p := range s.Paragraphs {
				out.WriteString(p.Text + "\n")
			}
		}
		return words(out.String()) == words(in.String())
	}
	if err := quick.Check(f, &quick.Config{MaxCount: 3000}); err != nil {
		t.Error(err)
	}
}
