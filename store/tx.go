package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"peyk/internal/mail"
)

// writer is the one connection that writes a database file of this process. Others wait in turn.
type writer struct {
	path string
	conn *conn
	turn chan struct{} // holds one token: who takes it may use conn; closed with the connection

	newest int      // the version of the schema that this program writes
	spare  *reserve // is to be whole before anything is written; nil while the profile is being opened

	unwritable bool // see OpenReadOnly
}

func openWriter(ctx context.Context, path string, ms []migration, pragmas ...string) (*writer, error) {
	if err := private(path); err != nil {
		return nil, err
	}
	c, err := openConn(dsn(path, "_txlock=immediate"))
	if err != nil {
		return nil, wrapErr(path, fmt.Errorf("opening: %w", err))
	}
	w := &writer{path: path, conn: c, turn: make(chan struct{}, 1), newest: len(ms)}
	w.turn <- struct{}{}
	for _, p := range append(pragmas, "journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "journal_size_limit=67108864") {
		if err := c.script("PRAGMA " + p); err != nil {
			_ = w.close()
			return nil, wrapErr(path, fmt.Errorf("opening: %w", err))
		}
	}
	if err := migrate(ctx, w, ms); err != nil {
		_ = w.close()
		return nil, wrapErr(path, err)
	}
	return w, nil
}

// private makes an empty file that nobody but its owner can read, unless there is a file: SQLite takes it for a new database, and the logs it writes
// beside it are for the same readers. The files that SQLite makes by itself are for all, and a profile may stand in a folder that is.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = f.Close()
	}
	return fileErr(path, err)
}

func (w *writer) close() error {
	<-w.turn // waits for the transaction that runs
	close(w.turn)
	return w.conn.close()
}

// wtx is a write transaction. Its statements do not look at ctx once it runs: half a second more is better than work
// thrown away, and a long loop asks ctx.Err itself.
type wtx struct {
	*conn
	s   *Store          // nil for the blob database
	ctx context.Context // without cancellation
	ch  mail.Change

	come   []placed                    // rows that were inserted, see added
	comeTo map[mail.FolderID]folderSum // those that are not counted yet
	joined bool                        // join was told something

	indexing  []indexWork // for the end of the transaction, see index
	reindexed bool        // the search index was written
	clock     ticked      // of the ledger
	aside     asideState  // whether anything is set aside
}

// run executes fn in one transaction.
func (w *writer) run(ctx context.Context, s *Store, fn func(*wtx) error) (err error) {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case _, ok := <-w.turn:
		if !ok {
			return errors.New("the store is closed")
		}
	}
	defer func() { w.turn <- struct{}{} }()
	if w.unwritable {
		return &ReadOnlyError{File: w.path}
	}
	if err := w.spare.keep(); err != nil {
		return err
	}
	if err = w.conn.do("BEGIN IMMEDIATE"); err != nil {
		return w.failed(err)
	}
	t := &wtx{conn: w.conn, s: s, ctx: context.WithoutCancel(ctx)}
	defer func() {
		if p := recover(); p != nil {
			_ = w.conn.do("ROLLBACK")
			panic(p)
		}
	}()
	var d delta
	if err = w.current(); err == nil {
		err = fn(t)
	}
	if err == nil {
		err = t.writeIndex()
	}
	if err == nil && s != nil {
		d, err = t.collect()
	}
	if err == nil {
		err = w.conn.do("COMMIT")
	}
	if err != nil {
		_ = w.conn.do("ROLLBACK") // an error here means that SQLite rolled back by itself
		return w.failed(err)
	}
	if s != nil {
		if t.reindexed {
			s.unmerged.Store(true)
		}
		s.pages.apply(d)
		s.feed.publish(t.ch)
	}
	return nil
}

// failed gives the error of a transaction its type.
func (w *writer) failed(err error) error {
	err = wrapErr(w.path, err)
	if de := (*DiskError)(nil); w.spare != nil && errors.As(err, &de) && de.Full {
		w.spare.doubt()
	}
	return err
}

// write runs fn in one transaction of mail.db and tells subscribers after the commit. what names the attempt in errors.
func (s *Store) write(ctx context.Context, what string, fn func(*wtx) error) error {
	guarded := func(t *wtx) error {
		if err := t.still(ctx); err != nil {
			return err
		}
		return fn(t)
	}
	if err := s.w.run(ctx, s, guarded); err != nil {
		var se *SchemaError
		if errors.As(err, &se) {
			s.outdate(se)
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// insert returns the new row's id.
func (t *wtx) insert(q string, args ...any) (int64, error) {
	res, err := t.exec(q, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

func scanned(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func eachRow(rows *sql.Rows, err error, fn func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// stmtCache keeps the statements of the readers prepared. The statements of this package are a small fixed set; those
// built from user queries bypass it.
type stmtCache struct {
	db   *sql.DB
	mu   sync.Mutex
	m    map[string]*sql.Stmt
	once map[string]bool // asked for within a transaction so far, and once
}

// on returns a statement for a transaction. One that is asked for the first time is prepared for this transaction only: to keep it
// prepared takes another connection, which a command that asks once had better not open.
func (c *stmtCache) on(ctx context.Context, tx *sql.Tx, q string) (*sql.Stmt, error) {
	c.mu.Lock()
	first := c.m[q] == nil && !c.once[q]
	if first {
		if c.once == nil {
			c.once = map[string]bool{}
		}
		c.once[q] = true
	}
	c.mu.Unlock()
	if first {
		return tx.PrepareContext(ctx, q)
	}
	st, err := c.get(ctx, q)
	if err != nil {
		return nil, err
	}
	return tx.StmtContext(ctx, st), nil
}

func (c *stmtCache) get(ctx context.Context, q string) (*sql.Stmt, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if st, ok := c.m[q]; ok {
		return st, nil
	}
	st, err := c.db.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	if c.m == nil {
		c.m = map[string]*sql.Stmt{}
	}
	c.m[q] = st
	return st, nil
}

func (c *stmtCache) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, st := range c.m {
		_ = st.Close()
	}
	c.m, c.once = nil, nil
}

// read scans one row on a reader; ok is false when there is none.
func (s *Store) read(ctx context.Context, q string, args []any, dest ...any) (bool, error) {
	st, err := s.rstmt.get(ctx, q)
	if err != nil {
		return false, s.readErr(err)
	}
	ok, err := scanned(st.QueryRowContext(ctx, args...).Scan(dest...))
	return ok, s.readErr(err)
}

// readAll calls fn for every row on a reader.
func (s *Store) readAll(ctx context.Context, q string, args []any, fn func(*sql.Rows) error) error {
	st, err := s.rstmt.get(ctx, q)
	if err != nil {
		return s.readErr(err)
	}
	rows, err := st.QueryContext(ctx, args...)
	return s.readErr(eachRow(rows, err, fn))
}

func (s *Store) readErr(err error) error { return wrapErr(s.w.path, err) }
