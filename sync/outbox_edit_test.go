package mailsync_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestWhoHasItDoesNotGetItAgain: a message that was refused for some is edited for those only, and is another message then: a server that has
// seen the first would throw away a second one with its Message-ID.
func TestWhoHasItDoesNotGetItAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	d, _ := r.e.NewDraft(r.ctx, ali.ID)
	d.To = []mail.Address{{Addr: r.mta.Address("sara")}, {Addr: "nobody@bücher.example"}}
	d.Cc = []mail.Address{{Addr: "Nobody@Bücher.example"}, {Addr: r.mta.Address("ali")}}
	d.Bcc = []mail.Address{{Addr: "hidden@elsewhere.example"}}
	d.Subject, d.Text = "partly", "x"
	id, err := r.e.Send(r.ctx, d, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	r.pass(ali)
	it, err := r.st.OutboxItem(r.ctx, id)
	if err != nil || it.State != mail.OutboxPartly {
		t.Fatalf("%+v, %v", it, err)
	}
	first := it.HeaderID
	back, err := r.e.OutboxToDraft(r.ctx, id)
	if err != nil || len(back.To) != 1 || back.To[0].Addr != "nobody@bücher.example" || len(back.Cc) != 0 || len(back.Bcc) != 1 || back.Bcc[0].Addr != "hidden@elsewhere.example" {
		t.Fatalf("to edit: To %v, Cc %v, Bcc %v, %v", back.To, back.Cc, back.Bcc, err)
	}
	if back.HeaderID == first || back.HeaderID == "" {
		t.Errorf("the second message has the id of the first, %q", back.HeaderID)
	}
	back.To, back.Bcc = []mail.Address{{Addr: r.mta.Address("ali")}}, nil
	if _, err := r.e.Send(r.ctx, back, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.pass(ali)
	r.arrive("ali", "INBOX", 2)
	r.arrive("sara", "INBOX", 1)
	r.arrive("ali", "Sent", 2)
}

// TestWhoHasItDoesNotGetItAgainAfterASecondTry: a message that was refused for one and tried again for that one is edited for that one only, whatever became
// of the second try: it waits, the server refused it altogether, or its answer was lost.
func TestWhoHasItDoesNotGetItAgainAfterASecondTry(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	for _, state := range []mail.OutboxState{mail.OutboxQueued, mail.OutboxFailed, mail.OutboxUncertain} {
		d := mail.Draft{Account: ali.ID, To: []mail.Address{{Addr: r.mta.Address("sara")}, {Addr: "nobody@elsewhere.example"}}, Subject: "partly", Text: "x"}
		id, err := r.e.Send(r.ctx, d, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		r.pass(ali)
		if err := r.e.RetryOutbox(r.ctx, id); err != nil {
			t.Fatal(err)
		}
		it, err := r.st.OutboxItem(r.ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		it.State = state
		if err := r.st.SetOutbox(r.ctx, it); err != nil {
			t.Fatal(err)
		}
		back, err := r.e.OutboxToDraft(r.ctx, id)
		if err != nil || len(back.To) != 1 || back.To[0].Addr != "nobody@elsewhere.example" || len(back.Cc)+len(back.Bcc) != 0 {
			t.Errorf("%s: to edit: To %v, Cc %v, Bcc %v, %v", state, back.To, back.Cc, back.Bcc, err)
		}
		if back.HeaderID == it.HeaderID {
			t.Errorf("%s: the second message has the id of the first", state)
		}
	}
}

// TestWhatMayHaveArrivedIsEditedAsAnotherMessage: the first may be with its recipients, who would take the second for it.
func TestWhatMayHaveArrivedIsEditedAsAnotherMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	for state, same := range map[mail.OutboxState]bool{mail.OutboxUncertain: false, mail.OutboxFailed: true, mail.OutboxQueued: true} {
		it, err := r.st.OutboxItem(r.ctx, r.write(ali, r.mta.Address("sara"), "s", "x"))
		if err != nil {
			t.Fatal(err)
		}
		it.State = state
		if err := r.st.SetOutbox(r.ctx, it); err != nil {
			t.Fatal(err)
		}
		back, err := r.e.OutboxToDraft(r.ctx, it.ID)
		if err != nil || len(back.To) != 1 || !strings.Contains(back.Text, "x") || (back.HeaderID == it.HeaderID) != same {
			t.Errorf("%s: %+v, %v; its id was %s", state, back, err, it.HeaderID)
		}
	}
}

// TestADiscardedMessageGoesBackIntoTheOutbox: as it was, and is sent once.
func TestADiscardedMessageGoesBackIntoTheOutbox(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	it, err := r.st.OutboxItem(r.ctx, r.write(ali, r.mta.Address("sara"), "s", "x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.e.DiscardOutbox(r.ctx, it.ID); err != nil {
		t.Fatal(err)
	}
	if res := r.pass(ali); res.Sent != 0 {
		t.Error("it was sent although it was discarded")
	}
	if err := r.e.RestoreOutbox(r.ctx, it); err != nil {
		t.Fatal(err)
	}
	if res := r.pass(ali); res.Sent != 1 {
		t.Errorf("back in the outbox, %+v", res)
	}
	r.arrive("sara", "INBOX", 1)
	it.State = mail.OutboxSent
	if err := r.e.RestoreOutbox(r.ctx, it); err == nil {
		t.Error("what was sent came back")
	}
}

// TestTheCopyOfTheFirstTimeSaysNothing: a message that was refused for one and is sent again to that one, where the answer is lost: its copy is in Sent since the first
// time, and says nothing about the second. So it is asked about.
func TestTheCopyOfTheFirstTimeSaysNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	d := mail.Draft{Account: ali.ID, To: []mail.Address{{Addr: r.mta.Address("sara")}, {Addr: "nobody@elsewhere.example"}}, Subject: "partly", Text: "x"}
	id, err := r.e.Send(r.ctx, d, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	r.pass(ali)
	r.pass(ali)
	if it, err := r.st.OutboxItem(r.ctx, id); err != nil || it.State != mail.OutboxPartly || len(r.dove.Messages("ali", "Sent")) != 1 {
		t.Fatalf("%+v, %v", it, err)
	}
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(context.Context, remote.Sender, remote.Envelope, io.Reader) (remote.Receipt, error) {
			return remote.Receipt{}, &remote.Error{Step: "data", Kind: mail.ProblemNetwork, Closed: true, Uncertain: true, Err: errors.New("cut")}
		}}
	}
	if err := r.e.RetryOutbox(r.ctx, id); err != nil {
		t.Fatal(err)
	}
	r.pass(ali)
	r.pass(ali)
	if it, err := r.st.OutboxItem(r.ctx, id); err != nil || it.State != mail.OutboxUncertain || len(it.Rcpt) != 1 {
		t.Errorf("%+v, %v", it, err)
	}
}
