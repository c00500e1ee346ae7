package ui

import (
	"context"
	"runtime"
	"slices"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// opList lists messages that could not be fetched, lists that could not be left, and operations that wait or failed; those that are selected
// can be tried again or given up.
type opList struct {
	worklist // what is listed: first the messages, then the lists, then the operations

	a       *activity
	env     *env // of the window it was made for: the list may be drawn once more after that was closed
	list    *kit.List
	retry   *kit.Button
	discard *kit.Button
	empty   fyne.CanvasObject // nothing waits or failed
	other   fyne.CanvasObject // nothing but what is said of the outbox
	unsent  bool              // a message in the outbox could not be sent
	known   bool              // it was read what there is: before, nobody can say that all is done
	reasons reasons
	more    *kit.Label // how many are not listed
	content fyne.CanvasObject
}

// tasks are rows of the list.
type tasks struct {
	aside []store.Quarantined
	lists []mail.Unsubscription
	ops   []store.OpenOp
}

func (t tasks) none() bool { return len(t.aside)+len(t.lists)+len(t.ops) == 0 }

// task is row i, alone.
func (l *opList) task(i int) (t tasks) {
	n, m := len(l.aside), len(l.aside)+len(l.lists)
	switch {
	case i < 0:
	case i < n:
		t.aside = l.aside[i : i+1 : i+1]
	case i < m:
		t.lists = l.lists[i-n : i-n+1 : i-n+1]
	case i-m < len(l.ops):
		t.ops = l.ops[i-m : i-m+1 : i-m+1]
	}
	return t
}

func newOpList(a *activity) *opList {
	l := &opList{a: a, env: a.env, more: kit.NewLabel("", kit.Meta)}
	l.list = kit.NewList(kit.ListOptions{
		New:       func() fyne.CanvasObject { return newOpRow() },
		Bind:      func(i int, o fyne.CanvasObject, s kit.RowState) { l.bind(i, o.(*opRow), s) },
		RowHeight: opRowHeight, Taller: l.taller, Multi: true, Lines: true,
	})
	l.list.OnSelect = l.update
	l.list.OnOpen = func(i int) { l.open(l.task(i)) }
	l.list.OnMenu = l.menu
	l.list.OnKey = l.key
	l.list.OnFocus = func(bool) { l.list.Refresh() }
	l.retry = kit.NewButton(kit.Plain, lang.T("op.retry"), icons.RefreshCw, func() { l.tryAgain(l.selected()) }).Tip(lang.T("op.retry") + "  R")
	l.discard = kit.NewButton(kit.Danger, lang.T("op.discard"), icons.X, func() { l.giveUp(l.selected()) }).Tip(lang.T("op.discard") + "  Del")
	l.empty = kit.EmptyState(icons.CircleCheck, lang.T("activity.empty.title"), lang.T("activity.empty"), nil)
	l.other = kit.EmptyState(icons.CircleCheck, lang.T("activity.empty.else.title"), lang.T("activity.empty.else"), nil)
	l.content = kit.Border(nil, kit.PadXY(22, 4, l.more), nil, nil, kit.Stack(l.list, l.empty, l.other))
	l.update()
	return l
}

// set shows what is to be done; what was selected stays so.
func (l *opList) set(w worklist) {
	chosen, asideChosen, listChosen := map[mail.OpID]bool{}, map[mail.SetAsideID]bool{}, map[string]bool{}
	was := l.selected()
	for _, o := range was.ops {
		chosen[o.ID] = true
	}
	for _, q := range was.aside {
		asideChosen[q.ID()] = true
	}
	for _, u := range was.lists {
		listChosen[u.URL] = true
	}
	cursor, n := l.list.Cursor(), len(w.aside)+len(w.lists)+len(w.ops)
	l.worklist, l.known, l.unsent = w, true, slices.ContainsFunc(w.outbox, unsentFor)
	l.list.SetCount(n)
	var rows []int
	for i, q := range w.aside {
		if asideChosen[q.ID()] {
			rows = append(rows, i)
		}
	}
	for i, u := range w.lists {
		if listChosen[u.URL] {
			rows = append(rows, len(w.aside)+i)
		}
	}
	for i, o := range w.ops {
		if chosen[o.ID] {
			rows = append(rows, len(w.aside)+len(w.lists)+i)
		}
	}
	switch {
	case len(rows) > 0:
		l.list.SetSelected(rows, rows[0])
	case n > 0:
		l.list.Select(max(0, min(cursor, n-1)))
	}
	l.more.SetText(pick(w.hidden() > 0, lang.N("activity.more", w.hidden()), ""))
	shownIf(l.more, w.hidden() > 0)
	l.update()
	l.list.Refresh()
}

// selected lists what is selected.
func (l *opList) selected() (t tasks) {
	for _, i := range l.list.Selected() {
		one := l.task(i)
		t.aside, t.lists, t.ops = append(t.aside, one.aside...), append(t.lists, one.lists...), append(t.ops, one.ops...)
	}
	return t
}

// update brings the buttons to the selection.
func (l *opList) update() {
	n := l.list.SelectedCount()
	l.retry.SetEnabled(n > 0)
	l.discard.SetEnabled(n > 0)
	none := l.list.Count() == 0 && l.known
	shownIf(l.empty, none && !l.unsent)
	shownIf(l.other, none && l.unsent)
	shownIf(l.list, l.list.Count() > 0)
}

// key are the keys of the list: Del gives up, R tries again, also where R writes a letter of another alphabet.
func (l *opList) key(e *fyne.KeyEvent) bool {
	name := e.Name
	if name == fyne.KeyUnknown || name == "" {
		name = fyne.KeyName(model.PhysicalKey(runtime.GOOS, e.Physical.ScanCode))
	}
	switch {
	case kit.Modifiers() != 0:
		return false
	case name == fyne.KeyDelete || name == fyne.KeyBackspace:
		l.giveUp(l.selected())
	case name == fyne.KeyR:
		l.tryAgain(l.selected())
	default:
		return false
	}
	return true
}

func (l *opList) menu(i int, pos fyne.Position) {
	one, all := l.task(i), l.selected()
	first := mail.MessageID(0)
	switch {
	case len(all.ops)+len(all.aside)+len(all.lists) != 1:
	case len(one.ops) > 0:
		first = one.ops[0].First
	case len(one.lists) > 0:
		first = one.lists[0].Message
	}
	open := kit.Item(lang.T("activity.message"), icons.Mail, func() { l.a.main.showMessage(first) })
	open.Disabled = first == 0
	drop := kit.Item(lang.T("op.discard"), icons.X, func() { l.giveUp(all) }).With("Del")
	drop.Danger = true
	kit.ShowMenu(l.env.win.Canvas(), pos,
		kit.Item(lang.T("problem.details"), icons.Info, func() { l.open(one) }).With("Enter"), open, kit.MenuLine(),
		kit.Item(lang.T("op.retry"), icons.RefreshCw, func() { l.tryAgain(all) }).With("R"), drop)
}

// open tells all about a row.
func (l *opList) open(t tasks) {
	switch {
	case len(t.aside) > 0:
		l.asideDetails(t.aside[0])
	case len(t.lists) > 0:
		l.listDetails(t.lists[0])
	case len(t.ops) > 0:
		l.details(t.ops[0])
	}
}

// tryAgain lets operations be carried out, and messages be asked for, now.
func (l *opList) tryAgain(t tasks) {
	if t.none() {
		return
	}
	for _, u := range t.lists { // by themselves: an answer may take a while, and clicks must not wait for it
		l.env.leaveList(u)
	}
	ids, aside, engine := opIDs(t.ops), asideIDs(t.aside), l.a.main.env.engine
	l.a.settle(func(ctx context.Context) error {
		if len(ids) > 0 {
			if err := engine.RetryOps(ctx, ids...); err != nil {
				return err
			}
		}
		return engine.RetrySetAside(ctx, aside...)
	}, nil)
}

// giveUp discards operations, whose effect here is taken back, and takes messages that were set aside off the list. That can be undone.
func (l *opList) giveUp(t tasks) {
	if t.none() {
		return
	}
	ids, act, engine := opIDs(t.ops), l.a.main.env.act, l.a.main.env.engine
	gone := &givenUp{aside: asideIDs(t.aside)}
	l.a.settle(func(ctx context.Context) (err error) {
		if gone.ops, err = engine.DiscardOps(ctx, ids...); err != nil {
			return err
		}
		if gone.lists, err = engine.ForgetUnsubscriptions(ctx, listURLs(t.lists)...); err != nil {
			return err
		}
		return engine.DismissSetAside(ctx, true, gone.aside...)
	}, func() {
		n := min(len(t.ops), len(gone.ops)) + len(gone.lists) + len(gone.aside)
		if n == 0 {
			return
		}
		back := act.Discarded(gone)
		if l.a.env != nil {
			words := lang.N(pick(len(gone.ops) > 0, "activity.discarded", pick(len(gone.lists) > 0, "lists.discarded", "aside.discarded")), n)
			kit.ShowToast(l.env.win, words, toastTime, kit.Action{Text: lang.T("cmd.undo"), Do: back})
		}
	})
}

func opIDs(ops []store.OpenOp) []mail.OpID {
	var ids []mail.OpID
	for _, o := range ops {
		ids = append(ids, o.IDs()...)
	}
	return ids
}

// details tells all about an operation, and what can be done.
func (l *opList) details(o store.OpenOp) {
	t := l.a.main.env.tree
	acc, _ := t.Account(o.Account)
	body := kit.VBox(10)
	for _, s := range []string{opSubject(o, t), opWay(o, t), lang.Dots(accountWords(acc), lang.FullDate(o.Created.In(l.env.now().Location())))} {
		if s != "" {
			body.Add(kit.NewLabel(s, kit.Body).Wrapped().Selectable())
		}
	}
	body.Add(kit.NewLabel(opState(o), pick(o.State == mail.OpFailed, kit.DangerText, kit.Muted)).Wrapped().Selectable())
	if o.Error != "" {
		p := mail.StoredProblem(o.Error)
		if advice := lang.ProblemAdvice(p); advice != "" {
			body.Add(kit.NewLabel(advice, kit.Body).Wrapped().Selectable())
		}
		if detail := lang.ProblemDetail(p); detail != "" {
			body.Add(kit.NewNote(kit.NewLabel(detail, kit.Meta.OnTint(true)).Wrapped().Selectable()))
		}
	}
	body.Add(kit.NewLabel(lang.T("activity.discard.what."+pick(o.State == mail.OpFailed, "failed", "waiting")), kit.Meta).Wrapped())
	d := &kit.Dialog{Title: opTitle(o), Content: body, Width: 560}
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Plain}}
	if o.First != 0 {
		d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("activity.message"), Kind: kit.Plain, Do: func() { l.a.main.showMessage(o.First) }})
	}
	if act := l.a.main.folders.act; o.State == mail.OpFailed && act.intoTrash(o.Op) {
		if f, ok := t.Folder(o.Folder); ok {
			d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("folder.delete"), Kind: kit.Danger, Do: func() { act.destroyIn(l.env.win, f, []mail.OpID{o.ID}) }})
		}
	}
	one := tasks{ops: []store.OpenOp{o}}
	d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("op.discard"), Kind: kit.Danger, Do: func() { l.giveUp(one) }},
		kit.DialogButton{Text: lang.T("op.retry"), Kind: kit.Primary, Do: func() { l.tryAgain(one) }})
	d.OnClose = l.list.Focus
	d.Show(l.env.win)
}

func (l *opList) bind(i int, r *opRow, s kit.RowState) {
	one, t := l.task(i), l.a.main.env.tree
	meta := kit.Meta.OnTint(s.Selected || s.Hovered)
	r.when.SetStyle(meta)
	if len(one.aside) > 0 {
		l.bindAside(one.aside[0], r)
	}
	if len(one.lists) > 0 {
		l.bindList(one.lists[0], r)
	}
	if len(one.ops) == 0 {
		return
	}
	o := one.ops[0]
	pic, tint := icons.Clock, theme.Muted
	switch o.State {
	case mail.OpFailed:
		pic, tint = icons.CircleAlert, theme.Danger
	case mail.OpRunning:
		pic, tint = icons.LoaderCircle, theme.Accent
	}
	r.icon.Set(pic, tint)
	r.title.SetText(opTitle(o))
	r.when.SetText(whenWords(o.Created, l.env.now()))
	r.about.SetText(lang.Dots(opSubject(o, t), opWay(o, t)))
	r.state.Set(l.opState(o), pick(o.State == mail.OpFailed, kit.Meta.With(theme.Danger), meta))
}
