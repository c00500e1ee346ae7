package mailsync_test

import (
	"bytes"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestWhoWasRefusedBeforeTheEnd is not forgotten when the process is killed with the last bytes on their way: the message is in doubt, but not for those.
func TestWhoWasRefusedBeforeTheEnd(t *testing.T) {
	t.Parallel()
	r := newOutboxRig(t)
	never := "nobody@elsewhere.example"
	id, err := r.e.Send(r.ctx, mail.Draft{Account: r.a.ID, To: []mail.Address{{Addr: r.mta.Address("sara")}, {Addr: never}}, Subject: "letter", Text: longText(60_000)}, time.Time{})
	check(t, err)
	r.shut()
	if !r.doomedAt(r.out.HoldOn("\r\n.\r\n", true)) {
		t.Fatal("the process was not killed at the final dot")
	}
	r.out.BreakOn("\x00never\x00", mailtest.FaultCut, 0)
	r.open()
	r.pass(r.a)
	it, err := r.st.OutboxItem(r.ctx, id)
	if err != nil || it.State != mail.OutboxUncertain || len(it.Refused) != 1 || it.Refused[never] == "" {
		t.Fatalf("%+v, %v", it, err)
	}
	if why := mail.StoredProblem(it.Refused[never]); why.Said == "" {
		t.Errorf("why is not known: %+v", why)
	}
	check(t, r.e.Arrived(r.ctx, id))
	r.sync(r.a)
	if it, err := r.st.OutboxItem(r.ctx, id); err != nil || it.State != mail.OutboxPartly || it.Refused[never] == "" {
		t.Errorf("after it is said to have arrived: %+v, %v", it, err)
	}
}

// TestOneMessageIDOneMessage: what somebody has, or may have, of a message that was to go at a chosen time is byte for byte what the others get later.
func TestOneMessageIDOneMessage(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	early, late := r.mta.Address("sara"), a.Email
	id := mail.OutboxID(0)
	retry := func() { check(t, r.e.RetryOutbox(r.ctx, id)) }
	reschedule := func() {
		r.wrapSender = someRefused(map[string]int{early: 550, late: 550}, false)
		r.pass(a)
		check(t, r.e.RescheduleOutbox(r.ctx, id, r.clock().Add(24*time.Hour)))
	}
	for name, c := range map[string]struct {
		wrap func(remote.Sender) remote.Sender
		do   []func()
	}{
		"partly, sent again":               {someRefused(map[string]int{late: 550}, false), []func(){retry}},
		"partly, refused, sent later":      {someRefused(map[string]int{late: 550}, false), []func(){retry, reschedule}},
		"in doubt, sent again":             {someRefused(nil, true), []func(){retry}},
		"in doubt, refused, sent later":    {someRefused(nil, true), []func(){retry, reschedule}},
		"put off for one, sent by itself":  {someRefused(map[string]int{late: 451}, false), nil},
		"in doubt, refused for one, again": {someRefused(map[string]int{late: 550}, true), []func(){retry}},
	} {
		var err error
		id, err = r.e.Send(r.ctx, mail.Draft{Account: a.ID, To: []mail.Address{{Addr: early}, {Addr: late}}, Subject: name, Text: "x"}, r.clock().Add(48*time.Hour))
		check(t, err)
		r.days(3)
		r.wrapSender = c.wrap
		r.pass(a)
		r.days(1)
		for _, do := range c.do {
			do()
			r.days(2)
		}
		r.wrapSender = nil
		r.pass(a)
		r.pass(a)
		r.delivered()
		versions := map[string]int{}
		for user, box := range map[string]string{"sara": "INBOX", "ali": "INBOX"} {
			found := false
			for _, m := range r.dove.Messages(user, box) {
				if bytes.Contains(m, []byte("\r\nSubject: "+name+"\r\n")) {
					found = true
					versions[string(m[bytes.Index(m, []byte("\r\nDate: ")):])]++
				}
			}
			if !found {
				t.Errorf("%s: %s did not get it", name, user)
			}
		}
		if len(versions) != 1 {
			t.Errorf("%s: %d versions arrived", name, len(versions))
			for m := range versions {
				t.Logf("%.300s", m)
			}
		}
	}
}

// TestWhatWasRefusedAtTheSecondTryMayHaveArrived at the first one: edited, it is another message.
func TestWhatWasRefusedAtTheSecondTryMayHaveArrived(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	sara := r.mta.Address("sara")
	id := r.write(a, sara, "in doubt", "x")
	r.wrapSender = someRefused(nil, true)
	r.pass(a)
	check(t, r.e.RetryOutbox(r.ctx, id))
	r.wrapSender = someRefused(map[string]int{sara: 550}, false)
	r.pass(a)
	it, err := r.st.OutboxItem(r.ctx, id)
	if err != nil || it.State != mail.OutboxFailed {
		t.Fatalf("%+v, %v", it, err)
	}
	if d, err := r.e.OutboxToDraft(r.ctx, id); err != nil || d.HeaderID == it.HeaderID {
		t.Errorf("it would go out under the same Message-ID with another text: %+v, %v", d, err)
	}
}
