package setup

import (
	"strings"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/internal/richtext"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

// identityForm edits one identity.
type identityForm struct {
	name, addr, replyTo, bcc *kit.Entry
	signature                *kit.Editor
	format                   fyne.CanvasObject
	writeIn                  *kit.Select // rich text, plain text
}

// identities is as whom mail is written, and what stands under it. The first identity is the default.
func (f *Settings) identities() fyne.CanvasObject {
	list := append([]mail.Identity(nil), f.account.Identities...)
	if len(list) == 0 {
		list = []mail.Identity{{Name: f.account.DisplayName, Addr: f.account.Email}}
	}
	box := kit.VBox(22)
	var forms []*identityForm
	var rebuild func()
	read := func() {
		for i, form := range forms {
			list[i] = form.value()
		}
	}
	rebuild = func() {
		box.RemoveAll()
		forms = nil
		for i := range list {
			form := f.identityForm(list[i])
			forms = append(forms, form)
			box.Add(form.content(i, len(list), func(move int) {
				read()
				switch {
				case move < 0 && len(list) > 1:
					list = append(list[:i], list[i+1:]...)
				case move > 0:
					list[0], list[i] = list[i], list[0]
				}
				f.edited()
				rebuild()
			}))
		}
		box.Add(kit.Start(kit.NewButton(kit.Link, lang.T("setup.identity.add"), icons.Plus, func() {
			read()
			list = append(list, mail.Identity{Name: f.account.DisplayName})
			rebuild()
			forms[len(forms)-1].addr.Focus()
		})))
		box.Refresh()
	}
	rebuild()
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		read()
		for i, id := range list {
			for _, field := range []struct {
				v string
				e *kit.Entry
			}{{id.Addr, forms[i].addr}, {id.ReplyTo, forms[i].replyTo}, {id.Bcc, forms[i].bcc}} {
				if field.v != "" && !plausible(field.v) || field.v == "" && field.e == forms[i].addr {
					return &fieldError{TabIdentities, lang.T("setup.email.bad"), field.e}
				}
			}
		}
		a.Identities = append([]mail.Identity(nil), list...)
		return nil
	})
	return box
}

func (f *Settings) identityForm(id mail.Identity) *identityForm {
	form := &identityForm{name: f.entry(id.Name, false), addr: f.entry(id.Addr, true), replyTo: f.entry(id.ReplyTo, true), bcc: f.entry(id.Bcc, true),
		signature: kit.NewEditor().Bordered()}
	form.signature.SetRich(true, nil)
	doc := richtext.FromPlain(id.Signature, nil)
	if id.SignatureHTML != "" {
		doc = richtext.FromHTML(id.SignatureHTML)
	}
	form.signature.SetDocument(doc)
	form.signature.SetPlaceholder(lang.T("setup.signature.hint"))
	form.format = signatureBar(form.signature)
	form.writeIn = kit.NewSelect([]string{lang.T("compose.rich"), lang.T("compose.plain")}, nil)
	if id.PlainText {
		form.writeIn.Choose(1)
	} else {
		form.writeIn.Choose(0)
	}
	return form
}

// signatureBar has the marks a signature may carry; the keys of the compose window work as well.
func signatureBar(e *kit.Editor) fyne.CanvasObject {
	mark := func(icon icons.Name, id, keys string, m richtext.Mark) *kit.Button {
		return kit.NewIconButton(icon, lang.T(id)+" ("+keys+")", func() { e.ToggleMark(m); e.Focus() }).Small()
	}
	bold := mark(icons.Bold, "compose.tool.bold", "Ctrl+B", richtext.Bold)
	italic := mark(icons.Italic, "compose.tool.italic", "Ctrl+I", richtext.Italic)
	underline := mark(icons.Underline, "compose.tool.underline", "Ctrl+U", richtext.Underline)
	e.OnFormat(func(f kit.Format) {
		bold.SetOn(f.Marks&richtext.Bold != 0)
		italic.SetOn(f.Marks&richtext.Italic != 0)
		underline.SetOn(f.Marks&richtext.Underline != 0)
	})
	clear := kit.NewIconButton(icons.RemoveFormatting, lang.T("compose.tool.clear"), func() { e.ClearFormat(); e.Focus() }).Small()
	return kit.HBox(2, bold, italic, underline, clear, kit.Spacer())
}

func address(e *kit.Entry) string {
	addr, _ := cleanAddress(e.Text())
	return addr
}

func (i *identityForm) value() mail.Identity {
	id := mail.Identity{Name: strings.TrimSpace(i.name.Text()), Addr: address(i.addr),
		ReplyTo: address(i.replyTo), Bcc: address(i.bcc), PlainText: i.writeIn.Chosen() == 1}
	if doc := i.signature.Document().Trim(); len(doc) > 0 {
		id.Signature = doc.Plain()
		if doc.Formatted() || len(doc.Forced()) > 0 {
			id.SignatureHTML = doc.HTML()
		}
	}
	return id
}

// content is the form of identity n of count; change(-1) removes it, change(1) makes it the default.
func (i *identityForm) content(n, count int, change func(int)) fyne.CanvasObject {
	title := lang.T("setup.identity.other")
	if n == 0 {
		title = lang.T("setup.identity.default")
	}
	head := kit.HBox(8, kit.Grow(kit.NewLabel(title, kit.Heading)))
	if n > 0 {
		head.Add(kit.NewButton(kit.Link, lang.T("setup.identity.prefer"), "", func() { change(1) }))
	}
	if count > 1 {
		head.Add(kit.NewIconButton(icons.Trash2, lang.T("setup.identity.remove"), func() { change(-1) }))
	}
	return kit.VBox(10, head,
		row("setup.name", i.name), row("setup.email", i.addr), row("setup.replyto", i.replyTo), row("setup.bcc", i.bcc),
		row("setup.writein", i.writeIn),
		row("setup.signature", kit.VBox(4, i.format, kit.Fixed(0, 110, i.signature))))
}
