package mailsync

import (
	"context"
	"sync"

	"peyk/internal/mail"
)

// want is somebody who waits for the body of a message. It ends when the body is in the store, when fetching failed for
// good, or when the asker's context ends (then nobody fetches it any more).
type want struct {
	ctx  context.Context
	id   mail.MessageID
	done chan error // buffered, gets exactly one answer
}

// wantQueue is served newest first: what the user opened last is what the user looks at.
type wantQueue struct {
	mu    sync.Mutex
	items []*want
	ready chan struct{} // holds a token while something may wait
}

func newWantQueue() *wantQueue { return &wantQueue{ready: make(chan struct{}, 1)} }

func (q *wantQueue) add(ctx context.Context, id mail.MessageID) *want {
	w := &want{ctx: ctx, id: id, done: make(chan error, 1)}
	q.mu.Lock()
	q.items = append(q.items, w)
	q.mu.Unlock()
	q.signal()
	return w
}

func (q *wantQueue) signal() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// take returns the newest want that is still wanted, or nil.
func (q *wantQueue) take() *want {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) > 0 {
		w := q.items[len(q.items)-1]
		q.items = q.items[:len(q.items)-1]
		if w.ctx.Err() == nil {
			return w
		}
		w.done <- w.ctx.Err()
	}
	select {
	case <-q.ready: // nothing waits: take the token back, so that nobody is woken in vain
	default:
	}
	return nil
}

func (q *wantQueue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items) == 0
}

// putBack returns a want that could not be served on a broken session.
func (q *wantQueue) putBack(w *want) {
	q.mu.Lock()
	q.items = append(q.items, w)
	q.mu.Unlock()
	q.signal()
}

// failAll answers everybody with err.
func (q *wantQueue) failAll(err error) {
	q.mu.Lock()
	items := q.items
	q.items = nil
	q.mu.Unlock()
	for _, w := range items {
		w.done <- err
	}
}
