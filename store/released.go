package store

import (
	"context"
	"database/sql"

	"peyk/internal/mail"
)

// schemaReleased remembers which bytes something has stopped to refer to, for Reclaim. Only what was let go by a deletion comes in here: bytes that nobody
// refers to for another reason, as when an older mail.db was put back, are mail that may exist nowhere else.
//
// A row says no more than that it is worth looking: other rows may refer to the same bytes. Outbox and drafts have their references in JSON.
const schemaReleased = `
CREATE TABLE released(hash BLOB PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID; -- since: when Reclaim first saw it; 0: not yet
CREATE TRIGGER released_del AFTER DELETE ON messages WHEN OLD.blob IS NOT NULL BEGIN
  INSERT INTO released VALUES(OLD.blob, 0) ON CONFLICT(hash) DO UPDATE SET since=0;
END;
CREATE TRIGGER released_upd AFTER UPDATE OF blob ON messages WHEN OLD.blob IS NOT NULL AND OLD.blob IS NOT NEW.blob BEGIN
  INSERT INTO released VALUES(OLD.blob, 0) ON CONFLICT(hash) DO UPDATE SET since=0;
END;
CREATE TRIGGER released_op AFTER DELETE ON ops WHEN OLD.blob IS NOT NULL BEGIN
  INSERT INTO released VALUES(OLD.blob, 0) ON CONFLICT(hash) DO UPDATE SET since=0;
END;
CREATE TRIGGER released_sent AFTER DELETE ON outbox WHEN json_valid(OLD.item) BEGIN
  INSERT INTO released SELECT DISTINCT unhex(atom), 0 FROM json_tree(OLD.item) WHERE key='Hash' AND length(unhex(atom))=32
   ON CONFLICT(hash) DO UPDATE SET since=0;
END;
CREATE TRIGGER released_outbox AFTER UPDATE OF item ON outbox WHEN json_valid(OLD.item) BEGIN
  INSERT INTO released SELECT DISTINCT unhex(atom), 0 FROM json_tree(OLD.item) WHERE key='Hash' AND length(unhex(atom))=32 AND instr(NEW.item, atom)=0
   ON CONFLICT(hash) DO UPDATE SET since=0;
END;
CREATE TRIGGER released_version AFTER DELETE ON draft_versions WHEN instr(OLD.content, '"Hash"')<>0 AND json_valid(OLD.content) BEGIN
  INSERT INTO released SELECT DISTINCT unhex(atom), 0 FROM json_tree(OLD.content) WHERE key='Hash' AND length(unhex(atom))=32
   ON CONFLICT(hash) DO UPDATE SET since=0;
END;
CREATE TRIGGER released_draft AFTER UPDATE OF content ON draft_versions WHEN instr(OLD.content, '"Hash"')<>0 AND json_valid(OLD.content) BEGIN
  INSERT INTO released SELECT DISTINCT unhex(atom), 0 FROM json_tree(OLD.content) WHERE key='Hash' AND length(unhex(atom))=32 AND instr(NEW.content, atom)=0
   ON CONFLICT(hash) DO UPDATE SET since=0;
END;
`

// letGo notes bytes that came for nothing: of a message that was deleted meanwhile, or that is here already with other bytes. Where it is here with these, that is
// found out by Reclaim. blob may be nil.
func (t *wtx) letGo(blob *mail.BlobRef) error {
	if blob == nil {
		return nil
	}
	h, err := packHash(blob.Hash)
	if err != nil {
		return err
	}
	return t.do("INSERT INTO released VALUES(?,0) ON CONFLICT(hash) DO UPDATE SET since=0", h)
}

// ClaimBlobs keeps bytes for a day at least that somebody has stopped to refer to: who is about to refer to them again has that time to store the reference. It comes
// before looking whether they are here: either Reclaim has taken them away by then, or it leaves them.
func (s *Store) ClaimBlobs(ctx context.Context, refs ...mail.BlobRef) error {
	s.reclaiming.RLock()
	defer s.reclaiming.RUnlock()
	var some bool
	if _, err := s.read(ctx, "SELECT EXISTS(SELECT 1 FROM released)", nil, &some); err != nil || !some {
		return err
	}
	var again [][]byte
	for _, ref := range refs {
		h, err := packHash(ref.Hash)
		if err != nil {
			return err
		}
		var seen bool
		if _, err := s.read(ctx, "SELECT since<>0 FROM released WHERE hash=?", []any{h}, &seen); err != nil {
			return err
		}
		if seen {
			again = append(again, h)
		}
	}
	if again == nil {
		return nil
	}
	return s.write(ctx, "keeping what is referred to again", func(t *wtx) error {
		for _, h := range again {
			if err := t.do("UPDATE released SET since=0 WHERE hash=?", h); err != nil {
				return err
			}
		}
		return nil
	})
}

// released are the hashes of what somebody has stopped to refer to; true for those that POP3 has yet to read back, see unreadSQL.
func (s *Store) released(ctx context.Context) (map[[32]byte]bool, error) {
	out := map[[32]byte]bool{}
	err := s.readAll(ctx, "SELECT hash,"+unreadSQL+" FROM released r", nil, func(r *sql.Rows) error {
		var h sql.RawBytes
		var unread bool
		err := r.Scan(&h, &unread)
		if len(h) == 32 {
			out[[32]byte(h)] = unread
		}
		return err
	})
	return out, err
}
