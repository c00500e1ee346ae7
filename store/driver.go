package store

import (
	"database/sql"
	"strings"
	"sync"

	"github.com/mattn/go-sqlite3"

	"peyk/store/fold"
)

// driverName is SQLite with the functions of this package.
const driverName = "sqlite3_peyk"

var registerOnce sync.Once

// sqliteDriver makes connections that know the functions of this package.
func sqliteDriver() *sqlite3.SQLiteDriver {
	return &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		if err := c.RegisterFunc("peyk_sender", senderOrder, true); err != nil {
			return err
		}
		return c.RegisterFunc("peyk_base", baseSubject, true)
	}}
}

func openSQL(dsn string) (*sql.DB, error) {
	registerOnce.Do(func() { sql.Register(driverName, sqliteDriver()) })
	return sql.Open(driverName, dsn)
}

// replyMarks are what clients of many languages put before the subject of an answer or a forward, folded.
var replyMarks = map[string]bool{"re": true, "fw": true, "fwd": true, "aw": true, "wg": true, "sv": true, "vs": true, "rv": true, "tr": true,
	"antw": true, "odp": true, "ynt": true, "ilt": true, "res": true, "enc": true, "پاسخ": true, "ارجاع": true, "رد": true, "回复": true, "转发": true}

// baseSubject is a key for sorting subjects, without reply marks.
func baseSubject(s string) string {
	for {
		mark, rest, ok := strings.Cut(s, ":")
		if !ok || len(mark) > 24 {
			break
		}
		mark, _, _ = strings.Cut(strings.TrimSpace(mark), "[")
		if !replyMarks[fold.String(strings.TrimSpace(mark))] {
			break
		}
		s = rest
	}
	return fold.Order(s)
}

// senderOrder is a key for sorting by sender: by what a list shows of the first one, which is the name, or the address of who has none.
func senderOrder(packed string) string {
	first, _, _ := strings.Cut(packed, recordSep)
	name, addr, _ := strings.Cut(first, unitSep)
	if key := fold.Order(name); key != "" {
		return key
	}
	return fold.Order(addr)
}
