package store

import (
	"context"
	"database/sql"

	"peyk/internal/mail"
)

// This file is what makes it safe to receive while the answer to an operation is outstanding. What the operation may have brought to
// a folder must count as its work when it is looked for before a second try, whether or not a pass has taken it in meanwhile.
// So an operation notes the newest message before its first try (ops.newest): what came later is still a stranger to it.

// newestMessage is what ops.newest becomes with the first try.
const newestMessage = "(SELECT ifnull(max(id),0) FROM messages)"

// maybeDone is the condition under which a message m that waits for the UID its operation o gives it may have one on the server: an
// operation that nobody has tried has brought nothing.
const maybeDone = "(o.id IS NULL OR o.state<>'pending' OR o.attempts>0)"

// notBeforeTried is the same for the target o of a later operation, which waits for an earlier one to bring its message to o.folder.
const notBeforeTried = `NOT EXISTS(SELECT 1 FROM op_targets b JOIN ops p ON p.id=b.op WHERE b.live=1 AND b.op<o.op AND p.folder=o.folder
 AND (b.message=m.id OR b.copy=m.id) AND p.kind IN ('move','copy','append') AND p.state='pending' AND p.attempts=0)`

// movedAwaySQL finds the message that pending operations have taken out of a folder (?1, its UID there ?2), and whether the server
// may have moved it already.
const movedAwaySQL = `SELECT t.message,ifnull((SELECT o.state='running' OR o.attempts>0 FROM op_targets x JOIN ops o ON o.id=x.op
 WHERE x.folder=?1 AND x.uid=?2 AND x.live=1 AND o.kind='move' ORDER BY x.op LIMIT 1),0)
 FROM op_targets t WHERE t.folder=?1 AND t.uid=?2 AND t.live=1 ORDER BY t.op LIMIT 1`

// broughtSQL lists the rows that stand for what an operation (?2) brings to its folder.
const broughtSQL = "SELECT CASE WHEN g.copy<>0 THEN g.copy ELSE g.message END FROM op_targets g WHERE g.op=?2"

// UIDsBefore returns the UIDs of a folder that cannot be what op brought there, ascending: those known when it was first tried. op is one
// that NextOp returned.
func (s *Store) UIDsBefore(ctx context.Context, folder mail.FolderID, op mail.OpID) ([]mail.UID, error) {
	var out []mail.UID
	err := s.readAll(ctx, `WITH first(id) AS (SELECT newest FROM ops WHERE id=?2)
 SELECT uid FROM messages,first WHERE folder=?1 AND uid IS NOT NULL AND messages.id<=first.id AND messages.id NOT IN (`+broughtSQL+`)
 UNION SELECT uid FROM op_targets,first WHERE folder=?1 AND live=1 AND uid IS NOT NULL AND gone=0 AND message<=first.id AND message NOT IN (`+broughtSQL+`)
 ORDER BY 1`, []any{folder, op}, scanID(&out))
	return out, err
}

// Brought tells which messages of op a pass has found where op brings them, by the message that op is about, with their UIDs there.
func (s *Store) Brought(ctx context.Context, op mail.OpID) (map[mail.MessageID]mail.UID, error) {
	out := map[mail.MessageID]mail.UID{}
	err := s.readAll(ctx, `SELECT g.message,m.uid FROM op_targets g JOIN ops o ON o.id=g.op JOIN messages m ON m.id=CASE WHEN g.copy<>0 THEN g.copy ELSE g.message END
 WHERE g.op=? AND o.kind IN ('move','copy','append') AND m.folder=o.folder AND m.uid IS NOT NULL`, []any{op}, func(r *sql.Rows) error {
		var id mail.MessageID
		var uid mail.UID
		err := r.Scan(&id, &uid)
		out[id] = uid
		return err
	})
	return out, err
}

// vanishUnlessThere takes a message back that an operation was to bring to a folder, unless a pass has found it there.
func (t *wtx) vanishUnlessThere(id mail.MessageID, folder mail.FolderID) error {
	var there bool
	_, err := t.get(`SELECT EXISTS(SELECT 1 FROM messages WHERE id=?1 AND uid IS NOT NULL)
 OR EXISTS(SELECT 1 FROM op_targets WHERE message=?1 AND folder=?2 AND live=1 AND gone=0 AND uid IS NOT NULL)`, []any{id, folder}, &there)
	if err != nil || there {
		return err
	}
	return t.vanish(id)
}
