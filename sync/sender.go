package mailsync

import (
	"context"
	"sync"
	"time"

	"peyk/internal/mail"
)

// A large message on a slow line takes minutes, and so does a server that falls silent. Sending needs nothing of what the rest of a worker does,
// its session least of all. So it has a goroutine of its own, and neither new mail nor what the user does waits for it, nor it for them, however few
// connections an account may have. What was sent leaves operations behind, which the worker is asked for, and how it went is told and planned by
// the worker when it has time.

// sender is what the goroutine that sends shares with the others.
type sender struct {
	bell      chan struct{} // holds a token when asked or stops have changed
	finishing sync.Mutex    // see finishSent

	mu      sync.Mutex
	asked   bool               // the outbox is to be looked at
	stops   int                // how often stop was called
	end     context.CancelFunc // of what is being sent; nil: nothing is
	over    []sendPass         // what the worker has to settle
	handing chan struct{}      // closed when it is known, and noted, what became of the message that is with the server; nil: none is
	last    bool               // no other message is handed over; see lastOne
}

// sendPass is a pass over the outbox that is over.
type sendPass struct {
	p       *pass
	res     mail.PassResult
	probs   []*mail.Problem
	stopped bool // by the user, or because there is no network any more
}

func newSender() *sender { return &sender{bell: make(chan struct{}, 1)} }

// ask has the outbox looked at. Any goroutine.
func (s *sender) ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = true
	s.ring()
}

func (s *sender) ring() {
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

// stop ends what is being sent, and takes back that sending was asked for: then it is scopeOutbox. Any goroutine.
func (s *sender) stop() (dropped scope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked {
		s.asked, dropped = false, scopeOutbox
	}
	s.stops++
	if s.end != nil {
		s.end()
	}
	s.ring()
	return dropped
}

// stopped is how often stop was called.
func (s *sender) stopped() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stops
}

// begin starts a look at the outbox, which ends with ctx or by stop, and asked says whether somebody asked for it. It is not ok when nobody did, unless the clock says so
// and stop was not called since there were so many stops: so a stop either comes before, and nothing begins, or it ends what has begun, and begins nothing. done must be called when it is ok.
func (s *sender) begin(ctx context.Context, stops int, clock bool) (look context.Context, done func(), asked, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.asked && (!clock || s.stops != stops) {
		return nil, nil, false, false
	}
	asked, s.asked = s.asked, false
	look, s.end = context.WithCancel(ctx)
	return look, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.end()
		s.end = nil
	}, asked, true
}

// handOver says that a message is with the server until done is called. It is not ok once the program ends.
func (s *sender) handOver() (done func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last {
		return nil, false
	}
	ch := make(chan struct{})
	s.handing = ch
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.handing = nil
		close(ch)
	}, true
}

// lastOne waits until ctx ends for what became of the message that is with the server, if one is. No other is handed over from then on. Any goroutine.
func (s *sender) lastOne(ctx context.Context) {
	s.mu.Lock()
	s.last = true
	handing := s.handing
	s.mu.Unlock()
	if handing == nil {
		return
	}
	select {
	case <-handing:
	case <-ctx.Done():
	}
}

func (s *sender) add(d sendPass) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = append(s.over, d)
}

func (s *sender) take() []sendPass {
	s.mu.Lock()
	defer s.mu.Unlock()
	over := s.over
	s.over = nil
	return over
}

// send is the life of the goroutine that sends.
func (w *worker) send() {
	for rest := false; w.ctx.Err() == nil; {
		stops, clock := w.sender.stopped(), false
		timer := time.NewTimer(w.untilSend(rest))
		select {
		case <-w.ctx.Done():
		case <-w.sender.bell:
		case <-timer.C:
			clock = true
		}
		timer.Stop()
		if look, done, asked, ok := w.sender.begin(w.ctx, stops, clock); ok {
			rest = w.sendWaiting(look, asked)
			done()
		} else if w.sender.stopped() != stops {
			rest = w.outboxWaits() // what is due was stopped, too
		}
	}
}

// untilSend is how long until a message is due. One that was due and did not go (there is no network, the user has stopped it) rests: nothing
// has changed since that could be waited for.
func (w *worker) untilSend(rest bool) time.Duration {
	now := w.e.opt.Now()
	due := w.outboxDue(now)
	if due.IsZero() || rest && !now.Before(due) {
		return idleTick
	}
	return min(idleTick, max(due.Sub(now), 10*time.Millisecond))
}

func (w *worker) outboxWaits() bool {
	now := w.e.opt.Now()
	due := w.outboxDue(now)
	return !due.IsZero() && !now.Before(due)
}

// sendWaiting sends what may be sent now, when somebody asked for it or something is due. It reports whether something was due: if it still is, it has to rest.
func (w *worker) sendWaiting(ctx context.Context, asked bool) (due bool) {
	if due = w.outboxWaits(); !asked && !due {
		return false
	}
	if !w.e.online.Load() {
		return true // it is asked for again when there is a network
	}
	p := newPass(w.e, w.acct)
	p.keep = w
	w.e.passing.Add(1)
	res, probs := p.run(ctx, scopeOutbox)
	w.e.passing.Add(-1)
	if w.ctx.Err() != nil {
		return due
	}
	w.sender.add(sendPass{p, res, probs, ctx.Err() != nil})
	if p.after {
		w.request(scopeOps)
	}
	if p.unsure {
		w.request(scopeUnsure)
	}
	w.rouse()
	return due
}

// settleSent tells how sending went, and plans what is to be tried again. The worker's goroutine.
func (w *worker) settleSent() {
	for _, d := range w.sender.take() {
		switch {
		case d.p.moved:
			w.beginAnew()
			return
		case d.stopped:
			if d.res.Did() {
				w.tell(d.res)
			}
			w.putOff(scopeOutbox)
		case len(d.probs) > 0, d.res.Sent > 0:
			w.plan(scopeOutbox, d.res, d.probs)
		default:
			w.noneSent(d.p.spoke)
		}
	}
}

// noneSent plans after a look at the outbox in which nothing was due: that says nothing about what waits for its next try, nor about the server.
func (w *worker) noneSent(spoke bool) {
	before := w.failed
	if !w.unsent() {
		w.failed &^= scopeOutbox
	}
	if w.retry&^scopeOutbox == 0 {
		w.fails, w.retryAt = 0, time.Time{}
	}
	w.retry &^= scopeOutbox
	if spoke || w.failed != before {
		w.report(w.state(w.e.opt.Now()))
	}
}
