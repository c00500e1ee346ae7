package store

import (
	"sort"
	"sync"

	"peyk/internal/mail"
)

// anchorEvery is the distance between anchors in rows: what a page far down costs at most in skipped index entries.
const anchorEvery = 2048

// Bounds of the caches: plans with anchors, and lists of ids kept whole (8 bytes a message).
const (
	maxAnchored = 24
	maxListed   = 6
)

// pageCache makes pages at any offset quick. For an indexed plan it holds anchors: "n rows stand before this key".
// Commits of this process adjust them row by row; the generation numbers of the database tell when another process (or a
// race) made them stale, and then they are dropped. So a page is always right for the snapshot that it is read in.
type pageCache struct {
	mu       sync.Mutex
	anchored map[string]*anchors
	lists    map[string]*idCache
	clock    int64
}

type anchor struct {
	before int // rows that stand strictly before key in the plan's order
	key    sortKey
}

type anchors struct {
	p             plan
	layout, marks int64 // the generations that these anchors are right for
	list          []anchor
	used          int64
}

type idCache struct {
	layout, marks int64
	ids           []mail.MessageID
	unread        int
	used          int64
}

func (a *anchors) valid(layout, marks int64) bool {
	return a.layout == layout && (!a.p.marks || a.marks == marks)
}

// precedes reports whether x stands before y in the order of the plan.
func (p *plan) precedes(x, y sortKey) bool {
	if p.asc {
		return x.less(y)
	}
	return y.less(x)
}

// counts is how many rows of the plan a placement is.
func (p *plan) counts(r placed) int {
	if p.conv {
		return r.heads
	}
	return r.n
}

// nearest returns the last anchor at or before offset.
func (c *pageCache) nearest(p plan, layout, marks int64, offset int) (anchor, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.anchored[p.key]
	if a == nil || !a.valid(layout, marks) {
		return anchor{}, false
	}
	c.clock++
	a.used = c.clock
	i := sort.Search(len(a.list), func(i int) bool { return a.list[i].before > offset }) - 1
	if i < 0 {
		return anchor{}, false
	}
	return a.list[i], true
}

// nearestKey returns the last anchor whose key stands at or before k.
func (c *pageCache) nearestKey(p plan, layout, marks int64, k sortKey) (anchor, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.anchored[p.key]
	if a == nil || !a.valid(layout, marks) {
		return anchor{}, false
	}
	i := sort.Search(len(a.list), func(i int) bool { return p.precedes(k, a.list[i].key) }) - 1
	if i < 0 {
		return anchor{}, false
	}
	return a.list[i], true
}

// add keeps anchors found while skipping in a snapshot of these generations.
func (c *pageCache) add(p plan, layout, marks int64, found []anchor) {
	if len(found) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.anchored == nil {
		c.anchored = map[string]*anchors{}
	}
	a := c.anchored[p.key]
	if a == nil || !a.valid(layout, marks) {
		if a != nil && a.layout > layout {
			return // we read an older snapshot than the cache is for
		}
		a = &anchors{p: p, layout: layout, marks: marks}
		c.anchored[p.key] = a
		evict(c.anchored, maxAnchored, func(a *anchors) int64 { return a.used })
	}
	c.clock++
	a.used = c.clock
	for _, f := range found {
		i := sort.Search(len(a.list), func(i int) bool { return a.list[i].before >= f.before })
		if i < len(a.list) && a.list[i].before-f.before < anchorEvery/2 || i > 0 && f.before-a.list[i-1].before < anchorEvery/2 {
			continue
		}
		a.list = append(a.list, anchor{})
		copy(a.list[i+1:], a.list[i:])
		a.list[i] = f
	}
}

func evict[T any](m map[string]T, max int, used func(T) int64) {
	for len(m) > max {
		oldest, first := "", true
		for k, v := range m {
			if first || used(v) < used(m[oldest]) {
				oldest, first = k, false
			}
		}
		delete(m, oldest)
	}
}

func (c *pageCache) ids(key string, layout, marks int64, needMarks bool) *idCache {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.lists[key]
	if l == nil || l.layout != layout || needMarks && l.marks != marks {
		return nil
	}
	c.clock++
	l.used = c.clock
	return l
}

func (c *pageCache) keep(key string, l *idCache) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lists == nil {
		c.lists = map[string]*idCache{}
	}
	c.clock++
	l.used = c.clock
	c.lists[key] = l
	evict(c.lists, maxListed, func(l *idCache) int64 { return l.used })
}

// apply brings the anchors over a commit of this process.
func (c *pageCache) apply(d delta) {
	if !d.placements && !d.touched {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, a := range c.anchored {
		wasLayout, wasMarks := d.layout-int64(b2i(d.placements)), d.marks-int64(b2i(d.touched))
		switch {
		case a.layout == d.layout && (!a.p.marks || a.marks == d.marks):
			continue // made after the commit
		case d.all || a.p.marks && d.touched || !a.valid(wasLayout, wasMarks):
			delete(c.anchored, k)
			continue
		}
		a.shift(d.rows)
		a.layout, a.marks = d.layout, d.marks
	}
}

// shift counts rows that came and went into the anchors behind them.
func (a *anchors) shift(rows []placed) {
	if a.p.marks {
		// A filtered plan cannot tell from the placement alone whether the row is in it.
		a.list = nil
		return
	}
	var hits []placed
	for _, r := range rows {
		if a.p.counts(r) == 0 {
			continue
		}
		if (a.p.folder == 0 || a.p.folder == r.folder) && (a.p.role == 0 || a.p.role == r.role) && (a.p.account == 0 || a.p.account == r.account) {
			hits = append(hits, r)
		}
	}
	if len(hits) == 0 {
		return
	}
	sort.Slice(hits, func(i, j int) bool { return a.p.precedes(hits[i].key, hits[j].key) })
	sum, h := 0, 0
	for i := range a.list {
		for h < len(hits) && a.p.precedes(hits[h].key, a.list[i].key) {
			sum += a.p.counts(hits[h])
			h++
		}
		a.list[i].before += sum
	}
}
