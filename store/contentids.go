package store

import (
	"context"
	"database/sql"
	"encoding/hex"

	"peyk/internal/mail"
)

// schemaContent remembers the names that servers give to the bytes of messages (EMAILID of RFC 8474, Gmail's X-GM-MSGID), so that
// what another client moved, or what lies under several labels, is not fetched a second time.
const schemaContent = `
CREATE TABLE content_ids(account INTEGER NOT NULL, cid TEXT NOT NULL, hash BLOB NOT NULL, size INTEGER NOT NULL,
  PRIMARY KEY(account, cid)) WITHOUT ROWID;
`

// RememberContent notes which bytes an account's server knows under which names.
func (s *Store) RememberContent(ctx context.Context, account mail.AccountID, named map[string]mail.BlobRef) error {
	if len(named) == 0 {
		return nil
	}
	return s.write(ctx, "noting the server's names of messages", func(t *wtx) error {
		for cid, ref := range named {
			h, err := packHash(ref.Hash)
			if err != nil {
				return err
			}
			if err := t.do("INSERT OR REPLACE INTO content_ids(account,cid,hash,size) VALUES(?,?,?,?)", account, cid, h, ref.Size); err != nil {
				return err
			}
		}
		return nil
	})
}

// HasContent reports whether anything is remembered for an account.
func (s *Store) HasContent(ctx context.Context, account mail.AccountID) (bool, error) {
	var n int
	ok, err := s.read(ctx, "SELECT 1 FROM content_ids WHERE account=? LIMIT 1", []any{account}, &n)
	return ok, err
}

// KnownContent returns the bytes of those names that are known. Whether the bytes are still here is for the caller to see.
func (s *Store) KnownContent(ctx context.Context, account mail.AccountID, cids []string) (map[string]mail.BlobRef, error) {
	out := map[string]mail.BlobRef{}
	for _, cid := range cids {
		var ref mail.BlobRef
		err := s.readAll(ctx, "SELECT hash,size FROM content_ids WHERE account=? AND cid=?", []any{account, cid}, func(r *sql.Rows) error {
			var h []byte
			err := r.Scan(&h, &ref.Size)
			ref.Hash = hex.EncodeToString(h)
			return err
		})
		if err != nil {
			return nil, err
		}
		if ref.Hash != "" {
			out[cid] = ref
		}
	}
	return out, nil
}
