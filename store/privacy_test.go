package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"peyk/internal/mail"
)

func TestSenderRules(t *testing.T) {
	ctx := context.Background()
	s := got(Open(ctx, t.TempDir(), Options{}))(t)
	defer s.Close()
	must(t, s.SaveSenderRule(ctx, mail.SenderRule{Addr: "News@Example.org", Verified: true}))
	must(t, s.SaveSenderRule(ctx, mail.SenderRule{Addr: "a@example.org"}))
	if err := s.SaveSenderRule(ctx, mail.SenderRule{Addr: "nobody"}); err == nil {
		t.Error("a rule for no address was stored")
	}
	if r, ok, err := s.SenderRule(ctx, "NEWS@example.org"); err != nil || !ok || !r.Verified || r.Added.IsZero() {
		t.Errorf("rule %+v, %v, %v", r, ok, err)
	}
	must(t, s.SaveSenderRule(ctx, mail.SenderRule{Addr: "news@example.org"}))
	if rs := got(s.SenderRules(ctx))(t); len(rs) != 2 || rs[1].Verified || rs[0].Addr != "a@example.org" {
		t.Errorf("rules %+v", rs)
	}
	must(t, s.RemoveSenderRule(ctx, "News@example.org"))
	must(t, s.RemoveSenderRule(ctx, "never@example.org"))
	if _, ok, _ := s.SenderRule(ctx, "news@example.org"); ok {
		t.Error("the rule is still there")
	}
	clean(t, s)
}

func TestSignaturesAreRemembered(t *testing.T) {
	ctx := context.Background()
	s := got(Open(ctx, t.TempDir(), Options{}))(t)
	defer s.Close()
	hash := fmt.Sprintf("%064x", 7)
	if c := got(s.Signatures(ctx, hash))(t); c != nil {
		t.Errorf("unchecked: %v", c)
	}
	must(t, s.SaveSignatures(ctx, hash, nil))
	if c := got(s.Signatures(ctx, hash))(t); c == nil || len(c) != 0 {
		t.Errorf("without signature: %v", c)
	}
	must(t, s.SaveSignatures(ctx, hash, []mail.SignatureCheck{{Domain: "example.org", OK: true}}))
	if c := got(s.Signatures(ctx, hash))(t); len(c) != 1 || !c[0].OK {
		t.Errorf("checked: %v", c)
	}
	if _, err := s.Signatures(ctx, "x"); err == nil {
		t.Error("a hash that is none was looked up")
	}
}

func TestInvitationsAreRemembered(t *testing.T) {
	ctx := context.Background()
	s := got(Open(ctx, t.TempDir(), Options{}))(t)
	defer s.Close()
	at := func(h int) time.Time { return time.Date(2025, 12, 2, h, 0, 0, 0, time.UTC) }
	save := func(uid string, from, to int, a mail.Answer) {
		t.Helper()
		must(t, s.SaveInvitation(ctx, mail.Invitation{Account: 1, UID: uid, Start: at(from), End: at(to), Summary: uid, Answer: a, Answered: at(1)}))
	}
	save("early", 8, 9, mail.Accepted)
	save("long", 9, 12, mail.Tentative)
	save("no", 10, 11, mail.Declined)
	save("asked", 10, 11, mail.Accepted)
	save("asked", 10, 11, mail.Tentative)
	if x, ok, err := s.Invitation(ctx, 1, "asked", ""); err != nil || !ok || x.Answer != mail.Tentative || !x.Start.Equal(at(10)) {
		t.Errorf("%+v, %v, %v", x, ok, err)
	}
	if all := got(s.Meanwhile(ctx, at(10), at(11), "asked"))(t); len(all) != 1 || all[0].UID != "long" {
		t.Errorf("meanwhile %+v", all)
	}
	if all := got(s.Meanwhile(ctx, at(12), at(13), "x"))(t); len(all) != 0 { // what ends when it begins is no conflict
		t.Errorf("after it %+v", all)
	}
	must(t, s.RemoveInvitation(ctx, 1, "long", ""))
	if _, ok, _ := s.Invitation(ctx, 1, "long", ""); ok {
		t.Error("the cancelled event is still there")
	}
	clean(t, s)
}
