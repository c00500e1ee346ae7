package pop3_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"peyk/accounts/pop3"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

func config(d *mailtest.Server) pop3.Config {
	return pop3.Config{Password: d.Password("ali"), Server: mail.Server{Host: "127.0.0.1", Port: d.POP3SPort,
		Security: mail.SecurityTLS, Username: "ali", CAFile: d.CAFile, TimeoutSeconds: 30}}
}

func open(t *testing.T, cfg pop3.Config) *pop3.Client {
	t.Helper()
	c, err := pop3.Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func list(t *testing.T, c *pop3.Client) []remote.Drop {
	t.Helper()
	drops, err := c.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return drops
}

func fetch(t *testing.T, c *pop3.Client, drops []remote.Drop) [][]byte {
	t.Helper()
	var out [][]byte
	err := c.Retrieve(t.Context(), drops, func(d remote.Drop, body io.Reader) error {
		if d != drops[len(out)] {
			t.Errorf("message %d came as number %d", len(out), d.Number)
		}
		b, err := io.ReadAll(body)
		out = append(out, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestLogins(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	for _, sec := range []mail.Security{mail.SecurityTLS, mail.SecuritySTARTTLS} {
		for _, auth := range []mail.AuthMethod{mail.AuthAuto, mail.AuthPlain, mail.AuthLogin, mail.AuthCRAMMD5, mail.AuthSCRAMSHA256} {
			cfg := config(d)
			cfg.Server.Auth, cfg.Server.Security = auth, sec
			if sec == mail.SecuritySTARTTLS {
				cfg.Server.Port = d.POP3Port
			}
			c, err := pop3.Dial(t.Context(), cfg)
			if err != nil {
				t.Errorf("%s %s: %v", sec, auth, err)
				continue
			}
			if caps := c.Capabilities(); !caps.UIDL || !caps.Top || !caps.Pipelining || c.Security() != "TLS 1.3" || c.BytesIn() == 0 {
				t.Errorf("%s %s: %+v %s", sec, auth, caps, c.Security())
			}
			c.Close()

			cfg.Password = "wrong-geheim"
			_, err = pop3.Dial(t.Context(), cfg)
			e := remote.As(err)
			if e == nil || e.Kind != mail.ProblemAuth || !e.Permanent || e.Step != "login" || !strings.Contains(e.Advice, "password") {
				t.Errorf("%s %s: a wrong password gives %v", sec, auth, err)
			}
			if err != nil && strings.Contains(err.Error(), "geheim") {
				t.Errorf("the error shows the password: %v", err)
			}
		}
	}
}

func TestNoPasswordInPlaintext(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{Mechanisms: "plain login"})
	cfg := config(d)
	cfg.Server.Security, cfg.Server.Port = mail.SecurityNone, d.POP3Port
	_, err := pop3.Dial(t.Context(), cfg)
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemPlaintext {
		t.Fatalf("a login without encryption gives %v", err)
	}
	cfg.Server.AllowPlaintext = true
	open(t, cfg)
}

// TestExactBytes: what is on the server is what comes, dots, 8-bit bytes, long lines and missing last line ends included.
func TestExactBytes(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	msgs := [][]byte{
		[]byte("Subject: dots\r\n\r\n.\r\n..\r\n.x\r\n...\r\n"),
		[]byte("Subject: bytes\r\n\r\n\x00\x01\xff\xfe\r\n"),
		[]byte("Subject: long\r\n\r\n" + strings.Repeat("x", 300_000) + "\r\n.end\r\n"),
		[]byte("Subject: none\r\n\r\n"),
		[]byte("Subject: no header end\r\n"),
		bytes.Repeat([]byte("Subject: 3 MB\r\n\r\n"), 180_000),
	}
	d.Deliver("ali", msgs...)
	c := open(t, config(d))
	drops := list(t, c)
	got := fetch(t, c, drops)
	if len(got) != len(msgs) {
		t.Fatalf("%d messages", len(got))
	}
	for i := range msgs {
		if !bytes.Equal(got[i], msgs[i]) {
			t.Errorf("message %d: %d bytes, want %d: %.60q", i+1, len(got[i]), len(msgs[i]), got[i])
		}
		if drops[i].UIDL == "" || drops[i].Size != int64(len(msgs[i])) {
			t.Errorf("drop %+v", drops[i])
		}
	}
	top, err := c.Top(t.Context(), drops[2], 0)
	if err != nil || string(top) != "Subject: long\r\n\r\n" {
		t.Errorf("TOP gives %q %v", top, err)
	}
	// One that is gone does not keep the others from coming.
	n := 0
	err = c.Retrieve(t.Context(), []remote.Drop{drops[0], {Number: 99}, drops[3]}, func(_ remote.Drop, body io.Reader) error {
		n++
		return nil // not read: the session must find the next answer by itself
	})
	if e := remote.As(err); e == nil || e.Closed || n != 2 || e.Step != "retr 99" {
		t.Errorf("%d messages, %v", n, err)
	}
	if got := fetch(t, c, drops[:2]); len(got) != 2 || !bytes.Equal(got[1], msgs[1]) {
		t.Error("the session is out of step after a refusal")
	}
}

func TestThousandsPipelined(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	const n = 3000
	var msgs [][]byte
	for i := range n {
		msgs = append(msgs, fmt.Appendf(nil, "Subject: %d\r\n\r\n%s\r\n", i, strings.Repeat("body ", i%200)))
	}
	d.Deliver("ali", msgs...)
	c := open(t, config(d))
	drops := list(t, c)
	if len(drops) != n {
		t.Fatalf("%d drops", len(drops))
	}
	got := fetch(t, c, drops)
	for i := range got {
		if !bytes.Equal(got[i], msgs[i]) {
			t.Fatalf("message %d differs: %.60q", i, got[i])
		}
	}
	if _, err := c.Delete(t.Context(), drops[:n-1]); err != nil {
		t.Fatal(err)
	}
	if err := c.Quit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := d.Messages("ali", "INBOX"); len(left) != 1 || !bytes.Equal(left[0], msgs[n-1]) {
		t.Errorf("%d messages are left", len(left))
	}
}

// TestOnlyQuitCommits: every other end of the session leaves the mail where it is.
func TestOnlyQuitCommits(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", []byte("Subject: a\r\n\r\n"), []byte("Subject: b\r\n\r\n"))
	var first []remote.Drop
	for name, finish := range map[string]func(*pop3.Client){
		"close":   func(c *pop3.Client) { c.Close() },
		"cancel":  func(c *pop3.Client) { ctx, cancel := context.WithCancel(t.Context()); cancel(); c.List(ctx) },
		"nothing": func(*pop3.Client) { d.Stop(); d.Start() },
	} {
		c := open(t, config(d))
		drops := list(t, c)
		if first == nil {
			first = drops
		}
		fetch(t, c, drops)
		if _, err := c.Delete(t.Context(), drops); err != nil {
			t.Fatal(err)
		}
		finish(c)
		if left := d.Messages("ali", "INBOX"); len(left) != 2 {
			t.Fatalf("%s: %d messages are left", name, len(left))
		}
	}
	c := open(t, config(d))
	drops := list(t, c)
	if drops[0].UIDL != first[0].UIDL || drops[1].UIDL != first[1].UIDL {
		t.Errorf("the identifiers changed: %v, %v", first, drops)
	}
	if _, err := c.Delete(t.Context(), append(drops[:1:1], remote.Drop{Number: 77})); err == nil || remote.As(err).Closed {
		t.Errorf("deleting what is not there gives %v", err)
	}
	if err := c.Quit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Quit(t.Context()); err == nil {
		t.Error("a second Quit succeeds")
	}
	if left := d.Messages("ali", "INBOX"); len(left) != 1 || string(left[0]) != "Subject: b\r\n\r\n" {
		t.Errorf("left: %q", left)
	}
}

func TestCloseFromElsewhere(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", bytes.Repeat([]byte("Subject: big\r\n\r\n"), 500_000))
	c := open(t, config(d))
	drops := list(t, c)
	err := c.Retrieve(t.Context(), drops, func(_ remote.Drop, body io.Reader) error {
		if _, err := io.ReadFull(body, make([]byte, 10)); err != nil {
			return err
		}
		done := make(chan struct{})
		go func() { c.Close(); close(done) }()
		<-done
		_, err := io.Copy(io.Discard, body)
		return err
	})
	if e := remote.As(err); e == nil || !e.Closed {
		t.Errorf("the read went on: %v", err)
	}
}

// The listing that is asked for along with the login is there for the first List, whatever comes before it; the second asks anew.
func TestListingWithTheLogin(t *testing.T) {
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", []byte("Subject: 1\r\n\r\none\r\n"), []byte("Subject: 2\r\n\r\ntwo\r\n"))
	cfg := config(d)
	cfg.Start.List = true
	for name, auth := range map[string]mail.AuthMethod{"plain": mail.AuthPlain, "login": mail.AuthLogin, "cram": mail.AuthCRAMMD5} {
		t.Run(name, func(t *testing.T) {
			p := mailtest.StartTurnProxy(t, d.POP3SPort)
			cfg := cfg
			cfg.Server.Auth, cfg.Server.Port = auth, p.Port()
			c := open(t, cfg)
			drops := list(t, c)
			if again := list(t, c); len(drops) != 2 || len(again) != 2 || again[1] != drops[1] {
				t.Errorf("listed %v, then %v", drops, again)
			}
			c.Close()
			// TCP, TLS, greeting, CAPA, login with the listing, the second listing. Where the login takes challenges, the first
			// listing follows them.
			if n := p.Turns(); name == "plain" && n != 6 || n > 9 {
				t.Errorf("%d round trips", n)
			}
		})
	}
	c := open(t, cfg)
	if head, err := c.Top(t.Context(), remote.Drop{Number: 2}, 0); err != nil || !strings.Contains(string(head), "Subject: 2") {
		t.Errorf("%q, %v", head, err)
	}
	drops := list(t, c)
	if _, err := c.Delete(t.Context(), drops[:1]); err != nil {
		t.Fatal(err)
	}
	if err := c.Quit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := list(t, open(t, cfg)); len(left) != 1 || left[0].UIDL != drops[1].UIDL {
		t.Errorf("left: %v", left)
	}
	cfg.Password = "wrong"
	if _, err := pop3.Dial(t.Context(), cfg); remote.As(err) == nil || remote.As(err).Kind != mail.ProblemAuth {
		t.Errorf("a wrong password: %v", err)
	}
}
