package mailsync_test

import (
	"fmt"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Messages that refer to nothing are one conversation where the server says so (OBJECTID), whether their header came first or all of
// them.
func TestConversationsOfTheServer(t *testing.T) {
	t.Parallel()
	for name, days := range map[string]int{"whole messages": 0, "headers": -1} {
		t.Run(name, func(t *testing.T) {
			r := newRigAt(t, mailtest.StartCyrus(t, mailtest.CyrusOptions{Conversations: true}))
			// Cyrus goes by X-ME-Message-ID, too, which no other program looks at.
			for i, of := range []string{"plan", "plan", "other"} {
				r.box.Append(t, "ali", "INBOX", fmt.Appendf(nil, "Date: Mon, 02 Mar 2026 10:00:0%d +0000\r\nFrom: sara@peyk.test\r\nTo: ali@peyk.test\r\nSubject: %s\r\nMessage-ID: <c%d@peyk.test>\r\n"+
					"X-ME-Message-ID: <%s@peyk.test>\r\n\r\ntext\r\n", i, of, i, of))
			}
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays = days })
			r.sync(a)
			rows := r.rows(r.inbox(a))
			if len(rows) != 3 || rows[1].Thread != rows[2].Thread || rows[0].Thread == rows[1].Thread {
				t.Errorf("%+v", rows)
			}
		})
	}
}
