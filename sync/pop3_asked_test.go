package mailsync_test

import (
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

// A message that the server does not let anybody remove is told, and stays; the others leave by the rule all the same.
func TestPOP3MessageThatMayNotBeRemoved(t *testing.T) {
	t.Parallel()
	d := &drop{rnd: rand.New(rand.NewPCG(1, 1)), removed: map[string][]int{}, removedAt: map[int]time.Time{}, now: time.Now, keeps: 2}
	for n := range 5 {
		d.deliver(n, letter(n, fmt.Sprintf("message %d", n), "text"))
	}
	s := mailtest.StartScript(t, "", d.play)
	c := newComputer(t, s.Port, "ali", mail.POP3Options{}, time.Now())
	for range 2 {
		if res := c.pass(c.a); len(res.Failed) != 1 || !strings.Contains(res.Failed[0], "it is kept") {
			t.Errorf("told: %q", res.Failed)
		}
		if left := d.left(); !slices.Equal(left, []int{2}) {
			t.Errorf("on the server: %v", left)
		}
		c.days(1)
	}
	d.mu.Lock()
	d.keeps = 0
	d.mu.Unlock()
	c.sync(c.a)
	if left, n := d.left(), len(c.rows(c.inbox(c.a))); len(left) != 0 || n != 5 {
		t.Errorf("in the end: on the server %v, %d here", left, n)
	}
	c.sound()
}
