package mailsync_test

import (
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Who opens a message that is not here while its server is away is told so, and that is the end of it: the server is not knocked at without
// a pause from then on.
func TestAServerThatIsAwayIsKnockedAtOnceForAWant(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 1)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays, a.Incoming.Port = -1, proxy.Port() })
	r.sync(a)
	var knocks atomic.Int64
	proxy.Redirect(mailtest.StartScript(t, "", func(*mailtest.ScriptConn) { knocks.Add(1) }).Port)
	r.live()
	if err := r.e.Want(r.ctx, r.rows(r.inbox(a))[0].ID, nil); err == nil {
		t.Fatal("a message came from a server that is away")
	}
	time.Sleep(time.Second) // a pause is several; who makes none has knocked hundreds of times by now
	if n := knocks.Load(); n > 20 {
		t.Errorf("the server was knocked at %d times", n)
	}
}

// A connection that listens may be one that a router has forgotten. Who opens a message then is not told of a failure that was only its: he gets
// the message from the next one.
func TestAWantOnADeadConnection(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 1)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.IMAP.OfflineDays, a.Incoming.Port, a.Incoming.TimeoutSeconds = -1, proxy.Port(), 10
	})
	r.sync(a)
	r.live()
	eventually(t, "a connection that listens", func() bool { return r.e.Hears(a.ID) })
	proxy.Freeze()
	if err := r.e.Want(r.ctx, r.rows(r.inbox(a))[0].ID, nil); err != nil {
		t.Error(err)
	}
}
