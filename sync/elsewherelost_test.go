package mailsync_test

import (
	"bytes"
	"slices"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestWhatIsDestroyedBehindAMoveElsewhere: a message is moved to another account, and what it was put into, or lay in, is destroyed before the other server was asked. When that one refuses it, or
// the user gives it up, it is kept on this computer: where it was it does not stay.
func TestWhatIsDestroyedBehindAMoveElsewhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		model   mail.DeleteModel
		destroy func(r *rig, a mail.Account) mail.Action
	}{
		"Trash is emptied": {mail.DeleteToTrash, func(r *rig, a mail.Account) mail.Action {
			return mail.Action{Kind: mail.ActEmptyTrash, Folder: r.folder(a, "Trash").ID}
		}},
		"the folder goes, to Trash": {mail.DeleteToTrash, destroyWork},
		"the folder goes, marked":   {mail.DeleteMark, destroyWork},
		"the folder goes, for good": {mail.DeleteExpunge, destroyWork},
	} {
		for how, discard := range map[string]bool{"refused": false, "given up": true} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, mailtest.DovecotOptions{}, false)
				r.dove.Doveadm("mailbox", "create", "-u", "ali", "Work", "Trash")
				r.dove.Deliver("ali", letters(0, 1)...)
				r.dove.Doveadm("move", "-u", "ali", "Work", "mailbox", "INBOX", "all")
				a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.DeleteModel = c.model })
				b := r.account("sara", mail.IMAP, nil)
				r.sync(a)
				r.sync(b)
				m := r.find(r.folder(a, "Work"), "message 0")
				bytesOf := r.raw(m.ID)
				r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{m.ID}, Folder: r.inbox(b).ID})
				r.do(c.destroy(r, a))
				refused, forgotten := "message", ""
				r.wrap = func(s remote.Remote) remote.Remote {
					if mb, ok := s.(remote.Mailboxes); ok {
						return pickyBox{mb, &refused, &forgotten}
					}
					return s
				}
				if discard {
					ops, err := r.st.Ops(r.ctx, 10)
					check(t, err)
					i := slices.IndexFunc(ops, func(op mail.Op) bool { return op.Kind == mail.OpAppend })
					_, err = r.e.DiscardOps(r.ctx, ops[i].ID)
					check(t, err)
				}
				r.pass(b)
				r.sync(a)
				r.sync(a)
				var there [][]byte
				for path, of := range map[string]mail.AccountID{"Work": a.ID, "Trash": a.ID, mail.RescueFolder: b.ID} {
					if f, err := r.st.FolderByPath(r.ctx, of, path); err == nil {
						for _, row := range r.rows(f) {
							there = append(there, r.raw(row.ID))
						}
					}
				}
				if !slices.ContainsFunc(there, func(b []byte) bool { return bytes.Equal(b, bytesOf) }) {
					t.Error("it is nowhere any more")
				}
			})
		}
	}
}

func destroyWork(r *rig, a mail.Account) mail.Action {
	return mail.Action{Kind: mail.ActDestroyFolder, Account: a.ID, Folder: r.folder(a, "Work").ID}
}

// TestWhatWaitsBehindAnUploadThatIsGivenUp goes to its server then, without a check.
func TestWhatWaitsBehindAnUploadThatIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, giveUp := range map[string]func(r *rig, b mail.Account, upload mail.OpID) error{
		"discarded": func(r *rig, _ mail.Account, upload mail.OpID) error {
			_, err := r.e.DiscardOps(r.ctx, upload)
			return err
		},
		"the account is removed": func(r *rig, b mail.Account, _ mail.OpID) error { return r.e.RemoveAccount(r.ctx, b.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 1)...)
			a := r.account("ali", mail.IMAP, nil)
			b := r.account("sara", mail.IMAP, nil)
			r.sync(a)
			r.sync(b)
			m := []mail.MessageID{r.rows(r.inbox(a))[0].ID}
			g := r.do(mail.Action{Kind: mail.ActMove, Messages: m, Folder: r.inbox(b).ID})
			r.do(mail.Action{Kind: mail.ActStar, Messages: m})
			ops, err := r.st.OpsOfGroup(r.ctx, g)
			check(t, err)
			if waits, err := r.st.NextUntried(r.ctx, a.ID); err != nil || waits {
				t.Fatalf("nothing waits for the other account: %v", err)
			}
			if !r.e.Asks(a, func() { check(t, giveUp(r, b, ops[0].ID)) }) {
				t.Error("the star stays here until something else is done")
			}
			if waits, err := r.st.NextUntried(r.ctx, a.ID); err != nil || !waits {
				t.Errorf("the star still waits: %v", err)
			}
		})
	}
}
