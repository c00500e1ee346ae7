package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"peyk/internal/mail"
)

// What servers were asked is remembered once an address; what was broken off by the end of the program has failed; the memory is bounded
// and goes with its account.
func TestUnsubscriptions(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2025, 11, 25, 11, 0, 0, 0, time.UTC)
	s := got(Open(ctx, t.TempDir(), Options{Now: func() time.Time { return now }}))(t)
	defer s.Close()
	account := got(s.SaveAccount(ctx, mail.Account{Name: "office", Email: "a@example.org", Protocol: mail.IMAP}))(t)
	if list := got(s.Unsubscriptions(ctx))(t); len(list) != 0 {
		t.Fatalf("at first %v", list)
	}
	u := mail.Unsubscription{URL: "https://lists.example.com/u/1", Account: account, Subject: "Digest\n1", At: now, State: mail.UnsubscribeAsked}
	must(t, s.SaveUnsubscriptions(ctx, u))
	if list := got(s.FailedUnsubscriptions(ctx))(t); len(list) != 0 {
		t.Errorf("what is under way failed: %v", list)
	}
	now = now.Add(time.Hour)
	list := got(s.FailedUnsubscriptions(ctx))(t)
	if len(list) != 1 || list[0].Subject != "Digest 1" || mail.StoredProblem(list[0].Reason).Code != mail.CodeWebUnknown {
		t.Errorf("broken off: %+v", list)
	}
	u.State, u.At = mail.UnsubscribeDone, now
	must(t, s.SaveUnsubscriptions(ctx, u))
	if have, ok, err := s.Unsubscription(ctx, u.URL); err != nil || !ok || have.State != mail.UnsubscribeDone || len(got(s.Unsubscriptions(ctx))(t)) != 1 {
		t.Errorf("done: %+v, %v, %v", have, ok, err)
	}
	if _, ok, err := s.Unsubscription(ctx, "https://else.example/"); ok || err != nil {
		t.Errorf("never asked: %v, %v", ok, err)
	}
	failed := mail.Unsubscription{URL: "https://old.example/", Account: account, At: now.Add(-time.Hour), State: mail.UnsubscribeFailed}
	must(t, s.SaveUnsubscriptions(ctx, failed))
	for i := range maxUnsubscriptions {
		must(t, s.SaveUnsubscriptions(ctx, mail.Unsubscription{URL: fmt.Sprint("https://many.example/", i), At: now.Add(time.Duration(i) * time.Second), State: mail.UnsubscribeDone}))
	}
	if n := len(got(s.Unsubscriptions(ctx))(t)); n != maxUnsubscriptions {
		t.Errorf("%d are remembered", n)
	}
	if list := got(s.FailedUnsubscriptions(ctx))(t); len(list) != 1 {
		t.Errorf("one that failed gave way to those that are done: %v", list)
	}
	gone := got(s.ForgetUnsubscriptions(ctx, failed.URL, "https://never.example/"))(t)
	if len(gone) != 1 || gone[0].URL != failed.URL || len(got(s.FailedUnsubscriptions(ctx))(t)) != 0 {
		t.Errorf("given up: %+v", gone)
	}
	must(t, s.SaveUnsubscriptions(ctx, gone...))
	must(t, s.RemoveAccount(ctx, account))
	if list := got(s.FailedUnsubscriptions(ctx))(t); len(list) != 0 {
		t.Errorf("without its account: %v", list)
	}
	must(t, s.SetSetting(ctx, unsubscriptionsKey, "{"))
	if _, err := s.Unsubscriptions(ctx); err == nil {
		t.Error("damage is not told")
	}
	must(t, s.SaveUnsubscriptions(ctx, u)) // and keeps nobody from asking
	if list := got(s.Unsubscriptions(ctx))(t); len(list) != 1 {
		t.Errorf("after damage: %v", list)
	}
	clean(t, s)
}
