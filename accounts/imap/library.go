package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// library runs emersion/go-imap's client on top of a session. It implements the net.Conn that the client sees: what the
// client writes goes to the wire, and what it reads are the responses its commands need, cleaned. Between commands its
// reader waits, and the session's owner has the wire for itself.
type library struct {
	s      *session
	client *imapclient.Client

	mu     sync.Mutex
	cond   *sync.Cond
	wanted int    // tagged answers that the client still waits for
	feed   []byte // not read by the client yet
	closed bool

	units   int       // responses read for the command
	noise   int64     // bytes of those it did not ask for
	bulk    int64     // bytes of those it did
	since   time.Time // when the command was sent, or something came that it asked for
	literal bool      // the client waits for a continuation request
	written []byte    // of a line that the client has not ended yet

	tagged *status           // the last tagged answer
	pass   map[string]bool   // untagged responses the command needs
	own    map[string]bool   // untagged responses the command itself causes
	subst  map[string]string // stand-ins for mailbox names the client cannot encode
}

// libraryCaps is what the client is told: the base protocol, so that names travel in modified UTF-7 and literals wait
// for their continuation, and MOVE, which is only called when the server has it.
const libraryCaps = "IMAP4rev1 MOVE UIDPLUS ESEARCH"

func newLibrary(ctx context.Context, s *session) (*library, error) {
	l := &library{s: s}
	l.cond = sync.NewCond(&l.mu)
	l.feed = []byte("* PREAUTH [CAPABILITY " + libraryCaps + "] ready\r\n")
	l.client = imapclient.New(l, nil)
	done := make(chan error, 1)
	go func() { done <- l.client.WaitGreeting() }() // ends at once: the greeting is there
	select {
	case err := <-done:
		return l, err
	case <-ctx.Done():
		l.close()
		return nil, s.failed("connect", ctx.Err())
	}
}

// libCall describes one library command.
type libCall struct {
	step string
	pass []string // untagged types to hand up
	own  []string // untagged types that this command causes, no sign of a change by others
	// paths are the mailbox names it uses; run gets the names to give to the client.
	paths []string
	slow  bool // the server may have much to do before it answers
	run   func(c *imapclient.Client, names []string) error
}

// call runs one library command to its end. A refusal comes back as the server's own answer, not as the client saw it.
func (l *library) call(ctx context.Context, c libCall) error {
	s := l.s
	if err := s.level(ctx, c.step); err != nil {
		return err
	}
	l.mu.Lock()
	l.wanted, l.tagged, l.units, l.noise, l.bulk = 1, nil, 0, 0, 0
	l.pass, l.own = set(c.pass), set(c.own)
	l.subst, l.written, l.since = nil, nil, time.Now()
	args := make([]string, len(c.paths))
	for i, p := range c.paths {
		if err := checkName(p); err != nil {
			l.wanted = 0
			l.mu.Unlock()
			return s.invalid(c.step, "%w", err)
		}
		args[i] = l.argument(p, i)
	}
	l.mu.Unlock()
	s.copied = nil
	stop := s.w.watch(ctx)
	defer stop()
	if c.slow {
		s.w.setPatience(s.w.slowly())
		defer s.w.setPatience(0)
	}
	err := c.run(l.client, args)
	l.mu.Lock()
	answer := l.tagged
	l.wanted = 0
	l.mu.Unlock()
	switch {
	case answer != nil && answer.typ != "OK":
		return s.refused(c.step, answer)
	case err == nil:
		return nil
	case answer != nil:
		// The server is content, but the client could not read what it was given: its state is unknown now.
		err = fmt.Errorf("%w: %s", errUnexpected, cleanText(err.Error()))
	}
	return s.failed(c.step, err)
}

// argument gives the name the client shall send for path: path itself, or a stand-in that Write replaces.
func (l *library) argument(path string, i int) string {
	wire, odd := l.s.names.onWire(path)
	if !odd {
		return path
	}
	if l.subst == nil {
		l.subst = make(map[string]string)
	}
	stand := "peyk-mailbox-" + string(rune('a'+i))
	quoted, err := quote(wire)
	if err != nil {
		return path
	}
	l.subst[`"`+stand+`"`] = quoted
	return stand
}

func set(words []string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// Read gives the client what its command needs; without a command under way it waits.
func (l *library) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.feed) == 0 {
		for l.wanted == 0 && !l.closed && len(l.feed) == 0 {
			l.cond.Wait()
		}
		if l.closed {
			return 0, net.ErrClosed
		}
		if len(l.feed) > 0 {
			break
		}
		l.mu.Unlock()
		resp, err := l.s.next() // the wire is ours while a command is under way
		l.mu.Lock()
		l.units++
		if err == nil {
			err = l.bounded(resp)
		}
		if err != nil {
			l.s.w.close(err)
			l.closed = true
			return 0, io.ErrUnexpectedEOF
		}
		l.take(resp)
	}
	n := copy(p, l.feed)
	l.feed = l.feed[n:]
	return n, nil
}

// bounded counts one response of a command, and says when it is too much. What is handed up the client keeps: UIDs, so that what may stand in one
// long line is also all that may come in several.
func (l *library) bounded(p *response) error {
	if l.pass[p.typ] {
		l.bulk += p.size
		l.since = time.Now()
	} else {
		l.noise += p.size
	}
	switch {
	case l.units > defaultMaxUnits || l.noise > maxNoise || l.bulk > maxLongLine:
		return fmt.Errorf("%w (%d lines)", errTooMuch, l.units)
	case time.Since(l.since) > l.s.still:
		return errStill
	case l.pass[p.typ] && openQuote(p.data):
		return fmt.Errorf("%w: a quoted string without an end", errSyntax)
	}
	return nil
}

// take decides about one response. l.mu is held.
func (l *library) take(p *response) {
	switch {
	case p.tag == "+":
		if l.literal { // else a stray one, which the client would not survive
			l.literal = false
			l.feed = append(l.feed, "+ go on\r\n"...)
		}
	case p.tag == "*" && p.status != nil:
		l.s.unasked(p)
	case p.tag == "*":
		if l.pass[p.typ] && len(p.lits) == 0 {
			l.feed = append(l.feed, "* "+p.typ+" "...)
			l.feed = append(l.feed, tidy(p)...)
			l.feed = append(l.feed, "\r\n"...)
			return
		}
		dirty := l.s.dirty
		l.s.unasked(p)
		if l.own[p.typ] {
			l.s.dirty = dirty
		}
	case strings.HasPrefix(p.tag, "T") && p.status != nil && l.wanted > 0:
		l.s.statusData(p.status)
		l.tagged = p.status
		l.wanted--
		typ := p.status.typ
		if typ != "OK" && typ != "NO" {
			typ = "BAD"
		}
		l.feed = append(l.feed, p.tag+" "+typ+" done\r\n"...)
	}
}

// tidy is the data of a search as the client reads it: some servers are generous with blanks, and one gives a message the UID 0, which would
// stand for the newest one and make the whole answer unreadable.
func tidy(p *response) []byte {
	words := bytes.Fields(p.data)
	if p.typ == "SEARCH" {
		words = slices.DeleteFunc(words, func(w []byte) bool { return string(w) == "0" })
	}
	return bytes.Join(words, []byte(" "))
}

// openQuote reports whether a quoted string does not end: the client would look for its end in what follows, the tagged answer included,
// and wait for ever.
func openQuote(line []byte) bool {
	in := false
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '"':
			in = !in
		case in && line[i] == '\\':
			i++
		}
	}
	return in
}

// Write sends what the client wrote. A long line comes in pieces of its buffer, and a name may lie across their border, or the end that tells of a
// literal: it is sent when it is whole.
func (l *library) Write(p []byte) (int, error) {
	l.mu.Lock()
	idle := l.wanted == 0
	out := append(l.written, p...)
	l.written = nil
	if !bytes.HasSuffix(out, []byte("\n")) && !idle {
		l.written = out
		l.mu.Unlock()
		return len(p), nil
	}
	l.literal = bytes.HasSuffix(out, []byte("}\r\n"))
	for from, to := range l.subst {
		out = bytes.ReplaceAll(out, []byte(from), []byte(to))
	}
	l.cond.Broadcast()
	l.mu.Unlock()
	if idle {
		return 0, errors.New("a command outside of a call")
	}
	if err := l.s.w.write(out); err != nil {
		l.s.w.close(err)
		return 0, err
	}
	return len(p), nil
}

// close ends the client and its reader.
func (l *library) close() {
	l.mu.Lock()
	l.closed = true
	l.cond.Broadcast()
	l.mu.Unlock()
	_ = l.client.Close()
}

// Close is called by the client when it gives up.
func (l *library) Close() error {
	l.mu.Lock()
	l.closed = true
	l.cond.Broadcast()
	l.mu.Unlock()
	l.s.w.close(errUnreadable) // changes nothing when the session was closed for another reason before
	return nil
}

// The wire keeps its own deadlines; the client's are too coarse.
func (l *library) SetDeadline(time.Time) error      { return nil }
func (l *library) SetReadDeadline(time.Time) error  { return nil }
func (l *library) SetWriteDeadline(time.Time) error { return nil }
func (l *library) LocalAddr() net.Addr              { return l.s.w.conn.LocalAddr() }
func (l *library) RemoteAddr() net.Addr             { return l.s.w.conn.RemoteAddr() }

var _ net.Conn = (*library)(nil)
