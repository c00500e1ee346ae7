package store

import (
	"context"
	"fmt"

	"peyk/internal/mail"
)

// SpareCopies returns the visible messages of a local folder with these bytes (SHA-256 in hex) that stand for no append that failed:
// as many as lie there more than appends of them are among the failures. The oldest come first.
func (s *Store) SpareCopies(ctx context.Context, folder mail.FolderID, hash string) ([]mail.MessageID, error) {
	h, err := packHash(hash)
	if err != nil {
		return nil, err
	}
	var out []mail.MessageID
	err = s.readAll(ctx, `SELECT id FROM messages WHERE folder=?1 AND blob=?2 AND hidden=0 ORDER BY id LIMIT max(0,
 (SELECT count(*) FROM messages WHERE folder=?1 AND blob=?2 AND hidden=0)
 - (SELECT count(*) FROM ops WHERE account=(SELECT account FROM folders WHERE id=?1) AND kind=?3 AND blob=?2 AND state='failed'))`,
		[]any{folder, h, string(mail.OpAppend)}, scanID(&out))
	return out, err
}

// TriedBefore reports whether an append of the same bytes to the same folder failed before this one and was then tried again or given up.
func (s *Store) TriedBefore(ctx context.Context, op mail.Op) (bool, error) {
	if op.Blob == nil {
		return false, nil
	}
	h, err := packHash(op.Blob.Hash)
	if err != nil {
		return false, err
	}
	n := 0
	_, err = s.read(ctx, "SELECT count(*) FROM ops WHERE account=? AND kind=? AND folder=? AND blob=? AND state='undone' AND error<>'' AND id<?",
		[]any{op.Account, string(mail.OpAppend), op.Folder, h, op.ID}, &n)
	return n > 0, err
}

// DropSpent removes a local folder in which nothing lies, not even what is hidden until a deletion is certain, and into which no undo
// could bring a message back. Any other folder stays.
func (s *Store) DropSpent(ctx context.Context, folder mail.FolderID) error {
	return s.write(ctx, fmt.Sprintf("removing the empty folder %d", folder), func(t *wtx) error {
		f, err := t.folder(folder)
		if err != nil || !f.Local {
			return err
		}
		var n int
		if _, err := t.get(`SELECT (SELECT count(*) FROM (`+inFolder+`)) + (SELECT count(*) FROM ops WHERE folder=?1)
 + (SELECT count(*) FROM op_targets WHERE folder=?1)`, []any{folder}, &n); err != nil || n > 0 {
			return err
		}
		t.ch.Accounts = append(t.ch.Accounts, f.Account)
		return t.dropFolder(folder)
	})
}
