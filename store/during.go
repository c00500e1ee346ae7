package store

import (
	"context"
	"errors"
	"fmt"

	"peyk/internal/mail"
)

// ErrMoved is wrapped by the error of a write under During when the account gets its mail from another mailbox by now, or is gone.
var ErrMoved = errors.New("the account has another server or user by now")

// duringKey finds in a context the account that During put there.
type duringKey struct{}

// During returns a context for what is written about an account's mailbox: it is written only while the account has that mailbox still, else nothing is, and
// the error wraps ErrMoved. The user may give an account another server or user while somebody receives mail for it, in another process perhaps. UIDs and UIDLs of
// the old mailbox name other messages in the new one, so they must not come behind the change; the transaction that writes looks.
func During(ctx context.Context, a mail.Account) context.Context {
	return context.WithValue(ctx, duringKey{}, a)
}

// Always takes back During, for what is to be written whatever becomes of the account.
func Always(ctx context.Context) context.Context {
	return context.WithValue(ctx, duringKey{}, mail.Account{})
}

// Still looks whether the mailbox that ctx is about is the account's; the error wraps ErrMoved when it is not.
func (s *Store) Still(ctx context.Context) error {
	a, _ := ctx.Value(duringKey{}).(mail.Account)
	if a.ID == 0 {
		return nil
	}
	now, err := s.Account(ctx, a.ID)
	if errors.Is(err, ErrNotFound) || err == nil && now.Mailbox != a.Mailbox {
		return fmt.Errorf("account %s: %w", a.Name, ErrMoved)
	}
	return err
}

// still looks whether the mailbox that ctx is about is the account's.
func (t *wtx) still(ctx context.Context) error {
	a, _ := ctx.Value(duringKey{}).(mail.Account)
	if a.ID == 0 {
		return nil
	}
	var now int
	ok, err := t.get("SELECT ifnull(json_extract(config,'$.mailbox'),0) FROM accounts WHERE id=?", []any{a.ID}, &now)
	if err == nil && (!ok || now != a.Mailbox) {
		err = fmt.Errorf("account %s: %w", a.Name, ErrMoved)
	}
	return err
}
