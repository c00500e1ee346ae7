package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// A snoozed message stays where it is, on the server and here; lists that ask for it (Query.Snoozed) leave it out until its time has come. It is not
// hidden: searches, exports and the counts of folders have it. That it is left out is a bit of messages.conv (32, the only one that is set then), which the indexes of
// lists hold; a snoozed message is no part of its conversation's row meanwhile.
//
// When its time has come it is to be seen, wherever it stood: messages.date, the place in lists, becomes that moment, and messages.sent keeps
// the date of the message. Something new in its conversation ends the wait, too, and then it keeps its place.
//
// A message that is moved elsewhere is not snoozed there; brought back it is again, as long as its time has not come. So undo needs not know.
const schemaSnooze = `
ALTER TABLE messages ADD COLUMN sent INTEGER NOT NULL DEFAULT 0; -- its date where date is when it came back; 0: date is its date
CREATE INDEX m_sent ON messages(sent) WHERE sent<>0;
CREATE TABLE snoozes(message INTEGER PRIMARY KEY, folder INTEGER NOT NULL, until INTEGER NOT NULL);
CREATE INDEX z_until ON snoozes(until);
ALTER TABLE op_targets ADD COLUMN until INTEGER NOT NULL DEFAULT 0; -- how long it was snoozed before, 0: not
CREATE TRIGGER snooze_move AFTER UPDATE OF folder ON messages
 WHEN OLD.folder<>NEW.folder AND EXISTS(SELECT 1 FROM snoozes WHERE message=NEW.id) BEGIN
  UPDATE messages SET conv=iif((SELECT folder FROM snoozes WHERE message=NEW.id)=NEW.folder,32,0) WHERE id=NEW.id;
END;
`

// What the doctor looks for: the bit is to be set where, and only where, a message waits in its folder.
const (
	wrongSnoozed = `SELECT id FROM messages WHERE conv&32<>0 AND NOT EXISTS(SELECT 1 FROM snoozes z WHERE z.message=messages.id AND z.folder=messages.folder)
 UNION SELECT m.id FROM snoozes z CROSS JOIN messages m ON m.id=z.message WHERE m.folder=z.folder AND m.conv<>32`
	wrongSnoozes = "SELECT count(*) FROM (" + wrongSnoozed + ")"
)

// shelfSQL watches what lists leave out and show again, what goes while it is left out, and what is to wait for another time. That is rare: what is cached of
// lists is forgotten then.
const shelfSQL = `
CREATE TEMP TABLE IF NOT EXISTS seen_shelf(id INT);
CREATE TEMP TRIGGER IF NOT EXISTS watch_shelf AFTER UPDATE OF conv ON main.messages WHEN (OLD.conv&32)<>(NEW.conv&32) BEGIN
  INSERT INTO seen_shelf VALUES(NEW.id);
  INSERT INTO seen_touch VALUES(NEW.id,NEW.folder,NEW.thread);
END;
CREATE TEMP TRIGGER IF NOT EXISTS watch_shelf_del AFTER DELETE ON main.messages WHEN OLD.conv&32<>0 AND OLD.hidden=0 BEGIN
  INSERT INTO seen_shelf VALUES(OLD.id);
END;
CREATE TEMP TRIGGER IF NOT EXISTS watch_shelf_move AFTER UPDATE OF folder,role,date,hidden ON main.messages
 WHEN OLD.conv&32<>0 AND (OLD.hidden=0 OR NEW.hidden=0) AND (OLD.role<>NEW.role OR OLD.date<>NEW.date OR (OLD.hidden=0)<>(NEW.hidden=0)) BEGIN
  INSERT INTO seen_shelf VALUES(OLD.id);
END;
CREATE TEMP TRIGGER IF NOT EXISTS watch_until AFTER UPDATE OF until ON main.snoozes WHEN OLD.until<>NEW.until BEGIN
  INSERT INTO seen_touch VALUES(NEW.message,NEW.folder,0);
END;`

// SnoozedScope says what a list does with snoozed messages.
type SnoozedScope int

// The scopes.
const (
	SnoozedToo     SnoozedScope = iota // like all others: whoever counts or exports wants everything
	SnoozedLeftOut                     // lists of folders in a window
	SnoozedOnly                        // nothing else; by date means: what comes back first stands first
)

// snoozedSQL is true for messages that wait. They are found by the table of those, which is short.
const snoozedSQL = "m.conv&32<>0 AND m.id IN (SELECT message FROM snoozes)"

// snoozedCond is the condition of a scope; none for SnoozedToo.
func snoozedCond(s SnoozedScope) (rowCond, bool) {
	switch s {
	case SnoozedLeftOut:
		return rowCond{sql: "m.conv&32=0"}, true
	case SnoozedOnly:
		return rowCond{sql: snoozedSQL, marks: true}, true
	}
	return rowCond{}, false
}

// snooze lets a message wait until a moment (Unix seconds), or no longer when that is 0.
func (t *wtx) snooze(id mail.MessageID, folder mail.FolderID, until int64) error {
	if until == 0 {
		if err := t.do("DELETE FROM snoozes WHERE message=?", id); err != nil {
			return err
		}
		return t.do("UPDATE messages SET conv=0 WHERE id=? AND conv&32<>0", id)
	}
	if err := t.do("INSERT INTO snoozes(message,folder,until) VALUES(?1,?2,?3) ON CONFLICT(message) DO UPDATE SET folder=?2,until=?3", id, folder, until); err != nil {
		return err
	}
	return t.do("UPDATE messages SET conv=32 WHERE id=? AND folder=? AND conv<>32", id, folder)
}

// joinedSnoozes ends the waiting of messages to whose conversation something new was added in their folder.
func (t *wtx) joinedSnoozes() error {
	var any bool
	if _, err := t.get("SELECT EXISTS(SELECT 1 FROM snoozes)", nil, &any); err != nil || !any {
		return err
	}
	for _, q := range []string{
		`DELETE FROM snoozes WHERE message IN (SELECT m.id FROM temp.seen_join j CROSS JOIN messages m INDEXED BY m_thread
 ON m.thread=j.thread AND m.folder=j.folder WHERE m.conv&32<>0)`,
		`UPDATE messages SET conv=0 WHERE conv&32<>0 AND id IN (SELECT m.id FROM temp.seen_join j CROSS JOIN messages m INDEXED BY m_thread
 ON m.thread=j.thread AND m.folder=j.folder WHERE m.conv&32<>0)`,
	} {
		if err := t.do(q); err != nil {
			return err
		}
	}
	return nil
}

// WakeSnoozed lets the messages come back whose time is now or was before, and returns those that are still where they waited. Each takes
// its place in the lists by this moment.
func (s *Store) WakeSnoozed(ctx context.Context) ([]mail.MessageID, error) {
	var ids []mail.MessageID
	now := s.now().Unix()
	err := s.write(ctx, "bringing snoozed messages back", func(t *wtx) error {
		ids = nil
		if err := t.each(`SELECT m.id FROM snoozes z CROSS JOIN messages m ON m.id=z.message WHERE z.until<=? AND m.conv&32<>0 ORDER BY z.until,m.id`, []any{now}, takeID(&ids)); err != nil {
			return err
		}
		for _, id := range ids {
			if err := t.do("UPDATE messages SET sent=iif(sent=0,date,sent),date=max(date,?1),conv=0 WHERE id=?2", now, id); err != nil {
				return err
			}
		}
		t.ch.Returned = ids
		return t.do("DELETE FROM snoozes WHERE until<=?", now)
	})
	return ids, err
}

// NextSnoozed is when the next snoozed message comes back; zero when none waits.
func (s *Store) NextSnoozed(ctx context.Context) (time.Time, error) {
	var until int64
	if _, err := s.read(ctx, "SELECT ifnull(min(until),0) FROM snoozes", nil, &until); err != nil {
		return time.Time{}, fmt.Errorf("looking when a snoozed message comes back: %w", err)
	}
	if until == 0 {
		return time.Time{}, nil
	}
	return fromUnix(until), nil
}

// Snoozed counts the snoozed messages of each folder that has any.
func (s *Store) Snoozed(ctx context.Context) (map[mail.FolderID]mail.SnoozedCount, error) {
	out := map[mail.FolderID]mail.SnoozedCount{}
	err := s.readAll(ctx, `SELECT m.folder,count(*),sum(m.flags&1=0) FROM snoozes z CROSS JOIN messages m ON m.id=z.message
 WHERE m.hidden=0 AND m.conv&32<>0 GROUP BY m.folder`, nil, func(r *sql.Rows) error {
		var f mail.FolderID
		var c mail.SnoozedCount
		err := r.Scan(&f, &c.Total, &c.Unread)
		out[f] = c
		return err
	})
	if err != nil {
		err = fmt.Errorf("counting snoozed messages: %w", err)
	}
	return out, err
}

// lessSnoozed takes from the numbers of folders what a list of them leaves out.
func (s *Store) lessSnoozed(ctx context.Context, q Query, total, unread *int) error {
	if q.Snoozed != SnoozedLeftOut {
		return nil
	}
	var n, u int
	_, err := s.read(ctx, `SELECT count(*),ifnull(sum(m.flags&1=0),0) FROM snoozes z CROSS JOIN messages m ON m.id=z.message
 WHERE m.hidden=0 AND m.conv&32<>0 AND (?1=0 OR m.folder=?1) AND (?2=0 OR m.role=?2) AND (?3=0 OR m.account=?3)`,
		[]any{q.Folder, roleNumber(q.Role), q.Account}, &n, &u)
	*total -= n
	*unread -= u
	return err
}
