package smtp_test

import (
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/accounts/smtp"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What providers answer to a message: what passes by itself, what never will, and what the user can do.
func TestProvidersRefuseMessages(t *testing.T) {
	for said, want := range map[string]struct {
		permanent, closed bool
		why               mail.ProblemCode
		after             time.Duration
	}{
		"450 4.2.0 <sara@peyk.test>: Recipient address rejected: Greylisted, try again in 300 seconds":                  {false, false, mail.CodeLater, 5 * time.Minute},
		"451-4.7.651 The mail server [192.0.2.7] has been temporarily rate limited\r\n451 4.7.651 due to IP reputation": {false, false, mail.CodeLater, 0},
		"421-4.7.0 Try again later, closing connection. (EHLO)\r\n421 4.7.0 x13mb12345678":                              {false, true, mail.CodeLater, 0},
		"452 4.2.2 The recipient's inbox is out of storage space":                                                       {false, false, mail.CodeRecipientFull, 0},
		"552 5.3.4 Message size exceeds fixed limit":                                                                    {true, false, mail.CodeTooBig, 0},
		"552 5.2.3 Your message exceeded Google's message size limits":                                                  {true, false, mail.CodeTooBig, 0},
		"554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process":    {true, false, mail.CodeNotAllowed, 0},
		"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found":                                                {true, false, mail.CodeNoRecipient, 0},
		"554 5.7.1 Message rejected under suspicion of SPAM":                                                            {true, false, mail.CodePolicy, 0},
	} {
		for _, at := range []string{"RCPT", "DOT"} {
			_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
				c.Send("220 x\r\n")
				c.Answer("EHLO", "250-x\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN\r\n")
				c.Answer("AUTH", "235 ok\r\n")
				c.Answer("MAIL", "250 ok\r\n")
				if at == "RCPT" {
					c.Answer("RCPT", said, "\r\n")
				} else {
					c.Answer("RCPT", "250 ok\r\n")
					c.Answer("DATA", "354 go\r\n")
					untilDot(c)
					c.Send(said, "\r\n")
				}
				for {
					_, ok := c.Line()
					if !ok || strings.HasPrefix(said, "421") {
						return
					}
					c.Send("250 ok\r\n") // RSET, QUIT
				}
			})
			_, err := open(t, cfg).Send(t.Context(), env, strings.NewReader("Subject: x\r\n\r\nx\r\n"))
			e := remote.As(err)
			if e == nil || e.Permanent != want.permanent || e.Closed != want.closed || e.Why != want.why || e.RetryAfter != want.after || e.Uncertain {
				t.Errorf("%s: %s\n  told as %+v", at, said, e)
			}
		}
	}
}

// What providers say when they do not take a login for sending.
func TestProvidersRefuseLogins(t *testing.T) {
	for said, want := range map[string]struct {
		kind      mail.ProblemKind
		permanent bool
		why       mail.ProblemCode
	}{
		"535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials x13":               {mail.ProblemAuth, true, ""},
		"534-5.7.9 Application-specific password required. For more information, go to\r\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor x13":      {mail.ProblemAuth, true, mail.CodeAppPassword},
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.": {mail.ProblemAuth, true, mail.CodeSwitchedOff},
		"535 5.7.139 Authentication unsuccessful, basic authentication is disabled.":                                                                                  {mail.ProblemAuth, true, mail.CodeSwitchedOff},
		"550 User has no permission":                                              {mail.ProblemAuth, true, mail.CodeSwitchedOff},
		"454 4.7.0 Too many login attempts, please try again later. x13":          {mail.ProblemServer, false, mail.CodeLater},
		"421 4.7.0 Too many concurrent SMTP connections; please try again later.": {mail.ProblemServer, false, mail.CodeLater},
		"535 Error: authentication failed, system busy":                           {mail.ProblemAuth, true, ""},
		"550 User has no permission, please use authorization code to log in":     {mail.ProblemAuth, true, mail.CodeAppPassword},
	} {
		_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
			c.Answer("AUTH", said, "\r\n")
			c.Drain()
		})
		_, err := smtp.Dial(t.Context(), cfg)
		e := remote.As(err)
		if e == nil || e.Kind != want.kind || e.Permanent != want.permanent || e.Why != want.why || !e.Closed {
			t.Errorf("%s\n  told as %+v", said, e)
		}
	}
}

// Who comes after as many recipients as a server takes at a time is none that it refuses, whatever it calls that; who has no room in his mailbox is no such one.
func TestMoreRecipientsThanThereIsRoomFor(t *testing.T) {
	for said, rest := range map[string]bool{"452 4.5.3 Error: too many recipients": true, "552 Too many recipients": true, "552 5.2.2 mailbox full": false, "452 4.3.1 no space": false} {
		_, cfg := scripted(t, mailtest.Good, mail.SecurityTLS, func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
			c.Answer("AUTH", "235 ok\r\n")
			c.Answer("MAIL", "250 ok\r\n")
			c.Answer("RCPT", "250 ok\r\n")
			c.Answer("RCPT", said, "\r\n")
			c.Answer("DATA", "354 go\r\n")
			untilDot(c)
			c.Send("250 ok\r\n")
			c.Drain()
		})
		to := env
		to.Rcpt = []string{"sara@peyk.test", "anna@peyk.test"}
		rc, err := open(t, cfg).Send(t.Context(), to, strings.NewReader("Subject: x\r\n\r\nx\r\n"))
		e := rc.Refused["anna@peyk.test"]
		if err != nil || len(rc.Accepted) != 1 || e == nil || (len(rc.Rest) == 1) != rest || rest && e.Permanent {
			t.Errorf("%s: %+v, %v", said, rc, err)
		}
	}
}
