package mailsync_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
)

// signed is a message of a shop with its DKIM signature; valid checks one that arrived.
func signed(t *testing.T, subject string) (raw []byte, valid func(raw []byte) error) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	check(t, err)
	var out bytes.Buffer
	head := "From: Shop  <shop@shop.example>\r\nTo: ali@peyk.test\r\nCc: boss@elsewhere.example\r\nSubject: " + subject + "\r\nDate: Tue, 25 Nov 2025 10:00:00 +0000\r\nMessage-ID: <" + strings.ReplaceAll(subject, " ", "") + "@shop.example>\r\n" +
		"X-Folded: a\r\n\t b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
	check(t, dkim.Sign(&out, strings.NewReader(head+".\r\n..the text of it  \r\n\tسلام\r\n\r\n"+strings.Repeat("From the shop. ", 60)+"\r\n"),
		&dkim.SignOptions{Domain: "shop.example", Selector: "s1", Signer: private}))
	return out.Bytes(), func(raw []byte) error {
		vs, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) {
			return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
		}})
		if err == nil && len(vs) != 1 {
			err = fmt.Errorf("%d signatures", len(vs))
		}
		if err == nil {
			err = vs[0].Err
		}
		return err
	}
}

// redirect puts a stored message into the outbox, to be sent on as it is.
func (r *rig) redirect(id mail.MessageID, at time.Time, change func(*mail.Draft)) (mail.Draft, mail.OutboxID) {
	r.t.Helper()
	d, err := r.e.Reply(r.ctx, id, mail.Redirect, "en")
	if err != nil {
		r.t.Fatal(err)
	}
	d.To = []mail.Address{{Addr: r.mta.Address("sara")}}
	if change != nil {
		change(&d)
	}
	out, err := r.e.Send(r.ctx, d, at)
	if err != nil {
		r.t.Fatal(err)
	}
	return d, out
}

// TestARedirectedMessageArrivesAsItCame: through a real server, to everybody who is named and to who is hidden, header and body are the bytes that came, and the signature holds.
// The copy in Sent is the same message; the one that was sent on is marked.
func TestARedirectedMessageArrivesAsItCame(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Identities = []mail.Identity{{Name: "Ali", Addr: a.Email, Bcc: "always@elsewhere.example"}}
	})
	raw, valid := signed(t, "order")
	r.dove.DeliverTo("ali", "INBOX", append([]byte("Return-Path: <bounces@shop.example>\r\nDelivered-To: "+r.mta.Address("sara")+"\r\nBcc: secret@elsewhere.example\r\n"), raw...))
	r.sync(ali)
	source := r.find(r.inbox(ali), "order")
	_, id := r.redirect(source.ID, time.Time{}, func(d *mail.Draft) { d.Bcc = []mail.Address{{Addr: r.mta.Address("ali")}} })
	it, err := r.st.OutboxItem(r.ctx, id)
	if err != nil || it.From != ali.Email || strings.Join(it.Rcpt, " ") != r.mta.Address("sara")+" "+r.mta.Address("ali") || it.Subject != "order" {
		t.Fatalf("%+v, %v", it, err)
	}
	r.sync(ali)
	r.sync(ali)
	hers, his, sent := r.arrive("sara", "INBOX", 1)[0], r.arrive("ali", "INBOX", 2), r.arrive("ali", "Sent", 1)[0]
	for name, got := range map[string][]byte{"hers": hers, "his": his[1], "the copy": sent} {
		if !bytes.HasSuffix(got, raw) {
			t.Errorf("%s is not the message that came:\n%s", name, got)
		}
		if err := valid(got); err != nil {
			t.Errorf("%s: the signature does not hold: %v", name, err)
		}
		block := string(got[:bytes.Index(got, []byte("DKIM-Signature"))])
		for _, want := range []string{"Resent-Date: ", "Resent-From: Ali <" + ali.Email + ">\r\n", "Resent-To: " + r.mta.Address("sara") + "\r\n", "Resent-Message-ID: <" + it.HeaderID + ">\r\n"} {
			if strings.Count(block, want) != 1 {
				t.Errorf("%s has no %q:\n%s", name, want, block)
			}
		}
		if strings.Contains(strings.ToLower(string(got)), "bcc") || strings.Contains(string(got), "secret@") || strings.Contains(block, "bounces@") {
			t.Errorf("%s names who was hidden, or the delivery before:\n%s", name, block)
		}
	}
	if row, err := r.st.Row(r.ctx, source.ID); err != nil || !row.Flags.Has(mail.FlagForwarded) || len(r.outbox()) != 0 {
		t.Errorf("%v, %v; left in the outbox: %+v", row.Flags, err, r.outbox())
	}
	r.sameMail(ali, "ali", "Sent")
}

// TestARedirectIsTakenBack: while it waits it can be changed, from its draft or, when that is forgotten, from its bytes. It is of the time when it goes; the message keeps its date.
func TestARedirectIsTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	raw, valid := signed(t, "order")
	r.dove.DeliverTo("ali", "INBOX", raw)
	r.sync(ali)
	source := r.find(r.inbox(ali), "order").ID
	for _, forgotten := range []bool{false, true} {
		_, id := r.redirect(source, r.clock().Add(48*time.Hour), func(d *mail.Draft) {
			d.Cc, d.Bcc = []mail.Address{{Name: "Anna", Addr: "anna@elsewhere.example"}}, []mail.Address{{Addr: "hidden@elsewhere.example"}}
		})
		if forgotten {
			it, err := r.st.OutboxItem(r.ctx, id)
			check(t, err)
			it.Draft = 0
			check(t, r.st.SetOutbox(r.ctx, it))
		}
		if res := r.pass(ali); res.Sent != 0 {
			t.Error("it went at once")
		}
		d, err := r.e.OutboxToDraft(r.ctx, id)
		if err != nil || !d.Resend || d.Subject != "order" || len(d.To) != 1 || len(d.Cc) != 1 || len(d.Bcc) != 1 || d.Bcc[0].Addr != "hidden@elsewhere.example" || len(d.Attachments) != 1 || !strings.Contains(d.Text, "the text of it") {
			t.Fatalf("forgotten %v: %+v, %v", forgotten, d, err)
		}
		if err := r.e.KeepDraft(r.ctx, d.ID); err != nil {
			t.Error(err)
		}
		d.Cc, d.Bcc = nil, nil
		if _, err := r.e.Send(r.ctx, d, r.clock().Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		r.days(1)
		r.sync(ali)
	}
	for _, got := range r.arrive("sara", "INBOX", 2) {
		block := got[:bytes.Index(got, []byte("DKIM-Signature"))]
		if !bytes.HasSuffix(got, raw) || valid(got) != nil || bytes.Contains(block, []byte("Cc:")) {
			t.Errorf("%s", got)
		}
	}
	copies := r.dove.Messages("ali", "Sent")
	if len(copies) != 2 || len(r.dove.Messages("ali", "Drafts")) != 0 {
		t.Fatalf("%d copies, %d in Drafts", len(copies), len(r.dove.Messages("ali", "Drafts")))
	}
	when := func(raw []byte) string {
		for _, h := range message.ParseBytes(raw).Content().Headers {
			if h.Name == "Resent-Date" {
				return h.Value
			}
		}
		return ""
	}
	if want := r.clock().UTC().Format("Mon, 2 Jan 2006 15:04:05 -0700"); when(copies[1]) != want {
		t.Errorf("resent %q, and it went %q", when(copies[1]), want)
	}
}

// TestARedirectThatMayHaveArrived: the message itself lies in Sent with its Message-ID. That is no copy of the resending, which is asked about, and gets its own copy once
// the user says that it arrived.
func TestARedirectThatMayHaveArrived(t *testing.T) {
	t.Parallel()
	r := newOutboxRig(t)
	raw, _ := signed(t, "order")
	r.dove.DeliverTo("ali", "Sent", raw)
	r.sync(r.a)
	r.out.BreakOn("\r\n.\r\n", mailtest.FaultLoseReply, 1)
	_, id := r.redirect(r.find(r.folder(r.a, "Sent"), "order").ID, time.Time{}, nil)
	for range 3 {
		r.pass(r.a)
		r.days(1)
	}
	if !r.uncertain(id) {
		t.Fatalf("%+v", r.outbox())
	}
	check(t, r.e.Arrived(r.ctx, id))
	r.sync(r.a)
	if n := len(r.arrive("ali", "Sent", 2)); n != 2 || len(r.outbox()) != 0 {
		t.Errorf("%d in Sent, the outbox has %+v", n, r.outbox())
	}
	r.delivered()
	if n := len(r.dove.Messages("sara", "INBOX")); n != 1 {
		t.Errorf("it arrived %d times", n)
	}
}

// TestKilledWhileRedirecting is TestKilledInEveryPhaseOfSending with messages that are sent on as they are.
func TestKilledWhileRedirecting(t *testing.T) {
	t.Parallel()
	r := newOutboxRig(t)
	r.killed(1, func() mail.OutboxID {
		subject := fmt.Sprintf("letter %d", len(r.ids))
		raw, _ := signed(t, subject)
		r.dove.DeliverTo("ali", "INBOX", append(raw, longText(60_000)...))
		r.sync(r.a)
		_, id := r.redirect(r.find(r.inbox(r.a), subject).ID, time.Time{}, nil)
		r.ids = append(r.ids, id)
		return id
	})
	r.sentOnce(r.a, "sara", r.ids)
	r.sound()
	r.decide()
}
