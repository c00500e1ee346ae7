package ui

import (
	"time"

	"peyk/internal/mail"
	"peyk/store"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// What the activity tells of messages that could not be fetched: they stay on the server, and the others are fetched without them.

func asideIDs(list []store.Quarantined) []mail.SetAsideID {
	var ids []mail.SetAsideID
	for _, q := range list {
		ids = append(ids, q.ID())
	}
	return ids
}

// asideName is the subject and the sender of a message that was set aside, or what its server calls it where nothing else is known.
func asideName(q store.Quarantined) string {
	who := ""
	if len(q.From) > 0 {
		who = model.ShownName(q.From[0])
	}
	switch subject := model.Visible(q.Subject); {
	case subject != "":
		return lang.Dots(subject, who)
	case who != "":
		return lang.Dots(lang.T("list.no.subject"), who)
	case q.UID != 0:
		return lang.T("aside.uid", int(q.UID))
	}
	return lang.T("aside.uidl", model.Visible(q.UIDL))
}

// asidePlace is the folder of a message that was set aside, how large it is there, and of when it is.
func asidePlace(q store.Quarantined, t *model.Tree, now time.Time) string {
	place, size, sent := "", "", ""
	if f, ok := t.Folder(q.Folder); ok {
		place = folderTitle(f)
	}
	if q.Size > 0 {
		size = lang.Size(q.Size)
	}
	if !q.Sent.IsZero() {
		sent = lang.Date(q.Sent.In(now.Location()))
	}
	return lang.Dots(place, size, sent)
}

func asideWhy(q store.Quarantined) string { return lang.ProblemWords(mail.StoredProblem(q.Reason), "") }

// asideNext says when a message that was set aside is asked for again by itself.
func asideNext(q store.Quarantined, now time.Time) string {
	switch {
	case q.Due.IsZero():
		return lang.T("aside.never")
	case q.Due.Before(now):
		return lang.T("activity.next.soon")
	}
	return lang.T("aside.next", whenWords(q.Due, now))
}

func (l *opList) asideAccount(q store.Quarantined) string {
	t := l.a.main.env.tree
	f, _ := t.Folder(q.Folder)
	acc, _ := t.Account(f.Account)
	return accountWords(acc)
}

func (l *opList) bindAside(q store.Quarantined, r *opRow) {
	r.icon.Set(icons.Mail, theme.Danger)
	r.title.SetText(lang.T("aside.title"))
	r.when.SetText(whenWords(q.Since, l.env.now()))
	r.about.SetText(lang.Dots(asideName(q), asidePlace(q, l.a.main.env.tree, l.env.now())))
	r.state.Set(l.asideState(q), kit.Meta.With(theme.Danger))
}

func (l *opList) asideState(q store.Quarantined) string {
	return lang.Dots(l.asideAccount(q), lang.T("aside.state"), asideWhy(q), asideNext(q, l.env.now()))
}

// asideDetails tells all about a message that was set aside, and what can be done.
func (l *opList) asideDetails(q store.Quarantined) {
	body := kit.VBox(10)
	for _, s := range []string{asideName(q), asidePlace(q, l.a.main.env.tree, l.env.now()), lang.Dots(l.asideAccount(q), lang.FullDate(q.Since.In(l.env.now().Location())))} {
		if s != "" {
			body.Add(kit.NewLabel(s, kit.Body).Wrapped().Selectable())
		}
	}
	body.Add(kit.NewLabel(lang.Dots(lang.T("aside.state"), asideWhy(q)), kit.DangerText).Wrapped().Selectable())
	if detail := lang.ProblemDetail(mail.StoredProblem(q.Reason)); detail != "" {
		body.Add(kit.NewNote(kit.NewLabel(detail, kit.Meta.OnTint(true)).Wrapped().Selectable()))
	}
	body.Add(kit.NewLabel(asideNext(q, l.env.now()), kit.Body).Wrapped().Selectable())
	body.Add(kit.NewLabel(lang.T("aside.what"), kit.Meta).Wrapped())
	one := tasks{aside: []store.Quarantined{q}}
	d := &kit.Dialog{Title: lang.T("aside.title"), Content: body, Width: 560}
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Plain},
		{Text: lang.T("op.discard"), Kind: kit.Danger, Do: func() { l.giveUp(one) }},
		{Text: lang.T("op.retry"), Kind: kit.Primary, Do: func() { l.tryAgain(one) }}}
	d.OnClose = l.list.Focus
	d.Show(l.env.win)
}
