package mailsync_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Messages that the server refuses, breaks or hangs up at do not hold back the others: those arrive, and leave the server by the
// rule. What cannot be had is set aside, told once, and stays on the server.
func TestPOP3PoisonedMessages(t *testing.T) {
	t.Parallel()
	for name, poison := range map[string]func(c *mailtest.ScriptConn) bool{
		"hangs up":         func(c *mailtest.ScriptConn) bool { return true },
		"hangs up halfway": func(c *mailtest.ScriptConn) bool { c.Send("+OK\r\nSubject: half\r\n"); return true },
		"does not stuff": func(c *mailtest.ScriptConn) bool {
			c.Send("+OK\r\nSubject: x\r\n\r\na\r\n.\r\nb\r\n.\r\n")
			return false
		},
		"says nothing sane": func(c *mailtest.ScriptConn) bool { c.Send("* OK\r\n"); return false },
		"refuses":           func(c *mailtest.ScriptConn) bool { c.Send("-ERR it is broken\r\n"); return false },
	} {
		t.Run(name, func(t *testing.T) {
			d := &drop{rnd: rand.New(rand.NewPCG(1, 1)), removed: map[string][]int{}, removedAt: map[int]time.Time{}, now: time.Now,
				poison: map[int]func(c *mailtest.ScriptConn) bool{3: poison, 4: poison, 12: poison}, heads: name == "refuses" || name == "hangs up"}
			s := mailtest.StartScript(t, "", d.play)
			for n := range 16 {
				d.deliver(n, letter(n, fmt.Sprintf("message %d", n), "text"))
			}
			c := newComputer(t, s.Port, "ali", mail.POP3Options{}, time.Now())
			told := 0
			pass := func() {
				res := c.pass(c.a)
				for _, f := range res.Failed {
					if strings.Contains(f, "was set aside") {
						told++
					}
				}
				c.days(1)
			}
			for range 5 { // one tells that there is something, then each of the three once, then the rest
				pass()
			}
			if n := len(c.rows(c.inbox(c.a))); n != 13 {
				t.Errorf("%d messages are here after five passes, want 13", n)
			}
			for range 60 {
				pass()
			}
			if told != 3 {
				t.Errorf("told %d times that a message was set aside", told)
			}
			c.sync(c.a) // nothing fails any more
			if left := d.left(); !slices.Equal(left, []int{3, 4, 12}) {
				t.Errorf("on the server: %v", left)
			}
			list, total, err := c.st.SetAside(c.ctx, 10)
			if err != nil || total != 3 {
				t.Fatalf("%d are set aside, %v", total, err)
			}
			// The server mends one, another program removes one, the user wants to hear of the third no more.
			d.mu.Lock()
			delete(d.poison, 12)
			d.take(3)
			d.mu.Unlock()
			by := map[string]mail.SetAsideID{}
			for _, q := range list {
				if q.Size == 0 || q.Reason == "" || (d.heads != (q.Subject != "") || d.heads && q.Sent.IsZero()) {
					t.Errorf("what is told of it: %+v", q)
				}
				by[q.UIDL] = q.ID()
			}
			if err := errors.Join(c.e.DismissSetAside(c.ctx, true, by["u5"]), c.e.RetrySetAside(c.ctx, by["u13"])); err != nil {
				t.Fatal(err)
			}
			c.sync(c.a)
			c.days(1)
			c.sync(c.a)
			if n := len(c.rows(c.inbox(c.a))); n != 14 {
				t.Errorf("%d messages are here after trying again, want 14", n)
			}
			all, err := c.st.Quarantined(c.ctx, c.inbox(c.a).ID)
			if _, total, _ := c.st.SetAside(c.ctx, 10); err != nil || total != 0 || len(all) != 1 || all[0].UIDL != "u5" {
				t.Errorf("set aside: %+v, of which %d are told, %v", all, total, err)
			}
			// That one the server mends, too: it comes when it is due, without anybody asking.
			d.mu.Lock()
			delete(d.poison, 4)
			d.mu.Unlock()
			c.days(8)
			c.sync(c.a)
			c.sync(c.a)
			if n := len(c.rows(c.inbox(c.a))); n != 15 || len(d.left()) != 0 {
				t.Errorf("%d messages are here in the end, %d on the server", n, len(d.left()))
			}
			if all, err := c.st.Quarantined(c.ctx, c.inbox(c.a).ID); err != nil || len(all) != 0 {
				t.Errorf("still set aside: %+v, %v", all, err)
			}
			c.sound()
		})
	}
}

// A network that breaks now and then puts strikes on messages that are not to blame; they are all fetched in the end.
func TestPOP3StrikesAreForgiven(t *testing.T) {
	t.Parallel()
	d := &drop{rnd: rand.New(rand.NewPCG(1, 1)), removed: map[string][]int{}, removedAt: map[int]time.Time{}, now: time.Now}
	var broken [30]atomic.Int64
	d.poison = map[int]func(c *mailtest.ScriptConn) bool{}
	for n := range len(broken) {
		d.deliver(n, letter(n, fmt.Sprintf("message %d", n), "text"))
		d.poison[n] = func(c *mailtest.ScriptConn) bool {
			if broken[n].Add(1) > int64(n%4) {
				c.Send("+OK\r\n", stuffed(letter(n, fmt.Sprintf("message %d", n), "text")), ".\r\n")
				return false
			}
			return true
		}
	}
	s := mailtest.StartScript(t, "", d.play)
	c := newComputer(t, s.Port, "ali", mail.POP3Options{}, time.Now())
	for range 60 {
		c.pass(c.a)
		c.days(1)
	}
	if n := len(c.rows(c.inbox(c.a))); n != len(broken) || len(d.left()) != 0 {
		t.Errorf("%d messages are here, %d on the server", n, len(d.left()))
	}
	c.sync(c.a)
	c.sound()
}
