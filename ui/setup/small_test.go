package setup

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
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
