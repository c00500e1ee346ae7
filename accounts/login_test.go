package accounts_test

import (
	"context"
	"strings"
	"testing"

	"peyk/accounts/imap"
	"peyk/accounts/pop3"
	"peyk/accounts/remote"
	"peyk/accounts/smtp"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestMechanismThatIsNotThere: what is offered and then refused as such, by a proxy before the server mostly, is not the end of the login where the
// password may be shown in another way. A password that is refused is said once.
func TestMechanismThatIsNotThere(t *testing.T) {
	imapGreeting := "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] x\r\n"
	in := func(c *mailtest.ScriptConn) {
		if tag, _, ok := strings.Cut(c.Expect(""), " "); ok {
			c.Send(tag, " OK [CAPABILITY IMAP4rev1] in\r\n")
		}
		c.Drain()
	}
	for name, tc := range map[string]struct {
		protocol mail.Protocol
		play     func(c *mailtest.ScriptConn)
		in       bool
	}{
		"IMAP, BAD": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send(imapGreeting)
			c.Expect("P1 AUTHENTICATE PLAIN ")
			c.Send("P1 BAD what?\r\n")
			in(c)
		}, true},
		"IMAP, in words": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send(imapGreeting)
			c.Expect("P1 AUTHENTICATE PLAIN ")
			c.Send("P1 NO this mechanism is not supported here\r\n")
			in(c)
		}, true},
		"IMAP, without SASL-IR": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send(strings.Replace(imapGreeting, "SASL-IR ", "", 1))
			c.Expect("P1 AUTHENTICATE PLAIN")
			c.Send("P1 BAD what?\r\n")
			in(c)
		}, true},
		"IMAP, and LOGIN is not allowed": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send(strings.Replace(imapGreeting, "SASL-IR", "SASL-IR LOGINDISABLED", 1))
			c.Expect("P1 AUTHENTICATE PLAIN ")
			c.Send("P1 BAD what?\r\n")
			if line, more := c.Line(); more {
				t.Errorf("said %q", line)
			}
		}, false},
		"IMAP, the password": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send(imapGreeting)
			c.Expect("P1 AUTHENTICATE PLAIN ")
			c.Send("P1 NO [AUTHENTICATIONFAILED] no\r\n")
			if line, more := c.Line(); more {
				t.Errorf("said %q", line)
			}
		}, false},
		"POP3": {mail.POP3, func(c *mailtest.ScriptConn) {
			c.Send("+OK x\r\n")
			c.Answer("CAPA", "+OK\r\nUIDL\r\nSASL PLAIN\r\n.\r\n")
			c.Answer("AUTH PLAIN ", "-ERR Unrecognized authentication type\r\n")
			c.Answer("USER ali", "+OK\r\n")
			c.Answer("PASS geheim", "+OK\r\n")
			c.Drain()
		}, true},
		"POP3, the password": {mail.POP3, func(c *mailtest.ScriptConn) {
			c.Send("+OK x\r\n")
			c.Answer("CAPA", "+OK\r\nUIDL\r\nUSER\r\nSASL PLAIN\r\n.\r\n")
			c.Answer("AUTH PLAIN ", "-ERR wrong\r\n")
			if line, more := c.Line(); more {
				t.Errorf("said %q", line)
			}
		}, false},
		"SMTP": {"", func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN LOGIN\r\n")
			c.Answer("AUTH PLAIN ", "504 5.7.4 no such type\r\n")
			c.Answer("AUTH LOGIN", "334 VXNlcm5hbWU6\r\n")
			c.Answer("YWxp", "334 UGFzc3dvcmQ6\r\n")
			c.Answer("Z2VoZWlt", "235 in\r\n")
			c.Drain()
		}, true},
		"SMTP, and there is no other": {"", func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN\r\n")
			c.Answer("AUTH PLAIN ", "504 5.7.4 no such type\r\n")
			c.Drain()
		}, false},
		"SMTP, the password": {"", func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN LOGIN\r\n")
			c.Answer("AUTH PLAIN ", "535 5.7.8 wrong\r\n")
			if line, more := c.Line(); more {
				t.Errorf("said %q", line)
			}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.StartScript(t, mailtest.Good, tc.play)
			err := login(t.Context(), tc.protocol, mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS, Username: "ali",
				CAFile: mailtest.CAFile(t), TimeoutSeconds: 20})
			if e := remote.As(err); tc.in != (err == nil) || !tc.in && (e == nil || !e.Closed) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestPromptsInOddForms: what a server asks in a login may come with blanks, without padding, without a word or in plain words.
func TestPromptsInOddForms(t *testing.T) {
	for name, tc := range map[string]struct {
		protocol mail.Protocol
		play     func(c *mailtest.ScriptConn)
	}{
		"imap plain bare plus": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x\r\n")
			c.Expect("P1 AUTHENTICATE PLAIN")
			c.Send("+\r\n")
			c.Expect("AGFsaQBnZWhlaW0=")
			c.Send("P1 OK [CAPABILITY IMAP4rev1] in\r\n")
			c.Drain()
		}},
		"imap plain plus words": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x\r\n")
			c.Expect("P1 AUTHENTICATE PLAIN")
			c.Send("+ Ready for it, please.\r\n")
			c.Expect("AGFsaQBnZWhlaW0=")
			c.Send("P1 OK [CAPABILITY IMAP4rev1] in\r\n")
			c.Drain()
		}},
		"imap login words": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] x\r\n")
			c.Expect("P1 AUTHENTICATE LOGIN")
			c.Send("+ Username:\r\n")
			c.Expect("YWxp")
			c.Send("+ Password:\r\n")
			c.Expect("Z2VoZWlt")
			c.Send("P1 OK [CAPABILITY IMAP4rev1] in\r\n")
			c.Drain()
		}},
		"imap login trailing blank": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] x\r\n")
			c.Expect("P1 AUTHENTICATE LOGIN")
			c.Send("+ VXNlcm5hbWU6 \r\n")
			c.Expect("YWxp")
			c.Send("+ UGFzc3dvcmQ6 \r\n")
			c.Expect("Z2VoZWlt")
			c.Send("P1 OK [CAPABILITY IMAP4rev1] in\r\n")
			c.Drain()
		}},
		"imap login unpadded": {mail.IMAP, func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] x\r\n")
			c.Expect("P1 AUTHENTICATE LOGIN")
			c.Send("+ VXNlciBOYW1lAA\r\n")
			c.Expect("YWxp")
			c.Send("+ UGFzc3dvcmQA\r\n")
			c.Expect("Z2VoZWlt")
			c.Send("P1 OK [CAPABILITY IMAP4rev1] in\r\n")
			c.Drain()
		}},
		"smtp login words": {"", func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH LOGIN\r\n")
			c.Answer("AUTH LOGIN", "334 Username:\r\n")
			c.Answer("YWxp", "334 Password:\r\n")
			c.Answer("Z2VoZWlt", "235 in\r\n")
			c.Drain()
		}},
		"smtp 235 multi": {"", func(c *mailtest.ScriptConn) {
			c.Send("220 x\r\n")
			c.Answer("EHLO", "250-x\r\n250 AUTH=LOGIN PLAIN\r\n")
			c.Answer("AUTH PLAIN", "235-2.7.0 hello\r\n235 2.7.0 in\r\n")
			c.Drain()
		}},
		"smtp helo only": {"", func(c *mailtest.ScriptConn) {
			c.Send("220-x\r\n220-y\r\n220 z\r\n")
			c.Answer("EHLO", "250-x\r\n250-SIZE 0\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE\r\n250 \r\n")
			c.Answer("AUTH PLAIN", "235\r\n")
			c.Drain()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.StartScript(t, mailtest.Good, tc.play)
			err := login(t.Context(), tc.protocol, mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS, Username: "ali",
				CAFile: mailtest.CAFile(t), TimeoutSeconds: 20})
			if err != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

// login opens a session and ends it.
func login(ctx context.Context, protocol mail.Protocol, srv mail.Server) error {
	var c interface{ Close() error }
	var err error
	switch protocol {
	case mail.IMAP:
		c, err = imap.Dial(ctx, imap.Config{Server: srv, Password: "geheim"})
	case mail.POP3:
		c, err = pop3.Dial(ctx, pop3.Config{Server: srv, Password: "geheim"})
	default:
		c, err = smtp.Dial(ctx, smtp.Config{Server: srv, Password: "geheim"})
	}
	if err == nil {
		c.Close()
	}
	return err
}

// TestNoWeakerLoginInTheOpen: without encryption, who has allowed that the password is shown does so where the server has nothing better. A server
// that offers better and refuses it, or somebody between who says so, is not shown the password for that.
func TestNoWeakerLoginInTheOpen(t *testing.T) {
	for _, no := range []string{"504 5.7.4 no such type", "535 5.7.8 unsupported", "500 what?"} {
		for _, better := range []string{"SCRAM-SHA-256", "CRAM-MD5"} {
			s := mailtest.StartScript(t, "", func(c *mailtest.ScriptConn) {
				c.Send("220 x\r\n")
				c.Answer("EHLO", "250-x\r\n250 AUTH PLAIN LOGIN "+better+"\r\n")
				for line, more := c.Line(); more; line, more = c.Line() {
					if strings.HasPrefix(line, "AUTH PLAIN") || strings.HasPrefix(line, "AUTH LOGIN") {
						t.Errorf("%s refused with %q, then it said %q", better, no, line)
					}
					if strings.HasPrefix(line, "EHLO") {
						c.Send("250-x\r\n250 AUTH PLAIN LOGIN " + better + "\r\n")
					} else {
						c.Send(no, "\r\n")
					}
				}
			})
			err := login(t.Context(), "", mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.SecurityNone, Username: "ali", AllowPlaintext: true, TimeoutSeconds: 20})
			if err == nil {
				t.Errorf("%s: logged in", better)
			}
		}
	}
}
