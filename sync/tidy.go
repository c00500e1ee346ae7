package mailsync

import (
	"context"
	"time"
)

const (
	tidyEvery = 20 * time.Second
	tidyPause = 100 * time.Millisecond // between two steps: for the disk, and for who wants to write
)

// keepTidy tidies now and then until ctx ends, or until it fails: what is wrong with a database is told to whoever needs it.
func (e *Engine) keepTidy(ctx context.Context) {
	tick := time.NewTicker(tidyEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
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
