package mailsync_test

import (
	"fmt"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// The folders of a pass share what parses and writes their messages: each gets its own, is noted as complete, and an empty one is
// known without having been opened. What comes into any of them later is found.
func TestFoldersFollowEachOther(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 70)...)
	want := map[string]int{"INBOX": 70}
	for i := range 6 {
		name := fmt.Sprintf("Folder%d", i)
		r.dove.Doveadm("mailbox", "create", "-u", "ali", name)
		for n := range i {
			r.dove.DeliverTo("ali", name, letter(100*i+n, name, "text"))
		}
		want[name] = i
	}
	a := r.account("ali", mail.IMAP, nil)
	if res := r.sync(a); res.New != 70+1+2+3+4+5 {
		t.Errorf("%d new", res.New)
	}
	for name, n := range want {
		if got := len(r.rows(r.folder(a, name))); got != n {
			t.Errorf("%s: %d messages, want %d", name, got, n)
		}
		if f := r.folder(a, name); f.UIDValidity == 0 || int(f.UIDNext) != n+1 {
			t.Errorf("%s: UIDVALIDITY %d, UIDNEXT %d after %d messages", name, f.UIDValidity, f.UIDNext, n)
		}
		r.sameMail(a, "ali", name)
	}
	r.dove.DeliverTo("ali", "Folder0", letter(900, "late", "text"))
	r.dove.DeliverTo("ali", "Folder5", letter(901, "late", "text"))
	if res := r.sync(a); res.New != 2 || res.Removed != 0 {
		t.Errorf("the next pass: %+v", res)
	}
	r.sound()
}
