package store

import (
	"context"
	"database/sql"
	"encoding/hex"

	"peyk/internal/mail"
)

// NextMessage is the id that the next message gets: every message stored from now on has this or a higher one.
func (s *Store) NextMessage(ctx context.Context) (mail.MessageID, error) {
	var id mail.MessageID
	err := s.readAll(ctx, "SELECT seq FROM sqlite_sequence WHERE name='messages'", nil, func(r *sql.Rows) error { return r.Scan(&id) })
	return id + 1, err
}

// HashesFrom counts the messages of a folder with an id from the given one on, by the hash of their bytes.
func (s *Store) HashesFrom(ctx context.Context, folder mail.FolderID, from mail.MessageID) (map[string]int, error) {
	out := map[string]int{}
	err := s.readAll(ctx, "SELECT blob,count(*) FROM messages WHERE id>=? AND folder=? AND blob IS NOT NULL GROUP BY blob", []any{from, folder}, func(r *sql.Rows) error {
		var hash []byte
		n := 0
		if err := r.Scan(&hash, &n); err != nil {
			return err
		}
		out[hex.EncodeToString(hash)] = n
		return nil
	})
	return out, err
}
