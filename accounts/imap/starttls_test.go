package imap

import (
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// plainScript is a scripted server without TLS at the start, and the configuration to reach it by STARTTLS.
func plainScript(t *testing.T, play func(c *mailtest.ScriptConn)) (*mailtest.Script, Config) {
	t.Helper()
	s := mailtest.StartScript(t, "", play)
	return s, Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecuritySTARTTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 20}}
}

// offering greets with STARTTLS, reads the command and answers it.
func offering(answer string, then func(c *mailtest.ScriptConn)) func(c *mailtest.ScriptConn) {
	return func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi\r\n")
		c.Answer("P1 STARTTLS", answer)
		then(c)
	}
}

// TestSTARTTLSAttacks are the classes of the STARTTLS paper (Poddebniak et al., 2021) that touch an IMAP client; docs/hostile-servers.md
// has the table. Whatever happens, nothing secret is sent, one connection is made, and nobody's words are shown as the server's.
func TestSTARTTLSAttacks(t *testing.T) {
	for name, tc := range map[string]struct {
		play func(c *mailtest.ScriptConn)
		kind mail.ProblemKind
	}{
		"injection with the answer":     {offering("P1 OK go\r\n* OK [ALERT] call this number\r\n* PREAUTH x\r\n", mailtest.Handshake(mailtest.Good)), mail.ProblemProtocol},
		"injection of an answer":        {offering("P1 OK go\r\n* CAPABILITY IMAP4rev1\r\nP2 OK done\r\n", mailtest.Handshake(mailtest.Good)), mail.ProblemProtocol},
		"BYE with the answer":           {offering("P1 OK go\r\n* BYE call this number\r\n", mailtest.Handshake(mailtest.Good)), mail.ProblemProtocol},
		"plaintext where the handshake": {offering("P1 OK go\r\n", mailtest.Babble("* OK call this number\r\n")), mail.ProblemProtocol},
		"PREAUTH": {func(c *mailtest.ScriptConn) {
			c.Send("* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] call this number\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"stripping": {func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"stripping by CAPABILITY": {func(c *mailtest.ScriptConn) {
			c.Send("* OK hi\r\n")
			c.Answer("P1 CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nP1 OK\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"no capabilities at all": {func(c *mailtest.ScriptConn) {
			c.Send("* OK hi\r\n")
			c.Answer("P1 CAPABILITY", "P1 OK\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"CAPABILITY refused": {func(c *mailtest.ScriptConn) {
			c.Send("* OK hi\r\n")
			c.Answer("P1 CAPABILITY", "P1 BAD call this number\r\n")
			c.Drain()
		}, mail.ProblemServer},
		"STARTTLS refused, NO":        {offering("P1 NO [UNAVAILABLE] call this number\r\n", mailtest.Drain), mail.ProblemServer},
		"STARTTLS refused, BAD":       {offering("P1 BAD call this number\r\n", mailtest.Drain), mail.ProblemServer},
		"a continuation":              {offering("+ go on\r\n", mailtest.HangUp), mail.ProblemNetwork},
		"hanging up at STARTTLS":      {offering("", mailtest.HangUp), mail.ProblemNetwork},
		"hanging up at the handshake": {offering("P1 OK go\r\n", mailtest.HangUp), mail.ProblemNetwork},
		"a farewell for a greeting":   {func(c *mailtest.ScriptConn) { c.Send("* BYE [ALERT] call this number\r\n") }, mail.ProblemServer},
		"another name":                {offering("P1 OK go\r\n", mailtest.Handshake(mailtest.WrongName)), mail.ProblemCertificate},
		"signed by itself":            {offering("P1 OK go\r\n", mailtest.Handshake(mailtest.SelfSigned)), mail.ProblemCertificate},
		"expired":                     {offering("P1 OK go\r\n", mailtest.Handshake(mailtest.Expired)), mail.ProblemCertificate},
		"wrong tag for ever": {func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi\r\n")
			for c.Send("X1 OK go\r\n") {
			}
		}, mail.ProblemProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, cfg := plainScript(t, tc.play)
			cfg.Server.AllowPlaintext = true // even then: STARTTLS is demanded
			alerts := &alerts{}
			_, err := open(testContext(t), cfg, alerts, &names{})
			e := remote.As(err)
			if e == nil || e.Kind != tc.kind || !e.Closed {
				t.Fatalf("want kind %q, closed: %v", tc.kind, err)
			}
			if p := strings.ToUpper(s.Plain()); strings.Contains(p, "SECRET") || strings.Contains(p, "LOGIN") || strings.Contains(p, "AUTHENTICATE") {
				t.Errorf("sent without encryption: %q", p)
			}
			if e.Said() != "" || len(alerts.list()) != 0 || strings.Contains(e.Advice, "number") {
				t.Errorf("shown as the server's words: %q, alerts %q", e.Said(), alerts.list())
			}
			if n := s.Connections(); n != 1 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// TestForgetsWhatCameBeforeTLS: capabilities, alerts and data of mailboxes that were said before the encryption count for nothing after it.
func TestForgetsWhatCameBeforeTLS(t *testing.T) {
	o := &odd{}
	_, cfg := plainScript(t, func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED MOVE X-EVIL] hi\r\n* OK [ALERT] call this number\r\n")
		c.Answer("P1 STARTTLS", "* CAPABILITY IMAP4rev1 UIDPLUS\r\n* 500 EXISTS\r\n* OK [UIDVALIDITY 666] x\r\n* LIST () \"/\" Evil\r\n* STATUS INBOX (MESSAGES 500)\r\n",
			"* 1 FETCH (UID 1 FLAGS (\\Deleted) BODY[] {4}\r\nevil)\r\n* VANISHED 1:3\r\n* SEARCH 77\r\n* OK [COPYUID 7 1 1] x\r\n* NAMESPACE ((\"Evil.\" \".\")) NIL NIL\r\n* ENABLED QRESYNC\r\n",
			"P1 OK [ALERT] go\r\n")
		if !c.StartTLS(mailtest.Good) {
			return
		}
		c.Answer("P2 CAPABILITY", "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nP2 OK\r\n")
		c.Answer("P3 AUTHENTICATE PLAIN", "+ \r\n")
		c.Line()
		c.Send("* CAPABILITY IMAP4rev1 IDLE\r\nP3 OK in\r\n")
		o.uids = []int{1, 2, 3}
		o.answers(c)
	})
	c, err := Dial(testContext(t), cfg)
	must(t, err)
	defer c.session().close(nil)
	if caps := c.Capabilities(); caps.Move || !caps.Push || len(caps.Raw) != 2 || len(c.Alerts()) != 0 {
		t.Errorf("capabilities %v, alerts %q", caps.Raw, c.Alerts())
	}
	if s := c.session(); s.dirty || s.state.Exists != 0 || s.qresync || len(s.personal) != 0 || len(s.copied) != 0 || len(s.touched) != 0 {
		t.Errorf("something stayed: %+v", s)
	}
	folders, err := c.List(testContext(t))
	if err != nil || len(folders) != 0 {
		t.Errorf("folders %+v, %v", folders, err)
	}
	st, err := c.Select(testContext(t), "INBOX")
	if err != nil || st.Exists != 3 || st.UIDValidity != 7 {
		t.Errorf("%+v, %v", st, err)
	}
	if uids, err := c.UIDs(testContext(t), "INBOX"); err != nil || len(uids) != 3 {
		t.Errorf("%v, %v", uids, err)
	}
}

// TestReferralsAreNotFollowed: neither that of a login (RFC 2221) nor that of a mailbox (RFC 2193) makes us speak to another server.
func TestReferralsAreNotFollowed(t *testing.T) {
	other := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] give it to me\r\n")
		c.Drain()
	})
	url := "[REFERRAL imap://ali;AUTH=*@" + other.Addr() + "/INBOX] go there\r\n"
	login := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR LOGIN-REFERRALS] hi\r\n")
		c.Answer("P1 AUTHENTICATE", "P1 NO "+url)
		c.Drain()
	})
	cfg := Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: login.Port, Security: mail.SecurityTLS, Username: "ali",
		CAFile: mailtest.CAFile(t), TimeoutSeconds: 20}}
	if _, err := Dial(testContext(t), cfg); remote.As(err) == nil {
		t.Errorf("login: %v", err)
	}
	o := &odd{caps: "MAILBOX-REFERRALS", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		for _, verb := range []string{"SELECT", "STATUS", "CREATE", "APPEND", "UID COPY"} {
			if strings.HasPrefix(line, verb) {
				return c.Send(tag, " NO ", url)
			}
		}
		return false
	}}
	c := o.dial(t)
	for _, err := range []error{func() error { _, err := c.Select(testContext(t), "INBOX"); return err }(), c.CreateFolder(testContext(t), "x")} {
		if e := remote.As(err); e == nil || e.Kind != mail.ProblemServer {
			t.Errorf("mailbox: %v", err)
		}
	}
	if n := other.Connections(); n != 0 {
		t.Errorf("%d connections to where the referrals lead", n)
	}
}

// TestLoginWithoutEnd: a server that always says one more thing, in time, does not hold the account for ever.
func TestLoginWithoutEnd(t *testing.T) {
	t.Parallel()
	s := mailtest.StartScript(t, mailtest.Good, mailtest.Trickle("* OK still here\r\n"))
	cfg := Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS, Username: "ali",
		CAFile: mailtest.CAFile(t), TimeoutSeconds: 2}}
	_, err := Dial(testContext(t), cfg)
	e := refusal(t, err, mail.ProblemNetwork, false, true)
	if e.Why != mail.CodeTimeout || e.Step == "" || !strings.Contains(err.Error(), "login") {
		t.Errorf("%v", err)
	}
}
