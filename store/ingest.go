package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// noUIDL starts the ledger key of a message from a server without UIDL. A space cannot be in a UIDL (RFC 1939 §7), so no
// server can say such a key.
const noUIDL = " sha256:"

// hashUIDL is the Incoming.UIDL of a message from a POP3 server that has no UIDL: its content hash takes the place.
func hashUIDL(hash string) string { return noUIDL + hash }

// Limits of header texts in rows, in bytes. Longer ones are cut; the bytes as received are whole in the blob.
const (
	maxSubject  = 2000
	maxSnippet  = 1000
	maxHeaderID = 998
	maxAddrs    = 500 // addresses a field
	maxText     = 1 << 20
)

// Ingest writes messages that a server (or an import) delivered, in one transaction: rows, flags, threads, people, counts
// and the search index. It returns one id per message, in order.
//
// It is idempotent. A message of a known (folder, UID) only has its flags, and its body when it comes with one, brought up to
// date. A message that a pending or just executed local move, copy or append brought there is adopted, by Message-ID and
// size. Messages that a pending operation took away are not added again. A POP3 message whose (account, UIDL, hash) is in the
// ledger is not added again; its id is 0 when it was destroyed since. A UIDL makes Ingest keep the ledger itself, in the same
// transaction; the same bytes under a new UIDL are linked to the old message only when the ledger says that the old UIDL is
// gone from the server (LedgerRemoved with ReasonGone), so tell that first.
//
// A message with UID 0 in an IMAP folder is placed there locally; OpAppend with its id brings it to the server.
func (s *Store) Ingest(ctx context.Context, folder mail.FolderID, in []mail.Incoming) ([]mail.MessageID, error) {
	var ids []mail.MessageID
	if len(in) == 0 {
		return nil, nil
	}
	entries := entriesOf(len(in), func(i int) *mail.Summary { return &in[i].Summary })
	err := s.write(ctx, fmt.Sprintf("storing %d messages", len(in)), func(t *wtx) error {
		ids = ids[:0]
		f, err := t.folder(folder)
		if err != nil {
			return err
		}
		g := newIngester(t, f, in)
		if err := g.prepare(); err != nil {
			return err
		}
		for i := range in {
			if err := ctx.Err(); err != nil {
				return err
			}
			id, err := g.one(i, entries[i])
			if err != nil {
				return fmt.Errorf("message %d of %d (UID %d%s): %w", i+1, len(in), in[i].UID, in[i].UIDL, err)
			}
			ids = append(ids, id)
		}
		return g.finish()
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// ingester writes what comes into a folder in one transaction.
type ingester struct {
	t      *wtx
	rows   *newRows
	f      folderRow
	in     []mail.Incoming
	now    time.Time
	people map[string]*person
	adopt  bool     // there is something in this folder that waits for its UID
	away   bool     // pending operations name messages of this folder
	news   mail.UID // from which on a message is news; 0: none is, for the folder was never synchronised

	first, last mail.UID         // of those that the folder has; first > last: none
	ticked      int64            // what tick said; 0: not asked yet
	again       []mail.MessageID // recovered messages that have come from their server now
}

func newIngester(t *wtx, f folderRow, in []mail.Incoming) *ingester {
	g := &ingester{t: t, rows: newNewRows(t, f), f: f, in: in, now: t.s.now(), people: map[string]*person{}}
	return g
}

func (g *ingester) prepare() error {
	var waiting, live int
	_, err := g.t.get(`SELECT (SELECT count(*) FROM messages WHERE folder=?1 AND await<>0),
 (SELECT count(*) FROM op_targets WHERE folder=?1 AND live=1),
 ifnull((SELECT min(uid) FROM messages WHERE folder=?1 AND uid IS NOT NULL),1), ifnull((SELECT max(uid) FROM messages WHERE folder=?1 AND uid IS NOT NULL),0)`,
		[]any{g.f.ID}, &waiting, &live, &g.first, &g.last)
	g.adopt, g.away, g.news = waiting+live > 0, live > 0, 1
	if err == nil && !g.f.Local && g.f.UIDNext == 0 {
		_, err = g.t.get("SELECT news FROM folders WHERE id=?", []any{g.f.ID}, &g.news)
	}
	return err
}

// finish writes what waits for the end of the batch.
func (g *ingester) finish() error {
	if err := g.rows.finish(); err != nil {
		return err
	}
	for _, id := range g.again {
		if err := g.t.deleteRow(id); err != nil {
			return err
		}
	}
	if err := g.came(); err != nil {
		return err
	}
	return g.savePeople()
}

func (g *ingester) one(i int, e *indexEntry) (mail.MessageID, error) {
	in := &g.in[i]
	in.Adopted = false
	if in.UID != 0 {
		id, err := g.known(in, e)
		if err != nil || id != 0 {
			return id, err
		}
	}
	if in.UIDL != "" {
		id, done, err := g.knownDrop(in, e)
		if err != nil || done {
			return id, err
		}
	}
	return g.insert(i, e)
}

// known finds a message that is here already and brings it up to date; 0 when it is new.
func (g *ingester) known(in *mail.Incoming, e *indexEntry) (mail.MessageID, error) {
	var id mail.MessageID
	if err := g.rows.flushFor(in.UID); err != nil {
		return 0, err
	}
	// A download begins with the newest: what it brings stands before all that is here, and need not be looked for.
	if g.away || in.UID >= g.first && in.UID <= g.last {
		var err error
		if id, err = g.t.findUID(g.f.ID, in.UID, g.away); err != nil {
			return 0, err
		}
	}
	if id == 0 && g.adopt {
		var err error
		if id, err = g.adopted(in); err != nil {
			return 0, err
		}
		in.Adopted = id != 0
	}
	if id == 0 {
		return 0, nil
	}
	if _, err := g.t.setServerFlags(id, in.Flags, in.ModSeq); err != nil {
		return 0, err
	}
	return id, g.bodyOf(id, in, e)
}

// bodyOf gives a message that is here the body that came, unless it has one.
func (g *ingester) bodyOf(id mail.MessageID, in *mail.Incoming, e *indexEntry) error {
	if in.Blob == nil {
		return nil
	}
	var has bool
	var blob []byte
	if _, err := g.t.get("SELECT hasbody,blob FROM messages WHERE id=?", []any{id}, &has, &blob); err != nil {
		return err
	}
	if !has {
		return g.t.setBody(id, *in.Blob, &in.Summary, e)
	}
	if hex.EncodeToString(blob) == in.Blob.Hash {
		return nil
	}
	return g.t.letGo(in.Blob)
}

// findUID finds the message that a folder's UID names on the server, wherever a pending operation has put it locally.
func (t *wtx) findUID(folder mail.FolderID, uid mail.UID, away bool) (id mail.MessageID, err error) {
	ok, err := t.get("SELECT id FROM messages WHERE folder=? AND uid=?", []any{folder, uid}, &id)
	if err != nil || ok || !away {
		return id, err
	}
	_, err = t.get("SELECT message FROM op_targets WHERE folder=? AND uid=? AND live=1 ORDER BY op LIMIT 1", []any{folder, uid}, &id)
	return id, err
}

// adopted looks for a message that waits for its UID in this folder and gives it the UID.
func (g *ingester) adopted(in *mail.Incoming) (mail.MessageID, error) {
	hid := cleanHeaderID(in.Summary.HeaderID)
	match, args := "m.header_id=? AND m.size=?", []any{g.f.ID, hid, in.Size}
	switch {
	case hid == "" && in.Blob == nil:
		return 0, nil
	case in.Blob != nil && (hid == "" || in.Flags.Has(mail.FlagDraft)):
		// Another computer may have put another version of a draft there, under the same Message-ID and as long.
		h, err := packHash(in.Blob.Hash)
		if err != nil {
			return 0, err
		}
		match, args = "m.header_id=? AND m.blob=?", []any{g.f.ID, hid, h}
	case in.Flags.Has(mail.FlagDraft):
		match, args = match+" AND m.date=?", append(args, unix(shownDate(in.Summary.Date, in.Received)))
	}
	var id mail.MessageID
	ok, err := g.t.get(`SELECT m.id FROM messages m LEFT JOIN ops o ON o.id=m.await WHERE m.folder=? AND m.await<>0 AND m.uid IS NULL AND `+maybeDone+` AND `+match+`
 ORDER BY o.state IN ('pending','running'),m.id LIMIT 1`, args, &id)
	if err != nil {
		return 0, err
	}
	if ok {
		return id, g.t.settle(id, g.f, in.UID)
	}
	// Moved on by a later operation, which still has to learn the UID.
	ok, err = g.t.get(`SELECT m.id FROM op_targets o JOIN messages m ON m.id=o.message
 WHERE o.folder=? AND o.uid IS NULL AND o.live=1 AND o.gone=0 AND m.folder<>o.folder AND `+notBeforeTried+` AND `+match+" ORDER BY o.op LIMIT 1", args, &id)
	if err != nil || !ok {
		return 0, err
	}
	return id, g.t.targetsLearn(id, g.f, in.UID)
}

// settle gives a waiting message its UID, and the operations that wait for it too.
func (t *wtx) settle(id mail.MessageID, f folderRow, uid mail.UID) error {
	if err := t.do("UPDATE messages SET uid=?, await=0 WHERE id=?", uid, id); err != nil {
		return err
	}
	return t.targetsLearn(id, f, uid)
}

// targetsLearn tells live operations on a message in a folder its UID there.
func (t *wtx) targetsLearn(id mail.MessageID, f folderRow, uid mail.UID) error {
	// Only up to the move that takes it away: when it comes back later it gets another UID.
	return t.do(`UPDATE op_targets SET uid=?1, uidvalidity=?2 WHERE message=?3 AND folder=?4 AND live=1 AND uid IS NULL AND op<=ifnull(
 (SELECT min(o.id) FROM op_targets g JOIN ops o ON o.id=g.op WHERE g.message=?3 AND g.folder=?4 AND g.live=1 AND g.uid IS NULL AND o.kind=?5),
 9223372036854775807)`, uid, f.UIDValidity, id, f.ID, string(mail.OpMove))
}

// insert adds a new message.
func (g *ingester) insert(i int, e *indexEntry) (mail.MessageID, error) {
	in := &g.in[i]
	sum := &in.Summary
	received := in.Received
	if received.IsZero() {
		received = g.now
	}
	fl, err := g.wasRecovered(in.Blob, packFlags(in.Flags))
	if err != nil {
		return 0, err
	}
	if err := g.t.noteTags(fl.kw, serverTags); err != nil {
		return 0, err
	}
	keys, err := g.rows.keysOf(g.in, i)
	if err != nil {
		return 0, fmt.Errorf("threading: %w", err)
	}
	thread, err := g.rows.threads.thread(keys)
	if err != nil {
		return 0, fmt.Errorf("threading: %w", err)
	}
	id, err := g.rows.put(newRow{in: in, received: received, fl: fl, sum: e.check, hidden: hiddenBy(fl.bits, g.f.hides()), thread: thread})
	if err != nil {
		return 0, err
	}
	if in.UID != 0 {
		if g.first > g.last {
			g.first, g.last = in.UID, in.UID
		}
		g.first, g.last = min(g.first, in.UID), max(g.last, in.UID)
	}
	g.t.index(id, e, true)
	g.meet(sum, received)
	if in.UIDL != "" {
		if err := g.ledgerSaw(in, id); err != nil {
			return 0, fmt.Errorf("ledger: %w", err)
		}
	}
	if g.f.Role == mail.RoleInbox && fl.bits&(bitSeen|bitDeleted) == 0 && g.news != 0 && (in.UID == 0 || in.UID >= g.news) {
		g.t.ch.Arrived = append(g.t.ch.Arrived, id)
	}
	return id, nil
}

// shownDate is the Date header where it makes sense, else the time of arrival.
func shownDate(date, received time.Time) time.Time {
	if date.IsZero() || date.Year() < 1971 || date.After(received.Add(36*time.Hour)) {
		return received
	}
	return date
}

func realAttachments(as []mail.Attachment) int {
	n := 0
	for _, a := range as {
		if !a.Inline {
			n++
		}
	}
	return n
}

func bounded(as []mail.Address) []mail.Address { return as[:min(len(as), maxAddrs)] }

const detailsCols = "details(id,cc,bcc,reply_to,in_reply_to,refs,list_id,attachments,warnings,header)"

func detailsOf(id mail.MessageID, sum *mail.Summary, header []byte) ([]any, error) {
	atts := ""
	if len(sum.Attachments) > 0 {
		var err error
		if atts, err = toJSON(sum.Attachments); err != nil {
			return nil, err
		}
	}
	return []any{id, packAddrs(bounded(sum.Cc)), packAddrs(bounded(sum.Bcc)), packAddrs(bounded(sum.ReplyTo)), packList(cleanIDs(sum.InReplyTo)),
		packList(cleanIDs(sum.References)), cleanText(sum.ListID, maxHeaderID), atts, packList(sum.Warnings), header}, nil
}

func (t *wtx) putDetails(id mail.MessageID, sum *mail.Summary) error {
	row, err := detailsOf(id, sum, nil)
	if err != nil {
		return err
	}
	return t.do(`INSERT INTO `+detailsCols+` VALUES(?,?,?,?,?,?,?,?,?,?)
 ON CONFLICT(id) DO UPDATE SET cc=excluded.cc,bcc=excluded.bcc,reply_to=excluded.reply_to,in_reply_to=excluded.in_reply_to,
 refs=excluded.refs,list_id=excluded.list_id,attachments=excluded.attachments,warnings=excluded.warnings,header=excluded.header`, row...)
}

// SetBody records that the whole message is in the blob store now; sum is the summary of the whole message.
func (s *Store) SetBody(ctx context.Context, id mail.MessageID, blob mail.BlobRef, sum mail.Summary) error {
	e := entryOf(&sum)
	var gone error
	err := s.write(ctx, fmt.Sprintf("storing the body of message %d", id), func(t *wtx) error {
		err := t.setBody(id, blob, &sum, e)
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		gone = err
		return t.letGo(&blob)
	})
	if err == nil {
		err = gone
	}
	return err
}

// Body is a whole message that has come for a row.
type Body struct {
	ID      mail.MessageID
	Blob    mail.BlobRef
	Summary mail.Summary
}

// SetBodies is SetBody for many, in one transaction. Messages that are gone meanwhile are passed over.
func (s *Store) SetBodies(ctx context.Context, bodies []Body) error {
	entries := entriesOf(len(bodies), func(i int) *mail.Summary { return &bodies[i].Summary })
	return s.write(ctx, fmt.Sprintf("storing the bodies of %d messages", len(bodies)), func(t *wtx) error {
		for i := range bodies {
			b := &bodies[i]
			if err := ctx.Err(); err != nil {
				return err
			}
			err := t.setBody(b.ID, b.Blob, &b.Summary, entries[i])
			if errors.Is(err, ErrNotFound) {
				err = t.letGo(&b.Blob)
			}
			if err != nil {
				return fmt.Errorf("message %d: %w", b.ID, err)
			}
		}
		return nil
	})
}

func (t *wtx) setBody(id mail.MessageID, blob mail.BlobRef, sum *mail.Summary, e *indexEntry) error {
	h, err := packHash(blob.Hash)
	if err != nil {
		return err
	}
	res, err := t.exec("UPDATE messages SET blob=?,blob_size=?,hasbody=1,indexed=2,indexsum=?,snippet=?,attachments=? WHERE id=?",
		h, blob.Size, e.check, cleanText(sum.Snippet, maxSnippet), realAttachments(sum.Attachments), id)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return fmt.Errorf("message %d: %w", id, ErrNotFound)
	}
	if err := t.putDetails(id, sum); err != nil {
		return err
	}
	if err := t.bodyCame(id); err != nil {
		return err
	}
	t.index(id, e, false)
	if err := t.bodyRecovered(h, id); err != nil {
		return err
	}
	return t.ledgerBody(id, h, blob.Size, t.s.now())
}

// setServerFlags takes over the server's view of a message's flags and lays pending operations over it; changed is whether that view was another.
func (t *wtx) setServerFlags(id mail.MessageID, fs mail.Flags, modseq uint64) (changed bool, err error) {
	var have flagSet
	var mod int64
	ok, err := t.get("SELECT sflags,skeywords,modseq FROM messages WHERE id=?", []any{id}, &have.bits, &have.kw, &mod)
	if err != nil || !ok {
		return false, err
	}
	want := packFlags(fs)
	if have == want {
		if modseq != 0 && int64(modseq) != mod {
			return false, t.do("UPDATE messages SET modseq=? WHERE id=?", int64(modseq), id)
		}
		return false, nil
	}
	if err := t.noteTags(want.kw, serverTags); err != nil {
		return false, err
	}
	if err := t.do("UPDATE messages SET sflags=?,skeywords=?,modseq=? WHERE id=?", want.bits, want.kw, int64(modseq), id); err != nil {
		return false, err
	}
	return true, t.overlay(id)
}
