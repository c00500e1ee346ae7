package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// How long a message that was set aside is left alone.
const (
	firstAgain  = 15 * time.Minute // after the connection ended at it, in two tries; doubled with each other one
	againDaily  = 24 * time.Hour
	againWeekly = 7 * againDaily
	dailyTries  = 30  // of those at which the connection ends, before they are asked for weekly
	refusals    = 3   // of those that the server refuses, likewise
	lastTry     = 100 // about a year and a half later: then only the user asks for it
)

// dueAfter is when a message is asked for again that was asked for so often. Zero is never.
func dueAfter(now time.Time, cause AsideCause, tries int) time.Time {
	wait, daily := againDaily, refusals
	switch {
	case cause == AsideLarge, tries >= lastTry:
		return time.Time{}
	case cause == AsideNetwork:
		daily = dailyTries
		if tries <= 8 {
			wait = min(firstAgain<<max(0, tries-2), againDaily)
		}
	}
	if tries > daily {
		wait = againWeekly
	}
	return now.Add(wait)
}

// Quarantine sets messages of a server aside with the reason, so that a pass can go on without them. Saying it again adds what is known of
// a message. Its cause and its tries say when it is due to be asked for again; q.Due and q.Tries are not read.
func (s *Store) Quarantine(ctx context.Context, list ...Quarantined) error {
	return s.write(ctx, fmt.Sprintf("setting %d messages aside", len(list)), func(t *wtx) error {
		for _, q := range list {
			if err := t.quarantine(q); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *wtx) quarantine(q Quarantined) error {
	t.ch.Ops = true
	tries := 1
	if _, err := t.get("SELECT tries FROM quarantine WHERE folder=? AND uid=? AND uidl=?", []any{q.Folder, q.UID, q.UIDL}, &tries); err != nil {
		return err
	}
	now := t.s.now()
	t.aside = asideUnknown
	return t.do(`INSERT INTO quarantine(folder,uid,uidl,reason,tries,since,subject,sender,size,sent,cause,due) VALUES(?,?,?,?,1,?,?,?,?,?,?,?)
 ON CONFLICT(folder,uid,uidl) DO UPDATE SET reason=excluded.reason,subject=coalesce(nullif(excluded.subject,''),subject),
 sender=coalesce(nullif(excluded.sender,''),sender),size=max(size,excluded.size),
 sent=coalesce(nullif(excluded.sent,0),sent),cause=excluded.cause,due=excluded.due`,
		q.Folder, q.UID, q.UIDL, q.Reason, unix(now), q.Subject, packAddrs(q.From), q.Size, unix(q.Sent), q.Cause, unix(dueAfter(now, q.Cause, tries)))
}

// DueAside lists what was set aside in an account and is to be asked for again now, what waits longest first, at most limit. With anew there is
// another network than before, and what the old one kept away waits no longer.
func (s *Store) DueAside(ctx context.Context, account mail.AccountID, anew bool, limit int) (list []Quarantined, err error) {
	err = s.readAll(ctx, "SELECT "+quarantineCols+` FROM quarantine WHERE (due BETWEEN 1 AND ? OR ? AND due>0 AND cause=?)
 AND folder IN (SELECT id FROM folders WHERE account=?) ORDER BY due,folder,uid,uidl LIMIT ?`, []any{unix(s.now()), anew, AsideNetwork, account, limit}, func(r *sql.Rows) error {
		q, err := scanQuarantined(r)
		list = append(list, q)
		return err
	})
	return list, err
}

// NextAside is when something that was set aside in an account is to be asked for again; zero where nothing is.
func (s *Store) NextAside(ctx context.Context, account mail.AccountID) (time.Time, error) {
	var due int64
	_, err := s.read(ctx, "SELECT ifnull(min(due),0) FROM quarantine WHERE due>0 AND folder IN (SELECT id FROM folders WHERE account=?)", []any{account}, &due)
	return fromUnix(due), err
}

// TryAside notes that a message which was set aside is about to be asked for: before it is, because the session or the computer may end of
// it. It is due again as if that had failed; when it comes, Ingest takes it off the list.
func (s *Store) TryAside(ctx context.Context, q Quarantined) error {
	return s.write(ctx, "asking again for a message that was set aside", func(t *wtx) error {
		t.ch.Ops = true
		return t.do("UPDATE quarantine SET tries=tries+1,due=? WHERE folder=? AND uid=? AND uidl=?",
			unix(dueAfter(s.now(), q.Cause, q.Tries+1)), q.Folder, q.UID, q.UIDL)
	})
}

// came takes the messages that have come off the list of those that were set aside.
func (g *ingester) came() error {
	aside := false
	if _, err := g.t.get("SELECT EXISTS(SELECT 1 FROM quarantine WHERE folder=?)", []any{g.f.ID}, &aside); err != nil || !aside {
		return err
	}
	for i := range g.in {
		n, err := g.t.exec("DELETE FROM quarantine WHERE folder=? AND uid=? AND uidl=?", g.f.ID, g.in[i].UID, g.in[i].UIDL)
		if err != nil {
			return err
		}
		if gone, _ := n.RowsAffected(); gone > 0 {
			g.t.ch.Ops = true
		}
	}
	return nil
}

// asideState is what a transaction knows about messages that were set aside: asked once, not for each of thousands of bodies.
type asideState uint8

const (
	asideUnknown asideState = iota
	asideNone
	asideSome
)

// bodyCame takes a message off the list of those that were set aside whose row has waited for its body.
func (t *wtx) bodyCame(id mail.MessageID) error {
	if t.aside == asideUnknown {
		some := false
		if _, err := t.get("SELECT EXISTS(SELECT 1 FROM quarantine)", nil, &some); err != nil {
			return err
		}
		if t.aside = asideNone; some {
			t.aside = asideSome
		}
	}
	if t.aside == asideNone {
		return nil
	}
	n, err := t.exec("DELETE FROM quarantine WHERE (folder,uid)=(SELECT folder,uid FROM messages WHERE id=?)", id)
	if err != nil {
		return err
	}
	gone, _ := n.RowsAffected()
	t.ch.Ops = t.ch.Ops || gone > 0
	return nil
}

const quarantineCols = "folder,uid,uidl,reason,tries,since,subject,sender,size,sent,asked,cause,due"

func scanQuarantined(r *sql.Rows) (Quarantined, error) {
	var q Quarantined
	var since, sent, due int64
	var sender string
	err := r.Scan(&q.Folder, &q.UID, &q.UIDL, &q.Reason, &q.Tries, &since, &q.Subject, &sender, &q.Size, &sent, &q.Asked, &q.Cause, &due)
	q.Since, q.From, q.Sent, q.Due = fromUnix(since), unpackAddrs(sender), fromUnix(sent), fromUnix(due)
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
