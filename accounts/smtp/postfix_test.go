package smtp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"peyk/accounts/remote"
	"peyk/accounts/smtp"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

type rig struct {
	d *mailtest.Server
	m *mailtest.MTA
}

func start(t *testing.T, o mailtest.PostfixOptions) rig {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	return rig{d, mailtest.StartPostfix(t, d, o)}
}

func (r rig) config(port int, sec mail.Security) smtp.Config {
	return smtp.Config{Password: r.d.Password("ali"), Server: mail.Server{Host: "127.0.0.1", Port: port, Security: sec,
		Username: "ali", CAFile: r.m.CAFile, TimeoutSeconds: 30}}
}

func open(t *testing.T, cfg smtp.Config) *smtp.Client {
	t.Helper()
	c, err := smtp.Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func send(t *testing.T, c *smtp.Client, env remote.Envelope, body string) remote.Receipt {
	t.Helper()
	env.Size = int64(len(body))
	r, err := c.Send(t.Context(), env, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPostfixPorts(t *testing.T) {
	r := start(t, mailtest.PostfixOptions{})
	// Dots, a long line of 8-bit text, and no line end at the end.
	body := "From: ali@peyk.test\r\nDate: Mon, 23 Nov 2026 04:34:11 +0000\r\nMessage-ID: <1@peyk.test>\r\nSubject: سلام\r\n\r\n.\r\n..dots\r\n" + strings.Repeat("é", 400) + "\r\nend"
	n := 0
	for _, c := range []struct {
		port int
		sec  mail.Security
		auth mail.AuthMethod
	}{
		{r.m.Port465, mail.SecurityTLS, mail.AuthAuto},
		{r.m.Port465, mail.SecurityTLS, mail.AuthSCRAMSHA256},
		{r.m.Port587, mail.SecuritySTARTTLS, mail.AuthAuto},
		{r.m.Port587, mail.SecuritySTARTTLS, mail.AuthCRAMMD5},
		{r.m.Port587, mail.SecuritySTARTTLS, mail.AuthLogin},
		{r.m.Port25, mail.SecurityNone, mail.AuthPlain}, // STARTTLS is offered, so the password may go
		{r.m.Port25, mail.SecurityNone, mail.AuthNone},
	} {
		cfg := r.config(c.port, c.sec)
		cfg.Server.Auth = c.auth
		client := open(t, cfg)
		if client.Security() != "TLS 1.3" {
			t.Errorf("%+v: %s", c, client.Security())
		}
		receipt := send(t, client, remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}, EightBit: true}, body)
		if len(receipt.Accepted) != 1 || !strings.Contains(receipt.Reply, "queued as") {
			t.Errorf("%+v: %+v", c, receipt)
		}
		// The session takes another message.
		send(t, client, remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, body)
		n += 2
	}
	for _, got := range mailtest.WaitMessages(t, r.d, "sara", "INBOX", n, 2*time.Minute) {
		if !bytes.HasSuffix(got, []byte(body+"\r\n")) {
			t.Errorf("arrived: %.700q", got)
		}
		if !bytes.Contains(got, []byte("Received: from [127.0.0.1]")) {
			t.Errorf("the trace says more of this computer than it need: %q", got)
		}
	}
}

func TestPostfixRefusals(t *testing.T) {
	r := start(t, mailtest.PostfixOptions{SizeLimit: 20_000})
	for _, port := range []int{r.m.Port465, r.m.Port587, r.m.Port25} {
		cfg := r.config(port, map[int]mail.Security{r.m.Port465: mail.SecurityTLS, r.m.Port587: mail.SecuritySTARTTLS, r.m.Port25: mail.SecurityNone}[port])
		cfg.Password = "falsch-geheim"
		_, err := smtp.Dial(t.Context(), cfg)
		if e := remote.As(err); e == nil || e.Kind != mail.ProblemAuth || !e.Permanent || e.Code != 535 || e.Step != "login" {
			t.Errorf("a wrong password gives %v", err)
		}
	}
	c := open(t, r.config(r.m.Port465, mail.SecurityTLS))
	env := remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{"nobody@peyk.test", r.m.Address("sara"), "x@outside.example"}}
	receipt := send(t, c, env, "Subject: partly\r\n\r\n")
	if len(receipt.Accepted) != 1 || receipt.Accepted[0] != r.m.Address("sara") || len(receipt.Refused) != 2 {
		t.Fatalf("%+v", receipt)
	}
	if e := receipt.Refused["nobody@peyk.test"]; e == nil || e.Code != 550 || !e.Permanent || !strings.Contains(e.Text, "5.1.1") {
		t.Errorf("%v", e)
	}
	_, err := c.Send(t.Context(), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{"nobody@peyk.test"}}, strings.NewReader("x"))
	if e := remote.As(err); e == nil || e.Code != 550 || e.Closed || e.Uncertain {
		t.Errorf("only refusals give %v", err)
	}
	big := strings.Repeat("0123456789\r\n", 3000)
	_, err = c.Send(t.Context(), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}, Size: int64(len(big))}, strings.NewReader(big))
	if e := remote.As(err); e == nil || !e.Permanent || !strings.Contains(err.Error(), "at most 19 KB") || e.Why != mail.CodeTooBig || len(e.Args) != 2 {
		t.Errorf("too large gives %v", err)
	}
	// A server that learns the size only at the end refuses there; the session lives on.
	_, err = c.Send(t.Context(), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, strings.NewReader(big))
	if e := remote.As(err); e == nil || e.Code != 552 || e.Uncertain || e.Closed {
		t.Errorf("too large unannounced gives %v", err)
	}
	for _, bad := range []string{"a@b>\r\nRCPT TO:<c@d", "a b@c", "<a@b>", ""} {
		_, err = c.Send(t.Context(), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{bad}}, strings.NewReader("x"))
		if e := remote.As(err); e == nil || e.Code != 0 || !e.Permanent || e.Closed {
			t.Errorf("the recipient %q gives %v", bad, err)
		}
	}
	if receipt := send(t, c, remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, "Subject: after\r\n\r\n"); len(receipt.Accepted) != 1 {
		t.Errorf("%+v", receipt)
	}
	mailtest.WaitMessages(t, r.d, "sara", "INBOX", 2, 2*time.Minute)
}

func TestPostfixSMTPUTF8(t *testing.T) {
	r := start(t, mailtest.PostfixOptions{Aliases: map[string]string{"سارا@peyk.test": "sara"}})
	c := open(t, r.config(r.m.Port465, mail.SecurityTLS))
	if !c.Capabilities().UTF8 {
		t.Fatal("this Postfix has no SMTPUTF8")
	}
	send(t, c, remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{"سارا@peyk.test"}}, "From: ali@peyk.test\r\nTo: سارا@peyk.test\r\nSubject: سلام\r\n\r\n")
	got := mailtest.WaitMessages(t, r.d, "sara", "INBOX", 1, 2*time.Minute)
	if !bytes.Contains(got[0], []byte("To: سارا@peyk.test")) {
		t.Errorf("%q", got)
	}
	// A domain of other letters needs no extension: it has an ASCII form.
	_, err := c.Send(t.Context(), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{"x@bücher.example"}}, strings.NewReader("x"))
	if e := remote.As(err); e == nil || e.Code != 554 || !strings.Contains(e.Text, "xn--bcher-kva") {
		t.Errorf("%v", err)
	}

	r = start(t, mailtest.PostfixOptions{NoUTF8: true})
	c = open(t, r.config(r.m.Port465, mail.SecurityTLS))
	_, err = c.Send(t.Context(), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{"سارا@peyk.test"}}, strings.NewReader("x"))
	if e := remote.As(err); e == nil || !e.Permanent || !strings.Contains(err.Error(), "SMTPUTF8") {
		t.Errorf("%v", err)
	}
}

func TestPostfixWithoutSTARTTLS(t *testing.T) {
	r := start(t, mailtest.PostfixOptions{NoSTARTTLS: true})
	_, err := smtp.Dial(t.Context(), r.config(r.m.Port25, mail.SecuritySTARTTLS))
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemPlaintext || !strings.Contains(err.Error(), "does not offer STARTTLS") {
		t.Errorf("%v", err)
	}
	cfg := r.config(r.m.Port25, mail.SecurityNone)
	cfg.Server.Auth = mail.AuthPlain
	_, err = smtp.Dial(t.Context(), cfg)
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemPlaintext {
		t.Errorf("%v", err)
	}
	cfg.Server.AllowPlaintext = true
	send(t, open(t, cfg), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, "Subject: allowed\r\n\r\n")
	cfg.Server.Auth, cfg.Server.AllowPlaintext = mail.AuthNone, false
	send(t, open(t, cfg), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, "Subject: no login\r\n\r\n")
	mailtest.WaitMessages(t, r.d, "sara", "INBOX", 2, 2*time.Minute)
}

// TestPostfixCertificate: encryption that nobody asked for is given up rather than trusted blindly, and only where the
// settings allow plaintext anyway.
func TestPostfixCertificate(t *testing.T) {
	r := start(t, mailtest.PostfixOptions{Cert: mailtest.Expired})
	for _, c := range []struct {
		port int
		sec  mail.Security
	}{{r.m.Port465, mail.SecurityTLS}, {r.m.Port587, mail.SecuritySTARTTLS}, {r.m.Port25, mail.SecurityNone}} {
		_, err := smtp.Dial(t.Context(), r.config(c.port, c.sec))
		if e := remote.As(err); e == nil || e.Kind != mail.ProblemCertificate || e.Cert == nil || !strings.Contains(e.Cert.Reason, "expired") {
			t.Errorf("%+v: %v", c, err)
		}
	}
	cfg := r.config(r.m.Port25, mail.SecurityNone)
	cfg.Server.Auth = mail.AuthNone
	if got := open(t, cfg).Security(); got != "not encrypted" {
		t.Error(got)
	}
	cfg = r.config(r.m.Port587, mail.SecuritySTARTTLS)
	cfg.Server.PinnedSHA256 = mailtest.Fingerprint(t, mailtest.Expired)
	open(t, cfg)
}

// TestBrokenSourceSendsNothing: when the message cannot be read to its end, no half of it may arrive.
func TestBrokenSourceSendsNothing(t *testing.T) {
	r := start(t, mailtest.PostfixOptions{})
	c := open(t, r.config(r.m.Port465, mail.SecurityTLS))
	broken := errors.New("disk failure")
	body := io.MultiReader(strings.NewReader("Subject: half\r\n\r\n"), iotest.ErrReader(broken))
	_, err := c.Send(t.Context(), remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, body)
	if e := remote.As(err); e == nil || e.Uncertain || !e.Closed || !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	c = open(t, r.config(r.m.Port465, mail.SecurityTLS))
	ctx, cancel := context.WithCancel(t.Context())
	_, err = c.Send(ctx, remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, io.MultiReader(strings.NewReader("Subject: half\r\n\r\n"), cancels{cancel}))
	if e := remote.As(err); e == nil || e.Uncertain || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	c = open(t, r.config(r.m.Port465, mail.SecurityTLS))
	send(t, c, remote.Envelope{From: r.m.Address("ali"), Rcpt: []string{r.m.Address("sara")}}, "Subject: whole\r\n\r\n")
	if got := mailtest.WaitMessages(t, r.d, "sara", "INBOX", 1, 2*time.Minute); !bytes.Contains(got[0], []byte("whole")) {
		t.Errorf("%q", got)
	}
}

// cancels is a message whose sending is cancelled while it is read; it goes on so that the write notices.
type cancels struct{ cancel func() }

func (c cancels) Read(p []byte) (int, error) {
	c.cancel()
	return copy(p, strings.Repeat("x\r\n", 1000)), nil
}
