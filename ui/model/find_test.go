package model

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for _, c := range []struct{ in, query, want string }{
		{"Hello hello HELLO", "hello", "Hello|hello|HELLO"},
		{"كتاب‌هاي من و کتابهای تو", "کتابهای", "كتاب‌هاي|کتابهای"},
		{"سال ۱۴۰۴ و 1404 و ١٤٠٤", "1404", "۱۴۰۴|1404|١٤٠٤"},
		{"مُدَرِّسِ ما", "مدرس", "مُدَرِّسِ"},
		{"two\n\t words", "two words", "two\n\t words"},
		{"aaaa", "aa", "aa|aa"},
		{"aab aaab", "aab", "aab|aab"},
		{"Straße", "strasse", "Straße"},
		{"a (b) c", "(B)", "(b)"},
		{"abc", "  ", ""},
		{"abc", "x", ""},
		{"", "x", ""},
	} {
		var got []string
		runes := []rune(c.in)
		for _, m := range Find(runes, c.query) {
			got = append(got, string(runes[m[0]:m[1]]))
		}
		if g := strings.Join(got, "|"); g != c.want {
			t.Errorf("%q in %q: %q, want %q", c.query, c.in, g, c.want)
		}
	}
	if n := len(Find([]rune(strings.Repeat("a", 200000)), strings.Repeat("a", 1000)+"b")); n != 0 {
		t.Errorf("%d found", n)
	}
}
