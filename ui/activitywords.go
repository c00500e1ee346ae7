package ui

import (
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// opTitle is what an operation does: "Archive 3 messages".
func opTitle(o store.OpenOp) string {
	id := "op.other"
	for _, s := range []string{o.Title, string(o.Kind)} {
		if s != "" && lang.Has("op."+s) {
			id = "op." + s
			break
		}
	}
	return lang.N(id, max(o.Count, 1))
}

// opSubject is what it is about: the subject and the sender of the first message, or the folder.
func opSubject(o store.OpenOp, t *model.Tree) string {
	if o.Count == 0 || o.First == 0 {
		f, ok := t.Folder(o.Folder)
		switch {
		case o.Kind == mail.OpRename || o.Kind == mail.OpCreate:
			return model.Visible(o.Name)
		case ok:
			return folderTitle(f)
		}
		return ""
	}
	subject := model.Visible(o.Subject)
	if subject == "" {
		subject = lang.T("list.no.subject")
	}
	more := ""
	if o.Count > 1 {
		more = lang.N("activity.messages.more", o.Count-1)
	}
	return lang.Dots(subject, model.ShownName(o.Sender), more)
}

// opWay is where messages go to from where, "" where they stay.
func opWay(o store.OpenOp, t *model.Tree) string {
	to, ok := t.Folder(o.Folder)
	from, known := t.Folder(o.From)
	if !ok || !known || o.Kind != mail.OpMove && o.Kind != mail.OpCopy {
		return ""
	}
	return lang.T("activity.way", folderTitle(from), folderTitle(to))
}

// opState is how it stands: "waits · tried 3 times", and why.
func opState(o store.OpenOp) string {
	state, tries, why, kept := "op.state."+string(o.State), "", "", ""
	if o.Attempts > 0 {
		tries = lang.N("activity.tries", o.Attempts)
	}
	if o.Error != "" {
		p := mail.StoredProblem(o.Error)
		why = lang.ProblemWords(p, "")
		if o.State == mail.OpFailed && p.Code == mail.CodeNotStored { // it was not taken back: the message is elsewhere
			state, kept = "op.state.kept", lang.ProblemAdvice(p)
		}
	}
	return lang.Dots(lang.T(state), why, kept, tries)
}

// passRow is a pass of the history.
func (a *activity) passRow(p store.Pass) fyne.CanvasObject {
	acc, _ := a.main.env.tree.Account(p.Account)
	times, did := "", ""
	if p.Times > 1 {
		times = lang.N("activity.times", p.Times)
	}
	if p.Result.Did() || len(p.Problems) == 0 {
		did = resultWords(p.Result)
	}
	words := kit.VBox(1, kit.NewLabel(lang.Dots(whenWords(p.At, a.main.env.now()), accountWords(acc), times, did), kit.Meta).Wrapped().Selectable())
	for _, l := range p.Result.Late {
		words.Add(kit.NewLabel(lateWords(l, a.main.env.now().Location()), kit.Meta).Wrapped().Selectable())
	}
	for _, d := range p.Result.Discarded {
		back := kit.NewLinkText(lang.T("drafts.back"), kit.Meta.With(theme.Accent), func() { a.main.unsent.restoreDrafts([]mail.DraftID{d.ID}) })
		words.Add(kit.HBox(8, kit.Grow(kit.NewLabel(goneWords(d), kit.Meta).Wrapped().Selectable()), back))
	}
	for _, text := range p.Problems {
		words.Add(kit.NewLabel(lang.ProblemWords(mail.StoredProblem(text), acc.Name), kit.Meta.With(theme.Danger)).Wrapped().Selectable())
	}
	return words
}

// nextTryWords says when something is tried again, in words that change with every look; "" for a zero time.
func nextTryWords(t, now time.Time) string {
	left := t.Sub(now).Round(time.Second)
	switch {
	case t.IsZero():
		return ""
	case left < time.Second:
		return lang.T("activity.next.soon")
	case left < 2*time.Minute:
		return lang.N("activity.next.seconds", int(left/time.Second))
	case left < time.Hour:
		return lang.N("activity.next.minutes", int(left.Round(time.Minute)/time.Minute))
	}
	return lang.T("activity.next.at", whenWords(t, now))
}

// resultWords tells what a pass did: "3 new, 1 other message came, 2 changed"; "nothing new" when it did nothing.
func resultWords(r mail.PassResult) string {
	words := ""
	for _, c := range []struct {
		id string
		n  int
	}{{"status.new", r.Mail}, {"activity.came", r.New - r.Mail}, {"activity.changed", r.Updated}, {"activity.removed", r.Removed}, {"status.removed", r.RemovedOnServer}, {"activity.sent", r.Sent}} {
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
	t = t.In(now.Location())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return lang.Time(t)
	}
	return lang.Dots(lang.ListDate(t, now), lang.Time(t))
}
