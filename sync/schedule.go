package mailsync

import (
	"slices"
	"time"

	"peyk/internal/mail"
)

// idleTick is how often a worker with nothing planned looks at its idle session, and at the clock of its outbox.
const idleTick = time.Minute

// scheduleFirst plans the first check: at start when the account wants it, else after its interval. What waits to be told
// to the server or to be sent goes at once in any case.
func (w *worker) scheduleFirst() {
	w.nextCheck, w.nextPoll = w.e.opt.Now().Add(w.interval()), w.e.opt.Now().Add(listenPoll)
	if w.acct.Check.AtStart {
		w.request(scopeFull)
		return
	}
	w.request(scopeOps | scopeOutbox)
}

// interval is the time between two checks; a very long one stands for "never by the clock".
func (w *worker) interval() time.Duration {
	if w.acct.Check.EveryMinutes <= 0 {
		return 365 * 24 * time.Hour
	}
	return time.Duration(w.acct.Check.EveryMinutes) * time.Minute
}

// plan sets the next check after a pass, and the next try after a failure.
func (w *worker) plan(s scope, res mail.PassResult, probs []*mail.Problem) {
	now := w.e.opt.Now()
	if s&scopeFolders != 0 {
		w.nextCheck = now.Add(w.interval())
	}
	retrying, asked := false, time.Duration(0)
	for _, p := range probs {
		retrying, asked = retrying || p.Retrying, max(asked, p.RetryAfter)
	}
	switch {
	case len(probs) > 0:
		w.failed, w.standing = w.failed|s, probs[0]
	default:
		s = w.covers(s)
		if w.failed &^= s; s&scopeOutbox != 0 && w.unsent() && w.standing != nil {
			w.failed |= scopeOutbox // nothing was due: that says nothing about what waits for its next try
		}
	}
	switch {
	case retrying:
		w.fails++
		w.retry |= s
		w.retryAt = now.Add(max(backoff(w.fails), asked))
	case len(probs) == 0 && w.retry&^s != 0:
		// Something else succeeded. Where that shows that the server is back, the rest is not waited for.
		if w.retry &^= s; w.acct.Protocol == mail.IMAP && w.standing != nil && w.standing.Kind == mail.ProblemNetwork {
			w.retryAt = now
			w.hasten(hurryCutOff, 0)
		}
	case w.retry&^s != 0: // what failed for good says nothing about the rest
		w.retry &^= s
	default:
		w.fails, w.retry, w.retryAt = 0, 0, time.Time{}
	}
	w.tell(res)
}

// tell says how the account stands after a pass, and what that did.
func (w *worker) tell(res mail.PassResult) {
	now := w.e.opt.Now()
	last := w.state(now)
	last.Result, last.At = &res, now
	w.report(last)
}

// state is what can be said of the account while no pass runs.
func (w *worker) state(now time.Time) mail.Progress {
	last := mail.Progress{Phase: mail.PhaseWaiting, Problem: w.e.alerts.current(w.acct.ID, now), Next: w.next()}
	switch {
	case !w.e.online.Load():
		last = mail.Progress{Phase: mail.PhaseOffline}
	case w.failed != 0: // what went well says nothing about that
		last.Phase, last.Problem = mail.PhaseError, w.standing
	}
	return last
}

// settled tells how the account stands after something that was no pass but told what it did; what went wrong with it stays in view.
func (w *worker) settled(p *pass) {
	if len(p.problems) == 0 {
		w.report(w.state(w.e.opt.Now()))
	}
}

// stopPause is after how long what the user did is told to the server although he has stopped a pass: it is not to begin again at once, and
// not to wait for the next check either, which may be one that he asks for.
const stopPause = time.Minute

// putOff plans what a pass over s that was stopped has left, and what was requested when it was.
func (w *worker) putOff(s scope) {
	w.mu.Lock()
	stopped := s | w.dropped
	w.dropped = 0
	w.mu.Unlock()
	if stopped == 0 {
		return
	}
	if w.retry |= stopped & (scopeOps | scopeOutbox); w.retry != 0 && w.retryAt.IsZero() {
		w.retryAt = w.e.opt.Now().Add(stopPause)
	}
	w.report(w.state(w.e.opt.Now()))
}

// covers is what a pass has settled that did s: who has looked into every folder has looked into each, and a maildrop is one.
func (w *worker) covers(s scope) scope {
	const folders = scopeInbox | scopeFolders | scopeSome
	if s&scopeFolders != 0 || s&folders != 0 && w.acct.Protocol == mail.POP3 {
		s |= folders
	}
	if s&folders != 0 {
		s |= scopeAside
	}
	return s
}

// next is when the worker does something by itself: what failed is tried again, or else everything is checked. Zero for never.
func (w *worker) next() time.Time {
	t := w.retryAt
	if t.IsZero() && w.acct.Check.EveryMinutes > 0 {
		t = w.nextCheck
	}
	if w.failed&scopeOutbox != 0 {
		if due := w.outboxDue(w.e.opt.Now()); !due.IsZero() && (t.IsZero() || due.Before(t)) {
			return due
		}
	}
	return t
}

// unsent reports whether a message waits to be sent once more.
func (w *worker) unsent() bool {
	return slices.ContainsFunc(w.queued(), func(it mail.OutboxItem) bool { return it.Reason != "" })
}

// queued are the account's messages that wait to be sent; none when that cannot be read.
func (w *worker) queued() []mail.OutboxItem {
	items, err := w.e.st.OutboxItems(w.ctx)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(items, func(it mail.OutboxItem) bool { return it.Account != w.acct.ID || it.State != mail.OutboxQueued })
}

// untilDue is how long the worker may sleep.
func (w *worker) untilDue() time.Duration {
	now := w.e.opt.Now()
	d := idleTick
	consider := func(t time.Time) {
		if !t.IsZero() {
			d = min(d, max(t.Sub(now), 10*time.Millisecond))
		}
	}
	consider(w.nextCheck)
	consider(w.retryAt)
	consider(w.asideDue())
	if len(w.polled()) > 0 {
		consider(w.nextPoll)
	}
	return d
}

// due asks for what the clock says is to be done now.
func (w *worker) due() {
	now := w.e.opt.Now()
	if !w.retryAt.IsZero() && !now.Before(w.retryAt) {
		w.retryAt = time.Time{}
		w.request(w.retry)
	}
	if !now.Before(w.nextCheck) {
		w.nextCheck = now.Add(w.interval())
		w.request(scopeFull)
	}
	if paths := w.polled(); !now.Before(w.nextPoll) {
		w.nextPoll = now.Add(listenPoll)
		if len(paths) > 0 {
			w.requestFolders(paths...)
		}
	}
	if t := w.asideDue(); !t.IsZero() && !now.Before(t) {
		w.nextAside = now.Add(againPause)
		w.request(scopeAside)
	}
	// Where it is believed to have the only place, the next check sees whether it stands: a server that restarted looks just like that.
	if w.sess != nil && now.Sub(w.sessUsed) > sessionIdle && w.cut.Load() == allRoom {
		w.closeSession()
	}
}

// outboxDue is when the next message of the outbox may go: zero when none waits. Items that just failed for a while carry
// their back-off in NotBefore.
func (w *worker) outboxDue(now time.Time) time.Time {
	var due time.Time
	for _, it := range w.queued() {
		if due.IsZero() || it.NotBefore.Before(due) {
			due = it.NotBefore
			if due.IsZero() {
				due = now
			}
		}
	}
	return due
}
