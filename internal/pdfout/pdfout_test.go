package pdfout

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"peyk/internal/htmlview"
	"peyk/internal/mailpage"
)

func view(t *testing.T, src string, images func(string) image.Image) *htmlview.View {
	t.Helper()
	doc, err := htmlview.Parse(context.Background(), src, htmlview.Options{Images: images})
	if err != nil {
		t.Fatal(err)
	}
	v, err := doc.Layout(context.Background(), A4.Pixels(), htmlview.LayoutOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const persian = "سلام مریم جان،\n\nفایل نهایی را پیوست کردم؛ عدد Q3 از 12,400 به ۱۲٬۹۵۰ تغییر کرده است.\nمی‌خواهم کتاب‌هایشان را ببینم. لا الله\n\nHello from the English line (see page 4).\n\nhttps://example.org/minutes\n"

// sample is a document with a heading, text of both directions, HTML, a picture, and enough text for several pages.
func sample(t *testing.T) []byte {
	head := mailpage.Header(mailpage.Heading{Subject: "جلسهٔ فردا ساعت ۱۰ — Agenda v2 (PDF)", Fields: []mailpage.Field{
		{Label: "از", Value: "سارا محمدی <sara@example.org>"}, {Label: "به", Value: "maryam@example.org, Anna Keller <anna@example.net>"}, {Label: "تاریخ", Value: "سه‌شنبه ۴ آذر ۱۴۰۴، ۰۹:۱۵"},
	}}, func() mailpage.Look { l := mailpage.Light; l.RTL = true; return l }())
	photo := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	for y := range 200 {
		for x := range 300 {
			photo.Set(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x * y), 255})
		}
	}
	design := `<div style="background:linear-gradient(90deg,#0f766e,#1d4ed8);color:#fff;border-radius:10px;padding:12px"><b>Quarterly</b> <i>summary</i> &#128512; 😀</div>
<table border=1 cellpadding=6><tr><td>Servers<td>4,100</table><p><a href="https://example.org/sheet">Open the sheet</a></p><img src="cid:photo" width=300 height=200>
<p style="font-family:monospace">mono fi office</p><p>日本語 한국어</p>` + strings.Repeat("<p>A line of a long mail that fills pages; ligatures: office, affluent.</p>", 60)
	var out bytes.Buffer
	err := Write(context.Background(), &out, Document{
		Title: "جلسهٔ فردا", Author: "سارا", Language: "fa", Created: time.Date(2025, 11, 25, 9, 15, 0, 0, time.UTC), Paper: A4,
		Views: []*htmlview.View{view(t, head, nil), view(t, mailpage.Text(persian, mailpage.Light), nil), view(t, design, func(string) image.Image { return photo })},
		Foot: func(n, of int) (*htmlview.View, error) {
			return view(t, mailpage.Foot("جلسهٔ فردا", string(rune('0'+n))+" / "+string(rune('0'+of)), mailpage.Light), nil), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestStructure reads the file as a strict reader would: every object of the table stands where the table says.
func TestStructure(t *testing.T) {
	pdf := sample(t)
	if !bytes.HasPrefix(pdf, []byte("%PDF-1.7\n")) || !bytes.HasSuffix(pdf, []byte("%%EOF\n")) {
		t.Fatal("no header or no end")
	}
	at := bytes.LastIndex(pdf, []byte("\nxref\n")) + 1
	lines := strings.Split(string(pdf[at:]), "\n")
	n := 0
	for i, l := range lines[3:] {
		if !strings.HasSuffix(l, " n ") {
			break
		}
		var off int
		for _, c := range l[:10] {
			off = off*10 + int(c-'0')
		}
		want := regexp.MustCompile(`^` + itoa(i+1) + ` 0 obj\n`)
		if !want.Match(pdf[off:]) {
			t.Errorf("object %d is not at %d", i+1, off)
		}
		n++
	}
	if n < 20 {
		t.Errorf("only %d objects", n)
	}
	for _, s := range []string{"/Type /Catalog", "/FontFile2", "/ToUnicode", "/Subtype /Link", "(https://example.org/sheet)", "/SMask", "/DCTDecode"} {
		if !bytes.Contains(pdf, []byte(s)) {
			t.Errorf("the file holds no %s", s)
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// TestTextComesBack extracts the text with Poppler: in logical order, also Persian, with links and pictures.
func TestTextComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sample.pdf")
	if dir := os.Getenv("PEYK_SHOTS"); dir != "" {
		path = filepath.Join(dir, "sample.pdf")
	}
	if err := os.WriteFile(path, sample(t), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-enc", "UTF-8", path, "-").CombinedOutput()
	if err != nil {
		t.Logf("pdftotext: %v: the text was not extracted", err) // Poppler is not everywhere; TestStructure covers the rest
		return
	}
	got := strings.NewReplacer("\u200c", "", "\u202b", "", "\u202c", "", "\u202a", "", "\u200e", "", "\u200f", "", "\ufeff", "").Replace(string(out))
	for _, want := range []string{"سلام مریم جان", "فایل نهایی را پیوست کردم", "Hello from the English line (see page 4).", "https://example.org/minutes", "Quarterly summary", "office, affluent", "میخواهم کتابهایشان را ببینم", "12,400"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the text", want)
		}
	}
	if t.Failed() {
		t.Log(got[:min(len(got), 3000)])
	}
}

func TestBreaks(t *testing.T) {
	var lines [][2]float32
	for y := float32(0); y < 1000; y += 20 {
		lines = append(lines, [2]float32{y, y + 20})
	}
	for _, s := range breaks(1000, 190, lines)[1:] {
		if int(s)%20 != 0 {
			t.Errorf("a page begins at %v, within a line", s)
		}
	}
	if got := breaks(1000, 2000, lines); len(got) != 1 {
		t.Errorf("one page would do: %v", got)
	}
	ladder := make([][2]float32, 100) // each reaches over the next: there is no good place
	for i := range ladder {
		ladder[i] = [2]float32{float32(i) * 10, float32(i)*10 + 25}
	}
	if got := breaks(1000, 100, ladder); len(got) > 12 {
		t.Errorf("%d pages", len(got))
	}
	if got := breaks(500, 100, [][2]float32{{50, 450}}); len(got) != 5 {
		t.Errorf("what is higher than a page: %v", got)
	}
}
