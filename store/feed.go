package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"peyk/internal/mail"
)

// feed hands changes to subscribers after each commit and looks for commits of other processes.
type feed struct {
	mu     sync.Mutex
	subs   map[*Subscription]struct{}
	closed bool

	cancel context.CancelFunc
	done   chan struct{}
	wake   chan struct{} // the first subscriber starts the polling
}

// Subscription delivers changes until Close. Changes are coalesced while the receiver is busy; one that would name too
// many messages says Reload. C is closed by Close and when the Store closes.
type Subscription struct {
	C <-chan mail.Change

	f       *feed
	out     chan mail.Change
	kick    chan struct{}
	quit    chan struct{}
	once    sync.Once
	mu      sync.Mutex
	pending mail.Change
	dirty   bool
}

// Subscribe starts delivery of the changes that are committed after the call, by this process or another one (those come
// as Reload within about a second).
func (s *Store) Subscribe() *Subscription {
	out := make(chan mail.Change)
	sub := &Subscription{C: out, f: &s.feed, out: out, kick: make(chan struct{}, 1), quit: make(chan struct{})}
	s.feed.mu.Lock()
	closed := s.feed.closed
	if !closed {
		s.feed.subs[sub] = struct{}{}
	}
	s.feed.mu.Unlock()
	if s.newer.Load() != nil {
		sub.add(mail.Change{Newer: true})
	}
	if closed {
		close(out)
		sub.once.Do(func() { close(sub.quit) })
		return sub
	}
	go sub.deliver()
	select {
	case s.feed.wake <- struct{}{}:
	default:
	}
	return sub
}

// Close ends the delivery and closes C. It may be called more than once and from any goroutine.
func (s *Subscription) Close() {
	s.once.Do(func() {
		s.f.mu.Lock()
		delete(s.f.subs, s)
		s.f.mu.Unlock()
		close(s.quit)
	})
}

func (s *Subscription) deliver() {
	defer close(s.out)
	for {
		select {
		case <-s.quit:
			return
		case <-s.kick:
		}
		for {
			s.mu.Lock()
			c, dirty := s.pending, s.dirty
			s.pending, s.dirty = mail.Change{}, false
			s.mu.Unlock()
			if !dirty {
				break
			}
			select {
			case <-s.quit:
				return
			case s.out <- c:
			}
		}
	}
}

func (s *Subscription) add(c mail.Change) {
	s.mu.Lock()
	s.pending = merge(s.pending, c)
	s.dirty = true
	s.mu.Unlock()
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

func merge(a, b mail.Change) mail.Change {
	a.Reload = a.Reload || b.Reload
	a.Ops = a.Ops || b.Ops
	a.Outbox = a.Outbox || b.Outbox
	a.Drafts = a.Drafts || b.Drafts
	a.Settings = a.Settings || b.Settings
	a.Newer = a.Newer || b.Newer
	a.Accounts = union(a.Accounts, b.Accounts)
	a.Folders = union(a.Folders, b.Folders)
	a.Messages = union(a.Messages, b.Messages)
	a.Arrived = union(a.Arrived, b.Arrived)
	a.Returned = union(a.Returned, b.Returned)
	if len(a.Messages) > maxChangeIDs {
		a.Reload = true
	}
	if a.Reload {
		a.Messages = nil
	}
	if len(a.Arrived) > maxChangeIDs {
		a.Arrived = a.Arrived[len(a.Arrived)-maxChangeIDs:]
	}
	return a
}

func union[T comparable](a, b []T) []T {
	if len(b) == 0 {
		return a
	}
	have := make(map[T]bool, len(a)+len(b))
	out := make([]T, 0, len(a)+len(b))
	for _, l := range [][]T{a, b} {
		for _, x := range l {
			if !have[x] {
				have[x] = true
				out = append(out, x)
			}
		}
	}
	return out
}

func empty(c mail.Change) bool {
	return !c.Reload && !c.Ops && !c.Outbox && !c.Drafts && !c.Settings && !c.Newer &&
		len(c.Accounts)+len(c.Folders)+len(c.Messages)+len(c.Arrived)+len(c.Returned) == 0
}

func (f *feed) publish(c mail.Change) {
	if empty(c) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subs {
		s.add(c)
	}
}

func (f *feed) start(s *Store) {
	ctx, cancel := context.WithCancel(context.Background())
	f.subs = map[*Subscription]struct{}{}
	f.cancel, f.done, f.wake = cancel, make(chan struct{}), make(chan struct{}, 1)
	last, known := s.dataVersion(ctx) // now, while nobody writes: what others do from here on is seen
	go func() {
		defer close(f.done)
		s.poll(ctx, last, known)
	}()
}

func (f *feed) stop() {
	if f.cancel == nil {
		return
	}
	f.cancel()
	<-f.done
	f.mu.Lock()
	f.closed = true
	subs := f.subs
	f.subs = nil
	f.mu.Unlock()
	for s := range subs {
		s.once.Do(func() { close(s.quit) })
	}
}

// poll asks PRAGMA data_version on the writer's connection: the number changes exactly when another connection committed,
// and within this process nobody else writes.
func (s *Store) poll(ctx context.Context, last int64, known bool) {
	select {
	case <-ctx.Done():
		return
	case <-s.feed.wake:
	}
	tick := time.NewTicker(s.opts.PollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		v, ok := s.dataVersion(ctx)
		if !ok {
			continue
		}
		if known && v != last {
			s.noticeUpgrade(ctx)
			s.feed.publish(mail.Change{Reload: true, Ops: true, Outbox: true, Drafts: true, Settings: true})
		}
		last, known = v, true
	}
}

// dataVersion does not wait for a running transaction: ok is false then.
func (s *Store) dataVersion(ctx context.Context) (v int64, ok bool) {
	select {
	case _, open := <-s.w.turn:
		if !open {
			return 0, false
		}
	default:
		return 0, false
	}
	defer func() { s.w.turn <- struct{}{} }()
	if _, err := s.w.conn.get("PRAGMA data_version", nil, &v); err != nil {
		return 0, false
	}
	return v, true
}

// noticeUpgrade looks whether the change that another process made is an upgrade to a schema that this one does not know.
func (s *Store) noticeUpgrade(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case _, open := <-s.w.turn:
		if !open {
			return
		}
	}
	defer func() { s.w.turn <- struct{}{} }()
	var se *SchemaError
	if errors.As(s.w.current(), &se) {
		s.outdate(se)
	}
}

// outdate tells subscribers, once, that this process can write nothing any more.
func (s *Store) outdate(se *SchemaError) {
	if s.newer.CompareAndSwap(nil, se) {
		s.feed.publish(mail.Change{Newer: true})
	}
}

// Upgraded is a *SchemaError when a newer Peyk was noticed to have upgraded the profile under this process: nothing it writes is stored
// any more.
func (s *Store) Upgraded() error {
	if se := s.newer.Load(); se != nil {
		return se
	}
	return nil
}
