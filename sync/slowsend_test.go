package mailsync_test

import (
	"context"
	"io"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What is being sent holds nothing else up, however long it takes and however few connections the account has: new mail comes, what the user
// does reaches the server, and who opens a message gets it.
func TestNothingWaitsForWhatIsBeingSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		proto mail.Protocol
		set   func(*mail.Account)
	}{
		"IMAP":                     {mail.IMAP, func(*mail.Account) {}},
		"IMAP with one connection": {mail.IMAP, func(a *mail.Account) { a.IMAP.MaxConnections = 1 }},
		"POP3":                     {mail.POP3, func(*mail.Account) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, true)
			r.dove.Deliver("ali", letters(0, 2)...)
			a := r.account("ali", c.proto, c.set)
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
			r.write(a, r.mta.Address("sara"), "a large one", "text")
			<-sending
			for n := range 2 {
				r.dove.Deliver("ali", letters(10+n, 1)...)
				r.e.GetMail()
				eventually(t, "new mail", func() bool { return r.inbox(a).Total == 3+n })
			}
			if c.proto == mail.IMAP {
				row := r.rows(r.inbox(a))[0]
				r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{row.ID}})
				eventually(t, "the star", func() bool { return starred(r.dove.Flags("ali", "INBOX")) == 1 })
			}
			for _, it := range r.outbox() {
				if it.State != mail.OutboxSending {
					t.Errorf("it is %s by now", it.State)
				}
			}
			close(release)
			r.arrive("sara", "INBOX", 1)
			eventually(t, "the copy in Sent", func() bool { return r.folder(a, "Sent").Total == 1 && len(r.outbox()) == 0 })
			if c.proto == mail.IMAP {
				eventually(t, "the copy in Sent", func() bool { return len(r.dove.UIDs("ali", "Sent")) == 1 })
				r.sameMail(a, "ali", "INBOX")
			}
			r.sound()
		})
	}
}

// starred is how many messages have the flag.
func starred(flags [][]string) (n int) {
	for _, f := range flags {
		for _, one := range f {
			if one == string(mail.FlagFlagged) {
				n++
			}
		}
	}
	return n
}
