package mailsync_test

import (
	"fmt"
	"strconv"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A folder that was deleted and made again under the same UIDVALIDITY has other messages under the same UIDs: those are fetched, and none of
// the old ones is taken for one of them. What an operation was to do with an old one is done to none of the new.
func TestFolderMadeAgainWithItsUIDValidity(t *testing.T) {
	t.Parallel()
	for name, newer := range map[string]int{"with fewer messages": 3, "with as many": 6, "with more": 9, "with none": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.box.Command(t, "ali", "CREATE Work")
			r.box.Append(t, "ali", "Work", letters(0, 6)...)
			r.box.Command(t, "ali", "SELECT Work", `UID STORE 1 +FLAGS (\Answered)`, `UID STORE 1 -FLAGS (\Answered)`, `UID STORE 2 +FLAGS (\Answered)`, `UID STORE 2 -FLAGS (\Answered)`)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			before := r.folder(a, "Work")
			r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{r.find(before, "message 1").ID}})
			r.box.Command(t, "ali", "DELETE Work", "CREATE Work")
			r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", strconv.Itoa(int(before.UIDValidity)), "Work")
			for i := range newer {
				r.box.Append(t, "ali", "Work", letter(100+i, fmt.Sprintf("another %d", i), noise(i, 500+37*i)))
			}
			r.pass(a) // the operation may be told as failed: its message is gone
			r.sync(a)
			after := r.folder(a, "Work")
			if after.UIDValidity != before.UIDValidity {
				t.Fatalf("another UIDVALIDITY: %d, %d", before.UIDValidity, after.UIDValidity)
			}
			r.sameMail(a, "ali", "Work")
			rows := r.rows(after)
			for _, row := range rows {
				if row.Flags.Has(mail.FlagFlagged) && newer <= 6 { // else nobody can know before it is done
					t.Errorf("%s has the star of another message", row.Subject)
				}
			}
			if len(rows) != newer {
				t.Errorf("%d messages, want %d", len(rows), newer)
			}
			r.sound()
		})
	}
}
