package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/mattn/go-sqlite3"
)

// conn is a connection that belongs to one goroutine at a time and keeps its statements prepared. It asks the driver itself:
// what database/sql does beyond (a pool, locks, closing what a context ends) a writer does not need, and for the small statements
// of a download that takes longer than they do.
//
// Statements run by the driver's Query, which binds everything and takes the first step in one call into C; its Exec makes one
// call for each argument. But Query keeps memory for its largest arguments with the statement.
type conn struct {
	c     *sqlite3.SQLiteConn
	stmts map[string]*stmt
}

// maxQueryArgs is how many bytes of arguments are worth keeping memory for.
const maxQueryArgs = 16 << 10

func openConn(dsn string) (*conn, error) {
	c, err := sqliteDriver().Open(dsn)
	if err != nil {
		return nil, err
	}
	return &conn{c: c.(*sqlite3.SQLiteConn), stmts: map[string]*stmt{}}, nil
}

func (c *conn) close() error {
	var errs []error
	for _, st := range c.stmts {
		errs = append(errs, st.s.Close())
	}
	return errors.Join(append(errs, c.c.Close())...)
}

// script runs statements without arguments that are not asked for again.
func (c *conn) script(q string) error {
	_, err := c.c.ExecContext(context.Background(), q, nil)
	return err
}

// do runs a statement that is kept prepared.
func (c *conn) do(q string, args ...any) error {
	st, err := c.stmt(q)
	if err != nil {
		return err
	}
	if err := st.bind(args); err != nil {
		return err
	}
	defer st.forget()
	if st.size() > maxQueryArgs {
		_, err = st.s.ExecContext(context.Background(), st.args)
		return err
	}
	rows, err := st.s.QueryContext(context.Background(), st.args)
	if err != nil {
		return err
	}
	return rows.Close()
}

// exec is do for callers that want to know how many rows changed, or the id of a new one.
func (c *conn) exec(q string, args ...any) (driver.Result, error) {
	st, err := c.stmt(q)
	if err != nil {
		return nil, err
	}
	if err := st.bind(args); err != nil {
		return nil, err
	}
	return st.s.ExecContext(context.Background(), st.args)
}

// get scans one row; ok is false when there is none.
func (c *conn) get(q string, args []any, dest ...any) (ok bool, err error) {
	st, err := c.stmt(q)
	if err != nil {
		return false, err
	}
	err = st.each(args, func(r scanner) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		ok = true
		return errEnough
	})
	return ok, err
}

// each calls fn for every row. fn must not run the same statement.
func (c *conn) each(q string, args []any, fn func(scanner) error) error {
	st, err := c.stmt(q)
	if err != nil {
		return err
	}
	return st.each(args, fn)
}

func (c *conn) stmt(q string) (*stmt, error) {
	if st, ok := c.stmts[q]; ok {
		return st, nil
	}
	s, err := c.c.Prepare(q)
	if err != nil {
		return nil, fmt.Errorf("preparing %q: %w", q, err)
	}
	st := &stmt{s: s.(*sqlite3.SQLiteStmt), args: make([]driver.NamedValue, s.NumInput())}
	for i := range st.args {
		st.args[i].Ordinal = i + 1
	}
	c.stmts[q] = st
	return st, nil
}

// stmt is a prepared statement with room for its arguments and a row.
type stmt struct {
	s    *sqlite3.SQLiteStmt
	args []driver.NamedValue
	row  resultRow
}

// errEnough ends reading rows; it is not an error for the caller.
var errEnough = errors.New("enough")

// each calls fn for every row.
func (st *stmt) each(args []any, fn func(scanner) error) (err error) {
	if err := st.bind(args); err != nil {
		return err
	}
	rows, err := st.s.QueryContext(context.Background(), st.args)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	if n := len(rows.Columns()); len(st.row) != n {
		st.row = make(resultRow, n)
	}
	for {
		if err := rows.Next(st.row); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := fn(st.row); err == errEnough {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// forget lets go of the arguments.
func (st *stmt) forget() {
	for i := range st.args {
		st.args[i].Value = nil
	}
}

// size is how many bytes of text and blobs are bound.
func (st *stmt) size() (n int) {
	for i := range st.args {
		switch v := st.args[i].Value.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

// bind puts arguments where the driver takes them from.
func (st *stmt) bind(args []any) error {
	if len(args) != len(st.args) {
		return fmt.Errorf("a statement with %d arguments got %d", len(st.args), len(args))
	}
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
		st.args[i].Value = v
	}
	return nil
}
