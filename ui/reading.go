package ui

import (
	"context"
	"time"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// How readers are part of the main window: commands are carried out on what is selected in the list, or on one message of a
// reader.

// pane is the reader that a command is carried out in.
func (w *MainWindow) pane() *readerPane {
	if w.in != nil {
		return w.in
	}
	return w.reader
}

// chosen are the messages that a command is carried out on.
func (w *MainWindow) chosen() []mail.MessageID {
	if w.on != nil {
		return []mail.MessageID{w.on.ID}
	}
	return w.list.Selected()
}

// oneRow is the message that a command about one message takes when one row is selected: of a conversation the one that is shown.
func (w *MainWindow) oneRow() mail.Row {
	row := firstRow(w.list.SelectedRows())
	if row.Group == nil {
		return row
	}
	switch r := w.reader; {
	case r.thread != nil:
		return r.thread.Row()
	case r.single != nil:
		return r.single.row
	}
	row.Group = nil // it is still being read: the newest
	return row
}

// chosenRows are the rows of chosen, as far as they are in memory.
func (w *MainWindow) chosenRows() []mail.Row {
	if w.on != nil {
		return []mail.Row{*w.on}
	}
	return w.list.SelectedRows()
}

// carryOut carries out a command on one message of a reader, if it can be done now; both nil: on the selection.
func (w *MainWindow) carryOut(c *command, on *mail.Row, in *readerPane) {
	if c.chosen && on == nil && in == nil && w.list.asking {
		w.list.WhenChosen(func() { w.carryOut(c, nil, nil) })
		return
	}
	if on == nil && in == nil && c.one && w.reader.thread != nil {
		// What is done with one message is done with the one turned to in the conversation.
		row := w.reader.thread.Row()
		on = &row
	} else if on == nil && in == nil && c.one && w.list.SelectedCount() == 1 && firstRow(w.list.SelectedRows()).Group != nil {
		row := w.oneRow()
		on = &row
	}
	if in == nil && aboutText[c.id] {
		w.one.Open()
	}
	w.within(on, in, func() {
		if c.when == nil || c.when(w) {
			c.run(w)
		}
	})
}

// within does something with one message of a reader as what commands are about.
func (w *MainWindow) within(on *mail.Row, in *readerPane, do func()) {
	wasOn, wasIn := w.on, w.in
	w.on, w.in = on, in
	defer func() { w.on, w.in = wasOn, wasIn }()
	do()
}

// connectReader ties a reader to the window.
func (w *MainWindow) connectReader(r *readerPane) {
	r.OnCommand = func(id string, row mail.Row) { w.carryOut(w.byID[id], &row, r) }
	r.OnMore = func(row mail.Row) (items []*kit.MenuItem) {
		w.within(&row, r, func() { items = w.moreMenu() })
		return items
	}
	r.OnMailto = w.mailto
	r.OnEdit = w.unsent.EditStored
	r.OnEnclosed = w.openEnclosed
	r.OnSearch = func(words string) {
		w.search.Show(words)
		w.searchFor(words)
		w.env.win.RequestFocus()
	}
	r.OnLook = w.keepLook
	r.OnKept = func() { kit.ShowToast(w.env.win, lang.T("reader.reply.kept"), toastTime) }
	r.OnSent = func(id mail.OutboxID) { w.sent(id, time.Time{}) }
}

// keepLook remembers how messages are shown, and shows those of the other readers so, too.
func (w *MainWindow) keepLook(look readerLook) {
	p := w.env.prefs
	p.TextOnly, p.OriginalColors, p.Zoom = look.textOnly, look.original, int(look.zoom*100+0.5)
	if p.Zoom == w.env.prefs.Zoom && p.TextOnly == w.env.prefs.TextOnly && p.OriginalColors == w.env.prefs.OriginalColors {
		return
	}
	w.setPrefs(p)
}

// readersFollow shows what is open by the choices made now; was are those before.
func (w *MainWindow) readersFollow(was model.Prefs) {
	p := w.env.prefs
	readers := []*readerPane{w.reader}
	for v := range w.windows {
		v.env.prefs = p
		readers = append(readers, v.pane)
	}
	look := readerLook{textOnly: p.TextOnly, zoom: p.ReaderZoom(), original: p.OriginalColors}
	for _, r := range readers {
		if *r.look != look {
			r.setLook(look)
		}
		if p.Alone != was.Alone {
			r.again()
		}
	}
}

// openEnclosed opens a message that is attached to another, in a window of its own.
func (w *MainWindow) openEnclosed(m *messageView, a mail.Attachment) {
	w.openPart(m.env, m.pane.reading, m.row.ID, m.content.Row.Account, a)
}

// openInside opens a message that is attached to one of the outbox.
func (w *MainWindow) openInside(reading mail.Opener, account mail.AccountID, a mail.Attachment) {
	w.openPart(w.env, reading, 0, account, a)
}

// openPart opens a message within another in a window.
func (w *MainWindow) openPart(env *env, reading mail.Opener, id mail.MessageID, account mail.AccountID, a mail.Attachment) {
	env.loop.Go(func(ctx context.Context) func() {
		inside, err := reading.Inside(ctx, id, a.Part)
		return func() {
			if err != nil {
				env.fail(lang.T("fail.open", a.Filename), err)
				return
			}
			w.openReader(inside, true, mail.Row{Account: account, Subject: a.Filename})
		}
	})
}
