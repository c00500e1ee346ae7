package store

import (
	"context"
	"testing"

	"peyk/internal/mail"
)

// A message is moved to a folder, away, and back, and the program ends in the middle: what the user does with it then is about the UID
// of its last arrival, not of the first.
func TestMoveAwayAndBackBeforeTheFirstAnswer(t *testing.T) {
	s, a, f, ids := inbox(t, 1)
	ctx := context.Background()
	in, archive := f[mail.RoleInbox], f[mail.RoleArchive]
	move := func(to mail.FolderID) mail.Op {
		return submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: to})
	}
	first := move(archive)
	next(t, s, a) // it is being carried out: the moves that follow cannot cancel it
	back, again := move(in), move(archive)
	arrived := func(op mail.Op, uid mail.UID) {
		t.Helper()
		must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: uid}}))
	}
	arrived(first, 1)
	if r := row(t, s, ids[0]); r.Folder != archive || r.UID != 0 {
		t.Errorf("the row is in folder %d with UID %d; its place there is of the move that has not been made", r.Folder, r.UID)
	}
	read := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids, Add: mail.Flags{mail.FlagSeen}})
	away := move(f[mail.RoleTrash])
	if op, targets := next(t, s, a); op.ID != back.ID || targets[0].Path != "Archive" || targets[0].UID != 1 {
		t.Fatalf("next %+v %+v", op, targets)
	}
	arrived(back, 50)
	if op, targets := next(t, s, a); op.ID != again.ID || targets[0].Path != "INBOX" || targets[0].UID != 50 {
		t.Fatalf("next %+v %+v", op, targets)
	}
	arrived(again, 2)
	for _, want := range []mail.OpID{read.ID, away.ID} {
		op, targets := next(t, s, a)
		if op.ID != want || targets[0].Path != "Archive" || targets[0].UID != 2 {
			t.Fatalf("next %+v %+v", op, targets)
		}
		must(t, s.FinishOp(ctx, op.ID, OpResult{}))
	}
	clean(t, s)
}
