package pop3

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	pop "github.com/knadh/go-pop3"

	"peyk/accounts/dial"
	"peyk/accounts/hint"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Config is what a session needs.
type Config struct {
	Server   mail.Server
	Password string // or the access token for XOAUTH2 and OAUTHBEARER
	Start    remote.Start
}

// Client is one authenticated session; it implements remote.Maildrop. Its verbs are for one goroutine at a time; BytesIn,
// Capabilities and Close may be called by any. A context that ends during a verb closes the connection, because POP3 has
// no other way to stop a command; nothing is deleted then.
type Client struct {
	w    *wire
	lib  *pop.Conn
	caps mail.Capabilities

	verb       sync.Mutex                    // held during a verb
	noUIDL     atomic.Bool                   // UIDL was refused
	offersTLS  bool                          // STLS, used or not
	takesAhead bool                          // see ahead
	hinted     []string                      // the capabilities that were believed until the login; nil: they were asked for
	marked     bool                          // messages are marked for deletion; under verb
	next       func() (sent bool, err error) // sends the command for the next message of a run, if there is one that was not sent; under verb
	listed     *listed                       // what was asked for along with the login, until it has been read; under verb
	over       atomic.Bool                   // nothing can be done any more
}

var _ remote.Maildrop = (*Client)(nil)

// loginBudget bounds everything a server may send before the login is done, in bytes.
const loginBudget = 1 << 20

// Dial connects, encrypts as the account demands, and logs in: with what was remembered of the server, and without it when that was wrong.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	c, h, err := hint.Open(ctx, cfg.Start, func(h offers) (*Client, error) { return attempt(ctx, cfg, h) })
	if err != nil {
		return nil, err
	}
	c.learn(cfg, h)
	return c, nil
}

// attempt is Dial with or without a hint.
func attempt(ctx context.Context, cfg Config, h offers) (*Client, error) {
	ctx, cancel := dial.LoginContext(ctx, cfg.Server)
	defer cancel()
	conn, err := dial.Dial(ctx, cfg.Server, dial.Options{Protocol: dial.POP3})
	if err != nil {
		return nil, err
	}
	release := conn.Bind(ctx)
	defer release()
	conn.SetBudget(loginBudget)
	w := newWire(conn, cfg.Password)
	c := &Client{w: w}
	if err := c.setup(ctx, cfg, h); err != nil {
		w.Close()
		return nil, err
	}
	return c, nil
}

// setup is everything from the greeting to the moment the library takes over.
func (c *Client) setup(ctx context.Context, cfg Config, h offers) error {
	greeting, err := c.w.greeting()
	if err != nil {
		return err
	}
	c.takesAhead = strings.Contains(greeting, "Dovecot")
	if cfg.Server.Security == mail.SecuritySTARTTLS {
		if err := c.startTLS(ctx, h); err != nil {
			return err
		}
	}
	in, err := c.loginAhead(ctx, cfg, h)
	if err == nil && !in {
		err = c.loginAnew(cfg)
	}
	if err != nil {
		return err
	}
	c.w.conn.SetBudget(-1)
	// The library sees a greeting of ours and goes on from there.
	if c.lib, err = pop.New(pop.Opt{Host: cfg.Server.Host, Port: cfg.Server.Port, Dialer: ready{c.w}}).NewConn(); err != nil {
		return c.w.fail("greeting", err)
	}
	return nil
}

// startTLS encrypts the connection. What was said before is forgotten (RFC 2595 §4), so a server that is known is asked for nothing but
// STLS.
func (c *Client) startTLS(ctx context.Context, h offers) error {
	var caps map[string]string
	if !h.fits() {
		var err error
		if caps, err = c.w.capa(); err != nil {
			return err
		}
	}
	if err := c.w.stls(ctx, caps); err != nil {
		return err
	}
	c.offersTLS = true
	return nil
}

// loginAnew asks what the server offers and logs in by that; the listing goes along where that is known to be safe.
func (c *Client) loginAnew(cfg Config) error {
	caps, err := c.w.capa()
	if err != nil {
		return err
	}
	if _, offered := caps["STLS"]; offered {
		c.offersTLS = true
	} else if !c.w.conn.Encrypted() && cfg.Server.OfferedTLS {
		return c.w.conn.NoSTARTTLS()
	}
	ahead := c.ahead(cfg, caps)
	c.w.ahead = ahead
	if err := c.w.login(cfg, caps); err != nil {
		return err
	}
	if ahead != "" && c.w.ahead == "" {
		c.listed = &listed{}
	}
	c.w.ahead = ""
	if caps == nil {
		// Some servers answer CAPA only after the login.
		if caps, err = c.w.capa(); err != nil {
			return err
		}
	}
	c.caps = capabilities(caps)
	return nil
}

// ready is the library's dialer: the connection is there already.
type ready struct{ w *wire }

func (r ready) Dial(string, string) (net.Conn, error) { return r.w, nil }

// capabilities reads the CAPA answer; without one it assumes what nearly every server has. So it does of UIDL in any case: some have it and do not
// say so, and asking costs them that have not one refusal.
func capabilities(caps map[string]string) mail.Capabilities {
	out := mail.Capabilities{UIDL: true}
	if caps == nil {
		out.Top = true
		return out
	}
	_, out.Top = caps["TOP"]
	_, out.Pipelining = caps["PIPELINING"]
	_, out.UTF8 = caps["UTF8"]
	out.SASL = strings.Fields(caps["SASL"])
	for name, args := range caps {
		out.Raw = append(out.Raw, strings.TrimSpace(name+" "+args))
	}
	return out
}

// Capabilities says what the server can do; UIDL turns false when the server refuses it.
func (c *Client) Capabilities() mail.Capabilities {
	caps := c.caps
	caps.UIDL = caps.UIDL && !c.noUIDL.Load()
	return caps
}

// BytesIn is the number of bytes read so far.
func (c *Client) BytesIn() int64 { return c.w.conn.BytesIn() }

// OffersTLS reports whether the server offered STLS.
func (c *Client) OffersTLS() bool { return c.offersTLS }

// Security says how the session is protected: "TLS 1.3".
func (c *Client) Security() string { return c.w.conn.Security() }

// begin starts a verb; end must be called with its error.
func (c *Client) begin(ctx context.Context, step string) (end func(error) error, err error) {
	c.verb.Lock()
	if c.over.Load() {
		c.verb.Unlock()
		return nil, &remote.Error{Host: c.w.conn.Addr(), Step: step, Kind: mail.ProblemNetwork, Closed: true, Err: errors.New("the session is over")}
	}
	release := c.w.conn.Bind(ctx)
	end = func(err error) error {
		release()
		if e := remote.As(err); err != nil && (e == nil || e.Closed) {
			c.over.Store(true)
			c.w.Close()
		}
		c.verb.Unlock()
		return err
	}
	// The answers to what was asked for along with the login come before any other.
	if err := c.readListed(); err != nil {
		return nil, end(err)
	}
	return end, nil
}

// cmd sends one command and returns the status line's text after "+OK".
func (c *Client) cmd(step, command string) (string, error) {
	if err := c.send(step, command); err != nil {
		return "", err
	}
	return c.answer(step)
}

// send writes one command, or several with CRLF between them.
func (c *Client) send(step, commands string) error {
	if err := c.lib.Send(commands); err != nil {
		return c.w.fail(step, err)
	}
	return nil
}

// answer reads a status line. An -ERR is a *remote.Error that is not Closed.
func (c *Client) answer(step string) (string, error) {
	c.w.refusal = nil
	text, err := c.lib.ReadOne()
	if err == nil {
		return string(text), nil
	}
	if c.w.refusal != nil {
		return "", c.w.refused(step, c.w.refusal)
	}
	return "", c.w.fail(step, err)
}

// Close ends the session: politely when no verb is running, without committing deletions. Any goroutine, more than once.
func (c *Client) Close() error {
	if c.over.Load() || !c.verb.TryLock() {
		c.over.Store(true)
		return c.w.Close()
	}
	defer c.verb.Unlock()
	if c.over.Swap(true) {
		return nil
	}
	defer c.w.Close()
	c.w.conn.SetDeadline(time.Now().Add(2 * time.Second))
	if c.marked {
		// QUIT would commit what nobody asked to commit.
		if _, err := c.cmd("rset", "RSET"); err != nil {
			return nil
		}
	}
	_ = c.send("quit", "QUIT") // a farewell; its answer would cost a round trip and say nothing
	return nil
}

// Quit commits the deletions and ends the session.
func (c *Client) Quit(ctx context.Context) error {
	end, err := c.begin(ctx, "quit")
	if err != nil {
		return err
	}
	if !c.marked {
		_ = c.send("quit", "QUIT") // nothing to commit: a farewell, as in Close
		c.over.Store(true)
		c.w.Close()
		return end(nil)
	}
	if _, err = c.cmd("quit", "QUIT"); err != nil {
		e := remote.As(err)
		e.Uncertain, e.Closed = true, true
		e.Advice = "It is not known whether the messages were removed from the server; the next check will tell."
		return end(e)
	}
	c.over.Store(true)
	c.w.Close()
	return end(nil)
}

// Delete marks messages for deletion, which Quit commits. A message that the server refuses to mark does not keep the
// others from being marked: those are kept, and the error, which is not Closed, is about the first.
func (c *Client) Delete(ctx context.Context, drops []remote.Drop) (kept []remote.Drop, err error) {
	end, err := c.begin(ctx, "dele")
	if err != nil {
		return nil, err
	}
	var refused error
	err = c.pipeline("DELE %d", drops, nothing, false, func(i int) error {
		// Marked even when the answer is lost: Close must not commit.
		c.marked = true
		_, err := c.answer(fmt.Sprintf("dele %d", drops[i].Number))
		if e := remote.As(err); e != nil && !e.Closed {
			kept = append(kept, drops[i])
			if refused == nil {
				refused = e
			}
			return nil
		}
		return err
	})
	if err != nil {
		return nil, end(err)
	}
	return kept, end(refused)
}

// whole and nothing are the sizes of answers to RETR and of those that are short.
func whole(d remote.Drop) int64 { return max(0, d.Size) }
func nothing(remote.Drop) int64 { return 0 }

// How many commands may wait for their answers when the server announces PIPELINING: about 12 KB, which every socket buffer holds, so
// that writing never waits for a server that waits for us to read. And how many bytes of messages they may bring: on a quick line a
// round trip takes as long as many small messages, and half of them must last until the answers to the next ones come (8 MB in 40 ms are
// more than a gigabit).
const (
	window     = 1000
	windowSize = 16 << 20
)

// pipeline sends one command for each drop, as many ahead as the server allows, and calls read for each answer, which brings as many
// bytes as size says. With fence, a NOOP after the last command makes sure that every answer is followed by another.
func (c *Client) pipeline(format string, drops []remote.Drop, size func(remote.Drop) int64, fence bool, read func(i int) error) error {
	ahead := 1
	if c.caps.Pipelining {
		ahead = window
	}
	fence = fence && c.caps.Pipelining
	sent, flying := 0, int64(0)
	defer func() { c.next = nil }()
	for i, d := range drops {
		c.next = func() (bool, error) {
			if sent != i+1 || sent == len(drops) {
				return false, nil
			}
			command := fmt.Sprintf(format, drops[sent].Number)
			flying += size(drops[sent])
			sent++
			return true, c.send(strings.ToLower(command), command)
		}
		// Refill when half is used up: one write for many commands.
		if sent < len(drops) && (sent == i || sent-i <= ahead/2 && flying <= windowSize/2) {
			var batch []string
			for sent < len(drops) && (sent == i || sent-i < ahead && flying < windowSize) {
				batch = append(batch, fmt.Sprintf(format, drops[sent].Number))
				flying += size(drops[sent])
				sent++
			}
			if fence && sent == len(drops) {
				batch = append(batch, "NOOP")
			}
			if err := c.send(strings.ToLower(batch[0]), strings.Join(batch, "\r\n")); err != nil {
				return err
			}
		}
		flying -= size(d)
		if err := read(i); err != nil {
			return err
		}
	}
	if fence && len(drops) > 0 {
		if _, err := c.answer("noop"); err != nil && remote.As(err).Closed {
			return err
		}
	}
	return nil
}
