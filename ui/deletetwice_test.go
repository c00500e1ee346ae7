package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/model"
)

// expunges counts the operations that delete messages for good.
func (b *bench) expunges() (n int) {
	b.Helper()
	ops, _, err := b.store.OpenOps(b.Context(), 100)
	b.ok(err)
	for _, o := range ops {
		if o.Kind == mail.OpExpunge {
			n++
		}
	}
	return n
}

// A key that is held repeats, and who is in a hurry clicks twice: before the list is without the message the second Delete is about the same one, which
// lies in Trash by then.
func TestDeleteTwiceIsDeleteOnce(t *testing.T) {
	b := newBench(t, prefs(quiet))
	trash := b.folder(b.imap, "Trash")
	b.selectSubject(sara)
	for range 5 {
		b.key(fyne.KeyDelete)
	}
	b.drain()
	if b.row(sara).Folder != trash || b.expunges() != 0 {
		t.Fatalf("after five times Delete the message is in folder %d, and %d operations delete for good", b.row(sara).Folder, b.expunges())
	}
	if b.w.reader.Message() != b.ids[github] {
		t.Error("the next message is not selected")
	}
	row := b.row(delta)
	b.w.list.rowCommand("delete", row)
	b.w.list.rowCommand("delete", row)
	b.drain()
	if b.row(delta).Folder != trash || b.expunges() != 0 {
		t.Error("two clicks on the button of a row deleted its message for good")
	}
	b.chord(ctrl(fyne.KeyZ))
	b.chord(ctrl(fyne.KeyZ))
	b.drain()
	if inbox := b.folder(b.imap, "INBOX"); b.row(sara).Folder != inbox || b.row(delta).Folder != inbox {
		t.Error("undo did not bring both messages back")
	}
}

// An action that leaves the message where it is does not keep the next one from being carried out.
func TestAfterAnActionThatDoesNothing(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.w.Go(model.Place{Kind: model.PlaceFolder, Folder: b.folder(b.imap, "Projects")})
	b.until("the folder", func() bool { return b.w.list.pager.Total() == 1 })
	b.selectSubject("Project plan")
	b.w.moveTo(mail.ActMove, b.w.list.Selected(), mail.Folder{ID: b.folder(b.imap, "Projects")})
	b.drain()
	b.key(fyne.KeyE)
	b.drain()
	if b.row("Project plan").Folder != b.folder(b.imap, "Archive") {
		t.Error("it was not archived after a move to where it was")
	}
}

// What lies in Trash is deleted for good only after a question, wherever it is seen.
func TestDeleteInTrashAsksEverywhere(t *testing.T) {
	b := newBench(t, prefs(quiet))
	b.selectSubject(delta)
	b.key(fyne.KeyDelete)
	b.drain()
	b.w.searchFor("itinerary")
	b.until("the result", func() bool { return b.w.list.pager.Loaded() && b.w.list.pager.Total() == 1 })
	b.selectSubject(delta)
	asked := func(where string, c fyne.Canvas) {
		t.Helper()
		b.drain()
		if c.Overlays().Top() == nil {
			t.Errorf("nobody asks %s", where)
		}
		if b.expunges() != 0 {
			t.Fatalf("%s it was deleted for good without a question", where)
		}
		for c.Overlays().Top() != nil {
			c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		}
	}
	main := b.w.Window().Canvas()
	b.key(fyne.KeyDelete)
	asked("in a search", main)
	b.w.list.rowCommand("delete", b.row(delta))
	asked("at the button of a row", main)
	b.w.openMessage(b.row(delta))
	b.drain()
	for v := range b.w.windows {
		v.run(b.w.byID["delete"])
		if asked("in a window of its own", v.env.win.Canvas()); !b.w.windows[v] {
			t.Error("the window is gone although nothing was deleted")
		}
		v.run(b.w.byID["delete"])
		b.tapLabelledIn(v.env.win, "Delete for good")
		b.drain()
		if b.expunges() != 1 || b.w.windows[v] {
			t.Error("after a yes it is not deleted, or the window is still there")
		}
	}
}
