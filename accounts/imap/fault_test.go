package imap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net"
	"strings"
	"sync"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// cutter is a proxy that breaks each connection after a number of bytes of the server, drawn from a seed.
type cutter struct {
	ln     net.Listener
	target string
	mu     sync.Mutex
	rnd    *rand.Rand
	max    int
	cuts   int
	wg     sync.WaitGroup
}

func startCutter(t *testing.T, port int, seed int64, max int) *cutter {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	c := &cutter{ln: ln, target: fmt.Sprintf("127.0.0.1:%d", port), rnd: rand.New(rand.NewSource(seed)), max: max}
	c.wg.Go(c.accept)
	t.Cleanup(func() { ln.Close(); c.wg.Wait() })
	return c
}

func (c *cutter) port() int { return c.ln.Addr().(*net.TCPAddr).Port }

func (c *cutter) accept() {
	for {
		in, err := c.ln.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", c.target)
		if err != nil {
			in.Close()
			continue
		}
		c.mu.Lock()
		limit := 6000 + c.rnd.Intn(c.max)
		reset := c.rnd.Intn(2) == 0
		c.mu.Unlock()
		c.wg.Go(func() {
			io.Copy(out, in)
			out.Close()
		})
		c.wg.Go(func() {
			if n, _ := io.CopyN(in, out, int64(limit)); n == int64(limit) {
				c.mu.Lock()
				c.cuts++
				c.mu.Unlock()
				if reset {
					in.(*net.TCPConn).SetLinger(0)
				}
			}
			in.Close()
			out.Close()
		})
	}
}

// TestFetchOverABrokenNetwork: connections that break at random places cost time, never a message, and no message is
// called poisoned for it.
func TestFetchOverABrokenNetwork(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	var all [][]byte
	for n := range 60 {
		all = append(all, append(message(n), []byte(strings.Repeat("0123456789\r\n", 100+n*20))...))
	}
	d.Deliver("ali", all...)
	for seed := int64(1); seed <= 2; seed++ {
		p := startCutter(t, d.IMAPSPort, seed, 150_000)
		srv := serverOf(d, mail.SecurityTLS, "ali")
		srv.Port = p.port()
		have := map[mail.UID]string{}
		for try := 0; len(have) < len(all); try++ {
			if try == 100 {
				t.Fatalf("seed %d: %d messages after %d tries", seed, len(have), try)
			}
			c, err := Dial(testContext(t), Config{Server: srv, Password: d.Password("ali")})
			if err != nil {
				if e := remote.As(err); e == nil || e.Permanent {
					t.Fatalf("seed %d: %v", seed, err)
				}
				continue
			}
			bad, err := c.Fetch(testContext(t), "INBOX", everything, remote.WantBody, func(f remote.Fetched) error {
				b, err := io.ReadAll(f.Body)
				if err == nil {
					have[f.UID] = string(b)
				}
				return err
			})
			c.Close()
			if len(bad) > 0 {
				t.Fatalf("seed %d: poisoned %v", seed, bad)
			}
			if err != nil && remote.IsPermanent(err) {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		for i, m := range all {
			if have[mail.UID(i+1)] != string(m) {
				t.Errorf("seed %d: message %d differs", seed, i+1)
			}
		}
		p.mu.Lock()
		cuts := p.cuts
		p.mu.Unlock()
		if cuts == 0 {
			t.Errorf("seed %d: no connection was cut", seed)
		}
	}
}

// TestMoveOverABrokenNetwork: wherever the connection breaks, each message is in the source, in the destination, or in
// both; never in none.
func TestMoveOverABrokenNetwork(t *testing.T) {
	t.Parallel()
	for _, gone := range [][]string{nil, {"MOVE"}} {
		d := without(t, gone...)
		d.Deliver("ali", messages(1, 30)...)
		srv := serverOf(d, mail.SecurityTLS, "ali")
		for seed := int64(1); seed <= 8; seed++ {
			p := startCutter(t, d.IMAPSPort, seed, 1200)
			srv.Port = p.port()
			c, err := Dial(testContext(t), Config{Server: srv, Password: d.Password("ali")})
			if err != nil {
				continue
			}
			for _, u := range d.UIDs("ali", "INBOX") {
				if _, err := moveSafely(testContext(t), c, "INBOX", []mail.UID{mail.UID(u)}, "Archive"); err != nil {
					break
				}
			}
			c.Close()
			seen := map[string]bool{}
			for _, box := range []string{"INBOX", "Archive"} {
				for _, m := range d.Messages("ali", box) {
					seen[string(m)] = true
				}
			}
			if len(seen) != 30 {
				t.Fatalf("seed %d: %d of 30 messages are left", seed, len(seen))
			}
		}
	}
}

// TestStopDropsTheConnection: when far more is coming than is worth reading, the next verb works on a new connection.
func TestStopDropsTheConnection(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	o := &odd{uids: []int{1, 2}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.HasPrefix(line, "UID FETCH") || c.N > 1 {
			return false
		}
		c.Send(fetchAnswer(1, 1, "BODY.PEEK[]"))
		c.Send("* 2 FETCH (UID 2 FLAGS () BODY[] {900000000}\r\n")
		for c.Send(strings.Repeat("x", 1<<16)) {
		}
		return true
	}}
	c := o.dial(t)
	_, err := c.Fetch(testContext(t), "INBOX", everything, remote.WantBody, func(remote.Fetched) error { return enough })
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
	all, _ := fetchAll(t, c, "INBOX", everything, remote.WantBody)
	if len(all) != 2 {
		t.Errorf("%d messages afterwards", len(all))
	}
}

// TestVerbsTakeTurns: callers that do not wait for each other get right answers all the same, and Close never hangs.
func TestVerbsTakeTurns(t *testing.T) {
	o := &odd{caps: "IDLE"}
	c := o.dial(t)
	ctx, cancel := context.WithCancel(testContext(t))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 20 {
				if i%2 == 0 {
					if err := c.Noop(ctx); err != nil {
						t.Error(err)
						return
					}
				} else if uids, err := c.UIDs(ctx, "INBOX"); err != nil || len(uids) != 3 {
					t.Errorf("%v, %v", uids, err)
					return
				}
			}
		})
	}
	wg.Wait()
	cancel()
	if err := c.Noop(ctx); !errors.Is(err, context.Canceled) || remote.As(err).Closed {
		t.Errorf("a context that ended before costs no connection: %v", err)
	}
	must(t, c.Noop(testContext(t)))
}

// TestPasswordIsNotRepeated: a server that quotes what it did not understand must not bring the password into an error.
func TestPasswordIsNotRepeated(t *testing.T) {
	for _, caps := range []string{"", "AUTH=PLAIN SASL-IR"} {
		s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
			c.Send("* OK [CAPABILITY IMAP4rev1 ", caps, "] hi\r\n")
			line, _ := c.Line()
			tag, rest, _ := strings.Cut(line, " ")
			c.Send(tag, " BAD unknown command: ", rest, "\r\n")
			c.Drain()
		})
		_, err := Dial(testContext(t), Config{Password: "p4ss-w0rd", Server: mail.Server{Host: "localhost", Port: s.Port,
			Security: mail.SecurityTLS, Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 10}})
		e := remote.As(err)
		if e == nil || strings.Contains(fmt.Sprintf("%v %+v %v", err, *e, e.Err), "p4ss") || strings.Contains(err.Error(), "AHAA") {
			t.Errorf("%v", err)
		}
	}
}
