package ui

import (
	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// unsubscribe asks how to leave the list that a message came from, as the message offers it. Nothing is sent unseen: the message that asks for it
// is opened to be sent, the page in the browser.
func (m *messageView) unsubscribe() *kit.Dialog {
	u := model.UnsubscribeOf(m.content.Headers)
	if !u.Offered() {
		return nil
	}
	d := &kit.Dialog{Title: lang.T("unsubscribe.title"), Text: unsubscribeWords(u, m.inJunk()), Width: 480,
		Buttons: []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}}}
	kind := kit.Primary
	if u.Mailto != "" {
		d.Buttons = append(d.Buttons, kit.DialogButton{Text: lang.T("unsubscribe.write"), Kind: kind, Do: func() { m.pane.OnMailto(u.Mailto) }})
		kind = kit.Plain
	}
	if u.Page != "" {
		page := kit.DialogButton{Text: lang.T("unsubscribe.page"), Kind: kind, Do: func() { m.links.Open(u.Page) }}
		d.Buttons = append(d.Buttons[:1:1], append([]kit.DialogButton{page}, d.Buttons[1:]...)...)
	}
	d.Show(m.env.win)
	return d
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
