package dial

import (
	"errors"
	"math"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// timed is the socket with an idle timeout on each read and write, and explicit deadlines that can only shorten it. What was written goes on its
// way meanwhile: while it does, nothing is late.
type timed struct {
	net.Conn
	idle atomic.Int64
	sent sent
	much atomic.Bool // see Conn.Uploading
	// unacked is how long what was written may be on its way to the other system while an answer is waited for: unackedFor.
	unacked time.Duration

	mu     sync.Mutex
	rd, wd time.Time // explicit deadlines, zero: none
}

func (t *timed) limit(explicit time.Time, most time.Duration) time.Time {
	at := time.Now().Add(min(time.Duration(t.idle.Load()), most))
	if !explicit.IsZero() && explicit.Before(at) {
		return explicit
	}
	return at
}

// Read gives an answer its time from the moment at which everything was taken that it is to.
func (t *timed) Read(p []byte) (int, error) {
	for {
		most := time.Duration(math.MaxInt64)
		if t.much.Load() && t.sent.pending() {
			most = t.unacked
		}
		t.mu.Lock()
		explicit := t.rd
		err := t.Conn.SetReadDeadline(t.limit(explicit, most))
		t.mu.Unlock()
		if err != nil {
			return 0, err
		}
		n, err := t.Conn.Read(p)
		if n > 0 || !late(err, explicit) || !t.much.Load() || !t.sent.moves(false) {
			return n, err
		}
	}
}

func (t *timed) Write(p []byte) (done int, err error) {
	for {
		t.mu.Lock()
		explicit := t.wd
		err := t.Conn.SetWriteDeadline(t.limit(explicit, math.MaxInt64))
		t.mu.Unlock()
		if err != nil {
			return done, err
		}
		n, err := t.Conn.Write(p[done:])
		done += n
		if !late(err, explicit) || !t.sent.moves(n > 0) {
			return done, err
		}
	}
}

// late reports whether err is that of the idle timeout, and not of a deadline that was set.
func late(err error, explicit time.Time) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) && (explicit.IsZero() || time.Now().Before(explicit))
}

func (t *timed) setIdle(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.idle.Store(int64(d))
	t.Conn.SetReadDeadline(t.limit(t.rd, math.MaxInt64))
}

func (t *timed) SetDeadline(at time.Time) error {
	return errors.Join(t.SetReadDeadline(at), t.SetWriteDeadline(at))
}

func (t *timed) SetReadDeadline(at time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rd = at
	return t.Conn.SetReadDeadline(t.limit(at, math.MaxInt64))
}

func (t *timed) SetWriteDeadline(at time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wd = at
	return t.Conn.SetWriteDeadline(t.limit(at, math.MaxInt64))
}

// takesNothing is how long a system that is there may take nothing of what is sent to it (RFC 5321 §4.5.3.2.5): a server may examine a message while it
// comes, and a proxy on a slow line makes room for a large piece at a time.
const takesNothing = 3 * time.Minute

// sent watches what was written and is not acknowledged. The system has a large buffer and says that there is room in it only when a third of it
// is free, so that a write may wait for minutes while the line carries what it can. And what is in the buffer behind the last write is to arrive
// before an answer can come.
type sent struct {
	// look says how many bytes are not acknowledged, and how long ago the other system said anything; zero where nobody knows.
	look func() (queued int, heard time.Duration)

	mu    sync.Mutex
	last  int       // what was queued
	since time.Time // since then it has not become less
}

// pending reports whether something is not acknowledged, and notes how much: what is gone when the wait is over has moved.
func (s *sent) pending() bool {
	queued, _ := s.look()
	s.mu.Lock()
	defer s.mu.Unlock()
	if queued != s.last {
		s.last, s.since = queued, time.Now()
	}
	return queued > 0
}

// moves reports whether what was written goes on its way, or may: the other system is there, and has taken nothing for less than
// takesNothing. wrote says that a part of it was taken.
func (s *sent) moves(wrote bool) bool {
	queued, heard := s.look()
	s.mu.Lock()
	defer s.mu.Unlock()
	moved := wrote || queued < s.last
	if moved || s.last == 0 {
		s.since = time.Now()
	}
	s.last = queued
	return moved || queued > 0 && heard < unackedFor && time.Since(s.since) < takesNothing
}

// Uploading says that much is sent from now on, or that this is over. Meanwhile the system does not end the connection by itself when nothing is
// acknowledged, or taken, for a minute; whether it moves is watched more closely (see sent), and the time for an answer begins when all is taken.
func (c *Conn) Uploading(on bool) {
	c.raw.much.Store(on)
	switch {
	case c.d.opt.Protocol == SMTP: // the system never does
	case on:
		setUnacked(c.raw.Conn, 0)
	default:
		setUnacked(c.raw.Conn, unackedFor)
	}
}
