package mailsync_test

import (
	"bytes"
	"errors"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// TestTheOnlyCopyIsNotTakenBack: a message is moved to another account, whose server does not have it yet, and is deleted for good where it was. Neither Undo nor
// giving up what waits deletes it.
func TestTheOnlyCopyIsNotTakenBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 1)...)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.DeleteModel = mail.DeleteExpunge })
	b := r.account("sara", mail.IMAP, nil)
	r.sync(a)
	r.sync(b)
	m := r.find(r.inbox(a), "message 0")
	bytesOf := r.raw(m.ID)
	g := r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{m.ID}, Folder: r.inbox(b).ID})
	r.sync(a)
	if n := len(r.dove.UIDs("ali", "INBOX")); n != 0 {
		t.Fatalf("%d messages are left where it was", n)
	}
	if k, err := r.e.Undo(r.ctx); !errors.Is(err, store.ErrCannotUndo) {
		t.Errorf("undone: %q, %v", k, err)
	}
	if err := r.e.UndoGroup(r.ctx, g); !errors.Is(err, store.ErrCannotUndo) {
		t.Errorf("undone: %v", err)
	}
	ops, _, err := r.st.OpenOps(r.ctx, 10)
	if err != nil || len(ops) != 1 {
		t.Fatalf("%+v, %v", ops, err)
	}
	if _, err := r.e.DiscardOps(r.ctx, ops[0].ID); err != nil {
		t.Fatal(err)
	}
	rows := r.rows(r.folder(b, mail.RescueFolder))
	if len(rows) != 1 || !bytes.Equal(r.raw(rows[0].ID), bytesOf) {
		t.Errorf("kept: %+v", rows)
	}
	r.sync(b)
	if n := len(r.dove.UIDs("sara", "INBOX")); n != 0 {
		t.Errorf("%d messages came after it was given up", n)
	}
}
