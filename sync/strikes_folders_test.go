package mailsync_test

import (
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A folder at which the server hangs up every time is told, and does not keep those behind it from being received; when it can be opened
// again, it comes as well.
func TestFolderAtWhichTheServerHangsUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	boxes := []string{"INBOX", "Drafts", "Sent", "Work"}
	for i, box := range boxes {
		r.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
		r.box.Append(t, "ali", box, letters(10*i, 2)...)
	}
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	})
	proxy.CutBefore(`SELECT "Drafts"`, 1000)
	for n := range 4 {
		if res := r.pass(a); len(res.Failed) != 1 {
			t.Errorf("pass %d: told %q", n, res.Failed)
		}
		r.restart() // a command line is a new process each time
	}
	for _, box := range []string{"INBOX", "Sent", "Work"} {
		r.sameMail(a, "ali", box)
	}
	if n := len(r.rows(r.folder(a, "Drafts"))); n != 0 {
		t.Errorf("%d messages of the broken folder are here", n)
	}
	// The same once everything is here and only changes are asked for, of several folders at once.
	rigged{r, proxy}.healed()
	r.sync(a)
	r.sameMail(a, "ali", "Drafts")
	proxy.CutBefore(`SELECT "Drafts"`, 1000)
	for i, box := range boxes {
		r.box.Append(t, "ali", box, letters(10*i+5, 1)...)
	}
	for range 5 {
		r.pass(a)
	}
	for _, box := range []string{"INBOX", "Sent", "Work"} {
		r.sameMail(a, "ali", box)
	}
	quiet(t, rigged{r, proxy}.healed(), a)
	r.sameMail(a, "ali", "Drafts")
	r.sound()
}
