package setup

import (
	"errors"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestTheFormFollowsTheLanguage: built again in another language it shows the same page with the same entries.
func TestTheFormFollowsTheLanguage(t *testing.T) {
	f, _ := settings(t, window(t, "en", theme.ForceLight, 820, 700), pop3Account(), &engine{})
	f.Choose(TabAdvanced)
	f.pop.days.SetNumber(3)
	lang.Set("fa")
	g := f.Again(f.opt)
	a, s, err := g.Account()
	if err != nil || a.POP3.RemoveAfterDays != 3 || a.ID != pop3Account().ID || s.Incoming != "" {
		t.Errorf("the fields hold %+v, %v", a.POP3, err)
	}
	if g.tabs.Chosen() != int(TabAdvanced) || g.save.Text() != lang.T("setup.save") {
		t.Errorf("page %d, the button says %q", g.tabs.Chosen(), g.save.Text())
	}
}

// TestTheWizardFollowsTheLanguage: made again in another language it holds what was entered, and tells in it what went wrong and
// what can be done about it.
func TestTheWizardFollowsTheLanguage(t *testing.T) {
	e := &engine{found: found(), testErr: errors.New("refused"), steps: []mail.TestStep{
		{Side: mail.SideIncoming, Step: "connect", Where: "imap.example.org:993", OK: true},
		{Side: mail.SideIncoming, Step: "login", Where: "imap.example.org:993", Problem: &mail.Problem{Kind: mail.ProblemAuth}},
	}}
	w := window(t, "en", theme.ForceLight, 760, 690)
	z := wizard(t, w, e, WizardOptions{})
	z.choose(mail.POP3)
	z.name.SetText("Maryam")
	z.email.SetText("maryam@example.org")
	z.password.SetText("secret")
	z.Continue()
	z.opt.Loop.(*queue).run()
	before := textOf(z.Content())
	if !strings.Contains(before, lang.T("setup.save.anyway")) {
		t.Fatalf("the failure offers nothing:\n%s", before)
	}
	lang.Set("fa")
	after := textOf(z.Content())
	for _, id := range []string{"setup.welcome", "setup.pop3.text", "setup.continue", "setup.save.anyway", "setup.name"} {
		if !strings.Contains(after, lang.T(id)) {
			t.Errorf("%s is not said in the language chosen:\n%s", id, after)
		}
	}
	if failed := lang.Plain(lang.ProblemWords(&mail.Problem{Kind: mail.ProblemAuth, Where: "imap.example.org:993"}, "")); !strings.Contains(after, failed) {
		t.Errorf("the failure is not told in the language chosen, %q:\n%s", failed, after)
	}
	if z.email.Text() != "maryam@example.org" || z.password.Text() != "secret" || !z.pop.Chosen() || z.imap.Chosen() {
		t.Error("what was entered is gone")
	}
}
