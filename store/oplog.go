package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"peyk/internal/mail"
)

const opCols = "id,grp,account,kind,folder,add_flags,remove_flags,name,old_name,hex(blob),blob_size,date,title,state,attempts,error,created,local,inverse"

// opRow is an operation with what only the store needs.
type opRow struct {
	mail.Op
	oldName        string
	local, inverse bool
}

func scanOp(sc scanner) (opRow, error) {
	var o opRow
	var add, remove, hash string
	var blobSize, date, created int64
	err := sc.Scan(&o.ID, &o.Group, &o.Account, &o.Kind, &o.Folder, &add, &remove, &o.Name, &o.oldName, &hash, &blobSize, &date, &o.Title,
		&o.State, &o.Attempts, &o.Error, &created, &o.local, &o.inverse)
	o.Add, o.Remove = unpackFlagList(add), unpackFlagList(remove)
	o.Date, o.Created = fromMillis(date), fromMillis(created)
	if hash != "" {
		o.Blob = &mail.BlobRef{Hash: lower(hash), Size: blobSize}
	}
	return o, err
}

func lower(hexUpper string) string {
	b, err := hex.DecodeString(hexUpper)
	if err != nil {
		return ""
	}
	return hex.EncodeToString(b)
}

func (o opRow) live() bool { return o.State == mail.OpPending || o.State == mail.OpRunning }

func (t *wtx) op(id mail.OpID) (opRow, error) {
	var o opRow
	found := false
	err := t.each("SELECT "+opCols+" FROM ops WHERE id=?", []any{id}, func(r scanner) (err error) {
		found = true
		o, err = scanOp(r)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("operation %d: %w", id, ErrNotFound)
	}
	return o, err
}

// targetRow is a row of op_targets.
type targetRow struct {
	message, copy mail.MessageID
	folder        mail.FolderID
	uidValidity   uint32
	uid           sql.NullInt64
	before        flagSet
	until         int64 // how long it was snoozed before, Unix seconds; 0: it was not
	gone          bool
}

func (t *wtx) targets(id mail.OpID) ([]targetRow, error) {
	var out []targetRow
	err := t.each("SELECT message,copy,folder,uidvalidity,uid,flags,keywords,until,gone FROM op_targets WHERE op=? ORDER BY message", []any{id}, func(r scanner) error {
		var g targetRow
		err := r.Scan(&g.message, &g.copy, &g.folder, &g.uidValidity, &g.uid, &g.before.bits, &g.before.kw, &g.until, &g.gone)
		out = append(out, g)
		return err
	})
	return out, err
}

// Ops returns the newest operations of all accounts, newest first, done ones included.
func (s *Store) Ops(ctx context.Context, limit int) ([]mail.Op, error) {
	return s.opsOf(ctx, "ORDER BY id DESC LIMIT ?", limit)
}

// OpsOfGroup returns the operations of one action in the order in which they were submitted.
func (s *Store) OpsOfGroup(ctx context.Context, g mail.GroupID) ([]mail.Op, error) {
	return s.opsOf(ctx, "WHERE grp=? AND inverse=0 ORDER BY id", g)
}

// opsOf reads operations with the messages that they are about.
func (s *Store) opsOf(ctx context.Context, which string, arg any) ([]mail.Op, error) {
	var out []mail.Op
	err := s.readAll(ctx, "SELECT "+opCols+" FROM ops "+which, []any{arg}, func(r *sql.Rows) error {
		o, err := scanOp(r)
		out = append(out, o.Op)
		return err
	})
	for i := range out {
		if err == nil {
			err = s.readAll(ctx, "SELECT message FROM op_targets WHERE op=? ORDER BY message", []any{out[i].ID}, scanID(&out[i].Messages))
		}
	}
	return out, err
}

// TriesOfNextOp is how often the operation that NextOp would return has been tried; 0 when there is none.
func (s *Store) TriesOfNextOp(ctx context.Context, account mail.AccountID) (tries int, err error) {
	id, err := ready(s.asks(ctx), account)
	if err == nil && id != 0 {
		_, err = s.read(ctx, "SELECT attempts FROM ops WHERE id=?", []any{id}, &tries)
	}
	return tries, err
}

// NextOp returns the oldest operation of an account that the server has not heard of and that waits for no other account, and marks it running. One that was
// running when the program ended comes again. Operations whose messages have all vanished from the server are settled on the
// way. It returns nil when there is nothing to do. One worker an account calls it.
func (s *Store) NextOp(ctx context.Context, account mail.AccountID) (*mail.Op, []OpTarget, error) {
	// Asking is frequent and mostly in vain: look without a transaction first.
	if id, err := ready(s.asks(ctx), account); err != nil || id == 0 {
		return nil, nil, err
	}
	var next *mail.Op
	var targets []OpTarget
	err := s.write(ctx, "taking the next operation", func(t *wtx) error {
		next, targets = nil, nil
		for {
			id, err := ready(t.get, account)
			if err != nil || id == 0 {
				return err
			}
			o, err := t.op(id)
			if err != nil {
				return err
			}
			list, err := t.opTargets(o)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				// Of an append the folder is gone.
				if err := errors.Join(t.sourceStays(o, mail.OpUndone, ""), t.finish(o, OpResult{})); err != nil {
					return err
				}
				continue
			}
			o.Messages = o.Messages[:0:0]
			for _, g := range list {
				if g.Message != 0 {
					o.Messages = append(o.Messages, g.Message)
				}
			}
			if o.State == mail.OpRunning {
				// The program ended while it was being executed: that was a try whose answer nobody heard.
				o.Attempts++
			}
			o.State = mail.OpRunning
			next, targets = &o.Op, list
			t.ch.Ops = true
			return t.do("UPDATE ops SET state='running',attempts=?,newest=CASE WHEN newest<0 THEN "+newestMessage+" ELSE newest END WHERE id=?", o.Attempts, id)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return next, targets, nil
}

// opTargets resolves what an operation is about to what the server knows now.
func (t *wtx) opTargets(o opRow) ([]OpTarget, error) {
	dest := ""
	if o.Folder != 0 {
		f, err := t.folder(o.Folder)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		dest = f.serverPath
	}
	switch o.Kind {
	case mail.OpRename:
		return []OpTarget{{Folder: o.Folder, Path: dest, Dest: o.Name}}, nil
	case mail.OpCreate, mail.OpDropFolder, mail.OpSubscribe, mail.OpUnsubscribe:
		if dest == "" {
			return nil, nil
		}
		return []OpTarget{{Folder: o.Folder, Path: dest, Dest: dest}}, nil
	}
	var out []OpTarget
	err := t.each(`SELECT t.message,t.folder,f.server_path,t.uidvalidity,ifnull(t.uid,0),m.header_id,m.size FROM op_targets t
 JOIN messages m ON m.id=t.message JOIN folders f ON f.id=t.folder WHERE t.op=? AND t.gone=0 ORDER BY t.folder,t.uid,t.message`, []any{o.ID}, func(r scanner) error {
		g := OpTarget{Dest: dest}
		err := r.Scan(&g.Message, &g.Folder, &g.Path, &g.UIDValidity, &g.UID, &g.HeaderID, &g.Size)
		out = append(out, g)
		return err
	})
	if err == nil && len(out) == 0 && o.Kind == mail.OpAppend && o.Blob != nil && dest != "" {
		out = []OpTarget{{Folder: o.Folder, Path: dest, Dest: dest, Size: o.Blob.Size}}
	}
	return out, err
}

// FinishOp records that the server has executed an operation. It may be called again for one that is done.
func (s *Store) FinishOp(ctx context.Context, id mail.OpID, r OpResult) error {
	return s.write(ctx, fmt.Sprintf("finishing operation %d", id), func(t *wtx) error {
		o, err := t.op(id)
		if err != nil || !o.live() {
			return err
		}
		return t.finish(o, r)
	})
}

func (t *wtx) finish(o opRow, r OpResult) error {
	t.ch.Ops = true
	if err := t.do("UPDATE ops SET state='done',error='',finished=? WHERE id=?", millis(t.s.now()), o.ID); err != nil {
		return err
	}
	targets, err := t.targets(o.ID)
	if err != nil {
		return err
	}
	if err := t.do("UPDATE op_targets SET live=0 WHERE op=?", o.ID); err != nil {
		return err
	}
	gone := map[mail.MessageID]bool{}
	for _, id := range r.Gone {
		gone[id] = true
	}
	for _, g := range targets {
		if gone[g.message] {
			if err := t.lost(g); err != nil {
				return err
			}
			continue
		}
		if err := t.finishOne(o, g, r); err != nil {
			return fmt.Errorf("message %d: %w", g.message, err)
		}
	}
	switch o.Kind {
	case mail.OpCreate:
		err = t.do("UPDATE folders SET pending=0 WHERE id=? AND pending=?", o.Folder, folderCreating)
	case mail.OpRename:
		var f folderRow
		if f, err = t.folder(o.Folder); err == nil {
			err = t.renameTree(f, "server_path", f.serverPath, o.Name)
		} else if errors.Is(err, ErrNotFound) {
			err = nil
		}
	case mail.OpDropFolder:
		err = t.dropFolder(o.Folder)
		t.ch.Accounts = append(t.ch.Accounts, o.Account)
	}
	return err
}

// lost removes a message that was no longer on the server when an operation came to it.
func (t *wtx) lost(g targetRow) error {
	for _, id := range []mail.MessageID{g.message, g.copy} {
		if id == 0 {
			continue
		}
		if err := t.do("UPDATE op_targets SET gone=1 WHERE message=? AND live=1", id); err != nil {
			return err
		}
		if err := t.deleteRow(id); err != nil {
			return err
		}
	}
	return nil
}

func (t *wtx) finishOne(o opRow, g targetRow, r OpResult) error {
	switch o.Kind {
	case mail.OpFlags:
		var s flagSet
		ok, err := t.get("SELECT sflags,skeywords FROM messages WHERE id=?", []any{g.message}, &s.bits, &s.kw)
		if err != nil || !ok {
			return err
		}
		s = s.apply(packFlags(o.Add), packFlags(o.Remove))
		if err := t.do("UPDATE messages SET sflags=?,skeywords=? WHERE id=?", s.bits, s.kw, g.message); err != nil {
			return err
		}
		return t.overlay(g.message)
	case mail.OpExpunge:
		if !r.Kept {
			return t.deleteRow(g.message)
		}
		if err := t.do("UPDATE messages SET sflags=sflags|?1,flags=flags|?1,hidden=(hidden|1)&~2 WHERE id=?2", bitDeleted, g.message); err != nil {
			return err
		}
		return t.overlay(g.message)
	case mail.OpMove, mail.OpCopy, mail.OpAppend:
		uid := r.UIDs[g.message]
		if uid == 0 {
			return nil // adopted by the next Ingest
		}
		f, err := t.folder(o.Folder)
		if err != nil {
			return err
		}
		if g.copy != 0 {
			return t.arrive(g.copy, f, uid, o.ID)
		}
		return t.arrive(g.message, f, uid, o.ID)
	}
	return nil
}

// arrive gives a message its UID in a folder that an operation brought it to. When a pass was quicker and has stored the
// arrival as a new message, the two become one and the old id stays. A UID under which another message is known there is not believed: the
// one would hide the other, and what is done to the one would be done to the other; the next pass finds the right one. by is the operation that brought it, 0 when that is
// not known: what was done to the arrival came after it.
func (t *wtx) arrive(id mail.MessageID, f folderRow, uid mail.UID, by mail.OpID) error {
	var at mail.FolderID
	var header string
	var size int64
	ok, err := t.get("SELECT folder,header_id,size FROM messages WHERE id=?", []any{id}, &at, &header, &size)
	if err != nil || !ok {
		return err
	}
	var twin mail.MessageID
	var fl flagSet
	var modseq int64
	var same bool
	// Some servers change the size of what they are given; one without Message-ID has nothing else.
	dup, err := t.get(`SELECT id,sflags,skeywords,modseq,header_id=?4 AND (header_id<>'' OR size=?5) FROM messages WHERE folder=?1 AND uid=?2 AND id<>?3`,
		[]any{f.ID, uid, id, header, size}, &twin, &fl.bits, &fl.kw, &modseq, &same)
	if err != nil || dup && !same {
		return err
	}
	if dup {
		if err := t.do("DELETE FROM op_targets WHERE op>?3 AND message=?2 AND EXISTS(SELECT 1 FROM op_targets x WHERE x.op=op_targets.op AND x.message=?1)", id, twin, by); err != nil {
			return err
		}
		if err := t.do("UPDATE op_targets SET message=?1 WHERE op>?3 AND message=?2", id, twin, by); err != nil {
			return err
		}
		if err := t.deleteRow(twin); err != nil {
			return err
		}
	}
	var away mail.OpID
	leaves, err := t.get("SELECT o.id FROM op_targets t JOIN ops o ON o.id=t.op WHERE t.message=? AND t.live=1 AND o.kind=? LIMIT 1", []any{id, string(mail.OpMove)}, &away)
	if err != nil {
		return err
	}
	// A message that is to be moved on is where its last move will bring it, even when it is back in this folder then: its UID there is
	// not this one.
	if at != f.ID || leaves {
		return t.targetsLearn(id, f, uid)
	}
	if err := t.settle(id, f, uid); err != nil || !dup {
		return err
	}
	if err := t.do("UPDATE messages SET sflags=?,skeywords=?,modseq=? WHERE id=?", fl.bits, fl.kw, modseq, id); err != nil {
		return err
	}
	return t.overlay(id)
}

// RetryOp records a transient failure: the operation stays the first of its account's queue.
func (s *Store) RetryOp(ctx context.Context, id mail.OpID, text string) error {
	return s.write(ctx, fmt.Sprintf("keeping operation %d for later", id), func(t *wtx) error {
		t.ch.Ops = true
		return t.do("UPDATE ops SET state='pending',attempts=attempts+1,error=? WHERE id=? AND state IN ('pending','running')", text, id)
	})
}

// FailOp records a permanent failure: the local effect is taken back, and text says why.
func (s *Store) FailOp(ctx context.Context, id mail.OpID, text string) error {
	return s.write(ctx, fmt.Sprintf("recording the failure of operation %d", id), func(t *wtx) error {
		o, err := t.op(id)
		if err != nil || !o.live() {
			return err
		}
		return t.revert(o, mail.OpFailed, text)
	})
}

// trim forgets old history: what was done longer ago than historyDays or lies further back than historyOps. Messages that were expunged
// from local folders are really deleted then; until then Undo can bring them back.
const (
	historyDays = 14
	historyOps  = 2000
	forgetBatch = 1000 // messages that are really deleted at a time: who clicks something waits for it
)

func (t *wtx) trim() error {
	var newest int64
	if _, err := t.get("SELECT ifnull(max(id),0) FROM ops", nil, &newest); err != nil || newest%32 != 0 {
		return err
	}
	return t.trimNow(newest)
}

func (t *wtx) trimNow(newest int64) error {
	old := millis(t.s.now().AddDate(0, 0, -historyDays))
	var ids []mail.OpID
	if err := t.each("SELECT id FROM ops WHERE state IN ('done','undone','failed') AND (created<? OR id<=?) ORDER BY id", []any{old, newest - historyOps}, takeID(&ids)); err != nil {
		return err
	}
	for _, id := range ids {
		o, err := t.op(id)
		if err != nil {
			return err
		}
		if o.State == mail.OpDone && o.local {
			if done, err := t.forget(o); err != nil || !done {
				return err
			}
		}
		for _, q := range []string{"DELETE FROM op_targets WHERE op=?", "DELETE FROM ops WHERE id=?"} {
			if err := t.do(q, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// forget makes a local deletion final; done is false when there is more of it.
func (t *wtx) forget(o opRow) (done bool, err error) {
	switch o.Kind {
	case mail.OpExpunge:
		var ids []mail.MessageID
		if err := t.each("SELECT m.id FROM op_targets t CROSS JOIN messages m ON m.id=t.message WHERE t.op=? AND m.hidden&2<>0 LIMIT ?", []any{o.ID, forgetBatch}, takeID(&ids)); err != nil {
			return false, err
		}
		for _, id := range ids {
			if err := t.deleteRow(id); err != nil {
				return false, err
			}
		}
		return len(ids) < forgetBatch, nil
	case mail.OpDropFolder:
		return true, t.dropFolder(o.Folder)
	}
	return true, nil
}
