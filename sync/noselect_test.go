package mailsync_test

import (
	"context"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A folder that another program deletes while there are folders in it stays on the server as their level, without messages: those here go, too.
// When it is made again it is received again.
func TestFolderThatBecomesALevel(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	for i, box := range []string{"Work", "Work/Sub"} {
		r.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
		r.box.Append(t, "ali", box, letters(10*i, 3)...)
	}
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	work := r.folder(a, "Work")
	r.box.Command(t, "ali", "DELETE Work")
	told := 0
	for n := range 4 { // this Dovecot lists the level like a folder, and says when it is opened that it is none
		told += len(r.pass(a).Failed)
		if m := len(r.rows(work)); n == 2 && m != 3 {
			t.Errorf("%d messages are left within a moment: it may be an accident", m)
		} else if n == 2 {
			r.days(2)
		}
	}
	f := r.folder(a, "Work")
	if told != 1 || f.ID != work.ID {
		t.Errorf("told %d times, %+v", told, f)
	}
	if n := len(r.rows(f)); n != 0 || f.Total != 0 || f.Unread != 0 {
		t.Errorf("%d messages are left of a folder without any, %d are counted, %d unread", n, f.Total, f.Unread)
	}
	r.sameMail(a, "ali", "Work/Sub")
	r.box.Command(t, "ali", "CREATE Work")
	r.box.Append(t, "ali", "Work", letters(20, 2)...)
	r.sync(a)
	r.sameMail(a, "ali", "Work")
	r.sound()
}

// levels is a session of a server that says of such a folder that it cannot be opened.
type levels struct{ remote.Mailboxes }

func (l levels) List(ctx context.Context) ([]mail.RemoteFolder, error) {
	list, err := l.Mailboxes.List(ctx)
	for i := range list {
		if list[i].Path == "Work" {
			list[i].Selectable, list[i].HasStatus = false, false
		}
	}
	return list, err
}

// The same on a server that says so in its listing: once may be an accident, the second time counts.
func TestFolderThatIsListedAsALevel(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	for i, box := range []string{"Work", "Work/Sub"} {
		r.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
		r.box.Append(t, "ali", box, letters(10*i, 3)...)
	}
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	work := r.folder(a, "Work")
	r.wrap = func(s remote.Remote) remote.Remote { return levels{s.(remote.Mailboxes)} }
	for _, left := range []int{3, 0} {
		r.sync(a)
		if n := len(r.rows(work)); n != left {
			t.Errorf("%d messages are here, want %d", n, left)
		}
	}
	if f := r.folder(a, "Work"); f.Selectable || f.Total != 0 || f.Unread != 0 || f.ID != work.ID {
		t.Errorf("%+v", f)
	}
	r.sameMail(a, "ali", "Work/Sub")
	r.wrap = nil
	r.sync(a)
	r.sameMail(a, "ali", "Work")
	r.sound()
}
