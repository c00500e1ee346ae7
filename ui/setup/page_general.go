package setup

import (
	"context"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// general is who this account belongs to, and whether it is used at all.
func (f *Settings) general() fyne.CanvasObject {
	a := f.account
	name := f.text(a.Name, false, func(a *mail.Account, v string) {
		if v == "" {
			v = a.Email
		}
		a.Name = v
	})
	display := f.text(a.DisplayName, false, func(a *mail.Account, v string) {
		old := a.DisplayName
		a.DisplayName = v
		if len(a.Identities) > 0 && a.Identities[0].Name == old {
			a.Identities[0].Name = v
		}
	})
	email := f.entry(a.Email, true)
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		v, _ := cleanAddress(email.Text())
		if !plausible(v) {
			return &fieldError{TabGeneral, lang.T("setup.email.bad"), email}
		}
		if a.Name == "" || a.Name == a.Email {
			a.Name = v
		}
		if len(a.Identities) > 0 && a.Identities[0].Addr == a.Email {
			a.Identities[0].Addr = v
		}
		a.Email = v
		return nil
	})
	used := f.check("setup.used", !a.Disabled, func(a *mail.Account, v bool) { a.Disabled = !v })
	about := []fyne.CanvasObject{row("setup.account.name", name), row("setup.name", display), row("setup.email", email), row("setup.kind", f.kind())}
	var page *fyne.Container
	if a.ID != 0 && a.Protocol == mail.IMAP {
		about = append(about, f.quota(a.ID, func() { page.Refresh() }))
	}
	page = kit.VBox(22,
		section("setup.general.about", about...),
		section("setup.general.use", used, hint("setup.used.hint")))
	if a.ID != 0 {
		page.Add(f.removal("setup.remove.hint"))
	}
	return page
}

// quota is how full the mailbox on the server is; it shows once that is known, and tells.
func (f *Settings) quota(id mail.AccountID, shown func()) fyne.CanvasObject {
	words := kit.NewLabel("", kit.Body)
	line := row("setup.quota", words)
	line.Hide()
	f.opt.Loop.Go(func(ctx context.Context) func() {
		q, err := f.opt.Engine.Quota(ctx, id)
		return func() {
			if err == nil && q.Limit > 0 {
				words.SetText(lang.T("setup.quota.of", lang.Size(q.Used), lang.Size(q.Limit), lang.Percent(q.Percent())))
				line.Show()
				shown()
			}
		}
	})
	return line
}

// kind says how the account receives; it can be chosen only while the account is new, because the two keep mail in
// different places.
func (f *Settings) kind() fyne.CanvasObject {
	if f.account.ID != 0 {
		id := "setup.kind.imap"
		if f.account.Protocol == mail.POP3 {
			id = "setup.kind.pop3"
		}
		words := kit.NewLabel(lang.T(id), kit.Body).Wrapped()
		if lang.RTL() { // the sentence begins with "POP3" or "IMAP"
			words.Directed(kit.DirRTL)
		}
		return words
	}
	group := kit.NewRadioGroup([]string{lang.T("setup.kind.imap"), lang.T("setup.kind.pop3")}, func(i int) {
		a, s, _ := f.Account() // what is wrong is told when it is saved
		proto := []mail.Protocol{mail.IMAP, mail.POP3}[i]
		if proto == a.Protocol {
			return
		}
		base := fresh(a.DisplayName, a.Email, proto)
		a.Protocol, a.Incoming.Port, a.POP3 = proto, standardPort(incomingService(proto), a.Incoming.Security), base.POP3
		a.Incoming.Host = swapPrefix(a.Incoming.Host, proto)
		next := NewSettings(f.win, a, s, f.opt)
		next.unsaved = true
		f.opt.Replaced(next)
		next.kinds.Option(i).Focus() // where the keyboard was: arrows go on from there
	})
	if f.account.Protocol == mail.POP3 {
		group.Choose(1)
	} else {
		group.Choose(0)
	}
	f.kinds = group
	return group.Box()
}

// swapPrefix turns imap.example.org into pop.example.org and back; other names stay.
func swapPrefix(host string, proto mail.Protocol) string {
	first, rest, ok := strings.Cut(host, ".")
	switch {
	case ok && proto == mail.POP3 && first == "imap":
		return "pop." + rest
	case ok && proto == mail.IMAP && (first == "pop" || first == "pop3"):
		return "imap." + rest
	}
	return host
}

// servers is where mail comes from and goes to, and as whom.
func (f *Settings) servers() fyne.CanvasObject {
	in, out := f.account.Incoming, f.account.Outgoing
	inTitle := "setup.incoming.imap"
	if f.account.Protocol == mail.POP3 {
		inTitle = "setup.incoming.pop3"
	}
	inHost := f.host(in.Host, func(a *mail.Account, v string) { a.Incoming.Host = v })
	outHost := f.host(out.Host, func(a *mail.Account, v string) { a.Outgoing.Host = v })
	inUser := f.user(in.Username, func(a *mail.Account) *mail.Server { return &a.Incoming })
	outUser := f.user(out.Username, func(a *mail.Account) *mail.Server { return &a.Outgoing.Server })
	inPass := f.password(in, f.secrets.Incoming, func(s *mail.Secrets, v string) { s.Incoming = v })
	outPass := f.password(out.Server, f.secrets.Outgoing, func(s *mail.Secrets, v string) { s.Outgoing = v })
	return kit.VBox(22,
		section(inTitle, row("setup.host", inHost), row("setup.user", inUser), row("setup.password", inPass),
			row("setup.auth", f.auth(in.Auth, false, func(a *mail.Account, v mail.AuthMethod) { a.Incoming.Auth = v }))),
		section("setup.outgoing.smtp", row("setup.host", outHost), row("setup.user", outUser), row("setup.password", outPass),
			row("setup.auth", f.auth(out.Auth, true, func(a *mail.Account, v mail.AuthMethod) { a.Outgoing.Auth = v }))),
		hint("setup.servers.hint"))
}

func (f *Settings) host(value string, fill func(a *mail.Account, v string)) *kit.Entry {
	e := f.entry(value, true)
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		v := strings.Map(mail.ASCIIDigit, strings.TrimSpace(e.Text())) // an address may be typed in any digits
		if !plausibleHost(v) {
			return &fieldError{TabServers, lang.T("setup.host.bad"), e}
		}
		fill(a, v)
		return nil
	})
	return e
}

// plausibleHost reports whether a text may be the name of a server, or an IP address.
func plausibleHost(v string) bool {
	if strings.Contains(v, ":") { // of IPv6, or a port, which has a field of its own
		return strings.Count(v, ":") > 1 && strings.Trim(v, "0123456789abcdefABCDEF:.") == ""
	}
	return v != "" && len(v) <= 253 && !strings.ContainsAny(v, "/@,;\"'<>[]()\\") && !strings.ContainsFunc(v, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// user is the name that a server knows the user by; only a server that wants no login can do without.
func (f *Settings) user(value string, of func(a *mail.Account) *mail.Server) *kit.Entry {
	e := f.entry(value, true)
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		of(a).Username = strings.TrimSpace(e.Text())
		return nil
	})
	f.onDone(func(a mail.Account) error {
		if s := of(&a); s.Username == "" && s.Auth != mail.AuthNone {
			return &fieldError{TabServers, lang.T("setup.user.bad"), e}
		}
		return nil
	})
	return e
}

// password shows whether a password is kept; what is typed replaces it, and nothing typed leaves it.
func (f *Settings) password(s mail.Server, value string, fill func(s *mail.Secrets, v string)) fyne.CanvasObject {
	if len(s.PasswordCommand) > 0 {
		return kit.NewLabel(lang.T("setup.password.command", strings.Join(s.PasswordCommand, " ")), kit.Muted).Wrapped()
	}
	if s.PasswordEnv != "" {
		return kit.NewLabel(lang.T("setup.password.env", s.PasswordEnv), kit.Muted).Wrapped()
	}
	e := f.watched(kit.NewPasswordEntry(), value, false)
	if f.account.ID != 0 {
		e.SetPlaceholder(lang.T("setup.password.kept"))
	}
	f.onFill(func(_ *mail.Account, s *mail.Secrets) error {
		fill(s, e.Text())
		return nil
	})
	return e
}

func (f *Settings) auth(value mail.AuthMethod, outgoing bool, fill func(a *mail.Account, v mail.AuthMethod)) fyne.CanvasObject {
	values := []mail.AuthMethod{mail.AuthAuto, mail.AuthPlain, mail.AuthLogin, mail.AuthCRAMMD5, mail.AuthSCRAMSHA256, mail.AuthXOAUTH2, mail.AuthOAuthBearer}
	names := []string{lang.T("setup.auth.auto"), "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER"}
	if outgoing {
		values, names = append(values, mail.AuthNone), append(names, lang.T("setup.auth.none"))
	}
	return choice(f, values, names, value, fill)
}

// security is what is trusted, and what may cross the network unprotected.
func (f *Settings) security() fyne.CanvasObject {
	in, out := f.account.Incoming, f.account.Outgoing
	plainIn := f.check("setup.plain.incoming", in.AllowPlaintext, func(a *mail.Account, v bool) { a.Incoming.AllowPlaintext = v })
	plainOut := f.check("setup.plain.outgoing", out.AllowPlaintext, func(a *mail.Account, v bool) { a.Outgoing.AllowPlaintext = v })
	f.plain = map[mail.ServerSide]*kit.Check{mail.SideIncoming: plainIn, mail.SideOutgoing: plainOut}
	return kit.VBox(22,
		section("setup.security.keep", kit.NewLabel(f.secretPlace(), kit.Body).Wrapped()),
		section("setup.security.trust",
			row("setup.ca.incoming", f.file(in.CAFile, func(a *mail.Account, v string) { a.Incoming.CAFile = v })),
			row("setup.ca.outgoing", f.file(out.CAFile, func(a *mail.Account, v string) { a.Outgoing.CAFile = v })),
			hint("setup.ca.hint"),
			row("setup.pin.incoming", f.pin(&f.account.Incoming.PinnedSHA256, func(a *mail.Account) *string { return &a.Incoming.PinnedSHA256 })),
			row("setup.pin.outgoing", f.pin(&f.account.Outgoing.PinnedSHA256, func(a *mail.Account) *string { return &a.Outgoing.PinnedSHA256 }))),
		section("setup.security.plain",
			kit.NewNote(kit.HBoxTop(10, kit.NewIcon(icons.ShieldAlert, theme.Danger, theme.Icon),
				kit.Grow(kit.NewLabel(lang.T("setup.plain.warning"), kit.Body.Sized(13)).Wrapped()))),
			plainIn, plainOut),
		section("setup.security.proxy",
			row("setup.proxy", f.proxy(in.Proxy)), hint("setup.proxy.hint")))
}

func (f *Settings) secretPlace() string {
	switch info := f.opt.Engine.SecretStore(); info.Kind {
	case "keyring":
		return lang.T("setup.keep.keyring")
	case "file":
		return lang.T("setup.keep.file")
	default:
		return lang.T("setup.keep.memory")
	}
}

// proxy is one field for both servers of the account.
func (f *Settings) proxy(value string) *kit.Entry {
	e := f.entry(value, true)
	e.SetPlaceholder("socks5://127.0.0.1:9050")
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		v := strings.TrimSpace(e.Text())
		if v != "" && !strings.HasPrefix(v, "socks5://") && !strings.HasPrefix(v, "http://") {
			return &fieldError{TabSecurity, lang.T("setup.proxy.bad"), e}
		}
		a.Incoming.Proxy, a.Outgoing.Proxy = v, v
		return nil
	})
	return e
}

// pin shows the certificate that was accepted by hand, with a way to forget it. now points into f.account, so that a
// certificate trusted during a test counts too.
func (f *Settings) pin(now *string, of func(a *mail.Account) *string) fyne.CanvasObject {
	label := kit.NewLabel("", kit.Body).Directed(kit.DirLTR).Wrapped().Selectable() // nobody can compare half of a fingerprint
	forget := kit.NewButton(kit.Link, lang.T("setup.pin.forget"), "", nil)
	show := func() {
		if *now == "" {
			label.Set(lang.T("setup.pin.none"), kit.Muted)
			forget.Hide()
			return
		}
		label.Set(spaced(*now), kit.Body)
		forget.Show()
	}
	forget.OnTapped = func() { *now = ""; show() }
	show()
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error { *of(a) = *now; return nil })
	return kit.HBox(8, kit.Grow(label), forget)
}
