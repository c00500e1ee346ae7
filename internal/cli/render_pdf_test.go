package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestRenderPDF(t *testing.T) {
	p := newPeyk(t)
	dir := t.TempDir()
	eml, html := filepath.Join(dir, "a.eml"), filepath.Join(dir, "b.html")
	os.WriteFile(eml, letter(1, "پیام", "سلام دنیا\r\nhello world, see https://example.org/x"), 0o600)
	os.WriteFile(html, []byte("<h1>Title</h1>"+strings.Repeat("<p>A paragraph of the page.</p>", 100)), 0o600)
	pages := map[string]int{}
	for name, args := range map[string][]string{"plain": {eml, "--with-headers", "--paper", "a4"}, "html": {html, "--paper", "letter"}, "bare": {eml, "--dark"}} {
		out := filepath.Join(dir, name+".pdf")
		p.ok(append([]string{"render", "-o", out}, args...)...)
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = bytes.Count(b, []byte("/Type /Page "))
		paper := map[string]string{"plain": "595.28 841.89", "html": "612 792"}[name]
		if !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.Contains(b, []byte("/MediaBox [0 0 "+paper)) {
			t.Errorf("%s is no PDF of its paper", name)
		}
	}
	if pages["plain"] != 1 || pages["html"] < 3 {
		t.Errorf("pages %v", pages)
	}
	text, err := exec.Command("pdftotext", "-enc", "UTF-8", filepath.Join(dir, "plain.pdf"), "-").Output()
	if err != nil {
		t.Logf("pdftotext: %v: the text was not extracted", err) // Poppler is not everywhere
		return
	}
	for _, want := range []string{"پیام", "سلام دنیا", "hello world", "From", "https://example.org/x"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%q is not in the text:\n%s", want, text)
		}
	}
}

// TestRenderTellsWhatItLeavesOut: of a message that is too long for a page it is told that its end is not drawn.
func TestRenderTellsWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	p := newPeyk(t)
	for html, told := range map[string]bool{"<p>all of it</p>": false, "<p>begin</p>" + strings.Repeat("<span></span>", 60_000) + "<p>the end</p>": true} {
		eml := p.write("a.eml", "From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n"+html)
		for _, out := range []string{"a.png", "a.pdf"} {
			r := p.run("render", eml, "-o", filepath.Join(t.TempDir(), out))
			if r.code != 0 || strings.Contains(r.err, "the end of the message is not drawn") != told || strings.Count(r.err, "\n") > 1 {
				t.Errorf("%s of %d bytes: exit %d, %q", out, len(html), r.code, r.err)
			}
		}
	}
}
