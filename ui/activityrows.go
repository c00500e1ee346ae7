package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// accountState is an account's line in the activity: what it is doing, what is wrong with it, or when it was last checked.
type accountState struct {
	id       mail.AccountID
	words    *kit.Label
	progress *kit.Progress
	details  *kit.Button
	check    *kit.Button
	row      *fyne.Container
}

func newAccountState(a *activity, acc mail.Account) *accountState {
	s := &accountState{id: acc.ID, words: kit.NewLabel("", kit.Meta).Wrapped().Selectable(), progress: kit.NewProgress()}
	s.details = kit.NewButton(kit.Link, lang.T("problem.details"), "", func() {
		if p := a.status.problems[s.id]; p != nil {
			a.dialog.Close()
			a.tell(p)
		}
	}).Small()
	s.check = kit.NewIconButton(icons.RefreshCw, lang.T("cmd.getmail"), func() { a.env.engine.GetMail(s.id) }).Small()
	s.row = kit.HBox(8, kit.Grow(kit.VBox(1, kit.NewLabel(acc.Email, kit.Body).Ellipsized(), s.words, s.progress)), s.details, s.check)
	s.show(a)
	return s
}

// show brings the line to the account's state.
func (s *accountState) show(a *activity) {
	p, problem := a.status.states[s.id], a.status.problems[s.id]
	words, style := lang.T("activity.unchecked"), kit.Meta
	done, checkedOnce := a.status.results[s.id]
	switch {
	case working(p):
		words = ""
	case problem != nil:
		words, style = a.status.problemWords(problem), kit.Meta.With(theme.Danger)
	case p.Phase == mail.PhaseOffline:
		words = lang.T("status.offline")
	case checkedOnce:
		words = lang.Dots(lang.T("activity.checked", whenWords(done.at, a.env.now())), resultWords(done.result))
	}
	s.words.Set(words, style)
	shownIf(s.words, words != "")
	if working(p) {
		s.progress.Set(share(p), a.status.workWords(p))
	} else {
		s.progress.Set(0, "")
	}
	shownIf(s.details, problem != nil && !working(p))
	s.row.Refresh()
	a.dialog.Relayout()
}

func shownIf(o fyne.CanvasObject, yes bool) {
	if yes {
		o.Show()
	} else {
		o.Hide()
	}
}

// working reports whether a worker's state is one in which it does something.
func working(p mail.Progress) bool {
	switch p.Phase {
	case mail.PhaseConnecting, mail.PhaseOps, mail.PhaseFolders, mail.PhaseReceiving, mail.PhaseSending:
		return true
	}
	return false
}

// opRow is an operation that waits or failed, with what can be done about it.
func (a *activity) opRow(op mail.Op) fyne.CanvasObject {
	acc, _ := a.env.tree.Account(op.Account)
	words := kit.VBox(1, kit.NewLabel(lang.N("op."+opTitle(op), max(len(op.Messages), 1)), kit.Body).Wrapped())
	tries, style := "", pick(op.State == mail.OpFailed, kit.Meta.With(theme.Danger), kit.Meta)
	if op.Attempts > 1 {
		tries = lang.N("activity.tries", op.Attempts)
	}
	note := lang.Dots(acc.Email, lang.T("op.state."+string(op.State)), whenWords(op.Created, a.env.now()), tries)
	words.Add(kit.NewLabel(note, style).Wrapped().Selectable())
	if op.Error != "" {
		words.Add(kit.NewLabel(lang.ProblemWords(mail.StoredProblem(op.Error), ""), style).Wrapped().Selectable())
	}
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

// passRow is a pass of the history.
func (a *activity) passRow(p store.Pass) fyne.CanvasObject {
	acc, _ := a.env.tree.Account(p.Account)
	times, did := "", ""
	if p.Times > 1 {
		times = lang.N("activity.times", p.Times)
	}
	if p.Result.Did() || len(p.Problems) == 0 {
		did = resultWords(p.Result)
	}
	words := kit.VBox(1, kit.NewLabel(lang.Dots(whenWords(p.At, a.env.now()), acc.Email, times, did), kit.Meta).Wrapped().Selectable())
	for _, text := range p.Problems {
		words.Add(kit.NewLabel(lang.ProblemWords(mail.StoredProblem(text), acc.Name), kit.Meta.With(theme.Danger)).Wrapped().Selectable())
	}
	return words
}

// resultWords tells what a pass did: "3 new, 2 changed"; "nothing new" when it did nothing.
func resultWords(r mail.PassResult) string {
	words := ""
	for _, c := range []struct {
		id string
		n  int
	}{{"status.new", r.New}, {"activity.changed", r.Updated}, {"activity.removed", r.Removed}, {"status.removed", r.RemovedOnServer}, {"activity.sent", r.Sent}} {
		if c.n == 0 {
			continue
		}
		if words != "" {
			words += lang.T("list.comma")
		}
		words += lang.N(c.id, c.n)
	}
	if words == "" {
		return lang.T("activity.nothing")
	}
	return words
}

// whenWords is a time of day for today, else day and time.
func whenWords(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return lang.Time(t)
	}
	return lang.Dots(lang.ListDate(t, now), lang.Time(t))
}
