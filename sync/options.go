package mailsync

import (
	"context"
	"log/slog"
	"net"
	"time"

	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/remotecontent"
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
	// Pictures fetches remote images; nil: one that keeps those of allowed senders in the profile.
	Pictures *remotecontent.Fetcher
	// LookupTXT asks DNS for the keys of signatures that the user wants checked; nil: the system's resolver.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	// Page makes the HTML of a message part of one that sends it on as it looks; "": its text says it all, or it cannot. nil: forwards are text. It is
	// called by several goroutines.
	Page func(src string) string
	// Log receives what happens, without secrets and without mail text. nil: nothing is logged.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LookupTXT == nil {
		o.LookupTXT = net.DefaultResolver.LookupTXT
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
