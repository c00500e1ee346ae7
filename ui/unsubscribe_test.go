package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"peyk/ui/kit"
	"peyk/ui/lang"
)

// tapLabelled taps the button with a text in what lies over the window.
func (b *bench) tapLabelled(text string) {
	b.Helper()
	b.tapLabelledIn(b.w.Window(), text)
}

// tapLabelledIn is tapLabelled for another window.
func (b *bench) tapLabelledIn(w fyne.Window, text string) {
	b.Helper()
	var found *kit.Button
	walkAll(w.Canvas().Overlays().Top(), func(o fyne.CanvasObject) {
		if x, ok := o.(*kit.Button); ok && x.Text() == text {
			found = x
		}
	})
	if found == nil {
		b.Fatalf("no button %q", text)
	}
	test.Tap(found)
}

// A message of a list offers to leave it, by the ways that it names and no others; the message for that is opened, not sent.
func TestUnsubscribing(t *testing.T) {
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 70, sampleMail{from: "Nuts <nuts@lists.example.com>", subject: "digest", at: today, text: "news",
			headers: "List-Post: <mailto:nuts@lists.example.com>\r\nList-Unsubscribe: <mailto:leave@lists.example.com?subject=off>, <https://lists.example.com/u/1>\r\n"})
	})
	b.selectSubject(reza)
	if !b.w.reader.single.header.quit.Hidden {
		t.Error("a letter offers to be unsubscribed from")
	}
	if b.w.byID["replylist"].when(b.w) {
		t.Error("a letter offers an answer to a list")
	}
	b.selectSubject("digest")
	m := b.w.reader.single
	b.until("the way out", func() bool { return !m.header.quit.Hidden })
	if !b.w.byID["replylist"].when(b.w) {
		t.Error("no answer to the list is offered")
	}
	b.chord(ctrlShift(fyne.KeyL))
	b.until("the answer to the list", func() bool { return len(b.drafts) == 1 })
	if to := b.drafts[0].To; len(to) != 1 || to[0].Addr != "nuts@lists.example.com" {
		t.Errorf("the answer goes to %v", to)
	}
	b.drafts = nil
	for _, code := range []string{"fa", "en"} {
		lang.Set(code)
		b.drain()
		m = b.w.reader.Current()
		b.until("the message", func() bool { m = b.w.reader.Current(); return m != nil && !m.header.quit.Hidden })
		d := m.unsubscribe()
		if words := lang.Plain(d.Text); !strings.Contains(words, "leave@lists.example.com") || !strings.Contains(words, "lists.example.com") {
			t.Errorf("%s: it says %q", code, d.Text)
		}
		b.shot("unsubscribe-" + code)
		if code == "fa" {
			d.Close()
		}
	}
	b.tapLabelled(lang.T("unsubscribe.write"))
	b.until("the message to the list", func() bool { return len(b.drafts) == 1 })
	if d := b.drafts[0]; len(d.To) != 1 || d.To[0].Addr != "leave@lists.example.com" || d.Subject != "off" {
		t.Errorf("it is written to %+v about %q", d.To, d.Subject)
	}
}

// The details of a message to very many people leave its text room, and name them all when asked to.
func TestManyRecipientsLeaveRoom(t *testing.T) {
	var to []string
	for i := range 200 {
		to = append(to, fmt.Sprintf("Person %d <p%d@example.net>", i, i))
	}
	b := newBench(t, func(b *bench) {
		b.put(b.folder(b.imap, "INBOX"), 71, sampleMail{from: "Sara <sara@example.org>", to: strings.Join(to, ",\r\n "), subject: "to many", at: today, text: "the text"})
	})
	b.w.Window().Resize(fyne.NewSize(760, 600))
	b.selectSubject("to many")
	h := b.w.reader.single.header
	b.until("its recipients", func() bool { return len(h.message.Row.To) == 200 })
	closed := h.content.MinSize().Height
	h.toggle()
	b.drain()
	b.shot("many-recipients")
	if got := b.w.reader.scroll.Size().Height; h.sheet.Size().Height > maxDetails || got < 60 {
		t.Errorf("the details are %v high and leave %v to the text", h.sheet.Size().Height, got)
	}
	listed := func() (n int) {
		walkAll(h.fields, func(o fyne.CanvasObject) {
			if l, ok := o.(*kit.Label); ok && strings.HasPrefix(l.Text(), "Person ") {
				n++
			}
		})
		return n
	}
	if n := listed(); n != maxListed {
		t.Errorf("%d are listed at first", n)
	}
	var more *kit.LinkText
	walkAll(h.fields, func(o fyne.CanvasObject) {
		if l, ok := o.(*kit.LinkText); ok {
			more = l
		}
	})
	if more == nil {
		t.Fatal("the others cannot be seen")
	}
	test.Tap(more)
	if n := listed(); n != 200 {
		t.Errorf("%d are listed", n)
	}
	h.toggle()
	b.drain()
	if got := h.content.MinSize().Height; got != closed {
		t.Errorf("closed again it is %v high, before %v", got, closed)
	}
}
