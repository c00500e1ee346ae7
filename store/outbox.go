package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"peyk/internal/mail"
)

// Enqueue puts a message into the outbox. State and Created are filled when they are empty. When the item was written as a
// draft, the draft goes in the same transaction.
func (s *Store) Enqueue(ctx context.Context, it mail.OutboxItem) (mail.OutboxID, error) {
	if it.State == "" {
		it.State = mail.OutboxQueued
	}
	if it.Created.IsZero() {
		it.Created = s.now()
	}
	var id mail.OutboxID
	err := s.write(ctx, "putting a message into the outbox", func(t *wtx) error {
		js, err := outboxJSON(it)
		if err != nil {
			return err
		}
		n, err := t.insert("INSERT INTO outbox(account,state,not_before,item) VALUES(?,?,?,?)", it.Account, string(it.State), millis(it.NotBefore), js)
		if err != nil {
			return err
		}
		id = mail.OutboxID(n)
		t.ch.Outbox = true
		if it.Draft != 0 {
			return t.deleteDraft(it.Draft)
		}
		return nil
	})
	return id, err
}

func outboxJSON(it mail.OutboxItem) (string, error) {
	it.ID = 0
	return toJSON(it)
}

func scanOutbox(sc scanner) (mail.OutboxItem, error) {
	var it mail.OutboxItem
	var id mail.OutboxID
	var js string
	if err := sc.Scan(&id, &js); err != nil {
		return it, err
	}
	if err := json.Unmarshal([]byte(js), &it); err != nil {
		return it, fmt.Errorf("outbox item %d: %w: %w", id, errUnreadable, err)
	}
	it.ID = id
	return it, nil
}

func (s *Store) outboxWhere(ctx context.Context, where string, args ...any) ([]mail.OutboxItem, error) {
	var out []mail.OutboxItem
	err := s.readAll(ctx, "SELECT id,item FROM outbox "+where, args, func(r *sql.Rows) error {
		it, err := scanOutbox(r)
		if err == nil {
			out = append(out, it)
		}
		return readable(err)
	})
	return out, err
}

// OutboxItems returns everything in the outbox that can be read, oldest first.
func (s *Store) OutboxItems(ctx context.Context) ([]mail.OutboxItem, error) {
	return s.outboxWhere(ctx, "ORDER BY id")
}

// OutboxItem returns one item, or an error that wraps ErrNotFound.
func (s *Store) OutboxItem(ctx context.Context, id mail.OutboxID) (it mail.OutboxItem, err error) {
	found := false
	err = s.readAll(ctx, "SELECT id,item FROM outbox WHERE id=?", []any{id}, func(r *sql.Rows) error {
		found = true
		it, err = scanOutbox(r)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("outbox item %d: %w", id, ErrNotFound)
	}
	return it, err
}

// NextOutbox is the oldest queued item of an account that may be sent now; nil when there is none. Items that were being
// sent when the program ended are in OutboxSending still: what became of them must be found out first.
func (s *Store) NextOutbox(ctx context.Context, account mail.AccountID, now time.Time) (*mail.OutboxItem, error) {
	l, err := s.outboxWhere(ctx, "WHERE account=? AND state='queued' AND not_before<=? ORDER BY id", account, millis(now))
	if err != nil || len(l) == 0 {
		return nil, err
	}
	return &l[0], nil
}

// SetOutbox stores the new state of an item.
func (s *Store) SetOutbox(ctx context.Context, it mail.OutboxItem) error {
	return s.write(ctx, fmt.Sprintf("updating outbox item %d", it.ID), func(t *wtx) error { return t.setOutbox(it) })
}

// SplitOutbox stores the new state of an item, and beside it the items that go on to some of its recipients: all, or nothing of it.
func (s *Store) SplitOutbox(ctx context.Context, it mail.OutboxItem, rest ...mail.OutboxItem) error {
	return s.write(ctx, fmt.Sprintf("updating outbox item %d", it.ID), func(t *wtx) error {
		for _, r := range rest {
			js, err := outboxJSON(r)
			if err != nil {
				return err
			}
			if err := t.do("INSERT INTO outbox(account,state,not_before,item) VALUES(?,?,?,?)", r.Account, string(r.State), millis(r.NotBefore), js); err != nil {
				return err
			}
		}
		return t.setOutbox(it)
	})
}

func (t *wtx) setOutbox(it mail.OutboxItem) error {
	js, err := outboxJSON(it)
	if err != nil {
		return err
	}
	res, err := t.exec("UPDATE outbox SET account=?,state=?,not_before=?,item=? WHERE id=?", it.Account, string(it.State), millis(it.NotBefore), js, it.ID)
	if err != nil {
		return err
	}
	t.ch.Outbox = true
	if n, _ := res.RowsAffected(); n == 0 {
		return ErrNotFound
	}
	return nil
}

// SwapOutbox stores the new state of an item if it still is in the state from. ok is false when it is not: somebody else (the
// user, or the worker) was quicker, and nothing was changed. So a message that is taken back is not sent, and one that is being
// sent is not taken back.
func (s *Store) SwapOutbox(ctx context.Context, it mail.OutboxItem, from mail.OutboxState) (ok bool, err error) {
	err = s.write(ctx, fmt.Sprintf("updating outbox item %d", it.ID), func(t *wtx) error {
		js, err := outboxJSON(it)
		if err != nil {
			return err
		}
		res, err := t.exec("UPDATE outbox SET account=?,state=?,not_before=?,item=? WHERE id=? AND state=?", it.Account, string(it.State), millis(it.NotBefore), js,
			it.ID, string(from))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		ok = n > 0
		t.ch.Outbox = ok
		return err
	})
	return ok, err
}

// DeleteOutbox removes an item.
func (s *Store) DeleteOutbox(ctx context.Context, id mail.OutboxID) error {
	return s.write(ctx, fmt.Sprintf("removing outbox item %d", id), func(t *wtx) error {
		t.ch.Outbox = true
		return t.do("DELETE FROM outbox WHERE id=?", id)
	})
}
