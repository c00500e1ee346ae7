package setup

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// What is changed in the form while servers are looked for ends that: the account would have the servers of one address and the name of another.
func TestWizardStopsWhenTheFormChanges(t *testing.T) {
	for name, change := range map[string]func(z *Wizard){
		"the address":  func(z *Wizard) { z.email.Insert("x") },
		"the password": func(z *Wizard) { z.password.Insert("x") },
		"the protocol": func(z *Wizard) { z.choose(mail.POP3) },
		"its window":   func(z *Wizard) { z.Stop() },
	} {
		e := &engine{found: found()}
		z := wizard(t, window(t, "en", theme.ForceLight, 760, 690), e, WizardOptions{})
		z.Continue()
		change(z)
		z.opt.Loop.(*queue).run()
		if len(e.tested)+len(e.saved) != 0 || z.cancel != nil {
			t.Errorf("%s: %d accounts were tried, %d stored", name, len(e.tested), len(e.saved))
		}
		if said := textOf(z.steps.box); name != "its window" && !strings.Contains(said, lang.T("setup.stopped")) {
			t.Errorf("%s: it says %q", name, said)
		}
	}
}

// Two clicks are one account.
func TestWizardStoresOnce(t *testing.T) {
	e := &engine{found: found()}
	z := wizard(t, window(t, "en", theme.ForceLight, 760, 690), e, WizardOptions{})
	z.account = found()
	z.save()
	z.save()
	z.opt.Loop.(*queue).run()
	if len(e.saved) != 1 {
		t.Errorf("%d accounts were stored", len(e.saved))
	}
}

// A password file that cannot be written, or is damaged, is not told as a wrong passphrase.
func TestUnlockingSaysWhatFailed(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{mail.ErrPassphrase, "This passphrase does not open the file."},
		{fmt.Errorf("the password file: %w", syscall.ENOSPC), lang.T("setup.pass.failed", lang.ErrorWords(syscall.ENOSPC))},
	} {
		e := &engine{store: mail.SecretStoreInfo{Kind: "file", Locked: true}, unlockErr: c.err}
		w := window(t, "en", theme.ForceLight, 760, 690)
		loop := &queue{}
		AskPassphrase(w, loop, e, func() { t.Error("it goes on") })
		entry := w.Canvas().Focused().(*kit.Entry)
		entry.Insert("something")
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		loop.run()
		if !strings.Contains(textOf(w.Canvas().Overlays().Top()), c.want) {
			t.Errorf("%v is not told as %q", c.err, c.want)
		}
	}
}

// So is Enter pressed twice in the dialog of the passphrase.
func TestUnlockingOnce(t *testing.T) {
	e := &engine{store: mail.SecretStoreInfo{Kind: "file", Locked: true}}
	w := window(t, "en", theme.ForceLight, 760, 690)
	loop, done := &queue{}, 0
	AskPassphrase(w, loop, e, func() { done++ })
	entry := w.Canvas().Focused().(*kit.Entry)
	entry.Insert("open sesame")
	enter := &fyne.KeyEvent{Name: fyne.KeyReturn}
	entry.TypedKey(enter)
	entry.TypedKey(enter)
	loop.run()
	if done != 1 {
		t.Errorf("it went on %d times", done)
	}
}
