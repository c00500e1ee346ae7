package mailsync

import (
	"context"
	"sync"
	"time"

	"peyk/internal/mail"
)

// hurry says what of the outbox does not wait for its back-off, because what it waits for may have come.
type hurry int

const (
	hurryNone   hurry = iota
	hurryCutOff       // what could not be handed over because its server was not reached: a network is there, or another one
	hurryAll          // everything: the user asks for mail
)

// hasten is request, and lets the outbox hurry. Any goroutine.
func (w *worker) hasten(h hurry, s scope) {
	w.mu.Lock()
	w.hurry = max(w.hurry, h)
	w.eager = w.eager || h == hurryAll
	w.mu.Unlock()
	if h == hurryCutOff {
		w.anew.Store(true)
	}
	w.request(s)
}

// userAsks reports whether the user has asked for mail since every folder was looked at; all: that is done now. A pass that runs when he asks does
// a part of that as an errand, and the outbox is done with the hurry then. Any goroutine.
func (w *worker) userAsks(all bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	eager := w.eager
	w.eager = eager && !all
	return eager
}

// takeHurry is what the outbox of the pass that runs, or that comes, need not wait for.
func (w *worker) takeHurry() hurry {
	w.mu.Lock()
	defer w.mu.Unlock()
	h := w.hurry
	w.hurry = hurryNone
	return h
}

// hurryOutbox lets what waits after a failure go now, as far as there is a reason to: what waits because a password was refused goes when it may
// be tried, which is so when it is another one. What is to be sent later by the user's wish has not failed and keeps its time.
func (p *pass) hurryOutbox(ctx context.Context) error {
	h := p.hurry
	if p.keep != nil {
		h = max(h, p.keep.takeHurry())
	}
	items, err := p.st.OutboxItems(ctx)
	if err != nil {
		return err
	}
	may := sync.OnceValue(func() bool { return p.e.sends(ctx, p.acct) })
	for _, it := range items {
		if it.Account != p.acct.ID || it.State != mail.OutboxQueued || it.Reason == "" || it.NotBefore.IsZero() {
			continue
		}
		switch kind := mail.StoredProblem(it.Reason).Kind; {
		case h == hurryAll:
		case h == hurryCutOff && kind == mail.ProblemNetwork:
		case kind == mail.ProblemAuth && may():
		default:
			continue
		}
		it.NotBefore = time.Time{}
		if _, err := p.st.SwapOutbox(ctx, it, mail.OutboxQueued); err != nil {
			return err
		}
	}
	return nil
}
