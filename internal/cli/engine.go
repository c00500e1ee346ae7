package cli

import (
	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	mailsync "peyk/sync"
)

// EngineOptions are the options of every engine of the program over the profile in dir.
func EngineOptions(dir string) (mailsync.Options, error) {
	var none accounts.First
	return mailsync.Options{
		OpenerFor: func(a mail.Account) remote.Opener { return accounts.NewOpener(a, none) },
		Profile:   dir,
		Now:       Now,
	}, nil
}
