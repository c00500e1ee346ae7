package store

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// Of a table all rows are saved but those on the pages that are damaged: what lies before them, between them where the table has row ids, and behind them.
func TestDamageInTheMiddleOfATable(t *testing.T) {
	const n = 2000
	ctx := context.Background()
	dir := filled(t, 3)
	path := filepath.Join(dir, mailFile)
	const numbers = "WITH RECURSIVE c(i) AS (VALUES(1) UNION ALL SELECT i+1 FROM c WHERE i<2000) "
	tables := map[string]struct {
		fill   string
		damage int // pages
	}{
		"settings":       {"INSERT INTO settings " + numbers + "SELECT printf('k%05d',i),printf('%0200d',i) FROM c", 1},
		"draft_versions": {"INSERT INTO draft_versions " + numbers + "SELECT i/5,i%5,2000-i,printf('%0200d',i) FROM c", 1},
		"ledger": {"INSERT INTO ledger(account,uidl,hash,size,saved,verified,removed,reason,message,deleted) " + numbers +
			"SELECT 1,printf('%0200d',i),randomblob(32),1,1,1,0,'',0,0 FROM c", 8},
	}
	s := got(Open(ctx, dir, Options{}))(t)
	for _, table := range tables {
		must(t, s.w.conn.script(table.fill))
	}
	must(t, s.w.conn.script("PRAGMA wal_checkpoint(TRUNCATE)"))
	roots := map[string]int64{}
	for name := range tables {
		var root int64
		_, err := s.w.conn.get("SELECT rootpage FROM sqlite_schema WHERE name=?", []any{name}, &root)
		must(t, err)
		roots[name] = root
	}
	must(t, s.Close())
	file := got(os.ReadFile(path))(t)
	for name, table := range tables {
		all := leaves(file, roots[name])
		for i := range table.damage {
			overwrite(t, path, (all[(i+1)*len(all)/(table.damage+1)]-1)*4096, 4096)
		}
	}
	if rep := got(Repair(ctx, dir, Options{Parse: parseStub}))(t); rep.Broken == "" {
		t.Fatalf("the damage was not seen: %+v", rep)
	}
	s = got(Open(ctx, dir, Options{Parse: parseStub}))(t)
	defer s.Close()
	for name, table := range tables {
		var have int
		_, err := s.w.conn.get("SELECT count(*) FROM "+name, nil, &have)
		must(t, err)
		if have < n-table.damage*45 { // a page has fewer than 20, and behind it a few are jumped over
			t.Errorf("%d of %d rows of %s were saved", have, n, name)
		}
	}
}

// leaves are the numbers of the last pages of a tree, in its order.
func leaves(file []byte, root int64) (out []int64) {
	page := file[(root-1)*4096 : root*4096]
	if page[0] == 10 || page[0] == 13 {
		return []int64{root}
	}
	for i := range int(binary.BigEndian.Uint16(page[3:])) {
		out = append(out, leaves(file, int64(binary.BigEndian.Uint32(page[binary.BigEndian.Uint16(page[12+2*i:]):])))...)
	}
	return append(out, leaves(file, int64(binary.BigEndian.Uint32(page[8:])))...)
}
