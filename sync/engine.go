package mailsync

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/remotecontent"
	"peyk/store"
)

// Engine owns the workers. Its methods may be called from any goroutine. Local operations (Do, drafts, reading) work from
// the moment New returns; the network is used after Start, or within SyncAll.
type Engine struct {
	st       *store.Store
	opt      Options
	hub      *hub
	contents *contentCache
	arrivals arrivals
	alerts   *alerts
	logins   *logins
	pictures *remotecontent.Fetcher

	online  atomic.Bool
	passing atomic.Int32  // workers with a pass under way
	snoozed chan struct{} // see lookSnoozed

	mu      sync.Mutex
	workers map[mail.AccountID]*worker
	ctx     context.Context // of all workers; nil until Start
	cancel  context.CancelFunc
	closed  bool
	wg      sync.WaitGroup
}

// New makes an engine over an open store, which must stay open until Close has returned.
func New(st *store.Store, opt Options) *Engine {
	opt = opt.withDefaults()
	e := &Engine{st: st, opt: opt, hub: newHub(), contents: newContentCache(), alerts: newAlerts(st), logins: newLogins(st, opt), pictures: opt.Pictures,
		workers: map[mail.AccountID]*worker{}, snoozed: make(chan struct{}, 1)}
	if e.pictures == nil {
		e.pictures = newPictures(opt.Profile)
	}
	e.online.Store(true)
	return e
}

// Start starts a worker for every account that is not disabled. The workers end with ctx or by Close.
func (e *Engine) Start(ctx context.Context) error {
	accts, err := e.st.Accounts(ctx)
	if err != nil {
		return fmt.Errorf("start the engine: %w", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.ctx != nil || e.closed {
		return fmt.Errorf("start the engine: it was started before")
	}
	e.ctx, e.cancel = context.WithCancel(ctx)
	for _, a := range accts {
		e.startWorker(a)
	}
	if e.opt.Push {
		e.wg.Go(func() { e.watchWake(e.ctx) })
		e.wg.Go(func() { e.keepTidy(e.ctx) })
		e.wg.Go(func() { e.keepSnoozed(e.ctx) })
	}
	return nil
}

// Close ends the workers and waits for them. What they were doing is completed by the next pass. With Push set it waits first, for at most exitTimeout,
// for messages that are with a server, and then carries out what accounts want at the end (empty Trash, expunge), for at most as long.
func (e *Engine) Close() {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return
	}
	e.closed = true
	started, cancel := e.ctx != nil, e.cancel
	e.mu.Unlock()
	if started {
		e.awaitSent()
		cancel()
	}
	e.wg.Wait()
	e.arrivals.close()
	if started && e.opt.Push {
		e.atExit()
	}
}

// startWorker replaces the account's worker by one with the present settings. e.mu is held.
func (e *Engine) startWorker(a mail.Account) {
	if old := e.workers[a.ID]; old != nil {
		old.cancel()
		delete(e.workers, a.ID)
	}
	if a.Disabled || e.ctx == nil || e.closed {
		return
	}
	w := newWorker(e, a)
	e.workers[a.ID] = w
	e.wg.Go(w.run)
}

// stopWorker ends an account's worker and waits for it.
func (e *Engine) stopWorker(id mail.AccountID) {
	e.mu.Lock()
	w := e.workers[id]
	delete(e.workers, id)
	e.mu.Unlock()
	if w != nil {
		w.cancel()
		<-w.done
	}
}

func (e *Engine) worker(id mail.AccountID) *worker {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.workers[id]
}

// allWorkers returns the workers of the named accounts, or of all.
func (e *Engine) allWorkers(ids ...mail.AccountID) []*worker {
	e.mu.Lock()
	defer e.mu.Unlock()
	var ws []*worker
	if len(ids) == 0 {
		for _, w := range e.workers {
			ws = append(ws, w)
		}
		return ws
	}
	for _, id := range ids {
		if w := e.workers[id]; w != nil {
			ws = append(ws, w)
		}
	}
	return ws
}

func (e *Engine) opener(ctx context.Context, a mail.Account) (remote.Opener, error) {
	if e.opt.OpenerFor == nil {
		return nil, fmt.Errorf("account %s: this engine works without servers", a.Name)
	}
	a, err := e.remember(ctx, a)
	if err != nil {
		return nil, err
	}
	return knowing{e.opt.OpenerFor(a), e, a}, nil
}

// GetMail starts a whole pass of the accounts (all when none is named) and returns at once.
func (e *Engine) GetMail(ids ...mail.AccountID) {
	for _, w := range e.allWorkers(ids...) {
		e.logins.forgive(w.acct.ID)
		w.hasten(hurryAll, scopeFull)
	}
}

// CancelSync ends the passes that run; nothing is lost, and the schedule goes on.
func (e *Engine) CancelSync() {
	for _, w := range e.allWorkers() {
		w.cancelPass()
	}
}

// SetOnline pauses the schedule while there is no network and checks at once when it is back.
func (e *Engine) SetOnline(on bool) {
	if e.online.Swap(on) == on {
		return
	}
	for _, w := range e.allWorkers() {
		if on {
			e.logins.reconsider(w.acct.ID)
			w.hasten(hurryCutOff, scopeFull)
		} else {
			w.cancelPass()
			w.report(mail.Progress{Phase: mail.PhaseOffline})
		}
	}
}

// Progress delivers worker states, first the present ones, until stop is called. A slow reader misses intermediate
// states, never the last.
func (e *Engine) Progress() (ch <-chan mail.Progress, stop func()) { return e.hub.subscribe() }

// kick tells the workers of accounts that something waits to be done on the server.
func (e *Engine) kick(scope scope, ids ...mail.AccountID) {
	if len(ids) == 0 {
		return
	}
	for _, w := range e.allWorkers(ids...) {
		w.request(scope)
	}
}
