package pop3

import (
	"context"
	"strings"
	"testing"

	"peyk/accounts/hint"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// With what was learnt of a Dovecot the login, the capabilities and the listing take one round trip; with STARTTLS too. Nothing is learnt
// of servers that may lose what comes behind a login.
func TestHintOnServers(t *testing.T) {
	for _, s := range []struct {
		name  string
		start func(t *testing.T) mailtest.Reach
		learn int
	}{
		{"Dovecot", func(t *testing.T) mailtest.Reach { return mailtest.StartDovecot(t, mailtest.DovecotOptions{}).Reach() }, 1},
		{"Cyrus", func(t *testing.T) mailtest.Reach { return mailtest.StartCyrus(t, mailtest.CyrusOptions{}) }, 0},
		{"Courier", func(t *testing.T) mailtest.Reach { return mailtest.StartCourier(t) }, 0},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.start(t)
			for _, sec := range []mail.Security{mail.SecurityTLS, mail.SecuritySTARTTLS} {
				port, most := r.POP3SPort, 4
				if sec == mail.SecuritySTARTTLS {
					port, most = r.POP3Port, 5
				}
				p := mailtest.StartTurnProxy(t, port)
				hint, learnt := "", 0
				session := func() (turns int) {
					c, err := Dial(t.Context(), Config{Password: r.Users["ali"], Server: mail.Server{Host: "localhost", Port: p.Port(), Security: sec,
						Username: "ali", CAFile: r.CAFile, TimeoutSeconds: 20},
						Start: remote.Start{List: true, Hint: hint, Learn: func(h string) { hint, learnt = h, learnt+1 }}})
					if err != nil {
						t.Fatal(err)
					}
					if _, err := c.List(t.Context()); err != nil || !c.Capabilities().UIDL || !c.Capabilities().Top || s.learn > 0 && len(c.Capabilities().SASL) == 0 || !c.w.conn.Encrypted() {
						t.Errorf("%s: %+v, %v", sec, c.Capabilities(), err)
					}
					c.Close()
					return p.Turns()
				}
				first, second := session(), session()
				if learnt != s.learn || s.learn > 0 && (second >= first || second > most) || s.learn == 0 && second != first {
					t.Errorf("%s: %d round trips, then %d (at most %d); learnt %d times: %s", sec, first, second, most, learnt, hint)
				}
			}
		})
	}
}

// hinted is a server of which something was learnt in a first session, and which plays something else in those after it.
type hinted struct {
	cfg            Config
	script         *mailtest.Script
	hint           string
	mailtest.Heard // since the hint was learnt
}

const capaLines = "+OK\r\nUIDL\r\nTOP\r\nUSER\r\nSASL PLAIN\r\nPIPELINING\r\n.\r\n"

// lets plays a server that lets everybody in and has one message.
func lets(c *mailtest.ScriptConn, note func(string)) {
	c.Send("+OK Dovecot ready.\r\n")
	for {
		line, ok := c.Line()
		if !ok {
			return
		}
		note(line)
		switch word, _, _ := strings.Cut(line, " "); word {
		case "CAPA":
			c.Send(capaLines)
		case "STAT":
			c.Send("+OK 1 10\r\n")
		case "LIST":
			c.Send("+OK\r\n1 10\r\n.\r\n")
		case "UIDL":
			c.Send("+OK\r\n1 one\r\n.\r\n")
		default:
			c.Send("+OK\r\n")
		}
	}
}

func newHinted(t *testing.T, play func(h *hinted, c *mailtest.ScriptConn)) *hinted {
	t.Helper()
	h := &hinted{}
	h.script = mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		if c.N == 1 {
			lets(c, func(string) {})
		} else {
			play(h, c)
		}
	})
	h.cfg = Config{Password: "geheim", Server: mail.Server{Host: "localhost", Port: h.script.Port, Security: mail.SecurityTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 5}}
	if err := h.session(t); err != nil || h.hint == "" {
		t.Fatalf("nothing was learnt: %v", err)
	}
	return h
}

func (h *hinted) session(t *testing.T) error {
	cfg := h.cfg
	cfg.Start = remote.Start{List: true, Hint: h.hint, Learn: func(s string) { h.hint = s }}
	c, err := Dial(context.Background(), cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	if drops, err := c.List(t.Context()); err != nil || len(drops) != 1 || drops[0].UIDL == "" && c.Capabilities().UIDL {
		t.Errorf("%v, %v", drops, err)
	}
	return nil
}

// A server that lost what it had is worked with as it is now.
func TestHintOutOfDate(t *testing.T) {
	h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
		c.Send("+OK Dovecot ready.\r\n")
		c.Answer("AUTH PLAIN ", "+OK\r\n")
		c.Answer("CAPA", "+OK\r\nTOP\r\n.\r\n")
		c.Answer("STAT", "+OK 1 10\r\n")
		c.Answer("LIST", "+OK\r\n1 10\r\n.\r\n")
		c.Answer("UIDL", "-ERR what is that\r\n")
		c.Drain()
	})
	cfg := h.cfg
	cfg.Start = remote.Start{List: true, Hint: h.hint}
	c, err := Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	drops, err := c.List(t.Context())
	if caps := c.Capabilities(); err != nil || len(drops) != 1 || drops[0].UIDL != "" || caps.UIDL || caps.Pipelining || !caps.Top {
		t.Errorf("%v, %v; believes the hint rather than the server: %+v", drops, err, caps)
	}
}

// Sessions that fail with a hint are begun again without it, once, and for a while the next ones are too.
func TestHintThatFails(t *testing.T) {
	for name, answers := range map[string]string{
		"hangs up":                 "",
		"loses what is behind":     "+OK\r\n",
		"wants the password later": "+ \r\n",
		"says no without a reason": "-ERR go away\r\n",
		"has no CAPA behind":       "+OK\r\n-ERR unknown\r\n-ERR unknown\r\n-ERR unknown\r\n-ERR unknown\r\n",
		"says something else":      "* OK\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
				if c.N > 2 {
					lets(c, h.Note)
					return
				}
				c.Send("+OK Dovecot ready.\r\n")
				if c.Line(); answers == "" {
					c.Reset()
					return
				}
				c.Send(answers)
				c.Drain()
			})
			if err := h.session(t); err != nil {
				t.Fatal(err)
			}
			if got := hint.Read[offers](h.hint); got.Wait != hint.Rest-1 || len(h.Said("CAPA")) != 1 {
				t.Errorf("the next one would be hasty again: %+v, %q", got, h.Lines())
			}
			if err := h.session(t); err != nil || len(h.Said("AUTH")) != 2 || len(h.Said("CAPA")) != 2 {
				t.Errorf("%v, %q", err, h.Lines())
			}
		})
	}
}

// A refused login is told at once: the password is not tried twice.
func TestHintRefusedLogin(t *testing.T) {
	for answer, kind := range map[string]mail.ProblemKind{"-ERR [AUTH] wrong\r\n": mail.ProblemAuth, "-ERR [IN-USE] busy\r\n": mail.ProblemServer} {
		h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
			c.Send("+OK Dovecot ready.\r\n")
			for {
				line, ok := c.Line()
				if !ok {
					return
				}
				if h.Note(line); strings.HasPrefix(line, "AUTH") {
					c.Send(answer)
				} else {
					c.Send("-ERR log in first\r\n")
				}
			}
		})
		err := h.session(t)
		if e := remote.As(err); e == nil || e.Kind != kind || !e.Closed || strings.Contains(err.Error(), "geheim") || len(h.Said("AUTH")) != 1 {
			t.Errorf("%v after %q", err, h.Lines())
		}
	}
}

// A hint is for one server, user and certificate, and not for ever; and the greeting is awaited whatever it says.
func TestHintIsForOne(t *testing.T) {
	for name, edit := range map[string]func(h *hinted){
		"another user":   func(h *hinted) { h.cfg.Server.Username = "sara" },
		"another method": func(h *hinted) { h.cfg.Server.Auth = mail.AuthPlain },
		"spoilt":         func(h *hinted) { h.hint = h.hint[:len(h.hint)/2] },
		"waiting":        func(h *hinted) { h.hint = strings.Replace(h.hint, "}", `,"wait":3}`, 1) },
		"old":            func(h *hinted) { h.hint = strings.Replace(h.hint, `"week":`, `"week":1`, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) { lets(c, h.Note) })
			edit(h)
			if err := h.session(t); err != nil {
				t.Fatal(err)
			}
			if told := h.Lines(); len(told) == 0 || told[0] != "CAPA" {
				t.Errorf("the hint was used: %q", told)
			}
		})
	}
	for greeting, want := range map[string]mail.ProblemKind{"-ERR [SYS/TEMP] full\r\n": mail.ProblemServer, "* OK IMAP4rev1\r\n": mail.ProblemProtocol, "220 ESMTP\r\n": mail.ProblemProtocol} {
		h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
			c.Send(greeting)
			if line, ok := c.Line(); ok {
				h.Note(line)
			}
		})
		if err := h.session(t); remote.As(err) == nil || remote.As(err).Kind != want || len(h.Lines()) != 0 {
			t.Errorf("%q: it was told %q, and we %v", greeting, h.Lines(), err)
		}
	}
}

// Of a server that did not encrypt nothing is learnt, and what is known of it encrypted is never used where it does not encrypt any more.
func TestHintNeedsTLS(t *testing.T) {
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) { lets(c, func(string) {}) })
	cfg := Config{Password: "geheim", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityNone, AllowPlaintext: true,
		Username: "ali", TimeoutSeconds: 20}, Start: remote.Start{List: true, Learn: func(h string) { t.Errorf("learnt %s", h) }}}
	c, err := Dial(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()

	known := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) { lets(c, h.Note) })
	stripped := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("+OK Dovecot ready.\r\n")
		c.Answer("STLS", "-ERR what is that\r\n")
		c.Drain()
	})
	cfg = known.cfg
	cfg.Server.Port, cfg.Server.Security, cfg.Server.OfferedTLS = stripped.Port, mail.SecuritySTARTTLS, true
	cfg.Start = remote.Start{List: true, Hint: known.hint}
	_, err = Dial(t.Context(), cfg)
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemPlaintext || stripped.Connections() != 1 {
		t.Errorf("%v", err)
	}
	if p := stripped.Plain(); strings.Contains(p, "AUTH") || strings.Contains(p, "geheim") {
		t.Errorf("sent in plaintext: %q", p)
	}
}

// TestMechanismThatIsNotThereAhead: what was sent along with a login whose mechanism is refused as such was sent for nothing. Its answers are not those
// to the login that follows, nor to the listing.
func TestMechanismThatIsNotThereAhead(t *testing.T) {
	in := false
	s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		listing := map[string]string{"STAT": "+OK 1 10\r\n", "LIST": "+OK\r\n1 10\r\n.\r\n", "UIDL": "+OK\r\n1 one\r\n.\r\n"}
		c.Send("+OK Dovecot ready.\r\n")
		for line, more := c.Line(); more; line, more = c.Line() {
			switch word, _, _ := strings.Cut(line, " "); {
			case word == "CAPA":
				c.Send(capaLines)
			case word == "AUTH":
				c.Send("-ERR Unsupported authentication mechanism.\r\n")
			case word == "PASS":
				in = true
				c.Send("+OK\r\n")
			case word == "USER" || word == "QUIT":
				c.Send("+OK\r\n")
			case in:
				c.Send(listing[word])
			default:
				c.Send("-ERR Unknown command.\r\n")
			}
		}
	})
	h := &hinted{cfg: Config{Password: "geheim", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS, Username: "ali",
		CAFile: mailtest.CAFile(t), TimeoutSeconds: 5}}}
	if err := h.session(t); err != nil {
		t.Error(err)
	}
}
