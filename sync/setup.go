package mailsync

import (
	"context"
	"errors"

	"peyk/accounts"
	"peyk/internal/mail"
	"peyk/store"
)

// Discover guesses servers for an address and says where it found them.
func (e *Engine) Discover(ctx context.Context, email string, proto mail.Protocol) (a mail.Account, source mail.Source, err error) {
	return accounts.Discover(ctx, email, proto)
}

// TestAccount logs in to every server and reports each step as it happens. The last error is returned. An empty secret stands
// for the one that is kept; where all goes well with those, they rest no longer.
func (e *Engine) TestAccount(ctx context.Context, a mail.Account, s mail.Secrets, step func(mail.TestStep)) error {
	from := accounts.First{accounts.Fixed(s)}
	if e.opt.Vault != nil {
		from = append(from, e.opt.Vault)
	}
	err := accounts.Test(ctx, a, from, step)
	if err == nil && a.ID != 0 && s == (mail.Secrets{}) {
		e.logins.forget(ctx, a.ID)
	}
	return err
}

// SecretStore says what keeps the passwords.
func (e *Engine) SecretStore() mail.SecretStoreInfo {
	if e.opt.Vault == nil {
		return mail.SecretStoreInfo{Kind: "memory"}
	}
	return e.opt.Vault.Info()
}

// UnlockSecrets opens the encrypted password file; accounts that waited for it are checked at once.
func (e *Engine) UnlockSecrets(ctx context.Context, passphrase string) error {
	if e.opt.Vault == nil {
		return nil
	}
	if err := e.opt.Vault.Unlock(ctx, passphrase); err != nil {
		return err
	}
	e.GetMail()
	return nil
}

// SaveAccount validates and stores an account (a.ID 0: a new one) and starts its worker. Empty secrets are left as they are.
// When the passwords cannot be kept, a new account is not kept either.
func (e *Engine) SaveAccount(ctx context.Context, a mail.Account, s mail.Secrets) (mail.AccountID, error) {
	a = accounts.Defaults(a)
	if err := accounts.Validate(a); err != nil {
		return 0, err
	}
	isNew := a.ID == 0
	if !isNew {
		// A pass under way would write what the old server says into folders that are begun anew for another one.
		e.stopWorker(a.ID)
		defer func() { e.resume(ctx, a.ID) }()
	}
	id, err := e.st.SaveAccount(ctx, a)
	if err != nil {
		return 0, err
	}
	a.ID = id
	if err := e.keepSecrets(ctx, id, s); err != nil {
		if isNew {
			return 0, errors.Join(err, e.st.RemoveAccount(context.WithoutCancel(ctx), id))
		}
		return id, err
	}
	if err := ensureLocalFolders(ctx, e.st, a); err != nil {
		return id, err
	}
	e.logins.forget(ctx, id)
	if isNew {
		e.restart(a)
	}
	return id, nil
}

// resume gives an account a worker again, with the settings that are stored.
func (e *Engine) resume(ctx context.Context, id mail.AccountID) {
	a, err := e.st.Account(context.WithoutCancel(ctx), id)
	if errors.Is(err, store.ErrNotFound) {
		e.stopWorker(id)
		return
	}
	if err != nil {
		e.opt.Log.Warn("an account goes on without a worker", "account", id, "err", err)
		return
	}
	e.restart(a)
}

func (e *Engine) keepSecrets(ctx context.Context, id mail.AccountID, s mail.Secrets) error {
	if s == (mail.Secrets{}) {
		return nil
	}
	if e.opt.Vault == nil {
		return errors.New("this engine has nowhere to keep passwords")
	}
	return e.opt.Vault.Save(ctx, id, s)
}

// restart gives the account a worker with its present settings.
func (e *Engine) restart(a mail.Account) {
	e.mu.Lock()
	old := e.workers[a.ID]
	e.mu.Unlock()
	if old != nil {
		e.stopWorker(a.ID)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.startWorker(a)
}

// RemoveAccount ends the account's worker and forgets the account with all its mail on this computer. Nothing happens on the
// server.
func (e *Engine) RemoveAccount(ctx context.Context, id mail.AccountID) error {
	e.stopWorker(id)
	e.hub.forget(id)
	e.logins.forget(ctx, id)
	if err := e.st.RemoveAccount(ctx, id); err != nil {
		return err
	}
	e.kickAll() // what waited for it waits no more
	if e.opt.Vault != nil {
		if err := e.opt.Vault.Forget(ctx, id); err != nil {
			e.opt.Log.Warn("forget the passwords", "account", id, "err", err)
		}
	}
	return nil
}

// PreviewRemoval lists what the next check will remove from a POP3 server under the given rule.
func (e *Engine) PreviewRemoval(ctx context.Context, id mail.AccountID, rule mail.POP3Options) (mail.Removal, error) {
	due, err := e.st.LedgerDue(ctx, id, e.opt.Now(), rule)
	if err != nil {
		return mail.Removal{}, err
	}
	var ids []mail.MessageID
	for _, d := range due {
		if d.Message != 0 {
			ids = append(ids, d.Message)
		}
	}
	rows, err := e.st.Rows(ctx, ids)
	return mail.Removal{Here: rows, Deleted: len(due) - len(rows)}, err
}
