package mailsync_test

import (
	"fmt"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// Snoozing is a matter of this computer: the server is told nothing, other clients go on with the message, and what they do counts here. It survives
// the end of the program, and what is due then comes back.
func TestSnoozedMail(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 6)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	in := r.inbox(a)
	waiting, other := r.find(in, "message 1"), r.find(in, "message 2")
	if _, err := r.e.Do(r.ctx, mail.Action{Kind: mail.ActSnooze, Messages: []mail.MessageID{waiting.ID}, Until: r.clock()}); err == nil {
		t.Error("snoozed until now")
	}
	until := r.clock().Add(10 * time.Hour)
	r.do(mail.Action{Kind: mail.ActSnooze, Messages: []mail.MessageID{waiting.ID, other.ID}, Until: until})
	r.sync(a)
	r.sameMail(a, "ali", "INBOX")
	shown := func() int {
		n, _, err := r.st.Count(r.ctx, store.Query{Folder: in.ID, Snoozed: store.SnoozedLeftOut})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := shown(); n != 4 {
		t.Errorf("%d messages are listed, want 4", n)
	}
	// Another client reads one and deletes the other.
	r.dove.Doveadm("flags", "add", "-u", "ali", `\Seen`, "mailbox", "INBOX", "uid", fmt.Sprint(waiting.UID))
	r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "INBOX", "uid", fmt.Sprint(other.UID))
	r.sync(a)
	if row, err := r.st.Row(r.ctx, waiting.ID); err != nil || row.Unread() || !row.Snoozed.Equal(until) {
		t.Errorf("after another client read it: %+v, %v", row, err)
	}
	if row, err := r.st.Row(r.ctx, other.ID); err == nil {
		t.Errorf("deleted elsewhere, but here: %+v", row)
	}
	r.restart()
	r.days(1)
	r.sync(a)
	if row, err := r.st.Row(r.ctx, waiting.ID); err != nil || !row.Returned.Equal(r.clock()) {
		t.Errorf("after its time: %+v, %v", row, err)
	}
	if first := r.rows(in)[0]; first.ID != waiting.ID || shown() != 5 {
		t.Errorf("%q stands first of %d", first.Subject, shown())
	}
	r.sameMail(a, "ali", "INBOX")
}

// While the program runs a message comes back by itself, and at once when the user changes the time.
func TestSnoozedMailComesBackByItself(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 3)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	in := r.inbox(a)
	r.live()
	sub := r.st.Subscribe()
	defer sub.Close()
	row := r.find(in, "message 1")
	r.do(mail.Action{Kind: mail.ActSnooze, Messages: []mail.MessageID{row.ID}, Until: r.clock().Add(30 * 24 * time.Hour)})
	r.days(2)
	r.do(mail.Action{Kind: mail.ActSnooze, Messages: []mail.MessageID{row.ID}, Until: r.clock().Add(time.Second)})
	r.days(3)
	for {
		select {
		case ch := <-sub.C:
			if len(ch.Returned) == 1 && ch.Returned[0] == row.ID {
				return
			}
		case <-r.ctx.Done():
			t.Fatal("it does not come back")
		}
	}
}
