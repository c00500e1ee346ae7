package store

import (
	"context"
	"errors"
	"testing"

	"peyk/internal/mail"
)

func submit(tb testing.TB, s *Store, op mail.Op) mail.Op {
	tb.Helper()
	if op.Title == "" {
		op.Title = string(op.Kind)
	}
	ops := []mail.Op{op}
	_, err := s.Submit(context.Background(), ops)
	must(tb, err)
	return ops[0]
}

func next(tb testing.TB, s *Store, a mail.AccountID) (*mail.Op, []OpTarget) {
	tb.Helper()
	op, targets, err := s.NextOp(context.Background(), a)
	must(tb, err)
	return op, targets
}

// inbox is a store with an IMAP account whose inbox holds the messages 1 to n.
func inbox(tb testing.TB, n int) (*Store, mail.AccountID, map[mail.Role]mail.FolderID, []mail.MessageID) {
	tb.Helper()
	s := openTest(tb, Options{})
	a, f := imapAccount(tb, s, "work")
	return s, a, f, got(s.Ingest(context.Background(), f[mail.RoleInbox], messages(1, n)))(tb)
}

// clean fails the test when Check finds anything.
func clean(tb testing.TB, s *Store) {
	tb.Helper()
	rep := got(s.Check(context.Background(), false))(tb)
	for _, p := range rep.Problems {
		tb.Errorf("check: %s: %s", p.Where, p.What)
	}
}

func row(tb testing.TB, s *Store, id mail.MessageID) mail.Row {
	tb.Helper()
	return got(s.Row(context.Background(), id))(tb)
}

func TestFlagsPendingOverServer(t *testing.T) {
	s, a, f, ids := inbox(t, 3)
	ctx := context.Background()
	inbox := f[mail.RoleInbox]
	op := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[:2], Add: mail.Flags{mail.FlagSeen, "Later"}})
	if op.Account != a || op.State != mail.OpPending || op.Group == 0 {
		t.Fatalf("op %+v", op)
	}
	wantCount(t, s, Query{Folder: inbox}, 3, 1)

	// The server does not know of the click yet, but of a star that somebody else set.
	starred := []mail.FlagState{{UID: 1, Flags: mail.Flags{mail.FlagFlagged}}, {UID: 2}, {UID: 99}}
	for _, want := range []int{1, 0} {
		if n := got(s.UpdateFlags(ctx, inbox, starred))(t); n != want {
			t.Errorf("%d messages had other flags, want %d", n, want)
		}
	}
	r := row(t, s, ids[0])
	if r.Unread() || !r.Starred() || !r.Flags.Has("later") {
		t.Errorf("flags %v", r.Flags)
	}
	if st := got(s.FlagStates(ctx, inbox))(t); len(st) != 3 || st[0].Flags.Has(mail.FlagSeen) || !st[0].Flags.Has(mail.FlagFlagged) {
		t.Errorf("server's view %+v", st)
	}
	got2, targets := next(t, s, a)
	if got2.ID != op.ID || len(targets) != 2 || targets[0].Path != "INBOX" || targets[0].UID != 1 || targets[0].UIDValidity != 7 {
		t.Fatalf("next %+v %+v", got2, targets)
	}
	must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	must(t, s.FinishOp(ctx, op.ID, OpResult{})) // twice does no harm
	if n, _ := next(t, s, a); n != nil {
		t.Errorf("still %+v", n)
	}
	// Now the server's word counts again.
	got(s.UpdateFlags(ctx, inbox, []mail.FlagState{{UID: 1}}))(t)
	if r := row(t, s, ids[0]); !r.Unread() || r.Starred() {
		t.Errorf("flags %v", r.Flags)
	}
	if g := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[1:2], Add: mail.Flags{mail.FlagSeen}}); g.ID != 0 {
		t.Error("an operation that changes nothing was logged")
	}
	clean(t, s)
}

func TestFailedFlagsComeBack(t *testing.T) {
	s, a, _, ids := inbox(t, 1)
	ctx := context.Background()
	first := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagSeen}})
	submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagFlagged}})
	next(t, s, a)
	must(t, s.RetryOp(ctx, first.ID, "the line broke"))
	if ops := got(s.Ops(ctx, 10))(t); len(ops) != 2 || ops[1].Attempts != 1 || ops[1].Error != "the line broke" || len(ops[1].Messages) != 1 {
		t.Errorf("ops %+v", ops)
	}
	if n, _ := next(t, s, a); n.ID != first.ID {
		t.Error("a transient failure must stop the queue")
	}
	must(t, s.FailOp(ctx, first.ID, "read-only mailbox"))
	if r := row(t, s, ids[0]); !r.Unread() || !r.Starred() {
		t.Errorf("flags %v: the failed one must be gone, the later one stay", r.Flags)
	}
	must(t, s.Requeue(ctx, first.ID))
	if r := row(t, s, ids[0]); r.Unread() {
		t.Error("trying again must make the local effect again")
	}
	clean(t, s)
}

func TestMoveWithCopyUID(t *testing.T) {
	s, a, f, ids := inbox(t, 3)
	ctx := context.Background()
	op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:2], Folder: f[mail.RoleArchive]})
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "3")
	wantPage(t, s, Query{Role: mail.RoleArchive}, "2 1")
	if k := got(s.KnownUIDs(ctx, f[mail.RoleInbox]))(t); len(k) != 3 {
		t.Errorf("known %v: the moved ones must not be fetched again", k)
	}
	// A pass before the move is executed sees the messages at their old place.
	again := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 3)))(t)
	if again[0] != ids[0] || row(t, s, ids[0]).Folder != f[mail.RoleArchive] {
		t.Error("a pass undid the move")
	}
	_, targets := next(t, s, a)
	if len(targets) != 2 || targets[0].Path != "INBOX" || targets[0].Dest != "Archive" || targets[0].UID != 1 || targets[0].HeaderID != "m1@example.org" {
		t.Fatalf("targets %+v", targets)
	}
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 71, ids[1]: 72}}))
	if r := row(t, s, ids[0]); r.UID != 71 || r.Folder != f[mail.RoleArchive] {
		t.Errorf("row %+v", r)
	}
	if k := got(s.KnownUIDs(ctx, f[mail.RoleInbox]))(t); len(k) != 1 {
		t.Errorf("known %v", k)
	}
	clean(t, s)
}

func TestMoveAdoptedWithoutCopyUID(t *testing.T) {
	s, a, f, ids := inbox(t, 1)
	ctx := context.Background()
	op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
	later := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagSeen}})
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	if aw := got(s.Awaiting(ctx, f[mail.RoleArchive]))(t); len(aw) != 1 || aw[0].ID != ids[0] || !aw[0].Done {
		t.Errorf("awaiting %+v", aw)
	}
	if _, targets := next(t, s, a); len(targets) != 1 || targets[0].UID != 0 || targets[0].Path != "Archive" {
		t.Errorf("targets %+v", targets)
	}
	in := message(1)
	in.UID = 55
	if g := got(s.Ingest(ctx, f[mail.RoleArchive], []mail.Incoming{in}))(t); g[0] != ids[0] {
		t.Fatalf("doubled: %v, not %v", g, ids)
	}
	if r := row(t, s, ids[0]); r.UID != 55 || r.Unread() {
		t.Errorf("row %+v", r)
	}
	if n, targets := next(t, s, a); n.ID != later.ID || targets[0].UID != 55 {
		t.Errorf("the later operation must know the UID: %+v", targets)
	}
	wantCount(t, s, Query{}, 1, 0)
	clean(t, s)
}

// A pass stores the arrival as a new message (its size differs) before the answer of the move is recorded.
func TestMoveArrivalStoredTwice(t *testing.T) {
	s, a, f, ids := inbox(t, 1)
	ctx := context.Background()
	op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
	next(t, s, a)
	in := message(1, mail.FlagFlagged)
	in.UID, in.Size = 9, 1
	twin := got(s.Ingest(ctx, f[mail.RoleArchive], []mail.Incoming{in}))(t)
	if twin[0] == ids[0] {
		t.Fatal("another size must not be adopted")
	}
	tag := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: twin, Add: mail.Flags{"Later"}})
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 9}}))
	wantCount(t, s, Query{Folder: f[mail.RoleArchive]}, 1, 1)
	if op, targets := next(t, s, a); op == nil || op.ID != tag.ID || targets[0].Message != ids[0] || targets[0].UID != 9 {
		t.Errorf("what was done to the arrival: %+v %+v", op, targets)
	}
	if r := row(t, s, ids[0]); r.UID != 9 || !r.Starred() {
		t.Errorf("row %+v", r)
	}
	clean(t, s)
}

func TestMoveChainAndFailure(t *testing.T) {
	s, a, f, ids := inbox(t, 1)
	ctx := context.Background()
	op1 := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
	op2 := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleTrash]})
	next(t, s, a)
	must(t, s.FinishOp(ctx, op1.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 5}}))
	_, targets := next(t, s, a)
	if len(targets) != 1 || targets[0].Path != "Archive" || targets[0].UID != 5 || targets[0].Dest != "Trash" {
		t.Fatalf("targets %+v", targets)
	}
	must(t, s.FailOp(ctx, op2.ID, "no"))
	if r := row(t, s, ids[0]); r.Folder != f[mail.RoleArchive] || r.UID != 5 {
		t.Errorf("row %+v", r)
	}
	// The first of two fails: the second must start from the first source.
	op3 := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleInbox]})
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleTrash]})
	next(t, s, a)
	must(t, s.FailOp(ctx, op3.ID, "no"))
	if _, targets = next(t, s, a); len(targets) != 1 || targets[0].Path != "Archive" || targets[0].UID != 5 {
		t.Errorf("targets %+v", targets)
	}
	wantPage(t, s, Query{Role: mail.RoleTrash}, "1")
	clean(t, s)
}

func TestRemoveUIDsAgainstPending(t *testing.T) {
	s, a, f, ids := inbox(t, 3)
	ctx := context.Background()
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:2], Folder: f[mail.RoleArchive]})
	// Another client deletes the first one before the move is executed.
	if n := got(s.RemoveUIDs(ctx, f[mail.RoleInbox], []mail.UID{1, 77}))(t); n != 1 {
		t.Errorf("removed %d", n)
	}
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "2")
	op, targets := next(t, s, a)
	if len(targets) != 1 || targets[0].Message != ids[1] {
		t.Fatalf("targets %+v", targets)
	}
	// While the move runs, the disappearance of its source is its own work.
	got(s.RemoveUIDs(ctx, f[mail.RoleInbox], []mail.UID{2}))(t)
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "2")
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[1]: 8}}))
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "2")

	// Everything an operation is about vanishes: it settles by itself.
	submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[2:], Add: mail.Flags{mail.FlagSeen}})
	got(s.RemoveUIDs(ctx, f[mail.RoleInbox], []mail.UID{3}))(t)
	if op, _ := next(t, s, a); op != nil {
		t.Errorf("still %+v", op)
	}
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 0, 0)
	clean(t, s)
}

func TestUndo(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	s := got(Open(ctx, dir, Options{}))(t)
	a, f := imapAccount(t, s, "work")
	in := messages(1, 3)
	in[0].Flags = mail.Flags{mail.FlagSeen}
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)

	// Not executed yet: cancelled here, also after a restart.
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleTrash], Title: string(mail.ActDelete)})
	must(t, s.Close())
	s = got(Open(ctx, dir, Options{}))(t)
	defer s.Close()
	g, kind, err := s.LastUndoable(ctx)
	must(t, err)
	if kind != mail.ActDelete {
		t.Fatalf("last undoable %q", kind)
	}
	if k := got(s.UndoGroup(ctx, g))(t); k != mail.ActDelete {
		t.Errorf("undid %q", k)
	}
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "3 2 1")
	if r := row(t, s, ids[1]); r.UID != 2 {
		t.Errorf("row %+v", r)
	}
	if op, _ := next(t, s, a); op != nil {
		t.Errorf("cancelled, but %+v is queued", op)
	}

	// Executed: an inverse is queued that restores what was really changed.
	op := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagSeen}, Title: string(mail.ActRead)})
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	got(s.UndoGroup(ctx, op.Group))(t)
	if row(t, s, ids[0]).Unread() || !row(t, s, ids[1]).Unread() {
		t.Error("undo must leave what was read before")
	}
	inv, targets := next(t, s, a)
	if inv == nil || len(targets) != 2 || !inv.Remove.Has(mail.FlagSeen) {
		t.Fatalf("inverse %+v %+v", inv, targets)
	}
	must(t, s.FinishOp(ctx, inv.ID, OpResult{}))
	if g, _, _ := s.LastUndoable(ctx); g != 0 {
		t.Error("an undo cannot be undone by undo again")
	}

	// Being executed: the inverse follows it and learns the UID.
	op = submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: f[mail.RoleArchive], Title: string(mail.ActArchive)})
	next(t, s, a)
	got(s.UndoGroup(ctx, op.Group))(t)
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "")
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 31}}))
	inv, targets = next(t, s, a)
	if len(targets) != 1 || targets[0].Path != "Archive" || targets[0].UID != 31 || targets[0].Dest != "INBOX" {
		t.Fatalf("inverse %+v %+v", inv, targets)
	}
	must(t, s.FinishOp(ctx, inv.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 32}}))
	if r := row(t, s, ids[0]); r.UID != 32 || r.Folder != f[mail.RoleInbox] {
		t.Errorf("row %+v", r)
	}

	// Deleted for good on the server: not undoable, and said so.
	op = submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[:1], Title: string(mail.ActDestroy)})
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "3 2")
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	if _, err := s.UndoGroup(ctx, op.Group); !errors.Is(err, ErrCannotUndo) {
		t.Errorf("error %v", err)
	}
	if _, err := s.Row(ctx, ids[0]); !errors.Is(err, ErrNotFound) {
		t.Errorf("error %v", err)
	}
	// Nor is an older action taken back in its place; a newer one can be, and then it is in the way again.
	op = submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[1:], Add: mail.Flags{mail.FlagFlagged}, Title: string(mail.ActStar)})
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	op = submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[1:2], Title: string(mail.ActDestroy)})
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	if g, _, err := s.LastUndoable(ctx); g != 0 || !errors.Is(err, ErrCannotUndo) {
		t.Errorf("last undoable %d, %v", g, err)
	}
	op = submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[2:], Add: mail.Flags{mail.FlagSeen}, Title: string(mail.ActRead)})
	if g, k, err := s.LastUndoable(ctx); g != op.Group || k != mail.ActRead || err != nil {
		t.Errorf("last undoable %d %q, %v", g, k, err)
	}
	got(s.UndoGroup(ctx, op.Group))(t)
	if _, _, err := s.LastUndoable(ctx); !errors.Is(err, ErrCannotUndo) {
		t.Errorf("error %v", err)
	}
	clean(t, s)
}

func TestCopyAndExpungeKept(t *testing.T) {
	s, a, f, ids := inbox(t, 2)
	ctx := context.Background()
	op := submit(t, s, mail.Op{Kind: mail.OpCopy, Messages: ids, Folder: f[mail.RoleArchive], Title: string(mail.ActCopy)})
	wantCount(t, s, Query{Folder: f[mail.RoleArchive]}, 2, 2)
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 3, ids[1]: 4}}))
	if k := got(s.KnownUIDs(ctx, f[mail.RoleArchive]))(t); len(k) != 2 || k[0] != 3 {
		t.Errorf("known %v", k)
	}
	if l := got(s.ByHeaderID(ctx, a, "<m1@example.org>"))(t); len(l) != 2 || l[0].Thread != l[1].Thread {
		t.Errorf("placements %+v", l)
	}
	got(s.UndoGroup(ctx, op.Group))(t)
	wantCount(t, s, Query{Folder: f[mail.RoleArchive]}, 0, 0)
	_, targets := next(t, s, a)
	if len(targets) != 2 || targets[0].Path != "Archive" {
		t.Fatalf("targets %+v", targets)
	}
	ops := got(s.Ops(ctx, 1))(t)
	must(t, s.FinishOp(ctx, ops[0].ID, OpResult{Kept: true})) // no UIDPLUS: only marked
	wantCount(t, s, Query{Folder: f[mail.RoleArchive]}, 0, 0)
	if k := got(s.KnownUIDs(ctx, f[mail.RoleArchive]))(t); len(k) != 2 {
		t.Errorf("known %v: they are still on the server", k)
	}
	got(s.UpdateFlags(ctx, f[mail.RoleArchive], []mail.FlagState{{UID: 3}}))(t) // somebody takes \Deleted away
	wantCount(t, s, Query{Folder: f[mail.RoleArchive]}, 1, 1)
	clean(t, s)
}

func TestLocalFolders(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := popAccount(t, s, "office")
	in := []mail.Incoming{withBody(t, s, message(1)), withBody(t, s, message(2))}
	for i := range in {
		in[i].UID, in[i].UIDL = 0, in[i].Summary.HeaderID
	}
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: f[mail.RoleTrash], Title: string(mail.ActDelete)})
	if op.State != mail.OpDone {
		t.Errorf("state %s", op.State)
	}
	if n, _ := next(t, s, a); n != nil {
		t.Errorf("a local operation is queued: %+v", n)
	}
	wantPage(t, s, Query{Folder: f[mail.RoleTrash]}, "1")
	destroyed := submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[:1], Title: string(mail.ActEmptyTrash)})
	wantCount(t, s, Query{Folder: f[mail.RoleTrash]}, 0, 0)
	l := got(s.Ledger(ctx, a))(t)
	if l.Entries[0].Deleted.IsZero() || !l.Entries[1].Deleted.IsZero() {
		t.Errorf("ledger %+v", l.Entries)
	}
	got(s.UndoGroup(ctx, destroyed.Group))(t)
	if l = got(s.Ledger(ctx, a))(t); !l.Entries[0].Deleted.IsZero() {
		t.Error("undo must take the mark away")
	}
	wantPage(t, s, Query{Folder: f[mail.RoleTrash]}, "1")
	got(s.UndoGroup(ctx, op.Group))(t)
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "2 1")
	fl := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagSeen}, Title: string(mail.ActRead)})
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 2, 0)
	got(s.UndoGroup(ctx, fl.Group))(t)
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 2, 2)
	clean(t, s)
}
