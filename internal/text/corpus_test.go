package text

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

// corpus reads the strings of testdata/corpus.txt.
func corpus(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, s := range testLines(t, "testdata/corpus.txt") {
		s = strings.ReplaceAll(s, `\t`, "\t")
		for {
			i := strings.Index(s, `\u`)
			if i < 0 {
				break
			}
			r, err := strconv.ParseUint(s[i+2:i+6], 16, 32)
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			s = s[:i] + string(rune(r)) + s[i+6:]
		}
		out = append(out, s)
	}
	if len(out) < 300 {
		t.Fatalf("the corpus has only %d strings", len(out))
	}
	return out
}

// testLines reads a file without its "# " lines.
func testLines(t testing.TB, name string) []string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if !strings.HasPrefix(sc.Text(), "# ") {
			out = append(out, sc.Text())
		}
	}
	return out
}

// TestCorpusLevels compares base direction and levels with those of FriBidi, a second implementation.
func TestCorpusLevels(t *testing.T) {
	want := testLines(t, "testdata/levels.txt")
	var p bidiPara
	for i, s := range corpus(t) {
		runes := []rune(s)
		cls := make([]bclass, len(runes))
		for k, r := range runes {
			cls[k] = classOf(r)
		}
		base := p.resolve(cls, runes, autoBase)
		lv := append([]level(nil), p.levels...)
		lineLevels(lv, cls, base)
		got := strconv.Itoa(int(base)) + " "
		for _, l := range lv {
			got += strconv.Itoa(int(l))
		}
		if got != want[i] {
			t.Errorf("%q:\n got %s\nwant %s", s, got, want[i])
		}
	}
}

// TestCorpusOrder checks that the pieces of a laid out line stand in the order of the levels: the visual order of
// characters that the layout shows is rule L2 over FriBidi's levels.
func TestCorpusOrder(t *testing.T) {
	e := New(Options{NoSystemFonts: true})
	want := testLines(t, "testdata/levels.txt")
	for i, s := range corpus(t) {
		digits := want[i][2:]
		levels := make([]level, len(digits))
		for k := range digits {
			levels[k] = digits[k] - '0'
		}
		order := visualOrder(levels, nil)
		l := e.Layout(s, nil, Params{})
		if len(l.lines) != 1 {
			t.Fatalf("%q: %d lines", s, len(l.lines))
		}
		at := make([]int, len(levels)) // logical → visual
		for v, o := range order {
			at[o] = v
		}
		prev, prevX := -1, float32(-1e9)
		for _, c := range l.cells(&l.lines[0]) {
			if c.x1-c.x0 < 0.01 {
				continue // invisible: its place cannot be seen
			}
			if v := at[c.start]; v < prev {
				t.Errorf("%q: character %d stands right of one that belongs to its right", s, c.start)
				break
			} else {
				prev = v
			}
			if c.x0 < prevX-0.01 {
				t.Errorf("%q: cells overlap at %d", s, c.start)
			}
			prevX = c.x1
		}
	}
}
