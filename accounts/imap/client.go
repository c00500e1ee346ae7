package imap

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Config is what Dial needs.
type Config struct {
	Server   mail.Server
	Password string // or the access token for XOAUTH2 and OAUTHBEARER
	Options  mail.IMAPOptions
	Start    remote.Start
	// NoCompress leaves COMPRESS=DEFLATE off. It is off anyway when the server is on this computer.
	NoCompress bool

	// ForceCompress compresses also what passes between programs on one computer, which costs time and saves nothing: it is for tests.
	ForceCompress bool
}

// Client is one authenticated connection that implements remote.Mailboxes. Verbs take turns; BytesIn, Alerts, Capabilities
// and Close never wait for one. A context that ends during a verb closes the connection (but not during Idle), because
// IMAP has no other way to stop a command.
type Client struct {
	cfg    Config
	names  *names
	alerts *alerts

	turn   chan struct{} // holds a token while a verb is under way
	mu     sync.Mutex    // guards what follows
	s      *session
	caps   mail.Capabilities
	closed bool
	before atomic.Int64 // bytes read by earlier sessions

	// What follows belongs to the verb whose turn it is.
	dropped bool                           // Fetch closed the connection rather than read on; the next verb opens another
	known   map[string]remote.MailboxState // what SELECT said last, by path
	expects map[string]uint32              // the UIDVALIDITY that the caller knows a mailbox by; guarded by mu
	listed  []mail.UID                     // what was listed while a mailbox was opened, for the next verb only
	early   *listing                       // what was listed while the session was opened, for the first verb only
}

var (
	_ remote.Mailboxes  = (*Client)(nil)
	_ remote.Namespaced = (*Client)(nil)
)

// Dial connects, secures and logs in. Errors are *remote.Error; nothing is left open then.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	c := &Client{cfg: cfg, names: &names{}, alerts: &alerts{}, known: make(map[string]remote.MailboxState), expects: make(map[string]uint32), turn: make(chan struct{}, 1)}
	s, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	c.s, c.caps = s, s.capabilities(cfg)
	c.cfg.Start = remote.Start{} // a session that takes its place begins without any haste
	return c, nil
}

func (c *Client) open(ctx context.Context) (*session, error) {
	return open(ctx, c.cfg, c.alerts, c.names)
}

// session gives the live session.
func (c *Client) session() *session {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.s
}

// reopen replaces a session that is gone: when Fetch goes on after a message that ended the connection, and after Fetch
// itself dropped one.
func (c *Client) reopen(ctx context.Context) error {
	old := c.session()
	old.close(nil)
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		s.close(nil)
		return s.failed("connect", errClosed)
	}
	c.before.Add(old.w.bytesIn())
	c.s, c.caps = s, s.capabilities(c.cfg)
	return nil
}

// Capabilities says what this server can do, as it was after the login.
func (c *Client) Capabilities() mail.Capabilities {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.caps
}

func (s *session) capabilities(cfg Config) mail.Capabilities {
	caps := mail.Capabilities{
		Folders: true, ServerFlags: true,
		Push:      s.has("IDLE") && !cfg.Options.NoIdle,
		PushAll:   s.has("IDLE") && s.has("NOTIFY") && !cfg.Options.NoIdle,
		Move:      s.has("MOVE"),
		UIDPlus:   s.has("UIDPLUS"),
		CondStore: s.condstore || s.has("CONDSTORE"), QResync: s.qresync,
		SpecialUse: s.has("SPECIAL-USE"), ListStatus: s.has("LIST-STATUS"), Compress: s.compress,
		ContentID: s.has("OBJECTID") || s.has("X-GM-EXT-1"),
		Quota:     s.has("QUOTA"), Pipelining: true,
		Raw: append([]string(nil), s.capsRaw...), SASL: s.offered,
	}
	return caps
}

// BytesIn implements remote.Remote.
func (c *Client) BytesIn() int64 { return c.before.Load() + c.session().w.bytesIn() }

// Security says how the session is protected: "TLS 1.3".
func (c *Client) Security() string { return c.session().w.conn.Security() }

// OffersTLS reports whether the server offered STARTTLS.
func (c *Client) OffersTLS() bool { return c.session().offersTLS }

// Alerts returns what the server wants shown to the user (RFC 9051 §7.1, ALERT), oldest first, cleaned, each once.
func (c *Client) Alerts() []string { return c.alerts.list() }

// Namespace implements remote.Namespaced.
func (c *Client) Namespace() (prefix, delimiter string) {
	if s := c.session(); len(s.personal) > 0 {
		return s.personal[0].prefix, s.personal[0].delim
	}
	return "", ""
}

const logoutWait = 2 * time.Second

// Close says LOGOUT when nothing is under way, and closes without waiting for the answer: it would cost a round trip and
// say nothing.
func (c *Client) Close() error {
	c.mu.Lock()
	s, was := c.s, c.closed
	c.closed = true
	c.mu.Unlock()
	if was {
		return nil
	}
	select {
	case c.turn <- struct{}{}: // no verb is under way
		if !s.w.isClosed() {
			s.w.setPatience(logoutWait)
			_ = s.w.write([]byte(s.nextTag() + " LOGOUT\r\n"))
		}
		<-c.turn
	default:
	}
	s.close(errClosed)
	return nil
}

// begin waits for the verb before to end, and steps over what was asked for ahead of it. end must be called when err is nil.
func (c *Client) begin(ctx context.Context, step string) (s *session, end func(), err error) {
	s, end, err = c.take(ctx, step)
	if err != nil || !s.behind() {
		return s, end, err
	}
	if err = s.skipAll(ctx); err != nil && ctx.Err() == nil {
		err = c.reopen(ctx)
	}
	if err != nil {
		end()
		return nil, nil, err
	}
	return c.session(), end, nil
}

// take is begin for a verb that may want what was asked for ahead.
func (c *Client) take(ctx context.Context, step string) (s *session, end func(), err error) {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, &remote.Error{Host: c.session().host, Step: step, Kind: mail.ProblemNetwork, Err: context.Cause(ctx)}
	}
	end = func() { <-c.turn }
	if c.dropped {
		if err := c.reopen(ctx); err != nil {
			end()
			return nil, nil, err
		}
		c.dropped = false
	}
	s = c.session()
	c.early, s.early = s.early, nil
	c.listed, s.listed = s.listed, nil
	return s, end, nil
}

// Noop implements remote.Mailboxes.
func (c *Client) Noop(ctx context.Context) error {
	s, end, err := c.begin(ctx, "noop")
	if err != nil {
		return err
	}
	defer end()
	return s.noop(ctx)
}
