package smtp_test

import (
	"io"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/accounts/smtp"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

func scripted(t *testing.T, cert mailtest.Cert, sec mail.Security, play func(c *mailtest.ScriptConn)) (*mailtest.Script, smtp.Config) {
	t.Helper()
	s := mailtest.StartScript(t, cert, play)
	return s, smtp.Config{Password: "geheim", Server: mail.Server{Host: "127.0.0.1", Port: s.Port, Security: sec,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 10}}
}

// ready lets ali in and takes one recipient.
func ready(c *mailtest.ScriptConn) {
	c.Send("220 x\r\n")
	c.Answer("EHLO [127.0.0.1]", "250-x\r\n250 AUTH PLAIN\r\n")
	c.Answer("AUTH PLAIN ", "235 ok\r\n")
	c.Answer("MAIL FROM:<ali@peyk.test>", "250 ok\r\n")
	c.Answer("RCPT TO:<sara@peyk.test>", "250 ok\r\n")
}

var env = remote.Envelope{From: "ali@peyk.test", Rcpt: []string{"sara@peyk.test"}}

func TestLostReplies(t *testing.T) {
	for name, c := range map[string]struct {
		play      func(c *mailtest.ScriptConn)
		uncertain bool
		permanent bool
		code      int
	}{
		"gone after the final dot": {func(c *mailtest.ScriptConn) { ready(c); c.Answer("DATA", "354 go\r\n"); untilDot(c) }, true, false, 0},
		"reset after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Reset()
		}, true, false, 0},
		"nonsense after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("what?\r\n")
			c.Drain()
		}, true, false, 0},
		"asked to go on after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("354 go on\r\n")
			c.Drain()
		}, true, false, 354},
		"answered before the final dot": {func(c *mailtest.ScriptConn) { ready(c); c.Answer("DATA", "354 go\r\n250 ok\r\n"); c.Drain() }, false, false, 0},
		"refused before the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n552 too much\r\n")
			c.Drain()
		}, false, true, 552},
		"every answer twice":        {func(c *mailtest.ScriptConn) { ready(c); c.Answer("DATA", "250 ok\r\n354 go\r\n"); c.Drain() }, false, false, 250},
		"one answer with two codes": {func(c *mailtest.ScriptConn) { ready(c); c.Answer("DATA", "354-go\r\n250 ok\r\n"); c.Drain() }, false, false, 0},
		"a code that does not exist after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("650 no\r\n")
			c.Drain()
		}, true, false, 650},
		"two codes after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("250-ok\r\n554 no\r\n")
			c.Drain()
		}, true, false, 0},
		"refused after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("554 5.7.1 spam geheim\r\n")
			c.Drain()
		}, false, true, 554},
		"later after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("451 4.3.0 later\r\n")
			c.Drain()
		}, false, false, 451},
		"closing after the final dot": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("421 bye\r\n")
		}, false, false, 421},
		"gone at DATA": {func(c *mailtest.ScriptConn) { ready(c); c.Expect("DATA") }, false, false, 0},
		"refused at DATA": {func(c *mailtest.ScriptConn) {
			ready(c)
			c.Answer("DATA", "554 no\r\n")
			c.Answer("RSET", "250 ok\r\n")
			c.Drain()
		}, false, true, 554},
		"gone at RCPT": {func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
			c.Answer("AUTH", "235 ok\r\n")
			c.Answer("MAIL", "250 ok\r\n")
		}, false, false, 0},
	} {
		_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, c.play)
		client := open(t, cfg)
		_, err := client.Send(t.Context(), env, strings.NewReader("Subject: x\r\n\r\nbody\r\n"))
		e := remote.As(err)
		if e == nil || e.Uncertain != c.uncertain || e.Permanent != c.permanent || e.Code != c.code {
			t.Errorf("%s: %+v", name, e)
			continue
		}
		if e.Uncertain && !e.Closed || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestGoneBeforeTheFinalDot: what was not ended by a dot was not sent.
func TestGoneBeforeTheFinalDot(t *testing.T) {
	gone := make(chan struct{})
	_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
		ready(c)
		c.Answer("DATA", "354 go\r\n")
		c.Reset()
		close(gone)
	})
	_, err := open(t, cfg).Send(t.Context(), env, io.MultiReader(strings.NewReader("Subject: x\r\n\r\nbody\r\n"), after(gone)))
	if e := remote.As(err); e == nil || e.Uncertain || e.Permanent || !e.Closed {
		t.Errorf("%+v", e)
	}
}

// after ends when something has happened.
type after <-chan struct{}

func (a after) Read([]byte) (int, error) {
	<-a
	return 0, io.EOF
}

// TestOtherSuccesses: a success is one by its first digit. Taken for a failure, the message would be sent again.
func TestOtherSuccesses(t *testing.T) {
	_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
		c.Answer("AUTH", "235 ok\r\n")
		for range 2 {
			c.Answer("MAIL", "200 fine\r\n")
			c.Answer("RCPT", "252 will try\r\n")
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("251-2.0.0 taken\r\n251 2.0.0 as 7\r\n")
		}
		c.Drain()
	})
	client := open(t, cfg)
	for range 2 {
		r, err := client.Send(t.Context(), env, strings.NewReader("Subject: x\r\n\r\nbody\r\n"))
		if err != nil || len(r.Accepted) != 1 || !strings.Contains(r.Reply, "as 7") {
			t.Errorf("%+v, %v", r, err)
		}
	}
}

func untilDot(c *mailtest.ScriptConn) {
	for {
		if line, ok := c.Line(); !ok || line == "." {
			return
		}
	}
}

// TestServerThatWantsEncryption: whoever is logged in already is not told to log in.
func TestServerThatWantsEncryption(t *testing.T) {
	for said, kind := range map[string]mail.ProblemKind{
		"530 5.7.0 Must issue a STARTTLS command first": mail.ProblemConfig,
		"538 5.7.11 Encryption required":                mail.ProblemConfig,
		"530 5.7.0 Authentication required":             mail.ProblemAuth,
	} {
		_, cfg := scripted(t, "", mail.SecurityNone, func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n") // without encryption it is asked twice
			c.Answer("AUTH", "235 ok\r\n")
			c.Answer("MAIL", said, "\r\n")
			for {
				if _, ok := c.Line(); !ok {
					return
				}
				c.Send("250 ok\r\n") // RSET, QUIT
			}
		})
		cfg.Server.AllowPlaintext = true
		_, err := open(t, cfg).Send(t.Context(), env, strings.NewReader("x"))
		if e := remote.As(err); e == nil || !e.Permanent || e.Kind != kind || (e.Why == mail.CodeNeedsLogin) != (kind == mail.ProblemAuth) {
			t.Errorf("%s: %v", said, err)
		}
	}
}

func TestTemporaryAndOldServers(t *testing.T) {
	_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Answer("EHLO", "502 what?\r\n")
		c.Answer("HELO", "250 x\r\n")
		c.Answer("MAIL FROM:<ali@peyk.test>", "250 ok\r\n")
		c.Answer("RCPT", "450 later\r\n")
		c.Answer("RSET", "250 ok\r\n")
		c.Drain()
	})
	cfg.Server.Auth = mail.AuthNone
	_, err := open(t, cfg).Send(t.Context(), env, strings.NewReader("x"))
	if e := remote.As(err); e == nil || e.Permanent || e.Code != 450 {
		t.Errorf("%v", err)
	}
	_, cfg = scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Answer("EHLO", "250-x\r\n250 AUTH=LOGIN\r\n")
		c.Answer("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n")
		c.Answer("YWxp", "334 UGFzc3dvcmQ6\r\n")
		c.Answer("Z2VoZWlt", "454 4.7.0 later\r\n")
		c.Drain()
	})
	_, err = smtp.Dial(t.Context(), cfg)
	if e := remote.As(err); e == nil || e.Permanent || e.Code != 454 || e.Kind == mail.ProblemAuth {
		t.Errorf("%v", err)
	}
	_, cfg = scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Answer("EHLO", "250-x\r\n250 AUTH XOAUTH2\r\n")
		c.Answer("AUTH XOAUTH2 ", "334 eyJzdGF0dXMiOiI0MDEifQ==\r\n")
		c.Answer("", "535 5.7.8 bad token\r\n")
		c.Drain()
	})
	cfg.Server.Auth = mail.AuthXOAUTH2
	_, err = smtp.Dial(t.Context(), cfg)
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemAuth || e.Code != 535 {
		t.Errorf("%v", err)
	}
}
