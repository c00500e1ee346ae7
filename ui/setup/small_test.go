package setup

import (
	"errors"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// TestWizardInASmallWindow has its buttons in sight, goes to the newest line, and the rest is scrolled to.
func TestWizardInASmallWindow(t *testing.T) {
	for _, code := range []string{"en", "fa"} {
		e := &engine{found: found(), testErr: errors.New("refused"), steps: []mail.TestStep{
			{Side: mail.SideIncoming, Step: "login", Where: "imap.example.org:993 (TLS)", OK: true},
			{Side: mail.SideOutgoing, Step: "login", Where: "smtp.example.org:465", Problem: &mail.Problem{Kind: mail.ProblemAuth, Said: "535 5.7.8"}}}}
		w := window(t, code, theme.ForceDark, 640, 400)
		z := wizard(t, w, e, WizardOptions{Demo: func() {}, Import: func() {}, Manual: func(mail.Account, mail.Secrets) {}})
		bottom := func(o fyne.CanvasObject) float32 {
			return fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Y + o.Size().Height
		}
		if b := bottom(z.next); b > 400 {
			t.Errorf("%s: the main button ends at %v", code, b)
		}
		z.Continue()
		z.opt.Loop.(*queue).run()
		shot(t, w, "wizard-small-"+code)
		way := z.actions.Objects[0]
		if b := bottom(way); b > bottom(z.next)-z.next.Size().Height || b < 200 {
			t.Errorf("%s: the way out ends at %v, the buttons begin at %v", code, b, bottom(z.next)-z.next.Size().Height)
		}
		z.Focus()
		if b := bottom(z.name); b < z.name.Size().Height {
			t.Errorf("%s: the field with the keyboard ends at %v", code, b)
		}
	}
}

// offline is the error of a lookup without a connection.
type offline struct{ error }

func (offline) Problem() *mail.Problem {
	return &mail.Problem{Kind: mail.ProblemNetwork, Code: mail.CodeLookup, Args: []string{"example.org"}}
}

// TestWizardWithoutAConnection does not say that there are no servers.
func TestWizardWithoutAConnection(t *testing.T) {
	e := &engine{findErr: offline{errors.New("no route")}}
	w := window(t, "fa", theme.ForceLight, 760, 690)
	z := wizard(t, w, e, WizardOptions{})
	z.Continue()
	z.opt.Loop.(*queue).run()
	shot(t, w, "wizard-offline")
	if got := textOf(z.steps.box); strings.Contains(got, lang.T("setup.notfound", "example.org")) || !strings.Contains(lang.Plain(got), lang.Plain(lang.ErrorWords(e.findErr))) {
		t.Errorf("said is %q", got)
	}
}
