package mailsync_test

import (
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// An operation at which the server hangs up every time is told each time, shown in Activity, given up after a while, taken back; what waits
// behind it goes on, and new mail comes meanwhile. The user may discard it before.
func TestOperationThatAlwaysHangsUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	})
	r.sync(a)
	in := r.inbox(a)
	proxy.BreakOn(`+FLAGS.SILENT (\Flagged)`, mailtest.FaultLoseReply, 1000)
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{r.find(in, "message 0").ID}})
	r.do(mail.Action{Kind: mail.ActRead, Messages: []mail.MessageID{r.find(in, "message 1").ID}})
	r.dove.Deliver("ali", letters(2, 1)...)
	passes, told := 0, false
	for !told && passes < 12 {
		res := r.pass(a)
		passes++
		ops, err := r.st.Ops(r.ctx, 10)
		if err != nil {
			t.Fatal(err)
		}
		waiting := 0
		for _, op := range ops {
			told = told || op.State == mail.OpFailed && op.Error != "" && len(res.Failed) > 0
			if op.State == mail.OpPending && op.Error != "" {
				waiting++
			}
		}
		if len(res.Failed) == 0 || !told && waiting != 1 {
			t.Errorf("pass %d: told %v, %d operations wait with a reason", passes, res.Failed, waiting)
		}
		if n := len(r.rows(in)); passes == 4 && n != 3 {
			t.Errorf("%d messages are here while it waits, want the new one, too", n)
		}
	}
	if !told || passes < 5 {
		t.Fatalf("given up %v after %d passes", told, passes)
	}
	r.sync(a)
	// The server did set the star, every time; its answer was lost. What it has is shown in the end.
	if !r.find(in, "message 0").Flags.Has(mail.FlagFlagged) || !r.find(in, "message 1").Flags.Has(mail.FlagSeen) {
		t.Errorf("in the end: %v, %v", r.find(in, "message 0").Flags, r.find(in, "message 1").Flags)
	}
}

// What hangs up may be discarded before it is given up: what waits behind it goes at once.
func TestDiscardingWhatHangsUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.Security, a.Incoming.AllowPlaintext = proxy.Port(), mail.SecurityNone, true
	})
	r.dove.Doveadm("mailbox", "create", "-s", "-u", "ali", "Work")
	r.sync(a)
	in := r.inbox(a)
	proxy.BreakOn("UID MOVE", mailtest.FaultCut, 1000)
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(in, "message 0").ID}, Folder: r.folder(a, "Work").ID})
	r.do(mail.Action{Kind: mail.ActRead, Messages: []mail.MessageID{r.find(in, "message 1").ID}})
	r.pass(a)
	r.pass(a)
	ops, err := r.st.Ops(r.ctx, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range ops {
		if op.Kind == mail.OpMove {
			if _, err := r.e.DiscardOps(r.ctx, op.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.sync(a)
	if !r.find(r.inbox(a), "message 1").Flags.Has(mail.FlagSeen) || r.dove.Flags("ali", "INBOX") == nil {
		t.Error("what waited behind it did not go")
	}
	total := len(r.rows(r.inbox(a))) + len(r.rows(r.folder(a, "Work")))
	if total != 2 {
		t.Errorf("%d messages are here, want 2", total)
	}
	for _, box := range []string{"INBOX", "Work"} {
		r.sameMail(a, "ali", box)
	}
}
