package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// menu makes menu lines of commands; "" is a separator.
func (w *MainWindow) menu(ids ...string) []*kit.MenuItem {
	var out []*kit.MenuItem
	for _, id := range ids {
		if id == "" {
			out = append(out, kit.MenuLine())
			continue
		}
		c := w.byID[id]
		on, in := w.on, w.in // a menu of one message stays with it
		m := kit.Item(w.commandTitle(c), c.icon, func() { w.carryOut(c, on, in) }).With(c.keyText())
		m.Disabled = c.when != nil && !c.when(w)
		switch id {
		case "destroy":
			m.Danger = true
		case "snooze":
			if !m.Disabled {
				m.Text, m.Shortcut, m.Sub = strings.TrimSuffix(m.Text, "…"), "", w.snoozeItems() // the arrow stands there
			}
		case "oldest":
			m.Checked = w.list.view.order.Reverse
		case "sortdate", "sortsender", "sortsubject", "sortsize", "sortattached":
			m.Checked = w.list.view.order.By == sortingOf(id)
		case "compact":
			m.Checked = w.env.prefs.Compact
		case "listen":
			f, _ := w.shownListenable()
			m.Checked = f.Listen
		case "grouped":
			m.Checked = pick(w.list.place.Kind == model.PlaceSearch, w.env.prefs.Threads, w.env.prefs.Grouped)
		case "offline":
			m.Checked = w.offline
		}
		out = append(out, m)
	}
	return out
}

// commandTitle is the name of a command for what is selected now: "Star" or "Remove star".
func (w *MainWindow) commandTitle(c *command) string {
	switch c.id {
	case "oldest":
		return lang.T(pick(w.list.view.order.By == model.SortDate, "cmd.oldest", "cmd.reverse"))
	case "star":
		return lang.T(pick(w.allSelected(mail.Row.Starred), "cmd.unstar", "cmd.star"))
	case "read":
		return lang.T(pick(w.allSelected(func(r mail.Row) bool { return !r.Unread() }), "cmd.unread", "cmd.markread"))
	case "junk":
		return lang.T(pick(w.inJunk(), "cmd.notjunk", "cmd.junk"))
	}
	return c.title()
}

// messageMenu is the context menu of the selected messages.
func (w *MainWindow) messageMenu(pos fyne.Position) {
	if !w.list.place.Messages() {
		w.unsentMenu(pos)
		return
	}
	ids := []string{"reply", "replyall", "forward", "forwardattached", "redirect", "asnew", "", "archive", "delete", "junk", "move", "copy", "tag", "snooze", "", "star", "read", "", "savemessage", "print", "pdf", "source", "openwindow", "", "destroy"}
	switch {
	case w.list.isUnfolded(firstRow(w.list.SelectedRows())):
		ids = append([]string{"collapse", ""}, ids...)
	case w.list.canUnfold(true):
		ids = append([]string{"expand", ""}, ids...)
	}
	if w.snoozedSelected() {
		ids = append([]string{"unsnooze", ""}, ids...)
	}
	kit.ShowMenu(w.env.win.Canvas(), pos, w.menu(ids...)...)
}

// unsentMenu is the context menu of drafts and of the outbox.
func (w *MainWindow) unsentMenu(pos fyne.Position) {
	items := []*kit.MenuItem{kit.Item(lang.T("draft.edit"), icons.Pencil, w.openSelected)}
	items[0].Disabled = len(w.list.Selected()) != 1 || w.env.open.Compose == nil
	if w.list.place.Kind == model.PlaceOutbox {
		items = append(items, kit.Item(lang.T("outbox.send.now"), icons.Send, func() {
			var ids []mail.OutboxID
			for _, id := range w.list.Selected() {
				ids = append(ids, mail.OutboxID(id))
			}
			w.unsent.SendNow(ids...)
		}))
	}
	del := kit.Item(lang.T("draft.discard"), icons.Trash2, w.delete).With("Del")
	del.Danger = true
	kit.ShowMenu(w.env.win.Canvas(), pos, append(items, kit.MenuLine(), del)...)
}

// moreMenu is the menu behind the dots of an open message.
func (w *MainWindow) moreMenu() []*kit.MenuItem {
	return w.menu("replyall", "replylist", "forward", "forwardattached", "redirect", "asnew", "", "archive", "junk", "move", "tag", "snooze", "read", "", "saveall", "savemessage", "print", "pdf", "openwindow", "", "delete")
}

// gearMenu is the menu of the window.
func (w *MainWindow) gearMenu(below fyne.CanvasObject) {
	items := w.menu("settings")
	for _, a := range w.env.tree.Accounts() {
		if w.env.open.EditAccount == nil {
			break
		}
		items = append(items, kit.Item(settingsWords(a), icons.User, func() { w.env.open.EditAccount(a.ID) }))
	}
	items = append(items, w.menu("addaccount", "", "importmail", "exportmail", "", "sort", "grouped", "compact", "offline", "stop", "", "activity", "help", "", "quit")...)
	kit.ShowMenuBelow(below, items...)
}

// placesMenu lists what the folder pane does, where that has no room.
func (w *MainWindow) placesMenu(below fyne.CanvasObject) { kit.ShowMenuBelow(below, w.places()...) }

func (w *MainWindow) places() (items []*kit.MenuItem) {
	for _, r := range w.env.tree.AllRows() {
		n := w.folders.node(r)
		if r.Heading && len(items) > 0 {
			items = append(items, kit.MenuLine())
		}
		title := strings.Repeat("\u2003", r.Depth) + n.Text
		it := kit.Item(title, pick(r.Heading, "", n.Icon), func() { w.openPlace(r.Place) }).Enabled(!r.Heading && !r.Dimmed)
		if n.Count > 0 {
			it.Shortcut = lang.Num(n.Count)
		}
		it.Checked = !r.Heading && r.Place == w.list.place
		items = append(items, it)
	}
	return items
}

// sortMenu offers the orders of the list.
func (w *MainWindow) sortMenu() {
	var items []*kit.MenuItem
	for _, id := range []string{"sortdate", "sortsender", "sortsubject", "sortsize", "sortattached"} {
		items = append(items, w.menu(id)...)
	}
	kit.ShowMenuBelow(w.tools.gear, append(items, w.menu("", "oldest")...)...)
}

// sortBy puts the list into an order; the one that it is in already turns around.
func (w *MainWindow) sortBy(by model.Sorting) {
	w.view(listView{w.list.view.filter, model.Order{By: by, Reverse: w.list.view.order.By == by && !w.list.view.order.Reverse}})
}

// folderMenu is the context menu of a row of the folder pane.
func (w *MainWindow) folderMenu(r model.TreeRow, pos fyne.Position) {
	var items []*kit.MenuItem
	f, ok := w.env.tree.Folder(r.Place.Folder)
	switch {
	case r.Heading && r.Account != 0:
		items = w.accountItems(r.Account)
	case r.Place.Kind == model.PlaceFolder && ok:
		items = w.folderItems(f)
	case r.Place.Kind == model.PlaceSearch:
		items = w.saved.Items(r.Place.Search)
	case r.Place.Kind != "":
		items = []*kit.MenuItem{kit.Item(lang.T("cmd.getmail"), icons.RefreshCw, w.getMail)}
	}
	if len(items) > 0 {
		kit.ShowMenu(w.env.win.Canvas(), pos, items...)
	}
}

func (w *MainWindow) accountItems(id mail.AccountID) []*kit.MenuItem {
	items := []*kit.MenuItem{kit.Item(lang.T("cmd.getmail"), icons.RefreshCw, func() { w.env.engine.GetMail(id) })}
	if w.holdsFolders(id) {
		items = append(items, kit.Item(lang.T("folder.new"), icons.FolderPlus, func() { w.folders.act.newFolder(id, 0) }))
	}
	if w.env.open.EditAccount != nil {
		items = append(items, kit.MenuLine(), kit.Item(lang.T("problem.settings"), icons.Settings, func() { w.env.open.EditAccount(id) }))
	}
	return items
}

func (w *MainWindow) folderItems(f mail.Folder) []*kit.MenuItem {
	items := []*kit.MenuItem{kit.Item(lang.T("cmd.readall"), icons.MailOpen, func() {
		w.env.act.Do(mail.Action{Kind: mail.ActReadAll, Account: f.Account, Folder: f.ID})
	})}
	if listen := w.listenItem(f); listen != nil {
		items = append(items, listen)
	}
	if f.Role == mail.RoleTrash || f.Role == mail.RoleJunk {
		empty := kit.Item(lang.T("folder.empty.menu", folderTitle(f)), icons.Trash2, func() { w.folders.act.empty(f) })
		empty.Danger = true
		items = append(items, empty)
	}
	if w.hasServerFolders(f.Account) || f.Local {
		items = append(items, kit.MenuLine(), kit.Item(lang.T("folder.new"), icons.FolderPlus, func() { w.folders.act.newFolder(f.Account, f.ID) }))
		if f.Role == mail.RoleNone {
			asks := !w.folders.act.trashes(f) // else it goes to Trash without a question
			words := lang.T("folder.delete")
			if !asks {
				words = strings.TrimSuffix(words, "…")
			}
			drop := kit.Item(words, icons.Trash2, func() { w.folders.act.drop(f) })
			drop.Danger = asks
			items = append(items, kit.Item(lang.T("folder.rename"), icons.Pencil, func() { w.folders.act.rename(f) }))
			if len(w.folders.act.parents(f)) > 0 {
				items = append(items, kit.Item(lang.T("folder.move"), icons.FolderInput, func() { w.folders.act.move(f) }))
			}
			items = append(items, drop)
		}
	}
	if f.Role == mail.RoleInbox {
		items = append([]*kit.MenuItem{kit.Item(lang.T("cmd.getmail"), icons.RefreshCw, func() { w.env.engine.GetMail(f.Account) })}, items...)
	}
	if !f.Local && f.Role == mail.RoleNone {
		kind := pick(f.Subscribed, mail.ActUnsubscribe, mail.ActSubscribe)
		items = append(items, kit.Item(lang.T("folder."+string(kind)), icons.CircleCheck, func() {
			w.env.act.Do(mail.Action{Kind: kind, Account: f.Account, Folder: f.ID})
		}))
	}
	return items
}

// holdsFolders reports whether the user can make folders in an account: on its server, or here where it has them here (POP3).
func (w *MainWindow) holdsFolders(id mail.AccountID) bool {
	a, _ := w.env.tree.Account(id)
	return a.Protocol == mail.POP3 || w.hasServerFolders(id)
}

// hasServerFolders reports whether folders can be made in an account: where any folder lives on a server.
func (w *MainWindow) hasServerFolders(id mail.AccountID) bool {
	for _, f := range w.env.tree.Folders(id) {
		if !f.Local {
			return true
		}
	}
	return false
}
