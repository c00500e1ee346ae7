package store

import (
	"strings"
	"testing"
)

func TestCleanText(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"", ""}, {" plain ", "plain"}, {"a\r\n\tb", "a   b"}, {"a\x00\x1f\x7fb", "ab"}, {"سلام", "سلام"}, {"a\xffb", "a\uFFFDb"}, {"\xff\n", "\uFFFD"},
		{"\uFFFD", "\uFFFD"}, {"سلام سلام", "سلام سل"}, {strings.Repeat("x", 20), strings.Repeat("x", 14)}, {"سلام سل\x01", "سلام سل"},
	} {
		if out := cleanText(c.in, 14); out != c.out {
			t.Errorf("%q became %q, want %q", c.in, out, c.out)
		}
	}
}
