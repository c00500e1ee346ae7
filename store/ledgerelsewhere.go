package store

import "peyk/internal/mail"

// elsewhereMark stands before the UIDL of a message of which only the header came, once its account gets its mail elsewhere. No server's UIDL holds a space (RFC 1939 §7), so
// none is taken for it: its text cannot be fetched any more, least of all under the UIDL that another message has there.
const elsewhereMark = "elsewhere "

// dropElsewhere forgets what the UIDLs of a maildrop stand for: the account gets another one. What was saved whole is known by its bytes, what came as a header by
// Message-ID and size.
func (t *wtx) dropElsewhere(id mail.AccountID) error {
	at := millis(t.s.now())
	for _, do := range []struct {
		q    string
		args []any
	}{
		{"UPDATE ledger SET removed=?,reason=? WHERE account=? AND (removed=0 OR reason=?) AND hash<>x''", []any{at, ReasonElsewhere, id, ReasonGone}},
		{"UPDATE messages SET uidl=?||id WHERE id IN (SELECT message FROM ledger WHERE account=? AND hash=x'' AND reason<>? AND message<>0)", []any{elsewhereMark, id, ReasonElsewhere}},
		{"UPDATE ledger SET uidl=?||message,removed=?,reason=? WHERE account=? AND hash=x'' AND reason<>? AND message<>0", []any{elsewhereMark, at, ReasonElsewhere, id, ReasonElsewhere}},
		{"DELETE FROM ledger WHERE account=? AND hash=x'' AND message=0", []any{id}},
		{"DELETE FROM quarantine WHERE uidl<>'' AND folder IN (SELECT id FROM folders WHERE account=?)", []any{id}},
	} {
		if err := t.do(do.q, do.args...); err != nil {
			return err
		}
	}
	return nil
}

// The entry of a message of which only the header came, from another mailbox of the account. Most accounts have none, which the index of the bytes tells at once.
const elsewhereSQL = `SELECT l.id FROM ledger l INDEXED BY l_hash JOIN messages m ON m.id=l.message
 WHERE l.hash=x'' AND l.account=?1 AND l.reason='` + ReasonElsewhere + `' AND l.size=?3 AND m.header_id=?2 AND m.hasbody=0 ORDER BY l.id LIMIT 1`

// fromElsewhere finds the message that in is, if its header came from the mailbox that the account had before, and gives it the UIDL that it has here. 0: there
// is none.
func (g *ingester) fromElsewhere(in *mail.Incoming) (LedgerID, error) {
	var entry LedgerID
	id := cleanHeaderID(in.Summary.HeaderID)
	if id == "" {
		return 0, nil
	}
	ok, err := g.t.get(elsewhereSQL, []any{g.f.Account, id, in.Size}, &entry)
	if err != nil || !ok {
		return 0, err
	}
	if err := g.rows.flush(); err != nil {
		return 0, err
	}
	if err := g.t.do("UPDATE messages SET uidl=? WHERE id=(SELECT message FROM ledger WHERE id=?)", in.UIDL, entry); err != nil {
		return 0, err
	}
	return entry, g.t.do("UPDATE ledger SET uidl=?,removed=0,reason='' WHERE id=?", in.UIDL, entry)
}
