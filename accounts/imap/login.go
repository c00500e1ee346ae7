package imap

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"peyk/accounts/dial"
	"peyk/accounts/hint"
	"peyk/accounts/remote"
	"peyk/accounts/sasl"
	"peyk/internal/mail"
)

// login authenticates by SASL where a mechanism fits, else by LOGIN. With a hint that fits, what follows goes along, see loginAhead.
func (s *session) login(ctx, after context.Context, cfg Config, h offers) error {
	trusted, guessed := s.trusts(h, cfg), false
	if g, ok := s.guess(h, cfg); ok {
		h, trusted = g, true
	}
	if s.caps == nil && trusted {
		s.setCaps(strings.Join(h.Login, " "))
		guessed = true
	}
	if s.caps == nil {
		if err := s.askCaps(ctx); err != nil {
			return err
		}
	}
	s.offersTLS = s.offersTLS || s.has("STARTTLS")
	mech, name, err := s.chooseLogin(cfg)
	if err != nil {
		s.w.close(nil)
		if guessed {
			return &hint.Missed{Err: err, Again: true}
		}
		return err
	}
	saslIR := s.has("SASL-IR")
	s.atLogin = s.capsRaw
	once := s.oneStep(mech, name, saslIR, cfg)
	s.simple = once != nil
	if trusted && s.simple {
		return s.loginAhead(ctx, after, cfg, once, h)
	}
	disabled := s.has("LOGINDISABLED")
	s.caps = nil // RFC 9051 §6.2.2: they change with the login
	if mech != nil {
		err = s.authenticate(ctx, mech, saslIR)
	}
	if mech == nil || !disabled && loginInstead(err, name) {
		err = s.plainLogin(ctx, cfg)
	}
	if err != nil {
		return s.loginError(err, cfg)
	}
	return nil
}

// loginInstead reports whether the LOGIN command is to be tried after AUTHENTICATE was refused: where the server does not have the mechanism that it
// offers, which would have shown it the password as well. RFC 9051 §6.2.3 leaves it for that.
func loginInstead(err error, mechanism string) bool {
	var r *Refusal
	if !errors.As(err, &r) || !remote.IsPermanent(err) || mechanism != "PLAIN" && mechanism != "LOGIN" {
		return false
	}
	return r.Type == "BAD" || r.Type == "NO" && (r.Code == "" || r.Code == "CANNOT") && dial.WrongMethod(r.Text)
}

// chooseLogin picks a SASL mechanism; nil means the LOGIN command, which needs no capability (RFC 9051 §6.2.3) and is the
// last resort unless the user chose another method.
func (s *session) chooseLogin(cfg Config) (mech sasl.Client, name string, err error) {
	srv, offered := cfg.Server, s.mechanisms()
	s.offered = offered
	if srv.Auth == mail.AuthNone {
		return nil, "", s.invalid("login", "an IMAP account needs a way to log in")
	}
	mech, name, err = sasl.Choose(sasl.Login{Method: srv.Auth, Username: srv.Username, Password: cfg.Password, Host: srv.Host, Port: srv.Port,
		Encrypted: s.w.conn.Encrypted(), AllowPlaintext: srv.AllowPlaintext, Offered: offered})
	if err == nil {
		return mech, name, nil
	}
	e := remote.As(err)
	if e == nil {
		return nil, "", s.invalid("login", "%w", err)
	}
	e.Host, e.Closed = s.host, true
	command := srv.Auth == "" || srv.Auth == mail.AuthAuto || srv.Auth == mail.AuthLogin || srv.Auth == mail.AuthPlain && len(offered) == 0
	if e.Kind != mail.ProblemConfig || !command || s.has("LOGINDISABLED") || srv.Username == "" {
		return nil, "", e
	}
	return nil, "", dial.PasswordAllowed(s.w.conn)
}

func (s *session) mechanisms() []string {
	var out []string
	for _, c := range s.capsRaw {
		if u := strings.ToUpper(c); strings.HasPrefix(u, "AUTH=") {
			out = append(out, u[len("AUTH="):])
		}
	}
	return out
}

// loginError makes a plain NO at login a matter of the password: few servers send AUTHENTICATIONFAILED.
func (s *session) loginError(err error, cfg Config) error {
	e := remote.As(err)
	if e == nil {
		return err
	}
	var r *Refusal
	if errors.As(e, &r) && r.Type == "NO" && e.Permanent && (r.Code == "" || r.Code == "ALERT") {
		e.Kind, e.Permanent, e.Advice = mail.ProblemAuth, true, codes["AUTHENTICATIONFAILED"].advice
	}
	if r != nil && r.Type == "NO" {
		dial.ExplainLogin(e, "["+r.Code)
	}
	if r != nil && echoes(r.Text, cfg) {
		r.Text = "the server refused the login"
		e.Text = r.Text
	}
	e.Closed = true
	s.w.close(nil)
	return e
}

// echoes reports whether the server's words repeat the password: some quote a command that they do not understand.
func echoes(text string, cfg Config) bool { return dial.Hide(text, cfg.Password) != text }

// plainLogin is the LOGIN command.
func (s *session) plainLogin(ctx context.Context, cfg Config) error {
	user, err1 := quote(cfg.Server.Username)
	pass, err2 := quote(cfg.Password)
	if err1 != nil || err2 != nil {
		return s.invalid("login", "the user name or the password holds a line break")
	}
	_, err := s.run(ctx, &command{step: "login", text: "LOGIN " + user + " " + pass, maxUnits: 1000})
	return err
}

// authenticate is AUTHENTICATE (RFC 9051 §6.2.2) with an initial response where the server takes one (RFC 4959).
func (s *session) authenticate(ctx context.Context, mech sasl.Client, saslIR bool) error {
	name, ir, err := mech.Start()
	if err != nil {
		return s.invalid("login", "%s: %w", name, err)
	}
	text := "AUTHENTICATE " + name
	if ir != nil && saslIR {
		text += " " + encodeIR(ir)
		ir = nil
	}
	var mechErr error
	rounds := 0
	_, err = s.run(ctx, &command{step: "login", text: text, maxUnits: 1000,
		cont: func(data []byte) ([]byte, error) {
			if rounds++; rounds > 20 {
				return nil, fmt.Errorf("%w: the login never ends", errTooMuch)
			}
			if ir != nil {
				out := encodeIR(ir)
				ir = nil
				if out == "=" {
					out = ""
				}
				return []byte(out + "\r\n"), nil
			}
			challenge, err := sasl.Challenge(mech, data)
			if err != nil {
				mechErr = fmt.Errorf("%w: a challenge that is not base64", errUnexpected)
				return []byte("*\r\n"), nil
			}
			reply, err := mech.Next(challenge)
			if err != nil {
				mechErr = err
				return []byte("*\r\n"), nil // cancels, the server answers BAD
			}
			return []byte(base64.StdEncoding.EncodeToString(reply) + "\r\n"), nil
		}})
	if mechErr != nil {
		return &remote.Error{Host: s.host, Step: "login", Kind: mail.ProblemAuth, Permanent: true,
			Closed: true, Err: fmt.Errorf("%s: %w", name, mechErr)}
	}
	if err == nil {
		if ferr := sasl.Finish(mech); ferr != nil {
			return &remote.Error{Host: s.host, Step: "login", Kind: mail.ProblemAuth, Permanent: true, Closed: true, Err: ferr}
		}
	}
	return err
}

// encodeIR encodes an initial response; an empty one is "=".
func encodeIR(ir []byte) string {
	if len(ir) == 0 {
		return "="
	}
	return base64.StdEncoding.EncodeToString(ir)
}

// quote writes a quoted string. 8-bit bytes pass: it is what servers that know them expect, and the only short way.
func quote(v string) (string, error) {
	if strings.ContainsAny(v, "\r\n\x00") {
		return "", fmt.Errorf("%w: a line break in a string", errSyntax)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`, nil
}
