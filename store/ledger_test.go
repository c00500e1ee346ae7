package store

import (
	"context"
	"fmt"
	"iter"
	"math/rand"
	"testing"
	"time"

	"peyk/internal/mail"
)

func drop(tb testing.TB, s *Store, n int, uidl string) mail.Incoming {
	in := withBody(tb, s, message(n))
	in.UID, in.UIDL = 0, uidl
	return in
}

// verifyAll does what a pass does after saving: read back, then tell the ledger.
func verifyAll(tb testing.TB, s *Store, a mail.AccountID) {
	tb.Helper()
	ctx := context.Background()
	var ids []LedgerID
	for _, e := range got(s.Ledger(ctx, a))(tb).Entries {
		if e.Hash != "" && e.Verified.IsZero() {
			must(tb, s.VerifyBlob(ctx, e.Hash))
			ids = append(ids, e.ID)
		}
	}
	must(tb, s.LedgerVerified(ctx, ids))
}

func due(tb testing.TB, s *Store, a mail.AccountID, now time.Time, rule mail.POP3Options) string {
	tb.Helper()
	out := ""
	for _, e := range got(s.LedgerDue(context.Background(), a, now, rule))(tb) {
		out += fmt.Sprintf("%s(%s) ", e.UIDL, e.Reason)
	}
	return out
}

func entries(seq iter.Seq[*LedgerEntry]) (out []LedgerEntry) {
	for e := range seq {
		out = append(out, *e)
	}
	return out
}

func TestLedgerRules(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	ctx := context.Background()
	a, f := popAccount(t, s, "office")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{drop(t, s, 1, "u1"), drop(t, s, 2, "u2")}))(t)
	keep := mail.POP3Options{LeaveOnServer: true}
	days := mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 14}
	deleted := mail.POP3Options{LeaveOnServer: true, RemoveWhenDeleted: true}
	atOnce := mail.POP3Options{}

	if d := due(t, s, a, c.t, atOnce); d != "" {
		t.Errorf("due before it was verified: %s", d)
	}
	verifyAll(t, s, a)
	if d := due(t, s, a, c.t, atOnce); d != "u1(at once) u2(at once) " {
		t.Errorf("due %q", d)
	}
	if d := due(t, s, a, c.t.AddDate(1, 0, 0), keep); d != "" {
		t.Errorf("due %q", d)
	}
	c.t = t0.Add(14*24*time.Hour - time.Second)
	if d := due(t, s, a, c.t, days); d != "" {
		t.Errorf("a second early: %q", d)
	}
	c.t = t0.Add(14 * 24 * time.Hour)
	if d := due(t, s, a, c.t, days); d != "u1(after days) u2(after days) " {
		t.Errorf("due %q", d)
	}

	// Moving to Trash is not deleting; emptying it is.
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: f[mail.RoleTrash]})
	if d := due(t, s, a, c.t, deleted); d != "" {
		t.Errorf("due %q", d)
	}
	submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[:1]})
	if d := due(t, s, a, c.t, deleted); d != "u1(deleted here) " {
		t.Errorf("due %q", d)
	}
	l := got(s.Ledger(ctx, a))(t)
	must(t, s.LedgerRemoved(ctx, []LedgerID{l.Entries[0].ID}, ReasonDeleted))
	if d := due(t, s, a, c.t, deleted); d != "" {
		t.Errorf("due again after it was removed: %q", d)
	}
	must(t, s.LedgerRemoved(ctx, []LedgerID{l.Entries[0].ID}, ReasonGone))
	if e := got(s.Ledger(ctx, a))(t).Entries[0]; e.Reason != ReasonDeleted {
		t.Errorf("what was removed by rule has the reason %q: it would be taken for one that may come back", e.Reason)
	}
	// The destroyed message is not downloaded again, though the server still shows it.
	g := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{drop(t, s, 1, "u1")}))(t)
	if g[0] != ids[0] && g[0] != 0 {
		t.Errorf("downloaded twice: %v", g)
	}
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 1, 1)
}

func TestLedgerNeverTwice(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := popAccount(t, s, "office")
	inbox := f[mail.RoleInbox]
	one := drop(t, s, 1, "same")
	two := drop(t, s, 2, "same") // two messages under one UIDL
	bare := drop(t, s, 3, "")
	bare.UIDL = hashUIDL(bare.Blob.Hash) // a server without UIDL
	batch := []mail.Incoming{one, two, bare}
	ids := got(s.Ingest(ctx, inbox, batch))(t)
	again := got(s.Ingest(ctx, inbox, []mail.Incoming{bare, two, one}))(t)
	if again[0] != ids[2] || again[1] != ids[1] || again[2] != ids[0] {
		t.Errorf("ids %v and %v", ids, again)
	}
	l := got(s.Ledger(ctx, a))(t)
	if len(l.Entries) != 3 || len(entries(l.WithUIDL("same"))) != 2 || l.Entries[2].UIDL != "" || len(entries(l.WithHash(bare.Blob.Hash))) != 1 {
		t.Errorf("ledger %+v", l)
	}
	if d := got(s.Details(ctx, ids[0]))(t); d.UIDL != "same" {
		t.Errorf("details %+v", d)
	}
	// The same bytes under another UIDL while the first is still there: a second message.
	twin := one
	twin.UIDL = "other"
	if g := got(s.Ingest(ctx, inbox, []mail.Incoming{twin}))(t); g[0] == ids[0] {
		t.Error("a second message of the same bytes was swallowed")
	}
	// The server numbers its messages anew.
	verifyAll(t, s, a)
	must(t, s.LedgerRemoved(ctx, []LedgerID{l.Entries[1].ID}, ReasonGone))
	two.UIDL = "new"
	if g := got(s.Ingest(ctx, inbox, []mail.Incoming{two}))(t); g[0] != ids[1] {
		t.Errorf("renumbered message doubled: %v", g)
	}
	l = got(s.Ledger(ctx, a))(t)
	if e := entries(l.WithUIDL("new"))[0]; e.Verified.IsZero() || e.Message != ids[1] {
		t.Errorf("its clock must go on: %+v", e)
	}
	wantCount(t, s, Query{Folder: inbox}, 4, 4)
	clean(t, s)
}

// What is verified while the clock is behind is of unknown age, also where it is a second one of the same name.
func TestLedgerAddWhileTheClockIsBehind(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	ctx := context.Background()
	a, f := popAccount(t, s, "office")
	first := drop(t, s, 1, "u1")
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{first}))(t)
	verifyAll(t, s, a)
	c.t = t0.AddDate(0, 0, -30)
	got(s.LedgerAdd(ctx, LedgerEntry{Account: a, UIDL: "u1 twin 2", Hash: first.Blob.Hash, Saved: c.t, Verified: c.t}))(t)
	c.t = t0.AddDate(0, 0, 20)
	if d := due(t, s, a, c.t, mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 14}); d != "u1(after days) " {
		t.Errorf("due %q", d)
	}
}

func TestLedgerHeaderFirst(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	ctx := context.Background()
	a, f := popAccount(t, s, "office")
	head := message(1)
	head.UID, head.UIDL, head.Header = 0, "big", []byte("Subject: x\r\n\r\n")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{head}))(t)
	if d := due(t, s, a, c.t, mail.POP3Options{}); d != "" {
		t.Errorf("a header alone is due: %q", d)
	}
	if w := got(s.MissingBodies(ctx, f[mail.RoleInbox], time.Time{}, 10))(t); len(w) != 1 || w[0].UIDL != "big" {
		t.Errorf("missing %+v", w)
	}
	c.t = c.t.Add(time.Hour)
	whole := drop(t, s, 1, "big")
	must(t, s.SetBody(ctx, ids[0], *whole.Blob, whole.Summary))
	verifyAll(t, s, a)
	l := got(s.Ledger(ctx, a))(t)
	if len(l.Entries) != 1 || l.Entries[0].Hash != whole.Blob.Hash || !l.Entries[0].Saved.Equal(c.t) {
		t.Errorf("ledger %+v", l.Entries)
	}
	if g := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{whole}))(t); g[0] != ids[0] {
		t.Errorf("doubled %v", g)
	}
	if w := got(s.MissingBodies(ctx, f[mail.RoleInbox], time.Time{}, 10))(t); len(w) != 0 {
		t.Errorf("missing %+v", w)
	}
	clean(t, s)
}

// TestLedgerSimulatedYear plays many months with a clock that jumps, and checks on each day that nothing goes before its
// time, measured by a true clock that never jumps.
func TestLedgerSimulatedYear(t *testing.T) {
	const keepDays = 10
	rule := mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: keepDays}
	for seed := range int64(3) {
		rnd := rand.New(rand.NewSource(seed))
		c := &testClock{t0}
		s := openTest(t, Options{Now: c.now})
		ctx := context.Background()
		a, f := popAccount(t, s, "office")
		truth := t0 // what a perfect clock shows
		off := time.Duration(0)
		savedAt := map[string]time.Time{} // by the perfect clock
		left := map[string]bool{}
		n := 0
		for range 120 {
			truth = truth.Add(time.Duration(rnd.Intn(60)+1) * time.Hour)
			switch rnd.Intn(12) {
			case 0: // the battery is empty: the clock falls back up to years
				off = -time.Duration(300+rnd.Intn(1000)) * 24 * time.Hour
			case 1, 2: // somebody sets it right
				off = 0
			}
			c.t = truth.Add(off)
			for range rnd.Intn(3) {
				n++
				u := fmt.Sprintf("u%d", n)
				got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{drop(t, s, n, u)}))(t)
				savedAt[u], left[u] = truth, true
			}
			verifyAll(t, s, a)
			for _, e := range got(s.LedgerDue(ctx, a, c.t, rule))(t) {
				if !left[e.UIDL] {
					t.Fatalf("seed %d: %s is due twice", seed, e.UIDL)
				}
				if age := truth.Sub(savedAt[e.UIDL]); age < keepDays*24*time.Hour {
					t.Fatalf("seed %d: %s is due after %s", seed, e.UIDL, age)
				}
				delete(left, e.UIDL)
				must(t, s.LedgerRemoved(ctx, []LedgerID{e.ID}, e.Reason))
			}
		}
		// With the clock right again everything goes in the end.
		c.t = truth
		for _, e := range got(s.LedgerDue(ctx, a, c.t, rule))(t) {
			delete(left, e.UIDL)
			must(t, s.LedgerRemoved(ctx, []LedgerID{e.ID}, e.Reason))
		}
		c.t = truth.AddDate(0, 0, keepDays+1)
		if k := len(got(s.LedgerDue(ctx, a, c.t, rule))(t)); k != len(left) {
			t.Errorf("seed %d: %d due, %d left", seed, k, len(left))
		}
	}
}
