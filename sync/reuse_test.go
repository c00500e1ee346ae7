package mailsync_test

import (
	"context"
	"sync/atomic"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// counting counts the bodies that come over the wire.
type counting struct {
	remote.Mailboxes
	bodies *atomic.Int64
}

func (c counting) Fetch(ctx context.Context, path string, set []remote.UIDRange, want remote.Want, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	return c.Mailboxes.Fetch(ctx, path, set, want, c.count(want, fn))
}

func (c counting) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	return c.Mailboxes.FetchEach(ctx, path, sets, want, more, c.count(want, fn))
}

func (c counting) count(want remote.Want, fn func(remote.Fetched) error) func(remote.Fetched) error {
	return func(f remote.Fetched) error {
		if want == remote.WantBody {
			c.bodies.Add(1)
		}
		return fn(f)
	}
}

// What another client moves or copies is not fetched again from a server that names the bytes of its messages (OBJECTID).
func TestMovedElsewhereIsNotFetchedAgain(t *testing.T) {
	t.Parallel()
	box := mailtest.StartCyrus(t, mailtest.CyrusOptions{})
	r := newRigAt(t, box)
	var bodies atomic.Int64
	r.wrap = func(s remote.Remote) remote.Remote { return counting{s.(remote.Mailboxes), &bodies} }
	box.Append(t, "ali", "INBOX", letters(0, 8)...)
	a := r.account("ali", mail.IMAP, nil)
	if r.sync(a); bodies.Load() != 8 {
		t.Fatalf("%d bodies were fetched at first", bodies.Load())
	}
	box.Command(t, "ali", "CREATE Work", "SELECT INBOX", "UID MOVE 1:3 Work", "UID COPY 4 Work")
	box.Append(t, "ali", "Work", letters(20, 1)...)
	res := r.sync(a)
	if bodies.Load() != 9 || res.New != 5 {
		t.Errorf("%d bodies were fetched in the end, 1 was new; %+v", bodies.Load(), res)
	}
	r.same(a, "Work", 5)
	r.same(a, "INBOX", 5)
	r.sound()

}
