package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"peyk/internal/mail"
)

// OpenOp is an operation that waits or failed, with what a list tells about it. Messages is empty.
type OpenOp struct {
	mail.Op
	Count   int            // of its messages
	First   mail.MessageID // the first of them that is still here, 0 for none
	Subject string         // its subject
	Sender  mail.Address   // and who wrote it
	From    mail.FolderID  // where the messages were when the user acted on them
	Also    []mail.OpID    // of the same click, about the same messages: what is marked as junk is moved as well
}

// IDs are all operations that it stands for.
func (o OpenOp) IDs() []mail.OpID { return append([]mail.OpID{o.ID}, o.Also...) }

// together makes one entry of the operations of one click about the same messages: the user did one thing. It says where the messages go, and how the one
// stands that is worst off.
func together(ops []OpenOp) (out []OpenOp) {
	at := map[string]int{}
	for _, o := range ops {
		key := fmt.Sprint(o.Group, o.Account, o.Title, o.Count, o.First, o.From)
		i, ok := at[key]
		if !ok || o.First == 0 || o.Title == "" || out[i].Kind == o.Kind || out[i].Kind != mail.OpFlags && o.Kind != mail.OpFlags {
			at[key], out = len(out), append(out, o)
			continue
		}
		all, worst := append(out[i].IDs(), o.ID), out[i]
		if rank(o.State) > rank(worst.State) {
			worst = o
		}
		if out[i].Kind == mail.OpFlags {
			out[i] = o
		}
		out[i].State, out[i].Attempts, out[i].Error = worst.State, worst.Attempts, worst.Error
		out[i].Also = slices.DeleteFunc(all, func(id mail.OpID) bool { return id == out[i].ID })
	}
	return out
}

// rank says which of two states is to be told.
func rank(s mail.OpState) int {
	return slices.Index([]mail.OpState{mail.OpPending, mail.OpRunning, mail.OpFailed}, s)
}

// OpenOps lists what the servers have not heard of and what they refused: failures first, the newest first, then the queue in the
// order in which it is worked off. total is how many there are beyond limit. What one click did to the same messages is one of them.
func (s *Store) OpenOps(ctx context.Context, limit int) (ops []OpenOp, total int, err error) {
	const open = " FROM ops WHERE state IN ('failed','pending','running')"
	const order = " ORDER BY state<>'failed', CASE state WHEN 'failed' THEN -id ELSE id END LIMIT ?"
	if _, err := s.read(ctx, "SELECT count(*)"+open, nil, &total); err != nil {
		return nil, 0, err
	}
	at := map[mail.OpID]int{}
	if err := s.readAll(ctx, "SELECT "+opCols+open+order, []any{limit}, func(r *sql.Rows) error {
		o, err := scanOp(r)
		at[o.ID] = len(ops)
		ops = append(ops, OpenOp{Op: o.Op})
		return err
	}); err != nil {
		return nil, 0, err
	}
	var firsts []mail.MessageID
	if err := s.readAll(ctx, `SELECT t.op,count(*),min(t.folder),ifnull(min(m.id),0) FROM op_targets t LEFT JOIN messages m ON m.id=t.message
 WHERE t.op IN (SELECT id`+open+order+`) GROUP BY t.op`, []any{limit}, func(r *sql.Rows) error {
		var id mail.OpID
		var o OpenOp
		if err := r.Scan(&id, &o.Count, &o.From, &o.First); err != nil {
			return err
		}
		if i, ok := at[id]; ok { // else it came since
			ops[i].Count, ops[i].From, ops[i].First = o.Count, o.From, o.First
			firsts = append(firsts, o.First)
		}
		return nil
	}); err != nil {
		return nil, 0, err
	}
	// Also those that are hidden because they are being deleted.
	byID := map[mail.MessageID]mail.Row{}
	if err := s.readAll(ctx, "SELECT "+rowCols+" FROM messages m WHERE m.id IN (SELECT value FROM json_each(?))", []any{idList(firsts)}, func(r *sql.Rows) error {
		row, err := scanRow(r)
		byID[row.ID] = row
		return err
	}); err != nil {
		return nil, 0, err
	}
	for i := range ops {
		r := byID[ops[i].First]
		ops[i].Subject = r.Subject
		if len(r.From) > 0 {
			ops[i].Sender = r.From[0]
		}
	}
	one := together(ops)
	return one, total - (len(ops) - len(one)), nil
}

// FailedOps lists the operations about a folder itself that a server refused, the newest first.
func (s *Store) FailedOps(ctx context.Context, folder mail.FolderID) (ops []mail.Op, err error) {
	err = s.readAll(ctx, "SELECT "+opCols+" FROM ops WHERE state='failed' AND folder=? AND kind IN ('rename_folder','drop_folder') ORDER BY id DESC", []any{folder}, func(r *sql.Rows) error {
		o, err := scanOp(r)
		ops = append(ops, o.Op)
		return err
	})
	return ops, err
}

// DiscardOps drops operations from the queue and from the list of failures. The local effect of those that are still queued is
// taken back. What it returns brings them back (RestoreOps).
func (s *Store) DiscardOps(ctx context.Context, ids ...mail.OpID) ([]mail.DiscardedOp, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	slices.Reverse(ids) // a later operation may lie over an earlier one
	var out []mail.DiscardedOp
	err := s.write(ctx, fmt.Sprintf("discarding %d operations", len(ids)), func(t *wtx) error {
		out = nil
		t.ch.Ops = true
		for _, id := range ids {
			o, err := t.op(id)
			if err != nil {
				return err
			}
			switch {
			case o.live():
				err = t.revert(o, mail.OpUndone, o.Error)
			case o.State == mail.OpFailed:
				err = t.do("UPDATE ops SET state='undone' WHERE id=?", id)
			default:
				continue
			}
			if err != nil {
				return fmt.Errorf("operation %d: %w", id, err)
			}
			out = append(out, mail.DiscardedOp{ID: id, Group: o.Group, Was: o.State})
		}
		return nil
	})
	return out, err
}

// RestoreOps takes a DiscardOps back: what had failed is among the failures again, what waited waits again, with its local effect
// on the messages that are still where it found them.
func (s *Store) RestoreOps(ctx context.Context, discarded []mail.DiscardedOp) error {
	discarded = slices.Clone(discarded)
	slices.SortFunc(discarded, func(a, b mail.DiscardedOp) int { return int(a.ID - b.ID) })
	return s.write(ctx, fmt.Sprintf("restoring %d operations", len(discarded)), func(t *wtx) error {
		t.ch.Ops = true
		for _, d := range discarded {
			o, err := t.op(d.ID)
			if err != nil {
				return err
			}
			switch {
			case o.State != mail.OpUndone:
				continue
			case d.Was == mail.OpFailed:
				err = t.do("UPDATE ops SET state='failed' WHERE id=?", o.ID)
			case o.Kind == mail.OpFlags:
				err = t.revive(o)
			default:
				err = t.again(o)
			}
			if err != nil {
				return fmt.Errorf("operation %d: %w", d.ID, err)
			}
		}
		return nil
	})
}

// revive puts a change of flags back at its place in the queue, below those that were submitted since.
func (t *wtx) revive(o opRow) error {
	if err := t.do("UPDATE ops SET state='pending',finished=0 WHERE id=?", o.ID); err != nil {
		return err
	}
	if err := t.do("UPDATE op_targets SET live=1 WHERE op=? AND message IN (SELECT id FROM messages)", o.ID); err != nil {
		return err
	}
	targets, err := t.targets(o.ID)
	if err != nil {
		return err
	}
	for _, g := range targets {
		if err := t.overlay(g.message); err != nil {
			return fmt.Errorf("message %d: %w", g.message, err)
		}
	}
	return nil
}

// again submits an operation anew on the messages that still exist. One that takes messages from where they are takes only those that are where it found them: what
// the user has put elsewhere since is not deleted there.
func (t *wtx) again(o opRow) error {
	op := mail.Op{Account: o.Account, Kind: o.Kind, Folder: o.Folder, Add: o.Add, Remove: o.Remove, Name: o.Name, Blob: o.Blob, Date: o.Date, Title: o.Title}
	if o.Kind == mail.OpCreate {
		op.Folder = 0
	}
	where := ""
	if o.Kind == mail.OpMove || o.Kind == mail.OpExpunge {
		where = " AND m.folder=t.folder"
	}
	if err := t.each("SELECT t.message FROM op_targets t JOIN messages m ON m.id=t.message WHERE t.op=?"+where, []any{o.ID}, takeID(&op.Messages)); err != nil {
		return err
	}
	back, err := t.takenBack(o.ID)
	if err != nil {
		return err
	}
	into := mail.GroupID(0)
	if _, err := t.get("SELECT ifnull(min(grp),0) FROM ops WHERE grp=? AND kind='append' AND account<>?", []any{o.Group, o.Account}, &into); err != nil {
		return err
	}
	if len(back) > 0 {
		into = o.Group
	}
	_, err = t.submitInto(into, append([]mail.Op{op}, back...), o.inverse)
	return err
}

// Requeue tries operations again. The local effect of a failed one is made again on the messages that are still where it found them, and it joins
// the end of the queue; one that waits is only made due at once.
func (s *Store) Requeue(ctx context.Context, ids ...mail.OpID) error {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return s.write(ctx, fmt.Sprintf("trying %d operations again", len(ids)), func(t *wtx) error {
		t.ch.Ops = true
		for _, id := range ids {
			o, err := t.op(id)
			if err != nil {
				return err
			}
			switch {
			case o.live():
				err = t.do("UPDATE ops SET state='pending',error='' WHERE id=?", id)
			case o.State == mail.OpFailed:
				if err = t.again(o); err == nil {
					err = t.do("UPDATE ops SET state='undone' WHERE id=?", id)
				}
			}
			if err != nil {
				return fmt.Errorf("operation %d: %w", id, err)
			}
		}
		return nil
	})
}
