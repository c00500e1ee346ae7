package ui

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// loop brings work off the UI thread and its results back to it. This is the only file that crosses the line: everything
// else under ui runs on the UI thread, or inside a function given to Go, Serial or watch.
type loop struct {
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	post   func(func()) // runs a function on the UI thread, later
	busy   atomic.Int64 // works whose result has not been applied yet; tests wait for their end

	mu     sync.Mutex
	timers map[*time.Timer]struct{} // those that wait
	serial []func()                 // what Serial was given and runSerial has not begun
	kick   chan struct{}            // something was added to serial
}

// serialTime is how long one action may take; they are local transactions.
const serialTime = 2 * time.Minute

// newLoop starts a loop that ends with close. post nil: fyne.Do.
func newLoop(ctx context.Context, post func(func())) *loop {
	if post == nil {
		post = fyne.Do
	}
	l := &loop{post: post, kick: make(chan struct{}, 1), timers: map[*time.Timer]struct{}{}}
	l.ctx, l.cancel = context.WithCancel(ctx)
	l.wg.Add(1)
	go l.runSerial()
	return l
}

// Go runs work elsewhere, then the function it returned on the UI thread. It implements model.Runner.
func (l *loop) Go(work func(ctx context.Context) (apply func())) { l.goCtx(l.ctx, work) }

// Cancellable is Go for work that may be given up: after cancel its result is dropped.
func (l *loop) Cancellable(work func(ctx context.Context) (apply func())) (cancel func()) {
	ctx, cancel := context.WithCancel(l.ctx)
	l.goCtx(ctx, func(ctx context.Context) func() {
		apply := work(ctx)
		return func() {
			cancel()
			if apply != nil {
				apply()
			}
		}
	})
	return cancel
}

func (l *loop) goCtx(ctx context.Context, work func(ctx context.Context) func()) {
	l.wg.Add(1)
	l.busy.Add(1)
	go func() {
		defer l.wg.Done()
		l.finish(ctx, work(ctx))
	}()
}

// finish delivers the result of a work that counts as busy until then.
func (l *loop) finish(ctx context.Context, apply func()) {
	if apply == nil || ctx.Err() != nil {
		l.busy.Add(-1)
		return
	}
	l.post(func() {
		defer l.busy.Add(-1)
		if ctx.Err() == nil {
			apply()
		}
	})
}

// Post runs f on the UI thread unless the loop ended; from any goroutine.
func (l *loop) Post(f func()) { l.deliver(l.ctx, f) }

// Serial runs work after all that was given to Serial before: user actions reach the engine in the order of the clicks.
func (l *loop) Serial(work func(ctx context.Context) (apply func())) {
	l.busy.Add(1)
	job := func() {
		// What the user did is carried out also when the window closes meanwhile.
		ctx, end := context.WithTimeout(context.WithoutCancel(l.ctx), serialTime)
		defer end()
		l.finish(l.ctx, work(ctx))
	}
	l.mu.Lock()
	l.serial = append(l.serial, job) // hundreds may wait for a slow disk: none of them freezes the window
	l.mu.Unlock()
	select {
	case l.kick <- struct{}{}:
	default:
	}
}

func (l *loop) runSerial() {
	defer l.wg.Done()
	for {
		select {
		case <-l.kick:
			l.drainSerial()
		case <-l.ctx.Done():
			l.drainSerial() // clicks made just before the end count
			return
		}
	}
}

// drainSerial carries out what waits, in order.
func (l *loop) drainSerial() {
	for {
		l.mu.Lock()
		jobs := l.serial
		l.serial = nil
		l.mu.Unlock()
		if len(jobs) == 0 {
			return
		}
		for _, job := range jobs {
			job()
		}
	}
}

// deliver runs apply on the UI thread unless ctx ended by then.
func (l *loop) deliver(ctx context.Context, apply func()) {
	if apply == nil || ctx.Err() != nil {
		return
	}
	l.post(func() {
		if ctx.Err() == nil {
			apply()
		}
	})
}

// After runs f on the UI thread after d, unless stop is called before.
func (l *loop) After(d time.Duration, f func()) (stop func()) {
	stopped := false // UI thread only
	var t *time.Timer
	forget := func() {
		l.mu.Lock()
		delete(l.timers, t)
		l.mu.Unlock()
	}
	l.mu.Lock()
	t = time.AfterFunc(d, func() {
		forget()
		l.deliver(l.ctx, func() {
			if !stopped {
				f()
			}
		})
	})
	l.timers[t] = struct{}{}
	l.mu.Unlock()
	return func() {
		stopped = true
		t.Stop()
		forget() // with it what f holds on to: most clocks are stopped, one for each key pressed
	}
}

// watch gives every value of ch to f on the UI thread, until ch is closed or the loop ends. It takes the next one when f has seen the last: who sends
// joins what comes meanwhile. Everything would wait in one line otherwise, and where drawing is slow the window shows a frame for each function in it: clicks and the
// end of the program came minutes later.
func watch[T any](l *loop, ch <-chan T, f func(T)) {
	l.wg.Add(1)
	go func() {
		defer l.wg.Done()
		seen := make(chan struct{}, 1)
		for {
			select {
			case v, ok := <-ch:
				if !ok {
					return
				}
				l.deliver(l.ctx, func() {
					f(v)
					seen <- struct{}{}
				})
			case <-l.ctx.Done():
				return
			}
			select {
			case <-seen:
			case <-l.ctx.Done():
				return
			}
		}
	}()
}

// close ends everything: results still on their way are dropped, actions already given are carried out. It must not be
// called on the UI thread while work waits for it.
func (l *loop) close() {
	l.cancel()
	l.mu.Lock()
	for t := range l.timers {
		t.Stop()
	}
	l.mu.Unlock()
	l.wg.Wait()
}
