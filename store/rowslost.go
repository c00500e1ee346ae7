package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// errRowsLost says that messages have lost the file with their rows.
var errRowsLost = errors.New("it is missing or empty, while messages are stored beside it")

// rowsLost reports whether mail.db is not there, or has not a byte, and stored messages are. Opened as a new profile that would let every one of them
// pass for bytes that nobody refers to, which a repair removes. A new profile gets mail.db first, so none looks like this.
func rowsLost(ctx context.Context, dir string) (bool, error) {
	path := filepath.Join(dir, mailFile)
	st, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fileErr(path, err)
	}
	if err == nil && st.Size() > 0 {
		return false, nil
	}
	if hasBlobRows(ctx, filepath.Join(dir, blobFile)) {
		return true, nil
	}
	return hasBlobFiles(filepath.Join(dir, blobDir))
}

// hasBlobRows reports whether blobs.db holds anything; one that cannot be read does.
func hasBlobRows(ctx context.Context, path string) bool {
	if st, err := os.Stat(path); err != nil || st.Size() == 0 {
		return err != nil && !errors.Is(err, fs.ErrNotExist)
	}
	db, err := openSQL(dsn(path, "_query_only=1"))
	if err != nil {
		return true
	}
	defer db.Close()
	var id int64
	err = db.QueryRowContext(ctx, "SELECT id FROM blobs LIMIT 1").Scan(&id)
	return !errors.Is(err, sql.ErrNoRows)
}

func hasBlobFiles(root string) (found bool, err error) {
	err = filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || d.IsDir():
			return err
		}
		if _, err := packHash(d.Name()); err == nil {
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found, fileErr(root, err)
}
