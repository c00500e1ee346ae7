package mailsync_test

import (
	"context"
	"io"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// fullBox is a session whose server refuses what is appended while it is full. Silent, it does not tell the UID of what it took;
// forgetful, it says OK and keeps nothing.
type fullBox struct {
	remote.Mailboxes
	full, silent, forgetful *bool
}

func (f fullBox) Append(ctx context.Context, path string, flags mail.Flags, date time.Time, size int64, body io.Reader) (mail.UID, error) {
	switch {
	case *f.full:
		return 0, &remote.Error{Step: "append", Kind: mail.ProblemServer, Permanent: true, Text: "Quota exceeded"}
	case *f.forgetful:
		return 0, nil
	}
	uid, err := f.Mailboxes.Append(ctx, path, flags, date, size, body)
	if *f.silent {
		uid = 0
	}
	return uid, err
}

// What a server refused to store is kept on this computer, once however often it is tried, and goes when the server has its copy: not
// while the server has only said so, and not what lies there for another reason.
func TestWhatWasNotUploadedGoesWhenTheServerHasIt(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	var full, silent, forgetful bool
	r.wrap = func(s remote.Remote) remote.Remote {
		return fullBox{s.(remote.Mailboxes), &full, &silent, &forgetful}
	}
	sent := r.folder(a, "Sent")
	refs, err := r.st.PutBlobs(r.ctx, [][]byte{letter(1, "told", "x"), letter(2, "untold", "x"), letter(3, "forgotten", "x"), letter(4, "given up", "x")})
	if err != nil {
		t.Fatal(err)
	}
	upload := func(i int) {
		t.Helper()
		if _, err := r.st.Submit(r.ctx, []mail.Op{{Account: a.ID, Kind: mail.OpAppend, Folder: sent.ID, Blob: &refs[i], Date: r.clock(), Title: "import"}}); err != nil {
			t.Fatal(err)
		}
	}
	failed := func() (ids []mail.OpID) {
		t.Helper()
		ops, _, err := r.st.OpenOps(r.ctx, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range ops {
			if op.State == mail.OpFailed {
				ids = append(ids, op.ID)
			}
		}
		return ids
	}
	kept := func(want int, when string) {
		t.Helper()
		f, err := r.st.FolderByPath(r.ctx, a.ID, mail.RescueFolder)
		if there := err == nil; there != (want > 0) {
			t.Fatalf("%s: the folder is there: %v (%v)", when, there, err)
		}
		if want == 0 {
			return
		}
		if n := len(r.rows(f)); n != want {
			t.Errorf("%s: %d messages are kept here, want %d", when, n, want)
		}
	}
	again := func() {
		t.Helper()
		if err := r.st.Requeue(r.ctx, failed()...); err != nil {
			t.Fatal(err)
		}
		r.pass(a)
	}

	full = true
	upload(0)
	r.pass(a)
	kept(1, "refused")
	again()
	kept(1, "refused twice")
	full = false
	again()
	kept(0, "stored, and its UID told")

	full = true
	upload(1)
	r.pass(a)
	full, silent = false, true
	again()
	kept(0, "stored, and found there")
	silent = false

	full = true
	upload(2)
	r.pass(a)
	full, forgetful = false, true
	again()
	kept(1, "said to be stored")
	forgetful = false

	full = true
	upload(3)
	upload(3)
	r.pass(a)
	kept(3, "one refused in two uploads")
	ops := failed()
	if len(ops) != 2 {
		t.Fatalf("%d failures, want 2", len(ops))
	}
	full = false
	if err := r.st.Requeue(r.ctx, ops[0]); err != nil {
		t.Fatal(err)
	}
	r.pass(a)
	kept(2, "one of the two stored")
	if n := len(r.dove.Messages("ali", "Sent")); n != 3 {
		t.Errorf("%d messages on the server, want 3", n)
	}
}
