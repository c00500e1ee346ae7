package store

import (
	"database/sql"

	"peyk/internal/mail"
)

// A search for a word that half of a million messages hold must show its first page at once, too, while somebody types. Making the
// whole list takes a second then. So of very many matches only what is asked for is read: the newest by walking the dates, with the
// matches of the index as a set beside, and the best among the newest.

// matchLimits say what very many matches are; tests lower them.
type matchLimits struct {
	ranked int // how many are ranked: of more, the newest so many
	quick  int // how far down a list by date is read without making all of it
}

var usualLimits = matchLimits{ranked: 20_000, quick: 2000}

// many reports whether a search by words has more matches than are listed whole at once.
func (sn *snapshot) many(p plan) (bool, error) {
	if p.match == "" || p.asc || p.sort != SortDate && p.sort != SortRank || sn.s.pages.ids(p.key, sn.layout, sn.marks, p.marks) != nil {
		return false, nil
	}
	var n int
	err := sn.tx.QueryRowContext(sn.ctx, "SELECT count(*) FROM (SELECT 1 FROM fts WHERE fts MATCH ? LIMIT ?)", p.match, sn.s.limits.ranked+1).Scan(&n)
	return n > sn.s.limits.ranked, err
}

// ofMany returns a page of a search with very many matches; ok is false for others, and deep down a list by date.
func (sn *snapshot) ofMany(p plan, offset, limit int) (ids []mail.MessageID, ok bool, err error) {
	if many, err := sn.many(p); err != nil || !many {
		return nil, false, err
	}
	if p.sort == SortRank && offset < sn.s.limits.ranked {
		l, err := sn.best(p)
		if err != nil {
			return nil, true, err
		}
		ids = l.page(offset, limit)
		offset, limit = offset+len(ids), limit-len(ids)
		if limit == 0 || len(l.ids) < sn.s.limits.ranked {
			return ids, true, nil
		}
	} else if p.sort == SortDate && offset+limit > sn.s.limits.quick {
		return nil, false, nil
	}
	q, args := newestMatches(p)
	rows, err := sn.query(p, q+" LIMIT ? OFFSET ?", append(args, limit, offset)...)
	err = eachRow(rows, err, func(r *sql.Rows) error { return scanID(&ids)(r) })
	return ids, true, err
}

// newestMatches is the statement for the ids of all matches, newest first.
func newestMatches(p plan) (q string, args []any) {
	args = append(append([]any(nil), p.args[1:]...), p.match)
	return "SELECT m.id FROM messages m INDEXED BY " + p.index + " WHERE " + p.filter +
		" AND m.id IN (SELECT rowid FROM fts WHERE fts MATCH ?) ORDER BY m.date DESC,m.id DESC", args
}

// best lists the newest matches, as many as are ranked, best first.
func (sn *snapshot) best(p plan) (*idCache, error) {
	key := p.key + "/best"
	c := &sn.s.pages
	if l := c.ids(key, sn.layout, sn.marks, p.marks); l != nil {
		return l, nil
	}
	newest, args := newestMatches(p)
	// The plus keeps SQLite from asking the index anew for each of the ids.
	l, err := sn.read(p, "SELECT m.id,m.flags FROM fts CROSS JOIN messages m ON m.id=fts.rowid WHERE fts MATCH ? AND +fts.rowid IN ("+newest+
		" LIMIT ?) ORDER BY "+p.order, append(append([]any{p.match}, args...), sn.s.limits.ranked)...)
	if err == nil {
		c.keep(key, l)
	}
	return l, err
}

// countListed counts what a listed plan has, without making the list when it would be very long.
func (sn *snapshot) countListed(p plan) (total, unread int, err error) {
	many, err := sn.many(p)
	if err != nil {
		return 0, 0, err
	}
	if !many {
		l, err := sn.list(p)
		if err != nil {
			return 0, 0, err
		}
		return len(l.ids), l.unread, nil
	}
	rows, err := sn.query(p, "SELECT count(*),ifnull(sum(m.flags&1=0),0) FROM "+p.from+" WHERE "+p.where, p.args...)
	err = eachRow(rows, err, func(r *sql.Rows) error { return r.Scan(&total, &unread) })
	return total, unread, err
}
