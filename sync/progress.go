package mailsync

import (
	"slices"
	"sync"
	"time"

	"peyk/internal/mail"
)

// progressEvery is the shortest time between two plain progress reports of one account.
const progressEvery = 100 * time.Millisecond

// maxPendingProgress bounds what a reader that never reads can hold on to.
const maxPendingProgress = 256

// hub hands worker states to any number of readers. Plain states replace each other while a reader is busy; problems and
// results are kept.
type hub struct {
	mu     sync.Mutex
	subs   map[*progressSub]struct{}
	last   map[mail.AccountID]mail.Progress
	sentAt map[mail.AccountID]time.Time
}

type progressSub struct {
	mu      sync.Mutex
	pending []mail.Progress
	wake    chan struct{}
	done    chan struct{}
	once    sync.Once
}

func newHub() *hub {
	return &hub{subs: map[*progressSub]struct{}{}, last: map[mail.AccountID]mail.Progress{}, sentAt: map[mail.AccountID]time.Time{}}
}

// send reports p to every reader. A plain state that only counts on is dropped when the last report is very young.
func (h *hub) send(p mail.Progress) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	plain := p.Problem == nil && p.Result == nil
	last, seen := h.last[p.Account]
	if plain && seen && last.Phase == p.Phase && last.Folder == p.Folder && now.Sub(h.sentAt[p.Account]) < progressEvery &&
		(p.Total == 0 || p.Done < p.Total) {
		return
	}
	h.sentAt[p.Account] = now
	h.last[p.Account] = p // with its result: a check may be over before the window listens
	for s := range h.subs {
		s.push(p)
	}
}

// forget drops the state of an account that is gone.
func (h *hub) forget(id mail.AccountID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.last, id)
	delete(h.sentAt, id)
}

// subscribe returns a channel that first tells the present state of every account. stop ends it and closes the channel.
func (h *hub) subscribe() (<-chan mail.Progress, func()) {
	s := &progressSub{wake: make(chan struct{}, 1), done: make(chan struct{})}
	h.mu.Lock()
	for _, p := range h.last {
		s.push(p)
	}
	h.subs[s] = struct{}{}
	h.mu.Unlock()
	out := make(chan mail.Progress)
	go s.pump(out)
	return out, func() {
		h.mu.Lock()
		delete(h.subs, s)
		h.mu.Unlock()
		s.once.Do(func() { close(s.done) })
	}
}

func (s *progressSub) push(p mail.Progress) {
	s.mu.Lock()
	if p.Problem == nil && p.Result == nil {
		s.pending = slices.DeleteFunc(s.pending, func(q mail.Progress) bool {
			return q.Account == p.Account && q.Problem == nil && q.Result == nil
		})
	}
	if len(s.pending) >= maxPendingProgress {
		s.pending = s.pending[1:]
	}
	s.pending = append(s.pending, p)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *progressSub) pump(out chan<- mail.Progress) {
	defer close(out)
	for {
		s.mu.Lock()
		var p mail.Progress
		ok := len(s.pending) > 0
		if ok {
			p = s.pending[0]
			s.pending = s.pending[1:]
		}
		s.mu.Unlock()
		if !ok {
			select {
			case <-s.wake:
				continue
			case <-s.done:
				return
			}
		}
		select {
		case out <- p:
		case <-s.done:
			return
		}
	}
}
