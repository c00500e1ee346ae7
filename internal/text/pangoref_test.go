package text

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The reference of TestPangoReference, testdata/pango.txt, was written by Pango: one line for each string of corpus.txt,
// four fields between tabs.
//
//	direction   L or R, as Pango was told: its own search for one looks into isolates
//	runs        the runs from left to right: first character, "-", character after the last, "/", bidi level
//	inner       characters before which a caret cannot stand (inside a grapheme)
//	clusters    from left to right: first character, ":", width in 1/1024 of a pixel at 24 pixels; "-" where the embedded
//	            font does not cover the string, because another font has other widths
//
// Characters are counted from 0. `go test -run PangoReference -update ./internal/text` writes it anew, with pango-view.
const pangoFile = "testdata/pango.txt"

// pangoLayout is what pango-view --serialize-to writes, as far as it is wanted.
type pangoLayout struct {
	Output struct {
		Unknown int `json:"unknown-glyphs"`
		Attrs   []struct {
			Cursor bool `json:"cursor-position"`
		} `json:"log-attrs"`
		Lines []struct {
			Runs []struct {
				Offset, Length int
				Level          int `json:"bidi-level"`
				Glyphs         []struct {
					Width   int
					Start   bool `json:"is-cluster-start"`
					Cluster int  `json:"log-cluster"`
				}
			}
		}
	}
}

// pangoSerialized lays s out with Pango; conf "" leaves it all fonts of the system.
func pangoSerialized(t *testing.T, tool, conf, s string, rtl bool) pangoLayout {
	t.Helper()
	dir := t.TempDir()
	out := filepath.Join(dir, "layout.json")
	args := []string{"--no-auto-dir", "--font=Vazirmatn 24px", "--dpi=96", "--hinting=none", "--hint-metrics=off", "--subpixel-positions",
		"--no-display", "--language=fa", "--serialize-to=" + out, "-o", filepath.Join(dir, "p.png"), "--text=" + s}
	if rtl {
		args = append(args, "--rtl")
	}
	cmd := exec.Command(tool, args...)
	if conf != "" {
		cmd.Env = append(os.Environ(), "FONTCONFIG_FILE="+conf)
	}
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("pango-view of %q: %v: %s", s, err, msg)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var l pangoLayout
	if err := json.Unmarshal(b, &l); err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return l
}

// reference is one line of the file.
func (p pangoLayout) reference(s string, rtl bool) string {
	at := map[int]int{} // byte → character
	n := 0
	for i := range s {
		at[i] = n
		n++
	}
	at[len(s)] = n
	var runs, inner, clusters []string
	for _, ln := range p.Output.Lines {
		for _, r := range ln.Runs {
			runs = append(runs, fmt.Sprintf("%d-%d/%d", at[r.Offset], at[r.Offset+r.Length], r.Level))
			for i := 0; i < len(r.Glyphs); {
				w, c := 0, r.Glyphs[i].Cluster
				for ; i < len(r.Glyphs) && r.Glyphs[i].Cluster == c; i++ {
					w += r.Glyphs[i].Width
				}
				clusters = append(clusters, fmt.Sprintf("%d:%d", at[r.Offset+c], w))
			}
		}
	}
	for i, a := range p.Output.Attrs {
		if !a.Cursor && i < n {
			inner = append(inner, strconv.Itoa(i))
		}
	}
	if p.Output.Unknown > 0 || strings.ContainsAny(s, "\t\v\f\u2028") {
		clusters = []string{"-"}
	}
	dir := "L"
	if rtl {
		dir = "R"
	}
	return strings.Join([]string{dir, strings.Join(runs, " "), strings.Join(inner, " "), strings.Join(clusters, " ")}, "\t")
}

func writePangoReference(t *testing.T) {
	tool, err := exec.LookPath("pango-view")
	if err != nil {
		t.Fatal("pango-view is needed to write the reference: Debian's pango1.0-tools")
	}
	conf := pangoConfig(t)
	var b strings.Builder
	b.WriteString("# Written by pango-view; pangoref_test.go tells what it holds.\n")
	for _, s := range corpus(t) {
		rtl := baseOf(s)
		b.WriteString(pangoSerialized(t, tool, conf, s, rtl).reference(s, rtl) + "\n")
	}
	if err := os.WriteFile(pangoFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// baseOf is the automatic direction, which TestCorpusLevels holds against FriBidi.
func baseOf(s string) bool { return BaseDirection(s) == RTL }

// TestPangoReference compares the layout of every string of the corpus with Pango's: the order of the runs and the places
// of the caret of all, the place of each cluster where the embedded font has all the letters.
func TestPangoReference(t *testing.T) {
	if *update {
		writePangoReference(t)
	}
	want := testLines(t, pangoFile)
	texts := corpus(t)
	if len(want) != len(texts) {
		t.Fatalf("%d lines for %d strings", len(want), len(texts))
	}
	e := New(Options{NoSystemFonts: true})
	placed := 0
	for i, s := range texts {
		f := strings.Split(want[i], "\t")
		p := Params{Style: Style{Size: 24}, Direction: LTR}
		if f[0] == "R" {
			p.Direction = RTL
		}
		l := e.Layout(s, nil, p)
		n := len(l.runes)
		if got, pango := visualOf(t, ourRuns(l), n), visualOf(t, f[1], n); got != pango {
			t.Errorf("%q: characters from left to right\n  ours  %s\n  Pango %s", s, got, pango)
		}
		if got := ourInner(l); got != f[2] && !strings.ContainsFunc(s, ownGraphemes) {
			t.Errorf("%q: no caret before %q, Pango has none before %q", s, got, f[2])
		}
		if f[3] != "-" {
			placed++
			comparePlaces(t, s, l, f[3])
		}
	}
	t.Logf("%d strings in Pango's order with Pango's carets, %d of them placed cluster by cluster", len(texts), placed)
	if placed < 250 {
		t.Errorf("only %d strings have places", placed)
	}
}

// ownGraphemes are the letters of South and South-East Asia, whose carets Pango places by rules of its own and an older
// Unicode (before conjuncts, GB9c). GraphemeBreakTest.txt is what ours are held against.
func ownGraphemes(r rune) bool {
	return r >= 0x900 && r < 0xF00 || r >= 0x1000 && r < 0x10A0 || r >= 0x1780 && r < 0x1800
}

// ourRuns writes the pieces of a layout as the file writes runs.
func ourRuns(l *Layout) string {
	var out []string
	for _, pc := range l.lines[0].pieces {
		out = append(out, fmt.Sprintf("%d-%d/%d", pc.start, pc.end, pc.level))
	}
	return strings.Join(out, " ")
}

// visualOf turns runs into their characters from left to right, so that it does not matter where a run is cut.
func visualOf(t *testing.T, runs string, n int) string {
	t.Helper()
	var out []string
	for _, r := range strings.Fields(runs) {
		var a, b, lv int
		if _, err := fmt.Sscanf(r, "%d-%d/%d", &a, &b, &lv); err != nil {
			t.Fatalf("%q: %v", r, err)
		}
		for k := a; k < b; k++ {
			c := k
			if lv%2 == 1 {
				c = b - 1 - (k - a)
			}
			out = append(out, strconv.Itoa(c))
		}
	}
	if len(out) != n {
		t.Fatalf("%q: %d characters, not %d", runs, len(out), n)
	}
	return strings.Join(out, " ")
}

func ourInner(l *Layout) string {
	var out []string
	for i := range l.runes {
		if l.flags[i]&flagGrapheme == 0 {
			out = append(out, strconv.Itoa(i))
		}
	}
	return strings.Join(out, " ")
}

// comparePlaces holds the left edge of every cluster against Pango's.
func comparePlaces(t *testing.T, s string, l *Layout, clusters string) {
	t.Helper()
	want := map[int32]float64{}
	x := 0.0
	for _, c := range strings.Fields(clusters) {
		var i int32
		var w int
		if _, err := fmt.Sscanf(c, "%d:%d", &i, &w); err != nil {
			t.Fatalf("%q: %v", c, err)
		}
		want[i] = x
		x += float64(w) / 1024
	}
	got := map[int32]float64{}
	at := 0.0
	for _, pc := range l.lines[0].pieces {
		for _, g := range pc.glyphs {
			if _, seen := got[g.cluster]; !seen {
				got[g.cluster] = at
			}
			at += float64(g.adv)
		}
	}
	for c, x := range want {
		if g, ok := got[c]; ok && math.Abs(g-x) > 0.1 {
			t.Errorf("%q: the cluster of character %d stands at %.2f, Pango's at %.2f", s, c, g, x)
			return
		}
	}
	if math.Abs(at-x) > 0.1 {
		t.Errorf("%q is %.2f wide, Pango's %.2f", s, at, x)
	}
}
