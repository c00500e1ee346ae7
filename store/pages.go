package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"peyk/internal/mail"
)

// snapshot is a read transaction with the generations that it sees.
type snapshot struct {
	s             *Store
	ctx           context.Context
	tx            *sql.Tx
	layout, marks int64
}

// snap runs fn on a snapshot: everything it reads belongs to one moment. fn must not ask for another one.
//
// A snapshot holds its connection and may need another for a moment, to keep a statement prepared (stmtCache.on). One is therefore never given to
// a snapshot: were all held by those who wait for another, nobody would ever read again.
func (s *Store) snap(ctx context.Context, fn func(*snapshot) error) error {
	select {
	case s.snaps <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.snaps }()
	tx, err := s.r.BeginTx(ctx, nil)
	if err != nil {
		return s.readErr(err)
	}
	defer func() { _ = tx.Rollback() }()
	sn := &snapshot{s: s, ctx: ctx, tx: tx}
	st, err := sn.stmt("SELECT layout,marks FROM gens")
	if err == nil {
		err = st.QueryRowContext(ctx).Scan(&sn.layout, &sn.marks)
	}
	if err == nil {
		err = fn(sn)
	}
	return s.readErr(err)
}

// query runs a statement of a plan.
func (sn *snapshot) query(q string, args ...any) (*sql.Rows, error) {
	st, err := sn.stmt(q)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(sn.ctx, args...)
}

// stmt prepares a statement of the fixed set of this package; it ends with the transaction.
func (sn *snapshot) stmt(q string) (*sql.Stmt, error) { return sn.s.rstmt.on(sn.ctx, sn.tx, q) }

// Page returns limit rows of a query from offset on; fewer at its end. It is quick at any offset: skipping is done in an
// index, from the nearest anchor.
func (s *Store) Page(ctx context.Context, q Query, offset, limit int) ([]mail.Row, error) {
	var rows []mail.Row
	err := s.withPlan(ctx, q, "reading a page", func(sn *snapshot, p plan) error {
		ids, err := sn.ids(p, offset, limit)
		if err != nil {
			return err
		}
		rows, err = s.rowsOn(ctx, sn.tx, ids)
		switch {
		case err != nil:
		case p.threads:
			err = sn.finder(p).group(rows)
		case p.conv:
			err = sn.group(rows)
		}
		return err
	})
	return rows, err
}

// IDs returns only the ids of a page: for "select all" and operations on whole folders.
func (s *Store) IDs(ctx context.Context, q Query, offset, limit int) ([]mail.MessageID, error) {
	var ids []mail.MessageID
	err := s.withPlan(ctx, q, "reading ids", func(sn *snapshot, p plan) (err error) {
		ids, err = sn.ids(p, offset, limit)
		return err
	})
	return ids, err
}

func (s *Store) withPlan(ctx context.Context, q Query, what string, fn func(*snapshot, plan) error) error {
	p, err := s.planFor(ctx, q)
	if err == nil && !p.empty {
		err = s.snap(ctx, func(sn *snapshot) error { return fn(sn, p) })
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func (sn *snapshot) ids(p plan, offset, limit int) ([]mail.MessageID, error) {
	if limit <= 0 || offset < 0 {
		return nil, nil
	}
	if p.search != nil {
		return sn.finder(p).page(offset, limit)
	}
	if !p.listed {
		return sn.walk(p, offset, limit)
	}
	l, err := sn.list(p)
	if err != nil {
		return nil, err
	}
	return l.page(offset, limit), nil
}

// list returns the whole list of a listed plan.
func (sn *snapshot) list(p plan) (*idCache, error) {
	c := &sn.s.pages
	if l := c.ids(p.key, sn.layout, sn.marks, p.marks); l != nil {
		return l, nil
	}
	l := &idCache{layout: sn.layout, marks: sn.marks}
	rows, err := sn.query("SELECT m.id,m.flags FROM messages m WHERE "+p.where+" ORDER BY "+p.order, p.args...)
	err = eachRow(rows, err, func(r *sql.Rows) error {
		var id mail.MessageID
		var flags int
		err := r.Scan(&id, &flags)
		l.ids = append(l.ids, id)
		if flags&bitSeen == 0 {
			l.unread++
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	c.keep(p.key, l)
	return l, nil
}

func (l *idCache) page(offset, limit int) []mail.MessageID {
	if offset >= len(l.ids) {
		return nil
	}
	return append([]mail.MessageID(nil), l.ids[offset:min(len(l.ids), offset+limit)]...)
}

// walkSQL is the statement that walks an indexed plan, from a key on when from is set.
func walkSQL(p plan, from bool) string {
	cmp, dir := "<=", "DESC"
	if p.asc {
		cmp, dir = ">=", "ASC"
	}
	q := "SELECT m.date,m.id FROM messages m INDEXED BY " + p.index + " WHERE " + p.where
	if from {
		q += " AND (m.date,m.id)" + cmp + "(?,?)"
	}
	return q + " ORDER BY m.date " + dir + ",m.id " + dir
}

// walk returns ids of an indexed plan. It starts at the nearest anchor and leaves new anchors behind.
func (sn *snapshot) walk(p plan, offset, limit int) ([]mail.MessageID, error) {
	c := &sn.s.pages
	pos := 0
	from := anchor{}
	found := []anchor(nil)
	args := append([]any(nil), p.args...)
	haveAnchor := false
	if a, ok := c.nearest(p, sn.layout, sn.marks, offset); ok {
		from, haveAnchor, pos = a, true, a.before
	}
	// Skip block by block: SQLite skips an index entry in some ten nanoseconds, a row through the driver costs a hundred times that.
	for offset-pos > anchorEvery {
		next, ok, err := sn.keyAfter(p, from.key, haveAnchor, anchorEvery)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		pos += anchorEvery
		from, haveAnchor = anchor{before: pos, key: next}, true
		found = append(found, from)
	}
	c.add(p, sn.layout, sn.marks, found)
	if haveAnchor {
		args = append(args, from.key.date, from.key.id)
	}
	args = append(args, limit, offset-pos)
	ids := make([]mail.MessageID, 0, limit)
	rows, err := sn.query(walkSQL(p, haveAnchor)+" LIMIT ? OFFSET ?", args...)
	err = eachRow(rows, err, func(r *sql.Rows) error {
		var k sortKey
		err := r.Scan(&k.date, &k.id)
		ids = append(ids, k.id)
		return err
	})
	return ids, err
}

// keyAfter is the key n rows behind a key (or behind the start).
func (sn *snapshot) keyAfter(p plan, k sortKey, from bool, n int) (next sortKey, ok bool, err error) {
	args := append([]any(nil), p.args...)
	if from {
		args = append(args, k.date, k.id)
	}
	rows, err := sn.query(walkSQL(p, from)+" LIMIT 1 OFFSET ?", append(args, n)...)
	err = eachRow(rows, err, func(r *sql.Rows) error {
		ok = true
		return r.Scan(&next.date, &next.id)
	})
	return next, ok, err
}

// Total returns how many messages a query has: of a search sooner than Count, because that has to look which are unread.
func (s *Store) Total(ctx context.Context, q Query) (total int, err error) {
	whole := q.Search == "" || SaysNothing(q.Search) || q.grouped()
	if !whole {
		err = s.withPlan(ctx, q, "counting", func(sn *snapshot, p plan) error {
			if whole = p.search == nil; whole {
				return nil
			}
			set, err := sn.finder(p).all()
			if err == nil {
				total = set.size()
			}
			return err
		})
	}
	if whole && err == nil {
		total, _, err = s.Count(ctx, q)
	}
	return total, err
}

// Count returns how many messages a query has and how many of them are unread. Folders, roles, accounts and everything
// together are counted already; filters and searches count what they match. Of conversations those with an unread message count as
// unread.
func (s *Store) Count(ctx context.Context, q Query) (total, unread int, err error) {
	if q.grouped() {
		return s.countConvs(ctx, q)
	}
	if q.Search != "" && SaysNothing(q.Search) {
		q.Search = ""
	}
	plain := q.Search == "" && q.Thread == 0 && !q.Starred && !q.WithAttachment && q.Tag == "" && q.Snoozed != SnoozedOnly
	if plain {
		_, err = s.read(ctx, `SELECT ifnull(sum(total),0),ifnull(sum(unread),0) FROM folders
 WHERE (?1=0 OR id=?1) AND (?2=0 OR role=?2) AND (?3=0 OR account=?3)`,
			[]any{q.Folder, roleNumber(q.Role), q.Account}, &total, &unread)
		if err == nil {
			err = s.lessSnoozed(ctx, q, &total, &unread)
		}
		if q.Unread {
			total = unread
		}
		return total, unread, err
	}
	err = s.withPlan(ctx, q, "counting", func(sn *snapshot, p plan) error {
		if p.search != nil {
			total, unread, err = sn.finder(p).count()
			return err
		}
		if p.listed {
			p.marks = true // what is unread does, whatever the list depends on
			l, err := sn.list(p)
			if err == nil {
				total, unread = len(l.ids), l.unread
			}
			return err
		}
		rows, err := sn.query("SELECT count(*),ifnull(sum(m.flags&1=0),0) FROM messages m INDEXED BY "+p.index+" WHERE "+p.where, p.args...)
		return eachRow(rows, err, func(r *sql.Rows) error { return r.Scan(&total, &unread) })
	})
	return total, unread, err
}

// HeaderOnly is how many messages searches know by their header only, because their text is not on this computer.
func (s *Store) HeaderOnly(ctx context.Context) (n int, err error) {
	if _, err = s.read(ctx, "SELECT count(*) FROM messages INDEXED BY m_nobody WHERE hasbody=0 AND hidden=0", nil, &n); err != nil {
		err = fmt.Errorf("counting what is here by its header only: %w", err)
	}
	return n, err
}

// Position returns the offset of a message in a query (with Conversations: of the conversation that it is part of), or -1 when it
// is not in it.
func (s *Store) Position(ctx context.Context, q Query, id mail.MessageID) (int, error) {
	pos := -1
	err := s.withPlan(ctx, q, "finding a message's place", func(sn *snapshot, p plan) (err error) {
		if p.search != nil {
			pos, err = sn.finder(p).position(id)
			return err
		}
		if p.conv {
			if id, err = sn.headOf(id); err != nil {
				return err
			}
		}
		if p.listed {
			l, err := sn.list(p)
			if err != nil {
				return err
			}
			for i, x := range l.ids {
				if x == id {
					pos = i
					break
				}
			}
			return nil
		}
		pos, err = sn.position(p, id)
		return err
	})
	return pos, err
}

func (sn *snapshot) position(p plan, id mail.MessageID) (int, error) {
	k := sortKey{id: id}
	err := sn.tx.QueryRowContext(sn.ctx, "SELECT m.date FROM messages m WHERE m.id=? AND "+p.where, append([]any{id}, p.args...)...).Scan(&k.date)
	if errors.Is(err, sql.ErrNoRows) {
		return -1, nil
	}
	if err != nil {
		return -1, err
	}
	a, ok := sn.s.pages.nearestKey(p, sn.layout, sn.marks, k)
	pos := 0
	if ok {
		pos = a.before
	}
	// Walk in blocks to the message; they become anchors for the page that is asked next.
	var found []anchor
	for {
		next, more, err := sn.keyAfter(p, a.key, ok, anchorEvery)
		if err != nil {
			return -1, err
		}
		if !more || p.precedes(k, next) {
			break
		}
		pos += anchorEvery
		a, ok = anchor{before: pos, key: next}, true
		found = append(found, a)
	}
	sn.s.pages.add(p, sn.layout, sn.marks, found)
	lo, hi := "<", ">="
	if !p.asc {
		lo, hi = ">", "<="
	}
	q := "SELECT count(*) FROM messages m INDEXED BY " + p.index + " WHERE " + p.where + " AND (m.date,m.id)" + lo + "(?,?)"
	args := append(append([]any(nil), p.args...), k.date, k.id)
	if ok {
		q += " AND (m.date,m.id)" + hi + "(?,?)"
		args = append(args, a.key.date, a.key.id)
	}
	var n int
	rows, err := sn.query(q, args...)
	err = eachRow(rows, err, func(r *sql.Rows) error { return r.Scan(&n) })
	return pos + n, err
}
