package store

import (
	"context"
	"errors"
	"time"

	"github.com/mattn/go-sqlite3"
)

// aloneWait is how long an upgrade waits for others to close the profile: a command ends in that time, and so does a window that is
// being closed. A window that stays open does not.
const (
	aloneWait = 15 * time.Second
	alonePoll = 50 * time.Millisecond
)

// alone returns once no other connection, of any process, has the database open, or the error is an *InUseError. The caller holds the lock
// under which profiles are opened, so it stays so until that is released.
//
// An older Peyk that went on writing behind an upgrade would write rows as it knows them: counts that it leaves to a trigger which is
// gone, entries of the index without their sum. Who has the database open is known to SQLite: each connection holds a lock of the file as long as
// it lives, on every system and with every version of Peyk, and a database leaves the WAL mode only for who is alone with it.
func alone(ctx context.Context, w *writer) error {
	ctx, cancel := context.WithTimeout(ctx, aloneWait)
	defer cancel()
	tick := time.NewTicker(alonePoll)
	defer tick.Stop()
	for {
		err := w.conn.script("PRAGMA journal_mode=DELETE")
		if err == nil {
			return w.conn.script("PRAGMA journal_mode=WAL")
		}
		var se sqlite3.Error
		if !errors.As(err, &se) || se.Code != sqlite3.ErrBusy && se.Code != sqlite3.ErrLocked {
			return err
		}
		select {
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return &InUseError{File: w.path, Done: "upgraded"}
			}
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// current is an error when a newer Peyk has upgraded the database meanwhile: what this one would write might be wrong by its rules. Only where
// locks of files do not hold, as on some network drives, can it come to that. It is called in a transaction that may write, so nobody can
// upgrade behind it.
func (w *writer) current() error {
	var version int
	if _, err := w.conn.get("PRAGMA user_version", nil, &version); err != nil {
		return err
	}
	if version > w.newest {
		return &SchemaError{File: w.path, Have: version, Newest: w.newest, Meanwhile: true}
	}
	return nil
}
