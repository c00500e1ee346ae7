package store

import (
	"context"
	"database/sql"
	"fmt"

	"peyk/internal/mail"
)

// Quarantine sets a message of a server aside with the reason, so that a pass can go on without it. Saying it again counts
// the tries and adds what is known of the message.
func (s *Store) Quarantine(ctx context.Context, q Quarantined) error {
	return s.write(ctx, "setting a message aside", func(t *wtx) error {
		t.ch.Ops = true
		return t.do(`INSERT INTO quarantine(folder,uid,uidl,reason,tries,since,subject,sender,size,sent) VALUES(?,?,?,?,1,?,?,?,?,?)
 ON CONFLICT(folder,uid,uidl) DO UPDATE SET reason=excluded.reason,tries=tries+1,subject=coalesce(nullif(excluded.subject,''),subject),
 sender=coalesce(nullif(excluded.sender,''),sender),size=max(size,excluded.size),
 sent=coalesce(nullif(excluded.sent,0),sent)`,
			q.Folder, q.UID, q.UIDL, q.Reason, unix(s.now()), q.Subject, packAddrs(q.From), q.Size, unix(q.Sent))
	})
}

const quarantineCols = "folder,uid,uidl,reason,tries,since,subject,sender,size,sent,asked"

func scanQuarantined(r *sql.Rows) (Quarantined, error) {
	var q Quarantined
	var since, sent int64
	var sender string
	err := r.Scan(&q.Folder, &q.UID, &q.UIDL, &q.Reason, &q.Tries, &since, &q.Subject, &sender, &q.Size, &sent, &q.Asked)
	q.Since, q.From, q.Sent = fromUnix(since), unpackAddrs(sender), fromUnix(sent)
	return q, err
}

// Quarantined lists what was set aside in a folder, also what the user does not want to be told of any more.
func (s *Store) Quarantined(ctx context.Context, folder mail.FolderID) ([]Quarantined, error) {
	var out []Quarantined
	err := s.readAll(ctx, "SELECT "+quarantineCols+" FROM quarantine WHERE folder=? ORDER BY uid,uidl", []any{folder}, func(r *sql.Rows) error {
		q, err := scanQuarantined(r)
		out = append(out, q)
		return err
	})
	return out, err
}

// SetAside lists what was set aside in all folders and is to be told, the newest first, at most limit; total is how many there are.
func (s *Store) SetAside(ctx context.Context, limit int) (list []Quarantined, total int, err error) {
	if _, err := s.read(ctx, "SELECT count(*) FROM quarantine WHERE dismissed=0", nil, &total); err != nil || total == 0 {
		return nil, 0, err
	}
	err = s.readAll(ctx, "SELECT "+quarantineCols+" FROM quarantine WHERE dismissed=0 ORDER BY since DESC,folder,uid,uidl LIMIT ?", []any{limit}, func(r *sql.Rows) error {
		q, err := scanQuarantined(r)
		list = append(list, q)
		return err
	})
	return list, total, err
}

// Nameless lists what was set aside in an account and of which nothing is known, and about which the server was asked less than most times,
// at most limit.
func (s *Store) Nameless(ctx context.Context, account mail.AccountID, most, limit int) (list []Quarantined, err error) {
	err = s.readAll(ctx, "SELECT "+quarantineCols+` FROM quarantine WHERE subject='' AND sender='' AND asked<?
 AND folder IN (SELECT id FROM folders WHERE account=?) ORDER BY asked,folder,uid,uidl LIMIT ?`, []any{most, account, limit}, func(r *sql.Rows) error {
		q, err := scanQuarantined(r)
		list = append(list, q)
		return err
	})
	return list, err
}

// AskSetAside notes that the server is about to be asked what a message is: before it is, because the session may end of it.
func (s *Store) AskSetAside(ctx context.Context, q mail.SetAsideID) error {
	return s.write(ctx, "asking what a message is that was set aside", func(t *wtx) error {
		return t.do("UPDATE quarantine SET asked=asked+1 WHERE folder=? AND uid=? AND uidl=?", q.Folder, q.UID, q.UIDL)
	})
}

// NameSetAside notes what is known of a message that was set aside: its subject, who it is from and when it was sent.
func (s *Store) NameSetAside(ctx context.Context, q Quarantined) error {
	return s.write(ctx, "naming a message that was set aside", func(t *wtx) error {
		t.ch.Ops = true
		return t.do("UPDATE quarantine SET subject=?,sender=?,sent=? WHERE folder=? AND uid=? AND uidl=?", q.Subject, packAddrs(q.From), unix(q.Sent), q.Folder, q.UID, q.UIDL)
	})
}

// Unquarantine forgets one message that was set aside: the next pass asks for it again.
func (s *Store) Unquarantine(ctx context.Context, folder mail.FolderID, uid mail.UID, uidl string) error {
	return s.write(ctx, "taking a message back", func(t *wtx) error {
		t.ch.Ops = true
		return t.do("DELETE FROM quarantine WHERE folder=? AND uid=? AND uidl=?", folder, uid, uidl)
	})
}

// DismissSetAside takes messages that were set aside off the list of SetAside, or puts them back. They stay on the server, and passes go
// on without them.
func (s *Store) DismissSetAside(ctx context.Context, dismissed bool, ids ...mail.SetAsideID) error {
	return s.write(ctx, fmt.Sprintf("settling %d messages that were set aside", len(ids)), func(t *wtx) error {
		t.ch.Ops = true
		for _, q := range ids {
			if err := t.do("UPDATE quarantine SET dismissed=? WHERE folder=? AND uid=? AND uidl=?", dismissed, q.Folder, q.UID, q.UIDL); err != nil {
				return err
			}
		}
		return nil
	})
}

// RowsByUID returns the rows of messages of a folder by their UIDs; those that are not known are missing.
func (s *Store) RowsByUID(ctx context.Context, folder mail.FolderID, uids []mail.UID) (map[mail.UID]mail.Row, error) {
	out := map[mail.UID]mail.Row{}
	list, err := toJSON(uids)
	if err != nil {
		return nil, err
	}
	err = s.readAll(ctx, "SELECT "+rowCols+" FROM messages m WHERE m.folder=? AND m.uid IN (SELECT value FROM json_each(?))", []any{folder, list}, func(r *sql.Rows) error {
		row, err := scanRow(r)
		out[row.UID] = row
		return err
	})
	return out, err
}

// Failures counts what the user has to settle: operations that failed, and messages that were set aside and not dismissed.
func (s *Store) Failures(ctx context.Context) (ops, aside int, err error) {
	_, err = s.read(ctx, "SELECT (SELECT count(*) FROM ops WHERE state='failed'),(SELECT count(*) FROM quarantine WHERE dismissed=0)", nil, &ops, &aside)
	return ops, aside, err
}
