package smtp

import (
	"context"
	"encoding/base64"
	"errors"
	"net/textproto"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/accounts/sasl"
	"peyk/internal/mail"
)

const (
	// hello is what we call ourselves. The address literal of loopback is valid (RFC 5321 §4.1.3) and, unlike the name or
	// the address of this computer, tells the server nothing about it.
	hello = "[127.0.0.1]"
	// maxReply bounds the answer to one command.
	maxReply = 256 << 10
	// finalWait is how long a server may think about a whole message (RFC 5321 §4.5.3.2.6).
	finalWait = 10 * time.Minute
)

// Config is what a session needs.
type Config struct {
	Server   mail.Server
	Password string // or the access token for XOAUTH2 and OAUTHBEARER; unused with mail.AuthNone
}

// Client is a session with a sending server; it implements remote.Sender. Send is for one goroutine at a time; Close and
// Capabilities may be called by any.
type Client struct {
	conn   *dial.Conn
	lib    *gosmtp.Client
	under  *seam // what lib reads and writes
	secret string
	// offersTLS: the session was brought under encryption by STARTTLS.
	offersTLS bool

	verb sync.Mutex
	over atomic.Bool
}

var _ remote.Sender = (*Client)(nil)

// Dial connects, encrypts and logs in. With SecurityNone, STARTTLS is used where it is offered; no password is sent
// without it unless the account allows that.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	c, err := connect(ctx, cfg, true)
	e := remote.As(err)
	if e == nil || e.Cert == nil || cfg.Server.Security != mail.SecurityNone {
		return c, err
	}
	// Encryption was a bonus that the settings do not ask for. Where nothing secret is at stake, or the user allowed that
	// it crosses unencrypted, a certificate that fits nobody does not take away what would be done without STARTTLS.
	// Unless it was encrypted before: then this may be somebody who wants to read along.
	if !cfg.Server.OfferedTLS && (cfg.Server.Auth == mail.AuthNone || cfg.Server.AllowPlaintext) {
		return connect(ctx, cfg, false)
	}
	return nil, err
}

func connect(ctx context.Context, cfg Config, opportunistic bool) (*Client, error) {
	ctx, cancel := dial.LoginContext(ctx, cfg.Server)
	defer cancel()
	conn, err := dial.Dial(ctx, cfg.Server, dial.Options{Protocol: dial.SMTP})
	if err != nil {
		return nil, err
	}
	release := conn.Bind(ctx)
	defer release()
	c := &Client{conn: conn, secret: cfg.Password}
	if err := c.setup(ctx, cfg, opportunistic); err != nil {
		c.over.Store(true)
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *Client) setup(ctx context.Context, cfg Config, opportunistic bool) error {
	under := &seam{Conn: c.conn}
	c.conn.SetBudget(maxReply)
	if !c.conn.Encrypted() && (opportunistic || cfg.Server.Security == mail.SecuritySTARTTLS) {
		demanded := cfg.Server.Security == mail.SecuritySTARTTLS || cfg.Server.OfferedTLS
		if err := startTLS(ctx, c.conn, demanded); err != nil {
			return err
		}
		c.offersTLS = c.conn.Encrypted()
		// Encrypted or not, the library begins anew, with a greeting of ours.
		under.first = []byte("220 ready\r\n")
	}
	c.lib, c.under = gosmtp.NewClient(under), under
	c.lib.CommandTimeout, c.lib.SubmissionTimeout = finalWait, finalWait // the connection has its own, shorter deadlines
	c.conn.SetBudget(maxReply)
	if err := c.lib.Hello(hello); err != nil {
		return c.why("greeting", err)
	}
	if cfg.Server.Auth == mail.AuthNone {
		return nil
	}
	under.login = true
	defer func() { under.login = false }()
	return c.login(cfg)
}

// login tries the mechanism that fits best, and the next one where the server does not have what it offers.
func (c *Client) login(cfg Config) error {
	srv, offered := cfg.Server, c.mechanisms()
	var refused error
	var without []string
	for {
		client, name, err := sasl.Choose(sasl.Login{Method: srv.Auth, Username: srv.Username, Password: cfg.Password, Host: srv.Host, Port: srv.Port,
			Encrypted: c.conn.Encrypted(), AllowPlaintext: srv.AllowPlaintext, Offered: offered, Refused: without})
		if err != nil && refused != nil {
			return refused
		}
		if err != nil {
			e := remote.As(err)
			e.Host, e.Closed = c.conn.Addr(), true
			return e
		}
		c.conn.SetBudget(maxReply)
		m := &mechanism{Client: client}
		err = c.lib.Auth(m)
		if err == nil {
			m.err = sasl.Finish(client)
			err = m.err
		}
		if err == nil {
			return nil
		}
		if refused = c.loginError(err, m.err); m.err != nil || !wrongMethod(err) {
			return refused
		}
		without = append(without, name)
	}
}

// wrongMethod reports whether a login was refused for its mechanism (RFC 4954 §4: 504; some do not know the command) and not for its password.
func wrongMethod(err error) bool {
	var r *gosmtp.SMTPError
	return errors.As(err, &r) && (r.Code == 504 || r.Code == 500 || r.Code == 502 || r.Code/100 == 5 && dial.WrongMethod(r.Message))
}

// mechanism remembers that it was the login itself that failed, and not the connection.
type mechanism struct {
	sasl.Client
	err error
}

// Next answers a challenge.
func (m *mechanism) Next(challenge []byte) ([]byte, error) {
	resp, err := m.Client.Next(challenge)
	m.err = err
	return resp, err
}

// loginError explains a login that failed. failed is what the mechanism said.
func (c *Client) loginError(err, failed error) error {
	e := c.why("login", err)
	var refusal *gosmtp.SMTPError
	switch {
	case failed != nil:
		e.Kind, e.Permanent, e.Err = mail.ProblemAuth, true, failed
		e.Advice = "Check the user name, the password and the authentication method."
	case errors.As(err, &refusal) && refusal.Code < 400: // neither yes nor no: the password is not to blame
		e.Kind = mail.ProblemProtocol
	case errors.As(err, &refusal) && refusal.Code/100 == 4:
		e.Why = mail.CodeLater
		e.Advice = "The server cannot check the password at the moment; it will be tried again."
	case errors.As(err, &refusal):
		e.Kind, e.Permanent = mail.ProblemAuth, true
		e.Advice = "Check the user name, the password and the authentication method."
		dial.ExplainLogin(e, "")
	}
	e.Closed = true
	return e
}

// mechanisms are the login mechanisms the server names, also in the form "AUTH=LOGIN" that very old ones use.
func (c *Client) mechanisms() []string {
	_, list := c.lib.Extension("AUTH")
	out := strings.Fields(list)
	for _, m := range []string{"LOGIN", "PLAIN"} {
		if ok, more := c.lib.Extension("AUTH=" + m); ok {
			out = append(append(out, m), strings.Fields(more)...)
		}
	}
	return out
}

// Capabilities says what the server can do.
func (c *Client) Capabilities() mail.Capabilities {
	caps := mail.Capabilities{SASL: c.mechanisms()}
	caps.UTF8, _ = c.lib.Extension("SMTPUTF8")
	caps.Pipelining, _ = c.lib.Extension("PIPELINING")
	caps.MaxMessage = c.maxMessage()
	for _, name := range []string{"8BITMIME", "AUTH", "BINARYMIME", "CHUNKING", "DSN", "ENHANCEDSTATUSCODES", "PIPELINING", "REQUIRETLS", "SIZE", "SMTPUTF8", "STARTTLS"} {
		if ok, args := c.lib.Extension(name); ok {
			caps.Raw = append(caps.Raw, strings.TrimSpace(name+" "+dial.Clean(args)))
		}
	}
	return caps
}

// maxMessage is the largest message the server takes, bytes; 0 when it names no limit.
func (c *Client) maxMessage() int64 {
	if limit, ok := c.lib.MaxMessageSize(); ok && limit > 0 {
		return int64(limit)
	}
	return 0
}

// OffersTLS reports whether the server offered STARTTLS and kept the promise.
func (c *Client) OffersTLS() bool { return c.offersTLS }

// Security says how the session is protected: "TLS 1.3".
func (c *Client) Security() string { return c.conn.Security() }

// Close ends the session with a farewell when nothing is being sent. Any goroutine, more than once.
func (c *Client) Close() error {
	if c.over.Load() || !c.verb.TryLock() {
		c.over.Store(true)
		return c.conn.Close()
	}
	defer c.verb.Unlock()
	if c.over.Swap(true) {
		return nil
	}
	c.conn.SetIdle(2 * time.Second)
	c.conn.SetBudget(maxReply)
	c.lib.Quit() // its answer does not matter
	return c.conn.Close()
}

// why makes a *remote.Error of an error of the library's.
func (c *Client) why(step string, err error) *remote.Error {
	var refusal *gosmtp.SMTPError
	if errors.Is(err, gosmtp.ErrTooLongLine) {
		err = dial.ErrTooLong
	}
	if !errors.As(err, &refusal) {
		e := c.conn.Fail(step, err)
		if nonsense(err) {
			e.Kind = mail.ProblemProtocol
			if words := err.Error(); dial.Hide(words, c.secret) != words {
				e.Err = errors.New(dial.Hide(words, c.secret))
			}
		}
		e.Closed = true
		return e
	}
	e := &remote.Error{Host: c.conn.Addr(), Step: step, Kind: mail.ProblemServer, Code: refusal.Code, Text: c.words(refusal),
		Permanent: refusal.Code/100 == 5}
	switch code := refusal.Code; {
	case code == 421:
		e.Closed, e.Why = true, mail.CodeLater
		e.Advice = "The server is closing its door for now; it will be tried again."
	case code == 538, code == 530 && strings.Contains(strings.ToUpper(e.Text), "STARTTLS"): // RFC 3207 §4: it must be said first
		e.Kind, e.Advice = mail.ProblemConfig, "The server wants encryption: choose TLS or STARTTLS."
	case code == 530:
		e.Why = mail.CodeNeedsLogin
		e.Kind, e.Advice = mail.ProblemAuth, "The server wants a login: set a user name and a password for sending."
	}
	explain(e, refusal.EnhancedCode)
	return e
}

// nonsense recognises an answer that is not SMTP or that nobody asked for, or a challenge that is not base64.
func nonsense(err error) bool {
	var protocol textproto.ProtocolError
	var corrupt base64.CorruptInputError
	return errors.As(err, &protocol) || errors.As(err, &corrupt) || errors.Is(err, errUnasked) || errors.Is(err, errMixed)
}

// explain completes a refusal by its enhanced status code (RFC 3463) and its words.
func explain(e *remote.Error, code gosmtp.EnhancedCode) {
	e.RetryAfter = dial.RetryAfter(e.Text)
	switch {
	case e.Why != "":
	case recipient(code) != "":
		e.Why = recipient(code)
	case e.Code/100 == 4:
		e.Why = mail.CodeLater
		e.Advice = "The server asks to wait; it will be tried again."
	case code == gosmtp.EnhancedCode{5, 3, 4}, code == gosmtp.EnhancedCode{5, 2, 3}, e.Code == 552 && strings.Contains(strings.ToLower(e.Text), "size"):
		e.Why = mail.CodeTooBig
		e.Advice = "Send fewer or smaller attachments."
	case strings.Contains(e.Text, "SendAsDenied"), code == gosmtp.EnhancedCode{5, 7, 60}:
		e.Why = mail.CodeNotAllowed
		e.Advice = "The server does not let this account send under this address: choose another sender."
	}
}

// recipient is what the enhanced code of a refusal says of its recipient (RFC 3463 §3.2, §3.3, §3.8): there is none, it is full,
// or the server's policy is against it; "" for anything else.
func recipient(code gosmtp.EnhancedCode) mail.ProblemCode {
	switch [2]int{code[0], code[1]} {
	case [2]int{5, 1}:
		if code[2] <= 4 || code[2] == 6 || code[2] == 10 {
			return mail.CodeNoRecipient
		}
	case [2]int{5, 7}:
		if code[2] <= 2 {
			return mail.CodePolicy
		}
	case [2]int{4, 2}, [2]int{5, 2}:
		switch {
		case code[2] == 2:
			return mail.CodeRecipientFull
		case code[2] == 1 && code[0] == 5:
			return mail.CodeNoRecipient
		}
	}
	return ""
}

// words are the server's, with its enhanced code and without our secret.
func (c *Client) words(r *gosmtp.SMTPError) string {
	text := dial.Hide(r.Message, c.secret)
	if code := r.EnhancedCode; code != (gosmtp.EnhancedCode{}) && code != gosmtp.NoEnhancedCode && code != gosmtp.EnhancedCodeNotSet {
		text = enhanced(code) + " " + text
	}
	return dial.Clean(text)
}
