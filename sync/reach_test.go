package mailsync_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A server that offered STARTTLS once gets nothing in the clear any more, until the user says so. That the account is set to do
// without encryption changes nothing: an attacker who removes the offer may have talked the user into it.
func TestDowngradeIsRememberedAndRefused(t *testing.T) {
	t.Parallel()
	var stripped atomic.Bool
	imap := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		caps := "IMAP4rev1 AUTH=PLAIN SASL-IR STARTTLS"
		if stripped.Load() {
			caps = "IMAP4rev1 AUTH=PLAIN SASL-IR"
		}
		c.Send("* OK [CAPABILITY ", caps, "] hi\r\n")
		playMailbox(c)
	})
	pop := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("+OK\r\n")
		for {
			line, ok := c.Line()
			switch word, _, _ := strings.Cut(line, " "); {
			case !ok:
				return
			case word == "CAPA" && stripped.Load():
				c.Send("+OK\r\nUSER\r\nUIDL\r\n.\r\n")
			case word == "CAPA":
				c.Send("+OK\r\nUSER\r\nUIDL\r\nSTLS\r\n.\r\n")
			case word == "STAT":
				c.Send("+OK 0 0\r\n")
			case word == "LIST", word == "UIDL":
				c.Send("+OK\r\n.\r\n")
			default:
				c.Send("+OK\r\n")
			}
		}
	})
	r := newRigAt(t, mailtest.Reach{IMAPSPort: imap.Port, POP3SPort: pop.Port, CAFile: mailtest.CAFile(t)})
	for proto, server := range map[mail.Protocol]*mailtest.Script{mail.IMAP: imap, mail.POP3: pop} {
		stripped.Store(false)
		a := r.account("ali", proto, func(a *mail.Account) { a.Incoming.Security, a.Incoming.AllowPlaintext = mail.SecurityNone, true })
		r.sync(a)
		stripped.Store(true)
		before := len(server.Plain())
		res := r.pass(a)
		if len(res.Failed) != 1 || !strings.Contains(res.Failed[0], "used to offer STARTTLS") {
			t.Errorf("%s: %v", proto, res.Failed)
		}
		if said := server.Plain()[before:]; strings.Contains(said, "AUTH") || strings.Contains(said, "USER") || strings.Contains(said, "secret") {
			t.Errorf("%s: sent without encryption: %q", proto, said)
		}
		if err := r.e.ForgetEncryption(r.ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		r.sync(a)
	}
}

// playMailbox is an IMAP server with an empty inbox.
func playMailbox(c *mailtest.ScriptConn) {
	for {
		line, ok := c.Line()
		if !ok {
			return
		}
		tag, cmd, _ := strings.Cut(line, " ")
		switch word, _, _ := strings.Cut(cmd, " "); word {
		case "LIST":
			c.Send("* LIST () \"/\" INBOX\r\n")
		case "SELECT":
			c.Send("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 1] n\r\n")
		case "AUTHENTICATE":
			c.Send(tag, " OK [CAPABILITY IMAP4rev1] in\r\n")
			continue
		}
		c.Send(tag, " OK done\r\n")
	}
}

// A server that was reached before, and in whose place a stranger answers now, is tried again by itself, and the user learns what it
// may be. A stranger at the first try is a fault of the settings.
func TestPortal(t *testing.T) {
	t.Parallel()
	stranger := mailtest.StartScript(t, mailtest.SelfSigned, func(c *mailtest.ScriptConn) { c.Drain() })
	page := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n")
	})
	r := newRig(t, mailtest.DovecotOptions{}, false)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = proxy.Port() })
	ch, stop := r.e.Progress()
	defer stop()
	var last *mail.Problem
	problem := func() *mail.Problem {
		t.Helper()
		r.pass(a)
		for end := time.After(2 * time.Minute); ; {
			select {
			case p := <-ch:
				if p.Problem != nil && p.Problem != last {
					last = p.Problem
					return last
				}
			case <-end:
				t.Fatal("no problem was told")
			}
		}
	}
	proxy.Redirect(stranger.Port)
	if p := problem(); p.Code != mail.CodeCertificate || p.Retrying {
		t.Errorf("at first: %+v", p)
	}
	proxy.Redirect(r.dove.IMAPSPort)
	r.sync(a)
	for name, port := range map[string]int{"another certificate": stranger.Port, "a web page": page.Port} {
		proxy.Redirect(port)
		if p := problem(); p.Code != mail.CodePortal || !p.Retrying {
			t.Errorf("%s: %+v", name, p)
		}
	}
	proxy.Redirect(r.dove.IMAPSPort)
	r.sync(a)
}

// Another certificate than the pinned one is told as that, and nothing is sent until it is accepted, for the server that showed it: the other one, on the same
// computer, may well show the old one still.
func TestAnotherCertificateThanThePinnedOne(t *testing.T) {
	t.Parallel()
	stranger := mailtest.StartScript(t, mailtest.SelfSigned, func(c *mailtest.ScriptConn) { c.Drain() })
	r := newRig(t, mailtest.DovecotOptions{}, false)
	good, other := mailtest.Fingerprint(t, mailtest.Good), mailtest.Fingerprint(t, mailtest.SelfSigned)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.PinnedSHA256 = proxy.Port(), good
		a.Outgoing.Host, a.Outgoing.PinnedSHA256 = a.Incoming.Host, good
	})
	r.sync(a)
	proxy.Redirect(stranger.Port)
	ch, stop := r.e.Progress()
	defer stop()
	r.pass(a)
	var p *mail.Problem
	for end := time.After(2 * time.Minute); p == nil; {
		select {
		case now := <-ch:
			p = now.Problem
		case <-end:
			t.Fatal("no problem was told")
		}
	}
	if p.Code != mail.CodeOtherCert || !p.Retrying || p.Certificate == nil || p.Certificate.Vouched || p.Certificate.Pin() != other {
		t.Errorf("told is %+v, %+v", p, p.Certificate)
	}
	if err := r.e.Trust(r.ctx, a.ID, mail.SideIncoming, *p.Certificate); err != nil {
		t.Fatal(err)
	}
	if now, err := r.st.Account(r.ctx, a.ID); err != nil || now.Incoming.PinnedSHA256 != other || now.Outgoing.PinnedSHA256 != good {
		t.Errorf("trusted for %.4q and %.4q (%v)", now.Incoming.PinnedSHA256, now.Outgoing.PinnedSHA256, err)
	}
}
