package mailsync_test

import (
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestHowMuchAServerTakes: it is asked when that is wanted for the first time, then believed, also while it cannot be reached, for some days.
func TestHowMuchAServerTakes(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	ali := r.account("ali", mail.IMAP, nil)
	const limit = 50 << 20 // of mailtest
	for range 2 {
		if n, err := r.e.MaxMessage(r.ctx, ali.ID); err != nil || n != limit {
			t.Fatalf("it takes %d, %v", n, err)
		}
		r.mta.Stop()
	}
	r.days(8)
	if n, err := r.e.MaxMessage(r.ctx, ali.ID); err == nil {
		t.Errorf("after a week it is not asked again: %d", n)
	}
	r.e.SetOnline(false)
	begun := time.Now()
	if n, err := r.e.MaxMessage(r.ctx, ali.ID); err != nil || n != limit {
		t.Errorf("without a network, after %v: %d, %v", time.Since(begun), n, err)
	}
}
