package mailsync_test

import (
	"sync/atomic"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What a server wants read is shown once, by its own words without what could deceive, and is no failure of the pass.
func TestAlertsAreShown(t *testing.T) {
	t.Parallel()
	var text atomic.Value
	text.Store("")
	server := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n* OK [ALERT] The mailbox is \x1b[31m97%\u202e full\r\n")
		if more := text.Load().(string); more != "" {
			c.Send("* OK [ALERT] ", more, "\r\n")
		}
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
	// Put away, it stays away after a restart; another text is told.
	if err := r.e.DismissAlert(r.ctx, &mail.Problem{Account: a.ID, Code: mail.CodeAlert, Said: "The mailbox is [31m97% full"}); err != nil {
		t.Fatal(err)
	}
	r.restart()
	ch2, stop2 := r.e.Progress()
	defer stop2()
	text.Store("Another matter")
	r.sync(a)
	for end := time.After(2 * time.Minute); ; {
		select {
		case p := <-ch2:
			if p.Problem == nil {
				continue
			}
			if p.Problem.Said != "Another matter" {
				t.Errorf("told after it was put away: %q", p.Problem.Said)
			}
			return
		case <-end:
			t.Fatal("the other alert was not told")
		}
	}
}
