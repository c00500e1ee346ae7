package fts5

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3"
)

// place is an occurrence of a word.
type place struct {
	term        string
	row         int64
	col, offset int
}

func compare(a, b place) int {
	return cmp.Or(strings.Compare(a.term, b.term), cmp.Compare(a.row, b.row), cmp.Compare(a.col, b.col), cmp.Compare(a.offset, b.offset))
}

// makeIndex makes an index of random words in small pages, with updates, deletions and merges under way.
func makeIndex(t testing.TB, rnd *rand.Rand, rows int) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "index.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	do := func(q string, args ...any) {
		t.Helper()
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	do("CREATE VIRTUAL TABLE fts USING fts5(a, b, c, content='', contentless_delete=1, tokenize='ascii')")
	do("CREATE VIRTUAL TABLE words USING fts5vocab(fts, instance)")
	do("INSERT INTO fts(fts, rank) VALUES('pgsz', ?)", 64+rnd.Intn(400))
	do("INSERT INTO fts(fts, rank) VALUES('automerge', ?)", 2+rnd.Intn(6))
	text := func(most int) string {
		var b strings.Builder
		for range rnd.Intn(most) {
			n := int(rnd.ExpFloat64() * 20)
			fmt.Fprintf(&b, " %s%d", strings.Repeat("واژه", rnd.Intn(3)), n)
		}
		return b.String()
	}
	for n := 0; n < rows; {
		do("BEGIN")
		for range 1 + rnd.Intn(40) {
			n++
			do("INSERT INTO fts(rowid,a,b,c) VALUES(?,?,?,?)", int64(n)*int64(1+rnd.Intn(3))<<20+int64(n), text(5), text(1), "always "+text(200))
		}
		do("COMMIT")
		if rnd.Intn(3) == 0 {
			do("DELETE FROM fts WHERE rowid IN (SELECT id FROM fts_docsize ORDER BY random() LIMIT 4)")
		}
	}
	return db
}

// tables are the rows of the %_data and the %_idx table.
type tables struct {
	blocks map[int64][]byte
	leaves map[int64][]Leaf
}

func tablesOf(t testing.TB, db *sql.DB) tables {
	t.Helper()
	out := tables{map[int64][]byte{}, map[int64][]Leaf{}}
	rows, err := db.Query("SELECT id,block FROM fts_data")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var b []byte
		if err := rows.Scan(&id, &b); err != nil {
			t.Fatal(err)
		}
		out.blocks[id] = b
	}
	if rows, err = db.Query("SELECT segid,term,pgno>>1 FROM fts_idx ORDER BY segid,term"); err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var l Leaf
		if err := rows.Scan(&id, &l.Term, &l.Page); err != nil {
			t.Fatal(err)
		}
		out.leaves[id] = append(out.leaves[id], l)
	}
	return out
}

func (x tables) read() (out []place, err error) {
	var term string
	r := Reader{
		Block:  func(id int64) ([]byte, error) { return x.blocks[id], nil },
		Leaves: func(id int64) ([]Leaf, error) { return x.leaves[id], nil },
		Term:   func(b []byte) { term = string(b) },
		Place:  func(row int64, col, offset int) { out = append(out, place{term, row, col, offset}) },
	}
	err = r.Read(context.Background())
	return out, err
}

// TestReadsWhatFTS5Reads compares with FTS5's own table of instances.
func TestReadsWhatFTS5Reads(t *testing.T) {
	for seed := range int64(4) {
		rnd := rand.New(rand.NewSource(seed))
		db := makeIndex(t, rnd, 400)
		var want []place
		rows, err := db.Query("SELECT term,doc,col,offset FROM words")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var p place
			var col string
			if err := rows.Scan(&p.term, &p.row, &col, &p.offset); err != nil {
				t.Fatal(err)
			}
			p.col = int(col[0] - 'a')
			want = append(want, p)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		got, err := tablesOf(t, db).read()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		slices.SortFunc(got, compare)
		slices.SortFunc(want, compare)
		if len(want) < 10_000 || !slices.Equal(got, want) {
			t.Errorf("seed %d: %d places read, FTS5 has %d", seed, len(got), len(want))
		}
		var n, total uint64
		var sizes []byte
		rows, err = db.Query("SELECT sz FROM fts_docsize")
		for err == nil && rows.Next() {
			err = rows.Scan(&sizes)
			total += Words(sizes)
			n++
		}
		if err != nil || n == 0 || total != uint64(len(want)) {
			t.Errorf("seed %d: %d words in %d rows, want %d, %v", seed, total, n, len(want), err)
		}
	}
}

func TestEmptyIndex(t *testing.T) {
	db := makeIndex(t, rand.New(rand.NewSource(1)), 0)
	if got, err := tablesOf(t, db).read(); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := (tables{}).read(); !errors.Is(err, ErrDamaged) {
		t.Errorf("without any block: %v", err)
	}
}

// TestSpoiledBlocks: whatever bytes stand there, reading ends, with an error or with other places, never with a panic.
func TestSpoiledBlocks(t *testing.T) {
	tries := 300
	if os.Getenv("PEYK_LONG") != "" {
		tries = 30_000
	}
	rnd := rand.New(rand.NewSource(7))
	good := tablesOf(t, makeIndex(t, rnd, 120))
	ids := make([]int64, 0, len(good.blocks))
	for id := range good.blocks {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	want, err := good.read()
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for range tries {
		id := ids[rnd.Intn(len(ids))]
		was := good.blocks[id]
		b := bytes.Clone(was)
		switch {
		case rnd.Intn(8) == 0:
			b = nil
		case rnd.Intn(8) == 0:
			b = b[:rnd.Intn(len(b))]
		default:
			for range 1 + rnd.Intn(3) {
				b[rnd.Intn(len(b))] ^= byte(1 + rnd.Intn(255))
			}
		}
		good.blocks[id] = b
		got, err := good.read()
		switch {
		case errors.Is(err, ErrDamaged):
			told++
		case err != nil:
			t.Fatalf("block %d as %x: %v", id, b, err)
		case len(got) > 2*len(want):
			t.Fatalf("block %d as %x: %d places of %d", id, b, len(got), len(want))
		}
		good.blocks[id] = was
	}
	if told < tries/10 {
		t.Errorf("%d of %d damages were told", told, tries)
	}
}

func TestReadingEndsWithItsContext(t *testing.T) {
	all := tablesOf(t, makeIndex(t, rand.New(rand.NewSource(3)), 20))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := Reader{Block: func(id int64) ([]byte, error) { return all.blocks[id], nil }, Leaves: func(id int64) ([]Leaf, error) { return all.leaves[id], nil },
		Term: func([]byte) {}, Place: func(int64, int, int) {}}
	if err := r.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	broken := errors.New("the disk is gone")
	r.Block = func(int64) ([]byte, error) { return nil, broken }
	if err := r.Read(context.Background()); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
