package store

import (
	"context"
	"fmt"

	"peyk/internal/mail"
)

// recoveredSetting is the local folder in which a repair put messages that had lost their rows, as long as some of them are there.
const recoveredSetting = "store.recovered"

// recovered are the messages of that folder, as they were when it was read: a repair adds to it only while no other process has the profile open.
type recovered struct {
	read   bool
	folder mail.FolderID
	ids    map[[32]byte]mail.MessageID
}

// noteRecovered remembers where a repair has put messages: what a server, or an import, brings again stays where that says.
func (s *Store) noteRecovered(ctx context.Context, folder mail.FolderID) error {
	return s.write(ctx, "noting what was recovered", func(t *wtx) error {
		s.recovered = recovered{}
		return t.setSetting(recoveredSetting, fmt.Sprint(folder))
	})
}

// recovered is the message that a repair brought back with these bytes and that lies where it put it, with its flags. 0: there is none. Where a server says what flags are
// (served), one with which the user has done something stays by itself.
func (t *wtx) recovered(hash []byte, served bool) (id mail.MessageID, fl flagSet, err error) {
	r := &t.s.recovered
	if !r.read {
		if err := t.readRecovered(r); err != nil {
			return 0, fl, err
		}
	}
	if id = r.ids[[32]byte(hash)]; id == 0 {
		return 0, fl, nil
	}
	ok, err := t.get(`SELECT flags,keywords FROM messages WHERE id=? AND folder=? AND blob=? AND hidden=0
 AND NOT EXISTS(SELECT 1 FROM op_targets WHERE message=messages.id AND live=1)`, []any{id, r.folder, hash}, &fl.bits, &fl.kw)
	if !ok || served && fl != (flagSet{bits: bitSeen}) {
		id = 0
	}
	return id, fl, err
}

// bodyRecovered drops the recovered message of which another row has got the bytes.
func (t *wtx) bodyRecovered(hash []byte, id mail.MessageID) error {
	old, _, err := t.recovered(hash, true)
	if err != nil || old == 0 || old == id {
		return err
	}
	return t.deleteRow(old)
}

func (t *wtx) readRecovered(r *recovered) error {
	*r = recovered{read: true, ids: map[[32]byte]mail.MessageID{}}
	if ok, err := t.get("SELECT CAST(value AS INTEGER) FROM settings WHERE key=? AND value<>''", []any{recoveredSetting}, &r.folder); err != nil || !ok {
		return err
	}
	if err := t.each("SELECT id,blob FROM messages WHERE folder=? AND hidden=0 AND blob IS NOT NULL", []any{r.folder}, func(sc scanner) error {
		var id mail.MessageID
		var h []byte
		err := sc.Scan(&id, &h)
		if len(h) == 32 {
			r.ids[[32]byte(h)] = id
		}
		return err
	}); err != nil || len(r.ids) > 0 {
		return err
	}
	return t.setSetting(recoveredSetting, "")
}

// wasRecovered looks whether a new message is one that a repair brought back. The row of that one goes when this one has its own; what the user did with it stays, as far as
// no server says what flags are.
func (g *ingester) wasRecovered(blob *mail.BlobRef, fl flagSet) (flagSet, error) {
	if blob == nil {
		return fl, nil
	}
	h, err := packHash(blob.Hash)
	if err != nil {
		return fl, err
	}
	id, was, err := g.t.recovered(h, !g.f.Local)
	if err != nil || id == 0 || g.f.ID == g.t.s.recovered.folder {
		return fl, err
	}
	g.again = append(g.again, id)
	if g.f.Local {
		fl = was
	}
	return fl, nil
}
