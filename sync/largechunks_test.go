package mailsync_test

import (
	"context"
	"sync"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// counted notes how many whole messages each command asks for.
type counted struct {
	remote.Mailboxes
	mu   *sync.Mutex
	most *int
}

func (c counted) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	poisoned, done, err := c.Mailboxes.FetchEach(ctx, path, sets, want, more, fn)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, set := range sets[:done] {
		n := 0
		for _, r := range set {
			n += int(r.Last-r.First) + 1
		}
		if want == remote.WantBody {
			*c.most = max(*c.most, n)
		}
	}
	return poisoned, done, err
}

// A first download of large messages asks for few of them at a time from the beginning: whoever clicks something meanwhile waits for what was asked for. How large they are comes
// with the headers of the first screen, and for the next folder from the one before.
func TestLargeMessagesAreAskedForByTheirSizes(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	var large [][]byte
	for i := range 120 {
		large = append(large, letter(i, "large", noise(i, 100_000)))
	}
	r.dove.Deliver("ali", large[:60]...)
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	r.box.Append(t, "ali", "Work", large[60:]...)
	a := r.account("ali", mail.IMAP, nil)
	var mu sync.Mutex
	most := 0
	r.wrap = func(s remote.Remote) remote.Remote { return counted{s.(remote.Mailboxes), &mu, &most} }
	r.sync(a)
	if most < 5 || most > 15 {
		t.Errorf("a command asked for %d messages of 100 KB, want about ten", most)
	}
	r.sameMail(a, "ali", "INBOX")
	r.sameMail(a, "ali", "Work")
}
