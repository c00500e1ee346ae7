package mailsync_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A server that hangs up when it is asked what a message is that was set aside is asked once: each question ends a session.
func TestPOP3AsksOnceWhatWasSetAside(t *testing.T) {
	t.Parallel()
	d := &drop{rnd: rand.New(rand.NewPCG(1, 1)), removed: map[string][]int{}, removedAt: map[int]time.Time{}, now: time.Now}
	var ended atomic.Int64
	d.poison = map[int]func(c *mailtest.ScriptConn) bool{1: func(*mailtest.ScriptConn) bool { ended.Add(1); return true }}
	for n := range 3 {
		d.deliver(n, letter(n, fmt.Sprintf("message %d", n), "text"))
	}
	s := mailtest.StartScript(t, "", d.play)
	c := newComputer(t, s.Port, "ali", mail.POP3Options{LeaveOnServer: true}, time.Now())
	aside := 0
	for pass := 0; aside == 0; pass++ {
		c.pass(c.a)
		if _, total, err := c.st.SetAside(c.ctx, 10); err != nil || pass > 100 {
			t.Fatalf("after %d passes: %v", pass, err)
		} else {
			aside = total
		}
	}
	before := ended.Load()
	for range 5 {
		c.sync(c.a)
	}
	if n := ended.Load() - before; n > 1 {
		t.Errorf("%d sessions ended by a question about it", n)
	}
	if n := len(c.rows(c.inbox(c.a))); n != 2 {
		t.Errorf("%d messages are here, want 2", n)
	}
}

// A server gives the name of a message that is gone to a new one. Where the sizes that it lists are right, which the messages that are known show when nothing was fetched since that is
// remembered, the new one is fetched.
func TestPOP3NameGivenAgainKnownByTheSize(t *testing.T) {
	t.Parallel()
	d := &drop{rnd: rand.New(rand.NewPCG(1, 1)), removed: map[string][]int{}, removedAt: map[int]time.Time{}, now: time.Now, byPosition: true}
	for n := range 12 {
		d.deliver(n, letter(n, fmt.Sprintf("message %d", n), strings.Repeat("x", n)))
	}
	s := mailtest.StartScript(t, "", d.play)
	c := newComputer(t, s.Port, "ali", mail.POP3Options{LeaveOnServer: true}, time.Now())
	c.sync(c.a)
	if err := c.st.SetSetting(c.ctx, fmt.Sprintf("pop3.sizes.%d", c.a.ID), ""); err != nil {
		t.Fatal(err)
	}
	d.mu.Lock()
	d.take(11)
	d.mu.Unlock()
	d.deliver(12, letter(12, "message 12", strings.Repeat("longer than the last one ", 9)))
	c.sync(c.a)
	if n := len(c.rows(c.inbox(c.a))); n != 13 {
		t.Errorf("%d messages are here, want the 12 and the new one", n)
	}
	c.sound()
}
