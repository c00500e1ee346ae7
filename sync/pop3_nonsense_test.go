package mailsync_test

import (
	"context"
	"fmt"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// namelessDrop is a session in which some lines of UIDL made no sense.
type namelessDrop struct {
	remote.Maildrop
	odd map[int]bool // by message number
}

func (n namelessDrop) List(ctx context.Context) ([]remote.Drop, error) {
	drops, err := n.Maildrop.List(ctx)
	for i := range drops {
		if n.odd[drops[i].Number] {
			drops[i].UIDL = ""
		}
	}
	return drops, err
}

// A message whose line of UIDL makes no sense is known by its bytes: it comes with the others, once, whether or not the next line makes sense,
// and leaves the server when it is here. Half of the messages have no Message-ID.
func TestMessagesWhoseUIDLMakesNoSense(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	for n := range 6 {
		m := letter(n, fmt.Sprintf("message %d", n), noise(n, 300))
		if n%2 == 1 {
			m = fmt.Appendf(nil, "Subject: message %d\r\n\r\n%s", n, noise(n, 300))
		}
		r.dove.Deliver("ali", m)
	}
	a := r.account("ali", mail.POP3, nil)
	var odd map[int]bool
	r.wrap = func(s remote.Remote) remote.Remote { return namelessDrop{s.(remote.Maildrop), odd} }
	for _, odd = range []map[int]bool{{1: true, 2: true}, {1: true, 2: true}, {3: true, 4: true}, nil, {5: true, 6: true}, {1: true}, nil} {
		r.sync(a)
		if n := len(r.rows(r.inbox(a))); n != 6 {
			t.Fatalf("%v: %d messages, want 6", odd, n)
		}
	}
	a.POP3.LeaveOnServer = false
	if _, err := r.e.SaveAccount(r.ctx, a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	odd = map[int]bool{2: true, 3: true}
	r.dove.Deliver("ali", letter(9, "message 9", "new"))
	r.sync(a)
	odd = nil // what was listed under another name a pass ago is on the server after all, as the next pass notes
	r.sync(a)
	r.sync(a)
	r.left("ali", 0, "in the end")
	if n := len(r.rows(r.inbox(a))); n != 7 {
		t.Errorf("%d messages, want 7", n)
	}
	r.sound()
}
