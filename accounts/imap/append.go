package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// maxEagerLiteral is the largest message sent without waiting for the server's go-ahead (LITERAL+, RFC 7888). Larger ones
// wait, so that a refusal (no such folder, over quota) comes before the upload.
const (
	maxEagerLiteral  = 256 << 10
	maxEagerLiteralM = 4096 // LITERAL-
)

// Append implements remote.Mailboxes. Flags that no server could store are left out. A message that holds NUL goes as a literal8 where
// the server has BINARY (RFC 3516 §4.4), which may then store it in another transfer encoding; elsewhere nothing is sent, because no
// other literal may hold NUL (RFC 9051 §4.3). An error with Uncertain set means that the message had been sent whole when the
// connection ended.
func (c *Client) Append(ctx context.Context, path string, flags mail.Flags, date time.Time, size int64, body io.Reader) (mail.UID, error) {
	s, end, err := c.begin(ctx, "append to "+path)
	if err != nil {
		return 0, err
	}
	defer end()
	step := "append to " + path
	name, err := s.mailbox(path)
	if err != nil {
		return 0, s.invalid(step, "%w", err)
	}
	if size <= 0 || body == nil {
		return 0, s.invalid(step, "a message of %d bytes", size)
	}
	if err := s.ready(ctx, step); err != nil {
		return 0, err
	}
	body, nul, spooled, err := holdsNUL(body, size)
	defer spooled.remove()
	if err != nil {
		return 0, s.unreadable(step, err)
	}
	if nul && !s.has("BINARY") {
		e := s.invalid(step, "the message holds NUL bytes, which this server cannot take (it does not offer BINARY)")
		e.Kind, e.Why = mail.ProblemServer, mail.CodeNUL
		return 0, e
	}
	stop := s.w.watch(ctx)
	defer stop()

	tag := s.nextTag()
	literal, eager := s.announce(size, nul)
	if err := s.w.write([]byte(tag + " APPEND " + name + " " + appendOptions(flags, date) + literal + "\r\n")); err != nil {
		return 0, s.failed(step, s.farewell(err))
	}
	if !eager {
		if st, err := s.goAhead(tag, step); err != nil {
			return 0, err
		} else if st != nil && st.typ == "OK" {
			return 0, s.failed(step, fmt.Errorf("%w: OK before the message was sent", errUnexpected))
		} else if st != nil {
			return 0, s.refused(step, st)
		}
	}
	s.w.conn.Uploading(true)
	defer s.w.conn.Uploading(false)
	if err := s.upload(step, size, body); err != nil {
		return 0, err
	}
	answers := make([]*status, 1)
	if err := s.await([]*command{{step: step, slow: true}}, []string{tag}, answers, 0); err != nil {
		e := s.failed(step, err)
		e.Uncertain = true
		return 0, e
	}
	if answers[0].typ != "OK" {
		return 0, s.refused(step, answers[0])
	}
	return appendUID(answers[0], c.life(path)), nil
}

// announce says that a message of so many bytes follows, and whether it does without the server's go-ahead.
func (s *session) announce(size int64, nul bool) (literal string, eager bool) {
	switch {
	case nul:
		return fmt.Sprintf("~{%d}", size), false
	case s.has("LITERAL+") && size <= maxEagerLiteral || s.has("LITERAL-") && size <= maxEagerLiteralM:
		return fmt.Sprintf("{%d+}", size), true
	}
	return fmt.Sprintf("{%d}", size), false
}

func appendOptions(flags mail.Flags, date time.Time) string {
	var b strings.Builder
	b.WriteByte('(')
	n := 0
	for _, f := range flags {
		if !validFlag(f) {
			continue
		}
		if n++; n > 1 {
			b.WriteByte(' ')
		}
		b.WriteString(string(f))
	}
	b.WriteString(") ")
	if !date.IsZero() {
		b.WriteString(date.Format(`"_2-Jan-2006 15:04:05 -0700" `))
	}
	return b.String()
}

// goAhead waits for the continuation request; a status is what the server ended the command with instead.
func (s *session) goAhead(tag, step string) (*status, error) {
	answers := make([]*status, 1)
	cont := false
	c := &command{step: step, cont: func([]byte) ([]byte, error) { cont = true; return nil, nil }}
	noise := int64(0)
	for n := 0; n < defaultMaxUnits && noise <= maxNoise; n++ {
		p, err := s.next()
		if err != nil {
			return nil, s.failed(step, err)
		}
		if _, err := s.dispatch(p, c, nil); err != nil {
			return nil, s.failed(step, err)
		}
		if noise += p.size; cont {
			return nil, nil
		}
		if p.tag == tag {
			if err := s.tagged(p, []string{tag}, answers); err != nil {
				return nil, s.failed(step, err)
			}
			return answers[0], nil
		}
	}
	return nil, s.failed(step, errTooMuch)
}

// upload sends exactly size bytes and the end of the command. A body of another length ends the connection, which is the
// only way to take an announced literal back: the server stores nothing then.
func (s *session) upload(step string, size int64, body io.Reader) error {
	buf := make([]byte, 32<<10)
	var sent int64
	for {
		n, rerr := io.ReadAtLeast(body, buf, 1)
		if n > 0 {
			if sent += int64(n); sent > size {
				return s.wrongSize(step, size, fmt.Errorf("the message is longer than the %d bytes announced", size))
			}
			if _, err := s.w.out.Write(buf[:n]); err != nil {
				return s.failed(step, s.farewell(err))
			}
		}
		if errors.Is(rerr, io.EOF) {
			break
		}
		if rerr != nil {
			return s.wrongSize(step, size, rerr)
		}
	}
	if sent < size {
		return s.wrongSize(step, size, fmt.Errorf("the message has %d bytes, %d were announced", sent, size))
	}
	if err := s.w.write([]byte("\r\n")); err != nil {
		e := s.failed(step, s.farewell(err))
		e.Uncertain = true
		return e
	}
	return nil
}

func (s *session) wrongSize(step string, size int64, err error) error {
	s.w.close(nil)
	e := s.unreadable(step, err)
	e.Closed = true
	return e
}

func (s *session) unreadable(step string, err error) *remote.Error {
	return &remote.Error{Host: s.host, Step: step, Kind: mail.ProblemDisk, Err: fmt.Errorf("read the message: %w", err)}
}

// holdsNUL looks through a message before anything is said about it. It returns what to read the message from afterwards, and what has
// to be removed then, nil mostly.
func holdsNUL(body io.Reader, size int64) (again io.Reader, nul bool, sp *spool, err error) {
	at, ok := body.(io.ReaderAt)
	if !ok {
		// One byte more than announced is enough to notice that the size is wrong.
		if sp, err = spoolUpTo(body, size+1); err != nil {
			return nil, false, nil, err
		}
		at, size = sp.readerAt(), sp.size
	}
	buf := make([]byte, 64<<10)
	for off := int64(0); off < size; {
		n, err := at.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
		if bytes.IndexByte(buf[:n], 0) >= 0 {
			nul = true
			break
		}
		if off += int64(n); err != nil {
			if errors.Is(err, io.EOF) {
				break // the upload will tell
			}
			return nil, false, sp, err
		}
	}
	if sp != nil {
		return sp.reader(), nul, sp, nil
	}
	return body, nul, nil, nil
}

// appendUID reads APPENDUID (RFC 4315 §3). A UID of another life of the mailbox is none.
func appendUID(st *status, life uint32) mail.UID {
	f := strings.Fields(st.arg)
	if st.code != "APPENDUID" || len(f) != 2 {
		return 0
	}
	validity, ok := parseUint32(f[0])
	u, err := parseUID(f[1])
	if err != nil || !ok || life != 0 && validity != life {
		return 0
	}
	return u
}
