package mailsync_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// pickyBox is a session whose server refuses to store what holds a word, or says that it stored it and did not.
type pickyBox struct {
	remote.Mailboxes
	refused, forgotten *string
}

func (b pickyBox) Append(ctx context.Context, path string, flags mail.Flags, date time.Time, size int64, body io.Reader) (mail.UID, error) {
	raw, err := io.ReadAll(body)
	switch {
	case err != nil:
		return 0, err
	case *b.refused != "" && bytes.Contains(raw, []byte(*b.refused)):
		return 0, &remote.Error{Step: "append", Kind: mail.ProblemServer, Permanent: true, Text: "Quota exceeded"}
	case *b.forgotten != "" && bytes.Contains(raw, []byte(*b.forgotten)):
		return 0, nil
	}
	_, err = b.Mailboxes.Append(ctx, path, flags, date, size, bytes.NewReader(raw))
	return 0, err // it does not tell the UID either, so that an OK alone proves nothing
}

// TestTheSourceStaysUntilTheOtherAccountHasIt: of three messages that are moved to another account its server refuses one. Nothing leaves the first server before the
// second has answered; the one that was refused stays where it was, there and here, and is not among what could not be uploaded. To try it again
// is to move it, and a message that the server only says to have taken stays, too.
func TestTheSourceStaysUntilTheOtherAccountHasIt(t *testing.T) {
	t.Parallel()
	for name, model := range map[string]mail.DeleteModel{"to Trash": mail.DeleteToTrash, "marked": mail.DeleteMark, "for good": mail.DeleteExpunge} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 3)...)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.DeleteModel = model })
			b := r.account("sara", mail.IMAP, nil)
			r.sync(a)
			r.sync(b)
			left := func(when string, want int) {
				t.Helper()
				n := 0
				for _, flags := range r.dove.Flags("ali", "INBOX") {
					if !slices.Contains(flags, `\Deleted`) {
						n++
					}
				}
				if n != want {
					t.Errorf("%s: %d messages are where they were on the server, want %d", when, n, want)
				}
			}
			var refused, forgotten string
			r.wrap = func(s remote.Remote) remote.Remote { return pickyBox{s.(remote.Mailboxes), &refused, &forgotten} }
			var ids []mail.MessageID
			for _, row := range r.rows(r.inbox(a)) {
				ids = append(ids, row.ID)
			}
			r.do(mail.Action{Kind: mail.ActMove, Messages: ids, Folder: r.inbox(b).ID})
			r.sync(a)
			left("before the other server was asked", 3)
			again := func() {
				t.Helper()
				ops, _, err := r.st.OpenOps(r.ctx, 100)
				if err != nil || len(ops) != 1 {
					t.Fatalf("%+v, %v", ops, err)
				}
				if err := r.e.RetryOps(r.ctx, ops[0].IDs()...); err != nil {
					t.Fatal(err)
				}
			}
			refused = "message 1"
			r.pass(b)
			r.sync(a)
			left("one refused", 1)
			refused, forgotten = "", refused
			again()
			r.pass(b)
			r.sync(a)
			left("one said to be stored", 1)
			if rows := r.rows(r.inbox(a)); len(rows) != 1 || rows[0].Subject != "message 1" {
				t.Errorf("where it was: %+v", rows)
			}
			if f, err := r.st.FolderByPath(r.ctx, b.ID, mail.RescueFolder); err == nil {
				t.Errorf("what stays where it was is kept in %s, too", f.Path)
			}
			forgotten = ""
			again()
			r.sync(b)
			r.sync(a)
			left("stored", 0)
			r.sync(b)
			r.sameMail(b, "sara", "INBOX")
			if n := len(r.dove.Messages("sara", "INBOX")); n != 3 || len(r.rows(r.inbox(a))) != 0 {
				t.Errorf("%d messages came, %d are left here", n, len(r.rows(r.inbox(a))))
			}
			r.sound()
		})
	}
}

// TestOneSyncMovesToAnotherAccount: whichever account comes first, one `peyk sync` brings a message to the other server and takes it off the first.
func TestOneSyncMovesToAnotherAccount(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 1)...)
	a := r.account("ali", mail.IMAP, nil)
	b := r.account("sara", mail.IMAP, nil)
	r.sync(a)
	r.sync(b)
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.rows(r.inbox(a))[0].ID}, Folder: r.inbox(b).ID})
	if _, err := r.e.SyncAll(r.ctx); err != nil {
		t.Fatal(err)
	}
	if n, m := len(r.dove.UIDs("ali", "INBOX")), len(r.dove.UIDs("sara", "INBOX")); n != 0 || m != 1 {
		t.Errorf("%d messages are left, %d came", n, m)
	}
	r.sound()
}
