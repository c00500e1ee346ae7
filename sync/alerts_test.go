package mailsync_test

import (
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What a server wants read is shown once, by its own words without what could deceive, and is no failure of the pass.
func TestAlertsAreShown(t *testing.T) {
	server := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n* OK [ALERT] The mailbox is \x1b[31m97%\u202e full\r\n")
		playMailbox(c)
	})
	r := newRigAt(t, mailtest.Reach{IMAPSPort: server.Port, CAFile: mailtest.CAFile(t)})
	a := r.account("ali", mail.IMAP, nil)
	ch, stop := r.e.Progress()
	defer stop()
	told := make(chan *mail.Problem, 100)
	go func() {
		for p := range ch {
			if p.Problem != nil {
				told <- p.Problem
			}
		}
	}()
	for range 3 {
		r.sync(a)
	}
	select {
	case p := <-told:
		if p.Code != mail.CodeAlert || p.Said != "The mailbox is [31m97% full" {
			t.Errorf("%+v", p)
		}
	case <-time.After(2 * time.Minute):
		t.Fatal("the alert was not told")
	}
	select {
	case p := <-told:
		t.Errorf("told again: %+v", p)
	case <-time.After(200 * time.Millisecond):
	}
}
