package setup

import (
	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

var securities = []mail.Security{mail.SecurityTLS, mail.SecuritySTARTTLS, mail.SecurityNone}

func securityNames() []string {
	return []string{"SSL/TLS", "STARTTLS", lang.T("setup.security.none")}
}

// portRow edits port and security of one server; a change of the security moves a standard port along.
type portRow struct {
	svc  service
	port *kit.NumberField
	sec  *kit.Select
}

func (f *Settings) portRow(svc service, s mail.Server, of func(a *mail.Account) *mail.Server) *portRow {
	p := &portRow{svc: svc}
	port := s.Port
	if port == 0 {
		port = standardPort(svc, s.Security)
	}
	p.port = f.number(TabAdvanced, 1, 65535, port, false, func(a *mail.Account, v int) { of(a).Port = v })
	p.port.SetDirection(kit.DirLTR)
	p.sec = choice(f, securities, securityNames(), s.Security, func(a *mail.Account, v mail.Security) { of(a).Security = v })
	was := securities[max(0, p.sec.Chosen())]
	p.sec.OnChanged = func(i int) {
		f.edited()
		if p.port.Number() == standardPort(svc, was) {
			p.port.SetNumber(standardPort(svc, securities[i]))
		}
		was = securities[i]
	}
	return p
}

// defaults sets TLS and its port.
func (p *portRow) defaults() {
	p.sec.Choose(0)
	if p.sec.OnChanged != nil {
		p.sec.OnChanged(0)
	}
	p.port.SetNumber(standardPort(p.svc, mail.SecurityTLS))
}

func (p *portRow) row(label string, more ...fyne.CanvasObject) fyne.CanvasObject {
	fields := kit.HBox(10, kit.Fixed(64, 34, p.port), kit.Fixed(170, 34, p.sec))
	for _, o := range more {
		fields.Add(o)
	}
	return kit.FormRow(label, labelWidth, kit.Start(fields))
}

// advanced is a superset of what Outlook and Thunderbird offer there.
func (f *Settings) advanced() fyne.CanvasObject {
	a := f.account
	svc := incomingService(a.Protocol)
	in := f.portRow(svc, a.Incoming, func(a *mail.Account) *mail.Server { return &a.Incoming })
	out := f.portRow(serviceSMTP, a.Outgoing.Server, func(a *mail.Account) *mail.Server { return &a.Outgoing.Server })
	inLabel := lang.T("setup.port.imap")
	if svc == servicePOP3 {
		inLabel = lang.T("setup.port.pop3")
	}
	defaults := kit.NewButton(kit.Link, lang.T("setup.defaults"), "", func() { in.defaults(); out.defaults() })
	page := kit.VBox(22, section("setup.ports", in.row(inLabel, defaults), out.row(lang.T("setup.port.smtp")), f.timeout()))
	if a.Protocol == mail.POP3 {
		f.pop = f.newDelivery()
		page.Add(f.pop.content())
	} else {
		page.Add(f.imapDeletion())
		page.Add(f.imapOffline())
	}
	page.Add(f.checking())
	return page
}

// timeout is how long an answer of a server may take, for both servers.
func (f *Settings) timeout() fyne.CanvasObject {
	seconds := f.account.Incoming.TimeoutSeconds
	if seconds < 10 {
		seconds = 60
	}
	label := kit.NewLabel("", kit.Body)
	show := func(v float64) { label.SetText(lang.T("setup.seconds", timeoutOf(v))) }
	slider := kit.NewSlider(0, float64(len(timeouts)-1), 1, show)
	for i, t := range timeouts {
		if t <= seconds {
			slider.Set(float64(i))
		}
	}
	show(slider.Value())
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		v := timeoutOf(slider.Value())
		a.Incoming.TimeoutSeconds, a.Outgoing.TimeoutSeconds = v, v
		return nil
	})
	return row("setup.timeout", kit.Start(kit.HBox(10, kit.Fixed(220, 24, slider), label)))
}

// timeouts are the stops of the slider, seconds: fine where it matters, 10 s to 10 min.
var timeouts = []int{10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600}

func timeoutOf(v float64) int {
	i := int(v + 0.5)
	return timeouts[min(max(i, 0), len(timeouts)-1)]
}

// checking is when new mail is looked for.
func (f *Settings) checking() fyne.CanvasObject {
	c := f.account.Check
	start := f.check("setup.check.start", c.AtStart, func(a *mail.Account, v bool) { a.Check.AtStart = v })
	minutes := max(1, c.EveryMinutes)
	if c.EveryMinutes == 0 {
		minutes = 10
	}
	every, field := f.switched("setup.check.every", c.EveryMinutes > 0, 1, 1440, minutes, func(a *mail.Account, on bool, v int) {
		a.Check.EveryMinutes = 0
		if on {
			a.Check.EveryMinutes = v
		}
	})
	box := kit.VBox(10, start, kit.Start(kit.HBox(8, every, kit.Fixed(64, 30, field), kit.NewLabel(lang.T("setup.minutes"), kit.Body))))
	if f.account.Protocol != mail.POP3 {
		push := f.check("setup.push", !f.account.IMAP.NoIdle, func(a *mail.Account, v bool) { a.IMAP.NoIdle = !v })
		box.Add(push)
		return section("setup.checking", box)
	}
	kb := f.account.POP3.HeadersOnlyAboveKB
	size := max(1, kb)
	if kb == 0 {
		size = 5 * 1024
	}
	big, field2 := f.switched("setup.headersonly", kb > 0, 1, 1<<20, size, func(a *mail.Account, on bool, v int) {
		a.POP3.HeadersOnlyAboveKB = 0
		if on {
			a.POP3.HeadersOnlyAboveKB = v
		}
	})
	box.Add(kit.Start(kit.HBox(8, big, kit.Fixed(90, 30, field2), kit.NewLabel(lang.T("setup.kb"), kit.Body))))
	return section("setup.checking", box)
}

// switched is a check box with a number that counts only while the box is on.
func (f *Settings) switched(id string, on bool, lo, hi, value int, fill func(a *mail.Account, on bool, v int)) (*kit.Check, *kit.NumberField) {
	c := kit.NewCheck(lang.T(id), nil)
	n := f.numberField(lo, hi, true, nil)
	n.SetNumber(value)
	n.SetEnabled(on)
	c.Set(on)
	c.OnChanged = func(on bool) { n.SetEnabled(on); f.edited() }
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		if c.On() && !n.Valid() {
			return &fieldError{TabAdvanced, lang.T("setup.number.bad", lo, hi), n}
		}
		fill(a, c.On(), n.Number())
		return nil
	})
	return c, n
}

// imapDeletion is what deletion does on the server.
func (f *Settings) imapDeletion() fyne.CanvasObject {
	values := []mail.DeleteModel{mail.DeleteToTrash, mail.DeleteMark, mail.DeleteExpunge}
	group := kit.NewRadioGroup([]string{lang.T("setup.delete.trash"), lang.T("setup.delete.mark"), lang.T("setup.delete.expunge")}, nil)
	group.Choose(0)
	for i, v := range values {
		if v == f.account.IMAP.DeleteModel {
			group.Choose(i)
		}
	}
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		a.IMAP.DeleteModel = values[max(0, group.Chosen())]
		return nil
	})
	empty := f.check("setup.exit.trash", f.account.IMAP.EmptyTrashExit, func(a *mail.Account, v bool) { a.IMAP.EmptyTrashExit = v })
	expunge := f.check("setup.exit.expunge", f.account.IMAP.ExpungeOnExit, func(a *mail.Account, v bool) { a.IMAP.ExpungeOnExit = v })
	return section("setup.deletion", group.Box(), empty, expunge)
}

// imapOffline is how much mail is kept on this computer, and over how many connections it comes.
func (f *Settings) imapOffline() fyne.CanvasObject {
	days := f.account.IMAP.OfflineDays
	group := kit.NewRadioGroup([]string{lang.T("setup.offline.all"), lang.T("setup.offline.days"), lang.T("setup.offline.demand")}, nil)
	field := f.numberField(1, 36500, true, nil)
	field.SetNumber(30)
	switch {
	case days > 0:
		field.SetNumber(days)
		group.Choose(1)
	case days < 0:
		group.Choose(2)
	default:
		group.Choose(0)
	}
	field.SetEnabled(days > 0)
	group.OnChanged = func(i int) { field.SetEnabled(i == 1); f.edited() }
	f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
		switch group.Chosen() {
		case 1:
			if !field.Valid() {
				return &fieldError{TabAdvanced, lang.T("setup.number.bad", 1, 36500), field}
			}
			a.IMAP.OfflineDays = field.Number()
		case 2:
			a.IMAP.OfflineDays = -1
		default:
			a.IMAP.OfflineDays = 0
		}
		return nil
	})
	most := f.account.IMAP.MaxConnections
	if most == 0 {
		most = 4
	}
	connections := f.number(TabAdvanced, 1, 15, most, true, func(a *mail.Account, v int) { a.IMAP.MaxConnections = v })
	return section("setup.offline", group.Option(0),
		kit.Start(kit.HBox(8, group.Option(1), kit.Fixed(72, 30, field), kit.NewLabel(lang.T("setup.offline.days.after"), kit.Body))),
		group.Option(2),
		row("setup.connections", kit.Start(kit.Fixed(64, 30, connections))))
}
