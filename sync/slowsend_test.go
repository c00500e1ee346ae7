package mailsync_test

import (
	"context"
	"io"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// New mail does not wait for what is being sent, however long that takes.
func TestNewMailWhileSomethingIsBeingSent(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	r.dove.Deliver("ali", letters(0, 2)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	sending, release := make(chan struct{}), make(chan struct{})
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			close(sending)
			<-release
			return in.Send(ctx, env, body)
		}}
	}
	r.live()
	t.Cleanup(func() {
		select {
		case <-release:
		default:
			close(release)
		}
	})
	eventually(t, "a connection that listens", func() bool { return r.e.Hears(a.ID) })
	r.write(a, r.mta.Address("sara"), "a large one", "text")
	<-sending
	for n := range 2 {
		r.dove.Deliver("ali", letters(10+n, 1)...)
		eventually(t, "new mail", func() bool { return r.inbox(a).Total == 3+n })
	}
	close(release)
	r.arrive("sara", "INBOX", 1)
	eventually(t, "the copy in Sent", func() bool { return len(r.dove.UIDs("ali", "Sent")) == 1 && len(r.outbox()) == 0 })
	r.sameMail(a, "ali", "INBOX")
	r.sound()
}
