package store

import (
	"context"
	"testing"
	"time"

	"peyk/internal/mail"
)

func TestPasses(t *testing.T) {
	now := t0
	s := openTest(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	a, _ := imapAccount(t, s, "work")
	b, _ := imapAccount(t, s, "home")
	away := []string{"the server does not answer"}
	for _, p := range []Pass{
		{Account: a, Result: mail.PassResult{New: 3, DurationMS: 20}},
		{Account: a, Problems: away}, {Account: b, Problems: away}, {Account: a, Problems: away, Result: mail.PassResult{DurationMS: 7}},
		{Account: a, Problems: away, Result: mail.PassResult{Sent: 1}}, {Account: a, Problems: []string{"another"}}, {Account: a, Result: mail.PassResult{Updated: 1}},
	} {
		now = now.Add(time.Minute)
		must(t, s.NotePass(ctx, p))
	}
	type line struct {
		account  mail.AccountID
		minute   int
		times    int
		problems int
	}
	want := []line{{a, 7, 1, 0}, {a, 6, 1, 1}, {a, 5, 1, 1}, {a, 4, 2, 1}, {b, 3, 1, 1}, {a, 1, 1, 0}}
	l := got(s.Passes(ctx, 50))(t)
	if len(l) != len(want) {
		t.Fatalf("%d passes: %+v", len(l), l)
	}
	for i, p := range l {
		if have := (line{p.Account, int(p.At.Sub(t0) / time.Minute), p.Times, len(p.Problems)}); have != want[i] {
			t.Errorf("pass %d: %+v, want %+v", i, have, want[i])
		}
	}
	if l := got(s.Passes(ctx, 2))(t); len(l) != 2 || l[0].Result.Updated != 1 {
		t.Errorf("the newest two: %+v", l)
	}
	for range keptPasses + 20 {
		must(t, s.NotePass(ctx, Pass{Account: b, Result: mail.PassResult{New: 1}}))
	}
	if l := got(s.Passes(ctx, 1000))(t); len(l) != keptPasses {
		t.Errorf("%d passes are kept", len(l))
	}
	must(t, s.RemoveAccount(ctx, b))
	for _, p := range got(s.Passes(ctx, 1000))(t) {
		if p.Account == b {
			t.Fatal("the history of an account that was removed")
		}
	}
}
