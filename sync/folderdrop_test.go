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
