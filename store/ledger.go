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

// ticked is the time of a transaction, once it has been asked for.
type ticked struct {
	asked bool
	ms    int64
	sure  bool
}

// tick is the time in milliseconds for a new entry, one for all of a transaction; sure is false while the clock is behind what was seen before.
func (t *wtx) tick(now time.Time) (ms int64, sure bool, err error) {
	if !t.clock.asked {
		ms, sure, err := t.readClock(now)
		if err != nil {
			return 0, false, err
		}
		t.clock = ticked{true, ms, sure}
	}
	return t.clock.ms, t.clock.sure, nil
}

func (t *wtx) readClock(now time.Time) (ms int64, sure bool, err error) {
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
	es, err := s.ledgerEntries(ctx, "account=?", account)
	return &Ledger{Entries: es}, err
}

// LedgerUnverified returns the entries of an account that were saved and not read back yet, oldest first.
func (s *Store) LedgerUnverified(ctx context.Context, account mail.AccountID) ([]LedgerEntry, error) {
	return s.ledgerEntries(ctx, "account=? AND saved<>0 AND verified=0 AND hash<>x''", account)
}

// ledgerEntries reads the entries for which a condition holds, oldest first: in the order in which they lie, because the index of
// accounts would lead all over the table.
func (s *Store) ledgerEntries(ctx context.Context, where string, args ...any) ([]LedgerEntry, error) {
	var out []LedgerEntry
	err := s.readAll(ctx, "SELECT "+ledgerCols+" FROM ledger NOT INDEXED WHERE "+where+" ORDER BY id", args, func(r *sql.Rows) error {
		e, err := scanLedger(r)
		out = append(out, e)
		return err
	})
	return out, err
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
				e.UIDL = hashUIDL(e.Hash)
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

// ledgerSaw records a message that Ingest has just added.
func (g *ingester) ledgerSaw(in *mail.Incoming, id mail.MessageID) error {
	hash, saved, size := []byte{}, int64(0), in.Size
	if in.Blob != nil {
		var err error
		if hash, err = packHash(in.Blob.Hash); err != nil {
			return err
		}
		if g.ticked == 0 {
			if g.ticked, _, err = g.t.tick(g.now); err != nil {
				return err
			}
		}
		saved, size = g.ticked, in.Blob.Size
	}
	return g.t.do("INSERT INTO ledger(account,uidl,hash,size,saved,verified,removed,reason,message,deleted) VALUES(?,?,?,?,?,0,0,'',?,0)",
		g.f.Account, in.UIDL, hash, size, saved, id)
}

// ledgerBody completes the entry of a message of which only the header was here.
func (t *wtx) ledgerBody(id mail.MessageID, hash []byte, size int64, now time.Time) error {
	var lid LedgerID
	ok, err := t.get("SELECT id FROM ledger WHERE message=? AND message<>0 AND hash=x'' LIMIT 1", []any{id}, &lid)
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
		return t.do("UPDATE ledger SET verified=? WHERE id IN (SELECT value FROM json_each(?)) AND verified=0 AND saved<>0", verifiedAt(at, sure), idList(ids))
	})
}

// LedgerDue returns the entries that the rule wants removed from the server now, oldest first, with Reason set: only what
// was saved and verified and is not known to be removed.
//   - not LeaveOnServer: everything at once;
//   - RemoveAfterDays: what was verified at least that many times 24 hours ago;
//   - RemoveWhenDeleted: what was destroyed here.
func (s *Store) LedgerDue(ctx context.Context, account mail.AccountID, now time.Time, rule mail.POP3Options) ([]LedgerEntry, error) {
	if err := s.ledgerTick(ctx); err != nil {
		return nil, err
	}
	may, args := dueWhere(now, rule)
	if may == "" {
		return nil, nil
	}
	es, err := s.ledgerEntries(ctx, "account=? AND removed=0 AND saved<>0 AND verified<>0 AND ("+may+")", append([]any{account}, args...)...)
	if err != nil {
		return nil, err
	}
	var out []LedgerEntry
	for _, e := range es {
		if e.Reason = dueReason(e, now, rule); e.Reason != "" {
			out = append(out, e)
		}
	}
	return out, nil
}

// dueWhere is a condition that at least all entries fulfil for which dueReason has a reason; "" when there can be none. A maildrop from
// which nothing is removed has a ledger of years, which is better not read for nothing.
func dueWhere(now time.Time, rule mail.POP3Options) (where string, args []any) {
	if !rule.LeaveOnServer {
		return "1", nil
	}
	if rule.RemoveWhenDeleted {
		where = "deleted<>0"
	}
	if rule.RemoveAfterDays > 0 {
		if where != "" {
			where += " OR "
		}
		where += "verified>0 AND verified<=?"
		args = []any{millis(now.Add(-ruleAge(rule)))}
	}
	return where, args
}

func ruleAge(rule mail.POP3Options) time.Duration {
	return time.Duration(rule.RemoveAfterDays) * 24 * time.Hour
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
	case rule.RemoveAfterDays > 0 && !e.ageUnknown && now.Sub(e.Verified) >= ruleAge(rule):
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
		return t.do("UPDATE ledger SET removed=?,reason=? WHERE id IN (SELECT value FROM json_each(?)) AND removed=0", at, reason, idList(ids))
	})
}
