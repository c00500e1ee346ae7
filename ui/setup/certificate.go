package setup

import (
	"errors"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/model"
)

// ShowCertificate shows a certificate that was not trusted: who presented it, why it was refused, until when it is valid;
// trust is called when the user accepts exactly this one.
func ShowCertificate(w fyne.Window, c mail.CertificateProblem, trust func()) {
	row := func(id, value string, dir kit.Direction) fyne.CanvasObject {
		return kit.HBoxTop(12, kit.Fixed(120, 0, kit.NewLabel(lang.T(id), kit.Muted)), kit.Grow(kit.NewLabel(value, kit.Body).Directed(dir).Wrapped().Selectable()))
	}
	said := func(s string) string { return model.VisibleName(s) } // by a server that nobody vouches for
	body := kit.VBox(8,
		row("setup.cert.host", said(c.Host), kit.DirLTR),
		row("setup.cert.subject", said(c.Subject), kit.DirLTR),
		row("setup.cert.names", said(strings.Join(c.Names, ", ")), kit.DirLTR),
		row("setup.cert.issuer", said(c.Issuer), kit.DirLTR),
		row("setup.cert.valid", certDate(c.NotBefore)+" – "+certDate(c.NotAfter), kit.DirField),
		row("setup.cert.reason", lang.CertificateReason(c), kit.DirParagraph),
		row("setup.cert.fingerprint", spaced(c.SHA256), kit.DirLTR),
	)
	d := &kit.Dialog{Title: lang.T("setup.cert.title"), Text: lang.T("setup.cert.text", said(c.Host)), Content: body, Width: 560,
		Buttons: []kit.DialogButton{
			{Text: lang.T("setup.cert.trust"), Kind: kit.Danger, Do: trust},
			{Text: lang.T("setup.cert.refuse"), Kind: kit.Primary},
		}}
	switch {
	case c.Vouched: // nothing to compare by hand: an authority did that
		d.Title, d.Text = lang.T("setup.cert.changed.title"), lang.T("setup.cert.vouched.text", said(c.Host))
		d.Buttons = []kit.DialogButton{{Text: lang.T("kit.cancel"), Kind: kit.Plain}, {Text: lang.T("setup.cert.accept"), Kind: kit.Primary, Do: trust}}
	case c.Fault == mail.CertNotPinned:
		d.Title, d.Text = lang.T("setup.cert.changed.title"), lang.T("setup.cert.changed.text", said(c.Host))
	}
	d.Show(w)
}

// pinBoth pins a certificate that was accepted for one server of an account, and for the other one when that was refused for the same.
func pinBoth(a *mail.Account, side mail.ServerSide, c mail.CertificateProblem, refused map[mail.ServerSide]string) {
	for s, server := range map[mail.ServerSide]*mail.Server{mail.SideIncoming: &a.Incoming, mail.SideOutgoing: &a.Outgoing.Server} {
		if s == side || refused[s] == c.SHA256 {
			server.PinnedSHA256 = c.Pin()
		}
	}
}

// certDate shows an RFC 3339 time as a date, or what there is.
func certDate(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	if other := lang.OtherDate(t); other != "" {
		return lang.Date(t) + " (" + other + ")"
	}
	return lang.Date(t)
}

// spaced breaks a fingerprint into groups that can be compared aloud.
func spaced(hex string) string {
	var b strings.Builder
	for i, r := range strings.ToUpper(hex) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// AskPassphrase opens the encrypted password file: an existing one is unlocked, a new one gets its passphrase (typed twice).
// done is called once the file is open.
func AskPassphrase(w fyne.Window, loop Loop, engine Engine, done func()) {
	info := engine.SecretStore()
	first, second := kit.NewPasswordEntry(), kit.NewPasswordEntry()
	problem := kit.NewLabel("", kit.DangerText).Wrapped().Selectable()
	problem.Hide()
	body := kit.VBox(10, kit.FormRow(lang.T("setup.pass.phrase"), 120, first))
	if info.New {
		body.Add(kit.FormRow(lang.T("setup.pass.again"), 120, second))
	}
	body.Add(problem)
	text, ok := lang.T("setup.pass.unlock"), lang.T("setup.pass.ok")
	if info.New {
		text, ok = lang.T("setup.pass.new"), lang.T("setup.pass.set")
	}
	d := &kit.Dialog{Title: lang.T("setup.pass.title"), Text: text, Content: body, Width: 480}
	say := func(s string) {
		problem.SetText(s)
		problem.Show()
		d.Relayout()
	}
	busy := false
	unlock := func() {
		phrase := first.Text()
		switch {
		case busy: // Enter again: done once is done
			return
		case phrase == "":
			say(lang.T("setup.pass.empty"))
			return
		case info.New && phrase != second.Text():
			say(lang.T("setup.pass.differ"))
			return
		}
		busy = true
		loop.Go(unlockWork(engine, phrase, func(err error) {
			busy = false
			switch {
			case err == nil:
				d.Close()
				done()
			case errors.Is(err, mail.ErrPassphrase):
				say(lang.T("setup.pass.wrong"))
			default:
				say(lang.T("setup.pass.failed", lang.ErrorWords(err)))
			}
		}))
	}
	first.OnSubmit = func(string) {
		if info.New {
			second.Focus()
			return
		}
		unlock()
	}
	second.OnSubmit = func(string) { unlock() }
	d.Buttons = []kit.DialogButton{{Text: lang.T("setup.cancel")}, {Text: ok, Kind: kit.Primary, Do: unlock, Stay: true}}
	d.Focus = first
	d.Show(w)
}
