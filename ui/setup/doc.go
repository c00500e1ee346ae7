// Package setup holds the windows in which accounts are made: the wizard of the first start and the account settings with
// their tabs General, Servers, Identities & signatures, Folders, Security and Advanced.
//
// A form never writes into an account while it is edited: every field registers how it fills an account, and Save applies
// all of them to a copy. What takes time (finding servers, logging in, reading folders) runs through the Loop.
//
// Everything here belongs to the UI goroutine.
package setup

import (
	"context"

	"peyk/internal/mail"
)

// Engine is what the forms ask of the engine.
type Engine interface {
	Discover(ctx context.Context, email string, proto mail.Protocol) (a mail.Account, source mail.Source, err error)
	TestAccount(ctx context.Context, a mail.Account, s mail.Secrets, step func(mail.TestStep)) error
	SaveAccount(ctx context.Context, a mail.Account, s mail.Secrets) (mail.AccountID, error)
	RemoveAccount(ctx context.Context, id mail.AccountID) error
	PreviewRemoval(ctx context.Context, id mail.AccountID, rule mail.POP3Options) (mail.Removal, error)
	// Quota is how full the mailbox on the server was when it was asked last; zero when nobody knows.
	Quota(ctx context.Context, id mail.AccountID) (mail.Quota, error)
	SecretStore() mail.SecretStoreInfo
	UnlockSecrets(ctx context.Context, passphrase string) error
}

// Folders reads an account and its folders; the store is one.
type Folders interface {
	// Account is the account as it is stored now.
	Account(ctx context.Context, id mail.AccountID) (mail.Account, error)
	Folders(ctx context.Context, account mail.AccountID) ([]mail.Folder, error)
	// OnlyHere counts what would be lost with an account.
	OnlyHere(ctx context.Context, account mail.AccountID) (mail.OnlyHere, error)
}

// Loop brings work off the UI thread and its results back to it.
type Loop interface {
	// Go runs work elsewhere, then what it returned on the UI thread.
	Go(work func(ctx context.Context) (apply func()))
	// Cancellable is Go for work that may be given up: after cancel its result is dropped.
	Cancellable(work func(ctx context.Context) (apply func())) (cancel func())
	// Post runs f on the UI thread, from any goroutine.
	Post(f func())
}
