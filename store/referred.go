package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"peyk/internal/mail"
)

// referred calls fn with the hash of everything that something refers to, some of them more than once. sure is false where something cannot be read that may
// refer to any bytes at all.
func (s *Store) referred(ctx context.Context, fn func(hash []byte)) (sure bool, err error) {
	for _, q := range []string{"SELECT blob FROM messages WHERE blob IS NOT NULL", "SELECT blob FROM ops WHERE blob IS NOT NULL"} {
		if err := s.readAll(ctx, q, nil, func(r *sql.Rows) error {
			var h sql.RawBytes
			err := r.Scan(&h)
			if len(h) == 32 {
				fn(h)
			}
			return err
		}); err != nil {
			return false, err
		}
	}
	unread, err := s.referredInJSON(ctx, fn)
	return len(unread) == 0, err
}

// unreadRow is a row of outbox or drafts whose JSON cannot be read.
type unreadRow struct {
	table, name string
	id          int64
	text        string
}

// jsonRows are those that refer to bytes in JSON.
var jsonRows = []struct {
	table, name, sql string
	kind             func() any
}{
	{"outbox", "the outgoing message %d", "SELECT id,item FROM outbox", func() any { return new(mail.OutboxItem) }},
	{"drafts", "the draft %d", "SELECT id,draft FROM drafts", func() any { return new(mail.Draft) }},
	{"draft_versions", "an earlier version of the draft %d", "SELECT draft,content FROM draft_versions", func() any { return new(mail.Draft) }},
}

// referredInJSON is referred for outbox and drafts, and returns what cannot be read there.
func (s *Store) referredInJSON(ctx context.Context, fn func(hash []byte)) (unread []unreadRow, err error) {
	for _, rows := range jsonRows {
		if err := s.readAll(ctx, rows.sql, nil, func(r *sql.Rows) error {
			u := unreadRow{table: rows.table}
			var js string
			if err := r.Scan(&u.id, &js); err != nil {
				return err
			}
			var v any
			bad := json.Unmarshal([]byte(js), &v) != nil || json.Unmarshal([]byte(js), rows.kind()) != nil
			if !hashesIn(v, fn) || bad {
				u.name, u.text = fmt.Sprintf(rows.name, u.id), js
				unread = append(unread, u)
			}
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return unread, nil
}

// hashesIn calls add for each hash; false where one of them is none.
func hashesIn(v any, add func([]byte)) bool {
	ok := true
	switch x := v.(type) {
	case map[string]any:
		if h, is := x["Hash"].(string); is && h != "" {
			b, err := packHash(h)
			if ok = err == nil; ok {
				add(b)
			}
		}
		for _, y := range x {
			ok = hashesIn(y, add) && ok
		}
	case []any:
		for _, y := range x {
			ok = hashesIn(y, add) && ok
		}
	}
	return ok
}

// unreadJSON tells of outgoing messages and drafts that cannot be read: as long as one is there, bytes are removed by nobody, for it may refer to them. A repair brings a
// draft back as its newest version that can be read says.
func (c *checker) unreadJSON() error {
	unread, err := c.s.referredInJSON(c.ctx, func([]byte) {})
	for _, u := range unread {
		if err != nil {
			return err
		}
		p := Problem{Where: u.table, What: u.name + " cannot be read; no stored bytes are removed while it is there, because it may need them; peyk doctor --repair --save-unreadable DIR writes what is left of it into DIR and removes it"}
		if !c.repair || u.table != "drafts" {
			c.add(p)
			continue
		}
		err = c.s.write(c.ctx, "bringing a draft back", func(t *wtx) error {
			var err error
			p.Repaired, err = t.draftFromVersions(u.id)
			return err
		})
		if p.Repaired {
			p.What = u.name + " could not be read; it is what the newest of its versions says that can be"
		}
		c.add(p)
	}
	return err
}

// draftFromVersions makes a draft what its newest readable version says; ok is false when there is none.
func (t *wtx) draftFromVersions(id int64) (ok bool, err error) {
	var js string
	if err := t.each("SELECT content FROM draft_versions WHERE draft=? ORDER BY n DESC", []any{id}, func(r scanner) error {
		if err := r.Scan(&js); err != nil {
			return err
		}
		if ok = json.Unmarshal([]byte(js), new(mail.Draft)) == nil; ok {
			return errEnough
		}
		return nil
	}); err != nil || !ok {
		return false, err
	}
	t.ch.Drafts = true
	return true, t.do("UPDATE drafts SET draft=? WHERE id=?", js, id)
}

// errUnreadable is that of a row whose JSON cannot be read.
var errUnreadable = errors.New("what is stored cannot be read")

// readable leaves rows out that are not: one that is damaged does not hide the others. The doctor tells of it.
func readable(err error) error {
	if errors.Is(err, errUnreadable) {
		return nil
	}
	return err
}
