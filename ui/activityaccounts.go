package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// accountState is an account's line in the activity: what it is doing, what is wrong with it, or when it was last checked.
type accountState struct {
	id       mail.AccountID
	email    string
	now      *env
	words    *kit.Label
	next     *kit.Label // when it is tried again: apart, so that counting down leaves alone what is selected in words
	refused  *kit.Label // the folders that the server does not open
	progress *kit.Progress
	details  *kit.Button
	again    *kit.Button // tries at once what would be tried later
	row      *fyne.Container
}

func newAccountState(a *activity, acc mail.Account) *accountState {
	s := &accountState{id: acc.ID, email: acc.Email, now: a.env, words: kit.NewLabel("", kit.Meta).Wrapped().Selectable(),
		next: kit.NewLabel("", kit.Meta).Wrapped(), refused: kit.NewLabel("", kit.Meta).Wrapped().Selectable(), progress: kit.NewProgress()}
	s.details = kit.NewButton(kit.Link, lang.T("problem.details"), "", func() {
		if p := a.main.status.problems[s.id]; p != nil {
			a.problems.Show(p)
		}
	}).Small()
	s.again = kit.NewButton(kit.Link, lang.T("activity.try"), "", func() { a.main.env.engine.GetMail(s.id) }).Small()
	check := kit.NewIconButton(icons.RefreshCw, lang.T("cmd.getmail"), func() { a.main.env.engine.GetMail(s.id) }).Small().Tinted(theme.Muted)
	s.row = kit.HBox(8, kit.Grow(kit.VBox(1, kit.NewLabel(accountWords(acc), kit.Body).Ellipsized(), s.words, s.refused, s.next, s.progress)), s.again, s.details, check)
	s.showRefused(nil)
	s.show(a.main.status)
	return s
}

// show brings the line to the account's state.
func (s *accountState) show(status *statusBar) {
	p, problem := status.states[s.id], status.problems[s.id]
	words, style := lang.T("activity.unchecked"), kit.Meta
	done, checkedOnce := status.results[s.id]
	now := s.now.now()
	switch {
	case working(p):
		words = ""
	case problem != nil:
		words, style = status.problemWords(problem), kit.Meta.With(theme.Danger)
	case p.Phase == mail.PhaseOffline:
		words = lang.T("status.offline")
	case checkedOnce:
		words = lang.Dots(lang.T("activity.checked", whenWords(done.at, now)), resultWords(done.result))
		if check := status.next[s.id]; check.After(now) {
			words = lang.Dots(words, lang.T("activity.next.check", whenWords(check, now)))
		}
	}
	s.words.Set(words, style)
	shownIf(s.words, words != "")
	if working(p) {
		s.progress.Set(share(p), status.workWords(p))
	} else {
		s.progress.Set(0, "")
	}
	shownIf(s.details, problem != nil)
	s.count(status)
	shownIf(s.again, s.next.Visible())
	s.row.Refresh()
}

// maxRefusedNames is how many folders are named that a server does not open.
const maxRefusedNames = 8

// showRefused names the folders that the server lists and does not open, and when the first of them is tried again.
func (s *accountState) showRefused(list []store.RefusedFolder) {
	words := ""
	if len(list) > 0 {
		var names []string
		due := list[0].Due
		for _, f := range list {
			names = append(names, model.Visible(f.Path))
			if f.Due.Before(due) {
				due = f.Due
			}
		}
		if len(names) > maxRefusedNames {
			names = append(names[:maxRefusedNames], "…")
		}
		words = lang.T("activity.refused", lang.List(names...))
		if now := s.now.now(); due.After(now) {
			words = lang.Dots(words, lang.T("aside.next", whenWords(due, now)))
		}
	}
	s.refused.Set(words, kit.Meta)
	shownIf(s.refused, words != "")
}

// count brings the words about the next try to the moment.
func (s *accountState) count(status *statusBar) {
	words := ""
	if !working(status.states[s.id]) {
		words = nextTryWords(status.nextTry(s.id), s.now.now())
	}
	s.next.Set(words, kit.Meta)
	shownIf(s.next, words != "")
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

// topShare gives what is above as much as it needs, up to a share of the height, and the rest to what is below.
type topShare struct {
	content fyne.CanvasObject // of what is above, to measure it
}

// maxTopShare is the share that many accounts get.
const maxTopShare = 0.4

func newTopShare(top *kit.Scroll, content, below fyne.CanvasObject) *fyne.Container {
	return container.New(topShare{content}, top, kit.HLine(), below)
}

// Layout implements fyne.Layout.
func (l topShare) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const pads = 30 // above and below the content, within the scroll
	top := min(kit.HeightFor(l.content, s.Width-44)+pads, s.Height*maxTopShare)
	put(o[0], s.Width, 0, 0, s.Width, top)
	put(o[1], s.Width, 0, top, s.Width, 1)
	put(o[2], s.Width, 0, top+1, s.Width, max(0, s.Height-top-1))
}

// MinSize implements fyne.Layout.
func (l topShare) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+1+b.Height)
}
