package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/ui/icons"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// chord is a key with its modifiers. Rune chords ("?", "#") are what the layout gives, letters are physical keys.
type chord struct {
	mod fyne.KeyModifier
	key fyne.KeyName
	r   rune
}

func key(k fyne.KeyName) chord   { return chord{key: k} }
func ctrl(k fyne.KeyName) chord  { return chord{mod: fyne.KeyModifierShortcutDefault, key: k} }
func shift(k fyne.KeyName) chord { return chord{mod: fyne.KeyModifierShift, key: k} }
func alt(k fyne.KeyName) chord   { return chord{mod: fyne.KeyModifierAlt, key: k} }
func char(r rune) chord          { return chord{r: r} }
func ctrlShift(k fyne.KeyName) chord {
	return chord{mod: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift, key: k}
}

// String names the chord for menus and the help: "Ctrl+Shift+M". Key names stay Latin in every language, as on the keys.
func (c chord) String() string {
	if c.r != 0 {
		return string(c.r)
	}
	s := ""
	if c.mod&fyne.KeyModifierShortcutDefault != 0 {
		s += "Ctrl+"
	}
	if c.mod&fyne.KeyModifierShift != 0 {
		s += "Shift+"
	}
	if c.mod&fyne.KeyModifierAlt != 0 {
		s += "Alt+"
	}
	switch c.key {
	case fyne.KeyReturn:
		return s + "Enter"
	case fyne.KeyEscape:
		return s + "Esc"
	case fyne.KeyDelete:
		return s + "Del"
	case fyne.KeyUp:
		return s + "Up"
	case fyne.KeyDown:
		return s + "Down"
	case fyne.KeyLeft, fyne.KeyRight:
		// They mean leading and trailing: in a mirrored window the other one is pressed.
		return s + pick((c.key == fyne.KeyLeft) != lang.RTL(), "Left", "Right")
	case fyne.KeyEqual, fyne.KeyPlus:
		return s + "+"
	case fyne.KeyEnter:
		return s + "Enter"
	case fyne.KeyMinus:
		return s + "−"
	}
	return s + string(c.key)
}

// command is one thing the user can do. Toolbar, menus, shortcuts, the palette of the search box and the help overlay are
// all made of this one table.
type command struct {
	id   string // "cmd."+id is its name
	icon icons.Name
	keys []chord
	// when tells whether it can be done now; nil: always.
	when func(w *MainWindow) bool
	run  func(w *MainWindow)
	// one says that it is about one message, so that in a conversation it takes the one turned to.
	one bool
	// window says that it also works in the window of a message.
	window bool
	// chosen says that it is about what is selected in the list.
	chosen bool
	// group is the heading in the help overlay; "" keeps it out.
	group string
}

func (c *command) title() string { return lang.T("cmd." + c.id) }

// names are what it is called in all languages, in that of the window first: who reads a Persian window may still think of "import", and who has
// a German keyboard of the word on it.
func (c *command) names() []string { return lang.Everywhere("cmd." + c.id) }

// keyText is the first shortcut, "" when there is none.
func (c *command) keyText() string {
	if len(c.keys) == 0 {
		return ""
	}
	return c.keys[0].String()
}

// tip is the name with the shortcut.
func (c *command) tip() string {
	if k := c.keyText(); k != "" {
		return c.title() + "  " + k
	}
	return c.title()
}

// table lists every command. The order is that of the help overlay.
func table() []*command {
	return append(append(mailCommands(), moveCommands()...), windowCommands()...)
}

func mailCommands() []*command {
	one, some := (*MainWindow).oneSelected, (*MainWindow).someSelected
	return []*command{
		{id: "compose", icon: icons.SquarePen, keys: []chord{ctrl(fyne.KeyN)}, group: "mail", when: (*MainWindow).canCompose, run: (*MainWindow).compose},
		{id: "getmail", icon: icons.RefreshCw, keys: []chord{key(fyne.KeyF5), ctrlShift(fyne.KeyM)}, group: "mail", when: (*MainWindow).receives, run: (*MainWindow).getMail},
		{id: "reply", chosen: true, one: true, window: true, icon: icons.Reply, keys: []chord{key(fyne.KeyR), ctrl(fyne.KeyR)}, group: "mail", when: one, run: (*MainWindow).reply},
		{id: "replyall", chosen: true, one: true, window: true, icon: icons.ReplyAll, keys: []chord{key(fyne.KeyA), ctrlShift(fyne.KeyR)}, group: "mail", when: one, run: (*MainWindow).replyAll},
		{id: "replylist", chosen: true, one: true, window: true, icon: icons.Users, keys: []chord{ctrlShift(fyne.KeyL)}, group: "mail", when: (*MainWindow).ofList, run: (*MainWindow).replyList},
		{id: "forward", chosen: true, one: true, window: true, icon: icons.Forward, keys: []chord{key(fyne.KeyF), ctrl(fyne.KeyL)}, group: "mail", when: one, run: (*MainWindow).forward},
		{id: "forwardattached", chosen: true, one: true, window: true, icon: icons.Paperclip, when: one, run: (*MainWindow).forwardAttached},
		{id: "redirect", chosen: true, one: true, window: true, icon: icons.ArrowRight, keys: []chord{ctrlShift(fyne.KeyE)}, group: "mail", when: one, run: (*MainWindow).redirect},
		{id: "asnew", chosen: true, one: true, window: true, icon: icons.SquarePen, keys: []chord{ctrl(fyne.KeyE)}, group: "mail", when: one, run: (*MainWindow).asNew},
		{id: "archive", chosen: true, window: true, icon: icons.Archive, keys: []chord{key(fyne.KeyE)}, group: "mail", when: some, run: (*MainWindow).archive},
		{id: "delete", chosen: true, window: true, icon: icons.Trash2, keys: []chord{key(fyne.KeyDelete), char('#')}, group: "mail", when: (*MainWindow).anySelected, run: (*MainWindow).delete},
		{id: "destroy", chosen: true, icon: icons.CircleX, keys: []chord{shift(fyne.KeyDelete)}, group: "mail", when: some, run: (*MainWindow).destroy},
		{id: "junk", chosen: true, window: true, icon: icons.ShieldAlert, keys: []chord{char('!')}, group: "mail", when: some, run: (*MainWindow).junk},
		{id: "move", chosen: true, icon: icons.FolderInput, keys: []chord{key(fyne.KeyM), key(fyne.KeyV)}, group: "mail", when: some, run: (*MainWindow).move},
		{id: "copy", chosen: true, icon: icons.Copy, when: some, run: (*MainWindow).copyTo},
		{id: "tag", chosen: true, icon: icons.Tag, keys: []chord{key(fyne.KeyT), key(fyne.KeyL)}, group: "mail", when: some, run: (*MainWindow).tag},
		{id: "snooze", chosen: true, icon: icons.Clock, keys: []chord{key(fyne.KeyB)}, group: "mail", when: (*MainWindow).canSnooze, run: (*MainWindow).snooze},
		{id: "unsnooze", chosen: true, icon: icons.Undo2, when: (*MainWindow).snoozedSelected, run: (*MainWindow).unsnooze},
		{id: "star", chosen: true, window: true, icon: icons.Star, keys: []chord{key(fyne.KeyS)}, group: "mail", when: some, run: (*MainWindow).star},
		{id: "read", chosen: true, window: true, icon: icons.MailOpen, keys: []chord{key(fyne.KeyU)}, group: "mail", when: some, run: (*MainWindow).toggleRead},
		{id: "readall", icon: icons.MailOpen, when: (*MainWindow).inFolder, run: (*MainWindow).readAll},
		{id: "listen", icon: icons.Bell, when: func(w *MainWindow) bool { _, ok := w.shownListenable(); return ok }, run: func(w *MainWindow) {
			f, _ := w.shownListenable()
			w.listen(f, !f.Listen)
		}},
		{id: "saveall", window: true, icon: icons.Download, when: (*MainWindow).hasAttachments, run: (*MainWindow).saveAttachments},
		{id: "savemessage", chosen: true, one: true, window: true, icon: icons.Save, when: (*MainWindow).canSave, run: (*MainWindow).saveMessage},
		{id: "print", chosen: true, one: true, window: true, icon: icons.Printer, keys: []chord{ctrl(fyne.KeyP)}, group: "mail", when: one, run: (*MainWindow).print},
		{id: "pdf", chosen: true, one: true, window: true, icon: icons.Save, when: one, run: (*MainWindow).savePDF},
		{id: "source", window: true, icon: icons.Code, keys: []chord{ctrl(fyne.KeyU)}, when: one, run: func(w *MainWindow) { w.pane().toggleSource() }},
		{id: "openwindow", chosen: true, one: true, icon: icons.Maximize2, when: one, run: (*MainWindow).openWindow},
		{id: "undo", icon: icons.Undo2, keys: []chord{ctrl(fyne.KeyZ)}, group: "mail", run: func(w *MainWindow) { w.env.act.Undo() }},
	}
}

func moveCommands() []*command {
	reads := func(w *MainWindow) bool { return w.pane().Current() != nil }
	threads := func(w *MainWindow) bool { return w.pane().thread != nil }
	return []*command{
		{id: "next", keys: []chord{key(fyne.KeyJ), key(fyne.KeyDown)}, group: "move", run: func(w *MainWindow) { w.list.Step(1) }},
		{id: "previous", keys: []chord{key(fyne.KeyK), key(fyne.KeyUp)}, group: "move", run: func(w *MainWindow) { w.list.Step(-1) }},
		{id: "open", chosen: true, keys: []chord{key(fyne.KeyReturn), key(fyne.KeyEnter)}, group: "move", run: (*MainWindow).openSelected},
		{id: "page", window: true, keys: []chord{key(fyne.KeySpace)}, group: "move", run: (*MainWindow).pageDown},
		{id: "pageback", window: true, keys: []chord{shift(fyne.KeySpace)}, group: "move", run: func(w *MainWindow) { w.pane().ScrollPage(-1) }},
		{id: "find", window: true, icon: icons.Search, keys: []chord{ctrl(fyne.KeyF)}, group: "move", when: reads, run: func(w *MainWindow) { w.pane().find.Open("") }},
		{id: "findnext", window: true, keys: []chord{key(fyne.KeyF3)}, group: "move", when: reads, run: func(w *MainWindow) { w.pane().FindStep(1) }},
		{id: "findprevious", window: true, keys: []chord{shift(fyne.KeyF3)}, group: "move", when: reads, run: func(w *MainWindow) { w.pane().FindStep(-1) }},
		{id: "nextinthread", window: true, keys: []chord{key(fyne.KeyN)}, group: "move", when: threads, run: func(w *MainWindow) { w.pane().thread.Step(1) }},
		{id: "previousinthread", window: true, keys: []chord{key(fyne.KeyP)}, group: "move", when: threads, run: func(w *MainWindow) { w.pane().thread.Step(-1) }},
		{id: "unfold", window: true, keys: []chord{key(fyne.KeyO)}, group: "move", when: threads, run: func(w *MainWindow) { w.pane().thread.Toggle() }},
		{id: "expand", icon: icons.ChevronDown, keys: []chord{key(fyne.KeyRight)}, group: "move", when: func(w *MainWindow) bool { return w.list.canUnfold(true) }, run: func(w *MainWindow) { w.list.Unfold(true) }},
		{id: "collapse", icon: icons.ChevronUp, keys: []chord{key(fyne.KeyLeft)}, group: "move", when: func(w *MainWindow) bool { return w.list.canUnfold(false) }, run: func(w *MainWindow) { w.list.Unfold(false) }},
		{id: "selectall", icon: icons.ListChecks, keys: []chord{ctrl(fyne.KeyA)}, group: "move", run: (*MainWindow).selectAll},
		{id: "pane", keys: []chord{key(fyne.KeyF6)}, group: "move", run: (*MainWindow).nextPane},
		{id: "search", icon: icons.Search, keys: []chord{ctrl(fyne.KeyK), char('/')}, group: "move", run: func(w *MainWindow) { w.search.Focus() }},
		// These are about the search in the field: without an icon, they are not offered below it, where choosing something ends the search.
		{id: "savesearch", keys: []chord{ctrlShift(fyne.KeyS)}, group: "move", when: (*MainWindow).searching, run: (*MainWindow).saveSearch},
		{id: "searchserver", keys: []chord{ctrlShift(fyne.KeyK)}, group: "move", when: func(w *MainWindow) bool { return w.list.server.Offered() }, run: func(w *MainWindow) { w.list.server.Ask() }},
		{id: "back", keys: []chord{alt(fyne.KeyLeft)}, when: func(w *MainWindow) bool { return w.one.reading }, run: func(w *MainWindow) { w.one.Back() }},
		{id: "escape", keys: []chord{key(fyne.KeyEscape)}, group: "move", run: (*MainWindow).escape},
	}
}

// sortingOf is the order that a command puts the list into.
func sortingOf(id string) model.Sorting {
	if id == "sortdate" {
		return model.SortDate
	}
	return model.Sorting(strings.TrimPrefix(id, "sort"))
}

func windowCommands() []*command {
	sorts := func(w *MainWindow) bool { return w.list.place.Messages() }
	return []*command{
		{id: "accounts", icon: icons.Users, when: (*MainWindow).hasAccounts, run: (*MainWindow).accountsMenu},
		{id: "addaccount", icon: icons.UserPlus, when: func(w *MainWindow) bool { return w.env.open.AddAccount != nil }, run: func(w *MainWindow) { w.env.open.AddAccount() }},
		{id: "settings", icon: icons.Settings, keys: []chord{ctrl(fyne.KeyComma)}, group: "window", run: (*MainWindow).showSettings},
		{id: "activity", icon: icons.Activity, group: "window", keys: []chord{ctrlShift(fyne.KeyA)}, run: (*MainWindow).showActivity},
		{id: "importmail", icon: icons.Download, when: (*MainWindow).canTransfer, run: (*MainWindow).importMail},
		{id: "exportmail", icon: icons.Upload, when: (*MainWindow).canTransfer, run: (*MainWindow).exportMail},
		{id: "offline", icon: icons.WifiOff, run: (*MainWindow).toggleOffline},
		{id: "stop", icon: icons.CircleStop, when: func(w *MainWindow) bool { return w.status.Busy() }, run: func(w *MainWindow) { w.env.engine.CancelSync() }},
		{id: "sort", icon: icons.ChevronsUpDown, when: sorts, run: (*MainWindow).sortMenu},
		{id: "sortdate", icon: icons.ChevronsUpDown, when: sorts, run: func(w *MainWindow) { w.sortBy(model.SortDate) }},
		{id: "sortsender", icon: icons.ChevronsUpDown, when: sorts, run: func(w *MainWindow) { w.sortBy(model.SortSender) }},
		{id: "sortsubject", icon: icons.ChevronsUpDown, when: sorts, run: func(w *MainWindow) { w.sortBy(model.SortSubject) }},
		{id: "sortsize", icon: icons.ChevronsUpDown, when: sorts, run: func(w *MainWindow) { w.sortBy(model.SortSize) }},
		{id: "sortattached", icon: icons.ChevronsUpDown, when: sorts, run: func(w *MainWindow) { w.sortBy(model.SortAttached) }},
		{id: "oldest", icon: icons.ArrowDown, run: func(w *MainWindow) {
			o := w.list.view.order
			w.view(listView{w.list.view.filter, model.Order{By: o.By, Reverse: !o.Reverse}})
		}},
		{id: "compact", icon: icons.Rows3, run: (*MainWindow).toggleCompact},
		{id: "grouped", icon: icons.Rows2, keys: []chord{ctrlShift(fyne.KeyT)}, group: "window", run: (*MainWindow).toggleGrouped},
		{id: "all", run: func(w *MainWindow) { w.view(listView{model.FilterAll, w.list.view.order}) }},
		{id: "zoomin", window: true, icon: icons.ZoomIn, keys: []chord{ctrl(fyne.KeyEqual), ctrl(fyne.KeyPlus), ctrlShift(fyne.KeyEqual), ctrlShift(fyne.KeyPlus)}, group: "window", run: func(w *MainWindow) { w.pane().Zoom(1) }},
		{id: "zoomout", window: true, icon: icons.ZoomOut, keys: []chord{ctrl(fyne.KeyMinus)}, group: "window", run: func(w *MainWindow) { w.pane().Zoom(-1) }},
		{id: "zoomreset", window: true, keys: []chord{ctrl(fyne.Key0)}, run: func(w *MainWindow) { w.pane().Zoom(0) }},
		{id: "help", icon: icons.Keyboard, keys: []chord{char('?'), char('؟'), key(fyne.KeyF1)}, group: "window", run: (*MainWindow).showHelp},
		{id: "quit", icon: icons.LogOut, keys: []chord{ctrl(fyne.KeyQ)}, group: "window", run: (*MainWindow).leave},
	}
}
