package smtp_test

import (
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A reply may be a code and nothing else, not even a blank (RFC 5321 §4.2: senders should not, receivers must take it). One after the final dot
// says that the message was sent.
func TestRepliesWithoutWords(t *testing.T) {
	for name, end := range map[string]string{"CRLF": "\r\n", "a bare LF": "\n", "a blank": " \r\n"} {
		_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
			c.Send("220", end)
			c.Answer("EHLO", "250-x\r\n250-AUTH LOGIN\r\n250", end)
			c.Answer("AUTH LOGIN", "334", end)
			c.Answer("", "334", end)
			c.Answer("", "235", end)
			c.Answer("MAIL", "250", end)
			c.Answer("RCPT", "250", end)
			c.Answer("DATA", "354", end)
			untilDot(c)
			c.Send("25")
			c.Send("0", end)
			c.Drain()
		})
		rc, err := open(t, cfg).Send(t.Context(), env, strings.NewReader("Subject: x\r\n\r\nx\r\n"))
		if err != nil || len(rc.Accepted) != 1 {
			t.Errorf("%s: %+v, %v", name, rc, err)
		}
	}
}
