package smtp_test

import (
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/accounts/smtp"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// offering greets, offers STARTTLS, reads the command and answers it.
func offering(answer string, then func(c *mailtest.ScriptConn)) func(c *mailtest.ScriptConn) {
	return func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Answer("EHLO", "250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n")
		c.Answer("STARTTLS", answer)
		then(c)
	}
}

// TestSTARTTLSAttacks are the classes of the STARTTLS paper that touch a client which sends; docs/hostile-servers.md has the table.
// Whatever happens, no password and no message is sent, and nobody's words are shown as the server's.
func TestSTARTTLSAttacks(t *testing.T) {
	for name, c := range map[string]struct {
		play func(c *mailtest.ScriptConn)
		kind mail.ProblemKind
	}{
		"stripping": {func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"stripping by HELO": {func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "502 call this number\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"STARTTLS refused, 4xx":         {offering("454 call this number\r\n", mailtest.Drain), mail.ProblemServer},
		"STARTTLS refused, 5xx":         {offering("554 call this number\r\n", mailtest.Drain), mail.ProblemServer},
		"a continuation":                {offering("354 go on\r\n", mailtest.Drain), mail.ProblemServer},
		"a login that was not asked":    {offering("235 you are in\r\n", mailtest.Drain), mail.ProblemServer},
		"hanging up at STARTTLS":        {offering("", mailtest.HangUp), mail.ProblemNetwork},
		"hanging up at the handshake":   {offering("220 go\r\n", mailtest.HangUp), mail.ProblemNetwork},
		"injection with the answer":     {offering("220 go\r\n250-x\r\n250 AUTH PLAIN\r\n", mailtest.Handshake(mailtest.Good)), mail.ProblemProtocol},
		"plaintext where the handshake": {offering("220 go\r\n", mailtest.Babble("250 call this number\r\n")), mail.ProblemProtocol},
		"injection with EHLO": {func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 STARTTLS\r\n220 go\r\n250 x\r\n")
			c.Drain()
		}, mail.ProblemProtocol},
		"another name":             {offering("220 go\r\n", mailtest.Handshake(mailtest.WrongName)), mail.ProblemCertificate},
		"signed by itself":         {offering("220 go\r\n", mailtest.Handshake(mailtest.SelfSigned)), mail.ProblemCertificate},
		"expired":                  {offering("220 go\r\n", mailtest.Handshake(mailtest.Expired)), mail.ProblemCertificate},
		"another protocol":         {func(c *mailtest.ScriptConn) { c.Send("* OK IMAP4rev1\r\n"); c.Drain() }, mail.ProblemProtocol},
		"a refusal for a greeting": {func(c *mailtest.ScriptConn) { c.Send("554 call this number\r\n"); c.Drain() }, mail.ProblemServer},
	} {
		t.Run(name, func(t *testing.T) {
			s, cfg := scripted(t, "", mail.SecuritySTARTTLS, c.play)
			cfg.Server.AllowPlaintext = true // even then: STARTTLS is demanded
			_, err := smtp.Dial(t.Context(), cfg)
			e := remote.As(err)
			if e == nil || e.Kind != c.kind || !e.Closed {
				t.Fatalf("want kind %q, closed: %v", c.kind, err)
			}
			if p := s.Plain(); strings.Contains(p, "AUTH") || strings.Contains(p, "MAIL") {
				t.Errorf("the client sent %q in plaintext", p)
			}
			if e.Said() != "" || strings.Contains(e.Advice, "number") || s.Connections() != 1 || e.Kind == mail.ProblemServer && e.Permanent {
				t.Errorf("%d connections, permanent %v; shown as the server's words: %q", s.Connections(), e.Permanent, e.Said())
			}
		})
	}
}

// TestWhatEHLOSaidBeforeTLSIsForgotten: extensions, mechanisms and the size limit are those of the answer after the handshake.
func TestWhatEHLOSaidBeforeTLSIsForgotten(t *testing.T) {
	_, cfg := scripted(t, "", mail.SecuritySTARTTLS, func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Answer("EHLO", "250-x\r\n250-SIZE 1\r\n250-SMTPUTF8\r\n250-AUTH LOGIN XOAUTH2\r\n250 STARTTLS\r\n")
		c.Answer("STARTTLS", "220 go\r\n")
		if c.StartTLS(mailtest.Good) {
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
			c.Answer("AUTH PLAIN", "235 in\r\n")
			c.Drain()
		}
	})
	c := open(t, cfg)
	if caps := c.Capabilities(); caps.UTF8 || len(caps.SASL) != 1 || len(caps.Raw) != 1 {
		t.Errorf("%+v", caps)
	}
}

// TestLoginWithoutEnd: a server that always says one more thing, in time, does not hold the outbox for ever.
func TestLoginWithoutEnd(t *testing.T) {
	t.Parallel()
	_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
		c.Send("220 x\r\n")
		c.Expect("EHLO")
		mailtest.Trickle("250-X-MORE\r\n")(c)
	})
	cfg.Server.TimeoutSeconds = 2
	_, err := smtp.Dial(t.Context(), cfg)
	e := remote.As(err)
	if e == nil || e.Kind != mail.ProblemNetwork || e.Why != mail.CodeTimeout || !e.Closed || e.Permanent {
		t.Errorf("%v", err)
	}
}
