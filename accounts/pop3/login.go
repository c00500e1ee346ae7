package pop3

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/accounts/sasl"
	"peyk/internal/mail"
)

// login authenticates: by SASL where the server names a mechanism that fits, else with USER and PASS.
func (w *wire) login(cfg Config, caps map[string]string) error {
	srv := cfg.Server
	_, user := caps["USER"]
	plain := srv.Auth == "" || srv.Auth == mail.AuthAuto || srv.Auth == mail.AuthPlain || srv.Auth == mail.AuthLogin
	client, name, err := choose(w.conn, cfg, caps)
	if err == nil {
		ahead := w.ahead
		err = w.auth(client, name)
		if plain && (name == "PLAIN" || name == "LOGIN") && wrongMethod(err) { // the other way shows the server as much
			if err := w.restoreAhead(ahead); err != nil {
				return err
			}
			return w.userPass(srv.Username, cfg.Password)
		}
		return err
	}
	e := remote.As(err)
	if e.Kind == mail.ProblemConfig && srv.Username != "" && plain && (user || len(strings.Fields(caps["SASL"])) == 0) {
		return w.userPass(srv.Username, cfg.Password)
	}
	e.Host, e.Closed = w.conn.Addr(), true
	return e
}

// wrongMethod reports whether the server refused the way of a login and not the password. It says so in words only.
func wrongMethod(err error) bool {
	e := remote.As(err)
	return e != nil && e.Kind == mail.ProblemAuth && !strings.HasPrefix(e.Text, "[") && dial.WrongMethod(e.Text)
}

// choose picks the mechanism.
func choose(conn *dial.Conn, cfg Config, caps map[string]string) (sasl.Client, string, error) {
	srv := cfg.Server
	return sasl.Choose(sasl.Login{Method: srv.Auth, Username: srv.Username, Password: cfg.Password, Host: srv.Host, Port: srv.Port,
		Encrypted: conn.Encrypted(), AllowPlaintext: srv.AllowPlaintext, Offered: strings.Fields(caps["SASL"])})
}

// userPass is the login of RFC 1939 §7: the password in the clear, so only where it may be.
func (w *wire) userPass(user, password string) error {
	if err := dial.PasswordAllowed(w.conn); err != nil {
		return err
	}
	if strings.ContainsAny(user+password, "\r\n\x00") {
		return &remote.Error{Host: w.conn.Addr(), Step: "login", Kind: mail.ProblemAuth, Permanent: true, Closed: true,
			Why: mail.CodeCharacters, Err: errors.New("the user name or the password holds a character that cannot be sent")}
	}
	if _, err := w.talk("login", "USER "+user); err != nil {
		return err
	}
	_, err := w.talk("login", "PASS "+password+w.takeAhead())
	return err
}

// takeAhead gives what is to be sent behind the last command of the login.
func (w *wire) takeAhead() (lines string) {
	if w.ahead != "" {
		lines = "\r\n" + w.ahead
	}
	w.ahead = ""
	return lines
}

// restoreAhead keeps what was sent along with a login that was refused for the next one. The answers to it are refusals and are read, or they would
// be taken for those to that one.
func (w *wire) restoreAhead(lines string) error {
	if lines == "" || w.ahead != "" {
		return nil
	}
	for range strings.Split(lines, "\r\n") {
		if ok, text, err := w.status("login"); err != nil {
			return w.fail("login", err)
		} else if ok {
			return w.conn.Protocol("login", "the server said %q where it should not have let anybody in", w.quoted(text))
		}
	}
	w.ahead = lines
	return nil
}

// auth drives a SASL exchange (RFC 5034 §4).
func (w *wire) auth(client sasl.Client, name string) error {
	command, ir, err := authCommand(client, name)
	if err != nil {
		return w.authFailed(err)
	}
	if name == "PLAIN" && ir == nil {
		command += w.takeAhead() // nothing more will be asked
	}
	if _, err := io.WriteString(w.conn, command+"\r\n"); err != nil {
		return w.fail("login", err)
	}
	for range 10 {
		line, err := w.line()
		if err != nil {
			return w.fail("login", err)
		}
		challenge, more := continuation(line)
		if !more {
			return w.authEnd(client, line)
		}
		resp := ir
		if ir = nil; resp == nil {
			decoded, err := sasl.Challenge(client, challenge)
			if err == nil {
				resp, err = client.Next(decoded)
			}
			if err != nil {
				io.WriteString(w.conn, "*\r\n") // cancels the exchange; the connection is closed next
				return w.authFailed(err)
			}
		}
		if _, err := io.WriteString(w.conn, base64.StdEncoding.EncodeToString(resp)+"\r\n"); err != nil {
			return w.fail("login", err)
		}
	}
	return w.conn.Protocol("login", "the server does not come to an end with the login")
}

// authCommand is the command that begins an exchange, and the first response where it is not in the command.
func authCommand(client sasl.Client, name string) (command string, ir []byte, err error) {
	_, ir, err = client.Start()
	if err != nil {
		return "", nil, err
	}
	command = "AUTH " + name
	if ir != nil {
		first := base64.StdEncoding.EncodeToString(ir)
		if first == "" {
			first = "="
		}
		// Longer commands than 255 bytes are not allowed: the server asks for the response then.
		if len(command)+1+len(first) <= 253 {
			command, ir = command+" "+first, nil
		}
	}
	return command, ir, nil
}

// continuation recognises "+ challenge", and a bare "+".
func continuation(line []byte) ([]byte, bool) {
	if len(line) == 1 && line[0] == '+' {
		return nil, true
	}
	return bytes.CutPrefix(line, []byte("+ "))
}

// authEnd reads the outcome.
func (w *wire) authEnd(client sasl.Client, line []byte) error {
	word, rest, _ := bytes.Cut(line, []byte(" "))
	switch {
	case bytes.EqualFold(word, []byte("+OK")):
		if err := sasl.Finish(client); err != nil {
			return w.authFailed(err)
		}
		return nil
	case bytes.EqualFold(word, []byte("-ERR")):
		return w.refused("login", rest)
	}
	return w.conn.Protocol("login", "the server sent %q during the login", w.quoted(line))
}

func (w *wire) authFailed(err error) error {
	return &remote.Error{Host: w.conn.Addr(), Step: "login", Kind: mail.ProblemAuth, Permanent: true, Closed: true, Err: err,
		Advice: "Check the user name, the password and the authentication method."}
}
