package store

import (
	"path/filepath"
	"strings"
	"testing"

	"peyk/internal/mail"
)

func openConnTest(t *testing.T) *conn {
	t.Helper()
	c := got(openConn(dsn(filepath.Join(t.TempDir(), "x.db"), "_txlock=immediate")))(t)
	t.Cleanup(func() { must(t, c.close()) })
	must(t, c.script("CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, s TEXT, b BLOB); INSERT INTO t VALUES(7,NULL,NULL,NULL)"))
	return c
}

// What goes in comes out again, in types of this program.
func TestConnValues(t *testing.T) {
	c := openConnTest(t)
	const big = 1<<62 + 3
	for _, v := range []struct {
		n any
		s any
		b any
	}{{big, "سلام", []byte{0, 1}}, {mail.MessageID(-3), "", []byte{}}, {mail.UID(1<<32 - 1), mail.RoleSent, []byte(nil)}, {true, string(make([]byte, 9000)), []byte("x")}} {
		must(t, c.do("INSERT OR REPLACE INTO t VALUES(1,?,?,?)", v.n, v.s, v.b))
		var n any
		var s string
		var b []byte
		if !got(c.get("SELECT n,s,b FROM t WHERE id=?", []any{int8(1)}, &n, &s, &b))(t) {
			t.Fatal("no row")
		}
		switch want := v.n.(type) {
		case int:
			if n != int64(want) {
				t.Errorf("%v became %v", want, n)
			}
		case mail.MessageID:
			var id mail.MessageID
			got(c.get("SELECT n FROM t WHERE id=1", nil, &id))(t)
			if id != want {
				t.Errorf("%v became %v", want, id)
			}
		case mail.UID:
			var id mail.UID
			got(c.get("SELECT n FROM t WHERE id=1", nil, &id))(t)
			if id != want {
				t.Errorf("%v became %v", want, id)
			}
		case bool:
			var is bool
			got(c.get("SELECT n FROM t WHERE id=1", nil, &is))(t)
			if is != want {
				t.Errorf("%v became %v", want, is)
			}
		}
		if want, ok := v.s.(string); ok && s != want || !ok && s != string(v.s.(mail.Role)) {
			t.Errorf("%q became %q", v.s, s)
		}
		if want := v.b.([]byte); string(b) != string(want) || (b == nil) != (want == nil) {
			t.Errorf("%#v became %#v", want, b)
		}
	}
	if r := got(c.exec("INSERT INTO t(n) VALUES(?),(?)", 1, 2))(t); got(r.LastInsertId())(t) != 9 || got(r.RowsAffected())(t) != 2 {
		t.Errorf("%+v", r)
	}
}

// What does not fit is an error that says so, and the statement can be run again behind it.
func TestConnErrors(t *testing.T) {
	c := openConnTest(t)
	for _, dest := range []any{new(int64), new(string), new(bool), new(mail.UID), new(float64)} {
		if _, err := c.get("SELECT n FROM t WHERE id=7", nil, dest); err == nil || !strings.Contains(err.Error(), "column 1") {
			t.Errorf("NULL into %T: %v", dest, err)
		}
	}
	must(t, c.do("UPDATE t SET n=-1,s='12' WHERE id=7"))
	for _, q := range []string{"n", "s"} {
		if _, err := c.get("SELECT "+q+" FROM t WHERE id=7", nil, new(mail.UID)); err == nil {
			t.Errorf("%s was read as a UID", q)
		}
	}
	var n, m int
	if _, err := c.get("SELECT n FROM t", nil, &n, &m); err == nil {
		t.Error("one column was read into two")
	}
	if err := c.do("UPDATE t SET n=?", 1, 2); err == nil {
		t.Error("two arguments for one")
	}
	if err := c.do("UPDATE t SET n=?", struct{}{}); err == nil {
		t.Error("a struct as an argument")
	}
	if err := c.do("INSERT INTO t(id) VALUES(?)", 7); err == nil || !strings.Contains(err.Error(), "UNIQUE") {
		t.Errorf("a second row 7: %v", err)
	}
	must(t, c.do("INSERT INTO t(id) VALUES(?)", 8))
	if ok := got(c.get("SELECT n FROM t WHERE id=99", nil, &n))(t); ok {
		t.Error("a row that is not there")
	}
	// A row that was read does not hold the database open.
	if !got(c.get("SELECT n FROM t", nil, &n))(t) || n != -1 {
		t.Error(n)
	}
	must(t, c.script("PRAGMA journal_mode=DELETE; DROP TABLE t"))
	if _, err := c.get("SELECT n FROM t", nil, &n); err == nil {
		t.Error("a table that is gone was read")
	}
}
