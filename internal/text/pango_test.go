package text

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pangoConfig makes fontconfig prefer our font files.
func pangoConfig(t *testing.T) string {
	dir, err := filepath.Abs("../../assets/fonts")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "fonts.conf")
	conf := fmt.Sprintf(`<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>`,
		dir, t.TempDir())
	if err := os.WriteFile(name, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// inkProfile is the darkness of each column from the first inked one to the last.
func inkProfile(img image.Image) []float64 {
	b := img.Bounds()
	cols := make([]float64, b.Dx())
	first, last := -1, -1
	for x := range cols {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			cols[x] += 255 - float64(color.GrayModel.Convert(img.At(b.Min.X+x, y)).(color.Gray).Y)
		}
		if cols[x] > 20 {
			if first < 0 {
				first = x
			}
			last = x
		}
	}
	if first < 0 {
		return nil
	}
	return cols[first : last+1]
}

// alike is the correlation of two profiles at their best shift within two pixels, after a light blur.
func alike(a, b []float64) float64 {
	a, b = blur(a), blur(b)
	best := -1.0
	for shift := -2; shift <= 2; shift++ {
		var sa, sb, saa, sbb, sab float64
		n := 0.0
		for i := range a {
			j := i + shift
			if j < 0 || j >= len(b) {
				continue
			}
			n++
			sa += a[i]
			sb += b[j]
			saa += a[i] * a[i]
			sbb += b[j] * b[j]
			sab += a[i] * b[j]
		}
		if d := math.Sqrt((saa - sa*sa/n) * (sbb - sb*sb/n)); n > 3 && d > 0 {
			best = max(best, (sab-sa*sb/n)/d)
		}
	}
	return best
}

func blur(a []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		for k := -2; k <= 2; k++ {
			if j := i + k; j >= 0 && j < len(a) {
				out[i] += a[j]
			}
		}
	}
	return out
}

// TestPango compares the picture of each string that the embedded font covers with that of pango-view: the same glyphs
// must stand at the same places. It runs where Pango's tool is installed.
func TestPango(t *testing.T) {
	tool, err := exec.LookPath("pango-view")
	if err != nil {
		t.Log("pango-view is not installed: the levels of testdata/levels.txt are the reference")
		return
	}
	conf := pangoConfig(t)
	e := New(Options{NoSystemFonts: true})
	out := filepath.Join(t.TempDir(), "p.png")
	compared, worst := 0, 1.0
	for _, s := range corpus(t) {
		l := e.Layout(s, nil, Params{Style: Style{Size: 24}})
		if !drawable(l) {
			continue
		}
		// Pango's own search for a base direction looks into isolates; ours, checked against FriBidi, is given to it.
		dir := []string{"--no-auto-dir"}
		if l.RTL() {
			dir = append(dir, "--rtl")
		}
		cmd := exec.Command(tool, append(dir, "--font=Vazirmatn 24px", "--dpi=96", "--hinting=none", "--hint-metrics=off", "--antialias=gray",
			"--subpixel-positions", "--margin=8", "--no-display", "--language=fa", "-o", out, "--text="+s)...)
		cmd.Env = append(os.Environ(), "FONTCONFIG_FILE="+conf)
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("pango-view of %q: %v: %s", s, err, msg)
		}
		want := readPNG(t, out)
		img := image.NewRGBA(image.Rect(0, 0, int(l.Width())+80, int(l.Height())+30))
		draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
		l.Draw(img, 40, 15, Paint{})
		a, b := inkProfile(img), inkProfile(want)
		like := alike(a, b)
		compared++
		worst = min(worst, like)
		if d := len(a) - len(b); d < -2 || d > 2 || like < 0.85 {
			t.Errorf("%q: %d pixels wide, Pango's %d; profiles alike by %.3f", s, len(a), len(b), like)
		}
	}
	t.Logf("%d strings compared with Pango, the least alike by %.3f", compared, worst)
	if compared < 250 {
		t.Errorf("only %d strings of the corpus are covered by the embedded font", compared)
	}
}

// drawable reports whether no character of a layout is missing in its font, and none is a tab.
func drawable(l *Layout) bool {
	for i := range l.lines {
		for _, pc := range l.lines[i].pieces {
			for _, g := range pc.glyphs {
				if g.gid == 0 || g.gid == noGlyph {
					return false
				}
			}
		}
	}
	return true
}

func readPNG(t *testing.T, name string) image.Image {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestPangoWrapped compares paragraphs of several lines, line by line: the same words, in the same order, at the same
// places.
func TestPangoWrapped(t *testing.T) {
	tool, err := exec.LookPath("pango-view")
	if err != nil {
		t.Log("pango-view is not installed")
		return
	}
	conf := pangoConfig(t)
	e := New(Options{NoSystemFonts: true})
	out := filepath.Join(t.TempDir(), "p.png")
	lines, worst := 0, 1.0
	texts := corpus(t)
	for i := 0; i+6 < 120; i += 3 { // Persian, mixed, Arabic
		s := strings.Join(texts[i:i+6], " ")
		l := e.Layout(s, nil, Params{Style: Style{Size: 24}, Width: 384, Wrap: WrapWord})
		if !drawable(l) {
			continue
		}
		args := []string{"--no-auto-dir", "--font=Vazirmatn 24px", "--dpi=96", "--hinting=none", "--hint-metrics=off", "--antialias=gray",
			"--subpixel-positions", "--margin=40", "--no-display", "--language=fa", "--width=288", "--wrap=word", "-o", out, "--text=" + s}
		if l.RTL() {
			args = append(args, "--rtl")
		}
		cmd := exec.Command(tool, args...)
		cmd.Env = append(os.Environ(), "FONTCONFIG_FILE="+conf)
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("pango-view of %q: %v: %s", s, err, msg)
		}
		want := readPNG(t, out)
		natural := (want.Bounds().Dy() - 80) * 2 / 75 // 37.5 pixels to a line
		if natural != l.NumLines() {
			t.Errorf("%q: %d lines, Pango makes %d", s, l.NumLines(), natural)
			continue
		}
		img := image.NewRGBA(image.Rect(0, 0, 464, int(l.Height())+80))
		draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
		l.Draw(img, 40, 40, Paint{})
		for k := range l.NumLines() {
			ln := l.Line(k)
			a := inkProfile(img.SubImage(image.Rect(0, 40+int(ln.Y)+4, 464, 40+int(ln.Y+ln.Height)-2)))
			top := 40 + k*75/2
			b := inkProfile(want.(interface {
				SubImage(image.Rectangle) image.Image
			}).SubImage(image.Rect(0, top+4, want.Bounds().Dx(), top+35)))
			like := alike(a, b)
			lines++
			worst = min(worst, like)
			if n := len(a) - len(b); n < -2 || n > 2 || like < 0.85 {
				t.Errorf("%q line %d: %d pixels wide, Pango's %d; alike by %.3f", s, k, len(a), len(b), like)
			}
		}
	}
	t.Logf("%d lines compared with Pango, the least alike by %.3f", lines, worst)
	if lines < 60 {
		t.Errorf("only %d lines were compared", lines)
	}
}
