package ui

import (
	"context"
	"strconv"
	"strings"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/setup"
)

// problems shows what went wrong in words and offers the way out that fits.
type problems struct {
	env *env
	// status stops telling what was read.
	status *statusBar
}

// isNotice reports whether nothing failed: the server, or Peyk, only wants something to be read.
func isNotice(m *mail.Problem) bool {
	return m.Code == mail.CodeAlert || m.Code == mail.CodeNearlyFull
}

// Show opens the details of a problem.
func (p *problems) Show(m *mail.Problem) {
	body := kit.VBox(10, kit.NewLabel(lang.ProblemWords(m, ""), kit.Strong).Wrapped().Selectable())
	advice := lang.ProblemAdvice(m)
	if advice != "" {
		body.Add(kit.NewLabel(advice, kit.Body).Wrapped().Selectable())
	}
	if m.Retrying && !strings.Contains(advice, lang.T("problem.retrying")) {
		body.Add(kit.NewLabel(lang.T("problem.retrying"), kit.Muted).Wrapped())
	}
	if m.Held.After(p.env.now()) {
		body.Add(kit.NewLabel(lang.T("problem.held", lang.Time(m.Held.In(p.env.now().Location())), lang.T("problem.again")), kit.Muted).Wrapped())
	}
	if detail := lang.ProblemDetail(m); detail != "" { // in English, also where it begins with a Persian name
		body.Add(kit.NewNote(kit.NewLabel(detail, kit.Meta.OnTint(true)).Directed(kit.DirLTR).Aligned(kit.AlignText).Wrapped().Selectable()))
	}
	d := &kit.Dialog{Title: p.title(m), Content: body, Width: 540}
	d.Buttons = append([]kit.DialogButton{{Text: lang.T("kit.close"), Kind: kit.Plain}}, p.ways(m)...)
	d.Show(p.env.win)
}

func (p *problems) title(m *mail.Problem) string {
	if a, ok := p.env.tree.Account(m.Account); ok {
		if isNotice(m) {
			return lang.T("problem.title.notice", a.Email)
		}
		return lang.T("problem.title", a.Email)
	}
	return lang.T("problem.title.none")
}

// ways are the buttons for a kind of problem, the best one last.
func (p *problems) ways(m *mail.Problem) []kit.DialogButton {
	var out []kit.DialogButton
	if p.env.open.EditAccount != nil && m.Account != 0 {
		out = append(out, kit.DialogButton{Text: lang.T("problem.settings"), Kind: kit.Plain, Do: func() { p.env.open.EditAccount(m.Account) }})
	}
	again := kit.DialogButton{Text: lang.T("problem.again"), Kind: kit.Primary, Do: func() { p.env.engine.GetMail(m.Account) }}
	switch {
	case isNotice(m):
		return append(out, kit.DialogButton{Text: lang.T("problem.read"), Kind: kit.Primary, Do: func() { p.dismiss(m) }})
	case m.Code == mail.CodeDowngraded && m.Account != 0:
		out = append(out, kit.DialogButton{Text: lang.T("problem.unencrypted"), Kind: kit.Danger, Do: func() {
			p.settle(func(ctx context.Context) error { return p.env.engine.ForgetEncryption(ctx, m.Account) }, m.Account)
		}})
	case m.Kind == mail.ProblemAuth:
		if !m.Held.IsZero() {
			again.Kind = kit.Plain
			out = append(out, again)
		}
		return append(out, kit.DialogButton{Text: lang.T("problem.password"), Kind: kit.Primary, Do: func() { p.askPassword(m) }})
	case m.Kind == mail.ProblemCertificate && m.Certificate != nil:
		return append(out, kit.DialogButton{Text: lang.T("problem.certificate"), Kind: kit.Primary, Do: func() { p.trust(m) }})
	case m.Account == 0:
		return out
	}
	return append(out, again)
}

// dismiss puts a notice away.
func (p *problems) dismiss(m *mail.Problem) {
	p.status.Dismiss(m)
	p.env.loop.Serial(func(ctx context.Context) func() {
		if err := p.env.engine.DismissAlert(ctx, m); err != nil {
			return func() { p.env.fail(lang.T("fail.account"), err) }
		}
		return nil
	})
}

// trust shows the certificate and pins it when the user says so.
func (p *problems) trust(m *mail.Problem) {
	a, _ := p.env.tree.Account(m.Account)
	side := certificateSide(a, m)
	setup.ShowCertificate(p.env.win, *m.Certificate, func() {
		p.settle(func(ctx context.Context) error {
			return p.env.engine.Trust(ctx, m.Account, side, *m.Certificate)
		}, m.Account)
	})
}

// certificateSide is the server of an account that a certificate came from: both may be one computer, on two ports.
func certificateSide(a mail.Account, m *mail.Problem) mail.ServerSide {
	port := strings.HasSuffix(m.Where, ":"+strconv.Itoa(a.Outgoing.Port))
	switch host := m.Certificate.Host; {
	case !strings.EqualFold(host, a.Outgoing.Host) && strings.EqualFold(host, a.Incoming.Host), strings.EqualFold(host, a.Incoming.Host) && !port:
		return mail.SideIncoming
	case strings.EqualFold(host, a.Outgoing.Host), port:
		return mail.SideOutgoing
	}
	return mail.SideIncoming
}

// askPassword asks for the password of an account. When both servers know the user by the same name, one field serves
// both; else each has its own and an empty one stays as it is.
func (p *problems) askPassword(m *mail.Problem) {
	a, ok := p.env.tree.Account(m.Account)
	if !ok {
		return
	}
	in, out := kit.NewPasswordEntry(), kit.NewPasswordEntry()
	both := a.Incoming.Username == a.Outgoing.Username
	items := []kit.FormItem{{Label: lang.T(pick(both, "password.one", "password.in")), Field: in}}
	if !both {
		items = append(items, kit.FormItem{Label: lang.T("password.out"), Field: out})
	}
	content := kit.VBox(12, kit.Form(130, items...))
	if source := passwordSource(a); source != "" {
		content.Add(kit.NewLabel(lang.T("password.replaces", source), kit.Meta).Wrapped())
	}
	d := &kit.Dialog{Title: lang.T("password.title", a.Email), Text: lang.ProblemWords(m, ""), Width: 480, Content: content, Focus: in}
	save := func() {
		d.Close()
		s := mail.Secrets{Incoming: in.Text(), Outgoing: pick(both, in.Text(), out.Text())}
		if s == (mail.Secrets{}) {
			return
		}
		p.settle(func(ctx context.Context) error {
			now, err := p.env.store.Account(ctx, a.ID) // its settings may be others by now
			if err != nil {
				return err
			}
			forgetSources(&now, s)
			_, err = p.env.engine.SaveAccount(ctx, now, s)
			return err
		}, a.ID)
	}
	in.OnSubmit, out.OnSubmit = func(string) { save() }, func(string) { save() }
	d.Buttons = []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: lang.T("password.save"), Kind: kit.Primary, Stay: true, Do: save}}
	d.Show(p.env.win)
}

// passwordSource is the command or the environment variable that passwords of an account come from, "" for none.
func passwordSource(a mail.Account) string {
	for _, s := range []mail.Server{a.Incoming, a.Outgoing.Server} {
		if len(s.PasswordCommand) > 0 {
			return strings.Join(s.PasswordCommand, " ")
		}
		if s.PasswordEnv != "" {
			return s.PasswordEnv
		}
	}
	return ""
}

// forgetSources lets passwords that were entered take the place of commands and variables, which would be asked first.
func forgetSources(a *mail.Account, s mail.Secrets) {
	if s.Incoming != "" {
		a.Incoming.PasswordCommand, a.Incoming.PasswordEnv = nil, ""
	}
	if s.Outgoing != "" {
		a.Outgoing.PasswordCommand, a.Outgoing.PasswordEnv = nil, ""
	}
}

// settle does something about a problem and tries the account again.
func (p *problems) settle(do func(ctx context.Context) error, id mail.AccountID) {
	p.env.loop.Go(func(ctx context.Context) func() {
		err := do(ctx)
		return func() {
			if err != nil {
				p.env.fail(lang.T("fail.account"), err)
				return
			}
			p.env.engine.GetMail(id)
		}
	})
}

// Unlock asks for the passphrase when the passwords are in a locked file.
func (p *problems) Unlock() {
	p.env.loop.Go(func(context.Context) func() {
		info := p.env.engine.SecretStore()
		return func() {
			if info.Locked && !info.New {
				setup.AskPassphrase(p.env.win, p.env.loop, p.env.engine, func() { p.env.engine.GetMail() })
			}
		}
	})
}
