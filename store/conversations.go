package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"peyk/internal/mail"
)

// Lists of conversations. A conversation of a list is what one folder holds of a thread. Its newest message (the head) stands for
// it, so a list of conversations is the list of messages without the others (the tails), and walks the same indexes with
// the same anchors: most conversations are of one message, and cost nothing more.
//
// messages.conv says what a message is in its folder:
//
//	0                 a conversation of its own
//	1                 not the newest
//	16 + 2 + 4 + 8    the newest of several (16), of which any is unread (2), starred (4), with attachments (8)
//	32                snoozed: by itself, whatever else is there (snooze.go)
//
// It is kept for shown rows only (hidden=0), by regroup at the end of every transaction. folders.convs counts the conversations.

// maxWriters is of how many messages of a conversation, the newest, the people are listed.
const maxWriters = 20

// grouped reports whether the rows of a query are conversations.
func (q Query) grouped() bool {
	return q.Conversations && q.Search == "" && q.Tag == "" && q.Thread == 0 && q.Snoozed != SnoozedOnly
}

// sizeOf is what a list is ordered by: all that a conversation takes up in its folder.
func sizeOf(q Query) string {
	if !q.grouped() {
		return "m.size"
	}
	return "iif(m.conv=0,m.size,(SELECT sum(x.size) FROM messages x INDEXED BY m_thread WHERE x.thread=m.thread AND x.folder=m.folder AND x.hidden=0 AND x.conv&32=0))"
}

// The indexes that lists walk hold conv (and what their filter is about), so that tails are skipped in the index; SQLite takes
// m_role_unread for covering only with hidden in it. m_thread holds all that makes conv.
const schemaConversations = `
ALTER TABLE messages ADD COLUMN conv INTEGER NOT NULL DEFAULT 0;
ALTER TABLE folders ADD COLUMN convs INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER count_ins; DROP TRIGGER count_del; DROP TRIGGER count_upd;
DROP INDEX m_folder; DROP INDEX m_role; DROP INDEX m_unread; DROP INDEX m_role_unread; DROP INDEX m_starred; DROP INDEX m_attached;
DROP INDEX m_thread;
CREATE INDEX m_thread ON messages(thread, folder, hidden, date, id, flags, attachments, conv);
` + setConvs + wrongConvs + intoConvs + `;
UPDATE folders SET convs=(SELECT count(*) FROM messages m WHERE m.folder=folders.id AND m.hidden=0 AND m.conv&1=0);
CREATE INDEX m_folder ON messages(folder, date, id, conv) WHERE hidden=0;
CREATE INDEX m_role ON messages(role, date, id, account, conv) WHERE hidden=0 AND role<>0;
CREATE INDEX m_unread ON messages(folder, date, id, flags, conv) WHERE hidden=0 AND (flags&1=0 OR conv&2<>0);
CREATE INDEX m_role_unread ON messages(role, date, id, account, flags, conv, hidden) WHERE hidden=0 AND role<>0 AND (flags&1=0 OR conv&2<>0);
CREATE INDEX m_starred ON messages(date, id, folder, account, flags, conv) WHERE hidden=0 AND (flags&4<>0 OR conv&4<>0);
CREATE INDEX m_attached ON messages(folder, date, id, attachments, conv) WHERE hidden=0 AND (attachments>0 OR conv&8<>0);
CREATE TRIGGER count_ins AFTER INSERT ON messages WHEN NEW.hidden=0 BEGIN
  UPDATE folders SET total=total+1, unread=unread+(NEW.flags&1=0), size=size+NEW.size, convs=convs+(NEW.conv&1=0) WHERE id=NEW.folder;
END;
CREATE TRIGGER count_del AFTER DELETE ON messages WHEN OLD.hidden=0 BEGIN
  UPDATE folders SET total=total-1, unread=unread-(OLD.flags&1=0), size=size-OLD.size, convs=convs-(OLD.conv&1=0) WHERE id=OLD.folder;
END;
CREATE TRIGGER count_upd AFTER UPDATE OF folder,hidden,flags,size,conv ON messages
 WHEN OLD.folder<>NEW.folder OR (OLD.hidden=0)<>(NEW.hidden=0) OR (OLD.flags&1)<>(NEW.flags&1) OR OLD.size<>NEW.size OR (OLD.conv&1)<>(NEW.conv&1) BEGIN
  UPDATE folders SET total=total-1, unread=unread-(OLD.flags&1=0), size=size-OLD.size, convs=convs-(OLD.conv&1=0) WHERE id=OLD.folder AND OLD.hidden=0;
  UPDATE folders SET total=total+1, unread=unread+(NEW.flags&1=0), size=size+NEW.size, convs=convs+(NEW.conv&1=0) WHERE id=NEW.folder AND NEW.hidden=0;
END;
`

// The statements that say what conv has to be (c) for the messages (id) for which it is something else, in the conversations
// between them. The conversations of one message that are right, most of all, go no further than the grouping.
const (
	convsBefore = `SELECT m.id id,iif(m.id=g.head,g.bits,1) c FROM (
 SELECT d.folder folder,d.thread thread,iif(count(*)=1,0,16+2*max(x.flags&1=0)+4*max(x.flags&4<>0)+8*max(x.attachments>0)) bits,
  (SELECT h.id FROM messages h INDEXED BY m_thread WHERE h.thread=d.thread AND h.folder=d.folder AND h.hidden=0 AND h.conv&32=0 ORDER BY h.date DESC,h.id DESC LIMIT 1) head
 FROM (`
	convsAfter = `) d CROSS JOIN messages x INDEXED BY m_thread ON x.thread=d.thread AND x.folder=d.folder AND x.hidden=0 AND x.conv&32=0
 GROUP BY d.folder,d.thread HAVING count(*)>1 OR max(x.conv)<>0) g
 CROSS JOIN messages m INDEXED BY m_thread ON m.thread=g.thread AND m.folder=g.folder AND m.hidden=0 AND m.conv&32=0 WHERE m.conv<>iif(m.id=g.head,g.bits,1)`
	// Materialized, because SQLite would look through all messages otherwise.
	setConvs   = "WITH x AS MATERIALIZED ("
	intoConvs  = ") UPDATE messages SET conv=x.c FROM x WHERE messages.id=x.id"
	wrongConvs = convsBefore + "SELECT DISTINCT folder,thread FROM messages WHERE hidden=0" + convsAfter
	seenConvs  = convsBefore + `SELECT folder,thread FROM temp.seen_delta WHERE thread<>0
 UNION SELECT folder,thread FROM temp.seen_touch WHERE thread<>0 UNION SELECT folder,thread FROM temp.seen_join` + convsAfter
)

// regroup brings conv up to date in the conversations that the transaction touched.
func (t *wtx) regroup() error {
	if t.joined {
		if err := t.joinedSnoozes(); err != nil {
			return err
		}
	}
	if err := t.do(setConvs + seenConvs + intoConvs); err != nil || !t.joined {
		return err
	}
	return t.do("DELETE FROM temp.seen_join")
}

// headOf finds the message that stands for the conversation of a message in its folder; 0 when the message is not shown.
func (sn *snapshot) headOf(id mail.MessageID) (head mail.MessageID, err error) {
	rows, err := sn.query(`SELECT h.id FROM messages x CROSS JOIN messages h INDEXED BY m_thread ON h.thread=x.thread AND h.folder=x.folder AND h.hidden=0
 AND (h.conv&32=0 AND x.conv&32=0 OR h.id=x.id) WHERE x.id=? AND x.hidden=0 ORDER BY h.date DESC,h.id DESC LIMIT 1`, id)
	err = eachRow(rows, err, func(r *sql.Rows) error { return r.Scan(&head) })
	return head, err
}

// countConvs counts conversations, and those with an unread message.
func (s *Store) countConvs(ctx context.Context, q Query) (total, unread int, err error) {
	u := q
	u.Unread = true
	if unread, err = s.countWhere(ctx, u); err != nil || q.Unread {
		return unread, unread, err
	}
	if q.Starred || q.WithAttachment {
		total, err = s.countWhere(ctx, q)
		return total, unread, err
	}
	if _, err = s.read(ctx, "SELECT ifnull(sum(convs),0) FROM folders WHERE (?1=0 OR id=?1) AND (?2=0 OR role=?2) AND (?3=0 OR account=?3)",
		[]any{q.Folder, roleNumber(q.Role), q.Account}, &total); err == nil {
		var counted int // among unread already
		err = s.lessSnoozed(ctx, q, &total, &counted)
	}
	return total, unread, err
}

// countWhere counts the rows of a query in its index.
func (s *Store) countWhere(ctx context.Context, q Query) (n int, err error) {
	q.Sort = SortDate
	err = s.withPlan(ctx, q, "counting conversations", func(sn *snapshot, p plan) error {
		rows, err := sn.query("SELECT count(*) FROM messages m INDEXED BY "+p.index+" WHERE "+p.where, p.args...)
		return eachRow(rows, err, func(r *sql.Rows) error { return r.Scan(&n) })
	})
	return n, err
}

// group completes the rows of a page of conversations.
func (sn *snapshot) group(rows []mail.Row) error {
	at := make(map[mail.MessageID]*mail.Row, len(rows))
	heads := make([]mail.MessageID, len(rows))
	for i := range rows {
		heads[i] = rows[i].ID
		at[rows[i].ID] = &rows[i]
	}
	var newest []mail.MessageID
	of := map[mail.MessageID]*mail.Group{}
	// Unread ones are told by the sign: one row a conversation, not one a message, comes through the driver.
	err := sn.all(`SELECT h.id,group_concat(iif(x.flags&1=0,-x.id,x.id)),max(x.flags&4<>0),sum(x.attachments) FROM json_each(?) j
 CROSS JOIN messages h ON h.id=j.value CROSS JOIN messages x INDEXED BY m_thread ON x.thread=h.thread AND x.folder=h.folder AND x.hidden=0 AND x.conv&32=0
 WHERE h.conv&16<>0 GROUP BY h.id`, []any{idList(heads)}, func(r *sql.Rows) error {
		var id mail.MessageID
		var ids string
		var starred bool
		var attachments int
		if err := r.Scan(&id, &ids, &starred, &attachments); err != nil {
			return err
		}
		g := groupOf(ids)
		row := at[id]
		row.Group, row.Attachments = g, attachments
		row.Flags = row.Flags.With(mail.FlagSeen).Without(mail.FlagFlagged)
		if g.Unread > 0 {
			row.Flags = row.Flags.Without(mail.FlagSeen)
		}
		if starred {
			row.Flags = row.Flags.With(mail.FlagFlagged)
		}
		for _, m := range g.Messages[max(0, len(g.Messages)-maxWriters):] {
			newest = append(newest, m)
			of[m] = g
		}
		return nil
	})
	if err != nil || len(newest) == 0 {
		return err
	}
	return sn.people(newest, of)
}

// groupOf reads ids with the sign of unread ones.
func groupOf(ids string) *mail.Group {
	g := &mail.Group{}
	for s := range strings.SplitSeq(ids, ",") {
		n, _ := strconv.ParseInt(s, 10, 64)
		id := mail.MessageID(n)
		if id < 0 {
			id = -id
			if g.Unread++; g.Unread == 1 {
				g.FirstUnread = id
			}
		}
		g.Messages = append(g.Messages, id)
	}
	return g
}

// people lists who takes part in conversations, by their newest messages; ids are oldest first in each.
func (sn *snapshot) people(newest []mail.MessageID, of map[mail.MessageID]*mail.Group) error {
	type message struct {
		sender, recipients string
		flags              int
	}
	found := make(map[mail.MessageID]message, len(newest))
	err := sn.all("SELECT m.id,m.sender,m.recipients,m.flags FROM json_each(?) j CROSS JOIN messages m ON m.id=j.value", []any{idList(newest)}, func(r *sql.Rows) error {
		var id mail.MessageID
		var m message
		err := r.Scan(&id, &m.sender, &m.recipients, &m.flags)
		found[id] = m
		return err
	})
	for i := len(newest) - 1; i >= 0; i-- {
		id := newest[i]
		g, m := of[id], found[id]
		unread := m.flags&bitSeen == 0
		g.From = meet(g.From, unpackAddrs(m.sender), unread)
		g.To = meet(g.To, unpackAddrs(m.recipients), unread)
	}
	return err
}

// maxParticipants is how many people of a conversation are told; rows have no room for more.
const maxParticipants = 12

func meet(l []mail.Participant, as []mail.Address, unread bool) []mail.Participant {
next:
	for _, a := range as {
		for i := range l {
			if strings.EqualFold(l[i].Addr, a.Addr) {
				l[i].Unread = l[i].Unread || unread
				continue next
			}
		}
		if len(l) < maxParticipants {
			l = append(l, mail.Participant{Address: a, Unread: unread})
		}
	}
	return l
}

// all calls fn for every row of a fixed statement.
func (sn *snapshot) all(q string, args []any, fn func(*sql.Rows) error) error {
	rows, err := sn.query(q, args...)
	return eachRow(rows, err, fn)
}

// Members returns the messages of the conversations that the given ones are part of, as far as they lie in the same folder, each
// once: what an action on rows of a list of conversations is about.
func (s *Store) Members(ctx context.Context, ids []mail.MessageID) ([]mail.MessageID, error) {
	var out []mail.MessageID
	err := s.readAll(ctx, `SELECT DISTINCT x.id FROM json_each(?) j CROSS JOIN messages h ON h.id=j.value
 CROSS JOIN messages x INDEXED BY m_thread ON x.thread=h.thread AND x.folder=h.folder AND x.hidden=0
 AND (h.conv&32=0 AND x.conv&32=0 OR h.id=x.id)`, []any{idList(ids)}, scanID(&out))
	return out, err
}
