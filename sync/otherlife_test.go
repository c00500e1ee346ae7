package mailsync_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
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
				if row.Flags.Has(mail.FlagFlagged) {
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

// Where a folder that was made again has only grown, as far as its numbers tell, the dates and sizes of a few messages tell: they come with the
// flags, on servers that do not count changes, and with what has changed, on those that do and cannot say what vanished.
func TestFolderMadeAgainThatOnlyGrew(t *testing.T) {
	t.Parallel()
	came := time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC)
	grown := func(n int) (out [][]byte) {
		for i := range n {
			out = append(out, letter(100+i, fmt.Sprintf("another %d", i), noise(i, 500+37*i)))
		}
		return out
	}
	for server, can := range map[string]string{"no changes are counted": "", "changes are counted": "ENABLE CONDSTORE"} {
		for name, c := range map[string]struct {
			newer int
			gone  string // of the new ones
		}{"with more messages": {9, ""}, "with as many": {6, ""}, "with gaps": {12, "2,6:8"}} {
			if can != "" && c.newer == 6 {
				continue // the same number of changes as well: nothing at all is another
			}
			t.Run(server+", "+name, func(t *testing.T) {
				t.Parallel()
				r := newRig(t, offers(can), false)
				r.box.Command(t, "ali", "CREATE Work")
				r.box.AppendDated(t, "ali", "Work", came, letters(0, 6)...)
				a := r.account("ali", mail.IMAP, nil)
				r.sync(a)
				before := r.folder(a, "Work")
				r.box.Command(t, "ali", "DELETE Work", "CREATE Work")
				r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", strconv.Itoa(int(before.UIDValidity)), "Work")
				r.box.AppendDated(t, "ali", "Work", came.Add(time.Hour), grown(c.newer)...)
				if c.gone != "" {
					r.box.Command(t, "ali", "SELECT Work", "UID STORE "+c.gone+` +FLAGS.SILENT (\Deleted)`, "EXPUNGE")
				}
				r.sync(a)
				if after := r.folder(a, "Work"); after.UIDValidity != before.UIDValidity {
					t.Fatalf("another UIDVALIDITY: %d, %d", before.UIDValidity, after.UIDValidity)
				}
				r.sameMail(a, "ali", "Work")
				for _, row := range r.rows(r.folder(a, "Work")) {
					if !bytes.Contains(r.raw(row.ID), []byte("Subject: "+row.Subject+"\r\n")) {
						t.Errorf("%q shows the text of another message", row.Subject)
					}
				}
				if res := r.sync(a); res.New+res.Updated+res.Removed != 0 {
					t.Errorf("the next pass: %+v", res)
				}
				r.sound()
			})
		}
	}
}

// restored puts the folder Work back to what it was with its first n messages, under its UIDVALIDITY, and lets others come until all numbers are above what they were.
func restored(r *rig, life uint32, came time.Time, n int) {
	r.box.Command(r.t, "ali", "DELETE Work", "CREATE Work")
	r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", strconv.Itoa(int(life)), "Work")
	r.box.AppendDated(r.t, "ali", "Work", came, letters(0, n)...)
	for i := range 12 {
		r.box.AppendDated(r.t, "ali", "Work", came.Add(time.Hour), letter(100+i, fmt.Sprintf("another %d", i), noise(i, 500+37*i)))
	}
}

// TestFolderRestoredFromABackup: a folder that was restored under its UIDVALIDITY and has grown since past the numbers that it had is noticed within a day of use,
// on a server that says of changes only what has changed: the UIDs above the backup's are those of other messages.
func TestFolderRestoredFromABackup(t *testing.T) {
	t.Parallel()
	came := time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC)
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.box.Command(t, "ali", "CREATE Work")
	r.box.AppendDated(t, "ali", "Work", came, letters(0, 5)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.box.AppendDated(t, "ali", "Work", came, letters(5, 1)...)
	r.sync(a)
	before := r.folder(a, "Work")
	r.days(1)
	restored(r, before.UIDValidity, came, 3)
	r.sync(a)
	if after := r.folder(a, "Work"); after.UIDValidity != before.UIDValidity || after.HighestMod <= before.HighestMod {
		t.Fatalf("not what was to be tested: %+v, %+v", before, after)
	}
	r.sameMail(a, "ali", "Work")
	if n := len(r.rows(r.folder(a, "Work"))); n != 15 {
		t.Errorf("%d messages, want 15", n)
	}
	if res := r.sync(a); res.New+res.Updated+res.Removed != 0 {
		t.Errorf("the next pass: %+v", res)
	}
	r.sound()
}

// TestOperationsOnAFolderRestoredFromABackup: before that is noticed nothing is done to a message that is another than the one that was meant, though most of
// those that the operation is about are what they were.
func TestOperationsOnAFolderRestoredFromABackup(t *testing.T) {
	t.Parallel()
	came := time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC)
	for _, kind := range []mail.ActionKind{mail.ActDestroy, mail.ActDelete, mail.ActMove, mail.ActCopy, mail.ActStar} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.box.Command(t, "ali", "CREATE Work", "CREATE Other")
			r.box.AppendDated(t, "ali", "Work", came, letters(0, 40)...)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			work := r.folder(a, "Work")
			var ids []mail.MessageID
			for _, row := range r.rows(work) {
				ids = append(ids, row.ID)
			}
			r.do(mail.Action{Kind: kind, Messages: ids, Folder: r.folder(a, "Other").ID})
			// The newest that was known has no successor under its UID: what has come since lies below and above it.
			restored(r, work.UIDValidity, came, 35)
			r.box.Command(t, "ali", "SELECT Work", `UID STORE 40 +FLAGS.SILENT (\Deleted)`, "EXPUNGE")
			r.sync(a)
			r.sync(a)
			others, left := 0, r.dove.Messages("ali", "Work")
			flags := r.box.Flags(t, "ali", "Work")
			for i, raw := range left {
				if bytes.Contains(raw, []byte("Subject: another")) {
					if others++; len(flags[i]) > 0 {
						t.Errorf("%s has %v", subjectOf(raw), flags[i])
					}
				}
			}
			if others != 11 {
				t.Errorf("%d of the others are left, want 11", others)
			}
			r.sameMail(a, "ali", "Work") // it was noticed then
			for box, want := range map[string]int{"Other": 0, "Trash": 0, "Work": 11} {
				switch {
				case kind == mail.ActMove && box == "Other", kind == mail.ActDelete && box == "Trash":
					want = 35
				case kind == mail.ActCopy && box != "Trash", kind == mail.ActStar && box == "Work":
					want += 35
				}
				if n := len(r.dove.Messages("ali", box)); n != want {
					t.Errorf("%d messages in %s, want %d", n, box, want)
				}
			}
		})
	}
}

// fickle is a server that says of the messages of a sample, each time anew, that they came at another time and have another size.
type fickle struct {
	remote.Mailboxes
	told *int
}

func (l fickle) FetchFlags(ctx context.Context, path string, sample *remote.Sample, fn func(remote.Fetched) error) ([]remote.Poisoned, error) {
	mine := &remote.Sample{Of: sample.Of, Told: func(uid mail.UID, received time.Time, size int64) {
		*l.told++
		sample.Told(uid, received.Add(time.Duration(*l.told)*time.Hour), size+int64(*l.told))
	}}
	return l.Mailboxes.FetchFlags(ctx, path, mine, fn)
}

// Dates and sizes that change are no proof: the messages are what they were, and nothing is begun anew.
func TestDatesAndSizesThatChange(t *testing.T) {
	t.Parallel()
	r := newRig(t, offers(""), false)
	r.box.Append(t, "ali", "INBOX", letters(0, 8)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	before := r.rows(r.inbox(a))
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{before[3].ID}})
	bodies, told := &atomic.Int64{}, 0
	r.wrap = func(s remote.Remote) remote.Remote {
		return fickle{counting{s.(remote.Mailboxes), bodies}, &told}
	}
	for range 3 {
		if res := r.sync(a); res.New+res.Removed != 0 {
			t.Errorf("a pass: %+v", res)
		}
	}
	if told != 9 {
		t.Errorf("%d times a message was told to be another, want 3 in each of 3 passes", told)
	}
	if n := bodies.Load(); n != 0 {
		t.Errorf("%d bodies were fetched again", n)
	}
	for i, row := range r.rows(r.inbox(a)) {
		if row.ID != before[i].ID || row.UID != before[i].UID {
			t.Errorf("%q is another message", row.Subject)
		}
	}
	r.sameMail(a, "ali", "INBOX")
	r.sound()
}
