package ui

import (
	"context"
	"time"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// unsubscribe asks how to leave the list that a message came from, as the message offers it. Nothing is sent unseen: the message that asks for it
// is opened to be sent, the page in the browser; the one request of RFC 8058 is offered where OneClick finds it proven, by a button that
// stands below the host it goes to. The dialog comes a moment later then, with what that host answered before.
func (m *messageView) unsubscribe() *kit.Dialog {
	u := model.UnsubscribeOf(m.content.Headers)
	if !u.Offered() {
		return nil
	}
	once := ""
	if !m.inJunk() && !m.pane.inside {
		once = model.OneClick(m.content.Headers, m.auth.auth)
	}
	if once == "" {
		return m.askUnsubscribe(u, mail.Unsubscription{})
	}
	gen := m.gen
	m.env.loop.Go(func(ctx context.Context) func() {
		had, _, err := m.env.store.Unsubscription(ctx, once)
		return func() {
			if err != nil {
				m.env.fail(lang.T("fail.unsubscribe"), err)
			}
			if gen == m.gen {
				had.URL = once
				m.askUnsubscribe(u, had)
			}
		}
	})
	return nil
}

// askUnsubscribe offers the ways. once is the request that may be sent, with what became of it before; its URL is "" where none may.
func (m *messageView) askUnsubscribe(u model.Unsubscribe, once mail.Unsubscription) *kit.Dialog {
	d := &kit.Dialog{Title: lang.T("unsubscribe.title"), Text: unsubscribeWords(u, m.inJunk()), Width: 480,
		Buttons: []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}}}
	kind := kit.Primary
	var ways []kit.DialogButton // the best last
	if once.URL != "" && once.State != mail.UnsubscribeAsked {
		ways = append(ways, kit.DialogButton{Text: lang.T("unsubscribe.do"), Kind: kind, Do: func() { m.leaveList(once) }})
		kind = kit.Plain
	}
	if u.Mailto != "" {
		ways = append([]kit.DialogButton{{Text: lang.T("unsubscribe.write"), Kind: kind, Do: func() { m.pane.OnMailto(u.Mailto) }}}, ways...)
		kind = kit.Plain
	}
	if u.Page != "" {
		ways = append([]kit.DialogButton{{Text: lang.T("unsubscribe.page"), Kind: kind, Do: func() { m.links.Open(u.Page) }}}, ways...)
	}
	if once.URL != "" {
		d.Text, d.Width = m.onceWords(once)+"\n\n"+lang.T("unsubscribe.or", d.Text), 560
	}
	d.Buttons = append(d.Buttons, ways...)
	d.Show(m.env.win)
	return d
}

// onceWords say what one request tells whom, and what became of it before.
func (m *messageView) onceWords(once mail.Unsubscription) string {
	host := model.VisibleName(once.Host())
	switch when := lang.FullDate(once.At.In(m.env.now().Location())); once.State {
	case mail.UnsubscribeAsked:
		return lang.T("unsubscribe.doing", host)
	case mail.UnsubscribeDone:
		return lang.T("unsubscribe.before", host, when) + "\n\n" + lang.T("unsubscribe.once", host)
	case mail.UnsubscribeFailed:
		return lang.T("unsubscribe.failed", host, when) + " " + lang.ProblemWords(mail.StoredProblem(once.Reason), "") + ".\n\n" + lang.T("unsubscribe.once", host)
	}
	return lang.T("unsubscribe.once", host)
}

// leaveList sends the request that the reader wants.
func (m *messageView) leaveList(once mail.Unsubscription) {
	r := m.content.Row
	m.env.leaveList(mail.Unsubscription{URL: once.URL, Account: r.Account, Message: r.ID, Subject: r.Subject, Sender: firstOf(r.From)})
}

// leaveTime is how long it is told that a host is asked: longer than that may take.
const leaveTime = 30 * time.Second

// leaveList sends a request to leave a list and tells the answer. What fails stands in the activity, too.
func (e *env) leaveList(u mail.Unsubscription) {
	host := model.VisibleName(u.Host())
	kit.ShowToast(e.win, lang.T("unsubscribe.doing", host), leaveTime)
	e.loop.Go(func(ctx context.Context) func() {
		err := e.engine.Unsubscribe(ctx, u)
		return func() {
			if err != nil {
				kit.HideToast(e.win)
				e.fail(lang.T("fail.unsubscribe"), err)
				return
			}
			kit.ShowToast(e.win, lang.T("unsubscribe.done", host), toastTime)
		}
	})
}

func (m *messageView) inJunk() bool {
	f, ok := m.env.tree.Folder(m.content.Row.Folder)
	return ok && f.Role == mail.RoleJunk
}

// unsubscribeWords say where the ways lead, and what they tell somebody whose mail is junk.
func unsubscribeWords(u model.Unsubscribe, junk bool) string {
	words := lang.T("unsubscribe.both", model.VisibleName(u.Address()), model.VisibleName(u.Host()))
	switch {
	case u.Page == "":
		words = lang.T("unsubscribe.mail", model.VisibleName(u.Address()))
	case u.Mailto == "":
		words = lang.T("unsubscribe.web", model.VisibleName(u.Host()))
	}
	if junk {
		words += "\n\n" + lang.T("unsubscribe.junk")
	}
	return words
}
