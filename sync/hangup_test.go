package mailsync_test

import (
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// An operation at which the server hangs up every time is given up, taken back and told; what waits behind it goes on.
func TestOperationThatAlwaysHangsUp(t *testing.T) {
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
	passes, told := 0, false
	for !told && passes < 40 {
		res := r.pass(a)
		passes++
		ops, err := r.st.Ops(r.ctx, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range ops {
			told = told || op.State == mail.OpFailed && op.Error != "" && len(res.Failed) > 0
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
