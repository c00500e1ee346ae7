package mailsync_test

import (
	"strings"
	"testing"
	"time"

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
