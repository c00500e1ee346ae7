package mailsync_test

import (
	"fmt"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// An account that is to get its mail as somebody else: the inbox there has the same UIDVALIDITY and the same UIDs (some servers give each inbox the same),
// but other messages. None of the old ones is shown with the text of a new one, an operation that waits meets none of them, what both mailboxes have keeps
// its place here, and what only the old one had goes.
func TestAccountMovesToAnotherMailbox(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	old, others := letters(0, 6), letters(20, 5)
	r.dove.Deliver("ali", old...)
	r.dove.Deliver("sara", append(others, old[3])...)
	for _, user := range []string{"ali", "sara"} {
		r.dove.Doveadm("mailbox", "update", "-u", user, "--uid-validity", "1", "INBOX")
	}
	r.dove.Doveadm("mailbox", "create", "-u", "ali", "Old")
	r.dove.Doveadm("mailbox", "create", "-u", "sara", "Empty")
	r.dove.Doveadm("mailbox", "create", "-u", "ali", "Empty")
	r.dove.DeliverTo("ali", "Old", letters(40, 1)[0])
	r.dove.DeliverTo("ali", "Empty", letters(50, 1)[0])
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	both := r.find(r.inbox(a), "message 3")
	gone := r.find(r.inbox(a), "message 0")
	r.dove.Stop()
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{both.ID}})
	r.do(mail.Action{Kind: mail.ActDelete, Messages: []mail.MessageID{gone.ID}})
	a.Incoming.Username = "sara"
	if _, err := r.e.SaveAccount(r.ctx, a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	r.dove.Start()
	r.sync(a)
	r.sync(a)
	r.sameMail(a, "sara", "INBOX")
	if n := len(r.dove.Messages("sara", "INBOX")); n != 6 {
		t.Errorf("%d messages are left there, want 6", n)
	}
	if row := r.find(r.inbox(a), "message 3"); row.ID != both.ID || !row.Starred() {
		t.Errorf("what both mailboxes have: %+v", row)
	}
	if f := r.folder(a, "Empty"); f.Total != 0 {
		t.Errorf("%d messages in a folder that is empty there", f.Total)
	}
	if folders, err := r.st.Folders(r.ctx, a.ID); err != nil {
		t.Fatal(err)
	} else {
		for _, f := range folders {
			if f.Path == "Old" {
				t.Error("a folder that only the old mailbox had is still here")
			}
		}
	}
}

// The same mailbox under another name of its server: every message stays what it was, and none is fetched again.
func TestAccountWhoseServerHasAnotherName(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	var large [][]byte
	for i := range 8 {
		large = append(large, letter(i, "large", noise(i, 60_000)))
	}
	r.dove.Deliver("ali", large...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	before := r.rows(r.inbox(a))
	a.Incoming.Host = "localhost"
	if _, err := r.e.SaveAccount(r.ctx, a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	res := r.sync(a)
	if res.New != 0 || res.Removed != 0 || res.BytesIn > 100_000 {
		t.Errorf("the pass after it: %+v", res)
	}
	r.sameMail(a, "ali", "INBOX")
	for i, row := range r.rows(r.inbox(a)) {
		if row.ID != before[i].ID || row.UID != before[i].UID {
			t.Errorf("message %d was %d (UID %d), is %d (UID %d)", i, before[i].ID, before[i].UID, row.ID, row.UID)
		}
	}
}

// A maildrop of somebody else, whose messages have the same UIDLs: all of them come, nothing of what is here is doubled, and no rule takes one of them
// for one that was saved before.
func TestMaildropMovesElsewhere(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{Extra: "pop3_uidl_format = %08Xu\n"}, false)
	old := letters(10, 5) // of the same sizes as the others
	r.dove.Deliver("ali", old...)
	r.dove.Deliver("sara", append(letters(20, 4), old[1])...)
	a := r.account("ali", mail.POP3, func(a *mail.Account) { a.POP3.RemoveAfterDays = 3 })
	r.sync(a)
	keep := r.find(r.inbox(a), "message 11")
	r.days(2)
	a.Incoming.Username = "sara"
	if _, err := r.e.SaveAccount(r.ctx, a, mail.Secrets{}); err != nil {
		t.Fatal(err)
	}
	r.sync(a)
	if in := r.inbox(a); in.Total != 9 {
		t.Errorf("%d messages here, want those of both mailboxes, 9", in.Total)
	}
	if row := r.find(r.inbox(a), "message 11"); row.ID != keep.ID {
		t.Errorf("what both have came twice: %d and %d", keep.ID, row.ID)
	}
	r.left("sara", 5, "after the first pass")
	r.days(2) // those of the old mailbox are due by now, the new ones are not
	r.sync(a)
	r.left("sara", 4, "when one of them has been here for four days")
	r.left("ali", 5, "in the mailbox that is no longer asked")
	r.days(2)
	r.sync(a)
	r.left("sara", 0, "in the end")
	if in := r.inbox(a); in.Total != 9 {
		t.Errorf("%d messages here in the end, want 9", in.Total)
	}
}

// Of messages of which a maildrop gave only the header the text is fetched when they are opened, by their UIDL. In another mailbox another message has that UIDL: it
// comes as one of its own, and its text is never shown under the old header. What both mailboxes have is one message, and the old ones are themselves again when the
// account gets its first mailbox back.
func TestHeadersOfAnotherMaildrop(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{Extra: "pop3_uidl_format = %08Xu\n"}, false)
	large := func(n int) []byte { return letter(n, fmt.Sprintf("large %d", n), noise(n, 40_000)) }
	r.dove.Deliver("ali", large(1), large(2), large(3))
	r.dove.Deliver("sara", large(11), large(12), large(3), large(14))
	a := r.account("ali", mail.POP3, func(a *mail.Account) { a.POP3.HeadersOnlyAboveKB = 8 })
	r.sync(a)
	first, both := r.find(r.inbox(a), "large 1"), r.find(r.inbox(a), "large 3")
	as := func(user string, total int) {
		t.Helper()
		a.Incoming.Username = user
		if _, err := r.e.SaveAccount(r.ctx, a, mail.Secrets{}); err != nil {
			t.Fatal(err)
		}
		r.sync(a)
		r.sync(a)
		if in := r.inbox(a); in.Total != total {
			t.Fatalf("%d messages are here as %s, want %d", in.Total, user, total)
		}
	}
	open := func(id mail.MessageID) string {
		t.Helper()
		if err := r.e.Want(r.ctx, id, nil); err != nil {
			return ""
		}
		return string(r.raw(id))
	}
	as("sara", 6)
	if got := open(first.ID); got != "" {
		t.Errorf("the old header has the text %.60q", got)
	}
	if got := open(r.find(r.inbox(a), "large 11").ID); got != string(large(11)) {
		t.Errorf("the new message is %.60q", got)
	}
	if row := r.find(r.inbox(a), "large 3"); row.ID != both.ID {
		t.Errorf("what both have is %d, was %d", row.ID, both.ID)
	}
	as("ali", 6)
	if got := open(first.ID); got != string(large(1)) {
		t.Errorf("back in its mailbox the old one is %.60q", got)
	}
}
