package accounts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// local is an account on the test servers.
func local(d *mailtest.Server, m *mailtest.MTA, proto mail.Protocol) mail.Account {
	a := New(m.Address("ali"), proto)
	a.Incoming = mail.Server{Host: "localhost", Port: d.IMAPSPort, Security: mail.SecurityTLS, Username: "ali", CAFile: d.CAFile, TimeoutSeconds: 10}
	if proto == mail.POP3 {
		a.Incoming.Port = d.POP3SPort
	}
	a.Outgoing.Server = mail.Server{Host: "127.0.0.1", Port: m.Port465, Security: mail.SecurityTLS, Username: "ali", CAFile: d.CAFile, TimeoutSeconds: 10}
	return Defaults(a)
}

// steps runs Test and returns each step as "side step ok".
func steps(t *testing.T, a mail.Account, p Passwords) (out []string, last mail.TestStep, err error) {
	t.Helper()
	tls := ""
	err = Test(t.Context(), a, p, func(s mail.TestStep) {
		if s.Step == "tls" {
			tls += s.Note
		}
		out = append(out, fmt.Sprintf("%s %s %v", s.Side, s.Step, s.OK))
		if !s.OK {
			last = s
		}
		if s.OK == (s.Problem != nil) || s.Where == "" {
			t.Errorf("%+v", s)
		}
	})
	if err == nil && tls != "TLS 1.3TLS 1.3" {
		t.Errorf("the notes on the encryption are %q", tls)
	}
	return out, last, err
}

func TestConnectionTest(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	m := mailtest.StartPostfix(t, d, mailtest.PostfixOptions{})
	good := Fixed{Incoming: d.Password("ali"), Outgoing: d.Password("ali")}
	well := "incoming find true, incoming connect true, incoming tls true, incoming login true, outgoing connect true, outgoing tls true, outgoing login true"
	for _, proto := range []mail.Protocol{mail.IMAP, mail.POP3} {
		got, _, err := steps(t, local(d, m, proto), good)
		if err != nil || strings.Join(got, ", ") != well {
			t.Errorf("%s: %v %v", proto, got, err)
		}
		starttls := local(d, m, proto)
		starttls.Incoming.Security, starttls.Incoming.Port = mail.SecuritySTARTTLS, map[mail.Protocol]int{mail.IMAP: d.IMAPPort, mail.POP3: d.POP3Port}[proto]
		starttls.Outgoing.Security, starttls.Outgoing.Port = mail.SecuritySTARTTLS, m.Port587
		if got, _, err := steps(t, starttls, good); err != nil || strings.Join(got, ", ") != well {
			t.Errorf("%s STARTTLS: %v %v", proto, got, err)
		}
		for name, c := range map[string]struct {
			change func(a *mail.Account)
			pass   Fixed
			want   string
			kind   mail.ProblemKind
		}{
			"wrong password": {func(*mail.Account) {}, Fixed{Incoming: "falsch", Outgoing: good.Outgoing}, "incoming find true, incoming connect true, incoming tls true, incoming login false, outgoing", mail.ProblemAuth},
			"no password":    {func(*mail.Account) {}, Fixed{}, "incoming find true, incoming connect true, incoming tls true, incoming login false", mail.ProblemAuth},
			"wrong name":     {func(a *mail.Account) { a.Incoming.Host = "no-such-host.invalid" }, good, "incoming find false, outgoing", mail.ProblemNetwork},
			"nobody there":   {func(a *mail.Account) { a.Incoming.Port = 1 }, good, "incoming find true, incoming connect false, outgoing", mail.ProblemNetwork},
			"unknown CA":     {func(a *mail.Account) { a.Incoming.CAFile = "" }, good, "incoming find true, incoming connect true, incoming tls false, outgoing", mail.ProblemCertificate},
			"TLS to the plain port": {func(a *mail.Account) {
				a.Incoming.Port = map[mail.Protocol]int{mail.IMAP: d.IMAPPort, mail.POP3: d.POP3Port}[proto]
			}, good,
				"incoming find true, incoming connect true, incoming tls false, outgoing", mail.ProblemConfig},
			"outgoing certificate": {func(a *mail.Account) { a.Outgoing.CAFile = "" }, good, "incoming login true, outgoing connect true, outgoing tls false", mail.ProblemCertificate},
			"bad setting":          {func(a *mail.Account) { a.Incoming.TimeoutSeconds = 3 }, good, "incoming find false", mail.ProblemConfig},
		} {
			a := local(d, m, proto)
			c.change(&a)
			got, bad, err := steps(t, a, c.pass)
			if err == nil || !strings.Contains(strings.Join(got, ", "), c.want) {
				t.Errorf("%s %s: %v %v", proto, name, got, err)
				continue
			}
			if bad.Problem.Kind != c.kind || bad.Problem.Summary == "" || bad.Problem.Advice == "" {
				t.Errorf("%s %s: %+v", proto, name, bad.Problem)
			}
			if c.kind == mail.ProblemCertificate && bad.Problem.Certificate == nil {
				t.Errorf("%s %s: the certificate is not shown", proto, name)
			}
		}
	}
}

// TestOpener goes the whole way: send, then receive by both protocols.
// Where no encryption was asked for and the server offers it, it is used, and the test must not call what went over it unencrypted.
func TestWhatIsEncryptedIsNotCalledUnencrypted(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	m := mailtest.StartPostfix(t, d, mailtest.PostfixOptions{})
	a := local(d, m, mail.IMAP)
	a.Outgoing.Security, a.Outgoing.Port = mail.SecurityNone, m.Port25
	where := map[string]string{}
	note := func(s mail.TestStep) { where[string(s.Side)+" "+s.Step] = s.Where }
	if err := Test(t.Context(), a, Fixed{Incoming: d.Password("ali"), Outgoing: "wrong"}, note); err == nil || strings.Contains(where["outgoing login"], mail.NoEncryption) {
		t.Errorf("a wrong password: %q, %v", where["outgoing login"], err)
	}
	a.Outgoing.CAFile = ""
	if err := Test(t.Context(), a, Fixed{Incoming: d.Password("ali"), Outgoing: d.Password("ali")}, note); err == nil || !strings.HasSuffix(where["outgoing tls"], "(STARTTLS)") {
		t.Errorf("an unknown authority: %q, %v", where["outgoing tls"], err)
	}
}

// Without a network nobody knows whether there is a server of that name: the test of the settings must not say that there is none.
func TestNoNetworkIsNotAWrongName(t *testing.T) {
	was := net.DefaultResolver
	defer func() { net.DefaultResolver = was }()
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "udp", Err: syscall.ENETUNREACH}
	}}
	a := New("ali@peyk.test", mail.IMAP)
	a.Incoming = mail.Server{Host: "imap.peyk.test", Port: 993, Security: mail.SecurityTLS, Username: "ali"}
	a.Outgoing.Server = mail.Server{Host: "smtp.peyk.test", Port: 465, Security: mail.SecurityTLS, Username: "ali"}
	got, last, err := steps(t, Defaults(a), Fixed{Incoming: "x", Outgoing: "x"})
	if err == nil || last.Problem == nil || last.Problem.Code != mail.CodeLookup || last.Problem.Args[0] != "smtp.peyk.test" {
		t.Errorf("%v, %+v, %v", got, last.Problem, err)
	}
}

func TestOpener(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	m := mailtest.StartPostfix(t, d, mailtest.PostfixOptions{})
	pass := Fixed{Incoming: d.Password("ali")} // the outgoing side uses the same
	body := "From: ali@peyk.test\r\nDate: Mon, 23 Nov 2026 04:34:11 +0000\r\nMessage-ID: <1@peyk.test>\r\n\r\nto myself\r\n"
	s, err := NewOpener(local(d, m, mail.IMAP), pass).Sender(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Send(t.Context(), remote.Envelope{From: m.Address("ali"), Rcpt: []string{m.Address("ali")}}, strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	mailtest.WaitMessages(t, d, "ali", "INBOX", 1, 2*time.Minute)
	r, err := NewOpener(local(d, m, mail.POP3), pass).Receive(t.Context(), remote.Start{})
	if err != nil {
		t.Fatal(err)
	}
	drop := r.(remote.Maildrop)
	drops, err := drop.List(t.Context())
	if err != nil || len(drops) != 1 {
		t.Fatal(drops, err)
	}
	check := func(rd io.Reader) error {
		b, err := io.ReadAll(rd)
		if !strings.HasSuffix(string(b), body) {
			t.Errorf("%q", b)
		}
		return err
	}
	if err := drop.Retrieve(t.Context(), drops, func(_ remote.Drop, rd io.Reader) error { return check(rd) }); err != nil {
		t.Error(err)
	}
	r.Close()
	r, err = NewOpener(local(d, m, mail.IMAP), pass).Receive(t.Context(), remote.Start{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	n := 0
	_, err = r.(remote.Mailboxes).Fetch(t.Context(), "INBOX", []remote.UIDRange{{First: 1}}, remote.WantBody, func(f remote.Fetched) error { n++; return check(f.Body) })
	if err != nil || n != 1 {
		t.Error(n, err)
	}
	a := local(d, m, mail.IMAP)
	a.Outgoing.Host = ""
	if _, err := NewOpener(a, pass).Sender(t.Context()); err == nil || !strings.Contains(err.Error(), "no outgoing server") {
		t.Error(err)
	}
}

// changing gives another password each time it is asked.
type changing struct {
	values []string
	asked  int
}

func (c *changing) Password(context.Context, mail.Account, mail.ServerSide) (string, error) {
	c.asked++
	if len(c.values) == 0 {
		return "", ErrNoPassword
	}
	v := c.values[0]
	if len(c.values) > 1 {
		c.values = c.values[1:]
	}
	return v, nil
}

// TestStalePassword: a kept password that the server no longer takes is fetched once more; a fresh one is not tried twice.
func TestStalePassword(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	m := &mailtest.MTA{Domains: []string{"peyk.test"}}
	p := &changing{values: []string{d.Password("ali"), "old"}}
	o := NewOpener(local(d, m, mail.POP3), p).(*opener)
	for range 2 {
		r, err := o.Receive(t.Context(), remote.Start{})
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	if p.asked != 1 {
		t.Errorf("asked %d times", p.asked)
	}
	o.in.value = "expired token"
	p.values = []string{d.Password("ali")}
	r, err := o.Receive(t.Context(), remote.Start{})
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	p.values, p.asked, o.in.value = []string{"wrong"}, 0, ""
	_, err = o.Receive(t.Context(), remote.Start{})
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemAuth || p.asked != 1 {
		t.Errorf("asked %d times, %v", p.asked, err)
	}
	p.values = nil
	if _, err := o.Receive(t.Context(), remote.Start{}); err == nil || errors.Is(err, context.Canceled) || remote.As(err).Kind != mail.ProblemAuth {
		t.Error(err)
	}
}
