package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// readerWindow is a message in a window of its own, with all that can be done with it. A message that is attached to another
// can only be read and kept: it lies in no folder.
type readerWindow struct {
	main *MainWindow
	env  *env
	pane *readerPane
	keys *shortcuts
	deaf func() // ends listening to changes of the language
	// reading opens the message; inside: it is the inside of another one.
	reading mail.Opener
	inside  bool
	// words are where a link leads, or what failed.
	words *kit.Label
}

// The size of the window of a message.
const (
	readerWidth  = 860
	readerHeight = 760
)

// openWindow opens a message in a window of its own.
func (w *MainWindow) openWindow() {
	if row := firstRow(w.chosenRows()); row.ID != 0 {
		w.openMessage(row)
	}
}

// openMessage opens a message in a window of its own; one that is open already comes to the front.
func (w *MainWindow) openMessage(row mail.Row) {
	for v := range w.windows {
		if !v.pane.inside && v.pane.Message() == row.ID {
			v.env.win.RequestFocus()
			return
		}
	}
	w.openReader(w.env.engine, false, row)
}

// foundHere are the words of the search that a message lies in front of, for the window that it is opened in.
func (w *MainWindow) foundHere(row mail.Row) string {
	if _, _, listed := w.list.pager.Cached(row.ID); listed {
		return searchedIn(w.list.place)
	}
	return ""
}

// openReader opens a window for reading.
func (w *MainWindow) openReader(reading mail.Opener, inside bool, row mail.Row) {
	e := *w.env
	e.win = w.env.app.NewWindow("")
	v := &readerWindow{main: w, env: &e, reading: reading, inside: inside, words: kit.NewLabel("", kit.Meta).Ellipsized()}
	e.hint = v.words.SetText
	e.fail = func(what string, err error) {
		if err != nil && w.env.loop.ctx.Err() == nil {
			v.words.SetText(what + " " + lang.ErrorWords(err))
		}
	}
	v.build()
	v.keys = newShortcuts(w, w.commands)
	v.keys.in = v
	v.keys.install(e.win.Canvas())
	e.win.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyW, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) { v.Close() })
	v.deaf = lang.OnChange(v.languageChanged)
	e.win.Resize(fyne.NewSize(readerWidth, readerHeight))
	e.win.SetCloseIntercept(v.Close)
	w.windows[v] = true
	if !inside {
		v.pane.Searched(w.foundHere(row))
	}
	v.pane.ShowMessage(row)
	v.title()
	e.win.Show()
	kit.FitScreen(e.win)
}

// build makes the reader and the content of the window in the language of the moment.
func (v *readerWindow) build() {
	w := v.main
	v.pane = newReaderPane(v.env, v.reading)
	v.pane.inside = v.inside
	w.connectReader(v.pane)
	if v.inside {
		v.pane.OnCommand = func(string, mail.Row) {}
		v.pane.OnMore = func(row mail.Row) (items []*kit.MenuItem) {
			w.within(&row, v.pane, func() { items = w.menu("savemessage", "print", "pdf") })
			return items
		}
	}
	v.pane.OnShown = v.title
	status := kit.VBox(0, kit.HLine(), kit.NewSurface(theme.Side, kit.Fixed(0, 28, kit.PadXY(14, 5, v.words))))
	kit.SetContent(v.env.win, kit.Border(nil, status, nil, nil, v.pane.root))
}

// languageChanged shows the same message in another language.
func (v *readerWindow) languageChanged() {
	was := v.pane
	row, words := was.row(was.id), was.found.words
	if v.inside && len(was.rows) > 0 {
		row = was.rows[0]
	}
	was.leave()
	v.words.SetText("")
	v.build()
	if row.ID != 0 || v.inside {
		v.pane.Searched(words)
		v.pane.ShowMessage(row)
	}
}

// title names the window after what it shows; a message that is gone closes it.
func (v *readerWindow) title() {
	if len(v.pane.rows) == 0 {
		return
	}
	subject := model.Visible(v.pane.rows[0].Subject)
	v.env.win.SetTitle(lang.Plain(pick(subject == "", lang.T("list.no.subject"), subject)))
}

// Close closes the window.
func (v *readerWindow) Close() {
	if !v.main.windows[v] {
		return
	}
	delete(v.main.windows, v)
	v.deaf()
	kit.Dismiss(v.env.win)
	v.pane.keepReply()
	v.pane.leave()
	v.env.win.Close()
}

// run carries out a command of the table in this window.
func (v *readerWindow) run(c *command) {
	m := v.pane.Current()
	switch {
	case c.id == "escape":
		if v.pane.find.Shown() {
			v.pane.find.Close()
		} else {
			v.Close()
		}
		return
	case !c.window || m == nil || v.pane.inside && !insideCommands[c.id]:
		return
	}
	row := m.content.Row
	if t := v.pane.thread; t != nil {
		row = t.Row()
	}
	v.main.carryOut(c, &row, v.pane)
	if leavesWindow(c.id) && !(c.id == "delete" && v.main.trashed([]mail.Row{row})) { // of which it is asked first
		v.Close()
	}
}

// closeReader closes the window that a reader is in, unless it is the main one.
func (w *MainWindow) closeReader(r *readerPane) {
	for v := range w.windows {
		if v.pane == r {
			v.Close()
		}
	}
}

// insideCommands are those that also make sense for a message that lies in no folder.
var insideCommands = map[string]bool{
	"savemessage": true, "saveall": true, "print": true, "pdf": true, "source": true, "find": true, "findnext": true, "findprevious": true,
	"zoomin": true, "zoomout": true, "zoomreset": true, "page": true, "pageback": true,
}

// leavesWindow reports commands after which there is nothing left to read.
func leavesWindow(id string) bool { return id == "archive" || id == "delete" || id == "junk" }
