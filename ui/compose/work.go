package compose

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"peyk/internal/mail"
)

// The functions below are what the window lets the Loop do: each returns the work, which ends in a call on the UI thread.

type work = func(ctx context.Context) func()

// unattached is a file that could not be attached, and why.
type unattached struct {
	name string
	err  error
}

func statWork(paths []string, then func(found []mail.DraftAttachment, failed []unattached)) work {
	return func(context.Context) func() {
		var found []mail.DraftAttachment
		var failed []unattached
		for _, p := range paths {
			a, err := describe(p)
			if err != nil {
				failed = append(failed, unattached{filepath.Base(p), err})
				continue
			}
			found = append(found, a)
		}
		return func() { then(found, failed) }
	}
}

// stored is what the engine called a draft when it was first saved. Only serial work touches it, so that a save that follows
// another at once is a version of the same draft.
type stored struct {
	id       mail.DraftID
	headerID string
}

func saveWork(e Engine, now snapshot, s *stored, then func(mail.Draft, error)) work {
	return func(ctx context.Context) func() {
		d := now.draft()
		d.ID = s.id
		if s.headerID != "" {
			d.HeaderID = s.headerID
		}
		err := e.SaveDraft(ctx, &d)
		var unread *mail.UnreadFiles
		if err == nil || errors.As(err, &unread) {
			s.id, s.headerID = d.ID, d.HeaderID
		}
		return func() { then(d, err) }
	}
}

// keepWork copies the stored draft to the server's Drafts folder once the window is closed. When that cannot be done the draft
// is still here, so nobody is asked.
func keepWork(e Engine, s *stored) work {
	return func(ctx context.Context) func() {
		if s.id != 0 {
			_ = e.KeepDraft(ctx, s.id)
		}
		return nil
	}
}

func versionsWork(e Engine, id mail.DraftID, then func([]mail.Draft, error)) work {
	return func(ctx context.Context) func() {
		list, err := e.DraftVersions(ctx, id)
		return func() { then(list, err) }
	}
}

func discardWork(e Engine, s *stored, then func(mail.DraftID)) work {
	return func(ctx context.Context) func() {
		if s.id == 0 || e.DiscardDraft(ctx, s.id) != nil { // a draft that stays is no loss
			return nil
		}
		return func() { then(s.id) }
	}
}

func sendWork(e Engine, now snapshot, at time.Time, then func(mail.OutboxID, error)) work {
	return func(ctx context.Context) func() {
		id, err := e.Send(ctx, now.draft(), at)
		return func() { then(id, err) }
	}
}
