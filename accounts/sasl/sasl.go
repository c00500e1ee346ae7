// Package sasl logs in: it holds the client side of the mechanisms mail servers offer and chooses among them. The
// mechanisms are go-sasl clients, so that each protocol can drive them in its own framing.
//
// PLAIN (RFC 4616), LOGIN (draft-murchison-sasl-login), CRAM-MD5 (RFC 2195), SCRAM-SHA-256 (RFC 5802, RFC 7677),
// OAUTHBEARER (RFC 7628) and Google's XOAUTH2. Mechanisms that show the secret to the server are never used on a
// connection without TLS unless the account allows that.
package sasl

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Client is one login attempt; see go-sasl.
type Client = sasl.Client

// Login is what is needed to choose a mechanism and to log in with it.
type Login struct {
	Method   mail.AuthMethod // "" is AuthAuto
	Username string
	Password string // or the access token, for the OAuth mechanisms
	Host     string // for OAUTHBEARER
	Port     int
	// Encrypted says that TLS is on; AllowPlaintext, that the user wants to log in even without it.
	Encrypted      bool
	AllowPlaintext bool
	// Offered are the mechanisms the server named, in any case.
	Offered []string
	// Refused are those of them that it has refused since, in upper case. They are not chosen again, and count as offered all the same: the password is
	// not shown in the open because something better was refused.
	Refused []string
}

// mechanism is a row of the table Choose works with.
type mechanism struct {
	name    string
	method  mail.AuthMethod
	secret  bool // the server, and who listens without TLS, sees the secret
	auto    bool
	problem func(l Login) string
	make    func(l Login) (Client, error)
}

// The order is the one of AuthAuto over TLS: where the connection is protected and the server verified, PLAIN is one
// round trip and works whatever way the server keeps its passwords. Without TLS only the challenge-response mechanisms
// are left, and the stronger comes first.
var mechanisms = []mechanism{
	{"PLAIN", mail.AuthPlain, true, true, nul, func(l Login) (Client, error) { return sasl.NewPlainClient("", l.Username, l.Password), nil }},
	{"LOGIN", mail.AuthLogin, true, true, nul, newLogin},
	{"SCRAM-SHA-256", mail.AuthSCRAMSHA256, false, true, nul, newSCRAM},
	{"CRAM-MD5", mail.AuthCRAMMD5, false, true, nul, newCRAM},
	{"OAUTHBEARER", mail.AuthOAuthBearer, true, false, control, newOAuthBearer},
	{"XOAUTH2", mail.AuthXOAUTH2, true, false, control, newXOAUTH2},
}

func nul(l Login) string {
	if strings.ContainsAny(l.Username+l.Password, "\x00\r\n") {
		return "the user name or the password holds a character that cannot be sent"
	}
	return ""
}

func control(l Login) string {
	if strings.ContainsAny(l.Username+l.Password, "\x00\x01\r\n") {
		return "the user name or the access token holds a character that cannot be sent"
	}
	return ""
}

// Choose makes the client for the best mechanism. Failures are *remote.Error without Host: ProblemPlaintext when only
// mechanisms are offered that would show the password, ProblemConfig when the chosen method is not offered.
func Choose(l Login) (c Client, name string, err error) {
	offered := map[string]bool{}
	for _, m := range l.Offered {
		offered[strings.ToUpper(m)] = true
	}
	method := l.Method
	if method == "" {
		method = mail.AuthAuto
	}
	if l.Username == "" && method != mail.AuthNone {
		return nil, "", &remote.Error{Step: "login", Kind: mail.ProblemConfig, Permanent: true, Why: mail.CodeNoUser,
			Err: fmt.Errorf("no user name is set"), Advice: "Enter the user name in the account's server settings."}
	}
	exposed := false
	for _, m := range mechanisms {
		if m.method != method && !(method == mail.AuthAuto && m.auto) || !offered[m.name] || slices.Contains(l.Refused, m.name) {
			continue
		}
		if m.secret && !l.Encrypted && (!l.AllowPlaintext || method == mail.AuthAuto && (offered["SCRAM-SHA-256"] || offered["CRAM-MD5"])) {
			exposed = exposed || !l.AllowPlaintext
			continue
		}
		if p := m.problem(l); p != "" {
			return nil, "", &remote.Error{Step: "login", Kind: mail.ProblemAuth, Permanent: true, Why: mail.CodeCharacters, Err: fmt.Errorf("%s", p), Advice: "Enter them again."}
		}
		c, err := m.make(l)
		if err != nil {
			return nil, "", &remote.Error{Step: "login", Kind: mail.ProblemAuth, Permanent: true, Err: err}
		}
		return c, m.name, nil
	}
	if exposed {
		return nil, "", &remote.Error{Step: "login", Kind: mail.ProblemPlaintext, Permanent: true,
			Why:    mail.CodePlaintext,
			Err:    fmt.Errorf("the connection is not encrypted, so the password was not sent"),
			Advice: "Choose TLS or STARTTLS; only if the server has neither, allow an unencrypted password for this account."}
	}
	return nil, "", notOffered(method, l.Offered)
}

func notOffered(method mail.AuthMethod, offered []string) error {
	e := &remote.Error{Step: "login", Kind: mail.ProblemConfig, Permanent: true, Why: mail.CodeMethod}
	list := names(offered)
	switch {
	case list == "":
		e.Err = fmt.Errorf("the server offers no way to log in")
		e.Advice = "Check the port and the security; many servers offer a login only after encryption began. A relay without login wants the method \"none\"."
	case method == mail.AuthAuto:
		e.Err = fmt.Errorf("the server offers only %s, which a password does not fit", list)
		e.Advice = "If it takes an access token, choose xoauth2 or oauthbearer as the method; some providers have app passwords."
	default:
		e.Err = fmt.Errorf("the server does not offer %s, only %s", strings.ToUpper(string(method)), list)
		e.Advice = "Choose \"auto\" as the authentication method."
	}
	return e
}

// maxNamed is how many mechanisms an error names.
const maxNamed = 20

// names lists what was offered for people to read. What cannot be the name of a mechanism (RFC 4422 section 3.1) is left out: it may be
// anything, also what works a terminal.
func names(offered []string) string {
	var out []string
	for _, m := range offered {
		m = strings.ToUpper(m)
		if m == "" || len(m) > 20 || strings.Trim(m, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			continue
		}
		if len(out) == maxNamed {
			out = append(out, "…")
			break
		}
		out = append(out, m)
	}
	return strings.Join(out, ", ")
}

// Challenge decodes what a server asks in a login. Some add blanks or leave the padding out; LOGIN goes by the order of its prompts, so that one
// in plain words is answered, too.
func Challenge(c Client, said []byte) ([]byte, error) {
	said = bytes.TrimRight(bytes.TrimSpace(said), "=")
	out, err := base64.RawStdEncoding.DecodeString(string(said))
	if _, prompts := c.(*login); err != nil && prompts {
		return said, nil
	}
	return out, err
}

// Finish must be called after the server said that the login succeeded: SCRAM proves the server, too, and a server that
// skips its proof is not believed.
func Finish(c Client) error {
	if s, ok := c.(interface{ verified() error }); ok {
		return s.verified()
	}
	return nil
}
