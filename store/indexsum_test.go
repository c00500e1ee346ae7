package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// The sum of a text is that of its words, of every length and at every place of eight bytes.
func TestTextSumIsThatOfItsWords(t *testing.T) {
	rnd := rand.New(rand.NewSource(1))
	for range 2000 {
		var words []string
		for range rnd.Intn(60) {
			words = append(words, strings.Repeat("xیz", 8)[:1+min(rnd.Intn(32), rnd.Intn(24))])
		}
		var want uint64
		for i, w := range words {
			want += hashOf([]byte(w)).at(placeOf(3, i))
		}
		if got := textSum([]byte(strings.Join(words, " ")), 3); got != want {
			t.Fatalf("%q: %x, want %x", words, got, want)
		}
	}
}

// Sums differ where anything differs that a search can tell.
func TestSumsTellWordsAndPlaces(t *testing.T) {
	seen := map[int64]string{}
	for name, words := range map[string]string{
		"":         "",
		"a b":      "\n\n\n\na b",
		"b a":      "\n\n\n\nb a",
		"ab":       "\n\n\n\nab",
		"a":        "\n\n\n\na",
		"a a":      "\n\n\n\na a",
		"subject":  "a b",
		"both":     "a\n\n\n\nb",
		"eight":    "\n\n\n\n12345678",
		"and more": "\n\n\n\n12345678 a",
		"nine":     "\n\n\n\n12345678a",
		"same":     "\n\n\n\naaaaaaaaa",
		"longer":   "\n\n\n\naaaaaaaaaa",
		"longest":  "\n\n\n\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"middle":   "\n\n\n\naaaaaaaaaaaaaaaaaaaaaabaaaaaaaaaaaaaaaaaaaaaa",
	} {
		e := indexEntry{words: []byte(words)}
		s := e.sum()
		if other, ok := seen[s]; ok {
			t.Errorf("%q and %q have the sum %x", name, other, s)
		}
		if s < 0 || s >= 1<<sumBits {
			t.Errorf("%q: %x is too long", name, s)
		}
		seen[s] = name
	}
}

// What folding gives is cut into the same words by the tokenizer as by textSum, whatever characters there are.
func TestFoldedTextHasTheWordsOfTheTokenizer(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	var in []mail.Incoming
	for block := rune(0); block < 0x20000; block += 0x400 {
		m := message(int(block>>10) + 1)
		var b strings.Builder
		for r := block; r < block+0x400; r++ {
			fmt.Fprintf(&b, "a%cb %c, %c%c\u200cx ", r, r, r, r)
		}
		m.Summary.Text = b.String()
		in = append(in, m)
	}
	got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)
	clean(t, s)
	for _, c := range fold.Index(in[0].Summary.Text) {
		if c != ' ' && c < 0x80 && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			t.Errorf("folded text holds %q", c)
		}
	}
}

// spoiler changes the tables of the search index from a connection of its own, behind everybody's back, and can put them right again.
type spoiler struct {
	t   *testing.T
	db  *sql.DB
	rnd *rand.Rand
}

func (sp *spoiler) do(q string, args ...any) {
	sp.t.Helper()
	_, err := sp.db.Exec(q, args...)
	must(sp.t, err)
}

// spoil does one small damage; what it returns takes it back.
func (sp *spoiler) spoil() (what string, undo func()) {
	sp.t.Helper()
	if sp.rnd.Intn(6) == 0 {
		var seg, page int64
		var term []byte
		must(sp.t, sp.db.QueryRow("SELECT segid,term,pgno FROM fts_idx ORDER BY segid,term LIMIT 1 OFFSET ?%(SELECT count(*) FROM fts_idx)", sp.rnd.Int31()).Scan(&seg, &term, &page))
		where, args := " WHERE segid=? AND term=?", []any{seg, term}
		back := func() { sp.do("INSERT OR REPLACE INTO fts_idx(segid,term,pgno) VALUES(?,?,?)", seg, term, page) }
		switch sp.rnd.Intn(3) {
		case 0:
			sp.do("DELETE FROM fts_idx"+where, args...)
			return fmt.Sprintf("the entry of page %d is gone", page), back
		case 1:
			sp.do("UPDATE fts_idx SET pgno=pgno+2"+where, args...)
			return fmt.Sprintf("the entry of page %d names another", page), back
		}
		other := slices.Clone(append(term, 0))
		other[sp.rnd.Intn(len(other))] ^= byte(1 + sp.rnd.Intn(255))
		sp.do("DELETE FROM fts_idx"+where, args...)
		sp.do("INSERT OR IGNORE INTO fts_idx(segid,term,pgno) VALUES(?,?,?)", seg, other, page)
		return fmt.Sprintf("the entry of page %d begins with %q instead of %q", page, other, term), func() {
			sp.do("DELETE FROM fts_idx WHERE segid=? AND pgno=?", seg, page)
			back()
		}
	}
	var id int64
	var was []byte
	must(sp.t, sp.db.QueryRow("SELECT id,block FROM fts_data WHERE id>1 ORDER BY id LIMIT 1 OFFSET ?%(SELECT count(*)-1 FROM fts_data)", sp.rnd.Int31()).Scan(&id, &was))
	b, at := slices.Clone(was), sp.rnd.Intn(len(was))
	b[at] ^= byte(1 + sp.rnd.Intn(255))
	sp.do("UPDATE fts_data SET block=? WHERE id=?", b, id)
	return fmt.Sprintf("block %d is %x, byte %d was %x", id, b, at, was[at]), func() { sp.do("UPDATE fts_data SET block=? WHERE id=?", was, id) }
}

// found is what the index finds for each of some words.
func (sp *spoiler) found(words []string) (map[string]string, error) {
	out := map[string]string{}
	for _, w := range words {
		rows, err := sp.db.Query("SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid", `"`+w+`"`)
		var ids strings.Builder
		if err := eachRow(rows, err, func(r *sql.Rows) error {
			var id int64
			err := r.Scan(&id)
			fmt.Fprintf(&ids, "%d ", id)
			return err
		}); err != nil {
			return nil, err
		}
		out[w] = ids.String()
	}
	return out, nil
}

// One changed byte in the index is told, or does not matter: every word still finds the same messages.
func TestOneSpoiledByteOfTheIndex(t *testing.T) {
	tries := 60
	if os.Getenv("PEYK_LONG") != "" {
		tries = 5000
	}
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	must(t, s.write(ctx, "small pages", func(t *wtx) error { return t.do("INSERT INTO fts(fts,rank) VALUES('pgsz',200)") }))
	var ids []mail.MessageID
	for n := 1; n <= 300; n += 60 {
		in := messages(n, n+59)
		for i := range in {
			in[i].Summary.Text += " common" + strings.Repeat(fmt.Sprintf(" word%d common", i%11), i%5)
		}
		ids = append(ids, got(s.Ingest(ctx, f[mail.RoleInbox], in))(t)...)
	}
	must(t, s.write(ctx, "removing some", func(t *wtx) error {
		for i := 0; i < len(ids); i += 17 {
			if err := t.deleteRow(ids[i]); err != nil {
				return err
			}
		}
		return nil
	}))
	sp := &spoiler{t: t, db: got(openSQL(dsn(filepath.Join(s.Dir(), mailFile), "")))(t), rnd: rand.New(rand.NewSource(1))}
	defer sp.db.Close()
	sp.db.SetMaxOpenConns(1)
	clean(t, s)
	words := []string{"common", "subject", "example", "org", "writer", "me"}
	for i := range 300 {
		words = append(words, fmt.Sprint(i), fmt.Sprintf("number%d", i), fmt.Sprintf("w%d", i), fmt.Sprintf("word%d", i))
	}
	want := got(sp.found(words))(t)
	told := 0
	for range tries {
		what, undo := sp.spoil()
		c := &checker{s: s, ctx: ctx}
		must(t, c.index())
		if len(c.rep.Problems) > 0 {
			told++
		} else if now, err := sp.found(words); err != nil || !maps.Equal(now, want) {
			t.Errorf("%s: not told, though searches find something else (%v)", what, err)
		}
		undo()
	}
	if told < tries/2 {
		t.Errorf("%d of %d damages were told", told, tries)
	}
	clean(t, s)
}

// An index from before there were sums is compared by the number of its words.
func TestIndexWithoutSums(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	ids := got(s.Ingest(ctx, f[mail.RoleInbox], messages(1, 5)))(t)
	must(t, s.write(ctx, "forgetting sums", func(t *wtx) error { return t.do("UPDATE messages SET indexsum=NULL") }))
	clean(t, s)
	must(t, s.write(ctx, "losing a word", func(t *wtx) error { return t.do("UPDATE fts_docsize SET sz=x'0307040003' WHERE id=?", ids[2]) }))
	rep := got(s.Check(ctx, false))(t)
	if len(rep.Problems) != 1 || !strings.Contains(rep.Problems[0].What, "1 message") {
		t.Errorf("found %+v", rep.Problems)
	}
	got(s.Check(ctx, true))(t)
	clean(t, s)
	var unknown int
	got(s.read(ctx, "SELECT count(*) FROM messages WHERE indexsum IS NULL", nil, &unknown))(t)
	if unknown != 0 {
		t.Errorf("%d messages have no sum after the repair", unknown)
	}
}
