package setup

import (
	"context"
	"slices"

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

// saveWork stores a form; began is the account as it was when the form was opened, and has no number for a new one. st may be nil for that.
func saveWork(e Engine, st Folders, began, a mail.Account, s mail.Secrets, then func(mail.AccountID, error)) work {
	return func(ctx context.Context) func() {
		id, err := a.ID, error(nil)
		if id != 0 && began.ID == id && st != nil {
			var now mail.Account
			if now, err = st.Account(ctx, id); err == nil {
				settle(&a.Incoming, began.Incoming, now.Incoming)
				settle(&a.Outgoing.Server, began.Outgoing.Server, now.Outgoing.Server)
			}
		}
		if err == nil {
			id, err = e.SaveAccount(ctx, a, s)
		}
		return func() { then(id, err) }
	}
}

// settle takes over what was decided about a server outside of its form while that was open: the certificate that is trusted, and where the password
// comes from. What was changed in the form stays.
func settle(form *mail.Server, began, now mail.Server) {
	if !form.SameMailbox(began) || !now.SameMailbox(began) {
		return
	}
	if form.PinnedSHA256 == began.PinnedSHA256 {
		form.PinnedSHA256 = now.PinnedSHA256
	}
	if slices.Equal(form.PasswordCommand, began.PasswordCommand) && form.PasswordEnv == began.PasswordEnv {
		form.PasswordCommand, form.PasswordEnv = now.PasswordCommand, now.PasswordEnv
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
