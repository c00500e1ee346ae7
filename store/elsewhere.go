package store

import (
	"context"
	"database/sql"
	"fmt"

	"peyk/internal/mail"
)

// A move to another account is an append there and, in the same group, an operation that takes the message away where it was. They lie in the queues of two
// accounts, and neither server knows of the other. This file sees to it that the source goes only after the destination has answered, and stays where it
// was when that one refuses.

// takesAway is true for operations o that take a message from where it is. Which append of the group brings it elsewhere is known by its bytes.
const takesAway = `(o.kind IN ('move','expunge') OR o.kind='flags' AND instr(o.add_flags,'\Deleted')>0)`

// waitsSQL lists the operations o of an account (?1) whose messages the server of another account is still to get. What is still to come is gathered once: of ten thousand
// messages that are moved together, to look among all that come for each would take minutes.
const waitsSQL = `SELECT o.id FROM ops o WHERE o.account=?1 AND o.state IN ('pending','running') AND ` + takesAway + `
 AND o.grp IN (SELECT grp FROM ops WHERE ` + comesElsewhere + `) AND EXISTS(SELECT 1 FROM op_targets t JOIN messages m ON m.id=t.message
  WHERE t.op=o.id AND (o.grp,m.blob) IN (SELECT grp,blob FROM ops WHERE ` + comesElsewhere + `))`

// comesElsewhere is true for what is still to be brought to the server of an account that is not ?1.
const comesElsewhere = `kind='append' AND account<>?1 AND state IN ('pending','running')`

// readySQL is the oldest operation of an account (?1) that waits for no other account. What is about the same messages comes after one that waits, and so does
// all that comes after the deletion of a folder which such messages lie in.
const readySQL = `WITH RECURSIVE held(id) AS (` + waitsSQL + `
 UNION SELECT x.op FROM held h JOIN op_targets y ON y.op=h.id JOIN op_targets x ON x.live=1 AND x.op>h.id AND x.message=y.message
 UNION SELECT x.op FROM held h JOIN op_targets y ON y.op=h.id AND y.copy<>0 JOIN op_targets x ON x.live=1 AND x.op>h.id AND x.message=y.copy),
stop(id) AS (SELECT ifnull(min(d.id),9223372036854775807) FROM ops d JOIN folders f ON f.id=d.folder
 WHERE d.account=?1 AND d.kind='drop_folder' AND d.state IN ('pending','running') AND EXISTS(
  SELECT 1 FROM held h JOIN ops o ON o.id=h.id JOIN op_targets t ON t.op=h.id JOIN folders g ON g.id IN (t.folder,o.folder)
  WHERE h.id<d.id AND (g.id=f.id OR f.delimiter<>'' AND substr(g.server_path,1,length(f.server_path||f.delimiter))=f.server_path||f.delimiter)))
SELECT id FROM ops WHERE account=?1 AND state IN ('pending','running') AND id NOT IN (SELECT id FROM held) AND id<(SELECT id FROM stop) ORDER BY id LIMIT 1`

// asker is what reads one row: a reader, or a transaction that writes.
type asker func(q string, args []any, dest ...any) (bool, error)

// ready is the operation of an account that comes next; 0: there is none that need not wait.
func ready(ask asker, account mail.AccountID) (id mail.OpID, err error) {
	ok, err := ask("SELECT id FROM ops WHERE account=? AND state IN ('pending','running') ORDER BY id LIMIT 1", []any{account}, &id)
	if err != nil || !ok {
		return 0, err
	}
	var waits bool // what nothing comes before is kept by nothing else
	if _, err := ask("SELECT ?2 IN ("+waitsSQL+" AND o.id=?2)", []any{account, id}, &waits); err != nil || !waits {
		return id, err
	}
	if ok, err = ask(readySQL, []any{account}, &id); !ok {
		id = 0
	}
	return id, err
}

func (s *Store) asks(ctx context.Context) asker {
	return func(q string, args []any, dest ...any) (bool, error) { return s.read(ctx, q, args, dest...) }
}

// NextUntried reports whether NextOp would return an operation that no server has heard of.
func (s *Store) NextUntried(ctx context.Context, account mail.AccountID) (untried bool, err error) {
	id, err := ready(s.asks(ctx), account)
	if err == nil && id != 0 {
		_, err = s.read(ctx, "SELECT attempts=0 AND state='pending' FROM ops WHERE id=?", []any{id}, &untried)
	}
	return untried, err
}

// original finds the message that an append (?1) brings elsewhere (m), and the operation that takes it away where it is (o).
const original = ` FROM ops a JOIN ops o ON o.grp=a.grp AND o.account<>a.account AND ` + takesAway + `
 JOIN op_targets t ON t.op=o.id AND t.gone=0 JOIN messages m ON m.id=t.message AND m.blob=a.blob WHERE a.id=?1`

// destroyed is true for a message (m) that something behind operation o is to destroy, or has destroyed: Trash was emptied, its folder was deleted.
const destroyed = `(m.hidden&4<>0 OR m.hidden&2<>0 AND o.kind<>'expunge')`

// mayStay is true where that operation can be taken back without a server: none has heard of it. A message that was put elsewhere since is safe there, one that is destroyed since
// stays nowhere. What was to take it out of a folder that is deleted behind that keeps the folder: see keepSources.
const mayStay = ` AND NOT ` + destroyed + ` AND (o.state='pending' AND o.attempts=0 OR o.state='done' AND o.local=1 AND (o.kind<>'move' OR m.folder=o.folder))`

// SourceStays reports whether the message that an append brings to another account is where it was, or will be when the append fails.
func (s *Store) SourceStays(ctx context.Context, id mail.OpID) (stays bool, err error) {
	if _, err = s.read(ctx, "SELECT EXISTS(SELECT 1"+original+mayStay+")", []any{id}, &stays); err != nil {
		err = fmt.Errorf("looking where the message of operation %d is: %w", id, err)
	}
	return stays, err
}

// sourceStays takes back what was to take a message away that does not come to another account: there is no append of it any more.
func (t *wtx) sourceStays(o opRow, state mail.OpState, text string) error {
	if o.Kind != mail.OpAppend {
		return nil
	}
	var by mail.OpID
	var message mail.MessageID
	ok, err := t.get("SELECT o.id,t.message"+original+mayStay+" ORDER BY t.message LIMIT 1", []any{o.ID}, &by, &message)
	if err != nil || !ok {
		return err
	}
	away, err := t.op(by)
	if err != nil {
		return err
	}
	targets, err := t.targets(by)
	if err != nil {
		return err
	}
	for _, g := range targets {
		if g.message != message {
			continue
		}
		if err := t.do("UPDATE op_targets SET live=0 WHERE op=? AND message=?", by, message); err != nil {
			return err
		}
		if err := t.backAgain(away, g); err != nil {
			return fmt.Errorf("message %d: %w", message, err)
		}
		if err := t.keepSources(away, []targetRow{g}, state, text); err != nil {
			return err
		}
	}
	return t.dropTarget(away, message, len(targets) == 1, text)
}

// backAgain takes the local effect of an operation on one message back.
func (t *wtx) backAgain(o opRow, g targetRow) error {
	if !o.local || o.Kind != mail.OpFlags {
		return t.revertOne(o, g)
	}
	_, err := t.submit(inverseFlags(mail.Op{Account: o.Account, Title: o.Title}, o, []targetRow{g}), true)
	return err
}

// dropTarget makes the part of an operation that is about a message one of its own, which was taken back; only says that it is about nothing else.
func (t *wtx) dropTarget(o opRow, message mail.MessageID, only bool, text string) error {
	now := millis(t.s.now())
	if only {
		return t.do("UPDATE ops SET state='undone',error=?,finished=? WHERE id=?", text, now, o.ID)
	}
	id, err := t.insert(`INSERT INTO ops(grp,account,kind,folder,add_flags,remove_flags,name,old_name,blob,blob_size,date,title,state,error,created,local,inverse,finished)
 SELECT grp,account,kind,folder,add_flags,remove_flags,name,old_name,blob,blob_size,date,title,'undone',?2,created,local,inverse,?3 FROM ops WHERE id=?1`, o.ID, text, now)
	if err != nil {
		return err
	}
	return t.do("UPDATE op_targets SET op=? WHERE op=? AND message=?", id, o.ID, message)
}

// sourcesStay is sourceStays for all that is still to come to an account that is removed.
func (t *wtx) sourcesStay(account mail.AccountID) error {
	var ids []mail.OpID
	if err := t.each("SELECT id FROM ops WHERE account=? AND kind='append' AND state IN ('pending','running')", []any{account}, takeID(&ids)); err != nil {
		return err
	}
	for _, id := range ids {
		o, err := t.op(id)
		if err == nil {
			err = t.sourceStays(o, mail.OpUndone, "")
		}
		if err != nil {
			return fmt.Errorf("operation %d: %w", id, err)
		}
	}
	return nil
}

// takenBack is what an append that is tried again needs to be a move again: the operation that was taken back with it, about a message that is where it was.
func (t *wtx) takenBack(id mail.OpID) ([]mail.Op, error) {
	var by mail.OpID
	var message mail.MessageID
	ok, err := t.get("SELECT o.id,t.message"+original+" AND o.state='undone' AND m.folder=t.folder AND m.hidden=0 ORDER BY t.message LIMIT 1", []any{id}, &by, &message)
	if err != nil || !ok {
		return nil, err
	}
	o, err := t.op(by)
	if err != nil {
		return nil, err
	}
	return []mail.Op{{Account: o.Account, Kind: o.Kind, Folder: o.Folder, Add: o.Add, Remove: o.Remove, Title: o.Title, Messages: []mail.MessageID{message}}}, nil
}

// Freed returns the accounts whose operations waited for an append that has come to its end, once no other of the same action is left.
func (s *Store) Freed(ctx context.Context, op mail.Op) (out []mail.AccountID, err error) {
	if op.Kind != mail.OpAppend {
		return nil, nil
	}
	more := false
	if _, err := s.read(ctx, "SELECT EXISTS(SELECT 1 FROM ops INDEXED BY o_live WHERE grp=? AND account=? AND kind='append' AND state IN ('pending','running'))",
		[]any{op.Group, op.Account}, &more); err != nil || more {
		return nil, err
	}
	err = s.readAll(ctx, "SELECT DISTINCT account FROM ops WHERE grp=? AND account<>? AND state='pending' AND kind<>'append'", []any{op.Group, op.Account}, func(r *sql.Rows) error {
		var id mail.AccountID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}
