package cli

import (
	"peyk/accounts"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	mailsync "peyk/sync"
)

// EngineOptions are the options of every engine of the program over the profile in dir, which must exist.
func EngineOptions(dir string) (mailsync.Options, error) {
	vault, err := accounts.OpenVault(dir)
	if err != nil {
		return mailsync.Options{}, err
	}
	return mailsync.Options{
		OpenerFor: func(a mail.Account) remote.Opener { return accounts.NewOpener(a, vault) },
		Vault:     vault,
		Profile:   dir,
		Now:       Now,
	}, nil
}
