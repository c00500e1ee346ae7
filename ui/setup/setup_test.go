package setup

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// Trusting a certificate from the connection test tries again, with that certificate; Escape closes a dialog also after a click
// beside its fields took the focus away.
func TestTheConnectionTestGoesOnAfterTrust(t *testing.T) {
	e := &engine{testErr: errors.New("x"), steps: []mail.TestStep{{Side: mail.SideOutgoing, Step: "tls", Where: "smtp.shomal.example:465",
		Problem: &mail.Problem{Kind: mail.ProblemCertificate, Certificate: &mail.CertificateProblem{Host: "smtp.shomal.example", SHA256: "abcd"}}}}}
	w := window(t, "en", theme.ForceLight, 820, 700)
	f, _ := settings(t, w, pop3Account(), e)
	run := f.opt.Loop.(*queue).run
	f.Test()
	run()
	tapText(t, w.Canvas().Overlays().Top(), lang.T("setup.cert.show"))
	e.steps, e.testErr = nil, nil
	tapText(t, w.Canvas().Overlays().Top(), lang.T("setup.cert.trust"))
	run()
	if n := len(w.Canvas().Overlays().List()); n != 1 {
		t.Fatalf("%d dialogs are open, want the new test alone", n)
	}
	if e.tested[len(e.tested)-1].Outgoing.PinnedSHA256 != "abcd" || !strings.Contains(textOf(w.Canvas().Overlays().Top()), lang.T("setup.test.good")) {
		t.Error("the connection was not tried again with the trusted certificate")
	}
	w.Canvas().Unfocus()
	w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape does not close a dialog that lost the focus")
	}
}

func pop3Account() mail.Account {
	a := fresh("حسابداری شمال", "office@shomal.example", mail.POP3)
	a.ID = 3
	a.Incoming.Host, a.Outgoing.Host = "pop.shomal.example", "smtp.shomal.example"
	return a
}

func settings(t *testing.T, w fyne.Window, a mail.Account, e *engine) (*Settings, *bool) {
	t.Helper()
	closed := false
	f := NewSettings(w, a, mail.Secrets{}, SettingsOptions{Engine: e, Loop: &queue{}, Close: func() { closed = true }})
	kit.SetContent(w, f.Content())
	return f, &closed
}

func TestSettingsChangeNothingByThemselves(t *testing.T) {
	for _, proto := range []mail.Protocol{mail.IMAP, mail.POP3} {
		a := pop3Account()
		a.Protocol = proto
		a.Incoming.Port = standardPort(incomingService(proto), a.Incoming.Security)
		a.IMAP.MaxConnections = 4
		f, _ := settings(t, window(t, "en", theme.ForceLight, 820, 700), a, &engine{})
		got, s, err := f.Account()
		if err != nil {
			t.Fatal(err)
		}
		got.IMAP.Roles, a.IMAP.Roles = nil, nil
		if !same(got, a) || s != (mail.Secrets{}) {
			t.Errorf("%s: the form alone made\n%+v out of\n%+v", proto, got, a)
		}
	}
}

// How full the mailbox on the server is, stands in the settings of an IMAP account, in the digits of the language.
func TestQuotaIsShown(t *testing.T) {
	for code, want := range map[string]string{"en": "3 GB of 15 GB used (20 %)", "fa": "۳ گیگابایت از ۱۵ گیگابایت پر است (۲۰٪)"} {
		a := pop3Account()
		a.Protocol = mail.IMAP
		w := window(t, code, theme.ForceLight, 820, 700)
		f, _ := settings(t, w, a, &engine{})
		f.opt.Loop.(*queue).run()
		shot(t, w, "settings-quota-"+code)
		if got := lang.Plain(textOf(w.Content())); !strings.Contains(got, want) {
			t.Errorf("%s: %q is not in %q", code, want, got)
		}
	}
}

func TestAdvancedIsWhatTheDesignShows(t *testing.T) {
	e := &engine{removal: mail.Removal{Here: []mail.Row{{ID: 1, Subject: "a"}, {ID: 2, Subject: "b"}, {ID: 3, Subject: "c"}}}}
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
	}{{"settings-advanced", "en", theme.ForceLight}, {"settings-advanced-persian", "fa", theme.ForceLight}, {"settings-advanced-dark", "en", theme.ForceDark}} {
		w := window(t, c.code, c.mode, 820, 700)
		f, _ := settings(t, w, pop3Account(), e)
		f.Choose(TabAdvanced)
		f.opt.Loop.(*queue).run()
		w.Canvas().Content().Refresh()
		shot(t, w, c.name)
		if got := f.pop.note.Text(); !strings.Contains(got, lang.Num(3)) || !strings.Contains(got, lang.Num(14)) {
			t.Errorf("%s: the preview says %q", c.name, got)
		}
		for tab := TabGeneral; tab < TabAdvanced; tab++ {
			f.Choose(tab)
			w.Canvas().Content().Refresh()
			shot(t, w, c.name+"-"+string(rune('0'+tab)))
		}
		imap := pop3Account()
		imap.Protocol = mail.IMAP
		f, _ = settings(t, w, imap, e)
		f.Choose(TabAdvanced)
		f.opt.Loop.(*queue).run()
		w.Canvas().Content().Refresh()
		shot(t, w, c.name+"-imap")
	}
}

func TestAdvancedPOP3Rules(t *testing.T) {
	e := &engine{}
	f, closed := settings(t, window(t, "en", theme.ForceLight, 820, 700), pop3Account(), e)
	f.Choose(TabAdvanced)
	f.pop.days.SetNumber(3)
	f.pop.whenDeleted.Tapped(nil)
	f.opt.Loop.(*queue).run()
	if last := e.rules[len(e.rules)-1]; !last.RemoveWhenDeleted || last.RemoveAfterDays != 3 {
		t.Errorf("the preview asked for %+v", last)
	}
	f.Save()
	f.opt.Loop.(*queue).run()
	if !*closed || len(e.saved) != 1 {
		t.Fatal("not saved")
	}
	if r := e.saved[0].POP3; !r.LeaveOnServer || r.RemoveAfterDays != 3 || !r.RemoveWhenDeleted {
		t.Errorf("saved %+v", r)
	}
	f.pop.leave.Tapped(nil)
	a, _, err := f.Account()
	if err != nil || a.POP3.LeaveOnServer {
		t.Errorf("%+v %v", a.POP3, err)
	}
}

func TestUseDefaultsAndPortsFollowSecurity(t *testing.T) {
	for _, c := range []struct {
		svc   service
		proto mail.Protocol
		ports [3]int // TLS, STARTTLS, none
	}{{servicePOP3, mail.POP3, [3]int{995, 110, 110}}, {serviceIMAP, mail.IMAP, [3]int{993, 143, 143}}, {serviceSMTP, "", [3]int{465, 587, 25}}} {
		for i, s := range securities {
			if got := standardPort(c.svc, s); got != c.ports[i] {
				t.Errorf("%d %s: %d, want %d", c.svc, s, got, c.ports[i])
			}
		}
	}
	f, _ := settings(t, window(t, "en", theme.ForceLight, 820, 700), pop3Account(), &engine{})
	p := f.portRow(serviceSMTP, mail.Server{Port: 465, Security: mail.SecurityTLS}, func(a *mail.Account) *mail.Server { return &a.Outgoing.Server })
	p.sec.Choose(1)
	p.sec.OnChanged(1)
	if p.port.Number() != 587 {
		t.Errorf("the port is %d", p.port.Number())
	}
	p.port.SetNumber(2525)
	p.sec.OnChanged(2)
	if p.port.Number() != 2525 {
		t.Error("a port of the user's own was changed")
	}
	p.defaults()
	if p.port.Number() != 465 || p.sec.Chosen() != 0 {
		t.Errorf("the defaults are %d, %d", p.port.Number(), p.sec.Chosen())
	}
}

func TestFieldsThatMakeNoSenseAreNamed(t *testing.T) {
	a := pop3Account()
	a.Incoming.Host = "http://nonsense"
	e := &engine{}
	f, closed := settings(t, window(t, "en", theme.ForceLight, 820, 700), a, e)
	f.Save()
	f.opt.Loop.(*queue).run()
	if *closed || len(e.saved) != 0 || Tab(f.tabs.Chosen()) != TabServers || len(f.problem.Objects) == 0 {
		t.Errorf("closed %v, saved %d, page %d", *closed, len(e.saved), f.tabs.Chosen())
	}
}

func TestLockedPasswordFileIsOpenedFirst(t *testing.T) {
	e := &engine{store: mail.SecretStoreInfo{Kind: "file", Locked: true}}
	w := window(t, "en", theme.ForceLight, 820, 700)
	done := false
	loop := &queue{}
	AskPassphrase(w, loop, e, func() { done = true })
	top := w.Canvas().Overlays().Top()
	field, ok := last(top, func(*kit.Entry) bool { return true })
	if !ok {
		t.Fatal("there is no field for the passphrase")
	}
	field.SetText("guess")
	tapText(t, top, lang.T("setup.pass.ok"))
	loop.run()
	if done {
		t.Fatal("a wrong passphrase opened the file")
	}
	shot(t, w, "passphrase")
	field.SetText("open sesame")
	tapText(t, top, lang.T("setup.pass.ok"))
	loop.run()
	if !done || len(e.phrases) != 2 {
		t.Errorf("done %v after %v", done, e.phrases)
	}
}

// same compares accounts by what they print: they hold slices and maps.
func same(a, b mail.Account) bool {
	return strings.EqualFold(dump(a), dump(b))
}

func dump(a mail.Account) string {
	b, _ := json.Marshal(a) // plain data
	return string(b)
}

// TestBothServersWithOneCertificate: what both are refused for is looked at once, and accepted for both; one that an authority confirms is accepted
// by taking the old one back, and the words say which it is.
func TestBothServersWithOneCertificate(t *testing.T) {
	for _, c := range []struct {
		cert   mail.CertificateProblem
		accept string
		words  string
		pin    string
	}{
		{mail.CertificateProblem{SHA256: "abcd1234", Fault: mail.CertSelfSigned}, "setup.cert.trust", "could not prove", "abcd1234"},
		{mail.CertificateProblem{SHA256: "abcd1234", Fault: mail.CertNotPinned}, "setup.cert.trust", "Nothing is sent until you decide", "abcd1234"},
		{mail.CertificateProblem{SHA256: "abcd1234", Fault: mail.CertNotPinned, Vouched: true}, "setup.cert.accept", "An authority", ""},
	} {
		c.cert.Host = "mail.example.org"
		problem := &mail.Problem{Kind: mail.ProblemCertificate, Certificate: &c.cert}
		before := found()
		before.Incoming.PinnedSHA256, before.Outgoing.PinnedSHA256 = "old", "old"
		e := &engine{found: before, testErr: errors.New("x"), steps: []mail.TestStep{
			{Side: mail.SideIncoming, Step: "tls", Where: "mail.example.org:993", Problem: problem},
			{Side: mail.SideOutgoing, Step: "tls", Where: "mail.example.org:465", Problem: problem}}}
		w := window(t, "en", theme.ForceLight, 760, 690)
		z := wizard(t, w, e, WizardOptions{})
		z.email.SetText("\u200f علی <maryam@example.org> ")
		z.name.SetText("")
		z.Continue()
		z.opt.Loop.(*queue).run()
		if z.email.Text() != "maryam@example.org" || z.name.Text() != "علی" {
			t.Errorf("of what was pasted there is %q, %q", z.email.Text(), z.name.Text())
		}
		if n := len(z.actions.Objects); n != 2 { // the other one saves all the same
			t.Errorf("%d ways out, want the certificate once", n)
		}
		z.actions.Objects[0].(*kit.Button).Tapped(nil)
		overlay := w.Canvas().Overlays().Top()
		if overlay == nil || !strings.Contains(textOf(overlay), c.words) {
			t.Fatalf("%+v is shown as %s", c.cert, textOf(overlay))
		}
		e.steps, e.testErr = nil, nil
		tapText(t, overlay, lang.T(c.accept))
		z.opt.Loop.(*queue).run()
		if len(e.saved) != 1 || e.saved[0].Incoming.PinnedSHA256 != c.pin || e.saved[0].Outgoing.PinnedSHA256 != c.pin {
			t.Errorf("saved %+v", e.saved)
		}
	}
}
