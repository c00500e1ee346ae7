package mailsync_test

import (
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// The number of round trips is what a pass costs on a far server, so it is held here as a count, which no busy machine changes.
func TestRoundTripsIMAP(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 60)...)
	p := mailtest.StartTurnProxy(t, r.box.IMAPSPort)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	r.sync(a)
	p.Turns()
	r.sync(a)
	// TCP, TLS, greeting, and everything of a pass that finds nothing in one flight.
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
	r.dove.Deliver("ali", letters(60, 10)...)
	r.dove.Doveadm("flags", "add", "-u", "ali", "\\Seen", "mailbox", "INBOX", "uid", "1:40")
	res := r.sync(a)
	// SELECT and FETCH go together.
	if n := p.Turns(); n != 5 || res.New != 10 || res.Updated != 40 {
		t.Errorf("%d round trips for %d new messages and %d flags, want 5 for 10 and 40", n, res.New, res.Updated)
	}
	r.sameMail(a, "ali", "INBOX")
}

func TestRoundTripsPOP3(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 60)...)
	p := mailtest.StartTurnProxy(t, r.box.POP3SPort)
	a := r.account("ali", mail.POP3, func(a *mail.Account) { a.Incoming.Port = p.Port() })
	if res := r.sync(a); res.New != 60 {
		t.Fatalf("%d new", res.New)
	}
	p.Turns()
	r.sync(a)
	// TCP, TLS, greeting, and login, CAPA and listing together.
	if n := p.Turns(); n != 4 {
		t.Errorf("%d round trips with nothing new, want 4", n)
	}
}
