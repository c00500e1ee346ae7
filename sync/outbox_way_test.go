package mailsync_test

import (
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestWhatIsOnItsWayIsLeftAlone: what is being sent, or was sent, is neither sent again nor taken back, and what may have arrived is not
// put off as if it had not. Of what was refused for some, only they get it again.
func TestWhatIsOnItsWayIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRigAt(t, mailtest.Reach{}) // nothing is sent
	ali := r.account("ali", mail.IMAP, nil)
	retry := func(id mail.OutboxID) error { return r.e.RetryOutbox(r.ctx, id) }
	later := func(id mail.OutboxID) error { return r.e.RescheduleOutbox(r.ctx, id, r.clock().Add(time.Hour)) }
	edit := func(id mail.OutboxID) error { _, err := r.e.OutboxToDraft(r.ctx, id); return err }
	discard := func(id mail.OutboxID) error { return r.e.DiscardOutbox(r.ctx, id) }
	arrived := func(id mail.OutboxID) error { return r.e.Arrived(r.ctx, id) }
	for state, forbidden := range map[mail.OutboxState][]func(mail.OutboxID) error{
		mail.OutboxSending:   {retry, later, edit, discard, arrived},
		mail.OutboxSent:      {retry, later, edit, arrived},
		mail.OutboxPartly:    {later, arrived},
		mail.OutboxUncertain: {later},
		mail.OutboxQueued:    {arrived},
		mail.OutboxFailed:    {arrived},
	} {
		for i, do := range forbidden {
			it, err := r.st.OutboxItem(r.ctx, r.write(ali, "sara@peyk.test", "s", "x"))
			if err != nil {
				t.Fatal(err)
			}
			it.State = state
			if err := r.st.SetOutbox(r.ctx, it); err != nil {
				t.Fatal(err)
			}
			if err := do(it.ID); err == nil {
				t.Errorf("%s: action %d was done", state, i)
			}
			if now, err := r.st.OutboxItem(r.ctx, it.ID); err != nil || now.State != state || !now.NotBefore.Equal(it.NotBefore) {
				t.Errorf("%s: after action %d %+v, %v", state, i, now, err)
			}
		}
	}
	it, err := r.st.OutboxItem(r.ctx, r.write(ali, "sara@peyk.test", "s", "x"))
	if err != nil {
		t.Fatal(err)
	}
	it.State, it.Rcpt, it.Refused = mail.OutboxPartly, []string{"sara@peyk.test", "nobody@peyk.test"}, map[string]string{"nobody@peyk.test": "550 no"}
	if err := r.st.SetOutbox(r.ctx, it); err != nil {
		t.Fatal(err)
	}
	if err := retry(it.ID); err != nil {
		t.Fatal(err)
	}
	if now, err := r.st.OutboxItem(r.ctx, it.ID); err != nil || now.State != mail.OutboxQueued || len(now.Rcpt) != 1 || now.Rcpt[0] != "nobody@peyk.test" || len(now.Refused) != 0 {
		t.Errorf("sent again to whom it was refused: %+v, %v", now, err)
	}
}
