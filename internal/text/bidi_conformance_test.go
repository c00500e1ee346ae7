package text

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

// Unicode's own tests are large; they run where the operating system has them (Debian: unicode-data).
const unicodeDir = "/usr/share/unicode/"

func openUnicode(t *testing.T, name string) *bufio.Scanner {
	f, err := os.Open(unicodeDir + name)
	if err != nil {
		t.Logf("%s is not on this system: only the tables in this package are tested", name)
		return nil
	}
	t.Cleanup(func() { f.Close() })
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	return sc
}

var classNames = map[string]bclass{
	"L": clL, "R": clR, "AL": clAL, "EN": clEN, "ES": clES, "ET": clET, "AN": clAN, "CS": clCS, "NSM": clNSM, "BN": clBN,
	"B": clB, "S": clS, "WS": clWS, "ON": clON, "LRE": clLRE, "RLE": clRLE, "LRO": clLRO, "RLO": clRLO, "PDF": clPDF,
	"LRI": clLRI, "RLI": clRLI, "FSI": clFSI, "PDI": clPDI,
}

// lineLevels applies rule L1 to one line, as a layout does to its pieces (wrap.go): from paragraph levels to the levels of the line lv (in place). orig holds the
// line's original classes, base the paragraph's level.
func lineLevels(lv []level, orig []bclass, base level) {
	reset := len(lv) // start of the run of whitespace that reaches up to here
	for i := len(lv) - 1; i >= 0; i-- {
		switch c := orig[i]; {
		case c == clB || c == clS:
			lv[i] = base
			reset = i
		case c.in(maskTrailing):
			if i == reset-1 {
				lv[i] = base
				reset = i
			}
		}
	}
}

// checkBidi resolves one line and compares levels ("x" for removed characters) and visual order with what is wanted.
func checkBidi(p *bidiPara, classes []bclass, runes []rune, base int, wantLevels, wantOrder []string) bool {
	b := p.resolve(classes, runes, base)
	lv := append([]level(nil), p.levels...)
	lineLevels(lv, classes, b)
	if len(lv) != len(wantLevels) {
		return false
	}
	var kept []level
	var idx []int
	for i := range lv {
		if wantLevels[i] == "x" {
			continue
		}
		if n, err := strconv.Atoi(wantLevels[i]); err != nil || n != int(lv[i]) {
			return false
		}
		kept = append(kept, lv[i])
		idx = append(idx, i)
	}
	order := visualOrder(kept, nil)
	if len(order) != len(wantOrder) {
		return false
	}
	for i, o := range order {
		if strconv.Itoa(idx[o]) != wantOrder[i] {
			return false
		}
	}
	return true
}

func TestBidiTest(t *testing.T) {
	sc := openUnicode(t, "BidiTest.txt")
	if sc == nil {
		return
	}
	var p bidiPara
	var levels, order []string
	count, failed := 0, 0
	for sc.Scan() {
		line := sc.Text()
		switch {
		case strings.HasPrefix(line, "@Levels:"):
			levels = strings.Fields(line[len("@Levels:"):])
		case strings.HasPrefix(line, "@Reorder:"):
			order = strings.Fields(line[len("@Reorder:"):])
		case line == "" || line[0] == '#' || line[0] == '@':
		default:
			left, right, _ := strings.Cut(line, ";")
			var classes []bclass
			for _, f := range strings.Fields(left) {
				classes = append(classes, classNames[f])
			}
			mask, err := strconv.ParseUint(strings.TrimSpace(right), 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			for bit, base := range []int{autoBase, 0, 1} {
				if mask&(1<<bit) == 0 {
					continue
				}
				count++
				if !checkBidi(&p, classes, nil, base, levels, order) {
					if failed++; failed < 10 {
						t.Errorf("%s base %d: got %v, want %v", left, base, p.levels, levels)
					}
				}
			}
		}
	}
	t.Logf("BidiTest.txt: %d of %d cases pass", count-failed, count)
	if count < 700000 {
		t.Errorf("only %d cases were read", count)
	}
}

func TestBidiCharacterTest(t *testing.T) {
	sc := openUnicode(t, "BidiCharacterTest.txt")
	if sc == nil {
		return
	}
	var p bidiPara
	count, failed := 0, 0
	for sc.Scan() {
		line := sc.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, ";")
		var runes []rune
		var classes []bclass
		for _, h := range strings.Fields(f[0]) {
			r, err := strconv.ParseUint(h, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			runes = append(runes, rune(r))
			classes = append(classes, classOf(rune(r)))
		}
		base := map[string]int{"0": 0, "1": 1, "2": autoBase}[f[1]]
		count++
		ok := checkBidi(&p, classes, runes, base, strings.Fields(f[3]), strings.Fields(f[4]))
		if strconv.Itoa(int(p.base)) != f[2] {
			ok = false
		}
		if !ok {
			if failed++; failed < 10 {
				t.Errorf("%s: got %v base %d, want %s base %s", f[0], p.levels, p.base, f[3], f[2])
			}
		}
	}
	t.Logf("BidiCharacterTest.txt: %d of %d cases pass", count-failed, count)
	if count < 90000 {
		t.Errorf("only %d cases were read", count)
	}
}
