package pop3

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

const (
	maxStatus  = 8 << 10  // bytes of a status line; RFC 2449 §4 allows 512
	maxCapaRow = 200      // lines of a CAPA answer
	bufferSize = 64 << 10 // also the longest line of a list
)

// wire is the connection as the library sees it. Reads by the library give one status line at a time, checked before;
// everything else is read here. Not for concurrent use, except Close.
type wire struct {
	conn    *dial.Conn
	br      *bufio.Reader
	secret  string
	refusal []byte // the text of the last -ERR
	pending []byte // of the line the library is reading
	greeted bool   // the library got its greeting
	ahead   string // commands to send along with the login; "" once they were
	bareLF  bool   // this server ends its lines with a bare LF
	stuffs  bool   // this server has been seen to stuff dots
}

func newWire(conn *dial.Conn, secret string) *wire {
	return &wire{conn: conn, br: bufio.NewReaderSize(conn, bufferSize), secret: secret}
}

// Read gives the library its greeting, then a status line.
func (w *wire) Read(p []byte) (int, error) {
	if len(w.pending) == 0 {
		if !w.greeted {
			w.greeted = true
			w.pending = []byte("+OK\r\n")
		} else {
			ok, text, err := w.status("")
			if err != nil {
				return 0, err
			}
			if ok {
				w.pending = append([]byte("+OK "), text...)
			} else {
				w.refusal = append([]byte{}, text...)
				w.pending = append([]byte("-ERR "), text...)
			}
			w.pending = append(w.pending, '\r', '\n')
		}
	}
	n := copy(p, w.pending)
	w.pending = w.pending[n:]
	return n, nil
}

// Write sends a command of the library's.
func (w *wire) Write(p []byte) (int, error) { return w.conn.Write(p) }

// Close closes the connection.
func (w *wire) Close() error { return w.conn.Close() }

// The rest of net.Conn.
func (w *wire) LocalAddr() net.Addr                { return w.conn.LocalAddr() }
func (w *wire) RemoteAddr() net.Addr               { return w.conn.RemoteAddr() }
func (w *wire) SetDeadline(t time.Time) error      { return w.conn.SetDeadline(t) }
func (w *wire) SetReadDeadline(t time.Time) error  { return w.conn.SetReadDeadline(t) }
func (w *wire) SetWriteDeadline(t time.Time) error { return w.conn.SetWriteDeadline(t) }

// status reads a status line: "+OK" or "-ERR" in any case, and "+ " during AUTH. Anything else means that the two sides
// no longer talk about the same thing.
func (w *wire) status(step string) (ok bool, text []byte, err error) {
	w.conn.NewAnswer()
	line, err := w.line()
	if err != nil {
		return false, nil, err
	}
	if len(line) > maxStatus {
		return false, nil, dial.ErrTooLong
	}
	word, rest, _ := bytes.Cut(line, []byte(" "))
	switch {
	case bytes.EqualFold(word, []byte("+OK")):
		return true, bytes.TrimSpace(rest), nil
	case bytes.EqualFold(word, []byte("-ERR")):
		return false, bytes.TrimSpace(rest), nil
	}
	return false, nil, w.conn.Protocol(orAnswer(step), "the server sent %q where its answer to a command should be; the session was ended", w.quoted(line))
}

// quoted is the beginning of what the server said, fit to be shown.
func (w *wire) quoted(line []byte) string {
	words := dial.Hide(string(line), w.secret)
	return dial.Clean(words[:min(len(words), 80)])
}

func orAnswer(step string) string {
	if step == "" {
		return "answer"
	}
	return step
}

// line reads a line of at most bufferSize bytes without its end. It is valid until the next read.
func (w *wire) line() ([]byte, error) {
	line, err := w.br.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, dial.ErrTooLong
	}
	if err != nil {
		if err == io.EOF && len(line) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	w.bareLF = !bytes.HasSuffix(line, []byte("\r\n"))
	return bytes.TrimSuffix(line[:len(line)-1], []byte("\r")), nil
}

// rows reads a multi-line answer, at most max lines and bytes of it, and hands each line to fn with dot-stuffing removed.
func (w *wire) rows(max int, bytes int64, fn func(line []byte) error) error {
	for n := 0; ; n++ {
		line, err := w.line()
		if err != nil {
			return err
		}
		if bytes -= int64(len(line)); bytes < 0 {
			return dial.ErrTooLong
		}
		if len(line) > 0 && line[0] == '.' {
			if len(line) == 1 {
				return nil
			}
			line = line[1:]
		}
		if n >= max {
			return malformed(fmt.Sprintf("the server sent more than the %d lines it should", max))
		}
		if err := fn(line); err != nil {
			return err
		}
	}
}

// malformed is an answer that makes no sense.
type malformed string

func (m malformed) Error() string { return string(m) }

// talk sends a command before the library is there, and reads its status line. A refusal is a *remote.Error.
func (w *wire) talk(step, command string) (string, error) {
	if err := w.send(step, command); err != nil {
		return "", err
	}
	return w.reply(step)
}

// send sends a command before the library is there.
func (w *wire) send(step, command string) error {
	if _, err := io.WriteString(w.conn, command+"\r\n"); err != nil {
		return w.fail(step, err)
	}
	return nil
}

// reply reads the status line of an answer. A refusal is a *remote.Error.
func (w *wire) reply(step string) (string, error) {
	ok, text, err := w.status(step)
	if err != nil {
		return "", w.fail(step, err)
	}
	if !ok {
		return "", w.refused(step, text)
	}
	return string(text), nil
}

// greeting returns its text.
func (w *wire) greeting() (string, error) {
	ok, text, err := w.status("greeting")
	if err != nil {
		return "", w.fail("greeting", err)
	}
	if !ok {
		return "", w.refused("greeting", text)
	}
	return string(text), nil
}

// capa asks for the capabilities; nil when the server knows no CAPA.
func (w *wire) capa() (map[string]string, error) {
	if err := w.send("capa", "CAPA"); err != nil {
		return nil, err
	}
	return w.capaAnswer()
}

// capaAnswer reads the answer to CAPA; nil when it was refused.
func (w *wire) capaAnswer() (map[string]string, error) {
	if _, err := w.reply("capa"); err != nil {
		if remote.As(err).Closed {
			return nil, err
		}
		return nil, nil
	}
	var lines []string
	err := w.rows(maxCapaRow, loginBudget, func(line []byte) error {
		lines = append(lines, string(line))
		return nil
	})
	if err != nil {
		return nil, w.fail("capa", err)
	}
	return capaOf(lines), nil
}

// stls encrypts the connection. A server that says it has no STLS is not asked; one without CAPA is.
func (w *wire) stls(ctx context.Context, caps map[string]string) error {
	if _, ok := caps["STLS"]; caps != nil && !ok {
		return w.conn.NoSTARTTLS()
	}
	if _, err := w.talk("tls", "STLS"); err != nil {
		if !remote.As(err).Closed {
			return w.conn.NoSTARTTLS()
		}
		return err
	}
	if w.br.Buffered() > 0 {
		return w.conn.Injected()
	}
	return w.conn.StartTLS(ctx)
}

// fail makes a *remote.Error of an error that ended the session.
func (w *wire) fail(step string, err error) *remote.Error {
	var m malformed
	if errors.As(err, &m) {
		return w.conn.Protocol(step, "the server's answer is not to be trusted: %w", m)
	}
	e := w.conn.Fail(step, err)
	e.Closed = true
	return e
}

// refused makes a *remote.Error of an -ERR. Response codes: RFC 2449 §8, RFC 3206.
func (w *wire) refused(step string, text []byte) *remote.Error {
	words := dial.Hide(string(text), w.secret) // some servers repeat the command they did not like
	e := &remote.Error{Host: w.conn.Addr(), Step: step, Kind: mail.ProblemServer, Text: dial.Clean(words)}
	if e.Text == "" {
		e.Text = "the server refused"
	}
	upper := strings.ToUpper(words)
	login := step == "login" || step == "greeting"
	switch {
	case strings.HasPrefix(upper, "[SYS/TEMP]"), strings.HasPrefix(upper, "[LOGIN-DELAY]"):
		e.Why = mail.CodeLater
		e.Advice = "The server asks to wait; it will be tried again later."
	case strings.HasPrefix(upper, "[SYS/PERM]"):
		e.Permanent = true
	case strings.HasPrefix(upper, "[IN-USE]"), login && inUse(upper):
		e.Why = mail.CodeBusy
		e.Advice = "Another program is reading this mailbox at the moment; it will be tried again later."
	case login && passes(upper):
		e.Why = mail.CodeLater
		e.Advice = "The server asks to wait; it will be tried again later."
	case step == "login":
		e.Kind, e.Permanent = mail.ProblemAuth, true
		e.Advice = "Check the user name and the password."
	}
	if step == "login" {
		dial.ExplainLogin(e, "")
	}
	e.RetryAfter = dial.RetryAfter(e.Text)
	e.Closed = login
	return w.conn.Hearsay(e)
}

// inUse recognises that another program has the maildrop, of servers without response codes. An account that is locked or blocked is another
// matter, and is locked the longer the more often it is tried.
func inUse(upper string) bool {
	locked := strings.Contains(strings.ReplaceAll(upper, "BLOCK", ""), "LOCK")
	account := strings.HasPrefix(upper, "[AUTH]") || strings.Contains(upper, "ACCOUNT") || strings.Contains(upper, "USER")
	for _, w := range []string{"DROP", "BOX", "SESSION", "ANOTHER", "PROCESS"} {
		account = account && !strings.Contains(upper, w)
	}
	return locked && !account || strings.Contains(upper, "IN USE") || strings.Contains(upper, "BUSY")
}

// passes recognises refusals at login that are not about the password, of servers without response codes.
func passes(upper string) bool {
	for _, w := range []string{"TRY AGAIN LATER", "TEMPORAR", "SERVER UNAVAILABLE", "TOO MANY", "RATE LIMIT"} {
		if strings.Contains(upper, w) {
			return true
		}
	}
	return false
}
