package model

import (
	"context"
	"maps"
	"slices"
	"time"

	"peyk/internal/mail"
)

// Counts is how many rows a list has. Conversations is how many of them are conversations, where a list has such; the others are
// messages of those that are unfolded.
type Counts struct{ Total, Unread, Conversations int }

// Key names a row of a list: its message, or for a conversation of several the newest one with a minus, because that message may
// have a row of its own below.
func Key(r mail.Row) mail.MessageID {
	if r.Group != nil {
		return -r.ID
	}
	return r.ID
}

// Source reads one list, a page at a time. Its methods block on the disk and are called off the UI thread.
type Source interface {
	Count(ctx context.Context) (Counts, error)
	Page(ctx context.Context, offset, limit int) ([]mail.Row, error)
	// Position is the index of the row with a message or of a Key, -1 when it is not there.
	Position(ctx context.Context, id mail.MessageID) (int, error)
}

// pageSize rows are read at once; maxPages pages are kept, so a list holds at most pageSize*maxPages rows whatever the
// size of the folder.
const (
	pageSize = 64
	maxPages = 16
)

type page struct {
	rows    []mail.Row
	stale   bool
	loading bool
	used    uint64
}

// Pager gives a virtual list its rows out of a bounded window of cached pages. It belongs to the UI thread.
type Pager struct {
	run    Runner
	src    Source
	gen    uint64 // counts sources: an answer for an older one is dropped
	leave  func() // ends what is being read of the source
	left   context.Context
	epoch  uint64 // counts refreshes: a page asked for before one is stale when it arrives
	clock  uint64
	counts Counts
	took   time.Duration // the first reading of the list
	loaded bool
	pages  map[int]*page
	first  int // the rows on the screen
	last   int
	before bool // the rows are still those of the list before
	busy   bool // a refresh is running
	again  *refresh

	// Changed tells that rows or counts changed.
	Changed func()
	// Failed tells that reading failed; the list keeps what it has.
	Failed func(error)
}

type refresh struct {
	follow []mail.MessageID
	done   []func(at []int)
}

// NewPager makes an empty list.
func NewPager(run Runner) *Pager {
	return &Pager{run: run, pages: map[int]*page{}, leave: func() {}, left: context.Background(), Changed: func() {}, Failed: func(error) {}}
}

// Show turns to another list. Its rows arrive later; until then Total is zero and Loaded is false. What is still being read of the
// list before is given up: a search for the first letters of a word must not hold up the one for the word.
func (p *Pager) Show(src Source, done func()) {
	p.counts, p.loaded, p.before = Counts{}, false, false
	p.pages = map[int]*page{}
	p.turn(src, done)
	p.Changed()
}

// Follow turns to another list as Show does, but the rows of the one before stay until the first of the new ones are there: while
// somebody types, nothing flickers.
func (p *Pager) Follow(src Source, done func()) {
	p.before = true
	p.turn(src, done)
}

func (p *Pager) turn(src Source, done func()) {
	p.leave()
	p.left, p.leave = context.WithCancel(context.Background())
	p.src = src
	p.first, p.last = 0, pageSize-1
	p.gen++
	p.busy, p.again, p.took = false, nil, 0
	p.Refresh(nil, func([]int) {
		if done != nil {
			done()
		}
	})
}

// Loaded reports whether the list has been read since Show: only then an empty list is really empty.
func (p *Pager) Loaded() bool { return p.loaded }

// Counts is the size of the list as last read.
func (p *Pager) Counts() Counts { return p.counts }

// Took is how long the store took to read what the list begins with; 0 until it has.
func (p *Pager) Took() time.Duration { return p.took }

// Total is the number of rows.
func (p *Pager) Total() int { return p.counts.Total }

// Visible tells which rows are on the screen: they are kept and refreshed first.
func (p *Pager) Visible(first, last int) {
	if !p.before {
		p.first, p.last = max(first, 0), max(last, 0)
	}
}

// Row returns a row when it is in memory; otherwise it is fetched and Changed is called later.
func (p *Pager) Row(i int) (mail.Row, bool) {
	if i < 0 || i >= p.counts.Total {
		return mail.Row{}, false
	}
	pg := p.pages[i/pageSize]
	if (pg == nil || pg.stale) && !p.before {
		p.load(i / pageSize)
		pg = p.pages[i/pageSize]
	}
	if pg == nil {
		return mail.Row{}, false
	}
	p.clock++
	pg.used = p.clock
	if at := i % pageSize; at < len(pg.rows) {
		return pg.rows[at], true
	}
	return mail.Row{}, false
}

// Swap turns to another source of the same list: what is shown stays until Refresh.
func (p *Pager) Swap(src Source) { p.src = src }

// Source is where the rows come from.
func (p *Pager) Source() Source { return p.src }

// Cached returns the row with the given Key and its index when it is in memory.
func (p *Pager) Cached(key mail.MessageID) (mail.Row, int, bool) {
	for n, pg := range p.pages {
		for i := range pg.rows {
			if Key(pg.rows[i]) == key {
				return pg.rows[i], n*pageSize + i, true
			}
		}
	}
	return mail.Row{}, -1, false
}

// InMemory are the rows that are in memory, in the order of the list.
func (p *Pager) InMemory(yield func(r mail.Row) bool) {
	for _, n := range slices.Sorted(maps.Keys(p.pages)) {
		for _, r := range p.pages[n].rows {
			if !yield(r) {
				return
			}
		}
	}
}

// Expect changes cached rows as an action on messages will, so that a click shows before the store has answered; change gives
// the row as it will be. It returns the indices of the rows that stand for one of the messages.
func (p *Pager) Expect(ids []mail.MessageID, change func(r mail.Row) mail.Row) (at []int) {
	in := make(map[mail.MessageID]bool, len(ids))
	for _, id := range ids {
		in[id] = true
	}
	for n, pg := range p.pages {
		for i := range pg.rows {
			some, all := false, true
			for _, id := range pg.rows[i].Members() {
				some, all = some || in[id], all && in[id]
			}
			if !some {
				continue
			}
			next := change(pg.rows[i])
			if !all { // a mark stays for the others of the conversation
				if pg.rows[i].Unread() && !next.Unread() {
					next.Flags = next.Flags.Without(mail.FlagSeen)
				}
				if pg.rows[i].Starred() && !next.Starred() {
					next.Flags = next.Flags.With(mail.FlagFlagged)
				}
			}
			pg.rows[i] = next
			at = append(at, n*pageSize+i)
		}
	}
	return at
}

// read runs work elsewhere, until the pager turns to another list.
func (p *Pager) read(work func(ctx context.Context) (apply func())) {
	left := p.left
	p.run.Go(func(ctx context.Context) func() {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(left, end)()
		return work(ctx)
	})
}

func (p *Pager) load(n int) {
	pg := p.pages[n]
	if pg == nil {
		p.evict()
		pg = &page{}
		p.pages[n] = pg
	}
	if pg.loading || p.src == nil {
		return
	}
	pg.loading = true
	src, gen, epoch := p.src, p.gen, p.epoch
	p.read(func(ctx context.Context) func() {
		rows, err := src.Page(ctx, n*pageSize, pageSize)
		return func() {
			if p.gen != gen {
				return
			}
			pg.loading, pg.stale = false, p.epoch != epoch
			if err != nil {
				p.Failed(err)
				return
			}
			pg.rows = rows
			p.Changed()
		}
	})
}

// evict makes room for one more page by dropping the one that was used longest ago and is not on the screen.
func (p *Pager) evict() {
	for len(p.pages) >= maxPages {
		oldest, at := ^uint64(0), -1
		for n, pg := range p.pages {
			if onScreen := n >= p.first/pageSize && n <= p.last/pageSize; onScreen || pg.loading {
				continue
			}
			if pg.used < oldest {
				oldest, at = pg.used, n
			}
		}
		if at < 0 {
			return
		}
		delete(p.pages, at)
	}
}

// Refresh reads counts and the rows on the screen again and shows them in one step, without a flicker. done gets the new
// index of each message of follow (-1: it is no longer in the list). Refreshes that come while one runs are joined.
func (p *Pager) Refresh(follow []mail.MessageID, done func(at []int)) {
	if p.src == nil {
		return
	}
	if done == nil {
		done = func([]int) {}
	}
	if p.busy {
		if p.again == nil {
			p.again = &refresh{}
		}
		base := len(p.again.follow)
		p.again.follow = append(p.again.follow, follow...)
		p.again.done = append(p.again.done, func(at []int) { done(at[base : base+len(follow)]) })
		return
	}
	p.busy = true
	src, gen, first, last := p.src, p.gen, p.first/pageSize, p.last/pageSize
	p.read(func(ctx context.Context) func() {
		began := time.Now()
		got, err := readScreen(ctx, src, first, last, follow)
		took := time.Since(began)
		return func() {
			if p.gen != gen {
				return
			}
			p.busy = false
			if p.took == 0 {
				p.took = max(1, took)
			}
			if err != nil {
				if p.before {
					p.apply(screen{})
				}
				p.Failed(err)
			} else {
				p.apply(got)
				done(got.at)
			}
			if next := p.again; next != nil {
				p.again = nil
				p.Refresh(next.follow, func(at []int) {
					for _, f := range next.done {
						f(at)
					}
				})
			}
		}
	})
}

type screen struct {
	counts Counts
	pages  map[int][]mail.Row
	at     []int
}

// readScreen reads until counts, rows and places agree: a commit between two of the reads can make a row that is gone
// still be seen.
func readScreen(ctx context.Context, src Source, first, last int, follow []mail.MessageID) (screen, error) {
	for range maxRereads {
		s, err := readOnce(ctx, src, first, last, follow)
		if err != nil || s.agrees(follow) {
			return s, err
		}
	}
	return readOnce(ctx, src, first, last, follow)
}

const maxRereads = 3

// agrees reports whether no message that is said to be gone is among the rows, and none is elsewhere than said.
func (s *screen) agrees(follow []mail.MessageID) bool {
	where := map[mail.MessageID]int{}
	for n, rows := range s.pages {
		for i := range rows {
			where[Key(rows[i])] = n*pageSize + i
		}
	}
	for i, id := range follow {
		if at, seen := where[id]; seen && at != s.at[i] {
			return false
		}
	}
	return true
}

func readOnce(ctx context.Context, src Source, first, last int, follow []mail.MessageID) (screen, error) {
	var s screen
	var err error
	if s.counts, err = src.Count(ctx); err != nil {
		return s, err
	}
	end := max((s.counts.Total-1)/pageSize, 0)
	first, last = min(first, end), min(last, end)
	s.pages = map[int][]mail.Row{}
	for n := first; n <= last; n++ {
		if s.pages[n], err = src.Page(ctx, n*pageSize, pageSize); err != nil {
			return s, err
		}
	}
	for _, id := range follow {
		at, err := src.Position(ctx, id)
		if err != nil {
			return s, err
		}
		s.at = append(s.at, at)
	}
	return s, nil
}

func (p *Pager) apply(s screen) {
	if p.before {
		p.before, p.pages = false, map[int]*page{}
	}
	for n, pg := range p.pages {
		if n*pageSize >= s.counts.Total {
			delete(p.pages, n)
			continue
		}
		pg.stale = true
	}
	p.epoch++
	p.counts, p.loaded = s.counts, true
	for n, rows := range s.pages {
		p.clock++
		// A page that was being loaded before is replaced, so that its older answer is not taken for this one.
		p.pages[n] = &page{rows: rows, used: p.clock}
	}
	p.Changed()
}
