package imap

import (
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// testContext bounds a test, so that a client that waits for ever fails it.
func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// serverOf describes how to reach a Dovecot.
func serverOf(d *mailtest.Server, sec mail.Security, user string) mail.Server {
	srv := mail.Server{Host: "localhost", Port: d.IMAPPort, Security: sec, Username: user, CAFile: d.CAFile, TimeoutSeconds: 20}
	switch sec {
	case mail.SecurityTLS:
		srv.Port = d.IMAPSPort
	case mail.SecurityNone:
		srv.AllowPlaintext = true
	}
	return srv
}

// dialDovecot logs in; edit may change the configuration.
func dialDovecot(t testing.TB, d *mailtest.Server, user string, edit ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{Server: serverOf(d, mail.SecurityTLS, user), Password: d.Password(user)}
	for _, e := range edit {
		e(&cfg)
	}
	c, err := Dial(testContext(t), cfg)
	if err != nil {
		t.Fatalf("Dial: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// message makes a small message with a Message-ID that tells its number.
func message(n int) []byte {
	return []byte(fmt.Sprintf("From: Ali <ali@example.org>\r\nTo: sara@example.org\r\nSubject: number %d\r\nMessage-ID: <m%d@example.org>\r\n\r\nBody of %d\r\nسلام\r\n", n, n, n))
}

func messages(from, to int) [][]byte {
	var out [][]byte
	for n := from; n <= to; n++ {
		out = append(out, message(n))
	}
	return out
}

// got is what Fetch delivered.
type got struct {
	remote.Fetched
	body string
}

func fetchAll(t testing.TB, c *Client, path string, set []remote.UIDRange, want remote.Want) (map[mail.UID]got, []remote.Poisoned) {
	t.Helper()
	out := map[mail.UID]got{}
	bad, err := c.Fetch(testContext(t), path, set, want, func(f remote.Fetched) error {
		g := got{Fetched: f}
		if f.Body != nil {
			b, err := io.ReadAll(f.Body)
			if err != nil {
				return err
			}
			if int64(len(b)) != f.BodySize {
				t.Errorf("UID %d: %d bytes of body, %d announced", f.UID, len(b), f.BodySize)
			}
			g.body = string(b)
		}
		out[f.UID] = g
		return nil
	})
	if err != nil {
		t.Fatalf("Fetch: %v", err)
	}
	return out, bad
}

var everything = []remote.UIDRange{{First: 1}}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refusal checks that err is a *remote.Error with these marks and returns it.
func refusal(t testing.TB, err error, kind mail.ProblemKind, permanent, closed bool) *remote.Error {
	t.Helper()
	e := remote.As(err)
	if e == nil {
		t.Fatalf("no remote.Error: %v", err)
		return nil
	}
	if e.Kind != kind || e.Permanent != permanent || e.Closed != closed {
		t.Fatalf("kind %q permanent %v closed %v, want %q %v %v: %v", e.Kind, e.Permanent, e.Closed, kind, permanent, closed, err)
	}
	return e
}

// moveSafely is what the engine does: MOVE where the server has it, else a copy, and then the source goes.
func moveSafely(ctx context.Context, c *Client, path string, uids []mail.UID, dest string) (map[mail.UID]mail.UID, error) {
	if c.Capabilities().Move {
		return c.Move(ctx, path, uids, dest)
	}
	m, err := c.Copy(ctx, path, uids, dest)
	if err == nil {
		_, err = c.Expunge(ctx, path, uids)
	}
	return m, err
}
