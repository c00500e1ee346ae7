package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"sort"
	"sync"

	"peyk/internal/mail"
)

// found is the result of a search in one order, as far as it was asked for. It is one set, or several one behind the other where the
// best come first; within each the order is the same. A large set is never listed: its pages are read by walking an index of dates,
// with a bit of the set to ask for each message.
type found struct {
	layout, marks int64 // the generations it is right for
	used          int64

	mu      sync.Mutex // for what follows; work is done outside
	whole   *idSet     // all that is listed; nil: not known yet
	matched *idSet     // with Query.Threads: all matches
	tiers   []*tier
}

// tier is a part of a result.
type tier struct {
	set     *idSet
	list    []mail.MessageID // in order, of a small set
	anchors []anchor         // of a large one: so many of its ids stand before the message behind key, in order
}

// finder reads a result in a snapshot.
type finder struct {
	evaluator
	p plan
	f *found
}

func (sn *snapshot) finder(p plan) *finder {
	return &finder{evaluator{sn, p.search}, p, sn.s.found.result(p.key, sn.layout, sn.marks)}
}

// all is the set of all that is listed: the matches, or those that stand for a conversation.
func (f *finder) all() (*idSet, error) {
	f.f.mu.Lock()
	set := f.f.whole
	f.f.mu.Unlock()
	if set != nil {
		return set, nil
	}
	matched, err := f.matches()
	if set = matched; err == nil && f.p.threads {
		set, err = f.heads(matched)
	}
	if err == nil {
		f.f.mu.Lock()
		f.f.whole, f.f.matched = set, matched
		f.f.mu.Unlock()
	}
	return set, err
}

// count is how many rows there are, and how many of them are unread: of a conversation, whether any message found of it is.
func (f *finder) count() (total, unread int, err error) {
	set, err := f.all()
	if err != nil {
		return 0, 0, err
	}
	un, err := f.matched()
	if err == nil {
		un, err = f.narrow(un, []rowCond{isCond("unread")})
	}
	if err == nil && f.p.threads {
		un, err = f.heads(un)
	}
	if err != nil {
		return 0, 0, err
	}
	return set.size(), un.size(), nil
}

// tier returns the n-th part of the result; nil behind the last.
func (f *finder) tier(n int) (*tier, error) {
	f.f.mu.Lock()
	have := f.f.tiers
	f.f.mu.Unlock()
	ranks := f.p.search.ranks
	if f.p.sort != SortRank {
		ranks = nil
	}
	for len(have) <= n && len(have) <= len(ranks) {
		set, err := f.part(ranks, len(have))
		if err != nil {
			return nil, err
		}
		for _, t := range have {
			set = set.without(t.set)
		}
		have = append(have[:len(have):len(have)], &tier{set: set})
	}
	f.f.mu.Lock()
	defer f.f.mu.Unlock()
	if len(f.f.tiers) < len(have) {
		f.f.tiers = have
	} else {
		have = f.f.tiers
	}
	if n < len(have) {
		return have[n], nil
	}
	return nil, nil
}

// part is the n-th part with what belongs to earlier ones, too.
func (f *finder) part(ranks []string, n int) (*idSet, error) {
	if n == len(ranks) {
		return f.all()
	}
	set, err := f.text(ranks[n])
	if err != nil {
		return nil, err
	}
	if f.p.search.pure { // nothing but these words is asked for, so the whole need not be known
		return f.visible(set)
	}
	all, err := f.all()
	if err != nil {
		return nil, err
	}
	return set.and(all), nil
}

// page lists limit ids from offset on.
func (f *finder) page(offset, limit int) ([]mail.MessageID, error) {
	var ids []mail.MessageID
	for n := 0; len(ids) < limit; n++ {
		t, err := f.tier(n)
		if err != nil || t == nil {
			return ids, err
		}
		if offset >= t.set.size() {
			offset -= t.set.size()
			continue
		}
		part, err := f.slice(t, offset, limit-len(ids))
		if err != nil {
			return nil, err
		}
		ids, offset = append(ids, part...), 0
	}
	return ids, nil
}

// position is the offset of a message in the result, -1 when it is not in it.
func (f *finder) position(id mail.MessageID) (int, error) {
	if f.p.threads {
		head, err := f.headOf(id)
		if err != nil || head == 0 {
			return -1, err
		}
		id = head
	}
	if all, err := f.all(); err != nil || !all.has(id) {
		return -1, err
	}
	before := 0
	for n := 0; ; n++ {
		t, err := f.tier(n)
		if err != nil || t == nil {
			return -1, err
		}
		if t.set.has(id) {
			at, err := f.within(t, id)
			return before + at, err
		}
		before += t.set.size()
	}
}

// small reports whether a part is sorted whole: it is small, or its order is one that no index has.
func (f *finder) small(t *tier) bool {
	return t.set.size() <= f.sn.s.limits.few || f.p.sort != SortDate && f.p.sort != SortRank
}

func (f *finder) slice(t *tier, offset, limit int) ([]mail.MessageID, error) {
	if f.small(t) {
		if ids, ok, err := f.top(t, offset, limit); ok || err != nil {
			return ids, err
		}
		l, err := f.sorted(t)
		if err != nil {
			return nil, err
		}
		return append([]mail.MessageID(nil), l[min(offset, len(l)):min(offset+limit, len(l))]...), nil
	}
	ids, _, err := f.along(t, offset, limit, math.MaxInt)
	return ids, err
}

// along is a slice by the index of dates, of which at most so many entries are looked at; done is false when they were not enough.
func (f *finder) along(t *tier, offset, limit, entries int) (ids []mail.MessageID, done bool, err error) {
	from, have := f.nearest(t, func(a anchor) bool { return a.before <= offset })
	skip := offset - from.before
	ids = make([]mail.MessageID, 0, max(0, min(limit, t.set.size()-offset)))
	done, err = f.walk(t, from, have, entries, func(id mail.MessageID) bool {
		if skip > 0 {
			skip--
		} else {
			ids = append(ids, id)
		}
		return len(ids) < cap(ids)
	})
	return ids, done, err
}

// entriesForRow is how many entries of an index are read in the time in which the row of a message is.
const entriesForRow = 8

// top is a slice near the beginning of a small part, where the index of dates gives it sooner than the rows of all its messages do.
func (f *finder) top(t *tier, offset, limit int) (ids []mail.MessageID, ok bool, err error) {
	f.f.mu.Lock()
	listed := t.list != nil
	f.f.mu.Unlock()
	if listed || f.p.sort != SortDate && f.p.sort != SortRank || t.set.size()/2 <= offset+limit {
		return nil, false, nil
	}
	return f.along(t, offset, limit, entriesForRow*t.set.size())
}

// within is the place of a message in a part that holds it.
func (f *finder) within(t *tier, id mail.MessageID) (int, error) {
	if f.small(t) {
		l, err := f.sorted(t)
		for i, x := range l {
			if x == id {
				return i, err
			}
		}
		return -1, err
	}
	k := sortKey{id: id}
	err := f.sn.tx.QueryRowContext(f.sn.ctx, "SELECT date FROM messages WHERE id=?", id).Scan(&k.date)
	if errors.Is(err, sql.ErrNoRows) {
		return -1, nil
	}
	if err != nil {
		return -1, err
	}
	from, have := f.nearest(t, func(a anchor) bool { return f.p.precedes(a.key, k) })
	at, hit := from.before, false
	_, err = f.walk(t, from, have, math.MaxInt, func(x mail.MessageID) bool {
		if hit = x == id; !hit {
			at++
		}
		return !hit
	})
	if !hit {
		at = -1
	}
	return at, err
}

// sorted lists a part in its order.
func (f *finder) sorted(t *tier) ([]mail.MessageID, error) {
	f.f.mu.Lock()
	l := t.list
	f.f.mu.Unlock()
	if l != nil || t.set.size() == 0 {
		return l, nil
	}
	l = make([]mail.MessageID, 0, t.set.size())
	rows, err := f.sn.tx.QueryContext(f.sn.ctx, "SELECT group_concat(m.id,',' ORDER BY "+f.p.order+") FROM json_each(?) j CROSS JOIN messages m ON m.id=j.value",
		idList(t.set.ids()))
	err = eachRow(rows, err, func(r *sql.Rows) error {
		var list sql.RawBytes
		err := r.Scan(&list)
		eachID(list, func(id mail.MessageID) bool { l = append(l, id); return true })
		return err
	})
	if err != nil {
		return nil, err
	}
	f.f.mu.Lock()
	t.list = l
	f.f.mu.Unlock()
	return l, nil
}

// nearest is the last anchor of a part that fulfils ok: the first ones do, the others do not.
func (f *finder) nearest(t *tier, ok func(anchor) bool) (a anchor, have bool) {
	f.f.mu.Lock()
	defer f.f.mu.Unlock()
	i := sort.Search(len(t.anchors), func(i int) bool { return !ok(t.anchors[i]) })
	if i == 0 {
		return anchor{}, false
	}
	return t.anchors[i-1], true
}

// walk calls fn for the ids of a part that stand behind an anchor, in order, until fn has enough. It leaves new anchors behind. done is
// false when fn still wanted more after about so many entries of the index.
func (f *finder) walk(t *tier, from anchor, have bool, entries int, fn func(id mail.MessageID) (more bool)) (done bool, err error) {
	more := true
	for n := min(256, f.sn.s.limits.block); entries > 0; n = min(2*n, f.sn.s.limits.block) {
		list, edge, err := f.block(from.key, have, n)
		if err != nil {
			return false, err
		}
		seen := 0
		eachID(list, func(id mail.MessageID) bool {
			seen, from.key.id = seen+1, id
			if t.set.has(id) {
				from.before++
				more = fn(id)
			}
			return more
		})
		if !more || seen < n {
			return true, nil
		}
		entries -= n
		from.key.date, have = edge, true
		f.leave(t, from)
	}
	return false, nil
}

// block reads n ids behind a key in the order of dates, and the date of the last.
func (f *finder) block(k sortKey, have bool, n int) (list []byte, edge int64, err error) {
	cmp, dir, last := "<", "DESC", "min"
	if f.p.asc {
		cmp, dir, last = ">", "ASC", "max"
	}
	w := f.p.search.walk
	where, args := "m.hidden=0 AND "+w.sql, append([]any(nil), w.args...)
	if have {
		where += " AND (m.date,m.id)" + cmp + "(?,?)"
		args = append(args, k.date, k.id)
	}
	q := fmt.Sprintf("SELECT group_concat(id),ifnull(%s(date),0) FROM (SELECT m.id,m.date FROM messages m INDEXED BY %s WHERE %s ORDER BY m.date %s,m.id %s LIMIT ?)",
		last, w.index, where, dir, dir)
	st, err := f.sn.stmt(q)
	if err != nil {
		return nil, 0, err
	}
	err = st.QueryRowContext(f.sn.ctx, append(args, n)...).Scan(&list, &edge)
	return list, edge, err
}

// leave keeps an anchor that lies beyond all that are known.
func (f *finder) leave(t *tier, a anchor) {
	f.f.mu.Lock()
	defer f.f.mu.Unlock()
	if n := len(t.anchors); n == 0 || f.p.precedes(t.anchors[n-1].key, a.key) {
		t.anchors = append(t.anchors, a)
	}
}

// Bounds of what is kept of searches: sets of 128 KB for a million messages, and results with some of them.
const (
	maxSets    = 24
	maxResults = 8
)

// foundCache keeps what searches found until a commit changes it.
type foundCache struct {
	mu      sync.Mutex
	sets    map[string]*keptSet
	results map[string]*found
	threads *several // nil: no conversations of a search were asked for
	clock   int64
}

type keptSet struct {
	layout, marks int64
	set           *idSet
	used          int64
}

func (c *foundCache) set(key string, layout, marks int64, needMarks bool) *idSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.sets[key]
	if k == nil || k.layout != layout || needMarks && k.marks != marks {
		return nil
	}
	c.clock++
	k.used = c.clock
	return k.set
}

func (c *foundCache) keepSet(key string, layout, marks int64, s *idSet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.sets[key]; k != nil && k.layout > layout {
		return // read in an older snapshot
	}
	if c.sets == nil {
		c.sets = map[string]*keptSet{}
	}
	c.clock++
	c.sets[key] = &keptSet{layout, marks, s, c.clock}
	evict(c.sets, maxSets, func(k *keptSet) int64 { return k.used })
}

// result is what is known of a search, perhaps nothing yet.
func (c *foundCache) result(key string, layout, marks int64) *found {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clock++
	f := c.results[key]
	if f == nil || f.layout != layout || f.marks != marks {
		f = &found{layout: layout, marks: marks}
		if c.results == nil {
			c.results = map[string]*found{}
		}
		c.results[key] = f
		evict(c.results, maxResults, func(f *found) int64 { return f.used })
	}
	f.used = c.clock
	return f
}

// Search finds messages, best match first. Of a query with words of its own (not only operators) first come those with the words in the
// subject, standing together before standing apart; then those with each of the words in subject, sender or names of files; then those whose text
// has them standing together; then all others. Within each of these the newest come first.
func (s *Store) Search(ctx context.Context, query string, offset, limit int) ([]mail.Row, error) {
	return s.Page(ctx, Query{Search: query, Sort: SortRank}, offset, limit)
}
