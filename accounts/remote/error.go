package remote

import (
	"errors"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// Error is every failure of a session, with what the engine and a user need to know: where, during what, whether trying
// again can help, and what to do. Text never holds a secret.
type Error struct {
	Host string // host:port
	Step string // what was tried: "connect", "tls", "greeting", "login", "select INBOX", "rcpt a@b", …
	Kind mail.ProblemKind
	// Permanent: trying the same again cannot help (the server refused it, the password is wrong).
	Permanent bool
	// Closed: the session is gone; open a new one.
	Closed bool
	// Uncertain: the request may have been carried out (SMTP after the final dot, POP3 QUIT, a lost APPEND reply).
	Uncertain bool
	// RetryAfter is how long the server asks to be left alone; 0: it did not say.
	RetryAfter time.Duration
	// Held is set by the engine when a server refused a password: before it, the same one is not tried again by itself.
	Held time.Time
	Code int    // SMTP or 0
	Text string // the server's own words, cleaned
	// Why and Args are the cause and the advice as mail.Problem has them; "" when only Kind is known.
	Why    mail.ProblemCode
	Args   []string
	Advice string // what to do, one sentence; may be empty
	Cert   *mail.CertificateProblem
	Err    error
}

func (e *Error) Error() string {
	s := e.Step
	if e.Host != "" {
		s = e.Host + ": " + s
	}
	switch {
	case e.Text != "" && e.Code != 0:
		s = fmt.Sprintf("%s: %d %s", s, e.Code, e.Text)
	case e.Text != "":
		s += ": " + e.Text
	case e.Err != nil:
		s += ": " + e.Err.Error()
	}
	if e.Advice != "" {
		s += " (" + e.Advice + ")"
	}
	return s
}

// Said is what the server said, with the number of SMTP; "" when no server spoke.
func (e *Error) Said() string {
	switch {
	case e.Host == "" || e.Text == "":
		return ""
	case e.Code != 0:
		return fmt.Sprintf("%d %s", e.Code, e.Text)
	}
	return e.Text
}

// Problem is the error for a window, without an account and without sentences.
func (e *Error) Problem() *mail.Problem {
	return &mail.Problem{RetryAfter: e.RetryAfter, Held: e.Held, Kind: e.Kind, Code: e.Why, Args: e.Args, Where: e.Host, Said: e.Said(), Certificate: e.Cert}
}

func (e *Error) Unwrap() error { return e.Err }

// As returns the *Error in err's chain, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// IsPermanent reports whether trying again cannot help. Errors of other kinds count as transient.
func IsPermanent(err error) bool {
	e := As(err)
	return e != nil && e.Permanent
}

// ErrUnsupported is returned for a verb that the server has no way to do; check Capabilities first.
var ErrUnsupported = errors.New("the server cannot do this")
