package store

import (
	"context"
	"testing"

	"peyk/internal/mail"
)

// TestStrangersAreForgotten: of more people than anybody knows those go that would be offered last, and nobody to whom the user has written, however long ago.
func TestStrangersAreForgotten(t *testing.T) {
	s := openTest(t, Options{})
	ctx := context.Background()
	_, f := imapAccount(t, s, "work")
	// Every tenth was written to. The ids go up to the next count.
	must(t, s.write(ctx, "test", func(t *wtx) error {
		return t.script(`WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<83998)
 INSERT INTO people SELECT i,'p'||i||'@example.org','p'||i||'@example.org','',1,i%10=0,i FROM c;
 INSERT INTO people_words SELECT 'p'||id,id FROM people;
 UPDATE people SET seen=500000 WHERE id=1;`)
	}))
	in := message(1)
	in.Summary.From = []mail.Address{{Name: "New", Addr: "new@example.org"}}
	got(s.Ingest(ctx, f[mail.RoleInbox], []mail.Incoming{in}))(t)
	var strangers, known, words, first int
	got(s.read(ctx, `SELECT (SELECT count(*) FROM people WHERE sent=0),(SELECT count(*) FROM people WHERE sent>0),
 (SELECT count(DISTINCT person) FROM people_words),(SELECT count(*) FROM people WHERE id IN (1,10))`, nil, &strangers, &known, &words, &first))(t)
	if strangers != maxStrangers || known != 8399 {
		t.Errorf("%d strangers and %d others are remembered", strangers, known)
	}
	if words != strangers+known || first != 2 {
		t.Errorf("%d are found by a word; of the oldest two that are known %d are left", words, first)
	}
	if l := got(s.Suggest(ctx, "new", 5))(t); len(l) != 1 {
		t.Errorf("the new one is suggested as %v", l)
	}
	if l := got(s.Suggest(ctx, "p2", 100_000))(t); len(l) == 0 || l[0].Addr == "p2@example.org" {
		t.Errorf("%d are suggested", len(l))
	}
}
