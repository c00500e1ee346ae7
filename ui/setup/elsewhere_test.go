package setup

import (
	"context"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// holding is a store whose account has some messages.
type holding struct {
	losses
	messages int
}

func (h holding) Folders(context.Context, mail.AccountID) ([]mail.Folder, error) {
	return []mail.Folder{{ID: 1, Path: "INBOX", Total: h.messages}}, nil
}

// Another server, or another user on it, may be another mailbox: what becomes of the mail that is here is told before it is saved.
func TestAnotherServerIsAskedAbout(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(a *mail.Account)
		messages int
		asked    bool
	}{
		{"the same", func(*mail.Account) {}, 5, false},
		{"another port", func(a *mail.Account) { a.Incoming.Port = 1995 }, 5, false},
		{"the same host in capitals", func(a *mail.Account) { a.Incoming.Host = "POP.Shomal.Example" }, 5, false},
		{"another host", func(a *mail.Account) { a.Incoming.Host = "pop.other.example" }, 5, true},
		{"another user", func(a *mail.Account) { a.Incoming.Username = "somebody" }, 5, true},
		{"another host, nothing here", func(a *mail.Account) { a.Incoming.Host = "pop.other.example" }, 0, false},
	} {
		q, e := &queue{}, &engine{}
		w := window(t, "en", theme.ForceLight, 820, 700)
		was := pop3Account()
		was.Incoming.Host = "pop.shomal.example"
		f := NewSettings(w, was, mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: holding{messages: c.messages}})
		kit.SetContent(w, f.Content())
		f.onFill(func(a *mail.Account, _ *mail.Secrets) error { c.change(a); return nil })
		f.Save()
		q.run()
		if asked := w.Canvas().Overlays().Top() != nil; asked != c.asked || len(e.saved) == 1 == c.asked {
			t.Errorf("%s: asked %t, saved %d", c.name, asked, len(e.saved))
		}
		if !c.asked {
			continue
		}
		shot(t, w, "settings-elsewhere")
		tapText(t, w.Canvas().Overlays().Top(), lang.T("setup.elsewhere.ok"))
		q.run()
		if len(e.saved) != 1 {
			t.Errorf("%s: it is meant, and saved %d times", c.name, len(e.saved))
		}
	}
}
