package mailsync_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

func popRule(rule mail.POP3Options) func(*mail.Account) {
	return func(a *mail.Account) { a.POP3 = rule }
}

func (r *rig) left(user string, want int, when string) {
	r.t.Helper()
	if got := len(r.dove.UIDs(user, "INBOX")); got != want {
		r.t.Errorf("%s: %d messages on the server, want %d", when, got, want)
	}
}

func TestPOP3ReceivesByteExactAndOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 250)...)
	a := r.account("ali", mail.POP3, nil)
	if res := r.sync(a); res.New != 250 || res.RemovedOnServer != 0 || res.Protocol != "pop3" {
		t.Errorf("first pass: %+v", res)
	}
	var got [][]byte
	for _, row := range r.rows(r.inbox(a)) {
		got = append(got, r.raw(row.ID))
	}
	if x, y := diff(got, r.dove.Messages("ali", "INBOX")); len(x)+len(y) > 0 {
		t.Errorf("%d only here, %d missing", len(x), len(y))
	}
	if res := r.sync(a); res.New != 0 {
		t.Errorf("the second pass downloaded %d again", res.New)
	}
	r.dove.Deliver("ali", letters(300, 2)...)
	r.restart()
	if res := r.sync(a); res.New != 2 {
		t.Errorf("the third pass brought %d, want 2", res.New)
	}
	r.left("ali", 252, "leave a copy")
}

func TestPOP3RulesOverDays(t *testing.T) {
	t.Parallel()
	t.Run("at once", func(t *testing.T) {
		r := newRig(t, mailtest.DovecotOptions{}, false)
		r.dove.Deliver("ali", letters(0, 5)...)
		a := r.account("ali", mail.POP3, popRule(mail.POP3Options{}))
		if res := r.sync(a); res.New != 5 || res.RemovedOnServer != 5 {
			t.Errorf("%+v", res)
		}
		r.left("ali", 0, "at once")
		if n := len(r.rows(r.inbox(a))); n != 5 {
			t.Errorf("%d messages here, want 5", n)
		}
		r.sync(a)
		ledger, err := r.st.Ledger(r.ctx, a.ID)
		if err != nil || len(ledger.Entries) != 5 {
			t.Fatalf("%+v, %v", ledger, err)
		}
		for _, e := range ledger.Entries {
			if e.Reason != store.ReasonAtOnce || e.Removed.IsZero() {
				t.Errorf("the ledger says of what was removed: %+v", e)
			}
		}
	})
	t.Run("after days", func(t *testing.T) {
		r := newRig(t, mailtest.DovecotOptions{}, false)
		r.dove.Deliver("ali", letters(0, 3)...)
		a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 14}))
		r.sync(a)
		r.days(7)
		r.dove.Deliver("ali", letters(10, 2)...)
		r.sync(a)
		r.left("ali", 5, "day 7")
		r.days(6)
		r.restart()
		r.sync(a)
		r.left("ali", 5, "day 13")
		if rows, err := r.e.PreviewRemoval(r.ctx, a.ID, mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 10}); err != nil || len(rows.Here) != 3 || rows.Deleted != 0 {
			t.Errorf("preview: %+v, %v; want 3", rows, err)
		}
		r.days(1)
		if res := r.sync(a); res.RemovedOnServer != 3 {
			t.Errorf("day 14 removed %d, want 3", res.RemovedOnServer)
		}
		r.left("ali", 2, "day 14")
		r.days(7)
		r.sync(a)
		r.left("ali", 0, "day 21")
		if n := len(r.rows(r.inbox(a))); n != 5 {
			t.Errorf("%d messages here, want all 5", n)
		}
	})
	t.Run("when deleted", func(t *testing.T) {
		r := newRig(t, mailtest.DovecotOptions{}, false)
		r.dove.Deliver("ali", letters(0, 3)...)
		a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true, RemoveWhenDeleted: true}))
		r.sync(a)
		m := []mail.MessageID{r.find(r.inbox(a), "message 1").ID}
		r.do(mail.Action{Kind: mail.ActDelete, Messages: m})
		r.sync(a)
		r.left("ali", 3, "in Trash")
		if next, err := r.e.PreviewRemoval(r.ctx, a.ID, mail.POP3Options{}); err != nil || len(next.Here) != 3 || next.Deleted != 0 {
			t.Errorf("at once: %+v, %v", next, err)
		}
		r.do(mail.Action{Kind: mail.ActDelete, Messages: m})
		if next, err := r.e.PreviewRemoval(r.ctx, a.ID, mail.POP3Options{}); err != nil || len(next.Here) != 2 || next.Deleted != 1 {
			t.Errorf("at once, what was deleted as well: %+v, %v", next, err)
		}
		if next, err := r.e.PreviewRemoval(r.ctx, a.ID, a.POP3); err != nil || len(next.Here) != 0 || next.Deleted != 1 {
			t.Errorf("what was deleted: %+v, %v", next, err)
		}
		if res := r.sync(a); res.RemovedOnServer != 1 {
			t.Errorf("removed %d on the server, want 1", res.RemovedOnServer)
		}
		r.left("ali", 2, "deleted from Trash")
		if res := r.sync(a); res.New != 0 {
			t.Errorf("what was deleted came again: %d", res.New)
		}
	})
	t.Run("leave", func(t *testing.T) {
		r := newRig(t, mailtest.DovecotOptions{}, false)
		r.dove.Deliver("ali", letters(0, 2)...)
		a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true}))
		r.sync(a)
		m := []mail.MessageID{r.find(r.inbox(a), "message 1").ID}
		r.do(mail.Action{Kind: mail.ActDestroy, Messages: m})
		r.days(1000)
		r.sync(a)
		r.left("ali", 2, "for ever")
		// What vanishes from the server stays here.
		if only, err := r.st.OnlyHere(r.ctx, a.ID); err != nil || only.Messages != 0 {
			t.Errorf("what is on the server, too, counts as only here: %+v, %v", only, err)
		}
		r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "INBOX", "all")
		r.sync(a)
		if n := len(r.rows(r.inbox(a))); n != 1 {
			t.Errorf("%d messages here, want the one that was not deleted", n)
		}
		if only, err := r.st.OnlyHere(r.ctx, a.ID); err != nil || only.Messages != 1 {
			t.Errorf("what is only here: %+v, %v", only, err)
		}
	})
}

// brokenDrop ends the session at a chosen point.
type brokenDrop struct {
	remote.Maildrop
	noQuit   bool // QUIT never reaches the server
	lostQuit bool // QUIT is carried out, its answer is lost
	noUIDL   bool
	rename   func(string) string
	hide     int // how many messages the listing leaves out
}

func (b *brokenDrop) Capabilities() mail.Capabilities {
	c := b.Maildrop.Capabilities()
	c.UIDL = c.UIDL && !b.noUIDL
	return c
}

func (b *brokenDrop) List(ctx context.Context) ([]remote.Drop, error) {
	ds, err := b.Maildrop.List(ctx)
	for i := range ds {
		if b.noUIDL {
			ds[i].UIDL = ""
		} else if b.rename != nil {
			ds[i].UIDL = b.rename(ds[i].UIDL)
		}
	}
	if err == nil {
		ds = ds[b.hide:]
	}
	return ds, err
}

func (b *brokenDrop) Quit(ctx context.Context) error {
	if b.noQuit {
		b.Maildrop.Close()
		return errCut
	}
	err := b.Maildrop.Quit(ctx)
	if b.lostQuit && err == nil {
		return errCut
	}
	return err
}

func TestPOP3CrashBetweenRETRAndQUIT(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{false, true} {
		r := newRig(t, mailtest.DovecotOptions{}, false)
		r.dove.Deliver("ali", letters(0, 8)...)
		a := r.account("ali", mail.POP3, popRule(mail.POP3Options{}))
		broken := true
		r.wrap = func(s remote.Remote) remote.Remote {
			if !broken {
				return s
			}
			return &brokenDrop{Maildrop: s.(remote.Maildrop), noQuit: !lost, lostQuit: lost}
		}
		if res := r.pass(a); res.New != 8 || len(res.Failed) == 0 || res.RemovedOnServer != 0 {
			t.Errorf("lost %v: broken pass: %+v", lost, res)
		}
		broken = false
		r.restart()
		res := r.sync(a)
		if res.New != 0 {
			t.Errorf("lost %v: %d messages were downloaded again", lost, res.New)
		}
		r.left("ali", 0, "after the next pass")
		if n := len(r.rows(r.inbox(a))); n != 8 {
			t.Errorf("lost %v: %d messages here, want 8", lost, n)
		}
	}
}

// What cannot be read back from the disk stays on the server, and is told. Here it is a large message whose file was there already, and is spoiled.
func TestPOP3WhatCannotBeReadBackStays(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letter(1, "large", longText(2<<20)), letter(2, "small", "x"))
	for _, raw := range r.dove.Messages("ali", "INBOX") {
		if len(raw) > 2<<20 {
			hash := fmt.Sprintf("%x", sha256.Sum256(raw))
			raw[len(raw)/2]++
			dir := filepath.Join(r.dir, "blobs", hash[:2])
			if err := errors.Join(os.MkdirAll(dir, 0o700), os.WriteFile(filepath.Join(dir, hash), raw, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{}))
	for range 2 {
		if res := r.pass(a); len(res.Failed) != 1 {
			t.Errorf("%+v", res)
		}
		r.left("ali", 1, "it cannot be read back")
	}
	if n := len(r.dove.Messages("ali", "INBOX")[0]); n < 2<<20 {
		t.Errorf("what was left has %d bytes", n)
	}
}

func TestPOP3RenumberedUIDLs(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 12)...)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 10}))
	r.sync(a)
	r.days(6)
	r.wrap = func(s remote.Remote) remote.Remote {
		return &brokenDrop{Maildrop: s.(remote.Maildrop), rename: func(u string) string { return "new-" + u }}
	}
	r.dove.Deliver("ali", letters(50, 1)...)
	if res := r.sync(a); res.New != 1 {
		t.Errorf("%d new after renumbering, want 1", res.New)
	}
	if res := r.sync(a); res.New != 0 {
		t.Errorf("%d new in the pass after, want 0", res.New)
	}
	// The clock of the rule went on.
	r.days(4)
	r.sync(a)
	r.left("ali", 1, "day 10")
}

// A listing that does not show a message for once changes nothing about it: when it is there again its days go on.
func TestPOP3MessageThatIsNotListedOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 3)...)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 10}))
	r.sync(a)
	r.days(5)
	r.wrap = func(s remote.Remote) remote.Remote { return &brokenDrop{Maildrop: s.(remote.Maildrop), hide: 2} }
	r.sync(a)
	r.wrap = nil
	if res := r.sync(a); res.New != 0 {
		t.Errorf("what was here already came again: %+v", res)
	}
	r.days(5)
	r.sync(a)
	r.left("ali", 0, "day 10")
}

func TestPOP3DuplicateUIDLs(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	msgs := letters(0, 4)
	r.dove.Deliver("ali", append(msgs, msgs[0])...)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 5}))
	r.wrap = func(s remote.Remote) remote.Remote {
		return &brokenDrop{Maildrop: s.(remote.Maildrop), rename: func(string) string { return "same" }}
	}
	if res := r.sync(a); res.New != 4 {
		t.Errorf("%d new, want the 4 different ones", res.New)
	}
	if res := r.sync(a); res.New != 0 || res.BytesIn > 2000 {
		t.Errorf("the second pass fetched again: %d new, %d bytes", res.New, res.BytesIn)
	}
	r.left("ali", 5, "day 0")
	r.dove.Deliver("ali", letters(5, 1)...) // of the size of the others
	if res := r.sync(a); res.New != 1 {
		t.Errorf("a new message whose UIDL others had before: %+v", res)
	}
	r.days(5)
	r.sync(a)
	r.left("ali", 0, "day 5")
}

// Where a UIDL stands for several messages, none of them is removed before all may be: the name does not say which one it is.
func TestPOP3DuplicateUIDLsOfWhichOneWasDestroyed(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true, RemoveWhenDeleted: true}))
	r.wrap = func(s remote.Remote) remote.Remote {
		return &brokenDrop{Maildrop: s.(remote.Maildrop), rename: func(string) string { return "same" }}
	}
	r.sync(a)
	for i, want := range []int{2, 0} {
		r.do(mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{r.find(r.inbox(a), fmt.Sprintf("message %d", i)).ID}})
		r.sync(a)
		r.left("ali", want, fmt.Sprintf("%d destroyed", i+1))
	}
}

func TestPOP3WithoutUIDL(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	nameless := []byte("From: x@peyk.test\r\nSubject: no id\r\n\r\nfirst\r\n")
	other := []byte("From: x@peyk.test\r\nSubject: no id\r\n\r\nother\r\n")
	r.dove.Deliver("ali", append(letters(0, 5), nameless, other, nameless)...)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 3}))
	r.wrap = func(s remote.Remote) remote.Remote { return &brokenDrop{Maildrop: s.(remote.Maildrop), noUIDL: true} }
	if res := r.sync(a); res.New != 8 {
		t.Errorf("%d new, want 8", res.New)
	}
	if res := r.sync(a); res.New != 0 {
		t.Errorf("%d again", res.New)
	}
	r.days(3)
	if res := r.sync(a); res.RemovedOnServer != 8 {
		t.Errorf("removed %d, want 8", res.RemovedOnServer)
	}
	r.left("ali", 0, "day 3")
}

func TestPOP3HeadersOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	big := letter(9, "big one", string(make([]byte, 0))+longText(40_000))
	r.dove.Deliver("ali", letter(1, "small", "x"), big)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{HeadersOnlyAboveKB: 10}))
	if res := r.sync(a); res.New != 2 || res.RemovedOnServer != 1 {
		t.Errorf("%+v", res)
	}
	r.left("ali", 1, "the large one has only its header here")
	row := r.find(r.inbox(a), "big one")
	if row.HasBody {
		t.Fatal("the body was fetched")
	}
	if err := r.e.Want(r.ctx, row.ID, nil); err != nil {
		t.Fatal(err)
	}
	if string(r.raw(row.ID)) != string(big) {
		t.Error("the body on demand differs")
	}
	r.sync(a)
	r.left("ali", 0, "the body is here now")
	if n := len(r.rows(r.inbox(a))); n != 2 {
		t.Errorf("%d messages here, want 2", n)
	}
}

// A message of which only the header came, and which the user destroys, leaves the server by the rule all the same: it is brought first.
func TestPOP3HeadersOnlyAndDestroyed(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	first, second := letter(8, "unwanted", longText(40_000)), letter(9, "another", longText(50_000))
	r.dove.Deliver("ali", first, second)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{HeadersOnlyAboveKB: 10, LeaveOnServer: true, RemoveWhenDeleted: true}))
	r.sync(a)
	row := r.find(r.inbox(a), "unwanted")
	r.do(mail.Action{Kind: mail.ActDelete, Messages: []mail.MessageID{row.ID}})
	if res := r.sync(a); res.RemovedOnServer != 0 {
		t.Errorf("%d left the server for the Trash", res.RemovedOnServer)
	}
	r.do(mail.Action{Kind: mail.ActDestroy, Messages: []mail.MessageID{row.ID}})
	if res := r.sync(a); res.RemovedOnServer != 1 || res.New != 0 {
		t.Errorf("%+v", res)
	}
	r.left("ali", 1, "one was destroyed here")
	// What was destroyed comes back whole.
	if _, err := r.e.Undo(r.ctx); err != nil {
		t.Fatal(err)
	}
	if string(r.raw(row.ID)) != string(first) {
		t.Error("what came back is not what was sent")
	}
	if r.find(r.inbox(a), "another").HasBody {
		t.Error("the other one was fetched, too")
	}
}

func longText(n int) string {
	b := make([]byte, 0, n+64)
	for len(b) < n {
		b = append(b, "sixty characters of text, more or less, and then a line end.\r\n"...)
	}
	return string(b)
}
