package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"peyk/internal/mail"
)

// What a search found, by conversation (Query.Threads): the newest message that was found of each stands for it, wherever the others
// lie. What was looked for are messages, so the others of the conversation are not part of it.

// threaded reports whether the rows of a query are the conversations of a search.
func (q Query) threaded() bool { return q.Threads && q.Search != "" && q.Sort != SortRank }

// heads keeps of a set the newest message of each conversation.
func (e *evaluator) heads(set *idSet) (*idSet, error) {
	switch {
	case set.size() < 2:
		return set, nil
	case set.size() <= e.sn.s.limits.few:
		return e.headsOfFew(set)
	}
	return e.headsOfMany(set)
}

// headsOfFew asks the row of each message.
func (e *evaluator) headsOfFew(set *idSet) (*idSet, error) {
	of := make(map[mail.ThreadID]sortKey, set.size())
	out := newIDSet()
	err := e.sn.all("SELECT m.thread,m.date,m.id FROM json_each(?) j CROSS JOIN messages m ON m.id=j.value", []any{idList(set.ids())}, func(r *sql.Rows) error {
		var thread mail.ThreadID
		var k sortKey
		err := r.Scan(&thread, &k.date, &k.id)
		head, more := of[thread]
		switch {
		case thread == 0:
			out.add(k.id)
		case !more || head.less(k):
			of[thread] = k
		}
		return err
	})
	for _, k := range of {
		out.add(k.id)
	}
	return out, err
}

// headsOfMany takes from a set those that are not the newest of their conversation.
func (e *evaluator) headsOfMany(set *idSet) (*idSet, error) {
	several, err := e.several()
	if err != nil {
		return nil, err
	}
	tails := newIDSet()
	from := 0
	for _, end := range several.ends {
		head := false
		for _, id := range several.ids[from:end] {
			if set.has(id) {
				if head {
					tails.add(id)
				}
				head = true
			}
		}
		from = end
	}
	return set.without(tails), nil
}

// several are the conversations of more than one message, wherever these lie, the newest message first in each: some eight bytes a message. Most
// conversations are of one.
type several struct {
	layout int64 // the generation it is right for
	ids    []mail.MessageID
	ends   []int // where each ends in ids
}

// several reads them by a walk along the index of conversations, once until messages come or go.
func (e *evaluator) several() (*several, error) {
	c := &e.sn.s.found
	c.mu.Lock()
	kept := c.threads
	c.mu.Unlock()
	if kept != nil && kept.layout == e.sn.layout {
		return kept, nil
	}
	out := &several{layout: e.sn.layout}
	var keys []sortKey
	err := e.sn.all("SELECT group_concat(date||' '||id) FROM messages INDEXED BY m_thread WHERE hidden=0 AND thread<>0 GROUP BY thread HAVING count(*)>1", nil, func(r *sql.Rows) error {
		var list string
		err := r.Scan(&list)
		keys = keys[:0]
		for s := range strings.SplitSeq(list, ",") {
			date, id, _ := strings.Cut(s, " ")
			var k sortKey
			k.date, _ = strconv.ParseInt(date, 10, 64)
			n, _ := strconv.ParseInt(id, 10, 64)
			k.id = mail.MessageID(n)
			keys = append(keys, k)
		}
		slices.SortFunc(keys, func(a, b sortKey) int { return pick(b.less(a), -1, 1) })
		for _, k := range keys {
			out.ids = append(out.ids, k.id)
		}
		out.ends = append(out.ends, len(out.ids))
		return err
	})
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.threads == nil || c.threads.layout <= out.layout {
		c.threads = out
	}
	return out, nil
}

// matched is the set of all messages found, of which all are the heads.
func (f *finder) matched() (*idSet, error) {
	if !f.p.threads {
		return f.all()
	}
	if _, err := f.all(); err != nil {
		return nil, err
	}
	f.f.mu.Lock()
	defer f.f.mu.Unlock()
	return f.f.matched, nil
}

// found are those of a conversation that were found, oldest first, for any message of it.
func (f *finder) found(ids []mail.MessageID) (of map[mail.MessageID][]mail.MessageID, err error) {
	set, err := f.matched()
	if err != nil {
		return nil, err
	}
	of = make(map[mail.MessageID][]mail.MessageID, len(ids))
	err = f.sn.all(`SELECT h.id,x.id FROM json_each(?) j CROSS JOIN messages h ON h.id=j.value
 CROSS JOIN messages x INDEXED BY m_thread ON x.thread=h.thread AND x.hidden=0 WHERE h.thread<>0 ORDER BY h.id,x.date,x.id`, []any{idList(ids)}, func(r *sql.Rows) error {
		var h, x mail.MessageID
		err := r.Scan(&h, &x)
		if set.has(x) {
			of[h] = append(of[h], x)
		}
		return err
	})
	for _, id := range ids {
		if len(of[id]) == 0 && set.has(id) {
			of[id] = []mail.MessageID{id}
		}
	}
	return of, err
}

// headOf is the message that stands for the conversation of one that was found; 0 when it was not.
func (f *finder) headOf(id mail.MessageID) (mail.MessageID, error) {
	set, err := f.matched()
	if err != nil || !set.has(id) {
		return 0, err
	}
	of, err := f.found([]mail.MessageID{id})
	if l := of[id]; err == nil && len(l) > 0 {
		return l[len(l)-1], nil
	}
	return 0, err
}

// group completes the rows of a page of conversations.
func (f *finder) group(rows []mail.Row) error {
	ids := make([]mail.MessageID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	of, err := f.found(ids)
	if err != nil {
		return err
	}
	at := map[mail.MessageID]*mail.Row{} // the row of each message of those of several
	var several []mail.MessageID
	for i := range rows {
		if l := of[rows[i].ID]; len(l) > 1 {
			rows[i].Group = &mail.Group{Messages: l}
			rows[i].Flags, rows[i].Attachments = rows[i].Flags.With(mail.FlagSeen).Without(mail.FlagFlagged), 0
			for _, id := range l {
				at[id] = &rows[i]
			}
			several = append(several, l...)
		}
	}
	if len(several) == 0 {
		return nil
	}
	err = f.sn.all("SELECT m.id,m.flags,m.attachments FROM json_each(?) j CROSS JOIN messages m ON m.id=j.value ORDER BY m.date,m.id", []any{idList(several)}, func(r *sql.Rows) error {
		var id mail.MessageID
		var flags, attachments int
		err := r.Scan(&id, &flags, &attachments)
		row := at[id]
		row.Attachments += attachments
		if flags&bitSeen == 0 {
			if row.Group.Unread++; row.Group.Unread == 1 {
				row.Group.FirstUnread = id
			}
			row.Flags = row.Flags.Without(mail.FlagSeen)
		}
		if flags&bitFlagged != 0 {
			row.Flags = row.Flags.With(mail.FlagFlagged)
		}
		return err
	})
	if err != nil {
		return err
	}
	return f.writers(rows)
}

// writers lists who takes part in the conversations of a page.
func (f *finder) writers(rows []mail.Row) error {
	var ids []mail.MessageID
	of := map[mail.MessageID]*mail.Group{}
	for i := range rows {
		if g := rows[i].Group; g != nil {
			for _, id := range g.Messages[max(0, len(g.Messages)-maxWriters):] {
				ids, of[id] = append(ids, id), g
			}
		}
	}
	return f.sn.people(ids, of)
}

// Found returns the messages that a query with Threads found in the conversations of the given ones, each once, oldest first within a conversation: what
// rows of its list stand for. Of a query without Threads they are those of the given ones that it found.
func (s *Store) Found(ctx context.Context, q Query, ids []mail.MessageID) (out []mail.MessageID, err error) {
	err = s.withPlan(ctx, q, "reading what was found", func(sn *snapshot, p plan) error {
		of := map[mail.MessageID][]mail.MessageID{}
		set := newIDSet()
		var err error
		if p.search == nil { // it says nothing: its list is of all messages
			for _, id := range ids {
				set.add(id)
			}
			set, err = (&evaluator{sn: sn}).askRows(set, scopeOf(q))
		} else {
			f := sn.finder(p)
			if set, err = f.matched(); err == nil && p.threads {
				of, err = f.found(ids)
			}
		}
		if err != nil {
			return err
		}
		have := make(map[mail.MessageID]bool, len(ids))
		for _, id := range ids {
			l := of[id]
			if !p.threads && set.has(id) {
				l = []mail.MessageID{id}
			}
			for _, x := range l {
				if !have[x] {
					have[x], out = true, append(out, x)
				}
			}
		}
		return nil
	})
	return slices.Clip(out), err
}
