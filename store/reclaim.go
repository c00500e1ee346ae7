package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// The bytes of a message that is gone are kept for a while: an undo, or the same message from elsewhere, spares fetching them again.
const (
	releasedFor  = 24 * time.Hour   // how long they are kept at least
	reclaimEvery = 24 * time.Hour   // to find out what else refers to them reads every message's row
	reclaimAtOne = 500_000          // that are looked for at a time, in one walk over all messages: 16 MB
	reclaimPart  = 20_000           // of them that a call of Reclaim takes away
	spentFor     = 10 * time.Minute // what a walk has found is good for
	reclaimBatch = 500              // that are taken away at a time: nobody can open the profile meanwhile
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
	s.reclaims.Lock()
	defer s.reclaims.Unlock()
	now := s.now()
	if due, err := s.reclaimDue(ctx, now); err != nil || !due {
		return false, err
	}
	alone, err := s.alone(ctx, func() error { return nil }) // who is not reads nothing for that
	if err != nil || !alone {
		return false, err
	}
	if s.spent == nil || now.Sub(s.spent.at).Abs() > spentFor {
		if s.spent, err = s.findSpent(ctx, now); err != nil {
			return false, err
		}
	}
	return s.takePart(ctx, now)
}

// takePart takes some of what was found away.
func (s *Store) takePart(ctx context.Context, now time.Time) (more bool, err error) {
	sp := s.spent
	part := sp.unused[:min(len(sp.unused), reclaimPart)]
	for batch := range slices.Chunk(part, reclaimBatch) {
		if alone, err := s.alone(ctx, func() error { return s.takeAway(ctx, batch, sp.cut) }); err != nil || !alone {
			s.spent = nil
			return false, err // another time, then
		}
	}
	if sp.unused = sp.unused[len(part):]; len(sp.unused) > 0 {
		return true, nil
	}
	s.spent = nil
	if sp.more {
		return true, nil
	}
	if err := s.trimThreads(ctx); err != nil {
		return false, err
	}
	return false, s.SetSetting(ctx, reclaimedSetting, fmt.Sprint(now.Unix()))
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

// spent is what was released and is used by nothing, as far as it is still to be taken away.
type spent struct {
	at     time.Time
	cut    int64 // it was released before
	unused [][32]byte
	more   bool // others were released, too
}

// unreadSQL says of bytes r that POP3 has yet to read them back.
const unreadSQL = "EXISTS(SELECT 1 FROM ledger l WHERE l.hash=r.hash AND l.saved<>0 AND l.verified=0)"

// freeSQL leaves out what POP3 has not read back yet: that waits.
const freeSQL = "SELECT hash FROM released r WHERE since BETWEEN 1 AND ? AND NOT " + unreadSQL + " ORDER BY hash LIMIT ?"

func compareHash(x [32]byte, h []byte) int { return bytes.Compare(x[:], h) }

// findSpent looks for what may be taken away, and forgets what is used all the same. What it finds is for the next minutes: who refers to such bytes again claims them first.
func (s *Store) findSpent(ctx context.Context, now time.Time) (*spent, error) {
	cut := now.Add(-releasedFor).Unix()
	out := &spent{at: now, cut: cut}
	var free [][32]byte // in order
	if err := s.readAll(ctx, freeSQL, []any{cut, reclaimAtOne}, func(r *sql.Rows) error {
		var h sql.RawBytes
		err := r.Scan(&h)
		if len(h) == 32 {
			free = append(free, [32]byte(h))
		}
		return err
	}); err != nil {
		return nil, err
	}
	out.more = len(free) == reclaimAtOne
	used := make([]bool, len(free))
	sure, err := s.referred(ctx, func(h []byte) {
		if i, ok := slices.BinarySearchFunc(free, h, compareHash); ok {
			used[i] = true
		}
	})
	if err != nil {
		return nil, err
	}
	var keep [][32]byte
	for i, h := range free {
		if used[i] {
			keep = append(keep, h)
		} else {
			out.unused = append(out.unused, h)
		}
	}
	for part := range slices.Chunk(keep, reclaimPart) {
		if err := s.write(ctx, "forgetting what is used all the same", func(t *wtx) error {
			for _, h := range part {
				if err := t.do("DELETE FROM released WHERE hash=? AND since BETWEEN 1 AND ?", h[:], cut); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	if !sure { // nobody knows what else is used, today
		return &spent{at: now, cut: cut}, nil
	}
	return out, s.forgetNames(ctx, out.unused)
}

// takeAway removes bytes that were not claimed meanwhile, and what is remembered of them. Nobody else has the profile open. What an end of the program leaves in
// between is done the next time.
func (s *Store) takeAway(ctx context.Context, hs [][32]byte, cut int64) error {
	s.reclaiming.Lock()
	defer s.reclaiming.Unlock()
	var gone [][32]byte
	for _, h := range hs {
		var still bool
		if _, err := s.read(ctx, "SELECT since BETWEEN 1 AND ? FROM released WHERE hash=?", []any{cut, h[:]}, &still); err != nil {
			return err
		}
		if still {
			gone = append(gone, h)
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

// forgetNames removes the names that servers gave to bytes that are about to go; they are in order.
func (s *Store) forgetNames(ctx context.Context, gone [][32]byte) error {
	if len(gone) == 0 {
		return nil
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
		if _, ok := slices.BinarySearchFunc(gone, []byte(h), compareHash); ok {
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
