package store

import (
	"context"
	"testing"

	"peyk/internal/mail"
)

// TestLargeRemovalsLeaveRoom: what a server says of thousands of messages at once is taken over in several transactions, and so is what becomes final after
// two weeks: nobody who clicks something waits for all of it.
func TestLargeRemovalsLeaveRoom(t *testing.T) {
	clock := &testClock{t: t0}
	s := openTest(t, Options{Now: clock.now})
	ctx := context.Background()
	commits := func(do func()) (n int64) {
		t.Helper()
		var before, after int64
		got(s.read(ctx, "SELECT layout+marks FROM gens", nil, &before))(t)
		do()
		got(s.read(ctx, "SELECT layout+marks FROM gens", nil, &after))(t)
		return after - before
	}
	_, f := imapAccount(t, s, "work")
	got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, removeBatch+100)))(t)
	var uids []mail.UID
	for u := range removeBatch + 50 {
		uids = append(uids, mail.UID(u+1))
	}
	if n := commits(func() {
		if n := got(s.RemoveUIDs(ctx, f[mail.RoleInbox], uids))(t); n != len(uids) {
			t.Errorf("%d of %d were removed", n, len(uids))
		}
	}); n != 2 {
		t.Errorf("removed in %d transactions", n)
	}
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 50, 50)
	must(t, s.ResetFolder(ctx, f[mail.RoleInbox], 8))
	if n := got(s.EndReset(ctx, f[mail.RoleInbox]))(t); n != 50 {
		t.Errorf("%d of 50 were removed", n)
	}
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 0, 0)

	_, p := popAccount(t, s, "here")
	in := messages(1, forgetBatch+10)
	for i := range in {
		in[i].UID = 0
	}
	ids := got(s.Ingest(ctx, p[mail.RoleTrash], in))(t)
	submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids})
	clock.t = clock.t.AddDate(0, 0, historyDays+1)
	left := func() (n int) {
		got(s.read(ctx, "SELECT count(*) FROM messages", nil, &n))(t)
		return n
	}
	for _, want := range []int{10, 0} {
		must(t, s.write(ctx, "trimming", func(t *wtx) error { return t.trimNow(1000) }))
		if n := left(); n != want {
			t.Errorf("%d messages are left, want %d", n, want)
		}
	}
	clean(t, s)
}
