package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/compose"
	"peyk/ui/filepick"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// Deps is what a main window works with.
type Deps struct {
	Store  *store.Store
	Engine Engine
	// Open opens the windows that live elsewhere.
	Open Openers
	// Demo opens the demo mailbox from the wizard; nil: not offered.
	Demo func()
	// OpenFile takes a mail file over; nil: files are not opened.
	OpenFile OpenFile
	// Transfer imports and exports mail; nil: not offered.
	Transfer Transfer
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Post runs a function on the UI thread; nil: fyne.Do. Tests give their own.
	Post func(func())
}

// MainWindow is the window with folders, messages and the open message. Its parts know each other only through the
// callbacks that build connects.
type MainWindow struct {
	env      *env
	deps     Deps
	state    model.WindowState
	commands []*command
	byID     map[string]*command
	offline  bool
	on       *mail.Row   // the message that a command is carried out on; nil: those selected in the list
	in       *readerPane // the reader that it is carried out in; nil: that of this window
	windows  map[*readerWindow]bool
	forms    map[*accountForm]bool // account settings that are open
	recent   recentFolders
	before   searchedFrom
	// shownFolder is the title of the folder in the list, for when it is gone.
	shownFolder string
	wizard      bool // the wizard of the first start is shown
	// showWizard puts it into the window in the language of the moment.
	showWizard func()
	writing    map[*compose.Window]bool
	job        *transferJob          // the import or export that was begun last; nil: none
	imported   map[mail.FolderID]int // how much the folders held before an import that ended, and is to be shown once they are read; nil: none
	closed     bool
	toldNewer  bool // that a newer Peyk has upgraded the profile
	opening    int  // counts what was selected: a conversation that is found later is not shown
	keys       *shortcuts

	tools    *toolbar
	search   *searchBox
	folders  *folderPane
	list     *listPane
	reader   *readerPane
	status   *statusBar
	unsent   *unsent
	problems *problems
	activity *activity
	saved    *savedSearches
	notify   *notifier
	outer    *kit.Split
	inner    *kit.Split
	one      *onePane

	saveState func() // the clock that saves the state a moment after it changed
	ends      []func()
}

// toastTime is how long a toast stays.
const toastTime = 6 * time.Second

// NewMainWindow makes the window of a profile and reads its state. It is shown by Show and lives until it is closed: the end of ctx alone ends
// nothing, for what is being written is still to be stored.
func NewMainWindow(ctx context.Context, app fyne.App, d Deps) *MainWindow {
	if d.Now == nil {
		d.Now = time.Now
	}
	d.Now = newZoneClock(d.Now).Now
	ctx = context.WithoutCancel(ctx)
	w := &MainWindow{deps: d, before: searchedFrom{place: model.Inboxes}, writing: map[*compose.Window]bool{}, windows: map[*readerWindow]bool{}, forms: map[*accountForm]bool{}}
	e := &env{app: app, store: d.Store, engine: d.Engine, loop: newLoop(ctx, d.Post), now: d.Now, open: d.Open, shownImages: map[mail.MessageID]bool{}, copies: &openCopies{}}
	w.env = e
	var stateErr, prefsErr error
	w.state, stateErr = model.LoadWindow(ctx, d.Store)
	e.prefs, prefsErr = model.LoadPrefs(ctx, d.Store)
	applyPrefs(e.prefs)
	e.tree = model.NewTree(w.state.Closed)
	w.saved = &savedSearches{env: e}
	searchesErr := w.saved.load(ctx)
	e.win = app.NewWindow(lang.T("app.name"))
	e.act = &actions{engine: d.Engine, rows: d.Store.Rows, loop: e.loop, now: d.Now, done: w.acted, undone: w.undone, failed: w.actionFailed, gone: w.actionMissed}
	e.chooser = filepick.New(e.loop, d.Now)
	e.printing = cups{}
	e.fail = w.fail
	e.hint = func(s string) { w.status.Hint(s) }
	w.problems = &problems{env: e}
	w.notify = &notifier{env: e}
	w.activity = &activity{main: w}
	w.commands = table()
	w.byID = map[string]*command{}
	for _, c := range w.commands {
		w.byID[c.id] = c
	}
	w.fillOpeners()
	w.build()
	e.win.Resize(fyne.NewSize(w.state.Width, w.state.Height))
	w.keys = newShortcuts(w, w.commands)
	w.keys.install(e.win.Canvas())
	w.follow()
	w.watchTime(e.now())
	e.loop.Go(func(context.Context) func() { e.copies.Sweep(time.Now()); return nil })
	e.loop.Go(func(ctx context.Context) func() {
		people, err := d.Store.Correspondents(ctx, maxKnown)
		return func() {
			if err == nil { // without them fewer look-alikes are found
				e.known = model.Domains(people)
			}
		}
	})
	for _, err := range []error{stateErr, prefsErr, searchesErr} {
		if err != nil {
			w.fail(lang.T("fail.settings"), err)
		}
	}
	return w
}

// maxKnown is how many people's domains a sender is compared with.
const maxKnown = 500

// build makes the content of the window in the language and direction in force and connects its parts.
func (w *MainWindow) build() {
	e := w.env
	w.folders, w.list, w.reader, w.search = newFolderPane(e), newListPane(e), newReaderPane(e, e.engine), newSearchBox(e)
	w.unsent = &unsent{env: e, reader: w.reader, openMail: w.openInside, leaving: w.list.Leaving, taken: map[mail.OutboxID]bool{}}
	status := newStatusBar(e)
	if w.status != nil { // the language changed: what is known stays
		status.states, status.problems, status.results, status.next, status.trouble = w.status.states, w.status.problems, w.status.results, w.status.next, w.status.trouble
	}
	w.status, w.problems.status = status, status
	w.readFailures()
	w.tools = newToolbar(w.byID, w.search.entry, w.run, w.gearMenu, w.placesMenu)
	w.connect()
	status.Show()

	w.one = newOnePane(w)
	w.inner = kit.NewSplit(w.state.List, w.list.content, w.one.content)
	w.inner.MinStart, w.inner.MinEnd = 200, 220
	w.outer = kit.NewSplit(w.state.FolderPane, w.folders.content, w.inner)
	w.outer.MinStart, w.outer.MinEnd = 120, 430
	if !w.wizard {
		kit.SetContent(e.win, kit.Border(w.tools, status.content, nil, nil, fitPanes(w)))
	}
}

// connect ties the parts to each other.
func (w *MainWindow) connect() {
	w.folders.OnPlace = w.openPlace
	w.folders.OnRead = w.foldersRead
	w.folders.OnDrop = func(ids []mail.MessageID, f mail.Folder) { w.moveTo(mail.ActMove, ids, f) }
	w.folders.OnMenu = w.folderMenu
	w.folders.OnClosed = func() { w.state.Closed = w.env.tree.Closed(); w.remember() }

	w.connectSearches()
	w.list.OnSelected = w.selected
	w.list.OnClicked = func() { w.one.Open() }
	w.list.OnLeaving = func() { w.one.Back() }
	w.list.OnGone = func() { w.tools.Update(w) }
	w.list.OnOpen = func(mail.Row) { w.openSelected() }
	w.list.OnMenu = w.messageMenu
	w.list.OnCommand = w.rowCommand
	w.list.Empty = w.emptyList
	w.list.list.DropTargets = []kit.DropTarget{w.folders.tree}
	w.list.header.back.OnTapped = w.search.Clear
	w.list.OnSearched = func() { w.status.Show() }
	w.status.Foot = w.searchFoot

	w.connectReader(w.reader)
	w.reader.OnFound = func() {
		if w.one.reading {
			w.env.win.Canvas().Unfocus()
			return
		}
		w.list.list.Focus()
	}
	w.reader.OnEmpty = func() { w.one.Leave() }

	w.search.OnSearch = w.searchFor
	w.search.OnClear = w.searchEnd
	w.search.OnDone = func() {
		w.list.notes.Show(w.list.place.Search, false)
		w.list.list.Focus()
	}
	again := func(query string) {
		w.search.Show(query)
		w.search.now(query)
	}
	w.list.notes.OnCorrect, w.list.filters.OnQuery = again, again
	w.list.filters.OnThreads = w.toggleGrouped
	w.search.OnCommand = w.runFound
	w.search.OnPlace = w.openPlace
	w.search.Commands = w.possible

	w.status.OnProblem = w.problems.Show
	w.status.OnTrouble = func() {
		kit.Inform(w.env.win, lang.T("problem.title.none"), w.status.trouble)
		w.status.Fail("")
	}
	w.status.OnFailures = func() { w.activity.Show() }
	w.status.OnStop = func() { w.env.engine.CancelSync() }
	w.status.OnDismissed = func(id mail.AccountID) { w.activity.Progress(mail.Progress{Account: id}) }
	w.status.OnWarn = w.folders.Warn
	w.status.OnLate = w.tellLate
	w.status.OnDiscarded = w.unsent.tellDiscarded
}

// follow starts listening to the store and to the workers, and takes care of the end.
func (w *MainWindow) follow() {
	sub := w.deps.Store.Subscribe()
	feed := &changeFeed{loop: w.env.loop, now: time.Now, handle: w.changed}
	watch(w.env.loop, sub.C, feed.Take)
	progress, stop := w.deps.Engine.Progress()
	watch(w.env.loop, progress, func(p mail.Progress) {
		w.status.Progress(p)
		w.activity.Progress(p)
		if p.Result != nil || p.Problem != nil {
			w.list.checkEmpty()
		}
		if p.Result != nil && len(w.folders.heard) > 0 {
			w.folders.Read() // what is listened to may have changed
		}
	})
	w.ends = append(w.ends, sub.Close, stop, lang.OnChange(w.rebuild))
	life := w.env.app.Lifecycle()
	life.SetOnEnteredForeground(func() { w.notify.focused = true })
	life.SetOnExitedForeground(func() { w.notify.focused = false })
	w.env.win.SetCloseIntercept(w.leave)
}

// Start reads what the window shows first: the place it was left at. then (may be nil) is called when it is there.
func (w *MainWindow) Start(then func()) {
	w.list.view = listView{w.state.Filter, model.Order{By: w.state.SortBy, Reverse: w.state.SortOldest}}
	w.folders.Read()
	w.problems.Unlock()
	w.list.Show(model.ParsePlace(w.state.Place), func() {
		w.folders.Select(w.list.place)
		w.look(w.list.place)
		if then != nil {
			then()
		}
	})
	w.list.list.Focus()
	w.saved.Count()
}

// Show shows the window.
func (w *MainWindow) Show() {
	w.notify.focused = true
	w.env.win.Show()
	kit.FitScreen(w.env.win)
}

// Window is the window of the toolkit.
func (w *MainWindow) Window() fyne.Window { return w.env.win }

// Close saves the state and closes the window, whatever stands against it; what is being written becomes drafts, actions already clicked
// are carried out. A user closes it by leave.
func (w *MainWindow) Close() {
	if w.closed {
		return
	}
	w.closed = true
	w.keepState()
	for c := range w.writing {
		c.Close()
	}
	state := w.state
	w.env.loop.Serial(func(ctx context.Context) func() {
		if err := model.SaveWindow(ctx, w.deps.Store, state); err != nil {
			fyne.LogError("The state of the window was not saved", err)
		}
		return nil
	})
	w.reader.keepReply()
	w.reader.leave()
	w.activity.Close()
	if w.job != nil {
		w.job.Close()
	}
	for v := range w.windows {
		v.Close()
	}
	for _, end := range w.ends {
		end()
	}
	w.env.loop.close()
	w.env.copies.Close()
	w.env.win.Close()
}

// keepState takes the measures of the window.
func (w *MainWindow) keepState() {
	if s := w.env.win.Canvas().Size(); s.Width > 0 && !w.wizard {
		w.state.Width, w.state.Height = s.Width, s.Height
	}
	if w.list.place.Kind != model.PlaceSearch {
		w.state.Place = w.list.place.String()
	}
	w.state.Filter, w.state.SortBy, w.state.SortOldest = w.list.view.filter, w.list.view.order.By, w.list.view.order.Reverse
}

// remember saves the state a moment later: dragging a line changes it many times.
func (w *MainWindow) remember() {
	if w.saveState != nil {
		w.saveState()
	}
	w.saveState = w.env.loop.After(time.Second, func() {
		w.keepState()
		state := w.state
		w.env.loop.Serial(func(ctx context.Context) func() {
			if err := model.SaveWindow(ctx, w.deps.Store, state); err != nil {
				return func() { w.fail(lang.T("fail.settings"), err) }
			}
			return nil
		})
	})
}

// changed takes what the store says after a commit.
func (w *MainWindow) changed(c mail.Change) {
	if c.Newer {
		w.tellNewer()
	}
	if c.Reload || len(c.Folders)+len(c.Accounts) > 0 || c.Drafts || c.Outbox {
		w.folders.Read()
	}
	switch {
	case w.list.place.Messages():
		if c.Reload || len(c.Folders)+len(c.Messages) > 0 {
			w.list.Refresh()
		}
	case c.Reload || c.Drafts || c.Outbox:
		w.list.Refresh()
		w.refreshUnsent()
	case w.list.place.Kind == model.PlaceDrafts && len(c.Folders)+len(c.Messages) > 0:
		w.list.Refresh()
	}
	if c.Ops || c.Outbox || c.Reload {
		w.activity.Read()
	}
	if c.Ops || c.Reload {
		w.readFailures()
	}
	w.reader.Changed(c)
	for v := range w.windows {
		v.pane.Changed(c)
	}
	w.notify.Arrived(c.Arrived)
	w.notify.Returned(c.Returned)
	w.saved.Follow(c)
}

// readFailures reads how much failed, for the status bar.
func (w *MainWindow) readFailures() {
	w.env.loop.Go(func(ctx context.Context) func() {
		ops, aside, err := w.deps.Store.Failures(ctx)
		if err != nil {
			return nil // the activity, which reads the same, tells
		}
		lists, err := w.deps.Store.FailedUnsubscriptions(ctx)
		if err != nil {
			return nil
		}
		return func() { w.status.SetFailures(ops, aside, len(lists)) }
	})
}

// foldersRead is called after accounts and folders were read.
func (w *MainWindow) foldersRead() {
	w.folders.Select(w.list.place)
	w.list.header.update()
	w.list.checkEmpty()
	w.tools.Update(w)
	w.status.Show()
	w.activity.Read()
	w.notify.Title(w.env.tree.Unread())
	w.firstStart()
	w.showImported()
	// A folder made since that reading began is found by the one that is to follow.
	if f := w.list.place; f.Kind == model.PlaceFolder && !w.folders.again {
		if shown, ok := w.env.tree.Folder(f.Folder); ok {
			w.shownFolder = folderTitle(shown)
		} else {
			w.folderGone(f.Folder)
		}
	}
}

// folderGone leaves a folder that is no longer there, and says so unless the user deleted it: that has a toast of its own.
func (w *MainWindow) folderGone(id mail.FolderID) {
	name := w.shownFolder
	w.shownFolder = ""
	w.Go(model.Inboxes)
	if name != "" && w.env.act.dropped != id {
		kit.ShowNotice(w.env.win, lang.T("folder.gone", name), toastTime)
	}
}

// leaveFolder goes elsewhere when the list shows a folder that the user deleted, or one below it: it may lie in Trash now.
func (w *MainWindow) leaveFolder(id mail.FolderID) {
	shown, ok := w.env.tree.Folder(w.list.place.Folder)
	gone, there := w.env.tree.Folder(id)
	if w.list.place.Kind == model.PlaceFolder && (shown.ID == id || ok && there && shown.Within(gone)) {
		w.Go(model.Inboxes)
	}
}

// rebuild builds the window anew, in the language of the moment, at the same place.
func (w *MainWindow) rebuild() {
	w.keepState()
	place, view, id, reading := w.list.place, w.list.view, w.reader.Message(), w.one.reading
	w.reader.leave()
	w.build()
	if w.wizard {
		w.showWizard()
	}
	w.list.view = view
	w.folders.Show()
	w.list.Show(place, func() {
		w.folders.Select(place)
		if id != 0 && place.Messages() {
			w.list.selectMessage(id, func(ok bool) {
				if ok && reading {
					w.one.Open()
				}
			})
		}
	})
	w.foldersRead()
}

// fail tells a failure in the status bar.
func (w *MainWindow) fail(what string, err error) {
	if err == nil || w.env.loop.ctx.Err() != nil {
		return
	}
	w.status.Fail(what + " " + lang.ErrorWords(err))
}
