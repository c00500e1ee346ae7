package compose

import (
	"runtime"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/theme"
)

// TestStoringALargeTextCostsTheWindowLittle: what is taken on the UI thread shares the text, which is written out elsewhere, and says what stood there at that moment
// whatever is written meanwhile.
func TestStoringALargeTextCostsTheWindowLittle(t *testing.T) {
	const size = 4 << 20
	line := "سلام سارا، this is a line of a long letter\n"
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, Subject: "long", HTML: "<div><p>one</p></div>", Text: "one"})
	r.w.body.SetText("")
	r.w.body.Insert(strings.Repeat(line, size/len(line)) + "the end")
	r.w.save(nil)
	r.loop.run()
	r.w.body.Insert(" of it")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r.w.save(nil)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 2*size {
		t.Errorf("to store %d bytes of text, %d bytes are made on the UI thread", size, got)
	}
	r.w.body.Insert(", and a word too late")
	r.loop.run()
	versions := r.engine.drafts[1]
	last := versions[len(versions)-1]
	if !strings.HasSuffix(last.Text, "the end of it") || strings.Contains(last.HTML, "too late") || !strings.Contains(last.HTML, "the end of it") {
		t.Errorf("stored is …%q", last.Text[max(0, len(last.Text)-60):])
	}
	r.w.save(nil)
	r.loop.run()
	versions = r.engine.drafts[1]
	if last = versions[len(versions)-1]; !strings.HasSuffix(last.Text, "and a word too late") {
		t.Errorf("and then …%q", last.Text[max(0, len(last.Text)-60):])
	}
}
