package store

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// Of a table that has its rows in the order of its key, all are saved but those on the page that is damaged: what lies before it, and what lies behind it.
func TestDamageInTheMiddleOfATable(t *testing.T) {
	const n = 2000
	ctx := context.Background()
	dir := filled(t, 3)
	path := filepath.Join(dir, mailFile)
	tables := map[string]string{
		"settings":       "INSERT INTO settings WITH RECURSIVE c(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM c WHERE i<2000) SELECT printf('k%05d',i),printf('%0200d',i) FROM c",
		"draft_versions": "INSERT INTO draft_versions WITH RECURSIVE c(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM c WHERE i<2000) SELECT i/5,i%5,2000-i,printf('%0200d',i) FROM c",
	}
	s := got(Open(ctx, dir, Options{}))(t)
	leaves := map[string]int64{}
	for _, fill := range tables {
		must(t, s.w.conn.script(fill))
	}
	must(t, s.w.conn.script("PRAGMA wal_checkpoint(TRUNCATE)"))
	for name := range tables {
		var root int64
		_, err := s.w.conn.get("SELECT rootpage FROM sqlite_schema WHERE name=?", []any{name}, &root)
		must(t, err)
		leaves[name] = middleLeaf(t, path, root)
	}
	must(t, s.Close())
	for _, page := range leaves {
		overwrite(t, path, (page-1)*4096, 4096)
	}
	if rep := got(Repair(ctx, dir, Options{Parse: parseStub}))(t); rep.Broken == "" {
		t.Fatalf("the damage was not seen: %+v", rep)
	}
	s = got(Open(ctx, dir, Options{Parse: parseStub}))(t)
	defer s.Close()
	for name := range tables {
		var have int
		_, err := s.w.conn.get("SELECT count(*) FROM "+name, nil, &have)
		must(t, err)
		if have < n-30 { // a page has fewer
			t.Errorf("%d of %d rows of %s were saved", have, n, name)
		}
	}
}

// middleLeaf is the number of a page in the middle of a tree that is an index, as tables without row ids are.
func middleLeaf(t *testing.T, path string, root int64) int64 {
	t.Helper()
	file := got(os.ReadFile(path))(t)
	for {
		page := file[(root-1)*4096 : root*4096]
		switch page[0] {
		case 10:
			return root
		case 2:
			i := binary.BigEndian.Uint16(page[3:]) / 2
			root = int64(binary.BigEndian.Uint32(page[binary.BigEndian.Uint16(page[12+2*i:]):]))
		default:
			t.Fatalf("page %d is of kind %d", root, page[0])
		}
	}
}
