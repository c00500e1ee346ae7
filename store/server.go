package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"peyk/internal/mail"
)

// This file is what a sync pass compares with and takes over from a server's mailbox.

// Values of messages.await that are not operations.
const (
	awaitReset   = -1 // from before a change of UIDVALIDITY
	awaitUnknown = -2 // came back from a failed operation without a known UID
)

// overlay computes the local view of a message's flags: the server's with the pending operations applied in order.
func (t *wtx) overlay(id mail.MessageID) error {
	var s flagSet
	var hidden int
	ok, err := t.get("SELECT sflags,skeywords,hidden FROM messages WHERE id=?", []any{id}, &s.bits, &s.kw, &hidden)
	if err != nil || !ok {
		return err
	}
	err = t.each(`SELECT o.add_flags,o.remove_flags FROM op_targets t JOIN ops o ON o.id=t.op
 WHERE t.message=? AND t.live=1 AND o.kind='flags' ORDER BY t.op`, []any{id}, func(r scanner) error {
		var add, remove string
		err := r.Scan(&add, &remove)
		s = s.apply(packFlags(unpackFlagList(add)), packFlags(unpackFlagList(remove)))
		return err
	})
	if err != nil {
		return err
	}
	return t.do("UPDATE messages SET flags=?,keywords=?,hidden=? WHERE id=?", s.bits, s.kw, hiddenBy(s.bits, hidden), id)
}

// UpdateFlags takes over flags as the server says, and returns of how many messages they were others before. Pending operations stay laid over them.
// Unknown UIDs are ignored.
func (s *Store) UpdateFlags(ctx context.Context, folder mail.FolderID, states []mail.FlagState) (changed int, err error) {
	if len(states) == 0 {
		return 0, nil
	}
	if len(states) > stateBatch {
		states = slices.Clone(states)
		slices.SortFunc(states, func(a, b mail.FlagState) int { return cmp.Compare(a.UID, b.UID) })
	}
	for part := range slices.Chunk(states, stateBatch) {
		n, err := s.updateFlags(ctx, folder, part)
		if changed += n; err != nil {
			return changed, err
		}
	}
	return changed, nil
}

// How many messages one transaction is about at most, of what servers say of many: who clicks something meanwhile waits for one of them. All of it can be said again.
const (
	stateBatch  = 10_000
	removeBatch = 5000
)

func (s *Store) updateFlags(ctx context.Context, folder mail.FolderID, states []mail.FlagState) (changed int, err error) {
	err = s.write(ctx, fmt.Sprintf("updating the flags of %d messages", len(states)), func(t *wtx) error {
		changed = 0
		find := func(st mail.FlagState) (mail.MessageID, error) { return t.findUID(folder, st.UID, true) }
		if len(states) >= 100 {
			have, err := t.serverView(folder, states)
			if err != nil {
				return err
			}
			find = func(st mail.FlagState) (mail.MessageID, error) { // 0 also for what is here already
				if h := have[st.UID]; h.fl != packFlags(st.Flags) || st.ModSeq != 0 && st.ModSeq != h.mod {
					return h.id, nil
				}
				return 0, nil
			}
		}
		for i, st := range states {
			if i%1000 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			id, err := find(st)
			if err != nil {
				return fmt.Errorf("UID %d: %w", st.UID, err)
			}
			if id == 0 {
				continue
			}
			other, err := t.setServerFlags(id, st.Flags, st.ModSeq)
			if err != nil {
				return fmt.Errorf("UID %d: %w", st.UID, err)
			}
			if other {
				changed++
			}
		}
		return nil
	})
	return changed, err
}

type serverRow struct {
	id  mail.MessageID
	fl  flagSet
	mod uint64
}

// The messages of a folder on the server, from a UID to another: those that are in it here, and those that a pending operation took away.
const serverViewSQL = `SELECT uid,id,sflags,skeywords,modseq FROM messages WHERE folder=?1 AND uid>=?2 AND uid<=?3
 UNION SELECT t.uid,m.id,m.sflags,m.skeywords,m.modseq FROM op_targets t JOIN messages m ON m.id=t.message
 WHERE t.folder=?1 AND t.live=1 AND t.uid>=?2 AND t.uid<=?3 AND t.gone=0 AND m.folder<>?1 ORDER BY 1`

func scanServerRow(r scanner) (mail.UID, serverRow, error) {
	var uid mail.UID
	var v serverRow
	var mod int64
	err := r.Scan(&uid, &v.id, &v.fl.bits, &v.fl.kw, &mod)
	v.mod = uint64(mod)
	return uid, v, err
}

// serverView reads what the store has between the least and the greatest UID that a server tells of: of a folder of which all is told, in parts, each part reads its own.
func (t *wtx) serverView(folder mail.FolderID, told []mail.FlagState) (map[mail.UID]serverRow, error) {
	first, last := told[0].UID, told[0].UID
	for _, st := range told {
		first, last = min(first, st.UID), max(last, st.UID)
	}
	out := map[mail.UID]serverRow{}
	err := t.each(serverViewSQL, []any{folder, first, last}, func(r scanner) error {
		uid, v, err := scanServerRow(r)
		out[uid] = v
		return err
	})
	return out, err
}

// FlagStates returns the server's view of the flags of a folder, ascending by UID, pending operations not laid over: to
// compare with what the server says now.
func (s *Store) FlagStates(ctx context.Context, folder mail.FolderID) ([]mail.FlagState, error) {
	var out []mail.FlagState
	err := s.readAll(ctx, serverViewSQL, []any{folder, 0, math.MaxUint32}, func(r *sql.Rows) error {
		uid, v, err := scanServerRow(r)
		out = append(out, mail.FlagState{UID: uid, Flags: v.fl.flags(), ModSeq: v.mod})
		return err
	})
	return out, err
}

// KnownUIDs returns the UIDs of a folder that need not be fetched, ascending: those in it, and those that a pending
// operation took away. Quarantined ones are among them only where their rows are here and wait for their bodies.
func (s *Store) KnownUIDs(ctx context.Context, folder mail.FolderID) ([]mail.UID, error) {
	return s.KnownUIDsFrom(ctx, folder, 1)
}

// KnownUIDsFrom is KnownUIDs from a UID on.
func (s *Store) KnownUIDsFrom(ctx context.Context, folder mail.FolderID, first mail.UID) ([]mail.UID, error) {
	var out []mail.UID
	err := s.readAll(ctx, `SELECT uid FROM messages WHERE folder=?1 AND uid>=?2
 UNION SELECT uid FROM op_targets WHERE folder=?1 AND live=1 AND uid>=?2 AND gone=0 ORDER BY 1`, []any{folder, first}, scanID(&out))
	return out, err
}

// CountKnown is the number of UIDs that KnownUIDs has, without reading them.
func (s *Store) CountKnown(ctx context.Context, folder mail.FolderID) (int, error) {
	var n int
	_, err := s.read(ctx, `SELECT (SELECT count(*) FROM messages WHERE folder=?1 AND uid IS NOT NULL)
 +(SELECT count(DISTINCT uid) FROM op_targets o WHERE folder=?1 AND live=1 AND uid IS NOT NULL AND gone=0
  AND NOT EXISTS(SELECT 1 FROM messages m WHERE m.folder=?1 AND m.uid=o.uid))`, []any{folder}, &n)
	return n, err
}

// RemoveUIDs takes note of messages that the server no longer has in a folder; it returns how many were known. The
// server's deletion wins over pending operations on the message, with one exception: where the operation that takes the message
// away has been tried, its disappearance is taken for that operation's work, and the message stays where it was brought.
func (s *Store) RemoveUIDs(ctx context.Context, folder mail.FolderID, uids []mail.UID) (int, error) {
	all := 0
	for part := range slices.Chunk(uids, removeBatch) {
		n := 0
		if err := s.write(ctx, fmt.Sprintf("removing %d messages", len(part)), func(t *wtx) error {
			n = 0
			for i, uid := range part {
				if i%1000 == 0 && ctx.Err() != nil {
					return ctx.Err()
				}
				known, err := t.removeUID(folder, uid)
				if err != nil {
					return fmt.Errorf("UID %d: %w", uid, err)
				}
				n += b2i(known)
			}
			return nil
		}); err != nil {
			return all, err
		}
		all += n
	}
	return all, nil
}

func (t *wtx) removeUID(folder mail.FolderID, uid mail.UID) (bool, error) {
	var id mail.MessageID
	here, err := t.get("SELECT id FROM messages WHERE folder=? AND uid=?", []any{folder, uid}, &id)
	if err != nil {
		return false, err
	}
	if here {
		if err := t.do("UPDATE op_targets SET gone=1 WHERE message=? AND folder=? AND live=1", id, folder); err != nil {
			return false, err
		}
		return true, t.deleteRow(id)
	}
	var moved bool
	away, err := t.get(movedAwaySQL, []any{folder, uid}, &id, &moved)
	if err != nil || !away {
		return false, err
	}
	if err := t.do("UPDATE op_targets SET gone=1 WHERE message=? AND folder=? AND uid=? AND live=1", id, folder, uid); err != nil {
		return false, err
	}
	if moved {
		return true, nil
	}
	return true, t.deleteRow(id)
}

// deleteRow removes one message from every table; its bytes and its ledger entry stay.
func (t *wtx) deleteRow(id mail.MessageID) error {
	for _, q := range []string{"DELETE FROM messages WHERE id=?", "DELETE FROM details WHERE id=?", "DELETE FROM snoozes WHERE message=?", "UPDATE ledger SET message=0 WHERE message=? AND message<>0"} {
		if err := t.do(q, id); err != nil {
			return err
		}
	}
	t.unindex(id)
	t.ch.Messages = append(t.ch.Messages, id)
	return nil
}

// RemoveMessages deletes messages because the server (or a finished operation) says so. It is not an operation: nothing is
// executed and there is no undo.
func (s *Store) RemoveMessages(ctx context.Context, ids []mail.MessageID) error {
	return s.write(ctx, fmt.Sprintf("removing %d messages", len(ids)), func(t *wtx) error {
		for _, id := range ids {
			if err := t.do("UPDATE op_targets SET gone=1 WHERE message=? AND live=1", id); err != nil {
				return err
			}
			if err := t.deleteRow(id); err != nil {
				return err
			}
		}
		return nil
	})
}

// MissingBodies returns the messages of a folder without body, newest first, received at or after since (zero: all).
func (s *Store) MissingBodies(ctx context.Context, folder mail.FolderID, since time.Time, limit int) ([]BodyWant, error) {
	var out []BodyWant
	err := s.readAll(ctx, `SELECT id,ifnull(uid,0),uidl,size,received FROM messages
 WHERE folder=? AND hasbody=0 AND received>=? AND hidden&6=0 AND (uid IS NOT NULL OR uidl<>'') ORDER BY received DESC, id DESC LIMIT ?`,
		[]any{folder, unix(since), limit}, func(r *sql.Rows) error {
			var w BodyWant
			var received int64
			err := r.Scan(&w.ID, &w.UID, &w.UIDL, &w.Size, &received)
			w.Received = fromUnix(received)
			out = append(out, w)
			return err
		})
	return out, err
}

// Beside returns which of the two messages next to one in its folder, by date, have no body here and no more than limit bytes.
func (s *Store) Beside(ctx context.Context, id mail.MessageID, limit int64) ([]mail.MessageID, error) {
	var out []mail.MessageID
	for _, next := range []string{"(m.date,m.id)<(o.date,o.id) ORDER BY m.date DESC, m.id DESC", "(m.date,m.id)>(o.date,o.id) ORDER BY m.date, m.id"} {
		err := s.readAll(ctx, `SELECT id FROM (SELECT m.id,m.hasbody,m.size,m.uid FROM messages o JOIN messages m ON m.folder=o.folder AND m.hidden=0
 WHERE o.id=? AND `+next+` LIMIT 1) WHERE hasbody=0 AND size<=? AND uid IS NOT NULL`, []any{id, limit}, scanID(&out))
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ResetFolder begins again after a change of UIDVALIDITY (RFC 9051 §2.3.1.1): all UIDs of the folder are forgotten, those of
// pending operations too. Messages keep their ids, bodies and places in lists; each is adopted when Ingest brings its
// Message-ID and size under a new UID. After everything was ingested call EndReset, which removes the rest.
func (s *Store) ResetFolder(ctx context.Context, id mail.FolderID, uidValidity uint32) error {
	return s.write(ctx, fmt.Sprintf("starting folder %d again after a change of UIDVALIDITY", id), func(t *wtx) error {
		if _, err := t.folder(id); err != nil {
			return err
		}
		return t.resetFolder(id, uidValidity)
	})
}

// resetFolder is ResetFolder; uidValidity 0: it is not known yet.
func (t *wtx) resetFolder(id mail.FolderID, uidValidity uint32) error {
	if err := t.do("UPDATE folders SET uidvalidity=?,uidnext=0,highestmod=0,news=0 WHERE id=?", uidValidity, id); err != nil {
		return err
	}
	if err := t.do("UPDATE messages SET uid=NULL,await=?,modseq=0 WHERE folder=? AND uid IS NOT NULL", awaitReset, id); err != nil {
		return err
	}
	if err := t.do("DELETE FROM quarantine WHERE folder=?", id); err != nil {
		return err
	}
	return t.do("UPDATE op_targets SET uid=NULL,uidvalidity=? WHERE folder=? AND live=1", uidValidity, id)
}

// BegunAnew is how many messages of a folder wait for their UIDs since ResetFolder.
func (s *Store) BegunAnew(ctx context.Context, id mail.FolderID) (n int, err error) {
	_, err = s.read(ctx, "SELECT count(*) FROM messages INDEXED BY m_await WHERE folder=? AND await<>0 AND await=?", []any{id, awaitReset}, &n)
	return n, err
}

// EndReset removes the messages that no Ingest has adopted since ResetFolder; it returns how many.
func (s *Store) EndReset(ctx context.Context, id mail.FolderID) (int, error) {
	left, err := s.BegunAnew(ctx, id)
	all := 0
	for err == nil && left > 0 {
		n := 0
		n, err = s.endReset(ctx, id)
		all += n
		if left -= n; n == 0 {
			break
		}
	}
	return all, err
}

// endReset removes up to removeBatch of them.
func (s *Store) endReset(ctx context.Context, id mail.FolderID) (n int, err error) {
	err = s.write(ctx, fmt.Sprintf("ending the new start of folder %d", id), func(t *wtx) error {
		var ids []mail.MessageID
		if err := t.each("SELECT id FROM messages INDEXED BY m_await WHERE folder=? AND await<>0 AND await=? LIMIT ?", []any{id, awaitReset, removeBatch}, takeID(&ids)); err != nil {
			return err
		}
		n = len(ids)
		for _, m := range ids {
			if err := t.do("UPDATE op_targets SET gone=1 WHERE message=? AND live=1", m); err != nil {
				return err
			}
			if err := t.deleteRow(m); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// Awaiting lists the messages of a folder that an operation brought there and whose UID is not known yet.
func (s *Store) Awaiting(ctx context.Context, folder mail.FolderID) ([]Awaiting, error) {
	var out []Awaiting
	err := s.readAll(ctx, `SELECT m.id,m.header_id,m.size,hex(m.blob),m.blob_size,ifnull(o.finished,0),ifnull(o.state,'') FROM messages m
 LEFT JOIN ops o ON o.id=m.await WHERE m.folder=? AND m.await<>0 AND m.await<>? ORDER BY m.id`, []any{folder, awaitReset}, func(r *sql.Rows) error {
		var a Awaiting
		var hash, state string
		var blobSize, since int64
		if err := r.Scan(&a.ID, &a.HeaderID, &a.Size, &hash, &blobSize, &since, &state); err != nil {
			return err
		}
		if hash != "" {
			a.Blob = &mail.BlobRef{Hash: lower(hash), Size: blobSize}
		}
		a.Since = fromMillis(since)
		a.Done = state != string(mail.OpPending) && state != string(mail.OpRunning)
		out = append(out, a)
		return nil
	})
	return out, err
}

// SetUID tells the UID of an awaiting message in the folder where it is.
func (s *Store) SetUID(ctx context.Context, id mail.MessageID, uid mail.UID) error {
	return s.write(ctx, fmt.Sprintf("recording the UID of message %d", id), func(t *wtx) error {
		var folder mail.FolderID
		ok, err := t.get("SELECT folder FROM messages WHERE id=?", []any{id}, &folder)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("message %d: %w", id, ErrNotFound)
		}
		f, err := t.folder(folder)
		if err != nil {
			return err
		}
		return t.arrive(id, f, uid, 0)
	})
}
