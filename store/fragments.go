package store

import (
	"context"
	"database/sql"
	"encoding/hex"

	"peyk/internal/mail"
)

// maxFragmentRows bounds what Fragments returns.
const maxFragmentRows = 2000

// Fragments returns the stored messages of an account that are pieces of longer ones (message/partial), of whichever, newest
// first, at most 2000.
func (s *Store) Fragments(ctx context.Context, account mail.AccountID) ([]mail.BlobRef, error) {
	var out []mail.BlobRef
	err := s.readAll(ctx, `SELECT m.blob,m.blob_size FROM messages m JOIN details d ON d.id=m.id
 WHERE m.account=? AND m.attachments>0 AND m.blob IS NOT NULL AND d.attachments LIKE '%"message/partial"%' ORDER BY m.id DESC LIMIT ?`,
		[]any{account, maxFragmentRows}, func(r *sql.Rows) error {
			var hash []byte
			var size int64
			if err := r.Scan(&hash, &size); err != nil {
				return err
			}
			out = append(out, mail.BlobRef{Hash: hex.EncodeToString(hash), Size: size})
			return nil
		})
	return out, err
}
