package mailsync

import (
	"context"
	"errors"
	"time"

	"peyk/internal/mail"
)

// snoozeLook is how often the clock is looked at while a snoozed message waits: timers do not run while the computer sleeps.
const snoozeLook = 20 * time.Second

// snooze plans that messages leave the lists until a moment, or come back. No server takes part: it would have to be told by a move, and a
// message that only a program of ours brings back would be lost to everybody else if that program did not run.
func (pl *planner) snooze(g *group) error {
	op := mail.Op{Account: g.account.ID, Kind: mail.OpSnooze, Messages: g.ids}
	if pl.action.Kind == mail.ActSnooze {
		if op.Date = pl.action.Until; !op.Date.After(pl.e.opt.Now()) {
			return errors.New("the moment until which it is to wait is over")
		}
	}
	pl.add(op)
	return nil
}

// keepSnoozed brings snoozed messages back when their time has come, until ctx ends.
func (e *Engine) keepSnoozed(ctx context.Context) {
	for {
		var due <-chan time.Time
		switch wait, err := e.wakeSnoozed(ctx); {
		case err != nil:
			if ctx.Err() == nil {
				e.opt.Log.Warn("snoozed messages", "err", err)
			}
			due = time.After(snoozeLook)
		case wait > 0:
			due = time.After(min(wait, snoozeLook))
		}
		select {
		case <-ctx.Done():
			return
		case <-e.snoozed:
		case <-due:
		}
	}
}

// wakeSnoozed brings back what is due and returns how long the next one waits; 0 when none does.
func (e *Engine) wakeSnoozed(ctx context.Context) (time.Duration, error) {
	next, err := e.st.NextSnoozed(ctx)
	if err == nil && !next.IsZero() && !next.After(e.opt.Now()) {
		if _, err = e.st.WakeSnoozed(ctx); err == nil {
			next, err = e.st.NextSnoozed(ctx)
		}
	}
	if err != nil || next.IsZero() {
		return 0, err
	}
	return max(next.Sub(e.opt.Now()), time.Second), nil
}

// lookSnoozed lets the clock be looked at again, after an action that may have changed what waits.
func (e *Engine) lookSnoozed() {
	select {
	case e.snoozed <- struct{}{}:
	default: // it will be
	}
}
