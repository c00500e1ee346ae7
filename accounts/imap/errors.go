package imap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// codeInfo says what a response code (RFC 5530 and others) means for the engine.
type codeInfo struct {
	kind      mail.ProblemKind
	permanent bool
	advice    string
	why       mail.ProblemCode
}

var codes = map[string]codeInfo{
	"AUTHENTICATIONFAILED": {mail.ProblemAuth, true, "Check the user name and the password.", ""},
	"AUTHORIZATIONFAILED":  {mail.ProblemAuth, true, "The password is right, but this user may not use this mailbox.", mail.CodeNotAllowed},
	"EXPIRED":              {mail.ProblemAuth, true, "The password has expired; set a new one with the provider.", mail.CodeExpired},
	"PRIVACYREQUIRED":      {mail.ProblemPlaintext, true, "Choose TLS or STARTTLS in the account's server settings.", mail.CodePlaintext},
	"CONTACTADMIN":         {mail.ProblemServer, true, "The provider asks you to contact them.", ""},
	"WEBALERT":             {mail.ProblemAuth, true, "Sign in once on the provider's web page.", mail.CodeWebLogin},
	"UNAVAILABLE":          {mail.ProblemServer, false, "The server has a problem; it will be tried again.", mail.CodeLater},
	"INUSE":                {mail.ProblemServer, false, "Another program holds the mailbox; it will be tried again.", mail.CodeBusy},
	"SERVERBUG":            {mail.ProblemServer, false, "", ""},
	"LIMIT":                {mail.ProblemServer, false, "A limit of the server was reached; it will be tried again later.", mail.CodeLater},
	"THROTTLED":            {mail.ProblemServer, false, "The server asks for patience; it will be tried again later.", mail.CodeLater},
	"OVERQUOTA":            {mail.ProblemServer, true, "The mailbox on the server is full: delete mail there or get more space.", mail.CodeMailboxFull},
	"TOOBIG":               {mail.ProblemServer, true, "The message is larger than this server takes.", mail.CodeTooBig},
	"ALREADYEXISTS":        {mail.ProblemServer, true, "Choose another name.", mail.CodeExists},
	"NONEXISTENT":          {mail.ProblemServer, true, "The folder is no longer on the server.", mail.CodeGone},
	"TRYCREATE":            {mail.ProblemServer, true, "The folder is not on the server yet: create it first.", mail.CodeGone},
	"NOPERM":               {mail.ProblemServer, true, "The server does not allow this for this folder.", mail.CodeNotAllowed},
	"CANNOT":               {mail.ProblemServer, true, "The server cannot do this; another name may work.", ""},
	"HASCHILDREN":          {mail.ProblemServer, true, "Delete or move the folders inside it first.", mail.CodeHasChildren},
	"CLIENTBUG":            {mail.ProblemProtocol, true, "", ""},
	"CORRUPTION":           {mail.ProblemServer, true, "The mailbox is damaged on the server; tell the provider.", ""},
	"EXPUNGEISSUED":        {mail.ProblemServer, false, "", ""},
	"UNKNOWN-CTE":          {mail.ProblemServer, true, "", ""},
	"BADCHARSET":           {mail.ProblemServer, true, "", ""},
}

// refused turns a NO, BAD or BYE into an error.
func (s *session) refused(step string, st *status) *remote.Error {
	e := &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemServer, Permanent: true, Text: st.text}
	if e.Text == "" {
		e.Text = "the server said " + st.typ
	}
	info, known := codes[st.code]
	if known {
		e.Kind, e.Permanent, e.Advice, e.Why = info.kind, info.permanent, info.advice, info.why
	}
	if e.Permanent && transientWords(st.text) {
		e.Permanent, e.Kind, e.Advice = false, mail.ProblemServer, codes["LIMIT"].advice
		e.Why = mail.CodeLater
	}
	if e.Permanent && !known && goneWords(st.text) {
		e.Why, e.Advice = mail.CodeGone, codes["NONEXISTENT"].advice
	}
	if strings.Contains(strings.ToLower(st.text), "unsafe login") {
		// 163 and its like: the password was right, but this program or this network is not trusted.
		e.Kind, e.Permanent, e.Why = mail.ProblemAuth, true, mail.CodeWebLogin
		e.Advice = "Sign in on the provider's web page and allow mail programs there; a new authorisation code helps, too."
	}
	e.RetryAfter = dial.RetryAfter(st.text)
	switch st.typ {
	case "BAD":
		if !known && e.Permanent {
			e.Kind = mail.ProblemProtocol
		}
	case "BYE":
		e.Closed = true
		e.Permanent = known && info.permanent
	}
	e.Err = &Refusal{Type: st.typ, Code: st.code, Text: st.text}
	return s.w.conn.Hearsay(e)
}

// transientWords recognises refusals that pass, of servers that give no response code for them: limits on connections and
// traffic (Gmail, Yahoo, QQ), and Microsoft's "authenticated but not connected".
func transientWords(text string) bool {
	text = strings.ToLower(text)
	for _, w := range []string{"too many simultaneous", "simultaneous connections", "too many connections", "maximum number of connections",
		"connection limit", "bandwidth limits", "rate limit", "too many login", "try again later", "temporar", "authenticated but not connected",
		"server busy", "system busy", "system is busy", "too frequent", "server unavailable", "timed out", "throttled",
		"waiting for lock", "unable to lock", "mailbox is locked", "mailbox locked"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// goneWords recognises that a mailbox is not there, of servers that give no response code for it: Dovecot, which lists the level above a
// folder like one, and others.
func goneWords(text string) bool {
	text = strings.ToLower(text)
	for _, w := range []string{"mailbox doesn't exist", "mailbox does not exist", "no such mailbox", "nonexistent mailbox", "unknown mailbox", "folder doesn't exist", "no such folder"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// Refusal is the server's answer behind a remote.Error: Type is NO, BAD or BYE; Code is the response code in upper case,
// such as "TRYCREATE", or "".
type Refusal struct{ Type, Code, Text string }

func (r *Refusal) Error() string {
	if r.Code != "" {
		return fmt.Sprintf("%s [%s] %s", r.Type, r.Code, r.Text)
	}
	return r.Type + " " + r.Text
}

// notUnderstood reports whether the server refused a command because of its form, as one does of which something before it, a proxy mostly,
// offers more than it has.
func notUnderstood(err error) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Type == "BAD"
}

// Code gives the response code of a server's refusal in err's chain, or "".
func Code(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// failed turns a failure of the connection into an error and closes it: after a read error, or an answer that cannot be
// framed, what follows would be misunderstood.
func (s *session) failed(step string, err error) *remote.Error {
	s.w.close(err)
	s.unread, s.visits = nil, nil // nothing comes any more
	err = s.w.why(err)
	if e := remote.As(err); e != nil {
		out := *e
		out.Closed = true
		if out.Step == "" {
			out.Step = step
		}
		return &out
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemNetwork, Closed: true, Err: err}
	}
	if isProtocol(err) {
		return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemProtocol, Closed: true, Err: err}
	}
	if errors.Is(err, errClosed) {
		return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemNetwork, Closed: true, Err: err}
	}
	if bye := s.bye; bye != nil {
		return s.refused(step, bye)
	}
	e := *s.w.conn.Fail(step, err)
	e.Closed = true
	return &e
}

func isProtocol(err error) bool {
	for _, p := range []error{errLineTooLong, errLiteralTooLong, errSyntax, errTooMuch, errUnexpected} {
		if errors.Is(err, p) {
			return true
		}
	}
	return false
}

// invalid is an argument that cannot be sent at all.
func (s *session) invalid(step, format string, args ...any) *remote.Error {
	return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemConfig, Permanent: true, Err: fmt.Errorf(format, args...)}
}

var (
	errTooMuch    = errors.New("the server sent far more than was asked for")
	errUnexpected = errors.New("unexpected answer")
	errStill      = fmt.Errorf("%w: the server says again and again that it is still there, and does not come to an end", errUnexpected)
	errUnreadable = fmt.Errorf("%w: the server's data cannot be read", errUnexpected)
)
