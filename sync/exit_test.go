package mailsync_test

import (
	"context"
	"io"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Closing the program right after Send does not leave the message behind until the next start, and a draft whose window closed
// with it reaches the server; what is to be sent later stays.
func TestAtTheEndWhatWasJustDoneReachesTheServer(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Check.AtStart = true })
	r.live()
	eventually(t, "the first check", func() bool {
		_, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleDrafts)
		return err == nil
	})
	send := func(subject string, in time.Duration) {
		d, err := r.e.NewDraft(r.ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		d.To, d.Subject = []mail.Address{{Addr: r.mta.Address("sara")}}, subject
		if _, err := r.e.Send(r.ctx, d, r.clock().Add(in)); err != nil {
			t.Fatal(err)
		}
	}
	send("at once", 8*time.Second)
	send("tomorrow", 24*time.Hour)
	r.draft(a, "Not finished", "text")
	r.shut()
	r.arrive("sara", "INBOX", 1)
	if sent, drafts := len(r.dove.Messages("ali", "Sent")), len(r.dove.Messages("ali", "Drafts")); sent != 1 || drafts != 1 {
		t.Errorf("%d in Sent and %d in Drafts on the server, want 1 and 1", sent, drafts)
	}
	r.open()
	if left := r.outbox(); len(left) != 1 || left[0].Subject != "tomorrow" {
		t.Errorf("the outbox holds %+v", left)
	}
}

// At the end a server that is silent keeps no other account's message from going.
func TestAtTheEndNoAccountWaitsForAnother(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	silent := mailtest.StartScript(t, "", mailtest.Drain)
	away := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Outgoing.Port = silent.Port })
	a := r.account("sara", mail.IMAP, nil)
	r.sync(a)
	r.live()
	r.e.SetOnline(false) // so that both wait when the end comes
	r.write(away, r.mta.Address("sara"), "to nobody", "text")
	r.write(a, r.mta.Address("sara"), "at the end", "text")
	r.e.SetOnline(true)
	r.shut()
	r.arrive("sara", "INBOX", 1)
	r.open()
	if left := r.outbox(); len(left) != 1 || left[0].Account != away.ID {
		t.Errorf("the outbox holds %+v", left)
	}
}

// What is with a server when the program is closed is not cut off: it arrives, once, and nobody is asked about it later. What comes behind it goes, too.
func TestAtTheEndWhatIsBeingSentIsNotCutOff(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	sending := make(chan struct{})
	first := true
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			if first {
				first = false
				close(sending)
				eventually(t, "the end of the program", r.e.Closing)
			}
			return in.Send(ctx, env, body)
		}}
	}
	r.live()
	for _, subject := range []string{"with the server", "behind it"} {
		r.write(a, r.mta.Address("sara"), subject, "text")
	}
	<-sending
	r.shut()
	got := subjects(r.arrive("sara", "INBOX", 2))
	r.open()
	if left := r.outbox(); len(left) != 0 || got["with the server"] != 1 || got["behind it"] != 1 {
		t.Errorf("arrived %v, the outbox holds %+v", got, left)
	}
}
