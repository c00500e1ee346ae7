package smtp

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	gosmtp "github.com/emersion/go-smtp"
)

// errUnasked says that the server has said more than it was asked: from there on each answer would be taken for that to another command.
var errUnasked = errors.New("the server sent an answer that nobody asked for")

// errMixed says that the lines of one answer have different codes.
var errMixed = errors.New("the lines of the server's answer have different codes")

// glance is how long it is waited for what should not come: as long as it takes to see what has come already.
const glance = 2 * time.Millisecond

// seam is the connection as the library sees it: with a greeting of ours when the real one was read already. Answers pass it line by
// line, so that nothing of another one lies in the library's buffer, and a command goes out only when there is no answer left that
// nobody asked for (RFC 5321 §4.3.1). Without that a server that says something twice could make a message look sent that it refuses.
type seam struct {
	net.Conn
	first []byte
	login bool // a login is under way

	buf  []byte // came, and is not handed on yet
	line []byte // the first bytes of the line that is being handed on
	code string // of the answer that is being handed on, when another line of it is to follow
}

// Read hands on what has come, up to the end of a line.
func (s *seam) Read(p []byte) (int, error) {
	if len(s.first) > 0 {
		n := copy(p, s.first)
		s.first = s.first[n:]
		return n, nil
	}
	if err := s.begin(); err != nil {
		return 0, err
	}
	n := bytes.IndexByte(s.buf, '\n') + 1
	whole := n > 0 && n <= len(p)
	if n == 0 {
		n = len(s.buf)
	}
	n = copy(p, s.buf[:min(n, len(p))])
	s.line = append(s.line, p[:min(n, max(0, 4-len(s.line)))]...)
	s.buf = s.buf[n:]
	if whole {
		return n, s.passed()
	}
	return n, nil
}

// begin waits for what is to be handed on, at the beginning of a line for its code. The library waits for the blank behind it, which a server
// may leave out together with all words (RFC 5321 §4.2): such a line gets one, or its "yes" to a message would count as none.
func (s *seam) begin() error {
	for len(s.buf) == 0 || len(s.line) == 0 && len(s.buf) < 4 && !bytes.Contains(s.buf, []byte("\n")) {
		if err := s.fill(); err != nil && len(s.buf) == 0 {
			return err
		} else if err != nil {
			break
		}
	}
	if err := s.prompt(); err != nil {
		return err
	}
	if len(s.line) == 0 && len(s.buf) > 3 && (s.buf[3] == '\r' || s.buf[3] == '\n') && isCode(s.buf[:3]) {
		s.buf = slices.Insert(s.buf, 3, ' ')
	}
	return nil
}

// prompt writes a challenge as the library can read it, which ends a login that could go on: without the blanks that some add, with the padding
// that some leave out, and what is in plain words encoded, for mechanisms that go by the order of the prompts.
func (s *seam) prompt() error {
	if !s.login || len(s.line) > 0 || !bytes.HasPrefix(s.buf, []byte("334 ")) {
		return nil
	}
	end := bytes.IndexByte(s.buf, '\n')
	for ; end < 0 && len(s.buf) < maxChallenge; end = bytes.IndexByte(s.buf, '\n') {
		if err := s.fill(); err != nil {
			return err
		}
	}
	if end < 0 {
		return nil // the library says what is wrong with it
	}
	said := bytes.TrimRight(bytes.TrimSpace(s.buf[4:end]), "=")
	if plain, err := base64.RawStdEncoding.DecodeString(string(said)); err == nil {
		said = plain
	}
	rest := s.buf[end+1:]
	s.buf = slices.Concat([]byte("334 "+base64.StdEncoding.EncodeToString(said)+"\r\n"), rest)
	return nil
}

// maxChallenge is how long one may be, bytes; the library takes lines of 2000.
const maxChallenge = 2000

func isCode(b []byte) bool { return len(bytes.Trim(b, "0123456789")) == 0 }

func (s *seam) fill() error {
	b := make([]byte, 4096)
	n, err := s.Conn.Read(b)
	s.buf = append(s.buf, b[:n]...)
	if n > 0 {
		return nil // an error comes again
	}
	return err
}

// passed looks at a line that was handed on. Lines without a code are words of the answer.
func (s *seam) passed() error {
	code, more := "", false
	if l := strings.TrimRight(string(s.line), "\r\n"); len(l) >= 3 && isCode([]byte(l[:3])) && (len(l) == 3 || l[3] == ' ' || l[3] == '-') {
		code, more = l[:3], len(l) > 3 && l[3] == '-'
	}
	s.line = s.line[:0]
	switch {
	case code == "":
		return nil
	case s.code != "" && code != s.code:
		return errMixed
	case more:
		s.code = code
	default:
		s.code = ""
	}
	return nil
}

// Write keeps back the "*" that the library sends after every failed login, even one that the server has ended, and
// whose answer it would wait for: it gets one of ours. Who has not ended a login is left then.
func (s *seam) Write(p []byte) (int, error) {
	if s.login && string(p) == "*\r\n" {
		s.first = []byte("501 cancelled\r\n")
		return len(p), nil
	}
	if len(s.buf) > 0 {
		return 0, errUnasked
	}
	return s.Conn.Write(p)
}

// early is what the server says before it was given the whole message: a refusal, or an answer that would be taken for that to the message;
// or that it has gone. Nil: nothing, as far as has come.
func (s *seam) early() error {
	if len(s.buf) == 0 {
		err := os.ErrDeadlineExceeded
		for range 2 { // on a busy machine the moment may be over before the read begins, which then looks at nothing
			if derr := s.Conn.SetReadDeadline(time.Now().Add(glance)); derr != nil {
				return derr
			}
			if err = s.fill(); !errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
		}
		if derr := s.Conn.SetReadDeadline(time.Time{}); derr != nil {
			return derr
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	line, _, _ := strings.Cut(string(s.buf), "\n")
	if code, err := strconv.Atoi(line[:min(3, len(line))]); err == nil && code >= 400 && code < 600 {
		return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCodeNotSet, Message: strings.TrimSpace(line[3:])}
	}
	return errUnasked
}
