package imap

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"peyk/accounts/hint"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// The login at a Dovecot and all that follows it take one round trip, with STARTTLS, too, once it is known how to log in; its greeting on a
// TLS connection tells. Nothing is sent ahead to servers that lose what comes behind a login, nor learnt of them.
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
				port, most := r.IMAPSPort, 4
				if sec == mail.SecuritySTARTTLS {
					port, most = r.IMAPPort, 6 // one for CAPABILITY where the greeting does not tell, one for STARTTLS
				}
				p := mailtest.StartTurnProxy(t, port)
				hint, learnt := "", 0
				session := func() (turns int) {
					c, err := Dial(testContext(t), Config{Password: r.Users["ali"], Server: mail.Server{Host: "localhost", Port: p.Port(), Security: sec,
						Username: "ali", CAFile: r.CAFile, TimeoutSeconds: 20},
						Start: remote.Start{List: true, Hint: hint, Learn: func(h string) { hint, learnt = h, learnt+1 }}})
					must(t, err)
					folders, err := c.List(testContext(t))
					if err != nil || len(folders) == 0 || folders[0].Path == "" {
						t.Errorf("%s: %d folders, %v", sec, len(folders), err)
					}
					_, err = c.Select(testContext(t), "INBOX")
					must(t, err)
					c.Close()
					return p.Turns() - 1 // without that of SELECT
				}
				first := session()
				second := session()
				if learnt != s.learn || s.learn > 0 && (second > most || first > most+2) || sec == mail.SecurityTLS && second != first {
					t.Errorf("%s: %d round trips, then %d (at most %d); learnt %d times: %s", sec, first, second, most, learnt, hint)
				}
			}
		})
	}
}

// hinted is a server of which something was learnt, and which is another one in its second session.
type hinted struct {
	odd
	cfg            Config
	hint           string
	mailtest.Heard // since the hint was learnt
}

const offered = "ENABLE QRESYNC CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE NAMESPACE"

// newHinted logs in once and notes the hint; from then on, play plays each session.
func newHinted(t *testing.T, play func(h *hinted, c *mailtest.ScriptConn)) *hinted {
	t.Helper()
	h := &hinted{odd: odd{caps: offered, name: "Dovecot", uids: []int{1}}}
	h.answer = func(_ *mailtest.ScriptConn, _, line string) bool { h.Note(line); return false }
	var later atomic.Bool
	script := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		if later.Load() {
			play(h, c)
			return
		}
		(&odd{caps: offered, name: "Dovecot", uids: []int{1}}).play(c)
	})
	h.cfg = Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: script.Port, Security: mail.SecurityTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 5}}
	c, err := h.dial()
	must(t, err)
	c.Close()
	if h.hint == "" {
		t.Fatal("nothing was learnt")
	}
	later.Store(true)
	return h
}

func (h *hinted) dial() (*Client, error) {
	cfg := h.cfg
	cfg.Start = remote.Start{List: true, Hint: h.hint, Learn: func(s string) { h.hint = s }}
	return Dial(context.Background(), cfg)
}

// A server that lost what it had is worked with as it is now, and remembered so.
func TestHintOutOfDate(t *testing.T) {
	h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
		h.caps = "IDLE"
		h.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
			h.Note(line)
			switch {
			case strings.HasPrefix(line, "ENABLE"), strings.HasPrefix(line, "NAMESPACE"), strings.Contains(line, "RETURN"):
				return c.Send(tag, " BAD what is that\r\n")
			case strings.HasPrefix(line, "LIST"):
				return c.Send("* LIST () \"/\" INBOX\r\n", tag, " OK\r\n")
			}
			return false
		}
		h.play(c)
	})
	c, err := h.dial()
	must(t, err)
	defer c.Close()
	if len(h.Said("ENABLE")) != 1 {
		t.Error("the hint was not used")
	}
	if caps := c.Capabilities(); caps.QResync || caps.ListStatus || caps.CondStore {
		t.Errorf("believes the hint rather than the server: %+v", caps)
	}
	fs, err := c.List(testContext(t))
	if err != nil || len(fs) != 1 {
		t.Errorf("folders %v, %v", fs, err)
	}
	if got := hint.Read[offers](h.hint); strings.Join(got.After, " ") != "IMAP4rev1 IDLE" || got.Wait != 0 {
		t.Errorf("remembered: %+v", got)
	}
}

// Sessions that fail with a hint are begun again without it, once, and for a while the next ones are too. So are those of a server that is
// taken for a usual Dovecot.
func TestHintThatFails(t *testing.T) {
	login := func(answer string) func(h *hinted, c *mailtest.ScriptConn) {
		first := true
		return func(h *hinted, c *mailtest.ScriptConn) {
			if !first {
				h.play(c)
				return
			}
			first = false
			c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] Dovecot ready\r\n")
			line, _ := c.Line()
			tag, _, _ := strings.Cut(line, " ")
			if answer == "" {
				c.Reset()
				return
			}
			if c.Send(strings.ReplaceAll(answer, "TAG", tag)); !strings.HasPrefix(answer, "* BYE") {
				c.Drain()
			}
		}
	}
	for name, answer := range map[string]string{
		"hangs up":                   "",
		"loses what is behind":       "TAG OK [CAPABILITY IMAP4rev1] in\r\n",
		"wants the password later":   "+ \r\n",
		"does not like the commands": "TAG BAD one at a time\r\n",
		"says no without a reason":   "TAG NO go away\r\n",
		"says goodbye":               "* BYE too fast\r\n",
	} {
		for _, known := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, known %v", name, known), func(t *testing.T) {
				t.Parallel()
				h := newHinted(t, login(answer))
				if !known {
					h.hint = ""
				}
				c, err := h.dial()
				must(t, err)
				defer c.Close()
				if got := hint.Read[offers](h.hint); got.Wait != hint.Rest-1 {
					t.Errorf("the next one would be hasty again: %+v", got)
				}
				_, err = c.Select(testContext(t), "INBOX")
				must(t, err)
			})
		}
	}
}

// A Dovecot whose greeting says how to log in is sent all that follows along with the login; others are not.
func TestUnknownServer(t *testing.T) {
	const dovecot = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] Dovecot ready\r\n"
	for name, c := range map[string]struct {
		greeting string
		list     bool
		ahead    int
	}{
		"Dovecot":                  {dovecot, true, 1},
		"nothing is to be brought": {dovecot, false, 0},
		"does not tell":            {"* OK Dovecot ready\r\n", true, 0},
		"another":                  {strings.Replace(dovecot, "Dovecot", "Courier", 1), true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			gone := make(chan struct{})
			h := newHinted(t, func(h *hinted, conn *mailtest.ScriptConn) {
				defer close(gone)
				conn.Send(c.greeting)
				for {
					line, ok := conn.Line()
					if !ok {
						return
					}
					tag, cmd, _ := strings.Cut(line, " ")
					h.Note(cmd)
					switch word, _, _ := strings.Cut(cmd, " "); word {
					case "CAPABILITY":
						conn.Send("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n", tag, " OK\r\n")
					case "AUTHENTICATE":
						conn.Send(tag, " NO [AUTHENTICATIONFAILED] wrong\r\n")
					}
				}
			})
			cfg := h.cfg
			cfg.Start.List = c.list
			_, err := Dial(testContext(t), cfg)
			refusal(t, err, mail.ProblemAuth, true, true)
			<-gone
			if len(h.Said("AUTHENTICATE")) != 1 || len(h.Said("LIST")) != c.ahead {
				t.Errorf("it was told %q", h.Lines())
			}
		})
	}
}

// What a server can do besides is found out after the login: compression.
func TestUnknownServerCompresses(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{Compress: true})
	c := dialDovecot(t, d, "ali", func(cfg *Config) { cfg.ForceCompress, cfg.Start.List = true, true })
	if fs, err := c.List(testContext(t)); err != nil || len(fs) == 0 || !c.Capabilities().Compress {
		t.Errorf("%d folders, %v, %+v", len(fs), err, c.Capabilities())
	}
}

// A refused login is told at once: the password is not tried twice.
func TestHintRefusedLogin(t *testing.T) {
	h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
		c.Send("* OK Dovecot ready\r\n")
		for {
			line, ok := c.Line()
			if !ok {
				return
			}
			tag, cmd, _ := strings.Cut(line, " ")
			if h.Note(cmd); strings.HasPrefix(cmd, "AUTHENTICATE") {
				c.Send(tag, " NO [AUTHENTICATIONFAILED] wrong\r\n")
				continue
			}
			c.Send(tag, " BAD not logged in\r\n")
		}
	})
	_, err := h.dial()
	refusal(t, err, mail.ProblemAuth, true, true)
	if n := len(h.Said("AUTHENTICATE")); n != 1 {
		t.Errorf("%d logins", n)
	}
}

// A hint is for one server, one user, one certificate and TLS; and the greeting is awaited whatever it says.
func TestHintIsForOne(t *testing.T) {
	for name, edit := range map[string]func(h *hinted){
		"another user":   func(h *hinted) { h.cfg.Server.Username = "sara" },
		"another method": func(h *hinted) { h.cfg.Server.Auth = mail.AuthPlain },
		"waiting":        func(h *hinted) { h.hint = strings.Replace(h.hint, "}", `,"wait":3}`, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) { h.caps = ""; h.play(c) })
			edit(h)
			c, err := h.dial()
			must(t, err)
			c.Close()
			if len(h.Said("ENABLE")) != 0 {
				t.Error("the hint was used")
			}
		})
	}
	for greeting, want := range map[string]mail.ProblemKind{"* BYE full\r\n": mail.ProblemServer, "+OK POP3\r\n": mail.ProblemConfig} {
		t.Run(strings.TrimSpace(greeting), func(t *testing.T) {
			h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
				c.Send(greeting)
				if line, ok := c.Line(); ok {
					h.Note(line)
				}
			})
			if _, err := h.dial(); remote.As(err) == nil || remote.As(err).Kind != want {
				t.Errorf("kind of %v", err)
			}
			if len(h.Lines()) != 0 {
				t.Errorf("it was told %q", h.Lines())
			}
		})
	}
	t.Run("PREAUTH", func(t *testing.T) {
		h := newHinted(t, func(h *hinted, c *mailtest.ScriptConn) {
			c.Send("* PREAUTH [CAPABILITY IMAP4rev1] Dovecot\r\n")
			for {
				line, ok := c.Line()
				if !ok {
					return
				}
				tag, cmd, _ := strings.Cut(line, " ")
				h.Note(cmd)
				c.Send(tag, " OK\r\n")
			}
		})
		c, err := h.dial()
		must(t, err)
		defer c.Close()
		if len(h.Said("AUTHENTICATE"))+len(h.Said("LOGIN"))+len(h.Said("ENABLE")) != 0 {
			t.Errorf("it was told %q", h.Lines())
		}
	})
	t.Run("no encryption", func(t *testing.T) {
		_, cfg := plainScript(t, func(c *mailtest.ScriptConn) { (&odd{caps: offered, name: "Dovecot"}).play(c) })
		cfg.Server.Security, cfg.Server.AllowPlaintext = mail.SecurityNone, true
		cfg.Start.Learn = func(hint string) { t.Errorf("learnt %s", hint) }
		c, err := Dial(testContext(t), cfg)
		must(t, err)
		c.Close()
	})
}
