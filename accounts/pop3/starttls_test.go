package pop3_test

import (
	"strings"
	"testing"

	"peyk/accounts/pop3"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// offering greets, tells of STLS, reads the command and answers it.
func offering(answer string, then func(c *mailtest.ScriptConn)) func(c *mailtest.ScriptConn) {
	return func(c *mailtest.ScriptConn) {
		c.Send("+OK hello\r\n")
		c.Answer("CAPA", "+OK\r\nSTLS\r\nUSER\r\nSASL PLAIN\r\n.\r\n")
		c.Answer("STLS", answer)
		then(c)
	}
}

// TestSTLSAttacks are the classes of the STARTTLS paper that touch a POP3 client; docs/hostile-servers.md has the table. Whatever
// happens, nothing secret is sent, and nobody's words are shown as the server's.
func TestSTLSAttacks(t *testing.T) {
	for name, c := range map[string]struct {
		play func(c *mailtest.ScriptConn)
		kind mail.ProblemKind
	}{
		"stripping": {func(c *mailtest.ScriptConn) {
			c.Send("+OK\r\n")
			c.Answer("CAPA", "+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"no CAPA and no STLS": {func(c *mailtest.ScriptConn) {
			c.Send("+OK\r\n")
			c.Answer("CAPA", "-ERR call this number\r\n")
			c.Answer("STLS", "-ERR call this number\r\n")
			c.Drain()
		}, mail.ProblemPlaintext},
		"STLS refused":                  {offering("-ERR call this number\r\n", mailtest.Drain), mail.ProblemPlaintext},
		"a continuation":                {offering("+ go on\r\n", mailtest.HangUp), mail.ProblemProtocol},
		"hanging up at STLS":            {offering("", mailtest.HangUp), mail.ProblemNetwork},
		"hanging up at the handshake":   {offering("+OK\r\n", mailtest.HangUp), mail.ProblemNetwork},
		"injection with the answer":     {offering("+OK\r\n+OK\r\n+OK injected\r\n", mailtest.Handshake(mailtest.Good)), mail.ProblemProtocol},
		"plaintext where the handshake": {offering("+OK\r\n", mailtest.Babble("+OK call this number\r\n")), mail.ProblemProtocol},
		"injection with the greeting": {func(c *mailtest.ScriptConn) {
			c.Send("+OK\r\n-ERR\r\n+OK\r\n+OK\r\n")
			c.Drain()
		}, mail.ProblemProtocol},
		"a refusal for a greeting": {func(c *mailtest.ScriptConn) { c.Send("-ERR [SYS/PERM] call this number\r\n") }, mail.ProblemServer},
		"another name":             {offering("+OK\r\n", mailtest.Handshake(mailtest.WrongName)), mail.ProblemCertificate},
		"signed by itself":         {offering("+OK\r\n", mailtest.Handshake(mailtest.SelfSigned)), mail.ProblemCertificate},
		"expired":                  {offering("+OK\r\n", mailtest.Handshake(mailtest.Expired)), mail.ProblemCertificate},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.StartScript(t, "", c.play)
			cfg := pop3.Config{Password: "geheim", Server: mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.SecuritySTARTTLS,
				Username: "ali", CAFile: mailtest.CAFile(t), AllowPlaintext: true, TimeoutSeconds: 10}}
			_, err := pop3.Dial(t.Context(), cfg)
			e := remote.As(err)
			if e == nil || e.Kind != c.kind || !e.Closed {
				t.Fatalf("want kind %q, closed: %v", c.kind, err)
			}
			if p := s.Plain(); strings.Contains(p, "geheim") || strings.Contains(p, "AUTH") || strings.Contains(p, "USER") {
				t.Errorf("the client sent %q in plaintext", p)
			}
			if e.Said() != "" || strings.Contains(e.Advice, "number") || s.Connections() != 1 {
				t.Errorf("%d connections; shown as the server's words: %q", s.Connections(), e.Said())
			}
		})
	}
}

// TestWhatCapaSaidBeforeTLSIsForgotten: only the answer after the handshake counts.
func TestWhatCapaSaidBeforeTLSIsForgotten(t *testing.T) {
	s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
		c.Send("+OK\r\n")
		c.Answer("CAPA", "+OK\r\nSTLS\r\nPIPELINING\r\nSASL CRAM-MD5\r\n.\r\n")
		c.Answer("STLS", "+OK\r\n")
		if c.StartTLS(mailtest.Good) {
			c.Answer("CAPA", "+OK\r\nUSER\r\n.\r\n")
			c.Answer("USER", "+OK\r\n")
			c.Answer("PASS", "+OK\r\n")
			c.Drain()
		}
	})
	c := open(t, pop3.Config{Password: "geheim", Server: mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.SecuritySTARTTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 10}})
	if caps := c.Capabilities(); caps.Pipelining || caps.Top {
		t.Errorf("%+v", caps)
	}
}

// TestLoginWithoutEnd: a server that always says one more thing, in time, does not hold the account for ever.
func TestLoginWithoutEnd(t *testing.T) {
	t.Parallel()
	s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		c.Send("+OK\r\n")
		c.Answer("CAPA", "+OK\r\n")
		mailtest.Trickle("X-MORE\r\n")(c)
	})
	_, err := pop3.Dial(t.Context(), pop3.Config{Password: "geheim", Server: mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.SecurityTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 2}})
	e := remote.As(err)
	if e == nil || e.Kind != mail.ProblemNetwork || e.Why != mail.CodeTimeout || e.Step != "capa" || !e.Closed || e.Permanent {
		t.Errorf("%v", err)
	}
}
