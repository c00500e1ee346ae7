package demo

import (
	"errors"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// maxMessage is the SIZE the demo announces (RFC 1870), bytes.
const maxMessage = 25 << 20

func (s *Servers) serveSMTP(l net.Listener) (serve, end func() error) {
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &smtpSession{srv: s}, nil }))
	srv.Domain = "localhost"
	srv.TLSConfig = s.tls
	srv.EnableSMTPUTF8 = true
	srv.MaxMessageBytes = maxMessage
	srv.MaxRecipients = 100
	srv.ReadTimeout = 5 * time.Minute
	srv.WriteTimeout = time.Minute
	srv.AllowInsecureAuth = true // loopback, and the password is public
	srv.ErrorLog = log.New(io.Discard, "", 0)
	return func() error { return srv.Serve(l) }, closeBoth(srv, l)
}

// smtpSession is one connection of a sender.
type smtpSession struct {
	srv    *Servers
	user   string
	from   string
	local  []string // recipients that have a mailbox here
	people []string // recipients that answer by themselves
}

func (c *smtpSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *smtpSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if (username != IMAPUser && username != POP3User) || password != Password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "the demo password is " + Password}
		}
		c.user = username
		return nil
	}), nil
}

func (c *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	if c.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "log in first"}
	}
	c.Reset()
	c.from = from
	return nil
}

func (c *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	addr := strings.ToLower(to)
	switch _, known := c.srv.people[addr]; {
	case addr == IMAPUser || addr == POP3User:
		c.local = append(c.local, addr)
	case known:
		c.people = append(c.people, addr)
	default:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1},
			Message: "no such user: the demo delivers only to " + IMAPUser + ", " + POP3User + " and the people of its sample mail"}
	}
	return nil
}

func (c *smtpSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, maxMessage+1))
	if err != nil {
		return err
	}
	if len(raw) > maxMessage {
		return smtp.ErrDataTooLarge
	}
	for _, addr := range c.local {
		if _, err := c.srv.deliver(addr, raw); err != nil {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "could not be stored: " + oneLine(err)}
		}
	}
	for _, addr := range c.people {
		c.srv.replies.answer(c.srv.people[addr], c.from, raw)
	}
	return nil
}

func (c *smtpSession) Reset()        { c.from, c.local, c.people = "", nil, nil }
func (c *smtpSession) Logout() error { return nil }

func oneLine(err error) string {
	if err == nil {
		err = errors.New("unknown error")
	}
	return strings.NewReplacer("\r", " ", "\n", " ").Replace(err.Error())
}
