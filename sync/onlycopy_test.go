package mailsync_test

import (
	"bytes"
	"errors"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// TestTheOnlyCopyIsNotTakenBack: a message is moved to another account, whose server does not have it yet, and somebody deletes it where it was. Neither Undo nor
// giving up what waits deletes it.
func TestTheOnlyCopyIsNotTakenBack(t *testing.T) {
	t.Parallel()
	for name, model := range map[string]mail.DeleteModel{"to Trash": mail.DeleteToTrash, "marked": mail.DeleteMark, "for good": mail.DeleteExpunge} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 1)...)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.DeleteModel = model })
			b := r.account("sara", mail.IMAP, nil)
			r.sync(a)
			r.sync(b)
			m := r.find(r.inbox(a), "message 0")
			bytesOf := r.raw(m.ID)
			g := r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{m.ID}, Folder: r.inbox(b).ID})
			r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "INBOX", "all")
			r.sync(a)
			if k, err := r.e.Undo(r.ctx); !errors.Is(err, store.ErrCannotUndo) {
				t.Errorf("undone: %q, %v", k, err)
			}
			if err := r.e.UndoGroup(r.ctx, g); !errors.Is(err, store.ErrCannotUndo) {
				t.Errorf("undone: %v", err)
			}
			ops, err := r.st.Ops(r.ctx, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range ops {
				if op.Kind != mail.OpAppend {
					continue
				}
				if _, err := r.e.DiscardOps(r.ctx, op.ID); err != nil {
					t.Fatal(err)
				}
			}
			rows := r.rows(r.folder(b, mail.RescueFolder))
			if len(rows) != 1 || !bytes.Equal(r.raw(rows[0].ID), bytesOf) {
				t.Errorf("kept: %+v", rows)
			}
			r.sync(b)
			if n := len(r.dove.UIDs("sara", "INBOX")); n != 0 {
				t.Errorf("%d messages came after it was given up", n)
			}
		})
	}
}

// TestWhatIsNotMovedAfterAllStays: the move to another account is given up before its server has the message.
func TestWhatIsNotMovedAfterAllStays(t *testing.T) {
	t.Parallel()
	for name, giveUp := range map[string]func(*rig, mail.Account){
		"discarded": func(r *rig, _ mail.Account) {
			ops, _, err := r.st.OpenOps(r.ctx, 10)
			if err != nil || len(ops) != 2 {
				r.t.Fatalf("%+v, %v", ops, err)
			}
			for _, op := range ops {
				if op.Kind != mail.OpAppend {
					continue
				}
				if _, err := r.e.DiscardOps(r.ctx, op.ID); err != nil {
					r.t.Fatal(err)
				}
			}
		},
		"the account is removed": func(r *rig, b mail.Account) {
			if err := r.st.RemoveAccount(r.ctx, b.ID); err != nil {
				r.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 1)...)
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.DeleteModel = mail.DeleteExpunge })
			b := r.account("sara", mail.IMAP, nil)
			r.sync(a)
			r.sync(b)
			r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "message 0").ID}, Folder: r.inbox(b).ID})
			giveUp(r, b)
			r.sync(a)
			if n := len(r.dove.UIDs("ali", "INBOX")); n != 1 || len(r.rows(r.inbox(a))) != 1 {
				t.Errorf("%d messages are on the server, %d here", n, len(r.rows(r.inbox(a))))
			}
			r.sound()
		})
	}
}
