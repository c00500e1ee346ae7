package ui

import (
	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
	"peyk/ui/theme"
)

// What the activity tells of lists that could not be left by one request.

func listURLs(us []mail.Unsubscription) []string {
	var urls []string
	for _, u := range us {
		urls = append(urls, u.URL)
	}
	return urls
}

// listName is the subject and the sender of the message that offered it.
func listName(u mail.Unsubscription) string {
	subject := model.Visible(u.Subject)
	if subject == "" {
		subject = lang.T("list.no.subject")
	}
	return lang.Dots(subject, model.ShownName(u.Sender))
}

func listWhy(u mail.Unsubscription) string {
	return lang.ProblemWords(mail.StoredProblem(u.Reason), "")
}

func (l *opList) bindList(u mail.Unsubscription, r *opRow) {
	r.icon.Set(icons.BellOff, theme.Danger)
	r.title.SetText(lang.T("lists.title"))
	r.when.SetText(whenWords(u.At, l.env.now()))
	r.about.SetText(listName(u))
	r.state.Set(l.listState(u), kit.Meta.With(theme.Danger))
}

func (l *opList) listState(u mail.Unsubscription) string {
	acc, _ := l.a.main.env.tree.Account(u.Account)
	return lang.Dots(accountWords(acc), listWhy(u))
}

// listDetails tells all about a list that could not be left, and what can be done.
func (l *opList) listDetails(u mail.Unsubscription) {
	acc, _ := l.a.main.env.tree.Account(u.Account)
	body := kit.VBox(10)
	for _, s := range []string{listName(u), lang.Dots(accountWords(acc), lang.FullDate(u.At.In(l.env.now().Location())))} {
		body.Add(kit.NewLabel(s, kit.Body).Wrapped().Selectable())
	}
	p := mail.StoredProblem(u.Reason)
	body.Add(kit.NewLabel(listWhy(u), kit.DangerText).Wrapped().Selectable())
	if advice := lang.ProblemAdvice(p); advice != "" {
		body.Add(kit.NewLabel(advice, kit.Body).Wrapped().Selectable())
	}
	if detail := lang.ProblemDetail(p); detail != "" {
		body.Add(kit.NewNote(kit.NewLabel(detail, kit.Meta.OnTint(true)).Wrapped().Selectable()))
	}
	body.Add(kit.NewLabel(lang.T("lists.what", model.VisibleName(u.Host())), kit.Meta).Wrapped())
	one := tasks{lists: []mail.Unsubscription{u}}
	d := &kit.Dialog{Title: lang.T("lists.title"), Content: body, Width: 560}
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Plain}}
	if u.Message != 0 {
		d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("activity.message"), Kind: kit.Plain, Do: func() { l.a.main.showMessage(u.Message) }})
	}
	d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("op.discard"), Kind: kit.Danger, Do: func() { l.giveUp(one) }},
		kit.DialogButton{Text: lang.T("op.retry"), Kind: kit.Primary, Do: func() { l.tryAgain(one) }})
	d.OnClose = l.list.Focus
	d.Show(l.env.win)
}
