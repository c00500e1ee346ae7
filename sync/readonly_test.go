package mailsync_test

import (
	"context"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// keepsNothing is a session of a server with a folder in which nothing can be changed.
type keepsNothing struct{ remote.Mailboxes }

func (k keepsNothing) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	st, err := k.Mailboxes.Select(ctx, path)
	st.ReadOnly = true
	return st, err
}

func (k keepsNothing) StoreFlags(context.Context, string, []mail.UID, mail.Flags, mail.Flags) error {
	return &remote.Error{Host: "127.0.0.1", Step: "set flags", Kind: mail.ProblemServer, Permanent: true, Text: "Permission denied"}
}

// In a folder that may only be read, reading is no failure, whether the server refuses the mark or takes it and forgets it; what the user
// wants changed there is told.
func TestFolderThatMayOnlyBeRead(t *testing.T) {
	t.Parallel()
	const rights = "mail_plugins = acl\nplugin {\n  acl = vfile\n}\n"
	for name, c := range map[string]struct {
		refuses bool
		extra   string
	}{"refuses": {true, ""}, "forgets": {false, ""}, "forgets, without MOVE": {false, offers("ENABLE CONDSTORE QRESYNC").Extra},
		"refuses, changes are not counted": {true, offers("").Extra}, "forgets, changes are not counted": {false, offers("").Extra}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{Extra: rights + c.extra}, false)
			r.box.Command(t, "ali", "CREATE Work", "SUBSCRIBE Work")
			r.box.Append(t, "ali", "Work", letters(0, 3)...)
			allow(t, r.dove, "Work", "lr")
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			if c.refuses {
				r.wrap = func(s remote.Remote) remote.Remote { return keepsNothing{s.(remote.Mailboxes)} }
			}
			f := r.folder(a, "Work")
			one := []mail.MessageID{r.find(f, "message 1").ID}
			for _, kind := range []mail.ActionKind{mail.ActRead, mail.ActUnread, mail.ActRead} {
				r.do(mail.Action{Kind: kind, Messages: one})
				r.sync(a)
			}
			if row := r.find(f, "message 1"); !row.Flags.Has(mail.FlagSeen) {
				t.Errorf("it is unread again: %v", row.Flags)
			}
			r.do(mail.Action{Kind: mail.ActDelete, Messages: one})
			if res := r.pass(a); len(res.Failed) != 1 {
				t.Errorf("a deletion that was refused is told as %q", res.Failed)
			}
			if n, copies := len(r.rows(f)), len(r.dove.Messages("ali", "Trash")); n != 3 || copies != 0 {
				t.Errorf("%d messages are left, and %d copies were made", n, copies)
			}
			if c.refuses {
				r.do(mail.Action{Kind: mail.ActStar, Messages: one})
				if res := r.pass(a); len(res.Failed) != 1 {
					t.Errorf("a star that was refused is told as %q", res.Failed)
				}
			}
			failed, _, err := r.st.OpenOps(r.ctx, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range failed {
				if _, err := r.st.DiscardOps(r.ctx, op.ID); err != nil {
					t.Error(err)
				}
			}
			r.sound()
		})
	}
}
