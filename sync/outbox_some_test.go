package mailsync_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestMoreRecipientsThanAServerTakesAtATime: those whom it has no room for get the message by further transactions of the same session. Everybody gets it once, and there is one copy.
func TestMoreRecipientsThanAServerTakesAtATime(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	aliases := map[string]string{}
	d := mail.Draft{Subject: "to many", Text: "x", Bcc: []mail.Address{{Addr: "hidden@peyk.test"}, {Addr: "nobody@elsewhere.example"}}}
	for i := range 6 {
		addr := fmt.Sprintf("friend%d@peyk.test", i)
		aliases[addr] = "sara"
		d.To = append(d.To, mail.Address{Addr: addr})
	}
	aliases["hidden@peyk.test"] = "ali"
	r.mta = mailtest.StartPostfix(t, r.dove, mailtest.PostfixOptions{Aliases: aliases, Extra: "smtpd_recipient_limit = 2\n"})
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	d.Account = ali.ID
	if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	r.pass(ali)
	r.pass(ali)
	r.delivered()
	if sara, own, sent := len(r.dove.Messages("sara", "INBOX")), len(r.dove.Messages("ali", "INBOX")), len(r.dove.Messages("ali", "Sent")); sara != 6 || own != 1 || sent != 1 {
		t.Errorf("%d of 6 arrived, %d of 1 hidden, %d copies", sara, own, sent)
	}
	left := r.outbox()
	if len(left) != 1 || left[0].State != mail.OutboxPartly || len(left[0].Refused) != 1 || left[0].Refused["nobody@elsewhere.example"] == "" {
		t.Errorf("left in the outbox: %+v", left)
	}
}

// someRefused refuses recipients by their code.
func someRefused(codes map[string]int, lost bool) func(remote.Sender) remote.Sender {
	return func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			refused := map[string]*remote.Error{}
			env.Rcpt = slices.DeleteFunc(slices.Clone(env.Rcpt), func(a string) bool {
				if code := codes[a]; code != 0 {
					refused[a] = &remote.Error{Step: "rcpt " + a, Kind: mail.ProblemServer, Code: code, Text: "no", Permanent: code >= 500}
				}
				return refused[a] != nil
			})
			if len(env.Rcpt) == 0 {
				for _, e := range refused {
					return remote.Receipt{Refused: refused}, e
				}
			}
			if told := env.Answered; told != nil {
				env.Answered = func(rc remote.Receipt) {
					maps.Copy(refused, rc.Refused)
					rc.Refused = refused
					told(rc)
				}
			}
			rc, err := in.Send(ctx, env, body)
			maps.Copy(refused, rc.Refused)
			if rc.Refused = refused; lost && err == nil {
				err = &remote.Error{Step: "data", Kind: mail.ProblemNetwork, Closed: true, Uncertain: true, Err: errors.New("cut")}
			}
			return rc, err
		}}
	}
}

// TestWhoIsAskedToWaitGetsItLater: a server that puts one of three off (greylisting) and refuses another for good gets it again for the first by itself, after a while, and
// for nobody else; the second is told. It can be edited meanwhile, for that one.
func TestWhoIsAskedToWaitGetsItLater(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	slow, never := r.mta.Address("sara"), "nobody@elsewhere.example"
	d := mail.Draft{Account: ali.ID, To: []mail.Address{{Addr: ali.Email}, {Addr: slow}, {Addr: never}}, Subject: "greylisted", Text: "x"}
	send := func() {
		t.Helper()
		if _, err := r.e.Send(r.ctx, d, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	states := func() string {
		var out []string
		for _, it := range r.outbox() {
			out = append(out, fmt.Sprintf("%s %s", it.State, it.Rcpt))
		}
		slices.Sort(out)
		return strings.Join(out, "; ")
	}
	r.wrapSender = someRefused(map[string]int{slow: 451, never: 550}, false)
	send()
	res := r.pass(ali)
	if got := states(); res.Sent != 1 || got != fmt.Sprintf("partly [%s %s]; queued [%s]", ali.Email, never, slow) {
		t.Fatalf("sent %d, %s", res.Sent, got)
	}
	for _, it := range r.outbox() {
		if why := mail.StoredProblem(it.Reason); it.State == mail.OutboxQueued && (!it.NotBefore.After(r.clock()) || why.Kind != mail.ProblemServer || len(it.Refused) > 0) ||
			it.State == mail.OutboxPartly && (len(it.Refused) != 1 || it.Refused[never] == "") {
			t.Errorf("%s until %s: %+v, %v", it.State, it.NotBefore, why, it.Refused)
		}
	}
	r.pass(ali) // too early
	r.wrapSender = nil
	r.days(1)
	r.sync(ali)
	r.delivered()
	if got := states(); !strings.HasPrefix(got, "partly") || strings.Contains(got, "queued") {
		t.Errorf("after a day: %s", got)
	}
	if sara, own, sent := len(r.dove.Messages("sara", "INBOX")), len(r.dove.Messages("ali", "INBOX")), len(r.dove.Messages("ali", "Sent")); sara != 1 || own != 1 || sent != 1 {
		t.Errorf("%d of 1 arrived late, %d of 1 at once, %d copies", sara, own, sent)
	}
	for _, it := range r.outbox() {
		check(t, r.e.DiscardOutbox(r.ctx, it.ID))
	}
	r.wrapSender = someRefused(map[string]int{slow: 451}, false)
	d.To = d.To[:2]
	send()
	r.pass(ali)
	left := r.outbox()
	if len(left) != 1 || left[0].State != mail.OutboxQueued {
		t.Fatalf("%+v", left)
	}
	back, err := r.e.OutboxToDraft(r.ctx, left[0].ID)
	if err != nil || len(back.To) != 1 || back.To[0].Addr != slow || back.HeaderID == left[0].HeaderID {
		t.Errorf("to edit: %+v, %v", back, err)
	}
}

// TestWhoWasRefusedBeforeTheAnswerWasLost is not forgotten when the user says that the message arrived, nor when it is found in Sent.
func TestWhoWasRefusedBeforeTheAnswerWasLost(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	r.sync(ali)
	never := "nobody@elsewhere.example"
	r.wrapSender = someRefused(map[string]int{never: 550}, true)
	id, err := r.e.Send(r.ctx, mail.Draft{Account: ali.ID, To: []mail.Address{{Addr: r.mta.Address("sara")}, {Addr: never}}, Subject: "lost", Text: "x"}, time.Time{})
	check(t, err)
	r.pass(ali)
	if it, err := r.st.OutboxItem(r.ctx, id); err != nil || it.State != mail.OutboxUncertain || len(it.Refused) != 1 {
		t.Fatalf("%+v, %v", it, err)
	}
	check(t, r.e.Arrived(r.ctx, id))
	r.sync(ali)
	if it, err := r.st.OutboxItem(r.ctx, id); err != nil || it.State != mail.OutboxPartly || it.Refused[never] == "" || len(r.dove.Messages("ali", "Sent")) != 1 {
		t.Errorf("%+v, %v", it, err)
	}
}
