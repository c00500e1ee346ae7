package accounts

import (
	"context"
	"fmt"
	"net"
	"strings"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Test logs in to both servers of an account and reports each step when it is known: "find" (the name), "connect", "tls",
// "login". A failing side does not keep the other from being tried. It returns the last error. Nothing is stored and no
// mail is touched.
func Test(ctx context.Context, a mail.Account, p Passwords, step func(mail.TestStep)) error {
	a = Defaults(a)
	if err := Validate(a); err != nil {
		step(mail.TestStep{Side: mail.SideIncoming, Step: "find", Where: dial.Address(a.Incoming, string(a.Protocol)), Problem: &mail.Problem{Account: a.ID, Kind: mail.ProblemConfig, Code: mail.CodeSettings,
			Summary: "the settings cannot work", Detail: err.Error(), Advice: "Correct them and test again."}})
		return err
	}
	o := &opener{account: a, store: p}
	in := &check{side: mail.SideIncoming, server: a.Incoming, protocol: string(a.Protocol), account: a.ID, step: step}
	last := in.run(ctx, func() (string, proof, error) {
		if sec, err := in.reach(ctx, o, &o.in); err != nil {
			return sec, proof{}, err
		}
		r, err := o.Receive(ctx, remote.Start{})
		if err != nil {
			return "", proof{}, err
		}
		defer r.Close()
		return security(r), contents(ctx, r), nil
	})
	if a.Outgoing.Host == "" {
		return last
	}
	out := &check{side: mail.SideOutgoing, server: a.Outgoing.Server, protocol: dial.SMTP, account: a.ID, step: step}
	err := out.run(ctx, func() (string, proof, error) {
		if sec, err := out.reach(ctx, o, &o.out); err != nil && a.Outgoing.Auth != mail.AuthNone {
			return sec, proof{}, err
		}
		s, err := o.Sender(ctx)
		if err != nil {
			return "", proof{}, err
		}
		defer s.Close()
		return security(s), proof{}, nil
	})
	if err != nil {
		last = err
	}
	return last
}

// check is the test of one side.
type check struct {
	side     mail.ServerSide
	server   mail.Server
	protocol string
	account  mail.AccountID
	step     func(mail.TestStep)
	sec      string // how the session was encrypted; "": it did not come to one
}

func (c *check) run(ctx context.Context, session func() (security string, shown proof, err error)) error {
	if err := c.find(ctx); err != nil {
		c.failed("find", err)
		return err
	}
	sec, shown, err := session()
	c.sec = sec
	order := []string{"connect", "tls", "login"}
	bad := len(order)
	if err != nil {
		bad = c.stepOf(err)
	}
	for _, s := range order[:bad] {
		note, seen := "", proof{}
		switch s {
		case "tls":
			note = sec
			if !strings.HasPrefix(sec, "TLS") && (sec != "" || c.server.Security == mail.SecurityNone) {
				continue // there is none, because none was asked for or it did not come to that
			}
		case "login":
			if seen = shown; c.server.Auth == mail.AuthNone {
				seen = proof{found: "nologin"}
			}
			note = seen.words()
		}
		c.step(mail.TestStep{Side: c.side, Step: s, Where: c.where(s), OK: true, Note: note, Found: seen.found, N: seen.n})
	}
	if err != nil {
		c.failed(order[bad], err)
	}
	return err
}

// reach fetches the password. When there is none the server is still connected to, so that the steps tell what is true.
func (c *check) reach(ctx context.Context, o *opener, s *secret) (security string, err error) {
	if _, _, err = o.password(ctx, c.side, s, ""); err == nil {
		return "", nil
	}
	conn, derr := dial.Dial(ctx, c.server, dial.Options{Protocol: c.protocol})
	if derr != nil {
		return "", derr
	}
	defer conn.Close()
	return conn.Security(), err
}

// find looks the name up, except behind a proxy, which does that itself.
func (c *check) find(ctx context.Context) error {
	if c.server.Proxy != "" || net.ParseIP(c.server.Host) != nil {
		return nil
	}
	addr, err := dial.Find(ctx, c.server, c.protocol)
	if err != nil {
		return err
	}
	c.step(mail.TestStep{Side: c.side, Step: "find", Where: c.server.Host, OK: true, Note: addr})
	return nil
}

// stepOf places an error among connect (0), tls (1) and login (2).
func (c *check) stepOf(err error) int {
	e := remote.As(err)
	if e == nil {
		return 2
	}
	implicit := c.server.Security == mail.SecurityTLS
	switch e.Step {
	case "find", "connect", "proxy":
		return 0
	case "tls":
		return 1
	case "greeting", "capa", "capability":
		if implicit {
			return 2
		}
		return 0
	}
	return 2
}

func (c *check) where(step string) string {
	at := dial.Address(c.server, c.protocol)
	if step != "tls" && step != "login" {
		return at
	}
	how := map[mail.Security]string{mail.SecurityTLS: "TLS", mail.SecuritySTARTTLS: "STARTTLS"}[c.server.Security]
	if c.server.Security == mail.SecurityNone { // encryption is used all the same where it is offered
		switch {
		case step == "tls", strings.HasPrefix(c.sec, "TLS"):
			how = "STARTTLS"
		case c.sec == "":
			return at
		default:
			how = mail.NoEncryption
		}
	}
	return at + " (" + how + ")"
}

func (c *check) failed(step string, err error) {
	c.step(mail.TestStep{Side: c.side, Step: step, Where: c.where(step), Problem: problemOf(c.account, err)})
}

// problemOf tells an error to people: the sentence without the place, which the caller shows beside it.
func problemOf(id mail.AccountID, err error) *mail.Problem {
	p := &mail.Problem{Account: id, Summary: err.Error(), Detail: err.Error(), Kind: mail.ProblemProtocol}
	e := remote.As(err)
	if e == nil {
		return p
	}
	p.Kind, p.Advice, p.Certificate = e.Kind, e.Advice, e.Cert
	p.Code, p.Args, p.Where, p.Said = e.Why, e.Args, e.Host, e.Said()
	switch {
	case e.Text != "":
		p.Summary = "the server said: " + e.Text
	case e.Err != nil:
		p.Summary = e.Err.Error()
	}
	p.Detail = p.Summary
	return p
}

// security asks a session how it is protected.
func security(session any) string {
	if s, ok := session.(interface{ Security() string }); ok {
		return s.Security()
	}
	return ""
}

// proof is what a session showed of the mailbox; see mail.TestStep.
type proof struct {
	found string
	n     int
}

func (p proof) words() string {
	switch p.found {
	case "":
		return ""
	case "nologin":
		return "this server wants no login"
	}
	return fmt.Sprintf("%d %s", p.n, p.found)
}

// contents says what a session shows, as a proof for the user; nothing when that cannot be found out.
func contents(ctx context.Context, r remote.Remote) proof {
	switch r := r.(type) {
	case remote.Maildrop:
		if drops, err := r.List(ctx); err == nil {
			return proof{"messages", len(drops)}
		}
	case remote.Mailboxes:
		if folders, err := r.List(ctx); err == nil {
			return proof{"folders", len(folders)}
		}
	}
	return proof{}
}
