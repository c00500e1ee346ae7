package store

import (
	"database/sql"
	"encoding/hex"
	"fmt"

	"peyk/internal/mail"
)

// offServer is what POP3 took off its server, or found gone there: a condition on messages m. The index of the ledger by message has those alone that are one.
const offServer = "EXISTS(SELECT 1 FROM ledger l WHERE l.message=m.id AND l.message<>0 AND l.removed<>0)"

// onlyHere is what no server has, or has any more: a condition on messages m.
const onlyHere = "(m.uid IS NULL AND (m.uidl='' OR " + offServer + "))"

const (
	bodylessSQL = "SELECT count(*) FROM folders f CROSS JOIN messages m WHERE f.local=1 AND m.folder=f.id AND m.hasbody=0 AND m.hidden=0 AND " + offServer
	blobsOfSQL  = "SELECT m.id,m.blob," + onlyHere + " FROM messages m WHERE m.blob IS NOT NULL"
)

// bodyless tells of messages that POP3 took off their server and whose bytes an earlier repair found missing: nobody can fetch them.
func (c *checker) bodyless() error {
	var n int
	_, err := c.s.read(c.ctx, bodylessSQL, nil, &n)
	if err == nil && n > 0 {
		c.add(Problem{Where: "messages", What: fmt.Sprintf("of %d messages only the header is here, and they are no longer on their server", n), Harmless: true})
	}
	return err
}

// missing deals with references to bytes that are not here: messages that a server may still have are fetched again, and
// the POP3 ledger forgets that they were saved, so that nobody deletes the last copy. One walk over the messages finds them all: where
// blobs.db is lost they are many, and blob has no index.
func (c *checker) missing(gone map[[32]byte]bool) error {
	if len(gone) == 0 {
		return nil
	}
	var again, lost []mail.MessageID
	named := make(map[[32]byte]bool, len(gone))
	if err := c.s.readAll(c.ctx, blobsOfSQL, nil, func(r *sql.Rows) error {
		var id mail.MessageID
		var h sql.RawBytes
		var only bool
		if err := r.Scan(&id, &h, &only); err != nil || len(h) != 32 || !gone[[32]byte(h)] {
			return err
		}
		named[[32]byte(h)] = true
		if only {
			lost = append(lost, id)
		} else {
			again = append(again, id)
		}
		return nil
	}); err != nil {
		return err
	}
	for h := range gone {
		if !named[h] {
			c.add(Problem{Where: hex.EncodeToString(h[:]), What: "bytes are missing that a draft, an outgoing message or an old operation refers to", Lost: true})
		}
	}
	if err := c.withoutBody(lost, Problem{What: "the bytes of %d messages that were only on this computer are lost", Lost: true}); err != nil {
		return err
	}
	if err := c.withoutBody(again, Problem{What: "the bytes of %d messages are missing; the next check fetches them again"}); err != nil || !c.repair {
		return err
	}
	return c.s.write(c.ctx, "keeping bytes that may come back", func(t *wtx) error {
		for h := range named { // no deletion let go of them: where somebody puts them back they stay
			if err := t.do("DELETE FROM released WHERE hash=?", h[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

// withoutBody notes that the bytes of messages are not here.
func (c *checker) withoutBody(ids []mail.MessageID, p Problem) error {
	if len(ids) == 0 {
		return nil
	}
	list := idList(ids)
	p.Where, p.What = "messages", fmt.Sprintf(p.What, len(ids))
	return c.fix(p, "marking messages for another download", func(t *wtx) error {
		if err := t.do(`UPDATE OR IGNORE ledger SET saved=0,verified=0,hash=x'' WHERE removed=0
 AND hash IN (SELECT blob FROM messages WHERE id IN (SELECT value FROM json_each(?)))`, list); err != nil {
			return err
		}
		return t.do("UPDATE messages SET blob=NULL,blob_size=0,hasbody=0 WHERE id IN (SELECT value FROM json_each(?))", list)
	})
}
