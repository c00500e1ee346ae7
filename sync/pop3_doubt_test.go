package mailsync_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A server gives the UIDL of an old message to a new one of the same size, just when the old one is to be removed: the new one is
// fetched, and not removed before its own time.
func TestPOP3ReusedUIDLOfEqualSize(t *testing.T) {
	t.Parallel()
	for name, destroyed := range map[string]bool{"the old one is here": false, "the old one was destroyed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reusedUIDL(t, destroyed)
		})
	}
}

// reusedUIDL is the test; destroyed: the user has destroyed the old message, and its bytes have left the disk.
func reusedUIDL(t *testing.T, destroyed bool) {
	d := &drop{rnd: rand.New(rand.NewPCG(1, 1)), removed: map[string][]int{}, removedAt: map[int]time.Time{}, now: time.Now}
	server := mailtest.StartScript(t, "", d.play)
	first, second := letter(1, "the old one", "aaaa"), letter(2, "the new one", "bbbb")
	if len(first) != len(second) {
		t.Fatal("the messages must be of one size")
	}
	d.deliver(1, first)
	d.deliver(3, letter(3, "stays", "x"))
	c := newComputer(t, server.Port, "ali", mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 5}, time.Now())
	c.sync(c.a)
	if destroyed {
		row := c.find(c.inbox(c.a), "the old one")
		det, err := c.st.Details(c.ctx, row.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.st.RemoveMessages(c.ctx, []mail.MessageID{row.ID}); err != nil {
			t.Fatal(err)
		}
		for range 3 { // each a pass
			c.sync(c.a)
			c.days(1)
		}
		if b, err := c.st.OpenBlob(c.ctx, det.Blob.Hash); err == nil {
			b.Close()
			t.Fatal("the bytes are still there")
		}
	}
	d.mu.Lock()
	d.mail[0].n, d.mail[0].raw = 2, second
	d.mu.Unlock()
	c.days(6)
	if res := c.sync(c.a); res.New != 1 || res.RemovedOnServer != 1 {
		t.Errorf("the new message came as %+v", res)
	}
	c.find(c.inbox(c.a), "the new one")
	d.mu.Lock()
	if len(d.mail) != 1 || d.mail[0].n != 2 {
		t.Errorf("on the server: %+v", d.mail)
	}
	d.mu.Unlock()
	c.days(6)
	if res := c.sync(c.a); res.New != 0 || res.RemovedOnServer != 1 {
		t.Errorf("after its own days: %+v", res)
	}
	c.sound()
}
