package mailsync_test

import (
	"slices"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// otherServers are those that are no Dovecot, which every other test runs against.
func otherServers(t *testing.T, run func(t *testing.T, box mailtest.Reach)) {
	t.Helper()
	for name, start := range map[string]func(t *testing.T) mailtest.Reach{
		"Cyrus": func(t *testing.T) mailtest.Reach { return mailtest.StartCyrus(t, mailtest.CyrusOptions{}) },
		"Cyrus of old": func(t *testing.T) mailtest.Reach {
			return mailtest.StartCyrus(t, mailtest.CyrusOptions{Old: true, Suppress: "QRESYNC CONDSTORE ENABLE MOVE UIDPLUS LIST-EXTENDED LIST-STATUS ESEARCH OBJECTID"})
		},
		"Courier": func(t *testing.T) mailtest.Reach { return mailtest.StartCourier(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, start(t))
		})
	}
}

// same compares what is here of a folder with what a second client sees.
func (r *rig) same(a mail.Account, path string, n int) {
	r.t.Helper()
	want := r.box.Messages(r.t, a.Incoming.Username, path)
	var got [][]byte
	for _, row := range r.rows(r.folder(a, path)) {
		got = append(got, r.raw(row.ID))
	}
	if x, y := diff(got, want); len(x)+len(y) > 0 || len(want) != n {
		r.t.Errorf("%s: %d messages here, %d on the server, want %d; %d only here, %d missing here", path, len(got), len(want), n, len(x), len(y))
	}
}

// One account on the other servers: first sync, every operation, another client's work, and rest.
func TestIMAPOnOtherServers(t *testing.T) {
	t.Parallel()
	otherServers(t, func(t *testing.T, box mailtest.Reach) {
		r := newRigAt(t, box)
		box.Append(t, "ali", "INBOX", letters(0, 12)...)
		a := r.account("ali", mail.IMAP, nil)
		if res := r.sync(a); res.New != 12 {
			t.Fatalf("first pass: %+v", res)
		}
		r.same(a, "INBOX", 12)
		if res := r.sync(a); res.New+res.Updated+res.Removed != 0 {
			t.Errorf("a pass without news: %+v", res)
		}
		in := r.inbox(a)
		id := func(n int) []mail.MessageID {
			return []mail.MessageID{r.find(in, subjectOf(letters(n, 1)[0])).ID}
		}
		r.do(mail.Action{Kind: mail.ActNewFolder, Account: a.ID, Name: "Projekte"})
		r.sync(a)
		var work mail.Folder
		folders, err := r.st.Folders(r.ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folders {
			if f.Name() == "Projekte" {
				work = f
			}
		}
		if work.Path == "" {
			t.Fatalf("the new folder is not there: %+v", folders)
		}
		r.do(mail.Action{Kind: mail.ActMove, Messages: slices.Concat(id(0), id(1)), Folder: work.ID})
		r.do(mail.Action{Kind: mail.ActCopy, Messages: id(2), Folder: work.ID})
		r.do(mail.Action{Kind: mail.ActArchive, Messages: id(3)})
		r.do(mail.Action{Kind: mail.ActDelete, Messages: id(4)})
		r.do(mail.Action{Kind: mail.ActStar, Messages: id(5)})
		r.do(mail.Action{Kind: mail.ActRead, Messages: id(6)})
		r.sync(a)
		if res := r.sync(a); res.New != 0 {
			t.Errorf("what was moved was fetched again: %+v", res)
		}
		r.same(a, work.Path, 3)
		gone := 0 // without UIDPLUS and MOVE the moved ones stay in the source, marked \Deleted
		if len(box.Messages(t, "ali", "INBOX")) == 12 {
			gone = 4
		}
		if n := len(r.rows(in)); n != 8 {
			t.Errorf("the inbox shows %d messages, want 8", n)
		}
		box.Append(t, "ali", "INBOX", letters(20, 2)...)
		box.Command(t, "ali", `SELECT "INBOX"`, `UID STORE 8 +FLAGS.SILENT (\Flagged)`, `UID STORE 10 +FLAGS.SILENT (\Deleted)`, `CLOSE`)
		r.sync(a)
		if n := len(r.rows(in)); n != 9 {
			t.Errorf("the inbox shows %d messages, want 9 (%d stayed behind)", n, gone)
		}
		if !r.find(in, "message 7").Flags.Has(mail.FlagFlagged) {
			t.Error("another client's flag was not seen")
		}
		r.do(mail.Action{Kind: mail.ActDestroy, Messages: id(5)})
		r.sync(a)
		r.sync(a)
		if res := r.sync(a); res.New+res.Updated+res.Removed != 0 {
			t.Errorf("the passes do not come to rest: %+v", res)
		}
		r.sound()
	})
}

// A first download of folders from which messages were deleted, on the other servers: what cannot be asked ahead there comes one after the
// other.
func TestGapsOnOtherServers(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T) mailtest.Reach{
		"Cyrus": func(t *testing.T) mailtest.Reach { return mailtest.StartCyrus(t, mailtest.CyrusOptions{}) },
		"Cyrus without OBJECTID": func(t *testing.T) mailtest.Reach {
			return mailtest.StartCyrus(t, mailtest.CyrusOptions{Suppress: "OBJECTID"})
		},
		"Courier": func(t *testing.T) mailtest.Reach { return mailtest.StartCourier(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := start(t)
			left := map[string]int{}
			top := map[bool]string{true: "INBOX."}[name == "Courier"]
			for path, gone := range map[string]string{"INBOX": "2:5,20,61", top + "Work": "1:3,9", top + "Home": "70", top + "Large": "1:10,17,19,30:40,120"} {
				n := map[string]int{"INBOX": 80, top + "Large": 130}[path]
				if n == 0 {
					n = 70
				}
				if path != "INBOX" {
					box.Command(t, "ali", "CREATE "+path, "SUBSCRIBE "+path)
				}
				box.Append(t, "ali", path, letters(1000, n)...)
				box.Command(t, "ali", "SELECT "+path, "UID STORE "+gone+` +FLAGS.SILENT (\Deleted)`, "EXPUNGE")
				left[path] = len(box.Messages(t, "ali", path))
			}
			r := newRigAt(t, box)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			for path, n := range left {
				r.same(a, path, n)
			}
			if res := r.sync(a); res.New+res.Updated+res.Removed != 0 {
				t.Errorf("the next pass: %+v", res)
			}
			r.sound()
		})
	}
}

// A maildrop on the other servers: everything once and byte for byte, kept by rule, removed by rule.
func TestPOP3OnOtherServers(t *testing.T) {
	t.Parallel()
	otherServers(t, func(t *testing.T, box mailtest.Reach) {
		r := newRigAt(t, box)
		all := letters(0, 30)
		box.Append(t, "ali", "INBOX", all...)
		a := r.account("ali", mail.POP3, func(a *mail.Account) { a.POP3 = mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 5} })
		if res := r.sync(a); res.New != len(all) {
			t.Fatalf("first pass: %+v", res)
		}
		if res := r.sync(a); res.New+res.RemovedOnServer != 0 {
			t.Errorf("second pass: %+v", res)
		}
		var got [][]byte
		for _, row := range r.rows(r.inbox(a)) {
			got = append(got, r.raw(row.ID))
		}
		if x, y := diff(got, all); len(x)+len(y) > 0 {
			t.Errorf("%d wrong, %d missing", len(x), len(y))
		}
		r.days(6)
		box.Append(t, "ali", "INBOX", letters(40, 1)...)
		if res := r.sync(a); res.New != 1 || res.RemovedOnServer != len(all) {
			t.Errorf("after six days: %+v", res)
		}
		if left := box.Messages(t, "ali", "INBOX"); len(left) != 1 {
			t.Errorf("%d messages are left on the server", len(left))
		}
		r.sound()
	})
}
