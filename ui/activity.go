package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// activity is the dialog that shows how each account is, what waits to be done on the servers, what failed there, and what
// the last passes did.
type activity struct {
	env    *env
	status *statusBar
	tell   func(p *mail.Problem)
	outbox func() // opens the outbox
	dialog *kit.Dialog
	box    *fyne.Container
	states map[mail.AccountID]*accountState
	gen    int
}

const (
	// shownOps is how many of the newest operations are looked at.
	shownOps = 200
	// listedOps is how many of those are listed; the rest is a number.
	listedOps = 50
	// shownPasses is how many passes the history shows.
	shownPasses = 30
)

// Show opens the dialog.
func (a *activity) Show() {
	a.box = kit.VBox(8)
	a.dialog = &kit.Dialog{
		Title: lang.T("cmd.activity"), Width: 660, Height: 560, Content: kit.NewScroll(a.box),
		Buttons: []kit.DialogButton{
			{Text: lang.T("activity.check"), Stay: true, Do: func() { a.env.engine.GetMail() }},
			{Text: lang.T("kit.close"), Kind: kit.Primary},
		}, OnClose: func() { a.dialog = nil },
	}
	a.dialog.Show(a.env.win)
	a.Read()
}

// worklist is what the dialog shows besides the states of the accounts.
type worklist struct {
	ops    []mail.Op
	passes []store.Pass
	outbox []mail.OutboxItem
}

// Read reads operations and history again, while the dialog is open.
func (a *activity) Read() {
	if a.dialog == nil {
		return
	}
	a.gen++
	gen := a.gen
	a.env.loop.Go(func(ctx context.Context) func() {
		var l worklist
		var err error
		if l.ops, err = a.env.store.Ops(ctx, shownOps); err == nil {
			l.passes, err = a.env.store.Passes(ctx, shownPasses)
		}
		if err == nil {
			l.outbox, err = a.env.store.OutboxItems(ctx)
		}
		return func() {
			if gen != a.gen || a.dialog == nil {
				return
			}
			if err != nil {
				a.env.fail(lang.T("fail.activity"), err)
				return
			}
			a.fill(l)
		}
	})
}

// Progress brings an account's line to its state, without reading anything.
func (a *activity) Progress(p mail.Progress) {
	if a.dialog == nil {
		return
	}
	if s := a.states[p.Account]; s != nil {
		s.show(a)
	}
}

func (a *activity) fill(l worklist) {
	a.box.RemoveAll()
	a.states = map[mail.AccountID]*accountState{}
	a.section("activity.accounts")
	for _, acc := range a.env.tree.Accounts() {
		s := newAccountState(a, acc)
		a.states[acc.ID] = s
		a.box.Add(s.row)
	}
	a.fillOps(l)
	a.section("activity.history")
	for _, p := range l.passes {
		a.box.Add(a.passRow(p))
	}
	if len(l.passes) == 0 {
		a.box.Add(kit.NewLabel(lang.T("activity.history.empty"), kit.Meta).Wrapped())
	}
	a.box.Refresh()
	a.dialog.Relayout()
}

func (a *activity) section(id string) {
	if len(a.box.Objects) > 0 {
		a.box.Add(kit.Gap(6))
	}
	a.box.Add(kit.NewLabel(lang.T(id), kit.Strong))
}

// fillOps lists what waits and what failed, failures first.
func (a *activity) fillOps(l worklist) {
	var failed, waiting []mail.Op
	for _, op := range l.ops {
		switch op.State {
		case mail.OpFailed:
			failed = append(failed, op)
		case mail.OpPending, mail.OpRunning:
			waiting = append(waiting, op)
		}
	}
	a.section("activity.waiting")
	if len(failed)+len(waiting)+len(l.outbox) == 0 {
		a.box.Add(kit.HBox(8, kit.NewIcon(icons.CircleCheck, theme.Muted, theme.IconSmall), kit.Grow(kit.NewLabel(lang.T("activity.empty"), kit.Meta).Wrapped())))
		return
	}
	if n := len(l.outbox); n > 0 {
		a.box.Add(kit.HBox(8, kit.Grow(kit.NewLabel(lang.N("activity.outbox", n), kit.Body).Wrapped()),
			kit.NewButton(kit.Link, lang.T("place.outbox"), "", func() { a.dialog.Close(); a.outbox() }).Small()))
	}
	if len(failed) > 1 {
		a.box.Add(kit.HBox(8, kit.Grow(kit.NewLabel(lang.N("activity.failed", len(failed)), kit.Body.With(theme.Danger)).Wrapped()),
			kit.NewButton(kit.Link, lang.T("activity.retry.all"), "", func() { a.each(failed, a.env.engine.RetryOp) }).Small(),
			kit.NewButton(kit.Danger, lang.T("activity.discard.all"), "", func() { a.each(failed, a.env.engine.DiscardOp) }).Small()))
	}
	all := append(failed, waiting...)
	for _, op := range all[:min(len(all), listedOps)] {
		a.box.Add(a.opRow(op))
	}
	if n := len(all) - listedOps; n > 0 {
		a.box.Add(kit.NewLabel(lang.N("activity.more", n), kit.Meta))
	}
}

// each settles several operations in one go.
func (a *activity) each(ops []mail.Op, do func(context.Context, mail.OpID) error) {
	a.settle(func(ctx context.Context) error {
		for _, op := range ops {
			if err := do(ctx, op.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *activity) settle(do func(ctx context.Context) error) {
	a.env.loop.Serial(func(ctx context.Context) func() {
		err := do(ctx)
		return func() {
			if err != nil {
				a.env.fail(lang.T("fail.activity"), err)
			}
			a.Read()
		}
	})
}
