package smtp_test

import (
	"fmt"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/accounts/smtp"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A server that sends without end, in whatever phase, is left within a few megabytes, and the error says where and during what.
func TestFloods(t *testing.T) {
	login := func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n")
	}
	const size = 6 // of the message, in bytes
	// upTo plays a session as far as the answer to the nth of its commands.
	upTo := func(n int, then func(c *mailtest.ScriptConn)) func(c *mailtest.ScriptConn) {
		return func(c *mailtest.ScriptConn) {
			login(c)
			c.Answer("AUTH PLAIN", "235 in\r\n")
			for i, verb := range []string{"MAIL", "RCPT", "DATA", ""} {
				if i == n {
					if verb != "" {
						c.Expect(verb)
					} else {
						untilDot(c)
					}
					then(c)
					return
				}
				c.Answer(verb, map[string]string{"MAIL": "250 ok\r\n", "RCPT": "250 ok\r\n", "DATA": "354 go\r\n"}[verb])
			}
		}
	}
	for name, tc := range map[string]struct {
		step      string
		play      func(c *mailtest.ScriptConn)
		auth      mail.AuthMethod
		uncertain bool
	}{
		"greeting without end": {"greeting", mailtest.Forever("220 ", "x"), "", false},
		"greeting of lines":    {"greeting", mailtest.Forever("", "220-more\r\n"), "", false},
		"extensions without end": {"greeting", func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Expect("EHLO")
			mailtest.Forever("", "250-X-MORE\r\n")(c)
		}, "", false},
		"an extension without end": {"greeting", func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Expect("EHLO")
			mailtest.Forever("250-AUTH ", "PLAIN ")(c)
		}, "", false},
		"challenges without end": {"login", func(c *mailtest.ScriptConn) { login(c); c.Expect("AUTH"); mailtest.Forever("", "334 YWJj\r\n")(c) }, mail.AuthCRAMMD5, false},
		"challenges, to LOGIN": {"login", func(c *mailtest.ScriptConn) {
			login(c)
			c.Expect("AUTH")
			mailtest.Forever("", "334 VXNlcm5hbWU6\r\n")(c)
		}, mail.AuthLogin, false},
		"a challenge without end":      {"login", func(c *mailtest.ScriptConn) { login(c); c.Expect("AUTH"); mailtest.Forever("334 ", "YWJj")(c) }, mail.AuthPlain, false},
		"MAIL answered without end":    {"mail ali@peyk.test", upTo(0, mailtest.Forever("250 ", "x")), "", false},
		"RCPT answered without end":    {"rcpt sara@peyk.test", upTo(1, mailtest.Forever("", "250-more\r\n")), "", false},
		"RCPT refused without end":     {"rcpt sara@peyk.test", upTo(1, mailtest.Forever("550 ", "x")), "", false},
		"DATA answered without end":    {"data", upTo(2, mailtest.Forever("354 ", "x")), "", false},
		"the dot answered without end": {"data", upTo(3, mailtest.Forever("250 ", "x")), "", true},
		"the dot refused without end":  {"data", upTo(3, mailtest.Forever("", "554-more\r\n")), "", true},
	} {
		t.Run(name, func(t *testing.T) {
			s, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, tc.play)
			cfg.Server.TimeoutSeconds, cfg.Server.Auth = 20, tc.auth
			var err error
			peak, held := mailtest.Peak(func() {
				var c *smtp.Client
				if c, err = smtp.Dial(t.Context(), cfg); err == nil {
					e := env
					e.Size = size
					_, err = c.Send(t.Context(), e, strings.NewReader("x\r\n\r\nx"))
					c.Close()
				}
			})
			e := remote.As(err)
			// Of challenges one too many is asked, or one comes before its turn.
			if e == nil || e.Kind != mail.ProblemProtocol && !(e.Kind == mail.ProblemAuth && strings.HasPrefix(name, "challenges")) || !e.Closed || e.Uncertain != tc.uncertain || e.Step != tc.step || e.Host != fmt.Sprintf("127.0.0.1:%d", s.Port) {
				t.Errorf("no clear error: %#v", e)
			}
			if peak > 8<<20 || held > 4<<20 || len(fmt.Sprint(err)) > 600 {
				t.Errorf("%d KB at the most, %d KB afterwards, %d bytes of error", peak>>10, held>>10, len(err.Error()))
			}
			t.Logf("%d KB at the most, %d KB afterwards: %v", peak>>10, held>>10, err)
		})
	}
}
