package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"peyk/internal/mail"
)

// SaveAccount stores an account: a new one when a.ID is 0. Names are unique in the profile. Changing IMAP role settings
// takes effect with the next ApplyFolders.
func (s *Store) SaveAccount(ctx context.Context, a mail.Account) (mail.AccountID, error) {
	id := a.ID
	err := s.write(ctx, "saving the account "+a.Name, func(t *wtx) error {
		var other mail.AccountID
		ok, err := t.get("SELECT id FROM accounts WHERE name=? AND id<>?", []any{a.Name, a.ID}, &other)
		if err != nil {
			return err
		}
		if ok {
			return &mail.Refusal{Code: mail.CodeAccountName, Args: []string{a.Name}, Text: fmt.Sprintf("there is already an account named %q", a.Name)}
		}
		if id != 0 {
			if a.Mailbox, err = t.movedElsewhere(id, a); err != nil {
				return err
			}
		}
		a.ID = 0
		js, err := toJSON(a)
		if err != nil {
			return err
		}
		if id == 0 {
			n, err := t.insert("INSERT INTO accounts(name,protocol,config) VALUES(?,?,?)", a.Name, string(a.Protocol), js)
			id = mail.AccountID(n)
			t.ch.Accounts = append(t.ch.Accounts, id)
			return err
		}
		res, err := t.exec("UPDATE accounts SET name=?,protocol=?,config=? WHERE id=?", a.Name, string(a.Protocol), js, id)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			return fmt.Errorf("account %d: %w", id, ErrNotFound)
		}
		t.ch.Accounts = append(t.ch.Accounts, id)
		return nil
	})
	return id, err
}

// ChangeAccount changes settings of an account, other than its name, protocol and where its mail is, in one transaction: what another process, or another goroutine, saves
// at the same time is not lost. change reports whether anything is to be stored. It returns the account as it is then.
func (s *Store) ChangeAccount(ctx context.Context, id mail.AccountID, change func(*mail.Account) bool) (a mail.Account, err error) {
	err = s.write(ctx, fmt.Sprintf("changing account %d", id), func(t *wtx) error {
		found := false
		err := t.each("SELECT id,config FROM accounts WHERE id=?", []any{id}, func(r scanner) (err error) {
			found = true
			a, err = scanAccount(r)
			return err
		})
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("account %d: %w", id, ErrNotFound)
		}
		if !change(&a) {
			return nil
		}
		a.ID = 0
		js, err := toJSON(a)
		a.ID = id
		if err != nil {
			return err
		}
		_, err = t.exec("UPDATE accounts SET config=? WHERE id=?", js, id)
		t.ch.Accounts = append(t.ch.Accounts, id)
		return err
	})
	return a, err
}

// movedElsewhere looks whether an account is to get its mail from another server, or as somebody else. UIDs name other messages there, also
// under the same UIDVALIDITY (some servers give each inbox the same): all of them are forgotten, and what the new server has, too, is
// recognised by Message-ID and size. So it is with UIDLs: what is listed under a known one is fetched, and its bytes tell whether it is here. It returns the
// number of the mailbox that the account has then.
func (t *wtx) movedElsewhere(id mail.AccountID, to mail.Account) (mailbox int, err error) {
	var from mail.Account
	err = t.each("SELECT id,config FROM accounts WHERE id=?", []any{id}, func(r scanner) (err error) {
		from, err = scanAccount(r)
		return err
	})
	if err != nil || from.Incoming.SameMailbox(to.Incoming) {
		return from.Mailbox, err
	}
	mailbox = from.Mailbox + 1
	if from.Protocol == mail.POP3 {
		return mailbox, t.dropElsewhere(id)
	}
	fs, err := t.folders(id)
	if err != nil {
		return 0, err
	}
	for _, f := range fs {
		if f.Local || f.UIDValidity == 0 {
			continue
		}
		if err := t.resetFolder(f.ID, 0); err != nil {
			return 0, fmt.Errorf("folder %s: %w", f.Path, err)
		}
	}
	return mailbox, nil
}

func scanAccount(sc scanner) (mail.Account, error) {
	var a mail.Account
	var id mail.AccountID
	var js string
	if err := sc.Scan(&id, &js); err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(js), &a); err != nil {
		return a, fmt.Errorf("settings of account %d: %w", id, err)
	}
	a.ID = id
	return a, nil
}

// Accounts returns all accounts in the order they were added.
func (s *Store) Accounts(ctx context.Context) ([]mail.Account, error) {
	var out []mail.Account
	err := s.readAll(ctx, "SELECT id,config FROM accounts ORDER BY id", nil, func(r *sql.Rows) error {
		a, err := scanAccount(r)
		out = append(out, a)
		return err
	})
	return out, err
}

// Account returns one account, or an error that wraps ErrNotFound.
func (s *Store) Account(ctx context.Context, id mail.AccountID) (mail.Account, error) {
	return s.oneAccount(ctx, fmt.Sprintf("account %d", id), "SELECT id,config FROM accounts WHERE id=?", id)
}

// AccountByName returns one account, or an error that wraps ErrNotFound.
func (s *Store) AccountByName(ctx context.Context, name string) (mail.Account, error) {
	return s.oneAccount(ctx, fmt.Sprintf("account %q", name), "SELECT id,config FROM accounts WHERE name=?", name)
}

func (s *Store) oneAccount(ctx context.Context, what, q string, arg any) (mail.Account, error) {
	var a mail.Account
	found := false
	err := s.readAll(ctx, q, []any{arg}, func(r *sql.Rows) (err error) {
		found = true
		a, err = scanAccount(r)
		return err
	})
	if err == nil && !found {
		err = fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return a, err
}

// RemoveAccount forgets an account with its folders, messages, operations, outbox, drafts and ledger. The bytes of its
// messages stay until Check collects them.
func (s *Store) RemoveAccount(ctx context.Context, id mail.AccountID) error {
	return s.write(ctx, fmt.Sprintf("removing account %d", id), func(t *wtx) error {
		if err := t.sourcesStay(id); err != nil {
			return err
		}
		res, err := t.exec("DELETE FROM accounts WHERE id=?", id)
		if err != nil {
			return err
		}
		if n, _ := res.RowsAffected(); n == 0 {
			return fmt.Errorf("account %d: %w", id, ErrNotFound)
		}
		for _, q := range []string{
			"DELETE FROM fts WHERE rowid IN (SELECT id FROM messages WHERE account=?)",
			"DELETE FROM details WHERE id IN (SELECT id FROM messages WHERE account=?)",
			"DELETE FROM snoozes WHERE message IN (SELECT id FROM messages WHERE account=?)",
			"DELETE FROM messages WHERE account=?",
			"DELETE FROM quarantine WHERE folder IN (SELECT id FROM folders WHERE account=?)",
			"DELETE FROM folders WHERE account=?",
			"DELETE FROM passes WHERE account=?",
			"DELETE FROM threads WHERE account=?",
			"DELETE FROM thread_refs WHERE account=?",
			"DELETE FROM op_targets WHERE op IN (SELECT id FROM ops WHERE account=?)",
			"DELETE FROM ops WHERE account=?",
			"DELETE FROM ledger WHERE account=?",
			"DELETE FROM content_ids WHERE account=?",
			"DELETE FROM outbox WHERE account=?",
			"DELETE FROM draft_versions WHERE draft IN (SELECT id FROM drafts WHERE account=?)",
			"DELETE FROM drafts WHERE account=?",
			"DELETE FROM invitations WHERE account=?",
		} {
			if err := t.do(q, id); err != nil {
				return err
			}
		}
		if err := t.changeUnsubscriptions(func(list []mail.Unsubscription) []mail.Unsubscription {
			return slices.DeleteFunc(list, func(u mail.Unsubscription) bool { return u.Account == id })
		}); err != nil {
			return err
		}
		t.ch.Accounts = append(t.ch.Accounts, id)
		t.ch.Reload, t.ch.Ops, t.ch.Outbox, t.ch.Drafts = true, true, true, true
		return nil
	})
}

// Setting returns a setting of the profile, "" when it is not set.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	var v string
	_, err := s.read(ctx, "SELECT value FROM settings WHERE key=?", []any{key}, &v)
	return v, err
}

// SetSetting stores a setting of the profile.
func (s *Store) SetSetting(ctx context.Context, key, val string) error {
	return s.write(ctx, "saving the setting "+key, func(t *wtx) error {
		t.ch.Settings = true
		return t.setSetting(key, val)
	})
}

func (t *wtx) setSetting(key, val string) error {
	return t.do("INSERT INTO settings(key,value) VALUES(?,?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", key, val)
}
