package mailsync

import (
	"context"
	"time"

	"peyk/internal/mail"
)

const (
	tidyEvery = 20 * time.Second
	tidyPause = 100 * time.Millisecond // between two steps: for the disk, and for who wants to write

	reclaimEvery = time.Minute // how often the store is asked to take away the bytes of deleted messages, which it does once a day

	// A pass without a window tidies at its end, when it brought fewer messages than afterPass, in tidySteps steps of 1 MB at most.
	afterPass = 500
	tidySteps = 1
)

// tidyAfter takes away the bytes of what was deleted, and merges a little of the search index behind passes that brought little. A profile that is used from the command line alone has no
// idle time in which that could be done: its index would keep dozens of segments, into each of which every search looks. What is left is for the
// next pass with mail, so that none takes long: after a large download it is the work of some dozens, and then a small one every sixteen. A pass
// that finds nothing does nothing.
func (e *Engine) tidyAfter(ctx context.Context, results []mail.PassResult) {
	if _, err := e.st.Reclaim(ctx); err != nil && ctx.Err() == nil {
		e.opt.Log.Warn("tidying up", "err", err) // it is tried again the next time
	}
	brought := 0
	for _, r := range results {
		brought += r.New
	}
	if brought == 0 || brought >= afterPass {
		return
	}
	for range tidySteps {
		more, err := e.st.MergeIndex(ctx)
		if err != nil && ctx.Err() == nil {
			e.opt.Log.Warn("the search index", "err", err) // what was received is stored; the doctor says what is wrong
		}
		if err != nil || !more {
			return
		}
	}
}

// keepTidy tidies now and then until ctx ends, or until it fails: what is wrong with a database is told to whoever needs it.
func (e *Engine) keepTidy(ctx context.Context) {
	tick, reclaim := time.NewTicker(tidyEvery), time.NewTicker(reclaimEvery)
	defer tick.Stop()
	defer reclaim.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-reclaim.C:
			if err := e.reclaim(ctx); err != nil && ctx.Err() == nil {
				e.opt.Log.Warn("tidying up", "err", err)
			}
			continue
		case <-tick.C:
		}
		if e.tidy(ctx) != nil {
			return
		}
	}
}

// tidy merges the search index, step by step, as long as no pass runs.
func (e *Engine) tidy(ctx context.Context) error {
	for e.passing.Load() == 0 {
		more, err := e.st.MergeIndex(ctx)
		if err != nil || !more {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(tidyPause):
		}
	}
	return nil
}

// reclaim takes away the bytes of what was deleted, as long as no pass runs.
func (e *Engine) reclaim(ctx context.Context) error {
	for e.passing.Load() == 0 {
		if more, err := e.st.Reclaim(ctx); err != nil || !more {
			return err
		}
	}
	return nil
}
