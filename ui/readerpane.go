package ui

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// readerPane shows what was chosen: one message, the conversation that it is part of, or what to do with the selection. It
// is the end of the main window, and the content of a window of its own.
type readerPane struct {
	env *env
	// reading opens messages: the engine, or what is inside of a message.
	reading mail.Opener
	covered bool // behind the list: nobody reads what is shown
	inside  bool // reading is the inside of a message: nothing is marked, answered or moved
	look    *readerLook
	gen     int // counts what is shown: an answer about something older is dropped
	id      mail.MessageID
	rows    []mail.Row // of the conversation, oldest first; one for a message alone
	single  *messageView
	alone   *messageView // the widgets of messages alone, used again for each
	sheet   fyne.CanvasObject
	flow    fyne.CanvasObject // what is scrolled of sheet
	thread  *readerThread
	ended   func() // ends what is no message but is shown; nil: nothing goes on there

	holder *fyne.Container
	head   *readerSubject
	scroll *kit.Scroll
	find   *findBar

	found readerFound
	root  fyne.CanvasObject

	// OnCommand carries out a command of the table for a message.
	OnCommand func(command string, row mail.Row)
	// OnMore gives the menu of a message.
	OnMore func(row mail.Row) []*kit.MenuItem
	// OnEdit opens a message of a Drafts folder for writing.
	OnEdit func(mail.MessageID)
	// OnMailto opens a mailto link.
	OnMailto func(url string)
	// OnEnclosed opens a message that is attached to another.
	OnEnclosed func(m *messageView, a mail.Attachment)
	// OnSearch looks for words in all mail; nil: not offered.
	OnSearch func(words string)
	// OnLook is called after the user chose another zoom or other colours, to be remembered.
	OnLook func(look readerLook)
	// OnShown is called when another message is shown; nil: nobody asks.
	OnShown func()
	// OnRead is called when the message that the keyboard acts on was read, or could not be; nil: nobody asks.
	OnRead func()
	// OnEmpty is called when nothing is open any more; nil: nobody asks.
	OnEmpty func()
	// OnFound is called when the search in the text ends, to give the keyboard to something; nil: nothing gets it.
	OnFound func()
	// OnKept is called after an answer that was not sent became a draft: the reader, or its window, shows something else by then.
	OnKept func()
	// OnSent is called with what the quick answer put into the outbox.
	OnSent func(id mail.OutboxID)
}

func newReaderPane(e *env, reading mail.Opener) *readerPane {
	r := &readerPane{env: e, reading: reading, holder: kit.Stack(), head: newReaderSubject(e)}
	r.look = &readerLook{textOnly: e.prefs.TextOnly, zoom: e.prefs.ReaderZoom(), original: e.prefs.OriginalColors}
	r.scroll = kit.NewScroll(kit.Stack())
	r.scroll.OnScrolled = func(float32) { r.scrolled() }
	r.scroll.OnZoom = r.Zoom
	r.found.places.forget()
	r.find = newFindBar(r)
	r.root = kit.NewSurface(theme.BG, r.holder)
	r.ShowEmpty()
	return r
}

// leave ends what goes on for what was shown before.
func (r *readerPane) leave() {
	r.gen++
	r.id, r.rows = 0, nil
	r.find.Close()
	r.leaveFound()
	if r.single != nil {
		r.single.leave()
		r.single = nil
	}
	if r.thread != nil {
		r.thread.leave()
		r.thread = nil
	}
	if r.ended != nil {
		r.ended()
		r.ended = nil
	}
}

// keepReply makes a draft of what stands in the answer field.
func (r *readerPane) keepReply() {
	if r.thread != nil && r.thread.reply != nil {
		r.thread.reply.leave(false)
	}
}

func (r *readerPane) show(o fyne.CanvasObject) {
	if len(r.holder.Objects) == 1 && r.holder.Objects[0] == o {
		return
	}
	r.holder.Objects = []fyne.CanvasObject{o}
	r.holder.Refresh()
}

// ShowEmpty says that nothing is open.
func (r *readerPane) ShowEmpty() {
	r.leave()
	r.show(kit.EmptyState(icons.MailOpen, lang.T("reader.empty.title"), lang.T("reader.empty.text"), nil))
	if r.OnEmpty != nil {
		r.OnEmpty()
	}
}

// ShowOther shows something that is not a message: a summary of the selection, a draft, an outbox item. ended (may be nil) is called when it is left.
func (r *readerPane) ShowOther(o fyne.CanvasObject, ended func()) {
	r.leave()
	r.ended = ended
	r.show(o)
}

// Message is the message that was chosen, 0 for none.
func (r *readerPane) Message() mail.MessageID { return r.id }

// Current is the message that the keyboard acts on: the one chosen, or the one turned to in a conversation. nil: none.
func (r *readerPane) Current() *messageView {
	if r.thread != nil {
		return r.thread.current()
	}
	return r.single
}

// Content is the current message as far as it was read.
func (r *readerPane) Content() mail.Content {
	if m := r.Current(); m != nil {
		return m.content
	}
	return mail.Content{}
}

// ShowMessage opens a message, with the conversation that it is part of.
func (r *readerPane) ShowMessage(row mail.Row) {
	if row.ID == r.id && r.id != 0 {
		return
	}
	if r.thread != nil && r.thread.Turn(row.ID) {
		r.id = row.ID
		r.seekFound()
		return
	}
	r.leave()
	r.id = row.ID
	gen := r.gen
	if r.inside || row.Thread == 0 || !r.env.prefs.Conversations() {
		r.showRows([]mail.Row{row})
		return
	}
	folders := r.env.tree.Snapshot()
	r.env.loop.Go(func(ctx context.Context) func() {
		rows, err := model.Conversation(ctx, r.env.store, row, folders)
		return func() {
			if gen != r.gen {
				return
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				r.env.fail(lang.T("fail.thread"), err)
			}
			r.showRows(rows)
		}
	})
}

// showRows shows one message, or several as a conversation.
func (r *readerPane) showRows(rows []mail.Row) {
	r.rows = rows
	r.head.Show(rows, r.found.words)
	defer r.seekFound()
	if r.OnShown != nil {
		defer r.OnShown()
	}
	if len(rows) == 1 {
		r.showSingle(rows[0])
		return
	}
	r.thread = newReaderThread(r, rows)
	r.scroll.SetContent(kit.Pad(12, 22, 16, 22, r.thread.column))
	top := kit.VBox(0, kit.Pad(19, 26, 14, 26, r.head.content), kit.HLine(), r.find.content)
	r.show(kit.Border(top, nil, nil, nil, r.scroll))
	r.thread.Turn(r.id)
}

func (r *readerPane) showSingle(row mail.Row) {
	if r.alone == nil {
		r.makeSheet(row)
	} else {
		r.alone.reset(row)
	}
	r.single = r.alone
	r.scroll.SetContent(r.flow)
	r.show(r.sheet)
	r.single.Load(true)
}

// makeSheet makes the widgets of a message alone.
func (r *readerPane) makeSheet(row mail.Row) {
	m := newMessageView(r, row)
	r.flow = kit.Pad(22, 26, 26, 26, kit.VBox(14, m.body.box, m.images.box, m.cards))
	top := kit.VBox(0, kit.Pad(19, 26, 14, 26, kit.VBox(10, r.head.content, m.header.content)), kit.HLine(), m.banners)
	bar := kit.VBox(0, kit.HLine(), kit.Pad(12, 20, 12, 26, m.parts.within()))
	m.parts.frame = bar
	bar.Hide()
	r.alone, r.sheet = m, newSheet(top, r.find.content, r.scroll, bar, m.parts)
}

// bodyWidth is the room that a body has.
func (r *readerPane) bodyWidth() float32 {
	w := r.scroll.Size().Width - pick[float32](r.thread != nil, 2*(22+cardPadding), 2*26)
	if w < 50 {
		w = leastWidth
	}
	return w
}

// relayout arranges everything anew after heights changed. In a conversation what is looked at stays where it is.
func (r *readerPane) relayout() {
	var keep func()
	if r.thread != nil {
		keep = r.thread.hold()
	}
	r.scroll.Refresh()
	r.holder.Refresh()
	if keep != nil {
		keep()
		r.thread.expose()
	}
}

// loaded is called when a message was read.
func (r *readerPane) loaded(m *messageView) {
	if m == r.single && r.inside {
		r.rows = []mail.Row{m.content.Row}
		r.head.Show(r.rows, r.found.words)
		if r.OnShown != nil {
			r.OnShown()
		}
	}
	r.relayout()
	r.wasRead(m)
}

// wasRead is called when a message was read or could not be.
func (r *readerPane) wasRead(m *messageView) {
	if r.OnRead != nil && m == r.Current() {
		r.OnRead()
	}
}

// bodyChanged is called when a body is ready or became another.
func (r *readerPane) bodyChanged(m *messageView) {
	r.relayout()
	r.marks()
}

// marks puts the marks of a search into what is shown: one in the text, else the one that the message was found by.
func (r *readerPane) marks() {
	if r.find.Shown() {
		r.find.again()
	} else if r.found.words != "" {
		r.markSearched()
	}
}

// touched is called when the keyboard went into the text of a message.
func (r *readerPane) touched(m *messageView) {
	if r.thread != nil {
		r.thread.touched(m)
	}
}

func (r *readerPane) scrolled() {
	if r.thread != nil {
		r.thread.expose()
	}
}

// views lists the messages that are open, in order.
func (r *readerPane) views() []*messageView {
	if r.thread != nil {
		return r.thread.views()
	}
	if r.single != nil {
		return []*messageView{r.single}
	}
	return nil
}

// Cover says whether the reader lies behind something: what nobody sees is not marked as read.
func (r *readerPane) Cover(on bool) {
	if r.covered == on {
		return
	}
	r.covered = on
	if on {
		r.KeepUnread()
		return
	}
	for _, m := range r.views() {
		if m.cancel == nil { // else that follows once it was read
			m.markLater()
		}
	}
}

// KeepUnread stops the clocks that mark as read: the user said otherwise.
func (r *readerPane) KeepUnread() {
	for _, m := range r.views() {
		m.KeepUnread()
	}
}

// Changed looks at the open messages again after a change in the store.
func (r *readerPane) Changed(c mail.Change) {
	if r.id == 0 || r.inside || len(r.rows) == 0 {
		return
	}
	about := c.Reload || len(c.Arrived) > 0
	ids := make([]mail.MessageID, len(r.rows))
	for i, row := range r.rows {
		ids[i] = row.ID
		about = about || contains(c.Messages, row.ID)
	}
	if !about {
		return
	}
	gen, chosen := r.gen, r.row(r.id)
	whole := r.env.prefs.Conversations() && chosen.Thread != 0
	folders := r.env.tree.Snapshot()
	r.env.loop.Go(func(ctx context.Context) func() {
		rows, err := r.env.store.Rows(ctx, ids)
		if whole && err == nil {
			if now, e := r.env.store.Row(ctx, chosen.ID); e == nil {
				rows, err = model.Conversation(ctx, r.env.store, now, folders)
			}
		}
		return func() {
			if gen == r.gen && err == nil {
				r.update(rows)
			}
		}
	})
}

// again opens the message that is shown anew, with its conversation or without.
func (r *readerPane) again() {
	if row := r.row(r.id); row.ID != 0 && !r.inside {
		r.leave()
		r.ShowMessage(row)
	}
}

func (r *readerPane) row(id mail.MessageID) mail.Row {
	for _, row := range r.rows {
		if row.ID == id {
			return row
		}
	}
	return mail.Row{}
}

// update takes the rows as they are now.
func (r *readerPane) update(rows []mail.Row) {
	// Marked as deleted by another program, a message is as gone as one that it removed.
	rows = slices.DeleteFunc(slices.Clone(rows), func(row mail.Row) bool { return row.Flags.Has(mail.FlagDeleted) })
	here := false
	for _, row := range rows {
		here = here || row.ID == r.id
	}
	switch {
	case !here:
		r.ShowEmpty()
	case r.single != nil && len(rows) == 1:
		r.rows = rows
		r.head.Show(rows, r.found.words)
		r.single.changed(rows[0])
	case r.thread != nil && (len(rows) > 1 || r.thread.answering()):
		r.rows = rows
		r.head.Show(rows, r.found.words)
		r.thread.update(rows)
	default: // a message became a conversation, or what is left of one is a message
		id := r.id
		r.leave()
		r.id = id
		r.showRows(rows)
	}
}

// ScrollPage moves the text by most of a page: 1 down, -1 up. It reports false at the end.
func (r *readerPane) ScrollPage(by float32) bool {
	return r.scroll.ScrollBy(by * (r.scroll.Size().Height - 40))
}

func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func firstOf(as []mail.Address) mail.Address {
	if len(as) == 0 {
		return mail.Address{}
	}
	return as[0]
}
