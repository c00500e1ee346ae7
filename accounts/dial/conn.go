package dial

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// ErrTooLong is returned by Read when the server exceeded the limit set with SetMaxLine or SetBudget.
var ErrTooLong = errors.New("the server sent more than this answer may hold")

// Conn is a connection to a mail server. It is a net.Conn whose reads and writes each end within the idle timeout. One
// goroutine may read while another writes; Close, Bind, SetIdle and the counters are for any goroutine.
type Conn struct {
	d     *dialer
	raw   *timed
	inner net.Conn // raw, or TLS over it
	tls   *tls.Conn
	first []byte // greeting bytes read by Dial

	in, out atomic.Int64
	budget  atomic.Int64 // bytes that may still be read; negative: no limit
	maxLine atomic.Int64
	line    int64       // bytes since the last LF; reader only
	pace    pace        // of what is read; reader only
	outPace pace        // writer only
	within  bool        // see WithinAnswer; reader only
	flow    pace        // of what is read within answers; reader only
	fresh   atomic.Bool // another answer begins

	mu    sync.Mutex
	cause error // why the connection was closed from our side
}

func newConn(raw net.Conn, d *dialer) *Conn {
	t := &timed{Conn: raw, sent: sent{look: queueOf(raw)}, unacked: unackedFor}
	t.idle.Store(int64(d.idle))
	c := &Conn{d: d, raw: t, inner: t, pace: pace{window: paceWindow, since: time.Now()}, outPace: pace{window: paceWindow, floor: paceOut}, flow: pace{window: paceWindow, floor: paceIn}}
	if d.opt.Protocol != IMAP {
		c.pace.floor = paceIn
	}
	c.budget.Store(-1)
	c.maxLine.Store(int64(d.opt.MaxLine))
	return c
}

// Read reads what the server sent, decrypted. It returns ErrTooLong once a limit is passed, and ErrTrickle when an answer
// does not come forward; the connection is then of no more use.
func (c *Conn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if left := c.budget.Load(); left >= 0 {
		if left == 0 {
			return 0, ErrTooLong
		}
		p = p[:min(int64(len(p)), left)]
	}
	n, err := 0, error(nil)
	if len(c.first) > 0 {
		n = copy(p, c.first)
		c.first = c.first[n:]
	} else {
		n, err = c.read(p)
	}
	if n > 0 {
		if left := c.budget.Load(); left >= 0 {
			c.budget.Store(max(0, left-int64(n)))
		}
		if lerr := c.countLine(p[:n]); lerr != nil {
			return n, lerr
		}
	}
	return n, c.because(err)
}

// read reads from the network.
func (c *Conn) read(p []byte) (int, error) {
	before := time.Now()
	if c.fresh.Swap(false) {
		c.pace.anew(before)
	}
	n, err := c.inner.Read(p)
	c.in.Add(int64(n))
	now := time.Now()
	err = c.pace.count(before, now, n, err)
	if c.within {
		err = c.flow.count(before, now, n, err)
	}
	return n, err
}

// countLine keeps the length of the current line while a bound is set.
func (c *Conn) countLine(p []byte) error {
	limit := c.maxLine.Load()
	if limit <= 0 {
		c.line = 0
		return nil
	}
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			c.line += int64(len(p))
			break
		}
		if c.line+int64(i) > limit {
			return ErrTooLong
		}
		c.line, p = 0, p[i+1:]
	}
	if c.line > limit {
		return ErrTooLong
	}
	return nil
}

// Write sends p, encrypted when TLS is on. It fails when nothing of it moves for the idle timeout, where the other system is known to be there
// for takesNothing.
func (c *Conn) Write(p []byte) (int, error) {
	before := time.Now()
	n, err := c.inner.Write(p)
	c.out.Add(int64(n))
	return n, c.because(c.outPace.count(before, time.Now(), n, err))
}

// Close closes at once, without any farewell of the protocol. More than once is fine.
func (c *Conn) Close() error {
	c.closeFor(net.ErrClosed)
	return nil
}

// closeFor remembers the first reason, so that a blocked read tells it.
func (c *Conn) closeFor(cause error) {
	c.mu.Lock()
	if c.cause == nil {
		c.cause = cause
	}
	c.mu.Unlock()
	// The TLS close_notify could block on a stalled peer: close the socket beneath.
	c.raw.Close()
}

// because replaces the error that our own close caused by the reason of the close.
func (c *Conn) because(err error) error {
	if err == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil && errors.Is(err, net.ErrClosed) {
		return c.cause
	}
	return err
}

// Bind closes the connection when ctx ends, until the returned function is called. Reads and writes then return
// ctx's error.
func (c *Conn) Bind(ctx context.Context) (release func() bool) {
	return context.AfterFunc(ctx, func() { c.closeFor(context.Cause(ctx)) })
}

// StartTLS does the TLS handshake on a connection without encryption, after the protocol agreed on it. The caller must
// have nothing left in a buffer of its own: bytes that came before the handshake are an injection (CVE-2011-0411), see
// Injected. The error is a *remote.Error with Step "tls", and the connection is closed.
func (c *Conn) StartTLS(ctx context.Context) error {
	if c.tls != nil {
		return c.Fail("tls", errors.New("the connection is encrypted already"))
	}
	if len(c.first) > 0 {
		c.Close()
		return c.Injected()
	}
	cctx, cancel := context.WithTimeout(ctx, min(c.d.idle, maxConnect))
	defer cancel()
	stop := c.Bind(cctx)
	defer stop()
	if err := c.handshake(cctx); err != nil {
		c.Close()
		if record := (tls.RecordHeaderError{}); errors.As(err, &record) {
			return c.Injected()
		}
		return c.d.whyCtx(ctx, "tls", err)
	}
	return nil
}

// Injected is the error for bytes that came between the agreement on STARTTLS and the handshake.
func (c *Conn) Injected() error {
	return &remote.Error{Host: c.d.addr, Step: "tls", Kind: mail.ProblemProtocol, Permanent: true, Closed: true,
		Why:    mail.CodeInjected,
		Err:    errors.New("the server, or somebody in between, sent data before the encryption began"),
		Advice: "Do not trust this network; choose TLS instead of STARTTLS if the server has it."}
}

// NoSTARTTLS is the error for a server that does not offer the STARTTLS that the account demands.
func (c *Conn) NoSTARTTLS() error {
	if c.d.srv.OfferedTLS {
		return &remote.Error{Host: c.d.addr, Step: "tls", Kind: mail.ProblemPlaintext, Permanent: true, Closed: true,
			Why:    mail.CodeDowngraded,
			Err:    errors.New("the server used to offer STARTTLS and does not any more, so nothing was sent to it"),
			Advice: "Somebody on this network may be removing the offer. Only if you know that the server was changed, allow it with: peyk account forget-encryption NAME."}
	}
	return &remote.Error{Host: c.d.addr, Step: "tls", Kind: mail.ProblemPlaintext, Permanent: true, Closed: true,
		Why:    mail.CodeNoSTARTTLS,
		Err:    errors.New("the server does not offer STARTTLS, so nothing was sent to it"),
		Advice: "Choose TLS instead of STARTTLS in the account settings; if this server used to offer it, somebody on the network may be removing the offer."}
}

// Unproven reports that the account demands encryption and there is none yet: what is read may be from anybody.
func (c *Conn) Unproven() bool { return c.tls == nil && c.d.srv.Security == mail.SecuritySTARTTLS }

// Hearsay takes from a refusal what must not be believed while the connection is Unproven: whoever is in between could show the user
// a sentence as the server's, or make an account give up for good. The words stay in Err, for the details of an error.
func (c *Conn) Hearsay(e *remote.Error) *remote.Error {
	if !c.Unproven() {
		return e
	}
	said := e.Text
	if e.Code != 0 {
		said = fmt.Sprintf("%d %s", e.Code, said)
	}
	*e = remote.Error{Host: e.Host, Step: e.Step, Kind: mail.ProblemServer, Closed: e.Closed,
		Err:    &reason{fmt.Sprintf("refused before the encryption began, by the server or by somebody in between: %q", said), e.Err},
		Advice: "It will be tried again; if it lasts, choose TLS instead of STARTTLS if the server has it."}
	return e
}

// PasswordAllowed returns nil when a password may cross the connection: it is encrypted, or the user allowed plaintext
// for this very server. Loopback is no exception. Otherwise it returns a *remote.Error of kind ProblemPlaintext.
func PasswordAllowed(c *Conn) error {
	if c.tls != nil || c.d.srv.AllowPlaintext {
		return nil
	}
	return &remote.Error{Host: c.d.addr, Step: "login", Kind: mail.ProblemPlaintext, Permanent: true,
		Why:    mail.CodePlaintext,
		Err:    errors.New("the connection is not encrypted, so the password was not sent"),
		Advice: "Choose TLS or STARTTLS; only if the server has neither, allow an unencrypted password for this account."}
}

// Encrypted reports whether TLS is on.
func (c *Conn) Encrypted() bool { return c.tls != nil }

// TLS returns the state of the encryption; ok is false without one.
func (c *Conn) TLS() (state tls.ConnectionState, ok bool) {
	if c.tls == nil {
		return tls.ConnectionState{}, false
	}
	return c.tls.ConnectionState(), true
}

// Security says in two words how the connection is protected: "TLS 1.3", or "not encrypted".
func (c *Conn) Security() string {
	if c.tls == nil {
		return "not encrypted"
	}
	return tls.VersionName(c.tls.ConnectionState().Version)
}

// Addr is host:port as people know it.
func (c *Conn) Addr() string { return c.d.addr }

// Server is what was dialled.
func (c *Conn) Server() mail.Server { return c.d.srv }

// BytesIn is the number of bytes read so far, after decryption.
func (c *Conn) BytesIn() int64 { return c.in.Load() }

// BytesOut is the number of bytes written so far, before encryption.
func (c *Conn) BytesOut() int64 { return c.out.Load() }

// SetIdle changes the idle timeout, also of a read that blocks at the moment; 0 or less: the account's timeout.
func (c *Conn) SetIdle(d time.Duration) {
	if d <= 0 {
		d = c.d.idle
	}
	c.raw.setIdle(d)
}

// Idle is the account's idle timeout.
func (c *Conn) Idle() time.Duration { return c.d.idle }

// SetMaxLine bounds the length of each line that is read; 0: no bound.
func (c *Conn) SetMaxLine(n int) { c.maxLine.Store(int64(n)) }

// SetBudget lets n more bytes be read before ErrTooLong; negative: no limit. It also says that another answer begins.
func (c *Conn) SetBudget(n int64) {
	c.budget.Store(n)
	c.NewAnswer()
}

// WithinAnswer says whether an answer has begun to which the next bytes belong. IMAP needs it, where a server may be silent between two
// answers for as long as it likes: within one it has to come forward all the same (see ErrTrickle). For the goroutine that reads.
func (c *Conn) WithinAnswer(yes bool) { c.within = yes }

// SetPaceWindow changes for how long a server may send or take next to nothing; for tests, before anything is read or written.
func (c *Conn) SetPaceWindow(d time.Duration) {
	for _, p := range []*pace{&c.pace, &c.outPace, &c.flow} {
		p.window = d
		p.anew(time.Now())
	}
}

// NewAnswer says that the answer to another command begins, and its pace is measured anew (see ErrTrickle). Any goroutine.
func (c *Conn) NewAnswer() { c.fresh.Store(true) }

// SetDeadline, SetReadDeadline and SetWriteDeadline shorten the next waits; the idle timeout holds all the same.
func (c *Conn) SetDeadline(t time.Time) error      { return c.raw.SetDeadline(t) }
func (c *Conn) SetReadDeadline(t time.Time) error  { return c.raw.SetReadDeadline(t) }
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.raw.SetWriteDeadline(t) }

// LocalAddr and RemoteAddr are the socket's.
func (c *Conn) LocalAddr() net.Addr  { return c.raw.LocalAddr() }
func (c *Conn) RemoteAddr() net.Addr { return c.raw.RemoteAddr() }

// Fail turns an error of a read, write or protocol library into a *remote.Error that says where and during what; an
// error that is one already is returned as it is.
func (c *Conn) Fail(step string, err error) *remote.Error {
	if e := remote.As(err); e != nil {
		return e
	}
	return c.d.why(step, c.because(err))
}

// Protocol is the error for an answer that makes no sense. The text must not hold secrets.
func (c *Conn) Protocol(step, format string, args ...any) *remote.Error {
	return &remote.Error{Host: c.d.addr, Step: step, Kind: mail.ProblemProtocol, Closed: true,
		Err: fmt.Errorf(format, args...)}
}
