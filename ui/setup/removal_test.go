package setup

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// losses is a store that counts what would be lost, and knows an account.
type losses struct {
	o   mail.OnlyHere
	now mail.Account
	err error
}

func (l losses) Account(context.Context, mail.AccountID) (mail.Account, error) { return l.now, l.err }

func (l losses) Folders(context.Context, mail.AccountID) ([]mail.Folder, error) { return nil, nil }
func (l losses) OnlyHere(context.Context, mail.AccountID) (mail.OnlyHere, error) {
	return l.o, nil
}

// Who removes an account is told what is nowhere else, before it is gone.
func TestRemovalTellsWhatIsLost(t *testing.T) {
	q, e := &queue{}, &engine{}
	w := window(t, "en", theme.ForceLight, 820, 700)
	f := NewSettings(w, pop3Account(), mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{o: mail.OnlyHere{Waiting: 2, Messages: 1200}}})
	kit.SetContent(w, f.Content())
	q.run()
	f.remove()
	q.run()
	shot(t, w, "remove-account")
	if w.Canvas().Overlays().Top() == nil || len(e.removed) != 0 {
		t.Fatalf("it is not asked about: %v", e.removed)
	}
	for o, want := range map[mail.OnlyHere]string{
		{}: "Everything of x is removed from this computer. Mail on the server stays where it is.",
		{Waiting: 2, Drafts: 1, Messages: 1200, Changes: 3}: "Everything of x is removed from this computer. Mail on the server stays where it is.\n\nOnly this computer has, and would lose:\n" +
			"• 2 messages that have not been sent yet\n• 1 draft\n• 1,200 messages in folders of this computer\n• 3 changes that the server does not know yet",
	} {
		if got := removalWords(mail.Account{Protocol: mail.IMAP}, "x", o); got != want {
			t.Errorf("%+v: %s", o, got)
		}
	}
}

// A place for mail on this computer has no servers to set up or to test: it can be removed, and says what it is.
func TestSettingsOfMailOnThisComputer(t *testing.T) {
	q, e := &queue{}, &engine{}
	for _, code := range []string{"en", "fa"} {
		w := window(t, code, theme.ForceLight, 820, 700)
		a := mail.Account{ID: 3, Name: "Local", Email: "local@localhost", Protocol: mail.POP3, Disabled: true}
		f := NewSettings(w, a, mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{}})
		kit.SetContent(w, f.Content())
		q.run()
		shot(t, w, "settings-local-"+code)
		var words []string
		var walk func(o fyne.CanvasObject)
		walk = func(o fyne.CanvasObject) {
			switch x := o.(type) {
			case *kit.Button:
				words = append(words, x.Text())
			case *fyne.Container:
				for _, k := range x.Objects {
					walk(k)
				}
			}
		}
		walk(f.local())
		if got := strings.Join(words, "|"); got != lang.T("setup.remove.local") {
			t.Errorf("the buttons are %s", got)
		}
		if f.Title() != lang.T("setup.settings.of", lang.T("place.local")) || f.Changed() {
			t.Errorf("%q, changed %t", f.Title(), f.Changed())
		}
		if got := removalWords(a, f.name(), mail.OnlyHere{Messages: 2}); !strings.HasPrefix(got, lang.T("setup.remove.text.local")) {
			t.Errorf("removing it says %s", got)
		}
	}
}
