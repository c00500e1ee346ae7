package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3" // the SQLite driver, registered as "sqlite3"

	"peyk/internal/mail"
)

// Names of the files of a profile.
const (
	mailFile = "mail.db"
	blobFile = "blobs.db"
	blobDir  = "blobs"
)

// Store is an open profile.
type Store struct {
	dir  string
	opts Options

	w     *writer // of mail.db
	r     *sql.DB // readers of mail.db
	rstmt stmtCache
	use   *useLock
	spare *reserve
	snaps chan struct{} // a place for each snapshot that may be open at a time
	blobs *blobStore

	reclaiming sync.RWMutex // held while bytes are taken away; shared while some are claimed
	reclaims   sync.Mutex   // held by Reclaim
	spent      *spent       // of Reclaim: what is left of its walk over the messages

	feed   feed
	pages  pageCache
	found  foundCache
	limits matchLimits

	tagsSwept time.Time // of the writer: when room was last made for tags
	recovered recovered // of the writer

	unmerged atomic.Bool                 // MergeIndex may find something to do
	newer    atomic.Pointer[SchemaError] // a newer Peyk has upgraded the profile meanwhile

	closeOnce sync.Once
	closeErr  error
}

// Open opens the profile in dir, makes it when it is not there, and migrates an older one after a backup. Errors are
// *CorruptError, *SchemaError, *DiskError or say what was tried. The caller must Close the Store.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PollEvery <= 0 {
		o.PollEvery = time.Second
	}
	if err := os.MkdirAll(filepath.Join(dir, blobDir), 0o700); err != nil {
		return nil, fileErr(dir, fmt.Errorf("making the profile folder: %w", err))
	}
	keepName(dir)
	unlock, err := lockOpen(ctx, dir)
	if de := (*DiskError)(nil); errors.As(err, &de) {
		return nil, de
	}
	if err != nil {
		return nil, fmt.Errorf("waiting for another process that opens %s: %w", dir, err)
	}
	defer unlock()
	if err := putInPlace(dir, o); err != nil {
		return nil, err
	}

	spare := newReserve(dir)
	s, err := openLocked(ctx, dir, o, spare)
	if de := (*DiskError)(nil); errors.As(err, &de) && de.Full && spare.give() {
		s, err = openLocked(ctx, dir, o, spare)
	}
	if err == nil {
		_ = spare.keep() // on a full disk nothing is written from here on, until there is space
	}
	return s, err
}

// keepName makes the name of a new profile's folder durable, and of what was made above it: a sync of what is in a folder does not (fsync(2)), and with it
// everything that was stored would be gone. Who may not read a folder above cannot.
func keepName(dir string) {
	if _, err := os.Stat(filepath.Join(dir, mailFile)); !os.IsNotExist(err) {
		return // a profile gets mail.db when its name is safe
	}
	at, err := filepath.EvalSymlinks(dir)
	if err == nil {
		at, err = filepath.Abs(at)
	}
	for below := ""; err == nil && at != below; at = filepath.Dir(at) {
		_ = syncDir(at)
		below = at
	}
}

// openLocked is Open under its lock.
func openLocked(ctx context.Context, dir string, o Options, spare *reserve) (*Store, error) {
	s := &Store{dir: dir, opts: o, limits: usualLimits, snaps: make(chan struct{}, readers-1), spare: spare}
	s.unmerged.Store(true)
	var err error
	if s.use, err = newUseLock(dir); err != nil {
		return nil, err
	}
	if s.use.alone() {
		dropIncoming(dir)
	}
	s.use.share()
	if err := s.openAll(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	s.w.spare, s.blobs.w.spare = spare, spare
	return s, nil
}

// IsProfile reports whether a folder holds a profile, also one that Open would refuse.
func IsProfile(dir string) bool {
	for _, name := range []string{mailFile, blobFile, "open.lock"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

func (s *Store) openAll(ctx context.Context) (err error) {
	path := filepath.Join(s.dir, mailFile)
	if lost, err := rowsLost(ctx, s.dir); err != nil {
		return err
	} else if lost {
		return &CorruptError{File: path, Err: errRowsLost}
	}
	if s.w, err = openWriter(ctx, path, mailMigrations, mailPragmas...); err != nil {
		return err
	}
	if err = s.w.watch(); err != nil {
		return wrapErr(path, err)
	}
	if s.r, err = openReaders(path, 8000, ""); err != nil {
		return err
	}
	if s.blobs, err = openBlobs(ctx, s.dir); err != nil {
		return err
	}
	s.rstmt.db = s.r
	s.feed.start(s)
	return nil
}

// Dir is the folder of the profile.
func (s *Store) Dir() string { return s.dir }

// Close waits for the transaction that runs, ends all subscriptions and closes the files. It may be called more than once.
func (s *Store) Close() error {
	s.closeOnce.Do(func() {
		s.feed.stop()
		var errs []error
		if s.r != nil {
			s.rstmt.close()
			errs = append(errs, s.r.Close())
		}
		if s.w != nil {
			errs = append(errs, s.w.close())
		}
		if s.blobs != nil {
			errs = append(errs, s.blobs.close())
		}
		s.use.close()
		if s.blobs != nil && s.spare != nil { // it was open: what that took is free again
			s.spare.refill()
		}
		s.closeErr = errors.Join(errs...)
	})
	return s.closeErr
}

func (s *Store) now() time.Time { return s.opts.Now().UTC() }

// dsn builds the URI of a database file with the pragmas that every connection needs.
func dsn(path, params string) string {
	p, err := filepath.Abs(path)
	if err != nil {
		p = path
	}
	p = filepath.ToSlash(p)
	if runtime.GOOS == "windows" && !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	u := url.URL{Scheme: "file", Path: p}
	// database/sql never lets two goroutines use a connection at once, so SQLite need not lock it for every call.
	return u.String() + "?_mutex=no&_busy_timeout=15000&" + params
}

// readers is how many connections read a database.
const readers = 6

// openReaders opens connections for reading, each with a cache of so many KB; how adds parameters.
func openReaders(path string, cache int, how string) (*sql.DB, error) {
	db, err := openSQL(dsn(path, fmt.Sprintf("_query_only=1&_cache_size=-%d%s", cache, how)))
	if err != nil {
		return nil, wrapErr(path, err)
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return db, nil
}

// wrapErr gives errors of SQLite the types that callers know.
func wrapErr(path string, err error) error {
	if err == nil {
		return nil
	}
	var known interface{ Kind() mail.ProblemKind }
	if errors.As(err, &known) {
		return err
	}
	var se sqlite3.Error
	if errors.As(err, &se) {
		switch se.Code {
		case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
			return &CorruptError{File: path, Err: err}
		case sqlite3.ErrFull:
			return &DiskError{Path: path, Full: true, Err: err}
		case sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
			full := se.SystemErrno == syscall.ENOSPC
			return &DiskError{Path: path, Full: full, Err: err}
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return fmt.Errorf("%s is in use by another process for too long: %w", path, err)
		}
	}
	return fileErr(path, err)
}

// fileErr does the same for errors of the file system.
func fileErr(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case isDiskFull(err):
		return &DiskError{Path: path, Full: true, Err: err}
	case errors.Is(err, fs.ErrPermission), isReadOnly(err):
		return &DiskError{Path: path, Err: err}
	}
	return err
}
