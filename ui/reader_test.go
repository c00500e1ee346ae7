package ui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// open1 opens a message alone and waits until its body is drawn.
func (b *bench) open1(subject string) *messageView {
	b.Helper()
	b.selectSubject(subject)
	b.until("the body of "+subject, func() bool { m := b.w.reader.single; return m != nil && m.body.ready })
	b.drain()
	return b.w.reader.single
}

func quiet(p *model.Prefs) { p.MarkRead = -1 }

// TestSelectionAcrossParagraphs drags over two paragraphs, then works on with the keyboard, in both directions.
func TestSelectionAcrossParagraphs(t *testing.T) {
	b := newBench(t, prefs(quiet))
	m := b.open1(reza)
	h := m.body.html
	at := func(y float32) fyne.Position { return fyne.NewPos(0, y) }
	press := func(p fyne.Position, mod fyne.KeyModifier) {
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: mod}
		e.Position = p
		h.sel.MouseDown(e)
	}
	press(at(4), 0)
	e := &fyne.DragEvent{}
	e.Position = fyne.NewPos(60, 42)
	h.sel.Dragged(e)
	h.sel.DragEnd()
	got := h.sel.Text()
	if !strings.HasPrefix(got, "I have attached the final figures.") || !strings.Contains(got, "\n") || !strings.Contains(got, "See ") {
		t.Errorf("selected %q", got)
	}
	b.shot("selection")
	press(fyne.NewPos(0, 4), fyne.KeyModifierShift)
	if n := len(h.sel.Text()); n > 3 {
		t.Errorf("Shift and a click left %d selected", n)
	}
	h.sel.All()
	b.w.copyText()
	if clip := b.app.Clipboard().Content(); !strings.Contains(clip, "both on page 3") || !strings.Contains(clip, "https://example.org/minutes") {
		t.Errorf("copied %q", clip)
	}
	h.sel.Select(0, 0)
	for range 3 {
		h.sel.Select(0, h.Step(last(h.sel.Range()), kit.MoveWordRight))
	}
	if got := strings.TrimSpace(h.sel.Text()); got != "I have attached" {
		t.Errorf("three words by the keyboard: %q", got)
	}
	down := h.Step(0, kit.MoveDown)
	if y0, _ := h.Place(0); down == 0 {
		t.Error("down goes nowhere")
	} else if y1, _ := h.Place(down); y1 <= y0 || h.Step(down, kit.MoveUp) > 3 {
		t.Errorf("down and up: %d at %v", down, y1)
	}
	m = b.open1(sara)
	h = m.body.html
	if to := h.Step(5, kit.MoveLeft); to <= 5 {
		t.Errorf("left in a Persian text goes to %d", to)
	}
	h.sel.Select(h.WordAt(1))
	if got := h.sel.Text(); got != "سلام" {
		t.Errorf("the word is %q", got)
	}
}

func last(_, b int) int { return b }

func TestFindInMessage(t *testing.T) {
	b := newBench(t, prefs(quiet))
	m := b.open1(sara)
	f := b.w.reader.find
	f.Open("")
	f.entry.SetText("12٬950")
	f.search()
	if got := lang.Plain(f.count.Text()); got != "1 of 1" {
		t.Errorf("Persian digits: %q", got)
	}
	f.entry.SetText("های")
	f.search()
	f.entry.SetText("مي‌شود") // Arabic letters, as some keyboards type them
	f.search()
	if f.places.total != 1 {
		t.Errorf("%d found", f.places.total)
	}
	f.entry.SetText("در")
	f.search()
	n := f.places.total
	if n < 2 {
		t.Fatalf("%d places", n)
	}
	f.Step(-1)
	if f.places.at != n-1 {
		t.Errorf("before the first comes %d of %d", f.places.at, n)
	}
	b.shot("find")
	f.Step(1)
	if f.places.at != 0 || m.body.html.mark != 0 {
		t.Error("after the last comes the first")
	}
	f.entry.SetText("zzz")
	f.search()
	if f.count.Text() != lang.T("find.none") {
		t.Errorf("it says %q", f.count.Text())
	}
	b.w.escape()
	if f.Shown() || len(m.body.html.marks) != 0 {
		t.Error("Escape leaves something behind")
	}
}

func TestSourceZoomAndColors(t *testing.T) {
	b := newBench(t, prefs(quiet), func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 400, sampleMail{from: "News <news@example.org>", subject: "News", at: today, headers: "Content-Type: text/html\r\nX-Note: 1\r\n", text: newsletter})
	})
	// The sample writes its own Content-Type behind; what counts is that the message has HTML.
	m := b.open1(reza)
	b.w.reader.toggleSource()
	b.until("the source", func() bool { return m.body.plain.Visible() })
	if src := m.body.plain.Text(); !strings.HasPrefix(src, "From: Reza Ahmadi <reza@example.org>\n") || m.body.Find("minutes-id") != 0 || m.body.Find("Message-ID") != 1 {
		t.Errorf("the source: %.200q", src)
	}
	b.drain()
	b.shot("source")
	b.w.reader.toggleSource()
	b.until("the text again", func() bool { return m.body.html.Visible() && !m.body.plain.Visible() })
	was := m.body.html.height()
	b.w.reader.Zoom(3)
	b.until("larger", func() bool { return m.body.html.height() > was*1.2 })
	b.until("the zoom is kept", func() bool { p, _ := model.LoadPrefs(b.Context(), b.store); return p.Zoom == 150 })
	for range 20 {
		b.w.reader.Zoom(-1)
	}
	if z := b.w.reader.look.zoom; z != 0.5 {
		t.Errorf("the least zoom is %v", z)
	}
	b.w.reader.Zoom(0)
	theme.SetMode(theme.ForceDark)
	b.drain()
	m.body.Show(mail.Content{Row: m.row, HTML: newsletter, Text: "x"})
	b.until("the design", func() bool { return m.body.ready && m.body.Mode() == asDesigned })
	b.drain()
	b.shot("design-dark")
	if !m.body.html.look.dark || m.body.html.view.Background() == (theme.Light.BG) {
		t.Error("the design is not adapted to the dark window")
	}
	b.w.reader.toggleColors()
	b.until("its own colours", func() bool { return !m.body.html.look.dark })
	b.drain()
	b.shot("design-original")
}

// nested is a message that carries another, which carries a file.
const nested = "From: Anna Keller <anna@example.net>\r\nTo: maryam@example.org\r\nSubject: Outer\r\nDate: Tue, 25 Nov 2025 10:00:00 +0000\r\nMessage-ID: <outer@example.net>\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=A\r\n\r\n--A\r\nContent-Type: text/plain\r\n\r\nSee the message inside.\r\n--A\r\nContent-Type: message/rfc822\r\n\r\n" +
	"From: Reza <reza@example.org>\r\nSubject: Inner subject\r\nDate: Mon, 24 Nov 2025 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nThe text inside.\r\n" +
	"--B\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"table.csv\"\r\n\r\na,b\r\n1,2\r\n--B--\r\n--A--\r\n"

func TestMailInMailAndWindows(t *testing.T) {
	b := newBench(t, prefs(quiet), func(b *bench) { b.putRaw(b.folder(b.imap, "INBOX"), 500, "Outer", nested) })
	m := b.open1("Outer")
	if m.parts.Count() != 1 {
		t.Fatalf("%d files", m.parts.Count())
	}
	m.parts.open(m.parts.list[0])
	inner := func() *readerWindow {
		for v := range b.w.windows {
			if v.pane.inside {
				return v
			}
		}
		return nil
	}
	b.until("the message inside", func() bool { v := inner(); return v != nil && v.pane.single != nil && v.pane.single.body.ready })
	b.drain()
	v := inner()
	s := v.pane.single
	if v.env.win.Title() != "Inner subject" || !strings.Contains(s.body.html.Slice(0, s.body.html.Length()), "The text inside.") || s.parts.Count() != 1 || s.parts.list[0].Filename != "table.csv" {
		t.Errorf("inside: %q, %d files", v.env.win.Title(), s.parts.Count())
	}
	raw, err := (&files{env: b.w.env, reading: v.pane.reading}).bytes(b.Context(), 0, s.parts.list[0].Part, 1000)
	if err != nil || string(raw) != "a,b\r\n1,2" {
		t.Errorf("the file inside: %q %v", raw, err)
	}
	if s.header.reply.Visible() || s.header.star.Visible() {
		t.Error("buttons that do nothing are shown for a message inside another")
	}
	v.run(b.w.byID["reply"]) // it lies in no folder: there is nothing to answer through
	v.run(b.w.byID["find"])
	if !v.pane.find.Shown() {
		t.Error("Ctrl+F does nothing in its window")
	}
	v.run(b.w.byID["escape"])
	v.run(b.w.byID["escape"])
	if len(b.w.windows) != 0 {
		t.Error("Escape does not close the window")
	}
	b.open1(reza)
	b.w.list.list.Focus()
	b.key(fyne.KeyReturn)
	b.until("a window of its own", func() bool {
		for v := range b.w.windows {
			return v.pane.single != nil && v.pane.single.body.ready
		}
		return false
	})
	for v := range b.w.windows {
		v.run(b.w.byID["reply"])
		b.until("the answer", func() bool { return len(b.drafts) == 1 })
		v.run(b.w.byID["archive"])
	}
	b.until("archived", func() bool { return b.row(reza).Folder == b.folder(b.imap, "Archive") })
	if len(b.drafts) != 1 || len(b.w.windows) != 0 {
		t.Errorf("%d answers, %d windows", len(b.drafts), len(b.w.windows))
	}
}

// paper is a printer of a test.
type paper struct {
	names []string
	sent  atomic.Value // the name of the printer that got a document
}

func (p *paper) Printers(context.Context) []string { return p.names }
func (p *paper) Send(_ context.Context, name, path string) error {
	b, err := os.ReadFile(path)
	if err == nil && bytes.HasPrefix(b, []byte("%PDF-")) {
		p.sent.Store(name)
	}
	return err
}

func TestPrinting(t *testing.T) {
	b := newBench(t, prefs(quiet))
	lang.Set("fa")
	b.drain()
	m := b.open1(sara)
	path := filepath.Join(t.TempDir(), "out.pdf")
	if err := m.printout().file(b.Context(), path); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("PEYK_SHOTS"); dir != "" {
		_ = m.printout().file(b.Context(), filepath.Join(dir, "print-persian.pdf"))
	}
	raw, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(raw, []byte("/Lang (fa)")) || !bytes.Contains(raw, []byte("Vazirmatn")) {
		t.Errorf("%d bytes: %v", len(raw), err)
	}
	p := &paper{names: []string{"office", "home"}}
	b.w.env.printing, b.w.env.copies.root = p, t.TempDir()
	b.w.print()
	top := func() fyne.CanvasObject { return b.w.Window().Canvas().Overlays().Top() }
	b.until("the question", func() bool { return top() != nil })
	b.shot("print")
	b.w.askPrinter(b.w.reader, m.printout(), path, p.names).Button(2).Tapped(nil)
	b.until("the paper", func() bool { return p.sent.Load() == "office" })
	// What was printed does not stay in the folder for temporary files.
	made := func() int { e, _ := os.ReadDir(b.w.env.copies.root); return len(e) }
	if made() == 0 {
		t.Error("printed from elsewhere")
	}
	b.w.env.copies.Close()
	if made() != 0 {
		t.Error("what was printed stays")
	}
}
