package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"peyk/internal/mail"
)

// How many tags are remembered to be offered, and how many of them may be a server's: one that gives each message keywords of its own could otherwise have a list of
// millions read wherever a tag is chosen. What is not remembered is still on its messages, and found by its name.
const (
	maxTags    = 500
	serverTags = 400 // the others are for those that the user gives
	sweepEvery = 24 * time.Hour
)

// noteTags remembers the tags among keywords, as long as there are less than room.
func (t *wtx) noteTags(kw string, room int) error {
	for _, k := range splitKeywords(kw) {
		if !mail.Flag(k).IsTag() {
			continue
		}
		now := t.s.now().Unix()
		res, err := t.exec("UPDATE tags SET used=max(used,?) WHERE name=?", now, k)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n > 0 {
			continue
		}
		free, err := t.roomForTag(room)
		if err == nil && free {
			err = t.do("INSERT INTO tags(name,used) VALUES(?,?)", k, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// roomForTag reports whether less than room tags are remembered, and makes room where there are not: for what the user gives always, else once a day.
func (t *wtx) roomForTag(room int) (bool, error) {
	var n int
	const count = "SELECT count(*) FROM tags"
	if _, err := t.get(count, nil, &n); err != nil || n < room {
		return n < room, err
	}
	now := t.s.now()
	if since := now.Sub(t.s.tagsSwept); room < maxTags && since >= 0 && since < sweepEvery {
		return false, nil
	}
	t.s.tagsSwept = now
	if err := t.sweepTags(); err != nil {
		return false, err
	}
	_, err := t.get(count, nil, &n)
	return n < room, err
}

// sweepTags forgets the tags that no message has, and of too many those that the fewest have.
func (t *wtx) sweepTags() error {
	type tag struct {
		name string
		on   int // messages
	}
	var tags []*tag
	of := map[string][]*tag{} // by name in small letters; those alone are counted: a server may have put any number of others on messages
	if err := t.each("SELECT name FROM tags ORDER BY used DESC", nil, func(r scanner) error {
		x := &tag{}
		err := r.Scan(&x.name)
		tags = append(tags, x)
		small := strings.ToLower(x.name)
		of[small] = append(of[small], x)
		return err
	}); err != nil {
		return err
	}
	if err := t.each("SELECT keywords,count(*) FROM messages INDEXED BY m_tagged WHERE hidden=0 AND keywords<>'' GROUP BY keywords", nil, func(r scanner) error {
		var kw string
		var n int
		err := r.Scan(&kw, &n)
		for _, k := range splitKeywords(kw) {
			for _, x := range of[strings.ToLower(k)] {
				x.on += n
			}
		}
		return err
	}); err != nil {
		return err
	}
	slices.SortStableFunc(tags, func(a, b *tag) int { return cmp.Compare(b.on, a.on) })
	for i, x := range tags {
		if i < serverTags && x.on > 0 {
			continue
		}
		if err := t.do("DELETE FROM tags WHERE name=?", x.name); err != nil {
			return err
		}
	}
	return nil
}

// TagsLeftOut reports of what Tags has listed whether there may be others: as many are remembered as a server's tags have room.
func TagsLeftOut(listed []mail.Flag) bool { return len(listed) >= serverTags }

// Tags lists the user's keywords (flags that are neither system flags nor begin with "$"), last used first; at most some hundred.
func (s *Store) Tags(ctx context.Context) ([]mail.Flag, error) {
	var out []mail.Flag
	err := s.readAll(ctx, "SELECT name FROM tags ORDER BY used DESC, name LIMIT ?", []any{maxTags}, func(r *sql.Rows) error {
		var f mail.Flag
		err := r.Scan(&f)
		out = append(out, f)
		return err
	})
	return out, err
}
