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
		case "oldest":
			m.Checked = w.list.view.order.Reverse
		case "sortdate", "sortsender", "sortsubject", "sortsize":
			m.Checked = w.list.view.order.By == sortingOf(id)
		case "compact":
			m.Checked = w.env.prefs.Compact
		case "listen":
			f, _ := w.shownListenable()
			m.Checked = f.Listen
		case "grouped":
			m.Checked = w.env.prefs.Grouped
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
	ids := []string{"reply", "replyall", "forward", "forwardattached", "", "archive", "delete", "junk", "move", "copy", "tag", "", "star", "read", "", "savemessage", "print", "pdf", "source", "openwindow", "", "destroy"}
	switch {
	case w.list.isUnfolded(firstRow(w.list.SelectedRows())):
		ids = append([]string{"collapse", ""}, ids...)
	case w.list.canUnfold(true):
		ids = append([]string{"expand", ""}, ids...)
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
	return w.menu("replyall", "replylist", "forward", "forwardattached", "", "archive", "junk", "move", "tag", "read", "", "saveall", "savemessage", "print", "pdf", "openwindow", "", "delete")
}

// gearMenu is the menu of the window.
func (w *MainWindow) gearMenu(below fyne.CanvasObject) {
	items := w.menu("settings")
	for _, a := range w.env.tree.Accounts() {
		if w.env.open.EditAccount == nil {
			break
		}
		items = append(items, kit.Item(a.Email, icons.User, func() { w.env.open.EditAccount(a.ID) }))
	}
	items = append(items, w.menu("addaccount", "", "importmail", "exportmail", "", "sort", "grouped", "compact", "offline", "stop", "", "activity", "help", "", "quit")...)
	kit.ShowMenuBelow(below, items...)
}

// sortMenu offers the orders of the list.
func (w *MainWindow) sortMenu() {
	var items []*kit.MenuItem
	for _, id := range []string{"sortdate", "sortsender", "sortsubject", "sortsize"} {
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
	if w.hasServerFolders(id) {
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
		empty := kit.Item(lang.T("folder.empty", folderTitle(f)), icons.Trash2, func() { w.folders.act.empty(f) })
		empty.Danger = true
		items = append(items, empty)
	}
	if w.hasServerFolders(f.Account) || f.Local {
		items = append(items, kit.MenuLine(), kit.Item(lang.T("folder.new"), icons.FolderPlus, func() { w.folders.act.newFolder(f.Account, f.ID) }))
		if f.Role == mail.RoleNone {
			drop := kit.Item(lang.T("folder.delete"), icons.Trash2, func() { w.folders.act.drop(f) })
			drop.Danger = true
			items = append(items, kit.Item(lang.T("folder.rename"), icons.Pencil, func() { w.folders.act.rename(f) }))
			if len(w.folders.act.parents(f)) > 0 {
				items = append(items, kit.Item(lang.T("folder.move"), icons.FolderInput, func() { w.folders.act.move(f) }))
			}
			items = append(items, drop)
		}
	}
	if f.Role == mail.RoleInbox {
		items = append(append(w.accountItems(f.Account), kit.MenuLine()), items...)
	}
	if !f.Local && f.Role == mail.RoleNone {
		kind := pick(f.Subscribed, mail.ActUnsubscribe, mail.ActSubscribe)
		items = append(items, kit.Item(lang.T("folder."+string(kind)), icons.CircleCheck, func() {
			w.env.act.Do(mail.Action{Kind: kind, Account: f.Account, Folder: f.ID})
		}))
	}
	return items
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

// folderActions are the dialogs that change folders.
type folderActions struct{ env *env }

func (a *folderActions) ask(title, text, value, ok string, do func(name string)) {
	ask(a.env, title, text, value, ok, do)
}

// ask asks for a name.
func ask(env *env, title, text, value, ok string, do func(name string)) {
	e := kit.NewEntry()
	e.SetText(value)
	d := &kit.Dialog{Title: title, Text: text, Content: e, Focus: e}
	done := func() {
		name := strings.TrimSpace(e.Text())
		if name == "" {
			e.SetError(true)
			return
		}
		d.Close()
		do(name)
	}
	e.OnSubmit = func(string) { done() }
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: ok, Kind: kit.Primary, Stay: true, Do: done}}
	d.Show(env.win)
	e.SelectAll()
}

func (a *folderActions) newFolder(id mail.AccountID, parent mail.FolderID) {
	text := ""
	if f, ok := a.env.tree.Folder(parent); ok {
		text = lang.T("folder.new.in", folderTitle(f))
	}
	a.ask(lang.T("folder.new"), text, "", lang.T("folder.create"), func(name string) {
		a.env.act.Do(mail.Action{Kind: mail.ActNewFolder, Account: id, Folder: parent, Name: name})
	})
}

// rename changes the last level of the path; the levels above stay.
func (a *folderActions) rename(f mail.Folder) {
	a.ask(lang.T("folder.rename"), "", f.Name(), lang.T("folder.rename.do"), func(name string) {
		path := strings.TrimSuffix(f.Path, f.Name()) + name
		if path != f.Path {
			a.env.act.Do(mail.Action{Kind: mail.ActRename, Account: f.Account, Folder: f.ID, Name: path})
		}
	})
}

// parents are the folders that f can be moved into, the zero Folder for the top level: not itself, nor what lies below it, nor where
// it is.
func (a *folderActions) parents(f mail.Folder) []mail.Folder {
	sep := f.Separator()
	above := strings.TrimSuffix(strings.TrimSuffix(f.Path, f.Name()), sep)
	if sep == "" {
		return nil
	}
	var out []mail.Folder
	if above != "" {
		out = append(out, mail.Folder{})
	}
	for _, p := range a.env.tree.Folders(f.Account) {
		below := p.ID == f.ID || strings.HasPrefix(p.Path, f.Path+sep)
		if !below && p.Path != above && !p.Missing && p.Local == f.Local && p.Separator() == sep && p.Role != mail.RoleOutbox {
			out = append(out, p)
		}
	}
	return out
}

// move asks for the folder that f is to lie in; what lies in f goes with it.
func (a *folderActions) move(f mail.Folder) {
	pickFrom(a.env, lang.T("folder.move"), a.parents(f), func(to mail.Folder) {
		path := f.Name()
		if to.ID != 0 {
			path = to.Path + f.Separator() + path
		}
		a.env.act.Do(mail.Action{Kind: mail.ActRename, Account: f.Account, Folder: f.ID, Name: path})
	})
}

func (a *folderActions) drop(f mail.Folder) {
	kit.Confirm(a.env.win, lang.T("folder.delete"), lang.N("folder.delete.ask", f.Total, folderTitle(f)), lang.T("folder.delete"), true, func() {
		a.env.act.Do(mail.Action{Kind: mail.ActDropFolder, Account: f.Account, Folder: f.ID})
	})
}

func (a *folderActions) empty(f mail.Folder) {
	kit.Confirm(a.env.win, lang.T("folder.empty", folderTitle(f)), lang.N("folder.empty.ask", f.Total), lang.T("folder.empty", folderTitle(f)), true, func() {
		a.env.act.Do(mail.Action{Kind: mail.ActEmptyTrash, Account: f.Account, Folder: f.ID})
	})
}
