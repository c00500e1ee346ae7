package mailsync

import (
	"log/slog"
	"time"

	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Options configure an Engine. The zero value works for local operations only: without OpenerFor no server is reached.
type Options struct {
	// OpenerFor makes the opener of an account's sessions. It is asked again whenever the account's settings change.
	OpenerFor func(mail.Account) remote.Opener
	// Vault keeps the passwords that SaveAccount is given; nil: they come from commands or the environment only.
	Vault accounts.Vault
	// Profile is the profile directory; it holds the locks that keep two processes from working on one account. "": no
	// locks.
	Profile string
	// Now is the clock of every rule that counts days (POP3 removal, offline days, send later). nil: time.Now.
	Now func() time.Time
	// Push keeps connections open between passes and listens for new mail (IDLE). The window sets it.
	Push bool
	// Log receives what happens, without secrets and without mail text. nil: nothing is logged.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
