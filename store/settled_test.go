package store

import (
	"context"
	"errors"
	"testing"

	"peyk/internal/mail"
)

// What an operation came to is recorded once: an answer that comes when the user has discarded it, or a failure that comes behind the
// answer, changes nothing any more.
func TestWhatIsSettledIsNotSettledAgain(t *testing.T) {
	ctx := context.Background()
	for _, done := range []bool{true, false} {
		s, a, f, ids := inbox(t, 1)
		op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
		next(t, s, a)
		finish := func() error {
			return s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 71}})
		}
		fail := func() error { return s.FailOp(ctx, op.ID, "refused") }
		steps, state, folder, uid := []func() error{finish, fail}, mail.OpDone, f[mail.RoleArchive], mail.UID(71)
		if !done {
			steps, state, folder, uid = []func() error{fail, finish}, mail.OpFailed, f[mail.RoleInbox], 1
		}
		for _, step := range steps {
			must(t, step())
		}
		if r, ops := row(t, s, ids[0]), got(s.Ops(ctx, 1))(t); r.Folder != folder || r.UID != uid || ops[0].State != state {
			t.Errorf("done first %v: UID %d in folder %d, the operation is %s", done, r.UID, r.Folder, ops[0].State)
		}
		clean(t, s)
	}
}

// What was no longer on the server is gone here, with what was to be done to it after that.
func TestWhatIsGoneFromTheServerGoesHere(t *testing.T) {
	s, a, f, ids := inbox(t, 2)
	ctx := context.Background()
	op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
	star := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagFlagged}})
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{Gone: ids[:1], UIDs: map[mail.MessageID]mail.UID{ids[1]: 8}}))
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "2")
	if op, targets := next(t, s, a); op.ID != star.ID || len(targets) != 1 || targets[0].Message != ids[1] {
		t.Errorf("next %+v %+v", op, targets)
	}
	clean(t, s)
}

// Where messages have no Message-ID, one of another size is another message, whatever UID the server tells.
func TestAnAnswerThatNamesAnotherMessage(t *testing.T) {
	s, a, f, _ := inbox(t, 0)
	ctx := context.Background()
	nameless := func(n int, folder mail.FolderID) mail.MessageID {
		in := message(n)
		in.Summary.HeaderID, in.Size = "", int64(1000+n)
		return got(s.Ingest(ctx, folder, []mail.Incoming{in}))(t)[0]
	}
	mine, other := nameless(1, f[mail.RoleInbox]), nameless(2, f[mail.RoleArchive])
	op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: []mail.MessageID{mine}, Folder: f[mail.RoleArchive]})
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{mine: row(t, s, other).UID}}))
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "2 1")
	clean(t, s)
}

// An operation that was tried may have been carried out although its answer was lost: it is not forgotten when it is undone, but
// comes to its end, and its inverse after it.
func TestUndoOfWhatWasTried(t *testing.T) {
	s, a, f, ids := inbox(t, 1)
	ctx := context.Background()
	op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
	next(t, s, a)
	must(t, s.RetryOp(ctx, op.ID, "the answer was lost"))
	got(s.UndoGroup(ctx, op.Group))(t)
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "1")
	if n, _ := next(t, s, a); n == nil || n.ID != op.ID {
		t.Fatalf("next %+v", n)
	}
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 5}}))
	if n, targets := next(t, s, a); n == nil || n.Kind != mail.OpMove || len(targets) != 1 || targets[0].Path != "Archive" || targets[0].UID != 5 || targets[0].Dest != "INBOX" {
		t.Errorf("next %+v %+v", n, targets)
	}
	clean(t, s)
}

// A message that was moved on since stays where it is when the first move is undone.
func TestUndoLeavesWhatWasMovedOn(t *testing.T) {
	s, a, f, ids := inbox(t, 2)
	ctx := context.Background()
	move := func(ids []mail.MessageID, to mail.FolderID) mail.Op {
		op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: to})
		next(t, s, a)
		must(t, s.FinishOp(ctx, op.ID, OpResult{}))
		return op
	}
	first := move(ids, f[mail.RoleArchive])
	move(ids[1:], f[mail.RoleTrash])
	got(s.UndoGroup(ctx, first.Group))(t)
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "1")
	wantPage(t, s, Query{Folder: f[mail.RoleTrash]}, "2")
	clean(t, s)
}

// A move whose second half is undone leaves the message where the first brought it, also when the server did not tell its UID: it is
// known when it is seen, and not shown twice.
func TestBackToWhereItsNumberIsNotKnown(t *testing.T) {
	s, a, f, ids := inbox(t, 1)
	ctx := context.Background()
	first := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
	next(t, s, a)
	must(t, s.FinishOp(ctx, first.ID, OpResult{}))
	second := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleTrash]})
	got(s.UndoGroup(ctx, second.Group))(t)
	if id := got(s.Ingest(ctx, f[mail.RoleArchive], strange(1, 55)))(t)[0]; id != ids[0] {
		t.Errorf("it became message %d, not %d", id, ids[0])
	}
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "1")
	clean(t, s)
}

// A new folder in which there are messages by now is not taken back, neither of a server nor of this computer.
func TestAFolderInUseIsNotUndone(t *testing.T) {
	for _, local := range []bool{false, true} {
		s := openTest(t, Options{})
		ctx := context.Background()
		account := imapAccount
		if local {
			account = popAccount
		}
		a, f := account(t, s, "work")
		ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 1)))(t)
		created := submit(t, s, mail.Op{Account: a, Kind: mail.OpCreate, Name: "New"})
		if !local {
			next(t, s, a)
			must(t, s.FinishOp(ctx, created.ID, OpResult{}))
		}
		submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: created.Folder})
		if _, err := s.UndoGroup(ctx, created.Group); !errors.Is(err, ErrCannotUndo) {
			t.Errorf("on this computer %v: %v", local, err)
		}
		wantPage(t, s, Query{Folder: created.Folder}, "1")
	}
}

// One operation is about one account, and about messages that are all here or all on a server: anything else would be carried out in part.
func TestOperationsThatCannotBeCarriedOut(t *testing.T) {
	s, _, f, ids := inbox(t, 1)
	ctx := context.Background()
	_, elsewhere := imapAccount(t, s, "home")
	_, here := popAccount(t, s, "local")
	local := got(s.Ingest(ctx, here[mail.RoleInbox], messages(5, 5)))(t)
	theirs := got(s.Ingest(ctx, elsewhere[mail.RoleInbox], messages(6, 6)))(t)
	account := got(s.Folder(ctx, f[mail.RoleInbox]))(t).Account
	mixed := got(s.EnsureLocalFolder(ctx, account, "Kept", mail.RoleNone))(t)
	kept := got(s.Ingest(ctx, mixed, messages(7, 7)))(t)
	for name, op := range map[string]mail.Op{
		"two accounts":                  {Kind: mail.OpFlags, Messages: append(ids, theirs...), Add: mail.Flags{mail.FlagSeen}},
		"into another account":          {Kind: mail.OpMove, Messages: ids, Folder: elsewhere[mail.RoleArchive]},
		"here and on the server":        {Kind: mail.OpExpunge, Messages: append(ids, kept...)},
		"from a server to here":         {Kind: mail.OpMove, Messages: ids, Folder: mixed},
		"from here to a server":         {Kind: mail.OpMove, Messages: kept, Folder: f[mail.RoleArchive]},
		"from here to another's server": {Kind: mail.OpMove, Messages: local, Folder: f[mail.RoleArchive]},
	} {
		if _, err := s.Submit(ctx, []mail.Op{op}); err == nil {
			t.Errorf("%s: it was submitted", name)
		}
	}
	if ops := got(s.Ops(ctx, 10))(t); len(ops) != 0 {
		t.Errorf("the log has %+v", ops)
	}
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "1")
	wantPage(t, s, Query{Folder: mixed}, "7")
}

// What was destroyed stays so when the deletion of its folder is undone, also for the rule that removes from the server what was destroyed here.
func TestWhatWasDestroyedBeforeItsFolder(t *testing.T) {
	c := &testClock{t0}
	s := openTest(t, Options{Now: c.now})
	ctx := context.Background()
	a, f := popAccount(t, s, "office")
	rule := mail.POP3Options{LeaveOnServer: true, RemoveWhenDeleted: true}
	folder := got(s.EnsureLocalFolder(ctx, a, "Work", mail.RoleNone))(t)
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{drop(t, s, 1, "u1"), drop(t, s, 2, "u2")}))(t)
	verifyAll(t, s, a)
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: folder})
	submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[:1]})
	dropped := submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: folder})
	if d := due(t, s, a, c.t, rule); d != "u1(deleted here) u2(deleted here) " {
		t.Errorf("due %q", d)
	}
	got(s.UndoGroup(ctx, dropped.Group))(t)
	if d := due(t, s, a, c.t, rule); d != "u1(deleted here) " {
		t.Errorf("due %q", d)
	}
	wantPage(t, s, Query{Folder: folder}, "2")
}
