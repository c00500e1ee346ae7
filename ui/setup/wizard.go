package setup

import (
	"errors"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// WizardOptions connect the wizard to what stands around it.
type WizardOptions struct {
	Engine Engine
	Loop   Loop
	// Done is called with the account once it is stored.
	Done func(id mail.AccountID)
	// Manual opens the account settings with what is known so far.
	Manual func(a mail.Account, s mail.Secrets)
	// Demo opens the demo mailbox; nil: not offered.
	Demo func()
	// Import asks for files with mail to read without an account; nil: not offered.
	Import func()
	// Cancel closes the wizard; nil on the first start, when there is nothing to go back to.
	Cancel func()
}

// Wizard makes an account from a name, an address and a password.
type Wizard struct {
	opt   WizardOptions
	win   fyne.Window
	proto mail.Protocol

	name, email, password *kit.Entry
	imap, pop             *kit.OptionCard
	wrong                 *kit.Entry // the field that keeps it from going on; nil: none
	next                  *kit.Button
	steps                 *steps
	offers                []remedy        // what can be done about a failure
	actions               *fyne.Container // their buttons

	account mail.Account // as found, with what the user allowed
	found   bool
	saving  bool
	cancel  func() // ends the work under way; nil when none is
}

// remedy is a way out of a failure.
type remedy struct {
	text func() string
	do   func()
}

// NewWizard builds the wizard for a window; Content shows it.
func NewWizard(w fyne.Window, opt WizardOptions) *Wizard {
	z := &Wizard{opt: opt, win: w, proto: mail.IMAP, steps: newSteps(), actions: kit.Flow(8, 6)}
	z.name, z.email, z.password = kit.NewEntry(), kit.NewEntry(), kit.NewPasswordEntry()
	z.email.SetPlaceholder("name@example.org")
	z.email.SetDirection(kit.DirLTR)
	z.email.OnChanged = func(string) { z.found = false; z.edited(); z.mended(z.email) }
	z.password.OnChanged = func(string) { z.edited(); z.mended(z.password) }
	z.name.OnSubmit = func(string) { z.email.Focus() }
	z.email.OnSubmit = func(string) { z.password.Focus() }
	z.password.OnSubmit = func(string) { z.Continue() }
	z.next = kit.NewButton(kit.Primary, "", "", z.Continue)
	return z
}

// Content is the form in the language of the moment; made again, it shows the same entries and how far the work has come.
func (z *Wizard) Content() fyne.CanvasObject {
	z.name.SetPlaceholder(lang.T("setup.name.hint"))
	z.imap = kit.NewOptionCard(icons.RefreshCw, "IMAP", lang.T("setup.imap.text"), func() { z.choose(mail.IMAP) })
	z.pop = kit.NewOptionCard(icons.Download, "POP3", lang.T("setup.pop3.text"), func() { z.choose(mail.POP3) })
	kit.OptionCards(z.imap, z.pop)
	z.choose(z.proto)
	z.next.SetText(lang.T(z.nextID()))
	z.steps.show()
	z.showOffers()
	head := kit.VBox(6, kit.NewLabel(lang.T("setup.welcome"), kit.Hero), kit.NewLabel(lang.T("setup.welcome.text"), kit.Muted).Wrapped())
	form := kit.Form(152,
		kit.FormItem{Label: lang.T("setup.name"), Field: z.name},
		kit.FormItem{Label: lang.T("setup.email"), Field: z.email},
		kit.FormItem{Label: lang.T("setup.password"), Field: z.password})
	top := kit.VBox(22, head, form, kit.Grid(2, 12, z.imap, z.pop), z.steps.box)
	z.steps.scroll.SetContent(kit.Pad(32, 44, 6, 44, kit.VBox(8, top, z.actions))) // all above the buttons: a small window has room for no less
	return kit.NewSurface(theme.BG, kit.Border(nil, kit.Pad(6, 44, 30, 44, z.buttons()), nil, nil, z.steps.scroll))
}

func (z *Wizard) buttons() fyne.CanvasObject {
	offers, row := kit.Flow(8, 4), kit.HBox(8)
	if z.opt.Demo != nil {
		offers.Add(kit.NewButton(kit.Link, lang.T("setup.demo"), icons.FlaskConical, z.opt.Demo))
	}
	if z.opt.Import != nil {
		offers.Add(kit.NewButton(kit.Link, lang.T("transfer.import"), icons.Download, z.opt.Import))
	}
	if z.opt.Cancel != nil {
		row.Add(kit.NewButton(kit.Plain, lang.T("setup.cancel"), "", func() { z.Stop(); z.opt.Cancel() }))
	}
	if z.opt.Manual != nil {
		row.Add(kit.NewButton(kit.Plain, lang.T("setup.manual"), "", z.manual))
	}
	row.Add(z.next)
	return kit.Ends(8, offers, row)
}

// Focus puts the keyboard into the first field.
func (z *Wizard) Focus() { z.name.Focus() }

func (z *Wizard) choose(p mail.Protocol) {
	if z.proto != p {
		z.proto, z.found = p, false
		z.edited()
	}
	z.imap.Choose(p == mail.IMAP)
	z.pop.Choose(p == mail.POP3)
}

func (z *Wizard) secrets() mail.Secrets {
	return mail.Secrets{Incoming: z.password.Text(), Outgoing: z.password.Text()}
}

func (z *Wizard) manual() {
	z.stop()
	z.tidy()
	a := z.account
	if !z.found {
		a = fresh(z.name.Text(), z.email.Text(), z.proto)
	}
	z.opt.Manual(a, z.secrets())
}

// edited ends the work under way because it is about another account than the fields say by now.
func (z *Wizard) edited() {
	if z.cancel != nil && !z.saving { // what is being stored may be there already
		z.stop()
		z.steps.fail(says("setup.stopped"))
	}
}

// Keys lets Escape stop the work under way, and else close the wizard as its button does; Ctrl+W closes it.
func (z *Wizard) Keys() {
	c := z.win.Canvas()
	leave := func() {
		if z.opt.Cancel != nil {
			z.stop()
			z.opt.Cancel()
		}
	}
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyW, Modifier: fyne.KeyModifierShortcutDefault}, func(fyne.Shortcut) {
		if c.Overlays().Top() == nil {
			leave()
		}
	})
	c.SetOnTypedKey(func(e *fyne.KeyEvent) {
		switch {
		case kit.OverlayKey(c, e) || e.Name != fyne.KeyEscape:
		case z.cancel != nil && !z.saving:
			z.Continue()
		case z.cancel == nil:
			leave()
		}
	})
}

// Stop ends the work under way: the wizard is closed.
func (z *Wizard) Stop() { z.stop() }

// stop ends the work under way.
func (z *Wizard) stop() {
	if z.cancel != nil {
		z.cancel()
		z.cancel = nil
	}
	z.saving = false
	z.next.SetText(lang.T(z.nextID()))
	z.next.SetKind(kit.Primary)
}

// nextID is what the main button does: it goes on, or stops what goes on.
func (z *Wizard) nextID() string {
	if z.cancel != nil {
		return "setup.stop"
	}
	return "setup.continue"
}

// Continue finds the servers, tries them, and stores the account; while that goes on the button stops it.
func (z *Wizard) Continue() {
	if z.cancel != nil {
		z.stop()
		z.steps.fail(says("setup.stopped"))
		return
	}
	z.steps.clear()
	z.offers = nil
	z.showOffers()
	z.tidy()
	if !plausible(z.email.Text()) {
		z.refuse(z.email, "setup.email.bad")
		return
	}
	if z.password.Text() == "" {
		z.refuse(z.password, "setup.password.empty")
		return
	}
	z.next.SetText(lang.T("setup.stop"))
	z.next.SetKind(kit.Plain)
	if z.found {
		z.test()
		return
	}
	z.steps.waiting(says("setup.finding", domainOf(z.email.Text())))
	z.cancel = z.opt.Loop.Cancellable(discoverWork(z.opt.Engine, z.email.Text(), z.proto, func(a mail.Account, source mail.Source, err error) {
		if err != nil {
			z.stop()
			z.steps.fail(notFound(domainOf(z.email.Text()), err))
			z.steps.hint(source)
			return // the button for setting up by hand is there all the time
		}
		z.account, z.found = z.complete(a), true
		domain := domainOf(z.email.Text())
		z.steps.note(func() string { return lang.T("setup.found", domain, sourceWords(source)) })
		z.steps.hint(source)
		z.test()
	}))
}

// refuse tells what is wrong with a field until something else is entered there.
func (z *Wizard) refuse(field *kit.Entry, id string) {
	z.wrong = field
	field.SetError(true)
	z.steps.fail(says(id))
	field.Focus()
}

// mended takes back what was wrong with a field.
func (z *Wizard) mended(field *kit.Entry) {
	if z.wrong == field {
		z.wrong = nil
		field.SetError(false)
		z.steps.clear()
	}
}

// notFound says why no servers were found: without a connection nobody can know.
func notFound(domain string, err error) func() string {
	var told interface{ Problem() *mail.Problem }
	if errors.As(err, &told) && told.Problem().Kind == mail.ProblemNetwork {
		return func() string { return lang.ErrorWords(err) }
	}
	return says("setup.notfound", domain)
}

// complete adds what only the form knows to what was found.
func (z *Wizard) complete(a mail.Account) mail.Account {
	base := fresh(z.name.Text(), z.email.Text(), z.proto)
	if a.Name == "" {
		a.Name = base.Name
	}
	a.Email, a.DisplayName, a.Identities, a.Protocol = base.Email, base.DisplayName, base.Identities, z.proto
	a.Check, a.Outgoing.SaveSent = base.Check, true
	if a.Incoming.Host == "" {
		a.Incoming = base.Incoming
	}
	if a.Outgoing.Host == "" {
		a.Outgoing = base.Outgoing
	}
	if z.proto == mail.POP3 {
		a.POP3 = base.POP3
	} else if a.IMAP.DeleteModel == "" {
		a.IMAP.DeleteModel = mail.DeleteToTrash
	}
	return a
}

func (z *Wizard) test() {
	z.account.DisplayName = fresh(z.name.Text(), z.email.Text(), z.proto).DisplayName
	if len(z.account.Identities) > 0 {
		z.account.Identities[0].Name = z.account.DisplayName
	}
	z.steps.waiting(says("setup.testing", z.account.Incoming.Host))
	var failed []mail.TestStep
	z.cancel = z.opt.Loop.Cancellable(testWork(z.opt.Engine, z.opt.Loop, z.account, z.secrets(), func(t mail.TestStep) {
		z.steps.step(t)
		if !t.OK {
			failed = append(failed, t)
		}
	}, func(err error) {
		if err == nil {
			z.save()
			return
		}
		z.stop()
		if len(failed) == 0 {
			z.steps.fail(func() string { return lang.T("problem.of", z.account.Incoming.Host, lang.ErrorWords(err)) })
		}
		refused := map[mail.ServerSide]string{}
		for _, t := range failed {
			if t.Problem != nil && t.Problem.Certificate != nil {
				refused[t.Side] = t.Problem.Certificate.SHA256
			}
		}
		for i, t := range failed { // both servers may have one, and often the same
			if i == 0 || refused[t.Side] == "" || refused[t.Side] != refused[failed[0].Side] {
				z.offerRemedy(t, refused)
			}
		}
		z.offer(says("setup.save.anyway"), z.save)
	}))
}

// offer adds a way out below the lines.
func (z *Wizard) offer(text func() string, do func()) {
	z.offers = append(z.offers, remedy{text, do})
	z.showOffers()
}

func (z *Wizard) showOffers() {
	z.actions.RemoveAll()
	for _, o := range z.offers {
		z.actions.Add(kit.NewButton(kit.Link, o.text(), "", o.do))
	}
	if len(z.offers) > 0 {
		z.steps.scroll.ToEnd()
	}
}

// offerRemedy offers what helps against a failure: trusting a certificate, allowing an unencrypted password.
func (z *Wizard) offerRemedy(t mail.TestStep, refused map[mail.ServerSide]string) {
	if t.Problem == nil {
		return
	}
	server := &z.account.Incoming
	if t.Side == mail.SideOutgoing {
		server = &z.account.Outgoing.Server
	}
	switch t.Problem.Kind {
	case mail.ProblemCertificate:
		if c := t.Problem.Certificate; c != nil {
			z.offer(says("setup.cert.show"), func() {
				ShowCertificate(z.win, *c, func() { pinBoth(&z.account, t.Side, *c, refused); z.Continue() })
			})
		}
	case mail.ProblemPlaintext:
		z.offer(says("setup.plain.allow"), func() {
			kit.Confirm(z.win, lang.T("setup.plain.title"), lang.T("setup.plain.text", server.Host), lang.T("setup.plain.ok"), true, func() {
				server.AllowPlaintext = true
				z.Continue()
			})
		})
	}
}

// save stores the account, once; a locked password file is opened first.
func (z *Wizard) save() {
	if z.saving {
		return // a second click
	}
	if info := z.opt.Engine.SecretStore(); info.Locked || info.New && info.Kind == "file" {
		z.stop()
		AskPassphrase(z.win, z.opt.Loop, z.opt.Engine, z.save)
		return
	}
	z.saving = true
	z.next.SetText(lang.T("setup.stop"))
	z.next.SetKind(kit.Plain)
	z.cancel = z.opt.Loop.Cancellable(saveWork(z.opt.Engine, nil, mail.Account{}, z.account, z.secrets(), func(id mail.AccountID, err error) {
		z.stop()
		if err != nil {
			z.steps.fail(func() string { return lang.T("setup.save.failed", lang.ErrorWords(err)) })
			return
		}
		z.opt.Done(id)
	}))
}

// tidy leaves of what was pasted as address the address, and shows it.
func (z *Wizard) tidy() {
	addr, name := cleanAddress(z.email.Text())
	if addr != z.email.Text() {
		z.email.SetText(addr)
		z.found = false
	}
	if name != "" && strings.TrimSpace(z.name.Text()) == "" {
		z.name.SetText(name)
	}
}

func domainOf(email string) string {
	for i := len(email) - 1; i >= 0; i-- {
		if email[i] == '@' {
			return email[i+1:]
		}
	}
	return email
}
