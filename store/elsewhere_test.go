package store

import (
	"context"
	"testing"

	"peyk/internal/mail"
)

// TestWhatComesBehindAMoveElsewhere: what is about a message that waits for another account waits with it, and so does the deletion of its folder with all that comes
// after; the rest of the account goes on.
func TestWhatComesBehindAMoveElsewhere(t *testing.T) {
	ctx := context.Background()
	s := openTest(t, Options{Parse: parsed})
	a, f := imapAccount(t, s, "work")
	to := imapDest(t, s)
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{withBody(t, s, message(1)), message(2), message(3)}))(t)
	ops := []mail.Op{{Kind: mail.OpAppend, Folder: to, Blob: got(s.Details(ctx, ids[0]))(t).Blob, Title: string(mail.ActMove)}, trashOf(ids[0], f[mail.RoleTrash])}
	got(s.Submit(ctx, ops))(t)
	read := mail.Flags{mail.FlagSeen}
	behind := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:2], Folder: f[mail.RoleArchive]})
	further := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[1:2], Add: read})
	free := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[2:], Add: read})
	drop := submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: f[mail.RoleTrash]})
	last := submit(t, s, mail.Op{Kind: mail.OpFlags, Messages: ids[2:], Remove: read})
	order := func(want ...mail.OpID) {
		t.Helper()
		for _, id := range want {
			op, _ := next(t, s, a)
			if op == nil || op.ID != id {
				t.Fatalf("next is %+v, want %d", op, id)
			}
			must(t, s.FinishOp(ctx, op.ID, OpResult{}))
		}
	}
	order(free.ID)
	if op, _ := next(t, s, a); op != nil {
		t.Fatalf("%s is done while the message is still to come elsewhere", op.Kind)
	}
	came(t, s, to)
	order(ops[1].ID, behind.ID, further.ID, drop.ID, last.ID)
	clean(t, s)
}
