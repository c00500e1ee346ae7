package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// activity is the window that shows how each account is, what waits to be done on the servers, what failed there and why, and what
// the last passes did. It stands beside the main window, so that what is given up can be seen coming back there. It belongs to the
// UI thread; every method may be called while it is closed.
type activity struct {
	main           *MainWindow
	env            *env // nil while it is closed
	states         map[mail.AccountID]*accountState
	ops            *opList
	reading, again bool
	filled         bool // since it was opened

	accounts *fyne.Container
	outbox   *fyne.Container
	passes   *fyne.Container
	tabs     *kit.Tabs
	words    *kit.Label // what failed, or how many there are
	problems *problems
	ends     func()
	ticks    func() // ends the clock that counts down to the next tries; nil while nothing is to be counted
}

const (
	// listedOps is how many operations, and how many messages that were set aside, the window lists; the rest is a number.
	listedOps = 1000
	// shownPasses is how many passes the history shows.
	shownPasses = 30
	// The size of the window.
	activityWidth  = 760
	activityHeight = 620
)

// Show opens the window; one that is open comes to the front.
func (a *activity) Show() {
	if a.env != nil {
		a.env.win.RequestFocus()
		return
	}
	e := *a.main.env
	e.win = e.app.NewWindow("")
	e.fail = func(what string, err error) {
		if err != nil && e.loop.ctx.Err() == nil {
			a.words.Set(what+" "+lang.ErrorWords(err), kit.DangerText)
			kit.Content(e.win).Refresh() // it may be more lines than what stood there
		}
	}
	a.env, a.problems, a.ops, a.tabs, a.filled = &e, &problems{env: &e}, nil, nil, false
	a.build()
	a.ends = lang.OnChange(a.build)
	a.keys(e.win.Canvas())
	e.win.SetCloseIntercept(a.Close)
	e.win.Resize(fyne.NewSize(activityWidth, activityHeight))
	e.win.Show()
	kit.FitScreen(e.win)
	a.Read()
}

// Close closes the window.
func (a *activity) Close() {
	if a.env == nil {
		return
	}
	win := a.env.win
	a.env = nil
	a.stopClock()
	a.ends()
	win.Close()
}

// Toast shows words in place of what is offered there, while the window is open.
func (a *activity) Toast(words string) {
	if a.env != nil {
		kit.ShowToast(a.env.win, words, toastTime)
	}
}

// keys are those that nothing in the window uses itself.
func (a *activity) keys(c fyne.Canvas) {
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		switch {
		case kit.OverlayKey(c, e):
		case e.Name == fyne.KeyEscape:
			a.Close()
		case e.Name == fyne.KeyF5:
			a.main.env.engine.GetMail()
		}
	})
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyW, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) { a.Close() })
	c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { a.main.env.act.Undo() })
}

// build makes the content in the language of the moment.
func (a *activity) build() {
	a.env.win.SetTitle(lang.Plain(lang.T("cmd.activity")))
	a.problems.status = a.main.status // another one since the language changed
	old := a.ops
	a.ops = newOpList(a)
	if old != nil {
		a.ops.worklist = old.worklist
	}
	a.accounts, a.outbox, a.passes, a.words = kit.VBox(8), kit.VBox(0), kit.VBox(9), kit.NewLabel("", kit.Meta).Lines(2)
	chosen := 0
	if a.tabs != nil {
		chosen = a.tabs.Chosen()
	}
	a.tabs = kit.NewTabs()
	a.tabs.Add(lang.T("activity.waiting"), kit.Border(a.outbox, nil, nil, nil, a.ops.content))
	a.tabs.Add(lang.T("activity.history"), kit.NewScroll(kit.PadXY(22, 16, a.passes)))
	a.tabs.Choose(chosen)
	top := kit.NewScroll(kit.Pad(16, 22, 14, 22, a.accounts))
	check := kit.NewButton(kit.Plain, lang.T("activity.check"), icons.RefreshCw, func() { a.main.env.engine.GetMail() }).Tip(lang.T("activity.check") + "  F5")
	foot := kit.NewSurface(theme.Side, kit.PadXY(14, 9, newFootRow(check, a.words, a.ops.retry, a.ops.discard)))
	kit.SetContent(a.env.win, kit.NewSurface(theme.BG, kit.Border(nil, kit.VBox(0, kit.HLine(), foot), nil, nil, newTopShare(top, a.accounts, a.tabs))))
	a.Read()
}

// worklist is what the window shows besides the states of the accounts.
type worklist struct {
	aside      []store.Quarantined // messages that could not be fetched
	asideTotal int
	lists      []mail.Unsubscription // that could not be left
	ops        []store.OpenOp
	total      int // of the operations
	passes     []store.Pass
	outbox     []mail.OutboxItem
	refused    map[mail.AccountID][]store.RefusedFolder // that the servers do not open
}

// hidden is how many operations and messages are not listed.
func (l worklist) hidden() int { return l.total - len(l.ops) + l.asideTotal - len(l.aside) }

// Read reads operations and history again, while the window is open. Calls that come while one runs are joined.
func (a *activity) Read() {
	switch {
	case a.env == nil:
		return
	case a.reading:
		a.again = true
		return
	}
	a.reading = true
	e := a.env
	e.loop.Go(func(ctx context.Context) func() {
		l, err := a.read(ctx)
		return func() {
			a.reading = false
			switch {
			case a.env != e:
				// Closed meanwhile, and perhaps opened again.
			case err != nil:
				e.fail(lang.T("fail.activity"), err)
			default:
				a.fill(l)
			}
			if a.again || a.env != e {
				a.again = false
				a.Read()
			}
		}
	})
}

func (a *activity) read(ctx context.Context) (l worklist, err error) {
	st := a.main.env.store
	if l.ops, l.total, err = st.OpenOps(ctx, listedOps); err != nil {
		return l, err
	}
	if l.aside, l.asideTotal, err = st.SetAside(ctx, listedOps); err != nil {
		return l, err
	}
	if l.lists, err = st.FailedUnsubscriptions(ctx); err != nil {
		return l, err
	}
	if l.passes, err = st.Passes(ctx, shownPasses); err != nil {
		return l, err
	}
	if l.outbox, err = st.OutboxItems(ctx); err != nil {
		return l, err
	}
	accounts, err := st.Accounts(ctx)
	l.refused = map[mail.AccountID][]store.RefusedFolder{}
	for _, acc := range accounts {
		if err == nil {
			l.refused[acc.ID], err = st.RefusedFolders(ctx, acc.ID)
		}
	}
	return l, err
}

// Progress brings an account's line to its state, without reading anything.
func (a *activity) Progress(p mail.Progress) {
	if a.env == nil {
		return
	}
	if s := a.states[p.Account]; s != nil {
		s.show(a.main.status)
	}
	a.startClock()
}

// startClock keeps the words about the next tries right, once a second, for as long as some account waits for one.
func (a *activity) startClock() {
	if a.ticks != nil || a.env == nil {
		return
	}
	for id := range a.states {
		if !a.main.status.nextTry(id).IsZero() {
			a.ticks = a.env.loop.After(time.Second, a.tick)
			return
		}
	}
}

func (a *activity) stopClock() {
	if a.ticks != nil {
		a.ticks()
		a.ticks = nil
	}
}

func (a *activity) tick() {
	a.ticks = nil
	for _, s := range a.states {
		s.count(a.main.status)
	}
	a.startClock()
}

func (a *activity) fill(l worklist) {
	a.fillAccounts()
	for id, s := range a.states {
		s.showRefused(l.refused[id])
	}
	a.ops.set(l)
	a.tabs.SetMark(0, l.total+l.asideTotal+len(l.lists) > 0 || a.ops.unsent)
	a.fillOutbox(l.outbox)
	a.passes.RemoveAll()
	for _, p := range l.passes {
		a.passes.Add(a.passRow(p))
	}
	if len(l.passes) == 0 {
		a.passes.Add(kit.NewLabel(lang.T("activity.history.empty"), kit.Meta).Wrapped())
	}
	a.count()
	kit.Content(a.env.win).Refresh()
	if !a.filled {
		a.filled = true
		a.env.loop.After(windowSettles, a.focus)
	}
}

// fillAccounts makes the lines of the accounts, unless they are those that are there.
func (a *activity) fillAccounts() {
	all := a.main.env.tree.Accounts()
	same := len(a.accounts.Objects) == len(all)
	for _, acc := range all {
		same = same && a.states[acc.ID] != nil && a.states[acc.ID].email == acc.Email
	}
	if same { // a button of theirs may have the keyboard
		return
	}
	a.accounts.RemoveAll()
	a.states = map[mail.AccountID]*accountState{}
	for _, acc := range all {
		s := newAccountState(a, acc)
		a.states[acc.ID] = s
		a.accounts.Add(s.row)
	}
	a.startClock()
}

// windowSettles is after what time a new window takes the keyboard.
const windowSettles = 50 * time.Millisecond

// focus gives the keyboard to the list, where there is something in it.
func (a *activity) focus() {
	if a.env != nil && a.ops.list.Count() > 0 {
		a.ops.list.Focus()
	}
}

// count says how many operations wait and how many failed.
func (a *activity) count() {
	failed, waiting := 0, 0
	for _, o := range a.ops.ops {
		if o.State == mail.OpFailed {
			failed++
		} else {
			waiting++
		}
	}
	waiting += a.ops.total - len(a.ops.ops) // failures come first
	words := ""
	if n := a.ops.asideTotal; n > 0 {
		words = lang.N("activity.aside", n)
	}
	if n := len(a.ops.lists); n > 0 {
		words = lang.Dots(words, lang.N("activity.lists", n))
	}
	if failed > 0 {
		words = lang.Dots(words, lang.N("activity.failed", failed))
	}
	if waiting > 0 {
		words = lang.Dots(words, lang.N("activity.waits", waiting))
	}
	a.words.Set(words, kit.Meta)
}

// settle does something in the order of the clicks and reads again.
func (a *activity) settle(do func(ctx context.Context) error, then func()) {
	a.main.env.loop.Serial(func(ctx context.Context) func() {
		err := do(ctx)
		return func() {
			switch {
			case a.env == nil:
			case err != nil:
				a.env.fail(lang.T("fail.activity"), err)
			default:
				a.Read()
			}
			if err == nil && then != nil {
				then()
			}
		}
	})
}
