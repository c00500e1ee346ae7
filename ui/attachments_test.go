package ui

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Very many files, and one with a very long name, leave the text its room and the button that saves all its place, in the smallest reader, too.
func TestManyAttachmentsLeaveRoom(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.w.Window().Resize(fyne.NewSize(760, 600))
	m := b.open1(reza)
	as := []mail.Attachment{{Part: "1", Filename: strings.Repeat("long", 70) + ".txt", Size: 5}}
	for i := range 20 {
		as = append(as, mail.Attachment{Part: fmt.Sprint(i + 2), Filename: fmt.Sprintf("scan %d.pdf", i), Size: 1000})
	}
	m.parts.Show(m.row.ID, as)
	m.parts.all = true
	m.parts.fill()
	for _, list := range []float32{0, 1000} {
		b.w.inner.SetWidth(list)
		m.parts.changed()
		b.drain()
		b.shot(fmt.Sprintf("many-attachments-%.0f", list))
		driver := fyne.CurrentApp().Driver()
		at, size := driver.AbsolutePositionForObject(m.parts.save), m.parts.save.Size()
		pane := driver.AbsolutePositionForObject(b.w.reader.root)
		if at.X < pane.X || at.X+size.Width > pane.X+b.w.reader.root.Size().Width || !m.parts.save.Visible() {
			t.Errorf("the button to save all is at %v in a reader of %v at %v", at, b.w.reader.root.Size(), pane)
		}
		for _, c := range m.parts.cards.Objects {
			if c.Position().X+c.Size().Width > m.parts.cards.Size().Width+1 {
				t.Errorf("a card ends at %v of %v", c.Position().X+c.Size().Width, m.parts.cards.Size().Width)
			}
		}
		if h := b.w.reader.scroll.Size().Height; h < 100 {
			t.Errorf("%v are left to the text", h)
		}
	}
}

// A card is as high as what stands beside it and the room that is kept for it, in every script.
func TestACardHasItsHeight(t *testing.T) {
	newBench(t)
	for _, name := range []string{"Agenda-v2.pdf", "نمودار بودجه.png", "Ångström.txt"} {
		if h := newAttachmentCard(mail.Attachment{Filename: name, Size: 4711}, "", func() {}, func(fyne.Position) {}).MinSize().Height; h != cardHeight {
			t.Errorf("the card of %s is %v high, not %v", name, h, cardHeight)
		}
	}
}

// What can be done with several messages is whole in the smallest reader, and so are the counts of the list.
func TestASelectionOfManyFitsASmallWindow(t *testing.T) {
	b := newBench(t)
	for _, code := range []string{"en", "fa"} {
		lang.Set(code)
		b.w.Window().Resize(fyne.NewSize(760, 600))
		b.drain()
		b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "INBOX")})
		b.until("the folder", func() bool { return b.w.list.place.Kind == model.PlaceFolder && b.w.list.pager.Total() > 2 })
		b.drain()
		if c := b.w.list.header.counts; c.Natural().Width > c.Size().Width {
			t.Errorf("%s: %q has %v of the %v that it needs", code, c.Text(), c.Size().Width, c.Natural().Width)
		}
		b.w.list.list.SelectAll()
		b.until("all messages", func() bool { return len(b.w.list.Selected()) > 2 })
		for _, list := range []float32{0, 1000} {
			b.w.inner.SetWidth(list)
			b.drain()
			b.shot(fmt.Sprintf("summary-small-%s-%.0f", code, list))
			pane, driver := b.w.reader.root, fyne.CurrentApp().Driver()
			left, n := driver.AbsolutePositionForObject(pane).X, 0
			walkAll(pane, func(o fyne.CanvasObject) {
				if x, ok := o.(*kit.Button); ok {
					n++
					if at := driver.AbsolutePositionForObject(x).X; at < left || at+max(x.Size().Width, x.MinSize().Width) > left+pane.Size().Width+1 {
						t.Errorf("%s: the button %q is at %v of %v", code, x.Text(), at-left, pane.Size().Width)
					}
				}
			})
			if n < 6 {
				t.Errorf("%d buttons", n)
			}
		}
	}
}
