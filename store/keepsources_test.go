package store

import (
	"context"
	"errors"
	"io"
	"testing"

	"peyk/internal/mail"
)

// parsed is a parser for stores whose appends are to have rows.
func parsed(io.ReaderAt, int64) mail.Summary {
	return mail.Summary{HeaderID: "copied@example.org", Subject: "Subject 9", Date: t0}
}

// TestUndoKeepsTheOnlyCopy: a message that was taken to another account and is deleted for good on the server it came from is not taken back,
// because nothing would be left of it.
func TestUndoKeepsTheOnlyCopy(t *testing.T) {
	for _, c := range []struct {
		name     string
		dest     func(*testing.T, *Store) mail.FolderID
		del      func(m mail.MessageID, trash mail.FolderID) mail.Op
		done     func(t *testing.T, s *Store, a mail.AccountID, id mail.MessageID)
		undoable bool
	}{
		{"to a server, deleted for good", imapDest, expungeOf, finished, false},
		{"to this computer, deleted for good", localDest, expungeOf, finished, false},
		{"to a server, perhaps deleted for good", imapDest, expungeOf, triedOnce, false},
		{"to a server, not yet deleted", imapDest, expungeOf, nil, true},
		{"to a server, in Trash", imapDest, trashOf, finished, true},
		{"to a server, gone from Trash", imapDest, trashOf, goneSince, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			s := openTest(t, Options{Parse: parsed})
			a, f := imapAccount(t, s, "work")
			m := got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{withBody(t, s, message(1))}))(t)[0]
			to := c.dest(t, s)
			ref := got(s.Details(ctx, m))(t).Blob
			ops := []mail.Op{{Kind: mail.OpAppend, Folder: to, Blob: ref, Title: string(mail.ActMove)}, c.del(m, f[mail.RoleTrash])}
			g := got(s.Submit(ctx, ops))(t)
			if c.done != nil {
				came(t, s, to)
				c.done(t, s, a, m)
			}
			last, _, lerr := s.LastUndoable(ctx)
			_, err := s.UndoGroup(ctx, g)
			if !c.undoable {
				if !errors.Is(err, ErrCannotUndo) || !errors.Is(lerr, ErrCannotUndo) {
					t.Errorf("undone: %v, offered: %v", err, lerr)
				}
				if n := got(s.Total(ctx, Query{Folder: to}))(t); n != 1 {
					t.Errorf("%d messages are where the message was taken", n)
				}
				return
			}
			must(t, err)
			must(t, lerr)
			if last != g {
				t.Errorf("offered %d, not %d", last, g)
			}
			wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "1")
			if n := got(s.Total(ctx, Query{Folder: to}))(t); n != 0 {
				t.Errorf("%d messages are where the message was taken", n)
			}
			clean(t, s)
		})
	}
}

func imapDest(t *testing.T, s *Store) mail.FolderID {
	_, f := imapAccount(t, s, "home")
	return f[mail.RoleArchive]
}

func localDest(t *testing.T, s *Store) mail.FolderID {
	_, f := popAccount(t, s, "here")
	return f[mail.RoleArchive]
}

func expungeOf(m mail.MessageID, _ mail.FolderID) mail.Op {
	return mail.Op{Kind: mail.OpExpunge, Messages: []mail.MessageID{m}, Title: string(mail.ActMove)}
}

func trashOf(m mail.MessageID, trash mail.FolderID) mail.Op {
	return mail.Op{Kind: mail.OpMove, Messages: []mail.MessageID{m}, Folder: trash, Title: string(mail.ActMove)}
}

// came finishes what is to come to a folder: what was there before is not deleted earlier.
func came(t *testing.T, s *Store, to mail.FolderID) {
	if op, _ := next(t, s, got(s.Folder(context.Background(), to))(t).Account); op != nil {
		must(t, s.FinishOp(context.Background(), op.ID, OpResult{}))
	}
}

func finished(t *testing.T, s *Store, a mail.AccountID, id mail.MessageID) {
	op, _ := next(t, s, a)
	must(t, s.FinishOp(context.Background(), op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{id: 5}}))
}

func triedOnce(t *testing.T, s *Store, a mail.AccountID, _ mail.MessageID) {
	op, _ := next(t, s, a)
	must(t, s.RetryOp(context.Background(), op.ID, "the connection broke"))
}

func goneSince(t *testing.T, s *Store, a mail.AccountID, id mail.MessageID) {
	finished(t, s, a, id)
	got(s.RemoveUIDs(context.Background(), row(t, s, id).Folder, []mail.UID{5}))(t)
}

// TestAFolderIsNotDeletedUnderWhatCameBack: the messages were taken out of the folder first; where the server refuses that, the folder stays.
func TestAFolderIsNotDeletedUnderWhatCameBack(t *testing.T) {
	for _, kind := range []mail.OpKind{mail.OpMove, mail.OpCopy} {
		t.Run(string(kind), func(t *testing.T) {
			s, a, f, ids := inbox(t, 2)
			ctx := context.Background()
			move := submit(t, s, mail.Op{Kind: kind, Messages: ids, Folder: f[mail.RoleSent]})
			drop := submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: f[mail.RoleInbox]})
			if kind == mail.OpMove {
				wantPage(t, s, Query{Folder: f[mail.RoleSent]}, "2 1")
			}
			next(t, s, a)
			must(t, s.FailOp(ctx, move.ID, "over quota"))
			if op, _ := next(t, s, a); op != nil {
				t.Errorf("%s is still to be done", op.Kind)
			}
			wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "2 1")
			got(s.FolderByPath(ctx, a, "INBOX"))(t)
			if failed := got(s.FailedOps(ctx, f[mail.RoleInbox]))(t); len(failed) != 1 || failed[0].ID != drop.ID || failed[0].Error != "over quota" {
				t.Errorf("told: %+v", failed)
			}
			clean(t, s)
		})
	}
}

// TestAnOriginalIsNotDeletedWithoutItsCopy: copied, then deleted for good.
func TestAnOriginalIsNotDeletedWithoutItsCopy(t *testing.T) {
	s, a, f, ids := inbox(t, 2)
	ctx := context.Background()
	cp := submit(t, s, mail.Op{Kind: mail.OpCopy, Messages: ids[:1], Folder: f[mail.RoleSent]})
	submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids[:1]})
	next(t, s, a)
	must(t, s.FailOp(ctx, cp.ID, "over quota"))
	if op, _ := next(t, s, a); op != nil {
		t.Errorf("%s is still to be done", op.Kind)
	}
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "2 1")
	clean(t, s)
}

// TestWhatComesBackFromADeletedFolderIsShown: a message was moved into a folder, the folder was deleted, the move is taken back.
func TestWhatComesBackFromADeletedFolderIsShown(t *testing.T) {
	s, a, f, ids := inbox(t, 2)
	ctx := context.Background()
	move := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleSent]})
	submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: f[mail.RoleSent]})
	next(t, s, a)
	must(t, s.FailOp(ctx, move.ID, "over quota"))
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "2 1")
	wantCount(t, s, Query{Folder: f[mail.RoleInbox]}, 2, 2)
	clean(t, s)
}

// TestRetryDeletesOnlyWhatStayed: a deletion for good failed, the user has put one of the messages elsewhere since, and tries again.
func TestRetryDeletesOnlyWhatStayed(t *testing.T) {
	s, a, f, ids := inbox(t, 2)
	ctx := context.Background()
	del := submit(t, s, mail.Op{Kind: mail.OpExpunge, Messages: ids})
	next(t, s, a)
	must(t, s.FailOp(ctx, del.ID, "not now"))
	submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids[:1], Folder: f[mail.RoleArchive]})
	must(t, s.Requeue(ctx, del.ID))
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "1")
	wantPage(t, s, Query{Folder: f[mail.RoleInbox]}, "")
	clean(t, s)
}

// TestLocalFolderDeletedBeforeTheMoveIsUndone: the message stays where it was put; it is not brought into a folder that is gone.
func TestLocalFolderDeletedBeforeTheMoveIsUndone(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	a, f := popAccount(t, s, "here")
	from := got(s.EnsureLocalFolder(ctx, a, "Old", mail.RoleNone))(t)
	in := message(1)
	in.UID = 0
	ids := got(s.Ingest(ctx, from, []mail.Incoming{in}))(t)
	move := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: ids, Folder: f[mail.RoleArchive]})
	submit(t, s, mail.Op{Kind: mail.OpDropFolder, Folder: from})
	got(s.UndoGroup(ctx, move.Group))(t)
	wantPage(t, s, Query{Folder: f[mail.RoleArchive]}, "1")
	clean(t, s)
}

// TestBackToWhereAnotherMoveBringsIt: of two moves the second is taken back; the message waits for the first again, and is not looked for before that.
func TestBackToWhereAnotherMoveBringsIt(t *testing.T) {
	for _, kind := range []mail.OpKind{mail.OpMove, mail.OpCopy} {
		t.Run(string(kind), func(t *testing.T) {
			s, a, f, ids := inbox(t, 1)
			ctx := context.Background()
			first := submit(t, s, mail.Op{Kind: kind, Messages: ids, Folder: f[mail.RoleArchive]})
			m := got(s.IDs(ctx, Query{Folder: f[mail.RoleArchive]}, 0, 1))(t)[0]
			second := submit(t, s, mail.Op{Kind: mail.OpMove, Messages: []mail.MessageID{m}, Folder: f[mail.RoleSent]})
			got(s.UndoGroup(ctx, second.Group))(t)
			waiting := got(s.Awaiting(ctx, f[mail.RoleArchive]))(t)
			if len(waiting) != 1 || waiting[0].ID != m || waiting[0].Done {
				t.Errorf("waiting: %+v", waiting)
			}
			op, _ := next(t, s, a)
			if op == nil || op.ID != first.ID {
				t.Fatalf("operation %+v", op)
			}
			must(t, s.FinishOp(ctx, op.ID, OpResult{UIDs: map[mail.MessageID]mail.UID{ids[0]: 9}}))
			if r := row(t, s, m); r.UID != 9 || r.Folder != f[mail.RoleArchive] {
				t.Errorf("row %+v", r)
			}
			clean(t, s)
		})
	}
}
