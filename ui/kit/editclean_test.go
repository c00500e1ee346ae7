package kit

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormalize(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                   "plain",
		"a\r\nb\rc\u2028d\u0085e": "a\nb\nc\nd\ne",
		"a\x00b\x07c\x1b[0m\x7f":  "abc[0m",
		"tab\tstays":              "tab\tstays",
		"می\u200cخواهم\u200f":     "می\u200cخواهم\u200f",
		"half \xed\xa0\x80 pair":  "half \ufffd pair",
		"cut \xd8":                "cut \ufffd",
		"C1 \u009b0m":             "C1 0m",
	} {
		if got := normalize(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// What is pasted, whatever it is, is text in which the caret goes by what is seen.
func TestPastedBytes(t *testing.T) {
	e := NewEditor()
	e.SetRich(true, nil)
	e.InsertDocument(copied.give("a\xed\xa0\x80\x00b👨‍👩‍👧e\u0301"))
	if s := e.Text(); !utf8.ValidString(s) || strings.Contains(s, "\x00") {
		t.Fatalf("it holds %q", s)
	}
	for n := 5; len(e.Text()) > 0; n-- { // the cluster with its mark, the family, b, the replacement, a
		if n == 0 {
			t.Fatalf("left after five times Backspace: %q", e.Text())
		}
		e.erase(false, false)
	}
}
