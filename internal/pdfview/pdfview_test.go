package pdfview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// sample is a PDF with so many pages, each with a black square in the middle. It has a script that must not run.
func sample(pages int) []byte {
	var b bytes.Buffer
	var offsets []int
	obj := func(s string) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(offsets), s)
	}
	b.WriteString("%PDF-1.4\n")
	kids := make([]string, pages)
	for i := range kids {
		kids[i] = fmt.Sprintf("%d 0 R", 4+i)
	}
	stream := "0 0 0 rg 100 100 100 100 re f"
	obj("<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>")
	obj(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), pages))
	obj(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream))
	for range kids {
		obj("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 3 0 R >>")
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, at)
	return b.Bytes()
}

func TestPages(t *testing.T) {
	d, err := Open(t.Context(), sample(3))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Pages() != 3 {
		t.Errorf("%d pages", d.Pages())
	}
	img, err := d.Page(t.Context(), 2, 300)
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds(); s.Dx() != 300 || s.Dy() != 300 {
		t.Fatalf("it is %v", s)
	}
	r, g, b, _ := img.At(150, 150).RGBA()
	if w, _, _, _ := img.At(10, 10).RGBA(); r|g|b != 0 || w != 0xffff {
		t.Errorf("the middle is %x %x %x, the corner %x", r, g, b, w)
	}
	if _, err := d.Page(t.Context(), 3, 300); err == nil {
		t.Error("a page after the last was painted")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Page(gone, 0, 300); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	d.Close()
	if _, err := d.Page(t.Context(), 0, 300); err == nil {
		t.Error("a closed file is painted")
	}
}

func TestNotAPDF(t *testing.T) {
	whole := sample(1)
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("hello"), "head only": whole[:40], "zeros": make([]byte, 5000)} {
		if d, err := Open(t.Context(), data); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: %v", name, err)
			if d != nil {
				d.Close()
			}
		}
	}
	if _, err := Open(t.Context(), make([]byte, MaxBytes+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		pw, ph float64
		width  int
	}{{595, 842, 800}, {1, 1e5, 8000}, {0, 0, 500}, {1e9, 1, 500}, {1e5, 1, 8000}} {
		if w, h := fit(c.pw, c.ph, c.width); w < 1 || h < 1 || w*h > maxPixels || h > 16384 {
			t.Errorf("%v: %d × %d", c, w, h)
		}
	}
}

// BenchmarkFirstPage opens a file and paints its first page, as a click on an attachment does.
func BenchmarkFirstPage(b *testing.B) {
	data := sample(3)
	for b.Loop() {
		d, err := Open(b.Context(), data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Page(b.Context(), 0, 1000); err != nil {
			b.Fatal(err)
		}
		d.Close()
	}
}
