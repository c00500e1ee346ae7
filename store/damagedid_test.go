package store

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// A damaged row id does not hide the rows before it from a repair, not even that of the last row, by which it could know how many there are.
func TestDamagedRowID(t *testing.T) {
	const n = 1300
	ctx := context.Background()
	dir := filled(t, n)
	path := filepath.Join(dir, mailFile)
	s := got(Open(ctx, dir, Options{}))(t)
	var root int64
	_, err := s.w.conn.get("SELECT rootpage FROM sqlite_schema WHERE name='threads'", nil, &root)
	must(t, err)
	must(t, s.Close())
	file := got(os.ReadFile(path))(t)
	page := lastLeaf(t, file, root)
	cell := func(i int) []byte { return page[binary.BigEndian.Uint16(page[8+2*i:]):] }
	// The first byte of two, behind a length of one: a low id for the last row, a high one for another.
	cell(int(binary.BigEndian.Uint16(page[3:])) - 1)[1] = 0x80
	cell(0)[1] = 0xff
	must(t, os.WriteFile(path, file, 0o600))
	if rep := got(Repair(ctx, dir, Options{Parse: parseStub}))(t); rep.Broken == "" {
		t.Fatalf("the damage was not seen: %+v", rep)
	}
	s = got(Open(ctx, dir, Options{Parse: parseStub}))(t)
	defer s.Close()
	var have int
	_, err = s.w.conn.get("SELECT count(*) FROM threads", nil, &have)
	must(t, err)
	if have < n-2 {
		t.Errorf("%d of %d rows were saved", have, n)
	}
	clean(t, s)
}

// lastLeaf is the page of the last rows of a table.
func lastLeaf(t *testing.T, file []byte, root int64) []byte {
	t.Helper()
	for {
		page := file[(root-1)*4096 : root*4096]
		switch page[0] {
		case 13:
			return page
		case 5:
			root = int64(binary.BigEndian.Uint32(page[8:]))
		default:
			t.Fatalf("page %d is of kind %d", root, page[0])
		}
	}
}
