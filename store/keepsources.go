package store

import (
	"context"
	"database/sql"
	"fmt"

	"peyk/internal/mail"
)

// This file keeps a failure or an undo from turning a later deletion into a loss. Who takes messages out of a folder and then deletes the folder, or copies a
// message and then deletes the original, relies on what comes first.

// keepSources takes deletions back that wait behind an operation which does not happen: of the folder that a message was to be moved or copied out of, and of the
// message that was to be copied.
func (t *wtx) keepSources(o opRow, targets []targetRow, state mail.OpState, text string) error {
	if o.Kind != mail.OpMove && o.Kind != mail.OpCopy {
		return nil
	}
	var later []mail.OpID
	seen := map[mail.OpID]bool{}
	find := func(q string, args ...any) error {
		var ids []mail.OpID
		err := t.each(q, args, takeID(&ids))
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				later = append(later, id)
			}
		}
		return err
	}
	folders := map[mail.FolderID]bool{}
	for _, g := range targets {
		if g.gone {
			continue
		}
		if !folders[g.folder] {
			folders[g.folder] = true
			if err := find("SELECT id FROM ops WHERE folder=? AND kind=? AND id>? AND state='pending'", g.folder, string(mail.OpDropFolder), o.ID); err != nil {
				return err
			}
		}
		if o.Kind != mail.OpCopy {
			continue
		}
		if err := find("SELECT o.id FROM op_targets t JOIN ops o ON o.id=t.op WHERE t.message=? AND t.live=1 AND o.kind=? AND o.id>? AND o.state='pending'",
			g.message, string(mail.OpExpunge), o.ID); err != nil {
			return err
		}
	}
	for _, id := range later {
		d, err := t.op(id)
		if err == nil {
			err = t.revert(d, state, text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// onlyCopy is true for a group (?1) that took messages to another account, where what it brought there may be all that is left of one: its original was deleted
// for good on its server, or is no longer where the group put it, or will not be for long. To take that back would delete the message.
const onlyCopy = `EXISTS(SELECT 1 FROM ops WHERE grp=?1 AND kind='append' AND state IN ('pending','running','done'))
 AND (EXISTS(SELECT 1 FROM ops WHERE grp=?1 AND kind='expunge' AND local=0 AND (state IN ('running','done') OR state='pending' AND attempts>0))
 OR EXISTS(SELECT 1 FROM ops o JOIN op_targets t ON t.op=o.id WHERE o.grp=?1 AND ` + takesAway + ` AND o.state IN ('pending','running','done')
  AND NOT EXISTS(SELECT 1 FROM messages m WHERE m.id=t.message AND NOT ` + destroyed + `)))`

// OnlyCopies are those of the given operations that are still to bring a message to another account whose original may be gone for good: to discard one
// would delete the message.
func (s *Store) OnlyCopies(ctx context.Context, ids ...mail.OpID) ([]mail.Op, error) {
	var waiting, out []mail.Op
	if err := s.readAll(ctx, "SELECT "+opCols+" FROM ops WHERE id IN (SELECT value FROM json_each(?)) AND kind='append' AND local=0 AND state IN ('pending','running')",
		[]any{idList(ids)}, func(r *sql.Rows) error {
			o, err := scanOp(r)
			waiting = append(waiting, o.Op)
			return err
		}); err != nil {
		return nil, fmt.Errorf("looking for messages that are nowhere else: %w", err)
	}
	for _, o := range waiting {
		var only bool
		if _, err := s.read(ctx, "SELECT "+onlyCopy, []any{o.Group}, &only); err != nil {
			return nil, fmt.Errorf("looking for messages that are nowhere else: %w", err)
		}
		if only {
			out = append(out, o)
		}
	}
	return out, nil
}
