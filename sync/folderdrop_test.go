package mailsync_test

import (
	"slices"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A deleted folder lies in Trash with all that was in it, and comes back; deleted from there it is gone, with what lies in it, and so it is
// when Trash is emptied.
func TestADeletedFolderGoesToTrash(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	for _, name := range []string{"Work", "Work/Tehran"} {
		r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: name})
	}
	work, tehran := r.folder(a, "Work"), r.folder(a, "Work/Tehran")
	r.do(mail.Action{Kind: mail.ActMove, Messages: []mail.MessageID{r.find(r.inbox(a), "message 1").ID}, Folder: tehran.ID})
	r.sync(a)
	paths := func() (out []string) {
		all, err := r.st.Folders(r.ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			if f.Role == mail.RoleNone && !f.Missing {
				out = append(out, f.Path)
			}
		}
		return out
	}
	check := func(what string, want ...string) {
		t.Helper()
		r.sync(a)
		r.sync(a)
		if got := paths(); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	r.do(mail.Action{Kind: mail.ActDropFolder, Account: a.ID, Folder: work.ID})
	check("deleted", "Trash/Work", "Trash/Work/Tehran")
	if n := len(r.dove.Messages("ali", "Trash/Work/Tehran")); n != 1 {
		t.Errorf("%d messages in Trash/Work/Tehran on the server, want 1", n)
	}
	if _, err := r.e.Undo(r.ctx); err != nil {
		t.Fatal(err)
	}
	check("taken back", "Work", "Work/Tehran")
	r.do(mail.Action{Kind: mail.ActDropFolder, Account: a.ID, Folder: tehran.ID})
	check("the inner one deleted", "Trash/Tehran", "Work")
	r.do(mail.Action{Kind: mail.ActDropFolder, Account: a.ID, Folder: tehran.ID})
	check("deleted for good", "Work")
	r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: "Work/Tabriz"})
	r.do(mail.Action{Kind: mail.ActDropFolder, Account: a.ID, Folder: work.ID})
	check("deleted again", "Trash/Work", "Trash/Work/Tabriz")
	r.do(mail.Action{Kind: mail.ActEmptyTrash, Folder: r.folder(a, "Trash").ID})
	check("Trash emptied")
}

// A folder that is empty here, and into which another device has put mail meanwhile, is not deleted with that mail: neither when its creation is taken back nor
// when it is deleted for good.
func TestAFolderThatIsNotEmptyOnTheServerStays(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]func(r *rig, a mail.Account) error{
		"taken back": func(r *rig, a mail.Account) error { _, err := r.e.Undo(r.ctx); return err },
		"deleted": func(r *rig, a mail.Account) error {
			_, err := r.e.Do(r.ctx, mail.Action{Kind: mail.ActDestroyFolder, Account: a.ID, Folder: r.folder(a, "Work").ID})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 1)...)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: "Work"})
			r.sync(a)
			r.dove.Doveadm("move", "-u", "ali", "Work", "mailbox", "INBOX", "all") // on another device
			if err := how(r, a); err != nil {
				t.Fatal(err)
			}
			if res := r.pass(a); len(res.Failed) != 1 {
				t.Errorf("failed: %q, want one operation", res.Failed)
			}
			r.sync(a)
			if n := len(r.dove.Messages("ali", "Work")); n != 1 {
				t.Fatalf("%d messages are in the folder on the server, want 1", n)
			}
			m := r.find(r.folder(a, "Work"), "message 0")
			if len(r.raw(m.ID)) == 0 {
				t.Error("it has no bytes here")
			}
			if _, err := r.e.Do(r.ctx, mail.Action{Kind: mail.ActDestroyFolder, Account: a.ID, Folder: r.folder(a, "Work").ID}); err != nil {
				t.Fatal(err)
			}
			if res := r.pass(a); len(res.Failed) != 0 {
				t.Errorf("what is seen cannot be deleted: %q", res.Failed)
			}
		})
	}
}
