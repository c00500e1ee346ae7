package compose

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

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

// TestNothingIsTypedIntoAMessageThatIsBeingSent: it would be neither in what is sent nor in a draft.
func TestNothingIsTypedIntoAMessageThatIsBeingSent(t *testing.T) {
	r := open(t, "en", theme.ForceLight, mail.Draft{Account: 1, To: []mail.Address{seen[1]}, Subject: "short", Text: "one", Plain: true})
	write := func(c rune) {
		if f := r.win.Canvas().Focused(); f != nil {
			f.TypedRune(c)
		}
	}
	r.w.body.Focus()
	r.w.body.SetCaret(len("one"))
	write('!')
	r.w.Send()
	r.loop.step() // the draft is stored
	write('?')
	if got := r.w.body.Text(); got != "one!" {
		t.Errorf("it says %q", got)
	}
	file := filepath.Join(t.TempDir(), "late.txt")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.w.dropped(fyne.NewPos(1, 1), []fyne.URI{storage.NewFileURI(file)}) // past what covers the window
	r.engine.sendErr = errors.New("the disk is full")
	r.loop.run()
	write('.')
	if got := r.w.body.Text(); got != "one!." || r.closed != 0 {
		t.Errorf("after it could not be sent it says %q", got)
	}
	if n := len(r.w.files.list); n != 0 {
		t.Errorf("%d files were attached to a message that was being sent", n)
	}
	r.engine.sendErr = nil
	r.w.Send()
	r.loop.run()
	if r.closed != 1 || len(r.engine.sent) != 1 || r.engine.sent[0].Text != "one!." {
		t.Errorf("sent is %+v", r.engine.sent)
	}
}
