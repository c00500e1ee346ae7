package ui

import (
	"context"
	"image"
	"sort"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/compose"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// unsent shows drafts and messages of the outbox in the reader pane and does what can be done with them.
type unsent struct {
	env    *env
	reader *readerPane
	// openMail opens a message that is attached to one in the outbox.
	openMail func(reading mail.Opener, account mail.AccountID, a mail.Attachment)
	// leaving tells that what is selected is about to leave the list by the user's will; false: that failed.
	leaving func(yes bool)
	body    *readerBody            // of the page made last
	taken   map[mail.OutboxID]bool // that are just taken back for writing
}

// ShowDraft shows a draft as it was last saved, here or by another program.
func (u *unsent) ShowDraft(id mail.DraftID) { showUnsent(u, u.env.engine.OpenDraft, id, u.draft) }

// ShowOutbox shows a message on its way out, why it has not gone, and the ways on.
func (u *unsent) ShowOutbox(id mail.OutboxID) { showUnsent(u, u.readOutbox, id, u.outbox) }

// outgoing is a message of the outbox with what it says.
type outgoing struct {
	mail.OutboxItem
	reading mail.Opener
	content mail.Content
	err     error // why it cannot be read
}

func (u *unsent) readOutbox(ctx context.Context, id mail.OutboxID) (o outgoing, err error) {
	if o.OutboxItem, err = u.env.store.OutboxItem(ctx, id); err != nil {
		return o, err
	}
	if o.reading, o.err = u.env.engine.Unsent(ctx, id); o.err == nil {
		o.content, o.err = o.reading.Content(ctx, 0)
	}
	return o, nil
}

// showUnsent reads an item and shows it, unless the reader went on meanwhile or the item is gone.
func showUnsent[ID, Item any](u *unsent, read func(context.Context, ID) (Item, error), id ID, page func(Item) fyne.CanvasObject) {
	u.reader.leave()
	gen := u.reader.gen
	u.env.loop.Go(func(ctx context.Context) func() {
		it, err := read(ctx, id)
		return func() {
			switch {
			case gen != u.reader.gen:
			case err != nil:
				u.reader.ShowEmpty()
			default:
				o := page(it)
				u.reader.ShowOther(o, u.body.Clear)
			}
		}
	})
}

// date is a moment in the calendar of the language, and in the Gregorian one where that is another.
func (u *unsent) date(t time.Time) string {
	t = t.In(u.env.now().Location())
	return lang.Dots(lang.FullDate(t), lang.Other(t))
}

func (u *unsent) draft(d mail.Draft) fyne.CanvasObject {
	reading := draftReading{d, u.env.engine}
	edit := kit.NewButton(kit.Primary, lang.T("draft.edit"), icons.Pencil, func() { u.OpenDraft(d.ID) })
	edit.SetEnabled(u.env.open.Compose != nil)
	discard := kit.NewButton(kit.Danger, lang.T("draft.discard"), icons.Trash2, func() { u.DiscardDraft(d.ID) })
	words := lang.T("draft.saved", u.date(d.Modified))
	if d.Versions > 1 {
		words = lang.Dots(words, lang.N("draft.versions", d.Versions))
	}
	return u.page(d.Subject, namesOf(append(append(append([]mail.Address(nil), d.To...), d.Cc...), d.Bcc...)), words, nil, u.text(reading.content(), reading), edit, discard)
}

// page is the common look of something not sent yet.
func (u *unsent) page(subject, to, words string, banner, body fyne.CanvasObject, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	if subject = model.Visible(subject); subject == "" {
		subject = lang.T("list.no.subject")
	}
	if to == "" {
		to = lang.T("list.no.recipient")
	}
	head := kit.VBox(8,
		kit.NewLabel(subject, kit.Subject).Lines(4).Aligned(kit.AlignText).Selectable(),
		kit.NewLabel(lang.Dots(lang.T("reader.to", to), words), kit.Meta).Wrapped().Selectable(),
		kit.Flow(8, 8, buttons...))
	top := kit.VBox(0, kit.Pad(19, 26, 14, 26, head), kit.HLine())
	if banner != nil {
		top.Add(banner)
	}
	return kit.Border(top, nil, nil, nil, body)
}

// text is what a message says, in a scroll. reading opens its parts, nil when it has none. Pictures on the web are not asked for.
func (u *unsent) text(c mail.Content, reading mail.Opener) fyne.CanvasObject {
	text := newReaderBody(u.env, u.reader.look)
	u.body = text
	guard := &linkGuard{env: u.env, mailto: func(url string) { u.reader.OnMailto(url) }}
	column := kit.VBox(18, text.box)
	scroll := kit.NewScroll(kit.Pad(22, 26, 26, 26, column))
	text.changed = scroll.Refresh
	text.width = func() float32 { return u.reader.root.Size().Width - 2*26 }
	for _, s := range text.selections() {
		s.Scroll, s.OnLink, s.OnHover = scroll, guard.Open, guard.Over
	}
	if reading != nil {
		text.pictures = func(c mail.Content) pictureSource {
			return func(ctx context.Context) func(string) image.Image {
				return func(url string) image.Image { return embedded(ctx, reading, c, url) }
			}
		}
		files := newAttachmentBar(u.env, reading)
		files.changed = scroll.Refresh
		if _, draft := reading.(draftReading); !draft {
			files.openMail = func(a mail.Attachment) { u.openMail(reading, c.Row.Account, a) }
		}
		files.Show(0, c.Attachments)
		column.Add(files.frame)
	}
	text.Show(c)
	guard.Read(pick(text.Mode() == asDesigned, c.HTML, ""))
	return scroll
}

func (u *unsent) open(d mail.Draft) {
	if u.env.open.Compose != nil {
		u.env.open.Compose(d)
	}
}

// OpenDraft reads a draft and opens it for writing.
func (u *unsent) OpenDraft(id mail.DraftID) {
	u.env.loop.Go(func(ctx context.Context) func() {
		d, err := u.env.engine.OpenDraft(ctx, id)
		return func() {
			if err != nil {
				u.env.fail(lang.T("fail.draft"), err)
				return
			}
			u.open(d)
		}
	})
}

// EditStored opens a message of a Drafts folder for writing.
func (u *unsent) EditStored(id mail.MessageID) {
	u.env.loop.Go(func(ctx context.Context) func() {
		d, err := u.env.engine.EditDraft(ctx, id)
		return func() {
			if err != nil {
				u.env.fail(lang.T("fail.draft"), err)
				return
			}
			u.open(d)
		}
	})
}

func (u *unsent) outbox(o outgoing) fyne.CanvasObject {
	it := o.OutboxItem
	again := kit.NewButton(kit.Primary, lang.T("outbox.send.now"), icons.Send, func() { u.SendNow(it.ID) })
	edit := kit.NewButton(kit.Outline, lang.T("draft.edit"), icons.Pencil, func() { u.EditOutbox(it.ID) })
	edit.SetEnabled(u.env.open.Compose != nil)
	discard := kit.NewButton(kit.Danger, lang.T("draft.discard"), icons.Trash2, func() { u.DiscardOutbox(it.ID) })
	when := kit.NewButton(kit.Outline, lang.T("outbox.when"), icons.Clock, func() { u.Reschedule(it) })
	state := outboxWords(it, u.env.now())
	level := kit.LevelInfo
	buttons := []fyne.CanvasObject{again, edit, discard}
	if it.State == mail.OutboxQueued {
		buttons = []fyne.CanvasObject{again, when, edit, discard}
	}
	switch it.State {
	case mail.OutboxFailed:
		level = kit.LevelError
	case mail.OutboxPartly:
		level = kit.LevelWarning
		again.SetText(lang.N("outbox.send.refused", len(it.Refused)))
		edit.SetText(lang.N("outbox.edit.refused", len(it.Refused)))
	case mail.OutboxUncertain:
		level = kit.LevelWarning
		buttons = append(u.inDoubt(it), edit, discard)
	case mail.OutboxSending, mail.OutboxSent:
		buttons = nil
	}
	var to []mail.Address
	for _, a := range it.Rcpt {
		to = append(to, mail.Address{Addr: a})
	}
	top := kit.VBox(0, kit.NewBanner(level, icons.Send, state))
	if refused := refusals(it); refused != "" {
		top.Add(kit.Pad(12, 26, 0, 26, kit.NewLabel(refused, kit.DangerText).Wrapped().Selectable()))
	}
	if o.err != nil {
		top.Add(kit.NewBanner(kit.LevelError, icons.CircleAlert, lang.T("reader.unreadable")+" "+lang.ErrorWords(o.err)))
	}
	return u.page(it.Subject, namesOf(to), u.date(it.Created), top, u.text(o.content, o.reading), buttons...)
}

// inDoubt are the ways on of a message that may have arrived. What does no harm comes first: to look into Sent on the server, where
// there is one. A second sending is asked about.
func (u *unsent) inDoubt(it mail.OutboxItem) []fyne.CanvasObject {
	arrived := kit.NewButton(kit.Primary, lang.T("outbox.arrived"), icons.CircleCheck, func() { u.Arrived(it.ID) })
	again := kit.NewButton(kit.Outline, lang.T("outbox.send.again"), icons.Send, func() { u.SendNow(it.ID) })
	if acc, _ := u.env.tree.Account(it.Account); acc.Protocol != mail.IMAP {
		return []fyne.CanvasObject{arrived, again}
	}
	arrived.SetKind(kit.Outline)
	check := kit.NewButton(kit.Primary, lang.T("outbox.check"), icons.RefreshCw, func() { u.env.engine.GetMail(it.Account) })
	return []fyne.CanvasObject{check, arrived, again}
}

// refusals lists who did not get the message and what the server said.
func refusals(it mail.OutboxItem) string {
	var lines []string
	for addr, why := range it.Refused {
		p := mail.StoredProblem(why)
		words := lang.ProblemWords(p, "")
		if advice := lang.ProblemAdvice(p); advice != "" {
			words = lang.T("problem.with.advice", words, advice)
		}
		lines = append(lines, lang.T("outbox.refused", addr, words))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// SendNow sends items of the outbox now. Where one may have arrived already, it asks first.
func (u *unsent) SendNow(ids ...mail.OutboxID) {
	u.env.loop.Go(func(ctx context.Context) func() {
		doubt := false
		for _, id := range ids {
			it, err := u.env.store.OutboxItem(ctx, id)
			if err != nil {
				return func() { u.env.fail(lang.T("fail.outbox"), err) }
			}
			doubt = doubt || it.State == mail.OutboxUncertain
		}
		return func() {
			if !doubt {
				u.retry(ids...)
				return
			}
			kit.Confirm(u.env.win, lang.T("outbox.send.again.title"), lang.T("outbox.send.again.ask"), lang.T("outbox.send.again"), true, func() { u.retry(ids...) })
		}
	})
}

func (u *unsent) retry(ids ...mail.OutboxID) {
	u.settle(func(ctx context.Context) error {
		for _, id := range ids {
			if err := u.env.engine.RetryOutbox(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Arrived takes the user's word that a message in doubt was delivered.
func (u *unsent) Arrived(id mail.OutboxID) {
	u.settle(func(ctx context.Context) error { return u.env.engine.Arrived(ctx, id) })
}

// Reschedule asks for another moment to send a waiting message at.
func (u *unsent) Reschedule(it mail.OutboxItem) {
	compose.AskTime(u.env.win, compose.SendLater(), u.env.now(), it.NotBefore, func(at time.Time) {
		u.settle(func(ctx context.Context) error { return u.env.engine.RescheduleOutbox(ctx, it.ID, at) })
	})
}

// EditOutbox takes an unsent message back and opens it for writing. Pressed again meanwhile it does nothing: the message is in no outbox by then.
func (u *unsent) EditOutbox(id mail.OutboxID) {
	if u.taken[id] {
		return
	}
	u.taken[id] = true
	u.env.loop.Serial(func(ctx context.Context) func() {
		d, err := u.env.engine.OutboxToDraft(ctx, id)
		return func() {
			delete(u.taken, id)
			if err != nil {
				u.env.fail(lang.T("fail.outbox"), err)
				return
			}
			u.open(d)
		}
	})
}

func (u *unsent) settle(do func(ctx context.Context) error) {
	u.env.loop.Serial(func(ctx context.Context) func() {
		if err := do(ctx); err != nil {
			return func() { u.env.fail(lang.T("fail.outbox"), err) }
		}
		return nil
	})
}
