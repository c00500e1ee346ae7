package pop3

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"peyk/accounts/hint"
	"peyk/accounts/sasl"
)

// offers are what a Dovecot offered before the login when it was logged in to last, as a hint for the next session. With it
// the login, the capabilities and the listing go in one flight after the greeting, instead of one for each.
//
// The greeting is always awaited, although it costs a round trip: it proves that the one who will get the password speaks POP3, which a
// certificate does not (the ALPACA attack, 2021). A hint is for TLS and for AUTH PLAIN in one line only, and for one server, user and
// certificate. What the server offers after the login is asked anew in every session and is what counts; what it offered before is
// asked again when the hint is a week old. Should the server lose what comes behind the login, or refuse, the session begins anew
// without the hint, and so do the next ones.
type offers struct {
	hint.Common
	Week int64 `json:"week"` // the capabilities before the login were asked for in, since 1970
}

func thisWeek() int64 { return time.Now().Unix() / (7 * 24 * 3600) }

// fits reports whether a hint may be used, as far as that can be told before the server has shown its certificate.
func (h offers) fits() bool { return h.Ready(h.For) && h.Week == thisWeek() }

// about names whom a hint of this session is for; "" when it can be for nobody.
func (c *Client) about(cfg Config) string {
	if !c.takesAhead {
		return ""
	}
	return hint.For("pop3", c.w.conn, cfg.Server)
}

// loginAhead logs in by what the hint says, and sends what follows a login along. done is false when the hint does not serve.
func (c *Client) loginAhead(ctx context.Context, cfg Config, h offers) (done bool, err error) {
	if !h.fits() || !h.Ready(c.about(cfg)) {
		return false, nil
	}
	caps := capaOf(h.Login)
	mech, name, err := choose(c.w.conn, cfg, caps)
	if err != nil || name != "PLAIN" {
		return false, nil
	}
	command, ir, err := authCommand(mech, name)
	if err != nil || ir != nil {
		return false, nil
	}
	listing := c.ahead(cfg, caps)
	flight := command + "\r\nCAPA\r\n"
	if listing != "" {
		flight += listing + "\r\n"
	}
	if _, err := io.WriteString(c.w.conn, flight); err != nil {
		return false, &hint.Missed{Err: c.w.fail("login", err), Again: ctx.Err() == nil}
	}
	if err := c.loginAnswer(ctx, mech); err != nil {
		return false, err
	}
	c.hinted = h.Login
	if listing != "" {
		c.listed = &listed{}
	}
	return true, c.capaBehind(ctx, caps["SASL"])
}

// loginAnswer reads what became of the login.
func (c *Client) loginAnswer(ctx context.Context, mech sasl.Client) error {
	ok, text, err := c.w.status("login")
	switch {
	case err != nil:
		return &hint.Missed{Err: c.w.fail("login", err), Again: ctx.Err() == nil && !errors.Is(err, os.ErrDeadlineExceeded)}
	case ok:
		if err := sasl.Finish(mech); err != nil {
			return c.w.authFailed(err)
		}
		return nil
	case len(text) > 0 && text[0] == '[': // a response code: it is the login that was refused, not the haste
		return c.w.refused("login", text)
	}
	return &hint.Missed{Err: c.w.refused("login", text), Again: true}
}

// capaBehind reads the capabilities that were asked for behind the login. A server that has read what came there answers at once.
func (c *Client) capaBehind(ctx context.Context, mechanisms string) error {
	c.w.conn.SetIdle(min(c.w.conn.Idle(), hint.Patience))
	defer c.w.conn.SetIdle(0)
	caps, err := c.w.capaAnswer()
	if err == nil && caps == nil {
		err = c.w.fail("capa", malformed("CAPA was refused"))
	}
	if err != nil {
		return &hint.Missed{Err: err, Again: ctx.Err() == nil}
	}
	if caps["SASL"] == "" {
		caps["SASL"] = mechanisms // Dovecot names them before the login only
	}
	c.caps = capabilities(caps)
	return nil
}

// learn keeps what this session has shown for the next one; had is the hint it began with.
func (c *Client) learn(cfg Config, had offers) {
	h := offers{Common: hint.Common{For: c.about(cfg), Login: c.hinted}, Week: had.Week}
	if h.For == "" || !c.caps.Pipelining || !c.caps.UIDL {
		return
	}
	if h.Login == nil { // they were asked for
		h.Login, h.Week = slices.Sorted(slices.Values(c.caps.Raw)), thisWeek()
	}
	h.Follow(had.Common)
	hint.Keep(h, cfg.Start)
}

// capaOf is a list of capabilities by name.
func capaOf(lines []string) map[string]string {
	caps := map[string]string{}
	for _, l := range lines {
		name, args, _ := strings.Cut(l, " ")
		caps[strings.ToUpper(strings.TrimSpace(name))] = strings.TrimSpace(args)
	}
	return caps
}
