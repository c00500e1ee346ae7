package mailsync

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// scope is what a pass does.
type scope uint8

const (
	scopeOps     scope = 1 << iota // tell the server what the user did
	scopeInbox                     // look into the inbox
	scopeFolders                   // look into every folder
	scopeOutbox                    // send
	scopeSome                      // look into the folders that were named
	scopeAside                     // ask again for what was set aside and is due, which every pass does that looks anywhere
	scopeUnsure                    // look into Sent for messages that may have been sent

	scopeReceive = scopeInbox | scopeFolders | scopeSome | scopeAside
	scopeFull    = scopeOps | scopeInbox | scopeFolders | scopeOutbox
)

// opsDelay lets a burst of clicks become one trip to the server.
const opsDelay = 300 * time.Millisecond

// sessionIdle is how long a session without push is kept after a pass.
const sessionIdle = 2 * time.Minute

// worker does everything of one account, one thing after another, in its own goroutine. A second goroutine (push) listens
// for new mail on a connection of its own, and a third one (sender) sends.
type worker struct {
	e      *Engine
	acct   mail.Account
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	wants  *wantQueue
	kick   chan struct{}
	loans  chan *loan
	lock   *sharedLock
	sender *sender

	listening *listeners
	relief    relief
	stale     atomic.Bool  // the kept session is of before a sleep or of another network
	anew      atomic.Bool  // there is a network again, or another one, and what the old one kept away was not asked for since
	hearsAll  atomic.Bool  // the push connection hears of every folder (NOTIFY)
	attends   atomic.Bool  // the push connection stands
	refused   atomic.Bool  // the server refused the password of a connection that listens
	idles     atomic.Int32 // whether the server has IDLE: unknownIdle, hasIdle, noIdle
	holds     atomic.Bool  // the worker has a session of its own
	cut       atomic.Int32 // connections that the server has no room for: allRoom, noExtra, onlyOne
	cutAt     atomic.Int64 // since when, Unix seconds

	mu        sync.Mutex
	requested scope
	dropped   scope           // what was requested when cancelPass was called
	asked     int             // how often new mail was asked about
	some      map[string]bool // the folders of scopeSome
	stopPass  context.CancelFunc
	stopTalk  context.CancelFunc // ends the exchange with the incoming server only
	looked    string             // the folder that the user looks at, unless it is the inbox
	hurry     hurry              // for the outbox of the next pass
	eager     bool               // the user asked for mail, and not every folder was looked at since

	// The fields below belong to the worker's goroutine.
	sess      remote.Remote
	sessUsed  time.Time
	fails     int
	retryAt   time.Time
	retry     scope
	failed    scope         // what failed last
	standing  *mail.Problem // and why
	nextCheck time.Time
	nextPoll  time.Time // of the folders that nobody can listen to
	nextAside time.Time // before it, nothing is asked for again that was set aside
}

func newWorker(e *Engine, a mail.Account) *worker {
	w := &worker{e: e, acct: a, done: make(chan struct{}), wants: newWantQueue(), kick: make(chan struct{}, 1), loans: make(chan *loan),
		listening: newListeners(), lock: newSharedLock(), sender: newSender()}
	w.ctx, w.cancel = context.WithCancel(store.During(e.ctx, a))
	return w
}

// request asks for a pass; requests that wait together become one. Any goroutine.
func (w *worker) request(s scope) { w.ask(s) }

// requestFolders asks for a look into some folders. Any goroutine.
func (w *worker) requestFolders(paths ...string) { w.ask(scopeSome, paths...) }

// ask notes a request together with the folders of scopeSome: a pass that took them apart would look nowhere, and the next one not know where.
func (w *worker) ask(s scope, paths ...string) {
	if s&scopeOutbox != 0 {
		w.sender.ask()
	}
	if s &^= scopeOutbox; s == 0 {
		return
	}
	w.mu.Lock()
	w.requested |= s
	if w.some == nil {
		w.some = map[string]bool{}
	}
	for _, p := range paths {
		w.some[p] = true
	}
	mail := s&(scopeInbox|scopeFolders|scopeSome) != 0
	if mail {
		w.asked++
	}
	w.mu.Unlock()
	if mail {
		w.relieve()
	}
	w.rouse()
}

// rouse lets the worker look at what was requested. Any goroutine.
func (w *worker) rouse() {
	select {
	case w.kick <- struct{}{}:
	default:
	}
}

// look notes which folder the user looks at. Any goroutine.
func (w *worker) look(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looked = path
}

// looking is the folder that the user looks at; "" for the inbox, which comes first anyway.
func (w *worker) looking() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.looked
}

// cancelPass ends what runs, if anything does. Any goroutine.
func (w *worker) cancelPass() {
	stopped := w.sender.stop()
	w.mu.Lock()
	w.dropped |= w.requested | stopped
	w.requested = 0
	if w.stopPass != nil {
		w.stopPass()
	}
	w.mu.Unlock()
	w.rouse()
}

// takeRequest is what the next pass does, and the folders of scopeSome.
func (w *worker) takeRequest() (s scope, some map[string]bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, some = w.requested, w.some
	if w.requested = 0; s != 0 {
		w.some = nil
	}
	return s, some
}

// report sends the worker's state to whoever listens.
func (w *worker) report(p mail.Progress) {
	p.Account = w.acct.ID
	w.e.hub.send(p)
}

// run is the worker's life.
func (w *worker) run() {
	defer close(w.done)
	w.loadMarked(w.ctx)
	var beside sync.WaitGroup
	beside.Go(w.send)
	if w.mayPush() {
		beside.Go(func() { w.push(w.ctx) })
	}
	defer func() {
		beside.Wait()
		w.closeSession()
		w.wants.failAll(context.Canceled)
	}()
	w.scheduleFirst()
	for w.ctx.Err() == nil {
		w.settleSent()
		if s, some := w.takeRequest(); s != 0 {
			w.pass(s, some)
			continue
		}
		w.putOff(0)
		w.serveWaiting()
		timer := time.NewTimer(w.untilDue())
		select {
		case <-w.ctx.Done():
		case <-w.kick:
			w.settle()
		case <-w.wantsReady():
		case l := <-w.loans:
			w.serveLoan(l)
		case <-timer.C:
			w.due()
		}
		timer.Stop()
	}
}

// settle waits a moment when only operations were asked for, so that a burst of them goes together.
func (w *worker) settle() {
	w.mu.Lock()
	only := w.requested&^scopeOps == 0
	w.mu.Unlock()
	if !only {
		return
	}
	select {
	case <-w.ctx.Done():
	case <-time.After(opsDelay):
	}
}

// beginAnew replaces the worker by one for what the account is now.
func (w *worker) beginAnew() {
	w.cancel()
	w.e.wg.Go(func() { w.e.resume(w.ctx, w.acct.ID) })
}

// pass runs one pass and plans the next.
func (w *worker) pass(s scope, some map[string]bool) {
	if !w.e.online.Load() {
		w.report(mail.Progress{Phase: mail.PhaseOffline})
		return
	}
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	w.mu.Lock()
	w.stopPass = cancel
	w.mu.Unlock()
	p := newPass(w.e, w.acct)
	p.keep, p.wants, p.some = w, w.wants, some
	w.e.passing.Add(1)
	res, probs := p.run(ctx, s)
	w.e.passing.Add(-1)
	w.mu.Lock()
	w.stopPass = nil
	w.mu.Unlock()
	if w.ctx.Err() != nil {
		return
	}
	if p.moved {
		w.beginAnew()
		return
	}
	if ended := ctx.Err() != nil || p.woken; ended && res.Did() {
		w.tell(res) // it has checked nothing, but what it did nobody else tells
	}
	switch {
	case ctx.Err() != nil:
		w.putOff(s) // nothing is known of what it did not come to
	case p.woken: // everything is checked at once, see wake
	default:
		if len(probs) == 0 {
			w.welcome()
		}
		w.plan(s, res, probs)
	}
	w.loadMarked(w.ctx)
	if w.retry&scopeSome != 0 {
		w.mu.Lock()
		if w.some == nil {
			w.some = map[string]bool{}
		}
		maps.Copy(w.some, p.some)
		w.mu.Unlock()
	}
}
