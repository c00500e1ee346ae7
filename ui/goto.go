package ui

import (
	"context"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Go turns to a place.
func (w *MainWindow) Go(p model.Place) {
	w.before.coming, w.before.then = false, nil
	if p.Kind != model.PlaceSearch {
		w.search.wait(nil)
		w.search.Show("")
	}
	if p == w.list.place {
		return
	}
	if p.Kind != model.PlaceSearch && w.list.place.Kind != model.PlaceSearch {
		w.list.view.filter = model.FilterAll // what narrows one folder is seldom wanted in the next
	}
	w.list.Show(p, nil)
	w.folders.Select(p)
	w.remember()
	w.look(p)
}

// goTo turns to a message in its folder, whatever the list was narrowed to; id 0 only to the folder.
func (w *MainWindow) goTo(f mail.FolderID, id mail.MessageID) {
	w.search.wait(nil)
	w.search.Show("")
	w.search.wait(nil) // nothing was typed
	place := model.Place{Kind: model.PlaceFolder, Folder: f}
	w.list.view.filter = model.FilterAll
	w.list.Show(place, func() {
		w.folders.Select(w.list.place)
		if id != 0 && w.list.place == place {
			w.list.selectMessage(id, func(ok bool) {
				if ok {
					w.one.Open()
				}
			})
		}
	})
	w.remember()
}

// look lets the engine know which folder is looked at. When that fails the folder is checked with the others, as ever.
func (w *MainWindow) look(p model.Place) {
	if p.Kind != model.PlaceFolder {
		return
	}
	w.env.loop.Go(func(ctx context.Context) func() {
		_ = w.env.engine.Look(ctx, p.Folder)
		return nil
	})
}

// view changes filter or order of the list.
func (w *MainWindow) view(v listView) {
	w.list.View(v)
	w.remember()
}

// selected shows in the reader what is selected in the list.
func (w *MainWindow) selected(ids []mail.MessageID, row mail.Row) {
	w.tools.Update(w)
	w.reader.Searched(searchedIn(w.list.place))
	w.opening++
	if len(ids) != 1 {
		w.one.Leave()
	}
	switch {
	case len(ids) == 0:
		w.reader.ShowEmpty()
	case len(ids) > 1 && w.list.place.Messages():
		w.reader.ShowOther(summaryPane(len(w.list.Selected()), w.summaryCommands(), w.run), nil)
	case len(ids) > 1:
		w.reader.ShowEmpty()
	case w.list.place.Kind == model.PlaceDrafts:
		if id, ok := model.DraftOf(ids[0]); ok {
			w.unsent.ShowDraft(id)
		} else if row.Folder != 0 {
			w.reader.ShowMessage(row)
		}
	case w.list.place.Kind == model.PlaceOutbox:
		w.unsent.ShowOutbox(mail.OutboxID(ids[0]))
	case row.Group != nil:
		w.openConversation(row.Group, row.ID)
	default:
		w.reader.ShowMessage(row)
	}
}

// openConversation shows the conversation of a row in the reader: at the oldest unread message, else at the newest.
func (w *MainWindow) openConversation(g *mail.Group, newest mail.MessageID) {
	id := newest
	if g.FirstUnread != 0 {
		id = g.FirstUnread
	}
	opening := w.opening
	w.env.loop.Go(func(ctx context.Context) func() {
		row, err := w.env.store.Row(ctx, id)
		return func() {
			switch {
			case opening != w.opening: // something else was selected since
			case err != nil:
				w.fail(lang.T("fail.list"), err)
			default:
				w.reader.ShowMessage(row)
			}
		}
	})
}

func (w *MainWindow) summaryCommands() []*command {
	var out []*command
	for _, id := range []string{"archive", "delete", "move", "tag", "read", "junk"} {
		out = append(out, w.byID[id])
	}
	return out
}

// refreshUnsent shows the selected draft or outbox item again after it changed.
func (w *MainWindow) refreshUnsent() {
	ids := w.list.Selected()
	if len(ids) != 1 {
		return
	}
	if _, own := model.DraftOf(ids[0]); own || w.list.place.Kind == model.PlaceOutbox { // a message is refreshed as everywhere
		w.selected(ids, mail.Row{ID: ids[0]})
	}
}

// openSelected opens a draft for writing, and a message in a window of its own; where the list covers the reader, there first.
func (w *MainWindow) openSelected() {
	ids := w.list.Selected()
	if w.list.SelectedCount() != 1 {
		return
	}
	switch w.list.place.Kind {
	case model.PlaceDrafts:
		if id, ok := model.DraftOf(ids[0]); ok {
			w.unsent.OpenDraft(id)
		} else {
			w.unsent.EditStored(ids[0])
		}
	case model.PlaceOutbox:
		w.unsent.EditOutbox(mail.OutboxID(ids[0]))
	default:
		if w.one.Open() {
			return
		}
		if t := w.reader.thread; t != nil && !t.items[t.cur].open {
			t.Toggle()
			return
		}
		row := w.oneRow()
		if w.env.isDraft(row) {
			w.unsent.EditStored(row.ID)
		} else if row.ID != 0 {
			w.openMessage(row)
		}
	}
}

// selectAll selects what is seen: the messages of the list, or the text of the one over it.
func (w *MainWindow) selectAll() {
	if w.one.reading {
		w.reader.SelectAll()
		return
	}
	w.list.list.SelectAll()
}

// pageDown reads on: a page of the open message, then the next message.
func (w *MainWindow) pageDown() {
	if w.in != nil {
		w.in.ScrollPage(1)
		return
	}
	if w.one.Open() {
		return
	}
	if w.one.Covered() || w.reader.Message() == 0 || !w.reader.ScrollPage(1) {
		w.list.Step(1)
	}
}

// escape goes one step back: from a message to the list that it covers, out of a search, out of a selection of many.
func (w *MainWindow) escape() {
	switch {
	case w.one.reading && !w.reader.find.Shown():
		kit.HideToast(w.env.win)
		w.one.Back()
	case w.list.place.Kind == model.PlaceSearch && !w.one.reading:
		w.search.Clear()
		w.list.list.Focus()
	case w.reader.find.Shown():
		w.reader.find.Close()
	case w.list.SelectedCount() > 1:
		if at := w.list.list.Cursor(); at >= 0 {
			w.list.list.Select(at)
			w.list.userSelected()
		}
	default:
		kit.HideToast(w.env.win)
		w.list.list.Focus()
	}
}

// nextPane moves the keyboard from the folders to the list (or the message over it), to the search box and back.
func (w *MainWindow) nextPane() {
	switch {
	case w.one.reading && w.search.entry.Focused():
		w.env.win.Canvas().Unfocus()
	case w.one.reading:
		w.search.Focus()
	case w.folders.tree.Focused():
		w.list.list.Focus()
	case w.list.list.Focused():
		w.search.Focus()
	case !w.folders.content.Visible():
		w.list.list.Focus()
	default:
		w.folders.tree.Focus()
	}
}

func (w *MainWindow) getMail() {
	if f, ok := w.env.tree.Folder(w.list.place.Folder); ok {
		w.env.engine.GetMail(f.Account)
		return
	}
	w.env.engine.GetMail()
}

func (w *MainWindow) saveAttachments() { w.pane().Current().parts.saveAll() }

func (w *MainWindow) showActivity() { w.activity.Show() }

// showOutbox shows what waits to be sent, in front.
func (w *MainWindow) showOutbox() {
	w.env.win.RequestFocus()
	w.Go(model.Place{Kind: model.PlaceOutbox})
}

// showMessage shows a message in its folder, in front.
func (w *MainWindow) showMessage(id mail.MessageID) {
	w.env.loop.Go(func(ctx context.Context) func() {
		row, err := w.env.store.Row(ctx, id)
		return func() {
			if err != nil {
				w.fail(lang.T("fail.folders"), err)
				return
			}
			w.env.win.RequestFocus()
			w.goTo(row.Folder, id)
		}
	})
}

func (w *MainWindow) showHelp() { showHelp(w.env.win, w.commands) }

func (w *MainWindow) accountsMenu() { w.gearMenu(w.tools.gear) }

func (w *MainWindow) toggleOffline() {
	w.offline = !w.offline
	w.env.engine.SetOnline(!w.offline)
	kit.ShowToast(w.env.win, lang.T(pick(w.offline, "offline.on", "offline.off")), toastTime)
}

func (w *MainWindow) toggleCompact() {
	p := w.env.prefs
	p.Compact = !p.Compact
	w.setPrefs(p)
}

// toggleGrouped turns lists of messages into lists of conversations, and back; what searches find by itself.
func (w *MainWindow) toggleGrouped() {
	p := w.env.prefs
	if w.list.place.Kind == model.PlaceSearch {
		p.Threads = !p.Threads
	} else {
		p.Grouped = !p.Grouped
	}
	w.setPrefs(p)
}

func (w *MainWindow) showSettings() { showSettings(w.env, w.setPrefs) }

// setPrefs takes the user's choices: they show at once and are saved.
func (w *MainWindow) setPrefs(p model.Prefs) {
	was := w.env.prefs
	w.env.prefs = p
	w.env.loop.Serial(func(ctx context.Context) func() {
		if err := model.SavePrefs(ctx, w.deps.Store, p); err != nil {
			return func() { w.fail(lang.T("fail.settings"), err) }
		}
		return nil
	})
	if p.Compact != was.Compact {
		w.list.SetCompact()
	}
	if p.Grouped != was.Grouped || p.Threads != was.Threads {
		w.list.Regroup()
	}
	w.readersFollow(was)
	applyPrefs(p) // a change of language comes back through rebuild
}

// copyText copies what is selected in the open message.
func (w *MainWindow) copyText() {
	if s := w.pane().SelectedText(); s != "" {
		w.env.app.Clipboard().SetContent(s)
	}
}
