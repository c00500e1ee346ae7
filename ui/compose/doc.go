// Package compose is the window in which mail is written: sender, recipients with completion, subject, text, attachments.
//
// What is written is never lost: a draft is stored a moment after the last key, when the window closes and before anything
// that could fail. Sending hands the draft to the engine's outbox; the window closes only when it is there.
//
// Everything here belongs to the UI goroutine.
package compose

import (
	"context"
	"io"
	"time"

	"peyk/internal/mail"
)

// Engine is what the window asks of the engine.
type Engine interface {
	SaveDraft(ctx context.Context, d *mail.Draft) error
	// KeepDraft puts a copy of a stored draft into the server's Drafts folder.
	KeepDraft(ctx context.Context, id mail.DraftID) error
	DraftVersions(ctx context.Context, id mail.DraftID) ([]mail.Draft, error)
	DiscardDraft(ctx context.Context, id mail.DraftID) error
	Send(ctx context.Context, d mail.Draft, at time.Time) (mail.OutboxID, error)
	// MaxMessage is how large a message the account's sending server takes, bytes; 0 when it names no limit. It may ask the server.
	MaxMessage(ctx context.Context, account mail.AccountID) (int64, error)
	// OpenAttachment opens the bytes of an attachment, wherever they are.
	OpenAttachment(ctx context.Context, a mail.DraftAttachment) (io.ReadCloser, error)
}

// People completes addresses from the people seen; the store does.
type People interface {
	Suggest(ctx context.Context, prefix string, limit int) ([]mail.Address, error)
	// Correspondents are the people the user wrote to, the latest first.
	Correspondents(ctx context.Context, limit int) ([]mail.Address, error)
}

// Loop brings work off the UI thread and its results back to it.
type Loop interface {
	// Go runs work elsewhere, then what it returned on the UI thread.
	Go(work func(ctx context.Context) (apply func()))
	// Serial is Go in the order of the calls: a later save never overtakes an earlier one.
	Serial(work func(ctx context.Context) (apply func()))
	// After runs f on the UI thread after d, unless stop is called before.
	After(d time.Duration, f func()) (stop func())
}
