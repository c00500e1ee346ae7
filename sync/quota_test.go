package mailsync_test

import (
	"bytes"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// How full the mailbox is, is known after a pass, asked for again after an hour, and told when it is nearly full.
func TestQuota(t *testing.T) {
	t.Parallel()
	box := mailtest.StartCyrus(t, mailtest.CyrusOptions{})
	r := newRigAt(t, box)
	a := r.account("ali", mail.IMAP, nil)
	ch, stop := r.e.Progress()
	defer stop()
	r.sync(a)
	q, err := r.e.Quota(r.ctx, a.ID)
	if err != nil || q.Limit != mailtest.CyrusQuota || q.Percent() != 0 || q.At.IsZero() {
		t.Errorf("%+v, %v", q, err)
	}
	box.Append(t, "ali", "INBOX", letter(1, "large", string(bytes.Repeat([]byte("0123456789\r\n"), mailtest.CyrusQuota/12*97/100))))
	r.sync(a)
	if q, _ := r.e.Quota(r.ctx, a.ID); q.Percent() != 0 {
		t.Errorf("asked again at once: %+v", q)
	}
	r.days(1)
	r.sync(a)
	if q, _ := r.e.Quota(r.ctx, a.ID); q.Percent() < 96 || q.Percent() > 99 {
		t.Errorf("after a day: %+v", q)
	}
	for end := time.After(2 * time.Minute); ; {
		select {
		case p := <-ch:
			if p.Problem != nil && p.Problem.Code == mail.CodeNearlyFull {
				return
			}
		case <-end:
			t.Fatal("nobody was told")
		}
	}
}
