package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"peyk/internal/mail"
)

// What would be lost with an account is counted, and nothing of another one.
func TestOnlyHere(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	b, _ := imapAccount(t, s, "home")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 3)))(t)
	if o := got(s.OnlyHere(ctx, a))(t); !o.None() {
		t.Errorf("all of it is on the server: %+v", o)
	}
	local := got(s.EnsureLocalFolder(ctx, a, "Imported/old", mail.RoleNone))(t)
	got(s.Ingest(ctx, local, messages(10, 11)))(t)
	must(t, s.SaveDraft(ctx, &mail.Draft{Account: a, Subject: "x"}))
	got(s.Enqueue(ctx, mail.OutboxItem{Account: a, Subject: "waits"}))(t)
	sent := mail.OutboxItem{Account: a, Subject: "sent"}
	sent.ID = got(s.Enqueue(ctx, sent))(t)
	sent.State = mail.OutboxSent
	must(t, s.SetOutbox(ctx, sent))
	got(s.Submit(ctx, []mail.Op{{Account: a, Kind: mail.OpFlags, Folder: f[mail.RoleInbox], Messages: ids[:1], Add: mail.Flags{mail.FlagSeen}}}))(t)
	if o, want := got(s.OnlyHere(ctx, a))(t), (mail.OnlyHere{Waiting: 1, Drafts: 1, Messages: 2, Changes: 1}); o != want {
		t.Errorf("%+v, want %+v", o, want)
	}
	if o := got(s.OnlyHere(ctx, b))(t); !o.None() {
		t.Errorf("of the other account: %+v", o)
	}
	// A maildrop may hold copies still.
	c, pf := popAccount(t, s, "drop")
	here := got(s.Ingest(ctx, pf[mail.RoleInbox], messages(20, 22)))(t)
	for i, id := range here[:2] {
		l := got(s.LedgerAdd(ctx, LedgerEntry{Account: c, UIDL: fmt.Sprint(i), Message: id, Saved: t0}))(t)
		if i == 0 {
			must(t, s.LedgerVerified(ctx, []LedgerID{l}))
			must(t, s.LedgerRemoved(ctx, []LedgerID{l}, "at once"))
		}
	}
	if o := got(s.OnlyHere(ctx, c))(t); o != (mail.OnlyHere{Messages: 2}) {
		t.Errorf("of the maildrop: %+v", o)
	}
}

// Two accounts cannot have one name; that is told as what it is, so that the window can say it in its language.
func TestAccountNamesAreUnique(t *testing.T) {
	s := openTest(t, Options{})
	imapAccount(t, s, "work")
	_, err := s.SaveAccount(context.Background(), mail.Account{Name: "work", Protocol: mail.POP3})
	var refused *mail.Refusal
	if !errors.As(err, &refused) || refused.Code != mail.CodeAccountName || refused.Args[0] != "work" {
		t.Errorf("%v", err)
	}
}
