package pop3_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"peyk/accounts/pop3"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// flooded runs do against a server, and checks the end of it: an error that says where and during what, the session over, and memory
// bounded, at the most and afterwards.
func flooded(t *testing.T, port int, step string, kind mail.ProblemKind, most int64, do func() error) {
	t.Helper()
	var err error
	peak, held := mailtest.Peak(func() { err = do() })
	e := remote.As(err)
	if e == nil || e.Kind != kind || !e.Closed || e.Step != step || e.Host != fmt.Sprintf("127.0.0.1:%d", port) {
		t.Errorf("no clear error: %#v", e)
	}
	if err != nil && len(err.Error()) > 600 {
		t.Errorf("%d bytes of error", len(err.Error()))
	}
	if peak > most || held > 4<<20 {
		t.Errorf("%d KB at the most, %d KB afterwards", peak>>10, held>>10)
	}
	t.Logf("%d KB at the most, %d KB afterwards: %v", peak>>10, held>>10, err)
}

// A server that sends without end before the login is left within a few megabytes.
func TestFloodsBeforeTheLogin(t *testing.T) {
	greeted := func(capa string, then func(c *mailtest.ScriptConn)) func(c *mailtest.ScriptConn) {
		return func(c *mailtest.ScriptConn) {
			c.Send("+OK\r\n")
			c.Answer("CAPA", capa)
			then(c)
		}
	}
	sasl := "+OK\r\nSASL PLAIN LOGIN CRAM-MD5\r\n.\r\n"
	for name, tc := range map[string]struct {
		step string
		play func(c *mailtest.ScriptConn)
	}{
		"greeting without end":          {"greeting", mailtest.Forever("+OK ", "x")},
		"greeting of other words":       {"greeting", mailtest.Forever("", "x")},
		"capabilities without end":      {"capa", greeted("+OK\r\n", mailtest.Forever("", "X-MORE\r\n"))},
		"a capability without end":      {"capa", greeted("+OK\r\n", mailtest.Forever("X-", "x"))},
		"capabilities, each enormous":   {"capa", greeted("+OK\r\n", mailtest.Forever("", strings.Repeat("x", 60_000)+"\r\n"))},
		"a refusal without end":         {"capa", greeted("", mailtest.Forever("-ERR ", "x"))},
		"challenges without end":        {"login", greeted(sasl, mailtest.Forever("", "+ YWJj\r\n"))},
		"a challenge without end":       {"login", greeted(sasl, mailtest.Forever("+ ", "YWJj"))},
		"an answer to PASS without end": {"login", greeted("+OK\r\nUSER\r\n.\r\n", func(c *mailtest.ScriptConn) { c.Answer("USER", "+OK\r\n"); mailtest.Forever("+OK ", "x")(c) })},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.StartScript(t, mailtest.Good, tc.play)
			srv := mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.SecurityTLS, Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 20}
			kind := mail.ProblemProtocol
			if name == "challenges without end" {
				srv.Auth, kind = mail.AuthCRAMMD5, mail.ProblemAuth
			}
			flooded(t, s.Port, tc.step, kind, 8<<20, func() error {
				_, err := pop3.Dial(t.Context(), pop3.Config{Password: "geheim", Server: srv})
				return err
			})
		})
	}
}

// The same in every verb. What a server may make us hold there is a header, or what it lists of as many messages as it says it has.
func TestFloodsInEveryVerb(t *testing.T) {
	one := []remote.Drop{{Number: 1, Size: 10}}
	drain := func(_ remote.Drop, body io.Reader) error { _, err := io.Copy(io.Discard, body); return err }
	retr := func(ctx context.Context, c *pop3.Client) error { return c.Retrieve(ctx, one, drain) }
	top := func(ctx context.Context, c *pop3.Client) error { _, err := c.Top(ctx, one[0], 0); return err }
	heads := func(ctx context.Context, c *pop3.Client) error {
		return c.Heads(ctx, one, func(remote.Drop, []byte) error { return nil })
	}
	list := func(ctx context.Context, c *pop3.Client) error { _, err := c.List(ctx); return err }
	dele := func(ctx context.Context, c *pop3.Client) error { _, err := c.Delete(ctx, one); return err }
	quit := func(ctx context.Context, c *pop3.Client) error { // only deletions make its answer awaited
		if _, err := c.Delete(ctx, one); err != nil {
			return err
		}
		return c.Quit(ctx)
	}
	const small = 8 << 20
	for name, tc := range map[string]struct {
		do           func(ctx context.Context, c *pop3.Client) error
		step         string
		first, again string
		most         int64
	}{
		"STAT without end":           {list, "stat", "+OK ", "1", small},
		"LIST of more":               {list, "list", "+OK 3 30\r\n+OK\r\n", "1 10\r\n2 10\r\n3 10\r\n4 10\r\n", small},
		"LIST line without end":      {list, "list", "+OK 3 30\r\n+OK\r\n1 ", "1", small},
		"LIST of enormous lines":     {list, "list", "+OK 1000000 30\r\n+OK\r\n", "7 " + strings.Repeat(" x", 30_000) + "\r\n", small},
		"LIST of nothing":            {list, "list", "+OK 3 30\r\n+OK\r\n", "\r\n", small},
		"a million that do not come": {list, "list", "+OK 1000000 30\r\n+OK\r\n1 10\r\n.\r\n", "+OK\r\n", small},
		"more than there can be":     {list, "stat", "+OK 99999999 30\r\n", "+OK\r\n", small},
		"UIDL of more":               {list, "uidl", "+OK 1 30\r\n+OK\r\n1 10\r\n.\r\n+OK\r\n", "1 a\r\n2 b\r\n", small},
		"UIDL line without end":      {list, "uidl", "+OK 1 30\r\n+OK\r\n1 10\r\n.\r\n+OK\r\n1 ", "a", small},
		"RETR line without end":      {retr, "retr 1", "+OK\r\n", "x", small},
		"RETR lines without end":     {retr, "retr 1", "+OK\r\n", strings.Repeat("x", 900) + "\r\n", small},
		"RETR of dots":               {retr, "retr 1", "+OK\r\n", "..\r\n", small},
		"RETR answer without end":    {retr, "retr 1", "+OK ", "x", small},
		"TOP line without end":       {top, "top 1", "+OK\r\n", "x", 64 << 20},
		"TOP lines without end":      {heads, "top 1", "+OK\r\n", "X-Header: xxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", 64 << 20},
		"DELE answer without end":    {dele, "dele 1", "+OK ", "x", small},
		"DELE refusal without end":   {dele, "dele 1", "-ERR ", "x", small},
		"QUIT answer without end":    {quit, "quit", "+OK ", "x", small},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := script(t, capa, func(c *mailtest.ScriptConn) {
				if c.Line(); tc.step == "quit" {
					c.Send("+OK marked\r\n")
					c.Line()
				}
				mailtest.Forever(tc.first, tc.again)(c)
			})
			cfg.Server.TimeoutSeconds = 20
			c := open(t, cfg)
			flooded(t, cfg.Server.Port, tc.step, mail.ProblemProtocol, tc.most, func() error { return tc.do(t.Context(), c) })
		})
	}
}

// The most that a listing can make us hold: as many messages as are believed, with the longest names.
func TestTheLargestListing(t *testing.T) {
	const count = 1_000_000
	cfg := script(t, capa, func(c *mailtest.ScriptConn) {
		c.Line()
		c.Send(fmt.Sprintf("+OK %d 1\r\n+OK\r\n", count))
		var rows strings.Builder
		for n := range count {
			fmt.Fprintf(&rows, "%d 1\r\n", n+1)
		}
		c.Send(rows.String(), ".\r\n+OK\r\n")
		name := strings.Repeat("u", 990)
		for n := range count {
			if !c.Send(fmt.Sprintf("%d %s\r\n", n+1, name)) {
				return
			}
		}
	})
	cfg.Server.TimeoutSeconds = 60
	c := open(t, cfg)
	// 100 MB of names, 24 MB of numbers and sizes, twice where a slice grew, and the test's own listing.
	flooded(t, cfg.Server.Port, "uidl", mail.ProblemProtocol, 300<<20, func() error { _, err := c.List(t.Context()); return err })
}
