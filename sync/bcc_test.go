package mailsync_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
)

// four are the users of these tests.
func four() mailtest.DovecotOptions {
	o := mailtest.DovecotOptions{Users: map[string]string{}}
	for _, u := range []string{"ali", "sara", "reza", "zahra"} {
		o.Users[u] = "secret-" + u
	}
	return o
}

// whole is what the server has in a folder, in one piece.
func whole(list [][]byte) string { return string(bytes.Join(list, []byte("\n"))) }

// TestBccStandsInTheCopyOnly: who gets a message unseen is named by the copy in Sent, on the server and on this computer, and by nothing that goes
// out: not by the message, not by a file that is sent as it is, not by the copy when it is forwarded, nor by one that goes again to who was refused.
func TestBccStandsInTheCopyOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, four(), true)
	for _, c := range []struct {
		user  string
		proto mail.Protocol
	}{{"ali", mail.IMAP}, {"zahra", mail.POP3}} {
		a := r.account(c.user, c.proto, nil)
		r.sync(a)
		to, hidden := []mail.Address{{Addr: r.mta.Address("sara")}}, []mail.Address{{Name: "رضا پنهانی", Addr: r.mta.Address("reza")}}
		d, err := r.e.NewDraft(r.ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		d.To, d.Bcc, d.Subject, d.Text = to, hidden, "seen by one", "text"
		if err := r.e.SaveDraft(r.ctx, &d); err != nil {
			t.Fatal(err)
		}
		if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
			t.Fatal(err)
		}
		raw := fmt.Sprintf("From: %s@peyk.test\nTo: sara@peyk.test\nBCC: =?utf-8?B?2LHYttin?=\n <reza@peyk.test>\nSubject: as it is\n\nBcc: this is text\n", c.user)
		if _, err := r.e.SendRawAt(r.ctx, a.Name, []byte(raw), time.Time{}); err != nil {
			t.Fatal(err)
		}
		if res := r.sync(a); res.Sent != 2 {
			t.Fatalf("%s: %d were sent", c.user, res.Sent)
		}
		r.sync(a)
		sent := r.folder(a, "Sent")
		for _, subject := range []string{"seen by one", "as it is"} {
			row := r.find(sent, subject)
			got, err := r.e.Content(r.ctx, row.ID)
			if err != nil || len(got.Bcc) != 1 || got.Bcc[0].Addr != hidden[0].Addr || !strings.HasPrefix(got.Bcc[0].Name, "رضا") {
				t.Errorf("%s: in Sent the hidden recipients of %q are %v (%v)", c.user, subject, got.Bcc, err)
			}
			for _, how := range []mail.ReplyKind{mail.ForwardInline, mail.ForwardAttached, mail.ReplyAll} {
				f, err := r.e.Reply(r.ctx, row.ID, how, "en")
				if err != nil {
					t.Fatal(err)
				}
				f.To, f.Cc = to, nil
				if err := r.e.SaveDraft(r.ctx, &f); err != nil {
					t.Fatal(err)
				}
				if _, err := r.e.Send(r.ctx, f, time.Time{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if res := r.sync(a); res.Sent != 6 {
			t.Fatalf("%s: %d were sent on", c.user, res.Sent)
		}
	}
	out := r.arrive("sara", "INBOX", 16)
	r.arrive("reza", "INBOX", 4)
	for _, m := range out {
		for _, word := range []string{"reza@", "رضا", "2LHYttin"} {
			if strings.Contains(string(m), word) {
				t.Errorf("what went out says %q:\n%s", word, m)
			}
		}
	}
	if n := strings.Count(whole(out), "Bcc: this is text"); n < 2 {
		t.Errorf("a text that looks like the field went out %d times", n)
	}
	for _, m := range r.dove.Messages("reza", "INBOX") {
		if p := message.ParseBytes(m); len(p.Summary().Bcc) > 0 {
			t.Errorf("who is hidden got the field: %s", m)
		}
	}
	if copies := whole(r.dove.Messages("ali", "Sent")); strings.Count(copies, "<reza@peyk.test>\r\nSubject: ") != 2 {
		t.Errorf("the copies on the server are\n%s", copies)
	}
}

// TestBccOfThoseWhoWereRefused: the copy in Sent names everybody, also when the message went to them at two times; what is taken back to be edited knows their names.
func TestBccOfThoseWhoWereRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, four(), true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	d, err := r.e.NewDraft(r.ctx, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.To = []mail.Address{{Addr: r.mta.Address("sara")}}
	d.Bcc = []mail.Address{{Name: "Nobody Here", Addr: "nobody@elsewhere.example"}, {Name: "Reza", Addr: r.mta.Address("reza")}}
	d.Subject, d.Text = "partly", "text"
	if err := r.e.SaveDraft(r.ctx, &d); err != nil {
		t.Fatal(err)
	}
	if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.pass(a) // tells who was refused
	items := r.outbox()
	if len(items) != 1 || items[0].State != mail.OutboxPartly {
		t.Fatalf("the outbox holds %+v", items)
	}
	if copies := whole(r.dove.Messages("ali", "Sent")); !strings.Contains(copies, "Bcc: Nobody Here <nobody@elsewhere.example>, Reza <reza@peyk.test>") {
		t.Errorf("the copy is\n%s", copies)
	}
	back, err := r.e.OutboxToDraft(r.ctx, items[0].ID)
	if err != nil || len(back.To) != 0 || len(back.Bcc) != 1 || back.Bcc[0].Name != "Nobody Here" {
		t.Errorf("taken back it is for %v and %v (%v)", back.To, back.Bcc, err)
	}
}
