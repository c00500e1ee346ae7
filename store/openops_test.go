package store

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"peyk/internal/mail"
)

// TestDiscardAndRestore: what is discarded is taken back here, and comes back as it was, whatever was done meanwhile.
func TestDiscardAndRestore(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	inbox, archive := f[mail.RoleInbox], f[mail.RoleArchive]
	ids := got(s.Ingest(ctx, inbox, messages(1, 4)))(t)
	read := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[:1], Add: mail.Flags{mail.FlagSeen}})
	unread := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[:1], Remove: mail.Flags{mail.FlagSeen}})
	move := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[1:3], Folder: archive, Title: string(mail.ActArchive)})
	gone := submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[3:], Title: string(mail.ActDestroy)})

	d := got(s.DiscardOps(ctx, read.ID, move.ID, gone.ID))(t)
	if len(d) != 3 {
		t.Fatalf("discarded %+v", d)
	}
	wantPage(t, s, Query{Folder: inbox}, "4 3 2 1")
	if _, err := s.UndoGroup(ctx, move.Group); !errors.Is(err, ErrTakenBack) {
		t.Errorf("undoing what was discarded: %v", err)
	}
	// One of the two was moved elsewhere meanwhile: it stays there.
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[1:2], Folder: f[mail.RoleTrash]})
	must(t, s.RestoreOps(ctx, d))
	wantPage(t, s, Query{Folder: inbox}, "1")
	wantPage(t, s, Query{Folder: archive}, "3")
	wantPage(t, s, Query{Folder: f[mail.RoleTrash]}, "2")
	if !row(t, s, ids[0]).Unread() {
		t.Error("the change of flags came back above one that was made after it")
	}
	if op, _ := next(t, s, a); op.ID != read.ID {
		t.Errorf("the first in the queue is %d, not %d", op.ID, read.ID)
	}
	must(t, s.RestoreOps(ctx, d)) // twice does no harm
	must(t, s.FinishOp(ctx, read.ID, OpResult{}))
	if op, _ := next(t, s, a); op.ID != unread.ID {
		t.Errorf("then %d, not %d", op.ID, unread.ID)
	}

	// A failure that was waved away is one again.
	must(t, s.FailOp(ctx, unread.ID, "no"))
	d = got(s.DiscardOps(ctx, unread.ID))(t)
	if ops, total, err := s.OpenOps(ctx, 10); err != nil || total != 3 || len(ops) != 3 || ops[0].State != mail.OpPending {
		t.Errorf("open: %+v, %d, %v", ops, total, err)
	}
	must(t, s.RestoreOps(ctx, d))
	if ops, total, err := s.OpenOps(ctx, 10); err != nil || total != 4 || ops[0].State != mail.OpFailed || ops[0].Error != "no" {
		t.Errorf("open: %+v, %d, %v", ops, total, err)
	}
	clean(t, s)
}

// TestOpenOpsTellWhatTheyAreAbout, in the order in which they are worked off, failures first.
func TestOpenOpsTellWhatTheyAreAbout(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 30)))(t)
	var ops []mail.Op
	for i := range 10 {
		ops = append(ops, submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[3*i : 3*i+3], Folder: f[mail.RoleArchive], Title: string(mail.ActArchive)}))
	}
	for range 2 {
		op, _ := next(t, s, a)
		must(t, s.FailOp(ctx, op.ID, "no"))
	}
	open, total, err := s.OpenOps(ctx, 5)
	must(t, err)
	var order []mail.OpID
	for _, o := range open {
		order = append(order, o.ID)
	}
	if want := []mail.OpID{ops[1].ID, ops[0].ID, ops[2].ID, ops[3].ID, ops[4].ID}; total != 10 || fmt.Sprint(order) != fmt.Sprint(want) {
		t.Errorf("%d: %v, want %v", total, order, want)
	}
	o := open[2]
	if o.Count != 3 || o.First != ids[6] || o.Subject != row(t, s, ids[6]).Subject || o.Sender.Addr == "" || o.From != f[mail.RoleInbox] {
		t.Errorf("told of it: %+v", o)
	}
	gone := submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[29:], Title: string(mail.ActDestroy)})
	if open, _, err := s.OpenOps(ctx, 20); err != nil || open[len(open)-1].ID != gone.ID || open[len(open)-1].Subject == "" {
		t.Errorf("of a message that is being deleted nothing is told: %v", err)
	}
	got(s.DiscardOps(ctx, append(order, gone.ID)...))(t)
	if open, total, err = s.OpenOps(ctx, 100); err != nil || total != 5 || len(open) != 5 {
		t.Errorf("%d left, %v", total, err)
	}
	clean(t, s)
}

// TestOneClickIsOneEntry: what is marked as junk is moved as well, and that is one thing: with the way of the move, and the state of what is worst off. What is
// left of it stands alone, and operations of other clicks are nobody's company.
func TestOneClickIsOneEntry(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 6)))(t)
	junk := func(ids ...mail.MessageID) []mail.Op {
		t.Helper()
		flags := mail.Op{Account: a, Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagJunk}, Title: string(mail.ActJunk)}
		move := mail.Op{Account: a, Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleTrash], Title: string(mail.ActJunk)}
		ops := []mail.Op{flags, move}
		if _, err := s.Submit(ctx, ops); err != nil {
			t.Fatal(err)
		}
		return ops
	}
	first, second := junk(ids[0], ids[1]), junk(ids[2])
	open, total, err := s.OpenOps(ctx, 10)
	if err != nil || total != 2 || len(open) != 2 {
		t.Fatalf("%d of %d entries, %v", len(open), total, err)
	}
	if o := open[0]; o.ID != first[1].ID || fmt.Sprint(o.Also) != fmt.Sprint([]mail.OpID{first[0].ID}) || o.Folder != f[mail.RoleTrash] || o.Count != 2 {
		t.Errorf("one entry is %+v", o)
	}
	if op, _ := next(t, s, a); op.ID != first[0].ID {
		t.Fatalf("the first is %d", op.ID)
	}
	must(t, s.FailOp(ctx, first[0].ID, "no such keyword"))
	open, total, err = s.OpenOps(ctx, 10)
	if err != nil || total != 2 || open[0].State != mail.OpFailed || open[0].Error != "no such keyword" || open[0].Kind != mail.OpMove {
		t.Errorf("where one of the two failed: %+v, %d, %v", open, total, err)
	}
	d, err := s.DiscardOps(ctx, open[0].IDs()...)
	if err != nil || len(d) != 2 {
		t.Errorf("given up: %+v, %v", d, err)
	}
	if op, _ := next(t, s, a); op.ID != second[0].ID {
		t.Fatalf("then %d", op.ID)
	}
	must(t, s.FinishOp(ctx, second[0].ID, OpResult{}))
	if open, total, err = s.OpenOps(ctx, 10); err != nil || total != 1 || open[0].ID != second[1].ID || len(open[0].Also) != 0 {
		t.Errorf("what is left: %+v, %d, %v", open, total, err)
	}
}
