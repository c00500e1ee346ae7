package mailsync

import (
	"context"
	"runtime"
	"strings"
	"time"

	"peyk/internal/mail"
)

// Backoff is how long to wait after so many failures in a row.
func Backoff(fails int) time.Duration { return backoff(fails) }

// Closing reports whether Close was called.
func (e *Engine) Closing() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.closed
}

// Waiting is how many messages somebody waits for that are not being fetched yet.
func (e *Engine) Waiting(account mail.AccountID) int {
	q := e.worker(account).wants
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

// Operations runs a pass that executes operations and does not look for mail, as after a click; it returns how many problems it had.
func (e *Engine) Operations(ctx context.Context, a mail.Account) int {
	_, problems := newPass(e, a).run(ctx, scopeOps)
	return len(problems)
}

// Awaited is how many messages somebody waits for that a pass has asked for.
func (e *Engine) Awaited(account mail.AccountID) int {
	q := e.worker(account).wants
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, in := range q.stream.by {
		if in.of != nil {
			n++
		}
	}
	return n
}

// Hears reports whether a connection listens to the inbox or to everything.
func (e *Engine) Hears(account mail.AccountID) bool {
	w := e.worker(account)
	return w != nil && w.idles.Load() == hasIdle
}

// Attends reports whether the connection that listens stands.
func (e *Engine) Attends(account mail.AccountID) bool { return e.worker(account).attends.Load() }

// Patient sets how long nothing may come before what is awaited is asked for again.
func (e *Engine) Patient(account mail.AccountID, d time.Duration) {
	q := e.worker(account).wants
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tick = d
}

// Errands reports whether operations and a look into some folder wait to be done.
func (e *Engine) Errands(account mail.AccountID) (ops, some bool) {
	w := e.worker(account)
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requested&scopeOps != 0, w.requested&(scopeSome|scopeInbox) != 0
}

// Nudged is closed when whoever listens, or waits to listen again, looks at the state anew.
func (e *Engine) Nudged(account mail.AccountID) <-chan struct{} {
	_, _, changed := e.worker(account).listening.state()
	return changed
}

// DropSession lets the worker's kept session go, as after minutes in which it was not used. Nothing may be under way.
func (e *Engine) DropSession(account mail.AccountID) {
	w := e.worker(account)
	w.stale.Store(true)
}

// Within reports whether a method of that name is among what has called the caller.
func Within(method string) bool {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, ")."+method) {
			return true
		}
		if !more {
			return false
		}
	}
}

// LeftOut reports whether an account does without connections that listen because its server has no room for them.
func (e *Engine) LeftOut(a mail.AccountID) bool { return e.worker(a).cut.Load() != allRoom }

// Rouse lets the worker look at the clock.
func (e *Engine) Rouse(a mail.AccountID) { e.worker(a).rouse() }

// Asks reports whether do asks the worker of an account to look at its operations. Of an engine that is not started.
func (e *Engine) Asks(a mail.Account, do func()) bool {
	w := &worker{acct: a, kick: make(chan struct{}, 1), sender: newSender()}
	e.mu.Lock()
	if e.workers == nil {
		e.workers = map[mail.AccountID]*worker{}
	}
	e.workers[a.ID] = w
	e.mu.Unlock()
	do()
	e.mu.Lock()
	delete(e.workers, a.ID)
	e.mu.Unlock()
	return w.requested&scopeOps != 0
}
