package compose

import (
	"context"
	"path/filepath"
	"time"

	"peyk/internal/mail"
)

// The functions below are what the window lets the Loop do: each returns the work, which ends in a call on the UI thread.

type work = func(ctx context.Context) func()

func statWork(paths []string, then func(found []mail.DraftAttachment, failed []string)) work {
	return func(context.Context) func() {
		var found []mail.DraftAttachment
		var failed []string
		for _, p := range paths {
			a, err := describe(p)
			if err != nil {
				failed = append(failed, filepath.Base(p))
				continue
			}
			found = append(found, a)
		}
		return func() { then(found, failed) }
	}
}

func saveWork(e Engine, d mail.Draft, then func(mail.Draft, error)) work {
	return func(ctx context.Context) func() {
		err := e.SaveDraft(ctx, &d)
		return func() { then(d, err) }
	}
}

func versionsWork(e Engine, id mail.DraftID, then func([]mail.Draft, error)) work {
	return func(ctx context.Context) func() {
		list, err := e.DraftVersions(ctx, id)
		return func() { then(list, err) }
	}
}

func discardWork(e Engine, id mail.DraftID, then func(error)) work {
	return func(ctx context.Context) func() {
		err := e.DiscardDraft(ctx, id)
		return func() { then(err) }
	}
}

func sendWork(e Engine, d mail.Draft, at time.Time, then func(mail.OutboxID, error)) work {
	return func(ctx context.Context) func() {
		id, err := e.Send(ctx, d, at)
		return func() { then(id, err) }
	}
}
