package icons

import (
	"bytes"
	"image"
	"image/color"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"peyk/assets"
)

func TestEveryIconHasANameAndAPicture(t *testing.T) {
	names, err := os.ReadFile("names.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(assets.Icons, "icons/*.svg")
	if err != nil || len(files) == 0 {
		t.Fatalf("no icons: %v", err)
	}
	for _, f := range files {
		n := strings.TrimSuffix(strings.TrimPrefix(f, "icons/"), ".svg")
		if n == "peyk" {
			continue // the sign of the program, in its own colours
		}
		if !bytes.Contains(names, []byte(`"`+n+`"`)) {
			t.Errorf("%s has no constant", f)
		}
		for _, rtl := range []bool{false, true} {
			if ink := draw(t, Name(n), rtl); ink < 20 || ink > 500 {
				t.Errorf("%s (mirrored %v) covers %d of 576 pixels", n, rtl, ink)
			}
		}
	}
}

// draw rasterises an icon at 24 pixels with the parser that Fyne uses, and counts the pixels it covers.
func draw(t *testing.T, n Name, rtl bool) (ink int) {
	t.Helper()
	img := picture(t, n, rtl)
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] > 100 {
			ink++
		}
	}
	return ink
}

func picture(t *testing.T, n Name, rtl bool) *image.RGBA {
	t.Helper()
	svg := Resource(n, color.NRGBA{A: 0xff}, rtl).Content()
	icon, err := oksvg.ReadIconStream(bytes.NewReader(svg))
	if err != nil {
		t.Fatalf("%s: %v\n%s", n, err, svg)
	}
	img := image.NewRGBA(image.Rect(0, 0, 24, 24))
	icon.SetTarget(0, 0, 24, 24)
	icon.Draw(rasterx.NewDasher(24, 24, rasterx.NewScannerGV(24, 24, img, img.Bounds())), 1)
	return img
}

func TestPointingIconsAreMirrored(t *testing.T) {
	a, b := picture(t, Reply, false), picture(t, Reply, true)
	for y := range 24 {
		for x := range 24 {
			if d := int(a.RGBAAt(x, y).A) - int(b.RGBAAt(23-x, y).A); d > 40 || d < -40 {
				t.Fatalf("pixel %d,%d: %v, mirrored %v", x, y, a.RGBAAt(x, y), b.RGBAAt(23-x, y))
			}
		}
	}
	if Resource(Trash2, color.NRGBA{A: 0xff}, true) != Resource(Trash2, color.NRGBA{A: 0xff}, false) {
		t.Error("an icon that does not point has a mirrored picture")
	}
}

func TestSpacePath(t *testing.T) {
	cases := map[string]string{
		"a1 1 0 011 2":                 "a 1 1 0 0 1 1 2",
		"M1-2.5.5":                     "M 1 -2.5 .5",
		"a2 2 0 0 1 1 1 2 2 0 0 0 3 3": "a 2 2 0 0 1 1 1a 2 2 0 0 0 3 3",
		"m1e-2 3z":                     "m 1e-2 3z",
	}
	for in, want := range cases {
		if got := spacePath(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
