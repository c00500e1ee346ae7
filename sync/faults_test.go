package mailsync_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// cutter stands between Peyk and a server and cuts each connection after a number of bytes, in either direction: in the
// middle of a handshake, of a command, of a message, or after a request arrived and before its answer does.
type cutter struct {
	ln   net.Listener
	to   string
	mu   sync.Mutex
	rnd  *rand.Rand
	most int // bytes until the cut, at most; 0: none
	wg   sync.WaitGroup
}

func newCutter(t *testing.T, port int, seed uint64) *cutter {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{ln: ln, to: fmt.Sprintf("127.0.0.1:%d", port), rnd: rand.New(rand.NewPCG(seed, 1))}
	c.wg.Go(c.serve)
	t.Cleanup(func() { ln.Close(); c.wg.Wait() })
	return c
}

func (c *cutter) port() int { return c.ln.Addr().(*net.TCPAddr).Port }

func (c *cutter) budget() (down, up int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.most == 0 {
		return 1 << 40, 1 << 40
	}
	if c.rnd.IntN(4) == 0 {
		return 1 << 40, int64(c.rnd.IntN(6000))
	}
	return int64(c.rnd.IntN(c.most)), 1 << 40
}

func (c *cutter) set(most int) {
	c.mu.Lock()
	c.most = most
	c.mu.Unlock()
}

func (c *cutter) serve() {
	for {
		in, err := c.ln.Accept()
		if err != nil {
			return
		}
		out, err := net.DialTimeout("tcp", c.to, 5*time.Second)
		if err != nil {
			in.Close()
			continue
		}
		down, up := c.budget()
		end := func() { in.Close(); out.Close() }
		c.wg.Go(func() { io.CopyN(in, out, down); end() })
		c.wg.Go(func() { io.CopyN(out, in, up); end() })
	}
}

// Whatever is cut, both sides are equal in the end: everything is here once, byte for byte, and every operation is on the
// server once.
func TestCutConnections(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		t.Run(fmt.Sprintf("imap seed %d", seed), func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", append(letters(0, 150), letter(500, "large", longText(300_000)))...)
			cut := newCutter(t, r.dove.IMAPSPort, seed)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = cut.port() })
			r.sync(a)
			in := r.inbox(a)
			ids := func(n int) []mail.MessageID { return []mail.MessageID{r.find(in, fmt.Sprintf("message %d", n)).ID} }
			cut.set(30_000)
			broken := 0
			r.dove.Deliver("ali", letters(200, 60)...)
			r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: "Work"})
			work := r.folder(a, "Work")
			for i := range 10 {
				r.do(mail.Action{Kind: mail.ActMove, Messages: ids(i), Folder: work.ID})
				r.do(mail.Action{Kind: mail.ActRead, Messages: ids(20 + i)})
				r.do(mail.Action{Kind: mail.ActDelete, Messages: ids(40 + i)})
				r.do(mail.Action{Kind: mail.ActCopy, Messages: ids(60 + i), Folder: work.ID})
				broken += len(r.pass(a).Failed)
			}
			if broken == 0 {
				t.Error("no pass was cut")
			}
			cut.set(0)
			r.sync(a)
			r.sync(a)
			for box, want := range map[string]int{"INBOX": 191, "Work": 20, "Trash": 10} {
				if got := len(r.dove.UIDs("ali", box)); got != want {
					t.Errorf("%s holds %d on the server, want %d", box, got, want)
				}
				r.sameMail(a, "ali", box)
			}
		})
		t.Run(fmt.Sprintf("pop3 seed %d", seed), func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			all := append(letters(0, 150), letter(500, "large", longText(300_000)))
			r.dove.Deliver("ali", all...)
			cut := newCutter(t, r.dove.POP3SPort, seed)
			cut.set(60_000)
			a := r.account("ali", mail.POP3, func(a *mail.Account) {
				a.Incoming.Port = cut.port()
				a.POP3 = mail.POP3Options{}
			})
			broken := 0
			for range 12 {
				broken += len(r.pass(a).Failed)
			}
			if broken == 0 {
				t.Error("no pass was cut")
			}
			cut.set(0)
			r.sync(a)
			r.left("ali", 0, "in the end")
			var got [][]byte
			for _, row := range r.rows(r.inbox(a)) {
				got = append(got, r.raw(row.ID))
			}
			if x, y := diff(got, all); len(x)+len(y) > 0 {
				t.Errorf("%d messages here, %d delivered: %d too many or wrong, %d missing", len(got), len(all), len(x), len(y))
			}
		})
	}
}
