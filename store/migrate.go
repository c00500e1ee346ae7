package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// migration brings a database from one version to the next.
type migration struct {
	name string
	sql  string
	// after runs in the same transaction, for what SQL alone cannot do; nil mostly.
	after func(*wtx) error
}

// migrate brings the database to the newest version. Before the first step an existing database is copied to
// FILE.before-vN, so that the older Peyk that made it can be used again; nobody has used what lies between two steps. Copies of earlier upgrades go when this one is done. The caller holds the lock under which profiles are opened; who has opened
// this one before makes the upgrade wait, see alone.
func migrate(ctx context.Context, w *writer, ms []migration) error {
	var version, tables int
	if _, err := w.conn.get("PRAGMA user_version", nil, &version); err != nil {
		return fmt.Errorf("reading the schema version: %w", err)
	}
	if _, err := w.conn.get("SELECT count(*) FROM sqlite_schema", nil, &tables); err != nil {
		return fmt.Errorf("reading the schema: %w", err)
	}
	if version > len(ms) {
		return &SchemaError{File: w.path, Have: version, Newest: len(ms)}
	}
	if version > 0 && version < len(ms) {
		if err := alone(ctx, w); err != nil {
			return err
		}
	}
	for v := version; v < len(ms); v++ {
		if v == version && tables > 0 && version > 0 {
			if err := backup(ctx, w, v+1); err != nil {
				return fmt.Errorf("backing up before the migration to schema %d: %w", v+1, err)
			}
		}
		m := ms[v]
		err := w.run(ctx, nil, func(t *wtx) error {
			if err := t.script(m.sql); err != nil {
				return err
			}
			if m.after != nil {
				if err := m.after(t); err != nil {
					return err
				}
			}
			return t.script(fmt.Sprintf("PRAGMA user_version=%d", v+1))
		})
		if err != nil {
			return fmt.Errorf("migrating %s to schema %d (%s): %w", filepath.Base(w.path), v+1, m.name, err)
		}
	}
	if version > 0 && version < len(ms) {
		dropBackups(w.path, version+1)
	}
	return nil
}

// backupFor is how long a copy stays at least: one that is younger may be of this upgrade, which was broken off between two steps, and the only one that the older
// Peyk can use.
const backupFor = 30 * 24 * time.Hour

// dropBackups removes the copies of earlier upgrades: each is as large as the database, and holds what was deleted since. One that cannot be removed stays.
func dropBackups(path string, but int) {
	for v := range but {
		if st, err := os.Stat(backupName(path, v)); err == nil && time.Since(st.ModTime()) > backupFor {
			_ = os.Remove(backupName(path, v))
		}
	}
}

// backupName is that of the copy of a database from before it had a version of the schema.
func backupName(path string, version int) string { return fmt.Sprintf("%s.before-v%d", path, version) }

// backup writes a consistent copy of the database beside it, durable when it returns.
func backup(ctx context.Context, w *writer, version int) error {
	dest := backupName(w.path, version)
	tmp := dest + ".tmp"
	if err := os.Remove(tmp); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := private(tmp); err != nil {
		return err
	}
	if err := w.conn.do("VACUUM INTO ?", tmp); err != nil {
		_ = os.Remove(tmp)
		return err
	}
	f, err := os.OpenFile(tmp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, dest)
	}
	if err != nil {
		_ = os.Remove(tmp)
	}
	if err == nil {
		err = syncDir(filepath.Dir(dest))
	}
	return fileErr(dest, err)
}
