package setup

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// No encryption is asked about in words when it is chosen, for each server; a yes is kept with the account.
func TestNoEncryptionIsAskedAbout(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(a *mail.Account)
		asked  int
	}{
		{"both encrypted", func(*mail.Account) {}, 0},
		{"incoming", func(a *mail.Account) { a.Incoming.Security = mail.SecurityNone }, 1},
		{"both", func(a *mail.Account) { a.Incoming.Security, a.Outgoing.Security = mail.SecurityNone, mail.SecurityNone }, 2},
		{"outgoing without a login", func(a *mail.Account) { a.Outgoing.Security, a.Outgoing.Auth = mail.SecurityNone, mail.AuthNone }, 0},
	} {
		q, e := &queue{}, &engine{}
		w := window(t, "fa", theme.ForceLight, 820, 700)
		f := NewSettings(w, pop3Account(), mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{}})
		kit.SetContent(w, f.Content())
		f.onFill(func(a *mail.Account, _ *mail.Secrets) error { c.change(a); return nil })
		f.Save()
		q.run()
		for n := range c.asked {
			if len(e.saved) != 0 || w.Canvas().Overlays().Top() == nil {
				t.Fatalf("%s: saved before question %d: %+v", c.name, n+1, e.saved)
			}
			tapText(t, w.Canvas().Overlays().Top(), lang.T("setup.plain.ok"))
			q.run()
		}
		if len(e.saved) != 1 || w.Canvas().Overlays().Top() != nil {
			t.Fatalf("%s: saved %d times", c.name, len(e.saved))
		}
		if a := e.saved[0]; a.Incoming.AllowPlaintext != (c.asked > 0) || a.Outgoing.AllowPlaintext != (c.asked > 1) {
			t.Errorf("%s: kept as %t and %t", c.name, a.Incoming.AllowPlaintext, a.Outgoing.AllowPlaintext)
		}
	}
}

// A test of an incoming server without encryption asks first, as saving does: the account would be refused without a word that helps.
func TestTheConnectionTestAsksAboutNoEncryption(t *testing.T) {
	e := &engine{}
	w := window(t, "en", theme.ForceLight, 820, 700)
	a := pop3Account()
	a.Incoming.Security = mail.SecurityNone
	f, _ := settings(t, w, a, e)
	f.Test()
	f.opt.Loop.(*queue).run()
	if top := w.Canvas().Overlays().Top(); len(e.tested) != 0 || top == nil || !strings.Contains(textOf(top), lang.T("setup.plain.title")) {
		t.Fatalf("tested %d times before the question", len(e.tested))
	}
	tapText(t, w.Canvas().Overlays().Top(), lang.T("setup.plain.ok"))
	f.opt.Loop.(*queue).run()
	if len(e.tested) != 1 || !e.tested[0].Incoming.AllowPlaintext {
		t.Errorf("after a yes it was tested %d times", len(e.tested))
	}
}

// Servers and user names are looked at before they are saved, and told about in the language of the window.
func TestServersAndUsers(t *testing.T) {
	for host, good := range map[string]bool{"mail.example.org": true, "127.0.0.1": true, "2001:db8::1": true, "نامه.example": true, "": false, "http://x": false, "a b": false,
		"mail.example.org:993": false, "x@y": false, "[::1]": false, strings.Repeat("a", 254): false} {
		if plausibleHost(host) != good {
			t.Errorf("%q: %t", host, !good)
		}
	}
	q, e := &queue{}, &engine{}
	w := window(t, "fa", theme.ForceLight, 820, 700)
	a := pop3Account()
	a.Incoming.Host = "۱۲۷.۰.۰.۱"
	f := NewSettings(w, a, mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{}})
	kit.SetContent(w, f.Content())
	if got, _, err := f.Account(); err != nil || got.Incoming.Host != "127.0.0.1" {
		t.Errorf("%q, %v", got.Incoming.Host, err)
	}
	a.Incoming.Username = ""
	f = NewSettings(w, a, mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{}})
	kit.SetContent(w, f.Content())
	f.Save()
	q.run()
	if _, _, err := f.Account(); err == nil || err.Error() != lang.T("setup.user.bad") || len(e.saved) != 0 || Tab(f.tabs.Chosen()) != TabServers {
		t.Errorf("without a user: %v, saved %d, page %d", err, len(e.saved), f.tabs.Chosen())
	}
}

// The fingerprint of a certificate that was accepted by hand can be compared: all of it is shown.
func TestTheFingerprintIsWhole(t *testing.T) {
	q, e := &queue{}, &engine{}
	w := window(t, "en", theme.ForceLight, 760, 600)
	a := pop3Account()
	a.Incoming.PinnedSHA256 = strings.Repeat("0123456789abcdef", 4)
	f := NewSettings(w, a, mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{}})
	kit.SetContent(w, f.Content())
	f.Choose(TabSecurity)
	shot(t, w, "settings-fingerprint")
	var label *kit.Label
	walk(w.Content(), func(o fyne.CanvasObject) bool {
		if l, ok := o.(*kit.Label); ok && l.Text() == spaced(a.Incoming.PinnedSHA256) {
			label = l
		}
		return true
	})
	if label == nil || label.Truncated() || label.HeightForWidth(label.Size().Width) > label.Size().Height+1 {
		t.Errorf("the fingerprint is not shown whole: %+v", label)
	}
}
