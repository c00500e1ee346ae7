package ui

import (
	"context"
	"errors"
	"slices"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// run carries out a command, if it can be done now.
func (w *MainWindow) run(c *command) { w.carryOut(c, nil, nil) }

// possible lists the commands that can be done now, for the search box: also what can be done with what was selected when its search began.
func (w *MainWindow) possible() []*command {
	before := w.list.place.Kind == model.PlaceSearch && w.list.SelectedCount() == 0
	var out []*command
	for _, c := range w.commands {
		if c.icon != "" && (c.when == nil || c.when(w) || before && slices.Contains(w.before.can, c)) {
			out = append(out, c)
		}
	}
	return out
}

// The conditions of commands.

func (w *MainWindow) oneSelected() bool {
	return w.on != nil || w.list.SelectedCount() == 1 && w.list.place.Messages()
}
func (w *MainWindow) someSelected() bool {
	return len(w.chosen()) > 0 && (w.on != nil || w.list.place.Messages())
}
func (w *MainWindow) anySelected() bool { return len(w.chosen()) > 0 }
func (w *MainWindow) hasAccounts() bool { return len(w.env.tree.Accounts()) > 0 }

// receives reports whether any account receives mail.
func (w *MainWindow) receives() bool {
	return slices.ContainsFunc(w.env.tree.Accounts(), func(a mail.Account) bool { return !a.Local() })
}

func (w *MainWindow) canCompose() bool { return w.hasAccounts() && w.env.open.Compose != nil }
func (w *MainWindow) inFolder() bool   { return w.list.place.Kind == model.PlaceFolder }
func (w *MainWindow) hasAttachments() bool {
	m := w.pane().Current()
	return m != nil && m.parts.Count() > 0
}

// ofList reports whether the open message came from a list that takes answers.
func (w *MainWindow) ofList() bool {
	m := w.pane().Current()
	return w.oneSelected() && m != nil && model.ListAnswers(m.content.Headers)
}
func (w *MainWindow) inJunk() bool { return roleOf(w.list.place, w.env.tree) == mail.RoleJunk }

// allSelected reports whether every selected message (that is in memory) has a property.
func (w *MainWindow) allSelected(has func(mail.Row) bool) bool {
	rows := w.chosenRows()
	for _, r := range rows {
		if !has(r) {
			return false
		}
	}
	return len(rows) > 0
}

// act carries out an action on the selected messages.
func (w *MainWindow) act(a mail.Action) {
	a.Messages = w.chosen()
	w.do(a)
}

// do carries out an action on messages and shows what it will do at once.
func (w *MainWindow) do(a mail.Action) { w.doSaying(a, saying{}) }

// doSaying is do with words of its own.
func (w *MainWindow) doSaying(a mail.Action, s saying) {
	if len(a.Messages) == 0 {
		return
	}
	if w.takesAway(a.Kind) && sameSet(a.Messages, w.list.Selected()) {
		if w.list.leaving {
			return // a key that is held, or a second click: the list is not without them yet
		}
		w.list.Leaving(true)
	}
	if a.Kind == mail.ActUnread {
		w.reader.KeepUnread()
	}
	w.list.Expect(a)
	w.env.act.DoSaying(a, s)
}

// sameSet reports whether two lists name the same messages.
func sameSet(a, b []mail.MessageID) bool {
	if len(a) != len(b) || slices.Equal(a, b) {
		return len(a) == len(b)
	}
	in := make(map[mail.MessageID]bool, len(a))
	for _, id := range a {
		in[id] = true
	}
	return !slices.ContainsFunc(b, func(id mail.MessageID) bool { return !in[id] })
}

func (w *MainWindow) archive() { w.act(mail.Action{Kind: mail.ActArchive}) }

// delete moves to Trash; in Trash it is for good and asks first. Drafts and outbox items are discarded.
func (w *MainWindow) delete() {
	ids := w.list.Selected()
	switch {
	case w.on != nil || w.list.place.Messages():
		w.discard(w.chosen(), w.chosenRows())
	case w.list.leaving: // pressed again
	case w.list.place.Kind == model.PlaceDrafts:
		w.discardDrafts(ids)
	default:
		w.unsent.DiscardOutbox(convert[mail.OutboxID](ids)...)
	}
}

// discardDrafts throws drafts of this computer away, and moves those of Drafts folders to Trash.
func (w *MainWindow) discardDrafts(keys []mail.MessageID) {
	var own []mail.DraftID
	var stored []mail.MessageID
	for _, key := range keys {
		if id, ok := model.DraftOf(key); ok {
			own = append(own, id)
		} else {
			stored = append(stored, key)
		}
	}
	if len(stored) > 0 {
		w.do(mail.Action{Kind: mail.ActDelete, Messages: stored, Spare: true})
	}
	if len(own) > 0 {
		w.unsent.DiscardDraft(own...)
	}
}

// discard moves messages to Trash. Where they lie there already, in whatever list they are seen, it asks whether they are to go for good; those among
// others stay: what is pressed twice must not delete for good what it moved to Trash the first time. rows are those of the messages that are known.
func (w *MainWindow) discard(ids []mail.MessageID, rows []mail.Row) {
	if w.trashed(rows) {
		w.askDestroy(ids)
		return
	}
	w.do(mail.Action{Kind: mail.ActDelete, Messages: ids, Spare: true})
}

// trashed reports whether all rows lie in Trash.
func (w *MainWindow) trashed(rows []mail.Row) bool {
	for _, r := range rows {
		if f, _ := w.env.tree.Folder(r.Folder); f.Role != mail.RoleTrash {
			return false
		}
	}
	return len(rows) > 0
}

func convert[T ~int64](ids []mail.MessageID) []T {
	out := make([]T, len(ids))
	for i, id := range ids {
		out[i] = T(id)
	}
	return out
}

func (w *MainWindow) destroy() { w.askDestroy(w.chosen()) }

// rowsOf are the rows that are known of chosen messages.
func (w *MainWindow) rowsOf(ids []mail.MessageID) (out []mail.Row) {
	chosen := make(map[mail.MessageID]bool, len(ids))
	for _, id := range ids {
		chosen[id] = true
	}
	for _, r := range w.chosenRows() {
		for _, id := range r.Members() {
			if chosen[id] {
				m := r
				m.ID = id
				out = append(out, m)
			}
		}
	}
	return out
}

// askDestroy deletes messages for good when the user says so. The window of a message closes then.
func (w *MainWindow) askDestroy(ids []mail.MessageID) {
	r := w.pane()
	kit.Confirm(r.env.win, lang.T("cmd.destroy"), destroyWords(w.env.tree, w.rowsOf(ids), len(ids)), lang.T("destroy.do"), true, func() {
		w.do(mail.Action{Kind: mail.ActDestroy, Messages: ids})
		w.closeReader(r)
	})
}

func (w *MainWindow) junk() {
	w.act(mail.Action{Kind: pick(w.inJunk(), mail.ActNotJunk, mail.ActJunk)})
}

func (w *MainWindow) star() {
	w.act(mail.Action{Kind: pick(w.allSelected(mail.Row.Starred), mail.ActUnstar, mail.ActStar)})
}

func (w *MainWindow) toggleRead() {
	w.act(mail.Action{Kind: pick(w.allSelected(func(r mail.Row) bool { return !r.Unread() }), mail.ActUnread, mail.ActRead)})
}

func (w *MainWindow) readAll() {
	f, ok := w.env.tree.Folder(w.list.place.Folder)
	if ok {
		w.env.act.Do(mail.Action{Kind: mail.ActReadAll, Account: f.Account, Folder: f.ID})
	}
}

// rowCommand carries out a button of a row, on that row alone.
func (w *MainWindow) rowCommand(id string, r mail.Row) {
	a := mail.Action{Messages: r.Members()}
	switch id {
	case "star":
		a.Kind = pick(r.Starred(), mail.ActUnstar, mail.ActStar)
	case "read":
		a.Kind = pick(r.Unread(), mail.ActRead, mail.ActUnread)
	case "archive":
		a.Kind = mail.ActArchive
	case "delete":
		w.discard(a.Messages, []mail.Row{r})
		return
	}
	w.do(a)
}

func (w *MainWindow) move()   { w.pick(mail.ActMove, lang.T("pick.move")) }
func (w *MainWindow) copyTo() { w.pick(mail.ActCopy, lang.T("pick.copy")) }

func (w *MainWindow) pick(kind mail.ActionKind, title string) {
	ids := w.chosen()
	pickFolder(w.env, title, w.recent, 0, w.list.place.Folder, func(f mail.Folder) { w.moveTo(kind, ids, f) })
}

func (w *MainWindow) moveTo(kind mail.ActionKind, ids []mail.MessageID, f mail.Folder) {
	w.recent.use(f.ID)
	w.do(mail.Action{Kind: kind, Messages: ids, Folder: f.ID})
}

// maxTagged is of how many messages the tags that they have are shown.
const maxTagged = 500

// tag asks for tags of the selected messages.
func (w *MainWindow) tag() {
	ids := w.chosen()
	w.env.loop.Go(func(ctx context.Context) func() {
		known, err := w.env.store.Tags(ctx)
		// The messages, not the rows of the list: a row may stand for several.
		rows, rerr := w.env.store.Rows(ctx, ids[:min(len(ids), maxTagged)])
		err = errors.Join(err, rerr)
		return func() {
			if err != nil {
				w.fail(lang.T("fail.tags"), err)
			}
			askTags(w.env, known, rows, func(add, remove []mail.Flag) {
				if len(add) > 0 {
					w.do(mail.Action{Kind: mail.ActTag, Messages: ids, Tags: add})
				}
				if len(remove) > 0 {
					w.do(mail.Action{Kind: mail.ActUntag, Messages: ids, Tags: remove})
				}
			})
		}
	})
}

// acted is called after an action of the user was carried out here: a toast says so and offers to take it back.
func (w *MainWindow) acted(a mail.Action, g mail.GroupID, s saying) {
	if a.Kind == mail.ActDropFolder || a.Kind == mail.ActDestroyFolder {
		w.leaveFolder(a.Folder)
	}
	if w.takesAway(a.Kind) {
		w.list.Acted()
	}
	n := len(a.Messages)
	id, words := "did."+string(a.Kind), s.words
	switch {
	case g == 0 && leaves(a.Kind):
		return // they are where they were to go
	case words != "":
	case !lang.Has(id) || (a.Kind == mail.ActRead || a.Kind == mail.ActUnread) && n < 2:
		return
	case a.Kind == mail.ActMove || a.Kind == mail.ActCopy:
		f, _ := w.env.tree.Folder(a.Folder)
		words = lang.N(id, n, folderTitle(f))
	default:
		words = lang.N(id, n)
	}
	var undo []kit.Action
	if g != 0 && !s.final && a.Kind != mail.ActDestroy && a.Kind != mail.ActEmptyTrash {
		undo = append(undo, kit.Action{Text: lang.T("cmd.undo"), Do: func() { w.env.act.UndoGroup(g) }})
	}
	kit.ShowToast(w.env.win, words, toastTime, undo...)
}

func (w *MainWindow) undone(kind mail.ActionKind) {
	words := lang.T(pick(kind == "", "undo.nothing", "undo.done"))
	if id := "undone." + string(kind); lang.Has(id) {
		words = lang.T(id) // what it was, for it may have been another thing than the one in mind
	}
	kit.ShowToast(w.env.win, words, toastTime)
	w.activity.Toast(words)
}

// actionMissed is called when another program had removed all that an action was about: the list shows it.
func (w *MainWindow) actionMissed() {
	w.list.Leaving(false)
	w.list.Refresh()
}

func (w *MainWindow) actionFailed(a mail.Action, err error) {
	w.actionMissed()
	w.fail(lang.T("fail.action"), err)
}

// The verbs of writing.

func (w *MainWindow) compose() {
	account := mail.AccountID(0)
	if f, ok := w.env.tree.Folder(w.list.place.Folder); ok {
		account = f.Account
	} else if as := w.env.tree.Accounts(); len(as) > 0 {
		account = as[0].ID
	}
	w.draft(func(ctx context.Context) (mail.Draft, error) { return w.env.engine.NewDraft(ctx, account) })
}

func (w *MainWindow) reply()           { w.answer(mail.ReplySender) }
func (w *MainWindow) replyAll()        { w.answer(mail.ReplyAll) }
func (w *MainWindow) replyList()       { w.answer(mail.ReplyList) }
func (w *MainWindow) forward()         { w.answer(mail.ForwardInline) }
func (w *MainWindow) forwardAttached() { w.answer(mail.ForwardAttached) }
func (w *MainWindow) asNew()           { w.answer(mail.AsNew) }
func (w *MainWindow) redirect()        { w.answer(mail.Redirect) }

func (w *MainWindow) answer(kind mail.ReplyKind) {
	id, code := w.chosen()[0], lang.Current().Code
	w.draft(func(ctx context.Context) (mail.Draft, error) { return w.env.engine.Reply(ctx, id, kind, code) })
}

func (w *MainWindow) mailto(url string) {
	w.draft(func(ctx context.Context) (mail.Draft, error) { return w.env.engine.Mailto(ctx, url) })
}

// draft prepares a draft off the UI thread and opens it.
func (w *MainWindow) draft(make func(ctx context.Context) (mail.Draft, error)) {
	if w.env.open.Compose == nil {
		return
	}
	w.env.loop.Go(func(ctx context.Context) func() {
		d, err := make(ctx)
		return func() {
			if err != nil {
				w.fail(lang.T("fail.compose"), err)
				return
			}
			w.env.open.Compose(d)
		}
	})
}

func firstRow(rows []mail.Row) mail.Row {
	if len(rows) == 0 {
		return mail.Row{}
	}
	return rows[0]
}
