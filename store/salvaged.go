package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Values of the setting that a salvaged mail.db has until a repair has looked for bytes that nobody refers to.
const (
	salvagedSetting = "store.salvaged"
	rowsMissing     = "yes"   // rows that refer to bytes may be missing: what was let go of may be mail all the same
	rowsWhole       = "whole" // every one of them was read: what was let go of, and is referred to by none, was deleted
)

// referring are the tables whose rows refer to bytes. Each row of the first ones is in an index, too, which lies in other pages of the file.
var referring = []struct{ table, index string }{
	{"messages", "m_thread"}, {"ops", "o_group"}, {"outbox", ""}, {"drafts", ""}, {"draft_versions", ""},
}

// sawAll reports whether a copy of what could be read of a damaged mail.db has every row that refers to bytes. That reading met no error does not prove it: a page that
// has lost count of its rows reads well. So SQLite's own check must find nothing wrong with the pages of the table, and an index must name as many rows, with the same ids.
// A file that lacks rows since an earlier repair goes on lacking them.
func sawAll(ctx context.Context, src *sql.DB, w *writer, lost []string) bool {
	if slices.Contains(lost, "settings") {
		return false
	}
	var before int
	if src.QueryRowContext(ctx, "SELECT count(*) FROM settings WHERE key=? AND value<>''", salvagedSetting).Scan(&before) != nil || before > 0 {
		return false
	}
	for _, r := range referring {
		if slices.Contains(lost, r.table) || !soundPages(ctx, src, r.table) {
			return false
		}
		count := "SELECT count(*),0 FROM " + r.table
		if r.index != "" {
			count = fmt.Sprintf("SELECT count(*),ifnull(sum(id),0) FROM %s INDEXED BY %s", r.table, r.index)
		}
		var there, here [2]int64
		if src.QueryRowContext(ctx, count).Scan(&there[0], &there[1]) != nil {
			return false
		}
		if ok, err := w.conn.get(count, nil, &here[0], &here[1]); err != nil || !ok || here != there {
			return false
		}
	}
	return true
}

// soundPages reports whether SQLite's check finds the pages of a table in order. What it finds in those of its indexes comes beside it, and is another matter; where it does
// not say of what a page is, it may be of the table. The pages come first, all of them; reading an index of which one is bad may end the check.
func soundPages(ctx context.Context, src *sql.DB, table string) bool {
	var root string
	if src.QueryRowContext(ctx, "SELECT rootpage FROM sqlite_schema WHERE type='table' AND name=?", table).Scan(&root) != nil {
		return false
	}
	sound, told, pages := true, false, 0
	rows, err := src.QueryContext(ctx, "PRAGMA integrity_check("+table+")")
	err = eachRow(rows, err, func(r *sql.Rows) error {
		var said string
		err := r.Scan(&said)
		for line := range strings.Lines(strings.TrimPrefix(said, "*** in database main ***\n")) {
			told = true
			tree, page := strings.CutPrefix(line, "Tree ")
			if page {
				pages++
			}
			of := strings.Contains(line, " index ") // a row is missing there, or there twice
			sound = sound && (page && !strings.HasPrefix(tree, root+" ") || !page && of || line == "ok")
		}
		return err
	})
	var ce *CorruptError // and at a hundred findings SQLite looks no further
	return sound && pages < 100 && (err == nil || told && errors.As(wrapErr("", err), &ce))
}
