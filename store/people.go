package store

import (
	"context"
	"database/sql"
	"sort"
	"strings"
	"time"

	"peyk/internal/mail"
	"peyk/store/fold"
)

// person collects what one batch says about somebody.
type person struct {
	shown, name string
	seen, sent  int
	last        int64
}

// meet notes the people of a message: who wrote to the user, and whom the user wrote to.
func (g *ingester) meet(sum *mail.Summary, when time.Time) {
	switch g.f.Role {
	case mail.RoleJunk, mail.RoleTrash, mail.RoleDrafts:
		return
	case mail.RoleSent, mail.RoleOutbox:
		for _, l := range [][]mail.Address{sum.To, sum.Cc, sum.Bcc} {
			g.meetAll(l, 0, 1, when)
		}
		return
	}
	g.meetAll(sum.From, 1, 0, when)
	if len(sum.To)+len(sum.Cc) <= 20 { // larger circles are lists, not acquaintances
		g.meetAll(sum.To, 0, 0, when)
		g.meetAll(sum.Cc, 0, 0, when)
	}
}

func (g *ingester) meetAll(as []mail.Address, seen, sent int, when time.Time) {
	for _, a := range bounded(as) {
		addr := cleanText(a.Addr, 320)
		if !strings.Contains(addr, "@") {
			continue
		}
		key := strings.ToLower(addr)
		p := g.people[key]
		if p == nil {
			p = &person{shown: addr}
			g.people[key] = p
		}
		p.seen += seen
		p.sent += sent
		if name := cleanText(a.Name, 200); name != "" && !strings.EqualFold(name, addr) && (p.name == "" || when.Unix() >= p.last) {
			p.name = name
		}
		p.last = max(p.last, when.Unix())
	}
}

func (g *ingester) savePeople() error {
	addrs := keys(g.people)
	if len(addrs) == 0 {
		return nil
	}
	sort.Strings(addrs) // the same order in every process: nothing depends on chance
	type knownPerson struct {
		id   int64
		name string
	}
	known := map[string]knownPerson{}
	ask := make([]any, len(addrs))
	for i, a := range addrs {
		ask[i] = a
	}
	if err := g.t.lookup("SELECT addr,id,name FROM people WHERE addr IN (", nil, ask, func(r scanner) error {
		var addr string
		var k knownPerson
		err := r.Scan(&addr, &k.id, &k.name)
		known[addr] = k
		return err
	}); err != nil {
		return err
	}
	w, err := newPeopleWriter(g.t)
	if err != nil {
		return err
	}
	first := w.next
	for _, addr := range addrs {
		p := g.people[addr]
		if k, ok := known[addr]; ok {
			err = w.update(p, k.id, k.name)
		} else {
			err = w.add(p, addr)
		}
		if err != nil {
			return err
		}
	}
	if err := w.people.flush(); err != nil {
		return err
	}
	if err := w.words.flush(); err != nil {
		return err
	}
	if first/peopleEvery == w.next/peopleEvery {
		return nil
	}
	return g.t.trimPeople()
}

// How many people are remembered to whom the user has not written; those to whom he has are never forgotten. A mailbox of years holds hundreds of thousands of
// addresses, of which most wrote once, and every letter that is typed into an address field looks among them.
const (
	maxStrangers = 50_000
	strangerRoom = 25_000 // how many more there may be, so that they are seldom sorted
	peopleEvery  = 1_000  // new people after which they are counted
)

// trimPeople forgets strangers whom Suggest would offer last.
func (t *wtx) trimPeople() error {
	var n int
	if _, err := t.get("SELECT count(*) FROM people WHERE sent=0", nil, &n); err != nil || n <= maxStrangers+strangerRoom {
		return err
	}
	if err := t.do("DELETE FROM people WHERE id IN (SELECT id FROM people WHERE sent=0 ORDER BY "+suggestScore+", last, id DESC LIMIT ?)", t.s.now().Unix(), n-maxStrangers); err != nil {
		return err
	}
	return t.do("DELETE FROM people_words WHERE person NOT IN (SELECT id FROM people)")
}

// peopleWriter writes people, with the words that they are found by.
type peopleWriter struct {
	t             *wtx
	next          int64 // the id of the next new one
	people, words bulk
}

func newPeopleWriter(t *wtx) (*peopleWriter, error) {
	w := &peopleWriter{t: t, people: newBulk(t, "people(id,addr,shown,name,seen,sent,last)"), words: newBulk(t, "people_words(word,person)")}
	w.words.or = "IGNORE"
	_, err := t.get("SELECT ifnull(max(id),0)+1 FROM people", nil, &w.next)
	return w, err
}

func (w *peopleWriter) add(p *person, addr string) error {
	id := w.next
	w.next++
	if err := w.people.add(id, addr, p.shown, p.name, p.seen, p.sent, p.last); err != nil {
		return err
	}
	return w.foundBy(id, p.name+" "+addr)
}

func (w *peopleWriter) update(p *person, id int64, name string) error {
	if err := w.t.do(`UPDATE people SET seen=seen+?, sent=sent+?, last=max(last,?), name=CASE WHEN ?4='' OR (name<>'' AND ?3<last) THEN name ELSE ?4 END WHERE id=?5`,
		p.seen, p.sent, p.last, p.name, id); err != nil {
		return err
	}
	if p.name != "" && p.name != name {
		return w.foundBy(id, p.name)
	}
	return nil
}

// maxNameWords is by how many words of a name and an address somebody is found.
const maxNameWords = 24

// foundBy makes somebody findable by the words of a name or an address. Words of earlier names stay.
func (w *peopleWriter) foundBy(id int64, text string) error {
	words := strings.Fields(fold.Index(text))
	for _, word := range words[:min(len(words), maxNameWords)] {
		if err := w.words.add(word, id); err != nil {
			return err
		}
	}
	return nil
}

// suggestScore is how good a suggestion somebody is, at a time (Unix seconds). It halves with each year of silence.
const suggestScore = "(1+seen+8.0*sent)/(1.0+max(0,?-last)/31536000.0)"

// Suggest completes what is typed into an address field from the people seen, best first: those the user wrote to, then
// those who wrote often and lately. Every word typed must begin a word of the name or the address. An empty prefix gives the best of all.
func (s *Store) Suggest(ctx context.Context, prefix string, limit int) ([]mail.Address, error) {
	words := strings.Fields(fold.String(prefix))
	if len(words) > maxNameWords { // a text that was pasted by mistake
		return nil, nil
	}
	var conds []string
	var args []any
	for _, w := range words {
		conds = append(conds, "id IN (SELECT person FROM people_words WHERE word>=? AND word<?)")
		args = append(args, w, w+"\U0010ffff")
	}
	where := "1"
	if len(conds) > 0 {
		where = strings.Join(conds, " AND ")
	}
	args = append(args, s.now().Unix(), limit)
	q := "SELECT name,shown FROM people WHERE " + where +
		" ORDER BY " + suggestScore + " DESC, last DESC, id LIMIT ?"
	var out []mail.Address
	err := s.readAll(ctx, q, args, func(r *sql.Rows) error {
		var a mail.Address
		err := r.Scan(&a.Name, &a.Addr)
		out = append(out, a)
		return err
	})
	return out, err
}

// Correspondents are the people the user wrote to, the latest first, at most limit of them.
func (s *Store) Correspondents(ctx context.Context, limit int) ([]mail.Address, error) {
	var out []mail.Address
	err := s.readAll(ctx, "SELECT name,shown FROM people WHERE sent>0 ORDER BY last DESC, id LIMIT ?", []any{limit}, func(r *sql.Rows) error {
		var a mail.Address
		err := r.Scan(&a.Name, &a.Addr)
		out = append(out, a)
		return err
	})
	return out, err
}
