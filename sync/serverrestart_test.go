package mailsync_test

import (
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
)

// TestAServerThatRestartsHasRoom: a server that hangs up while it restarts looks like one that takes no more connections. When the connection that was believed to have the
// only place turns out to be dead, too, there is listening again, and not only half an hour later: also where nobody has used that connection for so long that
// it is not kept otherwise.
func TestAServerThatRestartsHasRoom(t *testing.T) {
	t.Parallel()
	r := newRig(t, offers("MOVE"), false)
	r.dove.Deliver("ali", letters(0, 2)...)
	var most atomic.Int32
	most.Store(100)
	port, _ := only(t, &most, r.box.IMAPSPort) // which hangs up while nobody is behind it
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Check.AtStart, a.Check.EveryMinutes = port, true, 600
	})
	r.live()
	eventually(t, "listening", func() bool {
		f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
		return err == nil && f.Total == 2 && f.UIDNext != 0 && r.e.Attends(a.ID)
	})
	r.dove.Stop()
	eventually(t, "the conclusion that there is no room", func() bool { return r.e.LeftOut(a.ID) })
	r.dove.Start()
	r.now.Add(int64(3 * time.Minute / time.Second))
	r.e.Rouse(a.ID)
	eventually(t, "listening again", func() bool { return r.e.Attends(a.ID) })
}
