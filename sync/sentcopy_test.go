package mailsync_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestOneCopyInSent: what was sent gets its copy, once, whatever else has its Message-ID: a pass that ended behind the copy makes no second
// one, and what has come back to the sender's own inbox is no copy.
func TestOneCopyInSent(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.dove.DeliverTo("ali", "Sent", letter(1, "copied", "x"))
	r.dove.Deliver("ali", letter(2, "to myself", "x"))
	r.sync(a)
	for n, subject := range map[int]string{1: "copied", 2: "to myself"} {
		raw := letter(n, subject, "x")
		ref, err := r.st.PutBlob(r.ctx, bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.st.Enqueue(r.ctx, mail.OutboxItem{Account: a.ID, Blob: ref, From: a.Email, Rcpt: []string{"sara@peyk.test"}, Subject: subject,
			HeaderID: map[int]string{1: "m1@peyk.test", 2: "m2@peyk.test"}[n], State: mail.OutboxSent, SaveSent: true, Created: r.clock()}); err != nil {
			t.Fatal(err)
		}
	}
	r.sync(a)
	r.sync(a)
	if sent := subjects(r.dove.Messages("ali", "Sent")); len(r.outbox()) != 0 || sent["copied"] != 1 || sent["to myself"] != 1 {
		t.Errorf("Sent has %v, the outbox %+v", sent, r.outbox())
	}
	r.sameMail(a, "ali", "Sent")
}

// TestTheCopyDoesNotWaitForTheNextMessage: who throws away what is left of a message that was refused for some, while the next one is being handed over, has its copy in Sent.
func TestTheCopyDoesNotWaitForTheNextMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	first, err := r.e.Send(r.ctx, mail.Draft{Account: a.ID, To: []mail.Address{{Addr: r.mta.Address("sara")}, {Addr: "nobody@elsewhere.example"}}, Subject: "partly", Text: "x"}, time.Time{})
	check(t, err)
	r.write(a, r.mta.Address("sara"), "next", "x")
	n := 0
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			if n++; n == 2 {
				if err := r.e.DiscardOutbox(r.ctx, first); err != nil {
					t.Error(err)
				}
			}
			return in.Send(ctx, env, body)
		}}
	}
	r.pass(a)
	r.sync(a)
	if sent := subjects(r.arrive("ali", "Sent", 2)); n != 2 || sent["partly"] != 1 || sent["next"] != 1 {
		t.Errorf("handed over %d, Sent has %v", n, sent)
	}
}

// TestTakenBackWhileTheServerIsCalled: a message that the user takes back, or puts off, while the connection is being made is not sent.
func TestTakenBackWhileTheServerIsCalled(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	for name, do := range map[string]func(mail.OutboxID) error{
		"taken back": func(id mail.OutboxID) error { _, err := r.e.OutboxToDraft(r.ctx, id); return err },
		"put off":    func(id mail.OutboxID) error { return r.e.RescheduleOutbox(r.ctx, id, r.clock().Add(time.Hour)) },
	} {
		id := r.write(a, r.mta.Address("sara"), name, "x")
		called := false
		r.wrapSender = func(s remote.Sender) remote.Sender {
			if !called {
				if err := do(id); err != nil {
					t.Error(err)
				}
			}
			called = true
			return s
		}
		if res := r.pass(a); res.Sent != 0 || !called {
			t.Errorf("%s, called %v: %+v", name, called, res)
		}
		r.wrapSender = nil
	}
	drafts, err := r.st.Drafts(r.ctx)
	left := r.outbox()
	if err != nil || len(drafts) != 1 || len(left) != 1 || left[0].State != mail.OutboxQueued || !left[0].NotBefore.After(r.clock()) || left[0].Attempts != 0 {
		t.Errorf("drafts %+v, outbox %+v, %v", drafts, left, err)
	}
}

// TestWhatIsLeftOfASentMessageLeavesItsCopy: who throws away, or takes back to edit, what is left of a message that somebody has already, before its copy is in Sent (there was no network, or Peyk was
// killed), finds it in Sent all the same, once, and nothing in the outbox.
func TestWhatIsLeftOfASentMessageLeavesItsCopy(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	discard := func(id mail.OutboxID) error { return r.e.DiscardOutbox(r.ctx, id) }
	edit := func(id mail.OutboxID) error { _, err := r.e.OutboxToDraft(r.ctx, id); return err }
	again := func(do func(mail.OutboxID) error) func(mail.OutboxID) error {
		return func(id mail.OutboxID) error {
			if err := r.e.RetryOutbox(r.ctx, id); err != nil {
				return err
			}
			return do(id)
		}
	}
	cases := map[string]struct {
		state mail.OutboxState
		do    func(mail.OutboxID) error
	}{
		"partly, thrown away":        {mail.OutboxPartly, discard},
		"partly, edited":             {mail.OutboxPartly, edit},
		"tried again, thrown away":   {mail.OutboxPartly, again(discard)},
		"tried again, edited":        {mail.OutboxPartly, again(edit)},
		"said to be there, and gone": {mail.OutboxSent, discard},
	}
	for name, c := range cases {
		it, err := r.st.OutboxItem(r.ctx, r.write(a, r.mta.Address("sara"), name, "x"))
		if err != nil {
			t.Fatal(err)
		}
		if it.State = c.state; c.state == mail.OutboxPartly {
			it.Rcpt, it.Refused = append(it.Rcpt, "nobody@elsewhere.example"), map[string]string{"nobody@elsewhere.example": "550 no"}
		}
		check(t, r.st.SetOutbox(r.ctx, it))
		if err := c.do(it.ID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if res := r.pass(a); res.Sent != 0 {
		t.Errorf("sent %d", res.Sent)
	}
	r.sync(a)
	sent := subjects(r.dove.Messages("ali", "Sent"))
	for name := range cases {
		if sent[name] != 1 {
			t.Errorf("%s: %d copies in Sent", name, sent[name])
		}
	}
	if left := r.outbox(); len(left) != 0 {
		t.Errorf("the outbox holds %+v", left)
	}
}
