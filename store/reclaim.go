package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// The bytes of a message that is gone are kept for a while: an undo, or the same message from elsewhere, spares fetching them again.
const (
	releasedFor  = 24 * time.Hour // how long they are kept at least
	reclaimEvery = 24 * time.Hour // to find out what else refers to them reads every message's row
	reclaimAtOne = 20_000         // that are looked for at a time
	reclaimBatch = 500            // that are taken away at a time: nobody can open the profile meanwhile
)

const reclaimedSetting = "store.reclaimed"

// Reclaim takes away the bytes of messages that are gone for a day and that nothing refers to: what is deleted for good leaves the disk, too. It does something
// once a day, and only while no other process has the profile open; it is for times when there is nothing else to do. more is true when there is more of it
// now. Anybody may write meanwhile. Conversations that are gone are forgotten, too.
//
// Bytes are found by what was let go (see schemaReleased) and again by what refers to what, and have a day between the two: who let go of them by one row and
// refers to them by another is done by then. Where mail.db was salvaged, rows may be missing: nothing is taken until a repair has looked for them.
func (s *Store) Reclaim(ctx context.Context) (more bool, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("removing the bytes of deleted messages: %w", err)
		}
	}()
	now := s.now()
	if due, err := s.reclaimDue(ctx, now); err != nil || !due {
		return false, err
	}
	alone, err := s.alone(ctx, func() error { return nil }) // who is not reads nothing for that
	if err != nil || !alone {
		return false, err
	}
	cut := now.Add(-releasedFor).Unix()
	spent, err := s.spent(ctx, cut)
	if err != nil {
		return false, err
	}
	for part := range slices.Chunk(spent.unused, reclaimBatch) {
		if alone, err = s.alone(ctx, func() error { return s.takeAway(ctx, part, cut) }); err != nil || !alone {
			return false, err // another time, then
		}
	}
	if len(spent.unused) > 0 {
		if err := s.forgetNames(ctx, spent.unused); err != nil {
			return false, err
		}
	}
	if !spent.more {
		if err := s.trimThreads(ctx); err != nil {
			return false, err
		}
	}
	return spent.more, s.write(ctx, "noting what was removed", func(t *wtx) error {
		for _, h := range spent.used {
			if err := t.do("DELETE FROM released WHERE hash=? AND since BETWEEN 1 AND ?", h, cut); err != nil {
				return err
			}
		}
		if spent.more {
			return nil
		}
		return t.setSetting(reclaimedSetting, fmt.Sprint(now.Unix()))
	})
}

// reclaimDue notes when it first sees what was released, and reports whether some of it is old enough.
func (s *Store) reclaimDue(ctx context.Context, now time.Time) (bool, error) {
	var fresh, old bool
	at := now.Unix()
	if _, err := s.read(ctx, "SELECT ifnull(max(since=0 OR since>?1),0), ifnull(max(since BETWEEN 1 AND ?2),0) FROM released", []any{at, now.Add(-releasedFor).Unix()}, &fresh, &old); err != nil {
		return false, err
	}
	if fresh {
		if err := s.write(ctx, "noting what is referred to no more", func(t *wtx) error {
			return t.do("UPDATE released SET since=?1 WHERE since=0 OR since>?1", at) // later: the clock was wrong
		}); err != nil {
			return false, err
		}
	}
	if !old {
		return false, nil
	}
	for key, stop := range map[string]func(string) bool{
		salvagedSetting:  func(v string) bool { return v != "" },
		reclaimedSetting: func(v string) bool { return recent(v, now, reclaimEvery) },
	} {
		if v, err := s.Setting(ctx, key); err != nil || stop(v) {
			return false, err
		}
	}
	return true, nil
}

// recent reports whether a time, in seconds, is less than d ago. One that lies ahead is none.
func recent(seconds string, now time.Time, d time.Duration) bool {
	var n int64
	if _, err := fmt.Sscan(seconds, &n); err != nil {
		return false
	}
	ago := now.Sub(time.Unix(n, 0))
	return ago >= 0 && ago < d
}

// spent tells of some of what was released what is used all the same.
type spent struct {
	used, unused [][]byte
	more         bool // others were released, too
}

// unreadSQL says of bytes r that POP3 has yet to read them back.
const unreadSQL = "EXISTS(SELECT 1 FROM ledger l WHERE l.hash=r.hash AND l.saved<>0 AND l.verified=0)"

// freeSQL leaves out what POP3 has not read back yet: that waits.
const freeSQL = "SELECT hash FROM released r WHERE since BETWEEN 1 AND ? AND NOT " + unreadSQL + " LIMIT ?"

func (s *Store) spent(ctx context.Context, cut int64) (spent, error) {
	var out spent
	free := map[[32]byte]bool{}
	if err := s.readAll(ctx, freeSQL, []any{cut, reclaimAtOne}, func(r *sql.Rows) error {
		var h []byte
		err := r.Scan(&h)
		if len(h) == 32 {
			free[[32]byte(h)] = true
		}
		return err
	}); err != nil {
		return out, err
	}
	out.more = len(free) == reclaimAtOne
	sure, err := s.referred(ctx, func(h []byte) {
		if free[[32]byte(h)] {
			delete(free, [32]byte(h))
			out.used = append(out.used, slices.Clone(h))
		}
	})
	if !sure { // nobody knows what else is used, today
		out.more = false
		return out, err
	}
	for h := range free {
		out.unused = append(out.unused, h[:])
	}
	return out, err
}

// takeAway removes bytes that were not claimed meanwhile, and what is remembered of them. Nobody else has the profile open. What an end of the program leaves in
// between is done the next time.
func (s *Store) takeAway(ctx context.Context, hs [][]byte, cut int64) error {
	s.reclaiming.Lock()
	defer s.reclaiming.Unlock()
	var gone [][32]byte
	for _, h := range hs {
		var still bool
		if _, err := s.read(ctx, "SELECT since BETWEEN 1 AND ? FROM released WHERE hash=?", []any{cut, h}, &still); err != nil {
			return err
		}
		if still {
			gone = append(gone, [32]byte(h))
		}
	}
	if err := s.blobs.removeRows(ctx, gone); err != nil {
		return err
	}
	// A file that somebody has open cannot be removed everywhere. It goes another time.
	gone = slices.DeleteFunc(gone, func(h [32]byte) bool { return s.blobs.removeFile(h) != nil })
	return s.write(ctx, "forgetting what was removed", func(t *wtx) error {
		for _, h := range gone {
			for _, q := range []string{"DELETE FROM released WHERE hash=?", "DELETE FROM signatures WHERE hash=?"} {
				if err := t.do(q, h[:]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// forgetNames removes the names that servers gave to bytes that are gone.
func (s *Store) forgetNames(ctx context.Context, hs [][]byte) error {
	gone := make(map[[32]byte]bool, len(hs))
	for _, h := range hs {
		gone[[32]byte(h)] = true
	}
	type name struct {
		account int64
		cid     string
	}
	var names []name
	if err := s.readAll(ctx, "SELECT account,cid,hash FROM content_ids", nil, func(r *sql.Rows) error {
		var n name
		var h sql.RawBytes
		err := r.Scan(&n.account, &n.cid, &h)
		if len(h) == 32 && gone[[32]byte(h)] {
			names = append(names, n)
		}
		return err
	}); err != nil || names == nil {
		return err
	}
	return s.write(ctx, "forgetting the server's names of what was removed", func(t *wtx) error {
		for _, n := range names {
			if err := t.do("DELETE FROM content_ids WHERE account=? AND cid=?", n.account, n.cid); err != nil {
				return err
			}
		}
		return nil
	})
}
