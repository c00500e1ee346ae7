package setup

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// What was decided about a server in another window while its form was open is not taken back by Save; what the form itself changed is.
func TestSavingKeepsWhatWasDecidedMeanwhile(t *testing.T) {
	command := []string{"pass", "mail"}
	was := pop3Account()
	was.Outgoing.PinnedSHA256, was.Incoming.PasswordCommand = "aaaa", command
	now := was
	now.Outgoing.PinnedSHA256, now.Incoming.PasswordCommand = "bbbb", nil
	for _, c := range []struct {
		name, pin string
		command   []string
		change    func(f *Settings)
	}{
		{name: "nothing of it", pin: "bbbb", change: func(*Settings) {}},
		{name: "the certificate forgotten", pin: "", change: func(f *Settings) {
			f.Choose(TabSecurity)
			tapText(t, f.Content(), lang.T("setup.pin.forget"))
		}},
		{name: "another server", pin: "aaaa", command: command, change: func(f *Settings) {
			f.onFill(func(a *mail.Account, _ *mail.Secrets) error {
				a.Incoming.Host, a.Outgoing.Host = "pop.other.example", "smtp.other.example"
				return nil
			})
		}},
		{name: "another language", pin: "bbbb", change: func(f *Settings) { *f = *f.Again(f.opt) }},
	} {
		q, e := &queue{}, &engine{}
		w := window(t, "en", theme.ForceLight, 820, 700)
		f := NewSettings(w, was, mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{now: now}})
		kit.SetContent(w, f.Content())
		q.run()
		c.change(f)
		f.Save()
		q.run()
		if len(e.saved) != 1 || e.saved[0].Outgoing.PinnedSHA256 != c.pin || !slices.Equal(e.saved[0].Incoming.PasswordCommand, c.command) {
			t.Errorf("%s: saved %d times, the certificate %q and the command %q", c.name, len(e.saved), e.saved[0].Outgoing.PinnedSHA256, e.saved[0].Incoming.PasswordCommand)
		}
	}
}

// An account that was removed meanwhile, by the command, does not come back half: the form says so and stays.
func TestSavingAnAccountThatIsGone(t *testing.T) {
	q, e := &queue{}, &engine{}
	w := window(t, "en", theme.ForceLight, 820, 700)
	gone := errors.New("no such account")
	f := NewSettings(w, pop3Account(), mail.Secrets{}, SettingsOptions{Engine: e, Loop: q, Folders: losses{err: gone}, Close: func() { t.Error("it closes") }})
	kit.SetContent(w, f.Content())
	f.Save()
	q.run()
	if len(e.saved) != 0 || !strings.Contains(textOf(f.problem), lang.T("setup.save.failed", gone.Error())) {
		t.Errorf("saved %d times, and told %q", len(e.saved), textOf(f.problem))
	}
}
