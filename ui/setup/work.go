package setup

import (
	"context"

	"peyk/internal/mail"
)

// The functions below are what the forms let the Loop do: each returns the work, which ends in a call on the UI thread.

type work = func(ctx context.Context) func()

func unlockWork(e Engine, phrase string, then func(error)) work {
	return func(ctx context.Context) func() {
		err := e.UnlockSecrets(ctx, phrase)
		return func() { then(err) }
	}
}

func discoverWork(e Engine, email string, proto mail.Protocol, then func(mail.Account, mail.Source, error)) work {
	return func(ctx context.Context) func() {
		a, source, err := e.Discover(ctx, email, proto)
		return func() { then(a, source, err) }
	}
}

// testWork reports steps while it goes on, through post.
func testWork(e Engine, loop Loop, a mail.Account, s mail.Secrets, step func(mail.TestStep), then func(error)) work {
	return func(ctx context.Context) func() {
		err := e.TestAccount(ctx, a, s, func(t mail.TestStep) {
			loop.Post(func() {
				if ctx.Err() == nil {
					step(t)
				}
			})
		})
		return func() { then(err) }
	}
}

func saveWork(e Engine, a mail.Account, s mail.Secrets, then func(mail.AccountID, error)) work {
	return func(ctx context.Context) func() {
		id, err := e.SaveAccount(ctx, a, s)
		return func() { then(id, err) }
	}
}

func removeWork(e Engine, id mail.AccountID, then func(error)) work {
	return func(ctx context.Context) func() {
		err := e.RemoveAccount(ctx, id)
		return func() { then(err) }
	}
}

func foldersWork(f Folders, id mail.AccountID, then func([]mail.Folder, error)) work {
	return func(ctx context.Context) func() {
		list, err := f.Folders(ctx, id)
		return func() { then(list, err) }
	}
}

func previewWork(e Engine, id mail.AccountID, rule mail.POP3Options, then func(mail.Removal, error)) work {
	return func(ctx context.Context) func() {
		r, err := e.PreviewRemoval(ctx, id, rule)
		return func() { then(r, err) }
	}
}
