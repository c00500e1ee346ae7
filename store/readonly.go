package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"peyk/internal/mail"
)

// OpenReadOnly opens a profile that cannot be written, as a backup on a medium or in a folder where that is not allowed: nothing is locked, made, upgraded or
// mended, and whatever would write gets a *ReadOnlyError. It is for what Open has refused with a *DiskError. The errors are those of Open, and a *ReadOnlyError where
// the profile must be written before it can be read: it is of an older schema, or a log lies beside it that was never taken over.
//
// Nobody is kept from writing meanwhile: who can write has it open by Open, and a log beside the file tells so. Who begins later is not noticed.
func OpenReadOnly(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PollEvery <= 0 {
		o.PollEvery = time.Second
	}
	s := &Store{dir: dir, opts: o, limits: usualLimits, snaps: make(chan struct{}, readers-1)}
	if err := s.openAllReadOnly(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) openAllReadOnly(ctx context.Context) (err error) {
	path := filepath.Join(s.dir, mailFile)
	if lost, err := rowsLost(ctx, s.dir); err != nil {
		return err
	} else if lost {
		return &CorruptError{File: path, Err: errRowsLost}
	}
	how := readOnlyParams(path)
	if s.w, err = openUnwritable(path, how, mailMigrations); err != nil {
		return err
	}
	if s.r, err = openReaders(path, 8000, how); err != nil {
		return err
	}
	path = filepath.Join(s.dir, blobFile)
	how = readOnlyParams(path)
	w, err := openUnwritable(path, how, blobMigrations)
	if err != nil {
		return err
	}
	if s.blobs, err = newBlobStore(s.dir, w, how); err != nil {
		return err
	}
	s.rstmt.db = s.r
	s.feed.start(s)
	return nil
}

// readOnlyParams are those of a connection that writes nothing, not even an index of the log. Where there is no log, or one that nobody has open and that says nothing, SQLite
// need not look for one.
func readOnlyParams(path string) string {
	log, err := os.Stat(path + "-wal")
	_, open := os.Stat(path + "-shm")
	if os.IsNotExist(err) || err == nil && log.Size() == 0 && os.IsNotExist(open) {
		return "&mode=ro&immutable=1"
	}
	return "&mode=ro"
}

// openUnwritable is openWriter for a database that nothing is written to.
func openUnwritable(path, how string, ms []migration) (*writer, error) {
	c, err := openConn(dsn(path, "_query_only=1"+how))
	if err != nil {
		return nil, unreadLog(path, err)
	}
	w := &writer{path: path, conn: c, turn: make(chan struct{}, 1), newest: len(ms), unwritable: true}
	w.turn <- struct{}{}
	var version int
	switch _, err = c.get("PRAGMA user_version", nil, &version); {
	case err != nil:
		err = unreadLog(path, err)
	case version > len(ms):
		err = &SchemaError{File: path, Have: version, Newest: len(ms)}
	case version < len(ms):
		err = &ReadOnlyError{File: path, Before: fmt.Sprintf("it was written by an older version of Peyk (schema %d, this one reads %d)", version, len(ms))}
	default:
		return w, nil
	}
	_ = w.close()
	return nil, err
}

// unreadLog is the error of opening a database: beside a log SQLite needs an index of it, which nobody has made.
func unreadLog(path string, err error) error {
	var de *DiskError
	if err = wrapErr(path, fmt.Errorf("opening: %w", err)); !errors.As(err, &de) {
		return err
	}
	if _, serr := os.Stat(path + "-wal"); serr != nil {
		return err
	}
	return &ReadOnlyError{File: path, Before: "a log lies beside it that was never taken over"}
}

// ReadOnlyError says that something would have to be written to a profile that was opened for reading only.
type ReadOnlyError struct {
	File   string
	Before string // why it must be written before it can be read; "": it was read
}

func (e *ReadOnlyError) Error() string {
	if e.Before != "" {
		return fmt.Sprintf("%s cannot be read where it cannot be written: %s; copy the whole profile to where it can be, and name the copy with --profile", e.File, e.Before)
	}
	return fmt.Sprintf("%s cannot be written and was opened for reading only: check the permissions of the profile, or copy it to where it can be written", e.File)
}

// Kind sorts the error for people.
func (e *ReadOnlyError) Kind() mail.ProblemKind { return mail.ProblemDisk }
