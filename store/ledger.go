package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// The POP3 ledger remembers every message that a maildrop ever showed: what was saved, whether it was read back, and when and
// why it was removed from the server. It is why nothing is downloaded twice and nothing is deleted early.
//
// The rule's clock. A computer's clock may fall back (an empty battery, a wrong time zone) and be set right later. The highest
// time that was ever seen is kept (setting "ledger.clock"). While the clock is behind it, nobody knows how late it is, so a
// message that is verified then gets a negative time: verified, but of unknown age. When the clock passes the highest time
// again, those count from that moment. So no message looks older than it is; some may stay a little longer.

const ledgerClock = "ledger.clock"

// tick is the time in milliseconds for a new entry; sure is false while the clock is behind what was seen before.
func (t *wtx) tick(now time.Time) (ms int64, sure bool, err error) {
	var high int64
	if _, err := t.get("SELECT CAST(value AS INTEGER) FROM settings WHERE key=?", []any{ledgerClock}, &high); err != nil {
		return 0, false, err
	}
	ms = millis(now)
	if ms < high {
		return high, false, nil
	}
	if err := t.do("UPDATE ledger SET verified=? WHERE verified<0", ms); err != nil {
		return 0, false, err
	}
	return ms, true, t.setSetting(ledgerClock, fmt.Sprint(ms))
}

// verifiedAt is how the ledger writes a time of verification.
func verifiedAt(ms int64, sure bool) int64 {
	if sure {
		return ms
	}
	return -ms
}

const ledgerCols = "id,account,uidl,hash,size,saved,verified,removed,reason,message,deleted"

func scanLedger(sc scanner) (LedgerEntry, error) {
	var e LedgerEntry
	var hash []byte
	var saved, verified, removed, deleted int64
	err := sc.Scan(&e.ID, &e.Account, &e.UIDL, &hash, &e.Size, &saved, &verified, &removed, &e.Reason, &e.Message, &deleted)
	e.Hash = hex.EncodeToString(hash)
	if len(e.UIDL) > 0 && e.UIDL[0] == ' ' {
		e.UIDL = ""
	}
	e.ageUnknown = verified < 0
	e.Saved, e.Verified, e.Removed, e.Deleted = fromMillis(saved), fromMillis(max(verified, -verified)), fromMillis(removed), fromMillis(deleted)
	return e, err
}

// Ledger returns the ledger of an account, oldest entry first.
func (s *Store) Ledger(ctx context.Context, account mail.AccountID) (*Ledger, error) {
	l := &Ledger{ByUIDL: map[string][]int{}, ByHash: map[string][]int{}}
	err := s.readAll(ctx, "SELECT "+ledgerCols+" FROM ledger WHERE account=? ORDER BY id", []any{account}, func(r *sql.Rows) error {
		e, err := scanLedger(r)
		if err != nil {
			return err
		}
		i := len(l.Entries)
		l.Entries = append(l.Entries, e)
		if e.UIDL != "" {
			l.ByUIDL[e.UIDL] = append(l.ByUIDL[e.UIDL], i)
		}
		if e.Hash != "" {
			l.ByHash[e.Hash] = append(l.ByHash[e.Hash], i)
		}
		return nil
	})
	return l, err
}

// LedgerAdd records a message of a maildrop, or completes the entry of the same (account, UIDL, hash). With e.Hash set,
// Saved (and Verified, when it is not zero) become now, unless they repeat an entry with the same bytes. Ingest does all this by itself for an Incoming with a UIDL.
func (s *Store) LedgerAdd(ctx context.Context, e LedgerEntry) (LedgerID, error) {
	var id LedgerID
	err := s.write(ctx, "writing the ledger", func(t *wtx) error {
		var hash []byte
		if e.Hash != "" {
			var err error
			if hash, err = packHash(e.Hash); err != nil {
				return err
			}
			if e.UIDL == "" {
				e.UIDL = HashUIDL(e.Hash)
			}
			if err := t.ledgerTimes(&e, hash); err != nil {
				return err
			}
		}
		verified := millis(e.Verified)
		if e.ageUnknown {
			verified = -verified
		}
		if hash == nil {
			hash = []byte{}
		}
		ok, err := t.get(`INSERT INTO ledger(account,uidl,hash,size,saved,verified,removed,reason,message,deleted) VALUES(?,?,?,?,?,?,?,?,?,?)
 ON CONFLICT(account,uidl,hash) DO UPDATE SET message=CASE WHEN excluded.message<>0 THEN excluded.message ELSE message END,
 saved=CASE WHEN saved=0 THEN excluded.saved ELSE saved END, removed=excluded.removed, reason=excluded.reason RETURNING id`,
			[]any{e.Account, e.UIDL, hash, e.Size, millis(e.Saved), verified, millis(e.Removed), e.Reason, e.Message, millis(e.Deleted)}, &id)
		if err == nil && !ok {
			err = fmt.Errorf("the entry was not written")
		}
		return err
	})
	return id, err
}

// ledgerTimes makes the times of a new entry monotone, unless they are those of an entry with the same bytes: the clock of a
// message goes on when its UIDL changes.
func (t *wtx) ledgerTimes(e *LedgerEntry, hash []byte) error {
	if !e.Saved.IsZero() {
		var n int
		if _, err := t.get("SELECT count(*) FROM ledger WHERE account=? AND hash=? AND saved=? AND verified=?",
			[]any{e.Account, hash, millis(e.Saved), millis(e.Verified)}, &n); err != nil || n > 0 {
			return err
		}
	}
	ms, sure, err := t.tick(t.s.now())
	if err != nil {
		return err
	}
	e.Saved = fromMillis(ms)
	if !e.Verified.IsZero() {
		e.Verified, e.ageUnknown = e.Saved, !sure
	}
	return nil
}

// knownDrop looks a POP3 message up in the ledger. done means that there is nothing to add; id is 0 when it was destroyed.
func (g *ingester) knownDrop(in *mail.Incoming, e *indexEntry) (id mail.MessageID, done bool, err error) {
	account := g.f.Account
	hash := []byte{}
	if in.Blob != nil {
		if hash, err = packHash(in.Blob.Hash); err != nil {
			return 0, false, err
		}
	}
	var lid LedgerID
	var have []byte
	var removed int64
	// The same UIDL with the same bytes, or with bytes that one of the two does not have yet.
	ok, err := g.t.get(`SELECT id,message,hash,removed FROM ledger WHERE account=?1 AND uidl=?2 AND (hash=?3 OR hash=x'' OR ?3=x'')
 ORDER BY hash=?3 DESC, id LIMIT 1`, []any{account, in.UIDL, hash}, &lid, &id, &have, &removed)
	if err != nil {
		return 0, false, err
	}
	if !ok && len(hash) > 0 {
		// The server numbers its messages anew: the old UIDL is gone, the bytes are the same.
		return g.renumbered(in, hash)
	}
	if !ok {
		return 0, false, nil
	}
	if removed != 0 { // it is there again, or our removal was never committed
		if err := g.t.do("UPDATE ledger SET removed=0,reason='' WHERE id=?", lid); err != nil {
			return 0, false, err
		}
	}
	if id == 0 {
		return 0, true, nil
	}
	var has bool
	exists, err := g.t.get("SELECT hasbody FROM messages WHERE id=?", []any{id}, &has)
	if err != nil {
		return 0, false, err
	}
	if !exists {
		return 0, true, g.t.do("UPDATE ledger SET message=0 WHERE id=?", lid)
	}
	if in.Blob != nil && !has {
		return id, true, g.t.setBody(id, *in.Blob, &in.Summary, e)
	}
	return id, true, nil
}

func (g *ingester) renumbered(in *mail.Incoming, hash []byte) (id mail.MessageID, done bool, err error) {
	var e struct{ saved, verified, deleted int64 }
	ok, err := g.t.get(`SELECT message,saved,verified,deleted FROM ledger WHERE account=? AND hash=? AND removed<>0 AND reason=?
 AND substr(uidl,1,1)<>' ' ORDER BY id DESC LIMIT 1`, []any{g.f.Account, hash, ReasonGone}, &id, &e.saved, &e.verified, &e.deleted)
	if err != nil || !ok {
		return 0, false, err
	}
	return id, true, g.t.do("INSERT INTO ledger(account,uidl,hash,size,saved,verified,removed,reason,message,deleted) VALUES(?,?,?,?,?,?,0,'',?,?)",
		g.f.Account, in.UIDL, hash, in.Blob.Size, e.saved, e.verified, id, e.deleted)
}

// ledgerSaw records a message that Ingest has just added.
func (t *wtx) ledgerSaw(account mail.AccountID, in *mail.Incoming, id mail.MessageID, now time.Time) error {
	hash, saved, size := []byte{}, int64(0), in.Size
	if in.Blob != nil {
		var err error
		if hash, err = packHash(in.Blob.Hash); err != nil {
			return err
		}
		if saved, _, err = t.tick(now); err != nil {
			return err
		}
		size = in.Blob.Size
	}
	return t.do("INSERT INTO ledger(account,uidl,hash,size,saved,verified,removed,reason,message,deleted) VALUES(?,?,?,?,?,0,0,'',?,0)",
		account, in.UIDL, hash, size, saved, id)
}

// ledgerBody completes the entry of a message of which only the header was here.
func (t *wtx) ledgerBody(id mail.MessageID, hash []byte, size int64, now time.Time) error {
	var lid LedgerID
	ok, err := t.get("SELECT id FROM ledger WHERE message=? AND hash=x'' LIMIT 1", []any{id}, &lid)
	if err != nil || !ok {
		return err
	}
	saved, _, err := t.tick(now)
	if err != nil {
		return err
	}
	return t.do("UPDATE OR IGNORE ledger SET hash=?,size=?,saved=? WHERE id=?", hash, size, saved, lid)
}

// LedgerVerified records that the saved bytes of entries were read back and found right.
func (s *Store) LedgerVerified(ctx context.Context, ids []LedgerID) error {
	return s.write(ctx, "writing the ledger", func(t *wtx) error {
		at, sure, err := t.tick(s.now())
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := t.do("UPDATE ledger SET verified=? WHERE id=? AND verified=0 AND saved<>0", verifiedAt(at, sure), id); err != nil {
				return err
			}
		}
		return nil
	})
}

// LedgerDue returns the entries that the rule wants removed from the server now, oldest first, with Reason set: only what
// was saved and verified and is not known to be removed.
//   - not LeaveOnServer: everything at once;
//   - RemoveAfterDays: what was verified at least that many times 24 hours ago;
//   - RemoveWhenDeleted: what was destroyed here.
func (s *Store) LedgerDue(ctx context.Context, account mail.AccountID, now time.Time, rule mail.POP3Options) ([]LedgerEntry, error) {
	var out []LedgerEntry
	if err := s.ledgerTick(ctx); err != nil {
		return nil, err
	}
	err := s.readAll(ctx, "SELECT "+ledgerCols+" FROM ledger WHERE account=? AND removed=0 AND saved<>0 AND verified<>0 ORDER BY id", []any{account}, func(r *sql.Rows) error {
		e, err := scanLedger(r)
		if err != nil {
			return err
		}
		if e.Reason = dueReason(e, now, rule); e.Reason != "" {
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

// ledgerTick notes the time, at most once an hour unless the clock has just become right again.
func (s *Store) ledgerTick(ctx context.Context) error {
	var high, unknown int64
	if _, err := s.read(ctx, `SELECT ifnull((SELECT CAST(value AS INTEGER) FROM settings WHERE key=?),0),
 (SELECT count(*) FROM ledger WHERE verified<0)`, []any{ledgerClock}, &high, &unknown); err != nil {
		return err
	}
	ms := millis(s.now()) // not the caller's time: a preview may ask about the future
	if ms < high || unknown == 0 && ms < high+time.Hour.Milliseconds() {
		return nil
	}
	return s.write(ctx, "writing the ledger", func(t *wtx) error {
		_, _, err := t.tick(s.now())
		return err
	})
}

func dueReason(e LedgerEntry, now time.Time, rule mail.POP3Options) string {
	switch {
	case !rule.LeaveOnServer:
		return ReasonAtOnce
	case rule.RemoveWhenDeleted && !e.Deleted.IsZero():
		return ReasonDeleted
	case rule.RemoveAfterDays > 0 && !e.ageUnknown && now.Sub(e.Verified) >= time.Duration(rule.RemoveAfterDays)*24*time.Hour:
		return ReasonAge
	}
	return ""
}

// LedgerRemoved records that messages are no longer on the server, and why: removed by us after QUIT succeeded, or ReasonGone for
// those that a complete list no longer shows.
func (s *Store) LedgerRemoved(ctx context.Context, ids []LedgerID, reason string) error {
	return s.write(ctx, "writing the ledger", func(t *wtx) error {
		at, _, err := t.tick(s.now())
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := t.do("UPDATE ledger SET removed=?,reason=? WHERE id=? AND removed=0", at, reason, id); err != nil {
				return err
			}
		}
		return nil
	})
}
