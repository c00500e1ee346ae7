package mailsync

import (
	"context"
	"slices"
	"sync"
	"time"

	"peyk/internal/mail"
)

// want is somebody who waits for the body of a message. It ends when the body is in the store, when fetching failed for
// good, or when the asker's context ends (then nobody fetches it any more).
type want struct {
	ctx  context.Context
	id   mail.MessageID
	at   spot
	tell func(mail.Arrival) // may be nil; called from the serving goroutine
	done chan error         // buffered, gets exactly one answer
	idle bool               // nobody looks at the message: the pass fetches it, and tries again by itself
	// alone: what a pass has asked for is not waited for any more.
	alone bool
}

// wantQueue is served newest first: what the user opened last is what the user looks at.
type wantQueue struct {
	mu      sync.Mutex
	items   []*want
	serving map[mail.MessageID]*service
	ready   chan struct{}  // holds a token while something may wait
	opened  mail.MessageID // what was served last, until takeOpened
	stream  stream         // what a pass brings meanwhile
	tick    time.Duration  // awaitTick
}

// service is a message that is being fetched, and everybody who waits for it.
type service struct {
	q  *wantQueue
	id mail.MessageID
	at spot

	// What follows is guarded by q.mu.
	wants  []*want
	last   mail.Arrival
	alone  bool        // see want
	stored bool        // a pass has brought it
	seen   int64       // how much had come of the stream when it was looked at last
	watch  *time.Timer // over the stream, while that is awaited
}

func newWantQueue() *wantQueue {
	return &wantQueue{ready: make(chan struct{}, 1), serving: map[mail.MessageID]*service{}, tick: awaitTick}
}

// add puts somebody into the queue, or to those for whom the message is being fetched already. Where join is set, what a pass has asked
// for is awaited, if it still is on its way.
func (q *wantQueue) add(ctx context.Context, id mail.MessageID, at spot, tell func(mail.Arrival), join bool) *want {
	w := &want{ctx: ctx, id: id, at: at, tell: tell, done: make(chan error, 1)}
	q.mu.Lock()
	s := q.serving[id]
	if s == nil && join {
		if s = (&service{q: q, id: id, at: at}); q.attach(s) {
			q.serving[id] = s
		} else {
			s = nil
		}
	}
	var last mail.Arrival
	if s != nil {
		s.wants, last = append(s.wants, w), s.last
	} else {
		q.items = append(q.items, w)
	}
	q.mu.Unlock()
	if s == nil {
		q.signal()
	} else if tell != nil && last.Total > 0 {
		tell(last)
	}
	return w
}

func (q *wantQueue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// take returns the newest message that is still wanted, or nil. It must be given back: by finish, later or putBack.
func (q *wantQueue) take() *service {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.drop()
	if n := len(q.items); n > 0 {
		s := &service{q: q, id: q.items[n-1].id, at: q.items[n-1].at}
		q.items = slices.DeleteFunc(q.items, func(w *want) bool {
			if w.id == s.id {
				s.wants, s.alone = append(s.wants, w), s.alone || w.alone
			}
			return w.id == s.id
		})
		q.serving[s.id] = s
		return s
	}
	select {
	case <-q.ready: // nothing waits: take the token back, so that nobody is woken in vain
	default:
	}
	return nil
}

// claim takes a message for a pass that would fetch it anyway, or returns nil when somebody waits for it already. Who comes to wait
// for it meanwhile is served with it.
func (q *wantQueue) claim(ctx context.Context, id mail.MessageID, at spot) *service {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.drop()
	if q.serving[id] != nil || slices.ContainsFunc(q.items, func(w *want) bool { return w.id == id }) {
		return nil
	}
	s := &service{q: q, id: id, at: at, wants: []*want{{ctx: ctx, id: id, at: at, done: make(chan error, 1), idle: true}}}
	q.serving[id] = s
	return s
}

// takeOpened returns the message that was served last, once; 0: none was.
func (q *wantQueue) takeOpened() mail.MessageID {
	q.mu.Lock()
	defer q.mu.Unlock()
	id := q.opened
	q.opened = 0
	return id
}

// drop answers those who do not wait any more. q.mu is held.
func (q *wantQueue) drop() { q.items = stillWanted(q.items) }

// stillWanted answers those whose contexts ended, and returns the others.
func stillWanted(ws []*want) []*want {
	return slices.DeleteFunc(ws, func(w *want) bool {
		err := w.ctx.Err()
		if err != nil {
			w.done <- err
		}
		return err != nil
	})
}

// empty reports whether nobody waits beside those who are being served.
func (q *wantQueue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.drop()
	return len(q.items) == 0
}

// wanted reports whether anybody still waits for the message.
func (s *service) wanted() bool {
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	s.wants = stillWanted(s.wants)
	return len(s.wants) > 0
}

// tells reports whether anybody wants to know how far the message is.
func (s *service) tells() bool {
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	return slices.ContainsFunc(s.wants, func(w *want) bool { return w.tell != nil })
}

// tell says how far the message is to everybody who wants to know.
func (s *service) tell(a mail.Arrival) {
	s.q.mu.Lock()
	s.last = a
	ws := slices.Clone(s.wants)
	s.q.mu.Unlock()
	for _, w := range ws {
		if w.tell != nil && w.ctx.Err() == nil {
			w.tell(a)
		}
	}
}

// idle reports whether nobody waits for the message but a pass.
func (s *service) idle() bool {
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	return !slices.ContainsFunc(s.wants, func(w *want) bool { return !w.idle })
}

// finish answers everybody.
func (s *service) finish(err error) {
	if err == nil {
		read := !s.idle()
		s.q.mu.Lock()
		if read {
			s.q.opened = s.id
		}
		if s.q.stream.running {
			s.q.stream.settled[s.at] = true
		}
		s.q.mu.Unlock()
	}
	for _, w := range s.end() {
		w.done <- err
	}
}

func (s *service) end() []*want {
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	ws := s.wants
	s.wants = nil
	delete(s.q.serving, s.id)
	if s.watch != nil {
		s.watch.Stop()
	}
	return ws
}

// later lets those who came meanwhile go first.
func (s *service) later() { s.back(func(ws []*want) { s.q.items = append(ws, s.q.items...) }) }

// putBack returns a message that could not be fetched on a broken session.
func (s *service) putBack() { s.back(func(ws []*want) { s.q.items = append(s.q.items, ws...) }) }

func (s *service) back(put func([]*want)) {
	ws := slices.DeleteFunc(s.end(), func(w *want) bool { return w.idle })
	s.q.mu.Lock()
	put(ws)
	s.q.mu.Unlock()
	s.q.signal()
}

// failAll answers everybody who waits to be served with err.
func (q *wantQueue) failAll(err error) {
	q.mu.Lock()
	items := q.items
	q.items = nil
	select {
	case <-q.ready: // nobody waits any more; see take
	default:
	}
	q.mu.Unlock()
	for _, w := range items {
		w.done <- err
	}
}
