package mailsync_test

import (
	"bytes"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// The connection is lost after the final dot, on the wire: the message arrived, nobody heard. It is never sent again by itself; a
// server that keeps copies by itself settles it; else the user retries or discards.
func TestLostReplyAfterTheFinalDot(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.mta = mailtest.StartPostfix(t, r.dove, mailtest.PostfixOptions{NoSTARTTLS: true})
	proxy := mailtest.StartFaultProxy(t, r.mta.Port25, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Outgoing.Port, a.Outgoing.Security, a.Outgoing.Auth = proxy.Port(), mail.SecurityNone, mail.AuthNone
	})
	r.sync(a)
	to := r.mta.Address("sara")
	lose := func(subject string) mail.OutboxItem {
		t.Helper()
		proxy.BreakOn("\r\n.\r\n", mailtest.FaultLoseReply, 1)
		id := r.write(a, to, subject, "x")
		for range 3 {
			r.pass(a)
			r.days(1)
		}
		it, err := r.st.OutboxItem(r.ctx, id)
		if err != nil || it.State != mail.OutboxUncertain || it.Reason == "" {
			t.Fatalf("%s: %+v, %v", subject, it, err)
		}
		return it
	}
	count := func(subject string, want, all int) {
		t.Helper()
		if n := subjects(r.arrive("sara", "INBOX", all))[subject]; n != want {
			t.Errorf("%s arrived %d times, want %d", subject, n, want)
		}
	}
	discarded := lose("discarded")
	count("discarded", 1, 1)
	if err := r.e.DiscardOutbox(r.ctx, discarded.ID); err != nil {
		t.Fatal(err)
	}
	again := lose("again")
	if err := r.e.RetryOutbox(r.ctx, again.ID); err != nil {
		t.Fatal(err)
	}
	r.sync(a)
	count("again", 2, 3) // as the user decided
	kept := lose("kept")
	b, err := r.st.OpenBlob(r.ctx, kept.Blob.Hash)
	if err != nil {
		t.Fatal(err)
	}
	var raw bytes.Buffer
	raw.ReadFrom(b)
	b.Close()
	r.dove.DeliverTo("ali", "Sent", raw.Bytes())
	r.sync(a)
	if left := r.outbox(); len(left) != 0 {
		t.Errorf("the copy in Sent did not settle it: %+v", left)
	}
	count("kept", 1, 4)
	if n := subjects(r.dove.Messages("ali", "Sent")); n["kept"] != 1 || n["again"] != 1 || n["discarded"] != 0 {
		t.Errorf("copies in Sent: %v", n)
	}
}
