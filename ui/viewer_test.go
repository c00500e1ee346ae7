package ui

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// twoPages is a PDF of two pages: a heading of rectangles, and a square.
const twoPages = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R>>endobj\n4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R>>endobj\n" +
	"5 0 obj<</Length 62>>stream\n0.06 0.46 0.43 rg 72 700 400 40 re f 0.5 g 72 640 300 12 re f \nendstream endobj\n6 0 obj<</Length 32>>stream\n0.7 0.1 0.1 rg 200 400 99 99 re f\nendstream endobj\ntrailer<</Root 1 0 R/Size 7>>\n%%EOF\n"

func TestTheViewerGoesThroughFiles(t *testing.T) {
	b := newBench(t, func(b *bench) {
		m := sampleMail{from: "Reza <reza@example.org>", subject: "files", at: time.Date(2025, 11, 25, 7, 0, 0, 0, time.UTC), text: "x", extra: "png txt realpdf pdf exe", file: []byte(twoPages)}
		b.put(b.folder(b.imap, "INBOX"), 60, m)
	})
	b.selectSubject("files")
	b.drain()
	bar := b.w.reader.Current().parts
	if bar.Count() != 5 {
		t.Fatalf("%d files", bar.Count())
	}
	v := bar.files.Preview(bar.message, bar.list[0], bar.list)
	b.until("the picture", func() bool { return v.img != nil })
	b.drain()
	b.shot("viewer-picture")
	if len(v.list) != 4 || v.place.Text() != lang.T("viewer.file", 1, 4) {
		t.Errorf("%d files to look at, %q", len(v.list), v.place.Text())
	}
	was := v.area.image.MinSize()
	v.area.TypedRune('+')
	if now := v.area.image.MinSize(); now.Width <= was.Width {
		t.Errorf("larger: %v after %v", now, was)
	}
	v.area.TypedRune('0')
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	b.until("the text", func() bool { return v.text != nil })
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	b.until("the page", func() bool { return v.doc != nil && v.img != nil && v.stop == nil })
	b.drain()
	b.shot("viewer-pdf")
	if v.doc.Pages() != 2 || v.place.Text() != lang.T("viewer.page", 1, 2) {
		t.Errorf("%d pages, %q", v.doc.Pages(), v.place.Text())
	}
	first := v.img
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	b.until("the second page", func() bool { return v.stop == nil && v.img != first })
	v.area.TypedRune('+')
	b.until("the page larger", func() bool { return v.stop == nil && v.img.Bounds().Dx() > first.Bounds().Dx() })
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight}) // what only calls itself a PDF
	b.until("the reason", func() bool { return v.stop == nil && v.img == nil })
	b.drain()
	b.shot("viewer-failed")
	v.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	v.dialog.Close() // while it is being read
	b.drain()
	if !v.closed || v.doc != nil {
		t.Error("the file is open after the viewer was closed")
	}
}

func TestRiskyFilesAreAskedAbout(t *testing.T) {
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 60, sampleMail{from: "Reza <reza@example.org>", subject: "files", at: time.Date(2025, 11, 25, 7, 0, 0, 0, time.UTC), text: "x", extra: "exe turned pdf"})
	})
	b.w.env.copies.root = t.TempDir()
	b.selectSubject("files")
	b.drain()
	bar := b.w.reader.Current().parts
	made := func() int { e, _ := os.ReadDir(b.w.env.copies.root); return len(e) }
	for _, a := range bar.list[:2] {
		bar.open(a)
		b.drain()
		top := b.w.Window().Canvas().Overlays().Top()
		if top == nil {
			t.Fatalf("%s is opened without a question", a.Filename)
		}
		top.(interface{ TypedKey(*fyne.KeyEvent) }).TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		b.drain()
		if b.w.Window().Canvas().Overlays().Top() != nil || made() != 0 {
			t.Errorf("Enter opens %s", a.Filename)
		}
	}
	if r := model.JudgeFile(bar.list[1]); r != model.RiskName {
		t.Errorf("a name turned round is %q", r)
	}
	bar.files.ask(bar.message, bar.list[1], model.RiskName)
	b.shot("attach-risk")
	bar.files.open(bar.message, bar.list[2])
	b.until("the copy", func() bool { return made() == 1 })
	b.drain()
	files, err := filepath.Glob(filepath.Join(b.w.env.copies.root, copyPrefix+"*", "*"))
	b.ok(err)
	if len(files) != 1 || filepath.Base(files[0]) != "Agenda-v2.pdf" {
		t.Fatalf("copies %v", files)
	}
	info, err := os.Stat(files[0])
	b.ok(err)
	if info.Mode().Perm()&0o222 != 0 {
		t.Errorf("the copy can be written: %v", info.Mode())
	}
	b.w.env.copies.Close()
	if made() != 0 {
		t.Error("the copy stays")
	}
}

func TestOldCopiesGo(t *testing.T) {
	root := t.TempDir()
	c := &openCopies{root: root}
	dir, err := c.Make()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.pdf"), nil, 0o400); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(root, "not-ours")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	(&openCopies{root: root}).Sweep(now.Add(time.Hour))
	if _, err := os.Stat(dir); err != nil {
		t.Error("a fresh copy of another start was removed")
	}
	(&openCopies{root: root}).Sweep(now.Add(copyAge + time.Hour))
	if _, err := os.Stat(dir); err == nil {
		t.Error("an old copy stays")
	}
	if _, err := os.Stat(other); err != nil {
		t.Error("what is not ours was removed")
	}
}

func TestNamesFitForAnyDisk(t *testing.T) {
	for in, want := range map[string]string{
		"CON": "_CON", "con.tar.gz": "_con.tar.gz", "COM1.txt": "_COM1.txt", "LPT9": "_LPT9", "COM¹.txt": "_COM¹.txt", "COMX.txt": "COMX.txt", "COM10.txt": "COM10.txt", "NUL .txt": "_NUL .txt", "console.txt": "console.txt",
	} {
		if got := safeName(in, "attachment"); got != want {
			t.Errorf("%q is saved as %q, want %q", in, got, want)
		}
	}
	if canPreview(mail.Attachment{ContentType: "application/octet-stream", Filename: "x.exe"}) || !canPreview(mail.Attachment{ContentType: "application/octet-stream", Filename: "x.PDF"}) {
		t.Error("what has no type is judged by its ending")
	}
}
