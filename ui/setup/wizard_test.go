package setup

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

func wizard(t *testing.T, w fyne.Window, e *engine, opt WizardOptions) *Wizard {
	t.Helper()
	opt.Engine, opt.Loop = e, &queue{}
	if opt.Done == nil {
		opt.Done = func(mail.AccountID) {}
	}
	z := NewWizard(w, opt)
	kit.SetContent(w, z.Content())
	z.name.SetText("Maryam Nouri")
	z.email.SetText("maryam@example.org")
	z.password.SetText("secret")
	return z
}

func found() mail.Account {
	a := fresh("", "maryam@example.org", mail.IMAP)
	a.Incoming.Host, a.Outgoing.Host = "imap.example.org", "smtp.example.org"
	return a
}

func TestWizardStoresAnAccountThatWorks(t *testing.T) {
	e := &engine{found: found(), steps: []mail.TestStep{
		{Side: mail.SideIncoming, Step: "connect", Where: "imap.example.org:993 (TLS)", OK: true},
		{Side: mail.SideIncoming, Step: "login", Where: "imap.example.org:993 (TLS)", OK: true},
		{Side: mail.SideOutgoing, Step: "login", Where: "smtp.example.org:465 (TLS)", OK: true}}}
	var done mail.AccountID
	z := wizard(t, window(t, "en", theme.ForceLight, 760, 690), e, WizardOptions{Done: func(id mail.AccountID) { done = id }})
	z.Continue()
	z.opt.Loop.(*queue).run()
	if done != 7 || len(e.saved) != 1 {
		t.Fatalf("done %d, saved %d", done, len(e.saved))
	}
	a := e.saved[0]
	if a.DisplayName != "Maryam Nouri" || a.Identities[0].Addr != "maryam@example.org" || a.Incoming.Host != "imap.example.org" || e.secrets[0].Outgoing != "secret" {
		t.Errorf("saved %+v with %+v", a, e.secrets[0])
	}
}

// TestWizardAtAProviderOfTokens: a provider that takes no passwords is told before the login fails, and again when it did.
func TestWizardAtAProviderOfTokens(t *testing.T) {
	for name, code := range map[string]string{"wizard-token": "en", "wizard-token-persian": "fa"} {
		e := &engine{found: found(), hint: "token", testErr: errors.New("refused"), steps: []mail.TestStep{
			{Side: mail.SideIncoming, Step: "login", Where: "outlook.office365.com:993 (TLS)",
				Problem: &mail.Problem{Kind: mail.ProblemAuth, Code: mail.CodeToken, Where: "outlook.office365.com:993", Said: "AUTHENTICATE failed."}}}}
		w := window(t, code, theme.ForceLight, 760, 690)
		z := wizard(t, w, e, WizardOptions{})
		z.Continue()
		z.opt.Loop.(*queue).run()
		w.Canvas().Content().Refresh()
		shot(t, w, name)
		got := textOf(z.steps.box)
		for _, want := range []string{lang.T("setup.hint.token"), lang.T("problem.do.token")} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not said in %q", code, want, got)
			}
		}
	}
}

func TestWizardNamesTheStepThatFails(t *testing.T) {
	for _, c := range []struct {
		name, code string
		mode       theme.Mode
	}{{"wizard", "en", theme.ForceLight}, {"wizard-persian", "fa", theme.ForceLight}, {"wizard-dark", "en", theme.ForceDark}, {"wizard-german", "de", theme.ForceLight}} {
		t.Run(c.name, func(t *testing.T) {
			e := &engine{found: found(), testErr: errors.New("refused"), steps: []mail.TestStep{
				{Side: mail.SideIncoming, Step: "login", Where: "imap.example.org:993 (TLS)", OK: true},
				{Side: mail.SideOutgoing, Step: "login", Where: "smtp.example.org:465", Problem: &mail.Problem{Kind: mail.ProblemAuth, Said: "535 5.7.8"}}}}
			w := window(t, c.code, c.mode, 760, 690)
			z := wizard(t, w, e, WizardOptions{Demo: func() {}, Import: func() {}, Manual: func(mail.Account, mail.Secrets) {}})
			z.Continue()
			z.opt.Loop.(*queue).run()
			w.Canvas().Content().Refresh()
			shot(t, w, c.name)
			if len(e.saved) != 0 {
				t.Error("an account that does not work was stored without a word")
			}
			if got := textOf(z.steps.box); !strings.Contains(got, "smtp.example.org:465") || !strings.Contains(got, "535 5.7.8") {
				t.Errorf("the lines say %q", got)
			}
		})
	}
}

func TestWizardAsksForWhatIsMissing(t *testing.T) {
	e := &engine{}
	z := wizard(t, window(t, "en", theme.ForceLight, 760, 690), e, WizardOptions{})
	z.email.SetText("maryam")
	z.Continue()
	z.opt.Loop.(*queue).run()
	z.email.SetText("maryam@example.org")
	z.password.SetText("")
	z.Continue()
	z.opt.Loop.(*queue).run()
	if e.discover != 0 {
		t.Error("servers were looked for without an address or a password")
	}
	z.password.SetText("x")
	e.findErr = errors.New("nothing")
	z.Continue()
	z.opt.Loop.(*queue).run()
	if e.discover != 1 || !strings.Contains(textOf(z.steps.box), lang.T("setup.notfound", "example.org")) {
		t.Error("nothing is said when no settings are found")
	}
}

func TestWizardTrustsOneCertificate(t *testing.T) {
	e := &engine{found: found(), testErr: errors.New("x"), steps: []mail.TestStep{{Side: mail.SideIncoming, Step: "tls", Where: "imap.example.org:993",
		Problem: &mail.Problem{Kind: mail.ProblemCertificate, Certificate: &mail.CertificateProblem{Host: "imap.example.org", SHA256: "abcd1234", Reason: "expired", NotBefore: "2020-01-01T00:00:00Z", NotAfter: "2021-01-01T00:00:00Z", Subject: "CN=imap", Issuer: "CN=me"}}},
		// What fails at the other server does not take the way out of the first one away.
		{Side: mail.SideOutgoing, Step: "login", Where: "smtp.example.org:465", Problem: &mail.Problem{Kind: mail.ProblemAuth, Said: "535 5.7.8"}}}}
	w := window(t, "en", theme.ForceLight, 760, 690)
	z := wizard(t, w, e, WizardOptions{})
	z.choose(mail.POP3)
	z.Continue()
	z.opt.Loop.(*queue).run()
	if e.proto != mail.POP3 {
		t.Errorf("looked for %s", e.proto)
	}
	z.actions.Objects[0].(*kit.Button).Tapped(nil)
	shot(t, w, "certificate")
	overlay := w.Canvas().Overlays().Top()
	if overlay == nil || !strings.Contains(textOf(overlay), "expired") {
		t.Fatal("the certificate is not shown")
	}
	e.steps, e.testErr = nil, nil
	tapText(t, overlay, lang.T("setup.cert.trust"))
	z.opt.Loop.(*queue).run()
	if len(e.saved) != 1 || e.saved[0].Incoming.PinnedSHA256 != "abcd1234" || e.saved[0].Outgoing.PinnedSHA256 != "" {
		t.Errorf("saved %+v", e.saved)
	}
}

// TestEscapeInTheWizard stops what goes on, and closes the wizard when nothing does.
func TestEscapeInTheWizard(t *testing.T) {
	w := window(t, "en", theme.ForceLight, 760, 690)
	closed := 0
	z := wizard(t, w, &engine{found: found()}, WizardOptions{Cancel: func() { closed++ }})
	z.Keys()
	escape := func() { w.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape}) }
	z.Continue()
	escape()
	if closed != 0 || z.cancel != nil || !strings.Contains(textOf(w.Canvas().Content()), lang.T("setup.stopped")) {
		t.Errorf("closed %d times, or not stopped", closed)
	}
	escape()
	if closed != 1 {
		t.Errorf("closed %d times", closed)
	}
}
