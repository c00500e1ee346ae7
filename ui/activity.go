package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// activity is the dialog that shows what waits to be done on the servers, what failed there, and how each account is.
type activity struct {
	env    *env
	status *statusBar
	tell   func(p *mail.Problem)
	dialog *kit.Dialog
	box    *fyne.Container
	gen    int
}

// shownOps is how many of the newest operations are looked at.
const shownOps = 200

// Show opens the dialog.
func (a *activity) Show() {
	a.box = kit.VBox(8)
	a.dialog = &kit.Dialog{
		Title: lang.T("cmd.activity"), Width: 620, Height: 480, Content: kit.NewScroll(a.box),
		Buttons: []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Primary}}, OnClose: func() { a.dialog = nil },
	}
	a.dialog.Show(a.env.win)
	a.Read()
}

// Read reads the operations again, while the dialog is open.
func (a *activity) Read() {
	if a.dialog == nil {
		return
	}
	a.gen++
	gen := a.gen
	a.env.loop.Go(func(ctx context.Context) func() {
		ops, err := a.env.store.Ops(ctx, shownOps)
		return func() {
			if gen != a.gen || a.dialog == nil {
				return
			}
			if err != nil {
				a.env.fail(lang.T("fail.activity"), err)
				return
			}
			a.fill(ops)
		}
	})
}

func (a *activity) fill(ops []mail.Op) {
	a.box.RemoveAll()
	for _, p := range a.status.Problems() {
		link := kit.NewLinkText(lang.T("problem.details"), kit.AccentText, func() { a.dialog.Close(); a.tell(p) })
		a.box.Add(kit.HBox(10, kit.NewIcon(icons.TriangleAlert, theme.Danger, theme.Icon), kit.Grow(kit.NewLabel(a.status.problemWords(p), kit.Body).Wrapped().Selectable()), link))
	}
	n := 0
	for _, op := range ops {
		if op.State == mail.OpDone || op.State == mail.OpUndone {
			continue
		}
		n++
		a.box.Add(a.line(op))
	}
	if n == 0 && len(a.box.Objects) == 0 {
		a.box.Add(kit.EmptyState(icons.CircleCheck, lang.T("activity.empty.title"), lang.T("activity.empty"), nil))
	}
	a.box.Refresh()
	a.dialog.Relayout()
}

func (a *activity) line(op mail.Op) fyne.CanvasObject {
	acc, _ := a.env.tree.Account(op.Account)
	words := kit.VBox(1, kit.NewLabel(lang.N("op."+opTitle(op), max(len(op.Messages), 1)), kit.Body).Wrapped())
	why := ""
	if op.Error != "" {
		why = lang.ProblemWords(mail.StoredProblem(op.Error), "")
	}
	note := lang.Dots(acc.Email, lang.T("op.state."+string(op.State)), why)
	words.Add(kit.NewLabel(note, pick(op.State == mail.OpFailed, kit.Meta.With(theme.Danger), kit.Meta)).Wrapped().Selectable())
	row := kit.HBox(8, kit.Grow(words))
	if op.State == mail.OpFailed || op.Attempts > 0 {
		row.Add(kit.NewButton(kit.Link, lang.T("op.retry"), "", func() { a.settle(func(ctx context.Context) error { return a.env.engine.RetryOp(ctx, op.ID) }) }).Small())
		row.Add(kit.NewButton(kit.Danger, lang.T("op.discard"), "", func() { a.settle(func(ctx context.Context) error { return a.env.engine.DiscardOp(ctx, op.ID) }) }).Small())
	}
	return row
}

// opTitle is the action that caused an operation, or its kind when nobody said.
func opTitle(op mail.Op) string {
	if op.Title != "" && lang.Has("op."+op.Title) {
		return op.Title
	}
	if id := string(op.Kind); lang.Has("op." + id) {
		return id
	}
	return "other"
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
