package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Repair mends a profile, also one that Open refuses with a *CorruptError. A damaged database file is put aside under
// another name (never deleted), a new one is made, and every row that can still be read is copied; then Check repairs the rest.
// Messages whose rows are lost but whose bytes are here come back in a folder "Recovered". Nobody else may have the profile
// open: the error is an *InUseError then, because that process would go on writing into the file that is put aside.
func Repair(ctx context.Context, dir string, o Options) (Report, error) {
	rep, err := salvage(ctx, dir, o)
	if err != nil {
		return rep, err
	}
	s, err := Open(ctx, dir, o)
	if err != nil {
		return rep, err
	}
	defer func() { _ = s.Close() }()
	checked, err := s.Check(ctx, true)
	checked.Problems = append(rep.Problems, checked.Problems...)
	checked.Broken = rep.Broken
	return checked, err
}

func salvage(ctx context.Context, dir string, o Options) (Report, error) {
	var rep Report
	unlock, err := lockOpen(ctx, dir)
	if err != nil {
		return rep, err
	}
	defer unlock()
	use, err := newUseLock(dir)
	if err != nil {
		return rep, err
	}
	defer use.close()
	if err := putInPlace(dir, o); err != nil {
		return rep, err
	}
	for _, f := range []databaseFile{{mailFile, mailMigrations, mailPragmas}, {blobFile, blobMigrations, blobPragmas}} {
		path := filepath.Join(dir, f.name)
		damage, err := damaged(ctx, path)
		if err != nil {
			return rep, err
		}
		if damage == "" {
			continue
		}
		if !use.alone() {
			return rep, &InUseError{File: path, Done: "repaired"}
		}
		broken := brokenName(path, o)
		done, err := f.replace(ctx, path, broken)
		if err != nil {
			return rep, fmt.Errorf("salvaging %s: %w", path, err)
		}
		if done.kept {
			rep.Broken = broken
		}
		rep.Problems = append(rep.Problems, Problem{Where: f.name, What: fmt.Sprintf("the file was damaged (%s); ", damage) + done.what(broken), Repaired: true, Lost: done.irreplaceable()})
	}
	return rep, nil
}

// brokenName is that of a damaged file that is put aside.
func brokenName(path string, o Options) string {
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	return path + ".broken-" + now().UTC().Format("20060102-150405")
}

// databaseFile is a database of a profile.
type databaseFile struct {
	name       string
	migrations []migration
	pragmas    []string
}

// damaged says what is wrong with a database file, "" when nothing is.
func damaged(ctx context.Context, path string) (string, error) {
	if filepath.Base(path) == mailFile {
		if lost, err := rowsLost(ctx, filepath.Dir(path)); err != nil || lost {
			return errRowsLost.Error(), err
		}
	}
	if _, err := os.Stat(path); os.IsNotExist(err) {
		return "", nil
	}
	found, _, err := integrity(ctx, path)
	if err != nil {
		var ce *CorruptError
		if errors.As(wrapErr(path, err), &ce) {
			return err.Error(), nil
		}
		return "", wrapErr(path, err)
	}
	if len(found) > 0 {
		return found[0], nil
	}
	return "", nil
}

// replaced is what came of a damaged database.
type replaced struct {
	kept bool // under another name; false: there was none
	rows int
	lost []string // tables of which something could not be read
}

func (r replaced) what(broken string) string {
	if !r.kept {
		return "a new one was made"
	}
	what := fmt.Sprintf("%d rows were saved into a new one", r.rows)
	if len(r.lost) > 0 {
		what += ", some of " + strings.Join(r.lost, ", ") + " could not be read"
	}
	return what + "; the old file is kept as " + filepath.Base(broken)
}

// irreplaceable reports whether something was lost that stands nowhere else: what the user wrote, and accounts. Messages come from their bytes or their servers again,
// and a check says what of them does not.
func (r replaced) irreplaceable() bool {
	return slices.ContainsFunc(r.lost, func(table string) bool {
		return slices.Contains([]string{"outbox", "drafts", "draft_versions", "accounts"}, table)
	})
}

// dbFiles are what a database adds to its name for its files.
var dbFiles = []string{"", "-wal", "-shm"}

// wholeName is that of the new database when every row is in it that can be read, until it has the place of the damaged one.
func wholeName(path string) string { return path + ".whole" }

// putInPlace ends a repair that was broken off between two names: the damaged file was put aside, and the new one had not its name yet. Without that, the
// profile would be taken for one that has lost the file. It is done for nothing else: a damaged file that is still there may have been written to since, and is
// repaired anew. The caller holds the lock under which profiles are opened.
func putInPlace(dir string, o Options) error {
	for _, name := range []string{mailFile, blobFile} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			continue
		}
		if _, err := os.Stat(wholeName(path)); os.IsNotExist(err) {
			continue
		}
		if err := moveDatabase(path, brokenName(path, o)); err != nil { // what is left: its log, of which the new one has the rows
			return err
		}
		if err := moveDatabase(wholeName(path), path); err != nil {
			return err
		}
	}
	return nil
}

// replace makes a new database with every row that can be read of a damaged one, which is kept as broken. It stays in its place until the new one is whole:
// a repair that is broken off begins again, and nothing takes half of the rows for all of them. Where it was broken off after that, putInPlace ends it.
func (f databaseFile) replace(ctx context.Context, path, broken string) (out replaced, err error) {
	fresh := path + ".new"
	drop := func() {
		for _, suffix := range dbFiles {
			_ = os.Remove(fresh + suffix)
			_ = os.Remove(wholeName(path) + suffix)
		}
	}
	drop() // of a repair that was broken off
	if _, err := os.Stat(path); err == nil {
		out.kept = true
	} else if !os.IsNotExist(err) {
		return out, fileErr(path, err)
	}
	if err := f.fill(ctx, fresh, path, &out); err != nil {
		drop()
		return out, err
	}
	if err := moveDatabase(fresh, wholeName(path)); err != nil {
		return out, err
	}
	if err := moveDatabase(path, broken); err != nil {
		return out, err
	}
	return out, moveDatabase(wholeName(path), path)
}

// fill makes the new database. A new mail.db knows from its beginning that rows may be missing in it.
func (f databaseFile) fill(ctx context.Context, fresh, path string, out *replaced) (err error) {
	w, err := openWriter(ctx, fresh, f.migrations, f.pragmas...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, wrapErr(fresh, w.close())) }()
	if f.name == mailFile {
		if err := w.run(ctx, nil, func(t *wtx) error { return t.setSetting(salvagedSetting, rowsMissing) }); err != nil {
			return err
		}
	}
	if !out.kept {
		return nil
	}
	src, err := openSQL(dsn(path, "_query_only=1"))
	if err != nil {
		return err
	}
	defer src.Close()
	src.SetMaxOpenConns(1)
	if out.rows, out.lost, err = copyReadable(ctx, src, w); err != nil || f.name != mailFile || !sawAll(ctx, src, w, out.lost) {
		return err
	}
	return w.run(ctx, nil, func(t *wtx) error { return t.setSetting(salvagedSetting, rowsWhole) })
}

// moveDatabase renames a database with its log.
func moveDatabase(path, to string) error {
	for _, suffix := range dbFiles {
		if err := os.Rename(path+suffix, to+suffix); err != nil && !os.IsNotExist(err) {
			return fileErr(path, err)
		}
	}
	return syncDir(filepath.Dir(path))
}

// copyReadable copies every table row by row from the broken database. lost names tables of which
// something could not be read.
func copyReadable(ctx context.Context, src *sql.DB, w *writer) (n int, lost []string, err error) {
	var tables []string
	if err := w.conn.each("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fts%' AND name<>'gens'", nil, func(r scanner) error {
		var name string
		err := r.Scan(&name)
		tables = append(tables, name)
		return err
	}); err != nil {
		return 0, nil, err
	}
	for _, table := range tables {
		cp := tableCopy{ctx: ctx, src: src, w: w, table: table}
		if err := cp.run(); err != nil {
			return n, lost, fmt.Errorf("table %s: %w", table, err)
		}
		n += cp.n
		if cp.lossy {
			lost = append(lost, table)
		}
	}
	return n, lost, nil
}

// tableCopy copies one table, around the parts that cannot be read.
type tableCopy struct {
	ctx   context.Context
	src   *sql.DB
	w     *writer
	table string
	cols  []string
	rowid bool
	n     int
	lossy bool
}

func (c *tableCopy) run() error {
	target := map[string]bool{}
	if err := c.w.conn.each(columnsSQL, []any{c.table}, columnName(target)); err != nil {
		return err
	}
	var ddl string
	if _, err := c.w.conn.get("SELECT sql FROM sqlite_schema WHERE name=?", []any{c.table}, &ddl); err != nil {
		return err
	}
	c.rowid = !strings.Contains(ddl, "WITHOUT ROWID")
	have := map[string]bool{}
	rows, err := c.src.QueryContext(c.ctx, columnsSQL, c.table)
	if err := eachRow(rows, err, func(r *sql.Rows) error { return columnName(have)(r) }); err != nil {
		c.lossy = true
		return c.ctx.Err()
	}
	for name := range target {
		if have[name] {
			c.cols = append(c.cols, name)
		}
	}
	if len(c.cols) == 0 {
		return nil
	}
	return c.w.run(c.ctx, nil, func(t *wtx) error {
		if !c.rowid {
			return c.byKey(t)
		}
		return c.byRowid(t)
	})
}

// byKey copies a table without row ids, which has its rows in the order of its key, from both ends: what lies between two damaged places is lost. In any other order
// all of it would have to be read before the first row comes.
func (c *tableCopy) byKey(t *wtx) error {
	var up, down []string
	if err := c.w.conn.each("SELECT name FROM pragma_table_info(?) WHERE pk>0 ORDER BY pk", []any{c.table}, func(r scanner) error {
		var name string
		err := r.Scan(&name)
		up, down = append(up, name), append(down, name+" DESC")
		return err
	}); err != nil {
		return err
	}
	if c.pass(t, " ORDER BY "+strings.Join(up, ",")) != nil {
		c.lossy = true
		_ = c.pass(t, " ORDER BY "+strings.Join(down, ","))
	}
	return c.ctx.Err()
}

// byRowid copies in the order of row ids, and jumps further and further ahead where reading fails. Only there an id matters: one that is damaged, be it the last one, hides
// no other row.
func (c *tableCopy) byRowid(t *wtx) error {
	const end = int64(1) << 62
	for last, jump := -end, int64(1); last < end; jump *= 2 {
		at, err := c.behind(t, last)
		if err == nil || c.ctx.Err() != nil {
			return c.ctx.Err()
		}
		c.lossy = true
		if at > last {
			last, jump = at, 1
		}
		last = max(last, 0) + jump
	}
	return nil
}

// behind copies the rows behind a row id, as far as they can be read, and returns that of the last one.
func (c *tableCopy) behind(t *wtx, after int64) (last int64, err error) {
	last = after
	rows, err := c.src.QueryContext(c.ctx, "SELECT rowid,"+strings.Join(c.cols, ",")+" FROM "+c.table+" WHERE rowid>? ORDER BY rowid", after)
	err = eachRow(rows, err, func(r *sql.Rows) error {
		vals := make([]any, len(c.cols)+1)
		if err := r.Scan(pointers(vals)...); err != nil {
			return err
		}
		last, _ = vals[0].(int64)
		return c.put(t, vals[1:])
	})
	return last, err
}

func (c *tableCopy) pass(t *wtx, order string) error {
	rows, err := c.src.QueryContext(c.ctx, "SELECT "+strings.Join(c.cols, ",")+" FROM "+c.table+order)
	return eachRow(rows, err, func(r *sql.Rows) error {
		vals := make([]any, len(c.cols))
		if err := r.Scan(pointers(vals)...); err != nil {
			return err
		}
		return c.put(t, vals)
	})
}

// put writes one row; one that breaks a rule of the schema (damage can look like data) is left out.
func (c *tableCopy) put(t *wtx, vals []any) error {
	res, err := t.exec("INSERT OR IGNORE INTO "+c.table+"("+strings.Join(c.cols, ",")+") VALUES(?"+strings.Repeat(",?", len(vals)-1)+")", vals...)
	if err != nil {
		c.lossy = true
		return nil
	}
	k, _ := res.RowsAffected()
	c.n += int(k)
	return nil
}

func pointers(vals []any) []any {
	out := make([]any, len(vals))
	for i := range vals {
		out[i] = &vals[i]
	}
	return out
}

const columnsSQL = "SELECT name FROM pragma_table_info(?)"

// columnName notes what columnsSQL finds.
func columnName(out map[string]bool) func(scanner) error {
	return func(r scanner) error {
		var name string
		err := r.Scan(&name)
		out[name] = true
		return err
	}
}
