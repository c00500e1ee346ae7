package store

import (
	"context"
	"database/sql"

	"peyk/internal/mail"
)

// Quarantine sets a message of a server aside with the reason, so that a pass can go on without it. Saying it again counts
// the tries.
func (s *Store) Quarantine(ctx context.Context, q Quarantined) error {
	return s.write(ctx, "setting a message aside", func(t *wtx) error {
		return t.do(`INSERT INTO quarantine(folder,uid,uidl,reason,tries,since) VALUES(?,?,?,?,1,?)
 ON CONFLICT(folder,uid,uidl) DO UPDATE SET reason=excluded.reason,tries=tries+1`, q.Folder, q.UID, q.UIDL, q.Reason, unix(s.now()))
	})
}

// Quarantined lists what was set aside in a folder.
func (s *Store) Quarantined(ctx context.Context, folder mail.FolderID) ([]Quarantined, error) {
	var out []Quarantined
	err := s.readAll(ctx, "SELECT folder,uid,uidl,reason,tries,since FROM quarantine WHERE folder=? ORDER BY uid,uidl", []any{folder}, func(r *sql.Rows) error {
		var q Quarantined
		var since int64
		err := r.Scan(&q.Folder, &q.UID, &q.UIDL, &q.Reason, &q.Tries, &since)
		q.Since = fromUnix(since)
		out = append(out, q)
		return err
	})
	return out, err
}

// Unquarantine forgets one message that was set aside.
func (s *Store) Unquarantine(ctx context.Context, folder mail.FolderID, uid mail.UID, uidl string) error {
	return s.write(ctx, "taking a message back", func(t *wtx) error {
		return t.do("DELETE FROM quarantine WHERE folder=? AND uid=? AND uidl=?", folder, uid, uidl)
	})
}
