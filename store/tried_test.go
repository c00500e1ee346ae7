package store

import (
	"context"
	"slices"
	"testing"

	"peyk/internal/mail"
)

// strange is a message as a pass brings it that found it in a folder under a UID of which nothing is known here.
func strange(n int, uid mail.UID) []mail.Incoming {
	in := message(n)
	in.UID = uid
	return []mail.Incoming{in}
}

// An operation that nobody has tried has brought nothing: what comes is of another client. One that was tried and whose answer was lost
// is what brought it, unless one that is done waits for an equal message.
func TestWhatComesIsOfTheOperationThatWasTried(t *testing.T) {
	s, a, f, ids := inbox(t, 2)
	ctx := context.Background()
	archive := f[mail.RoleArchive]
	op := submit(t, s, mail.Op{Kind: mail.OpCopy, Messages: ids[:1], Folder: archive})
	theirs := got(s.Ingest(ctx, archive, strange(1, 20)))(t)[0]
	waits := func() []Awaiting { return got(s.Awaiting(ctx, archive))(t) }
	if w := waits(); len(w) != 1 || w[0].ID == theirs {
		t.Fatalf("what another client brought was taken for the operation's: %+v", w)
	}
	next(t, s, a)
	must(t, s.RetryOp(ctx, op.ID, "the answer was lost"))
	before := got(s.UIDsBefore(ctx, archive, op.ID))(t)
	mine := waits()[0].ID
	if id := got(s.Ingest(ctx, archive, strange(1, 21)))(t)[0]; id != mine || len(waits()) != 0 {
		t.Errorf("the copy became message %d, want %d", id, mine)
	}
	// It counts as the operation's work when that is tried again, what was there before it does not.
	after := got(s.UIDsBefore(ctx, archive, op.ID))(t)
	if !slices.Equal(before, []mail.UID{20}) || !slices.Equal(after, before) {
		t.Errorf("known before it: %v, then %v", before, after)
	}
	if b := got(s.Brought(ctx, op.ID))(t); len(b) != 1 || b[ids[0]] != 21 {
		t.Errorf("brought: %v", b)
	}
	// What came later than the first try is a stranger even when it became a message of its own.
	own := got(s.Ingest(ctx, archive, strange(1, 22)))(t)[0]
	if uids := got(s.UIDsBefore(ctx, archive, op.ID))(t); !slices.Equal(uids, before) {
		t.Errorf("known before it: %v", uids)
	}
	next(t, s, a)
	must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 22}}))
	if r := row(t, s, mine); r.UID != 22 {
		t.Errorf("%+v", r)
	}
	if _, err := s.Row(ctx, own); err == nil {
		t.Error("the stranger and the copy did not become one")
	}
	clean(t, s)
}

// An equal message of an operation that is done has the first claim to what comes.
func TestWhatIsDoneComesBeforeWhatWasTried(t *testing.T) {
	s, a, f, ids := inbox(t, 1)
	ctx := context.Background()
	archive := f[mail.RoleArchive]
	first := submit(t, s, mail.Op{Kind: mail.OpCopy, Messages: ids, Folder: archive})
	again := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: archive})
	next(t, s, a)
	must(t, s.FinishOp(ctx, first.ID, OpResult{})) // the server did not tell the UID
	next(t, s, a)
	must(t, s.RetryOp(ctx, again.ID, "the answer was lost"))
	if id := got(s.Ingest(ctx, archive, strange(1, 30)))(t)[0]; id == ids[0] {
		t.Error("the copy was taken for the message that is being moved, whose source would go")
	}
	if id := got(s.Ingest(ctx, archive, strange(1, 31)))(t)[0]; id != ids[0] {
		t.Errorf("what was moved became message %d", id)
	}
	clean(t, s)
}

// A message that vanishes from where a move takes it is taken for moved when the move was tried, with what was done since; else another
// client took it.
func TestSourceVanishesUnderAMove(t *testing.T) {
	for _, tried := range []bool{false, true} {
		s, a, f, ids := inbox(t, 1)
		ctx := context.Background()
		archive := f[mail.RoleArchive]
		op := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: archive})
		star := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagFlagged}})
		if tried {
			next(t, s, a)
			must(t, s.RetryOp(ctx, op.ID, "the answer was lost"))
		}
		if n := got(s.RemoveUIDs(ctx, f[mail.RoleInbox], []mail.UID{1}))(t); n != 1 {
			t.Errorf("tried %v: %d removed", tried, n)
		}
		id := got(s.Ingest(ctx, archive, strange(1, 40)))(t)[0]
		if (id == ids[0]) != tried {
			t.Errorf("tried %v: what was message %d is %d in the archive", tried, ids[0], id)
		}
		next, targets := next(t, s, a)
		if !tried {
			if next != nil {
				t.Errorf("still %+v", next)
			}
		} else if next == nil || next.ID != star.ID || targets[0].Path != "Archive" || targets[0].UID != 40 {
			t.Errorf("next %+v %+v", next, targets)
		}
		clean(t, s)
	}
}

// What a pass has found of an operation's work stays when the operation is given up or discarded: it is there.
func TestWhatWasFoundStaysWhenTheOperationIsGivenUp(t *testing.T) {
	ctx := context.Background()
	for _, kind := range []mail.OpKind{mail.OpCopy, mail.OpMove} {
		s, a, f, ids := inbox(t, 2)
		in, archive := f[mail.RoleInbox], f[mail.RoleArchive]
		op := submit(t, s, mail.Op{Kind: kind, Messages: ids, Folder: archive})
		next(t, s, a)
		must(t, s.RetryOp(ctx, op.ID, "the answer was lost"))
		if kind == mail.OpMove {
			got(s.RemoveUIDs(ctx, in, []mail.UID{1}))(t)
		}
		there := got(s.Ingest(ctx, archive, strange(1, 50)))(t)[0]
		next(t, s, a)
		must(t, s.FailOp(ctx, op.ID, "given up"))
		if r := row(t, s, there); r.Folder != archive || r.UID != 50 {
			t.Errorf("%s: %+v", kind, r)
		}
		wantPage(t, s, Query{Folder: archive}, "1")
		wantPage(t, s, Query{Folder: in}, map[mail.OpKind]string{mail.OpCopy: "2 1", mail.OpMove: "2"}[kind])
		clean(t, s)
	}
}
