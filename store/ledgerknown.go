package store

import (
	"errors"

	"peyk/internal/mail"
)

// The entry of a message that came: the same UIDL with the same bytes, or with bytes that are not here yet. And whether the same bytes are
// known under a UIDL that is gone, because the server numbers its messages anew. One statement for all, since a first download asks for
// every message, and nearly always finds none; and without an order or a condition on the arguments alone, for which SQLite would plan
// it anew every time.
const knownDropSQL = `SELECT
 ifnull(ifnull((SELECT id FROM ledger WHERE account=?1 AND uidl=?2 AND hash=?3),
  (SELECT id FROM ledger WHERE account=?1 AND uidl=?2 AND hash=x'')),0),
 EXISTS(SELECT 1 FROM ledger WHERE account=?1 AND hash=?3` + goneSQL + ")"

// goneSQL says of an entry that the server has no message of its UIDL any more, or that it was another server.
const goneSQL = " AND removed<>0 AND reason IN ('" + ReasonGone + "','" + ReasonElsewhere + "') AND substr(uidl,1,1)<>' '"

// The entry of a message of which only the header came: the same UIDL, first that whose bytes are not here either.
const knownHeadSQL = `SELECT ifnull(ifnull((SELECT id FROM ledger WHERE account=?1 AND uidl=?2 AND hash=x''),
 (SELECT min(id) FROM ledger WHERE account=?1 AND uidl=?2 AND reason<>'` + ReasonElsewhere + `')),0)`

// knownDrop looks a POP3 message up in the ledger. done means that there is nothing to add; id is 0 when it was destroyed.
func (g *ingester) knownDrop(in *mail.Incoming, e *indexEntry) (id mail.MessageID, done bool, err error) {
	var hash []byte
	var same LedgerID
	var gone bool
	if in.Blob == nil {
		_, err = g.t.get(knownHeadSQL, []any{g.f.Account, in.UIDL}, &same)
	} else if hash, err = packHash(in.Blob.Hash); err == nil {
		_, err = g.t.get(knownDropSQL, []any{g.f.Account, in.UIDL, hash}, &same, &gone)
	}
	if err != nil {
		return 0, false, err
	}
	switch {
	case same != 0:
		return g.sameDrop(same, in, e)
	case gone:
		return g.renumbered(in, hash)
	}
	if same, err = g.fromElsewhere(in); err != nil || same == 0 {
		return 0, false, err
	}
	return g.sameDrop(same, in, e)
}

// sameDrop brings a known message and its entry up to date.
func (g *ingester) sameDrop(entry LedgerID, in *mail.Incoming, e *indexEntry) (id mail.MessageID, done bool, err error) {
	var removed int64
	if _, err := g.t.get("SELECT message,removed FROM ledger WHERE id=?", []any{entry}, &id, &removed); err != nil {
		return 0, false, err
	}
	if removed != 0 { // it is there again, or our removal was never committed
		if err := g.t.do("UPDATE ledger SET removed=0,reason='' WHERE id=?", entry); err != nil {
			return 0, false, err
		}
	}
	if id == 0 { // it was destroyed here
		return 0, true, g.t.letGo(in.Blob)
	}
	if err := g.rows.flush(); err != nil { // it may be one of this batch
		return 0, false, err
	}
	exists, err := g.t.get("SELECT 1 FROM messages WHERE id=?", []any{id}, new(int))
	if err != nil {
		return 0, false, err
	}
	if !exists {
		return 0, true, errors.Join(g.t.do("UPDATE ledger SET message=0 WHERE id=?", entry), g.t.letGo(in.Blob))
	}
	return id, true, g.bodyOf(id, in, e)
}

// renumbered gives a known message its new UIDL. The clock of its rule goes on.
func (g *ingester) renumbered(in *mail.Incoming, hash []byte) (id mail.MessageID, done bool, err error) {
	var saved, verified, deleted int64
	ok, err := g.t.get("SELECT message,saved,verified,deleted FROM ledger WHERE account=? AND hash=?"+goneSQL+" ORDER BY id DESC LIMIT 1",
		[]any{g.f.Account, hash}, &id, &saved, &verified, &deleted)
	if err != nil || !ok {
		return 0, false, err
	}
	return id, true, g.t.do("INSERT INTO ledger(account,uidl,hash,size,saved,verified,removed,reason,message,deleted) VALUES(?,?,?,?,?,?,0,'',?,?)",
		g.f.Account, in.UIDL, hash, in.Blob.Size, saved, verified, id, deleted)
}
