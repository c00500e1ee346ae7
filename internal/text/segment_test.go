package text

import (
	"strconv"
	"strings"
	"testing"
)

// breakCases reads a file of Unicode's break tests: strings, and the places (in characters) where ÷ stands. The segmenter
// follows a newer Unicode than a system may have: one case in 200 may differ (hyphens before Hebrew letters, LB20a).
func breakCases(t *testing.T, name string, check func(s string, n int, want map[int]bool) bool) {
	sc := openUnicode(t, "auxiliary/"+name)
	if sc == nil {
		return
	}
	count, failed := 0, 0
	for sc.Scan() {
		line, _, _ := strings.Cut(sc.Text(), "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		var s strings.Builder
		want := map[int]bool{}
		n := 0
		for _, f := range strings.Fields(line) {
			switch f {
			case "÷":
				want[n] = true
			case "×":
			default:
				r, err := strconv.ParseUint(f, 16, 32)
				if err != nil {
					t.Fatal(err)
				}
				s.WriteRune(rune(r))
				n++
			}
		}
		if r := []rune(s.String()); len(r) != n || strings.ContainsRune(s.String(), 0xFFFD) {
			continue // surrogates cannot occur in UTF-8
		}
		count++
		if !check(s.String(), n, want) {
			if failed++; failed <= 5 {
				t.Logf("fails: %s", line)
			}
		}
	}
	t.Logf("%s: %d of %d cases pass", name, count-failed, count)
	if count < 500 || failed*200 > count {
		t.Errorf("%s: %d of %d cases fail", name, failed, count)
	}
}

// TestGraphemeBreaks runs Unicode's cases on the way that layouts take.
func TestGraphemeBreaks(t *testing.T) {
	e := testEngine()
	breakCases(t, "GraphemeBreakTest.txt", func(s string, n int, want map[int]bool) bool {
		if strings.ContainsAny(s, "\n\r\u0085\u2029") && s != "\r\n" {
			return true // paragraphs are cut first
		}
		l := e.Layout(s, nil, Params{})
		for i := 0; i <= n; i++ {
			if (l.flags[i]&flagGrapheme != 0) != want[i] {
				return false
			}
		}
		return true
	})
}

func TestWordBreaks(t *testing.T) {
	breakCases(t, "WordBreakTest.txt", func(s string, n int, want map[int]bool) bool {
		for i, b := range wordBoundaries(s, n) {
			if b != want[i] {
				return false
			}
		}
		return true
	})
}

func TestLineBreaks(t *testing.T) {
	e := testEngine()
	breakCases(t, "LineBreakTest.txt", func(s string, n int, want map[int]bool) bool {
		if strings.ContainsAny(s, "\n\r\u0085\u2029") {
			return true // paragraphs are cut first
		}
		l := e.Layout(s, nil, Params{Width: 10000, Wrap: WrapWord})
		for i := 1; i < n; i++ {
			if (l.flags[i]&flagBreak != 0) != want[i] {
				return false
			}
		}
		return true
	})
}
