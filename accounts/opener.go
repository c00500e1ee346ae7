package accounts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"sync"

	"peyk/accounts/imap"
	"peyk/accounts/pop3"
	"peyk/accounts/remote"
	"peyk/accounts/smtp"
	"peyk/internal/mail"
)

// NewOpener opens sessions for an account that Defaults has completed. A password is fetched once and kept in memory;
// when the server refuses it, it is fetched again, and if it is another one by now (a fresh access token, a password just
// changed) tried once more.
func NewOpener(a mail.Account, p Passwords) remote.Opener {
	return &opener{account: Defaults(a), store: p}
}

type opener struct {
	account mail.Account
	store   Passwords

	in, out secret
}

// secret is a password in memory.
type secret struct {
	mu    sync.Mutex
	value string
}

func (o *opener) Receive(ctx context.Context, start remote.Start) (remote.Remote, error) {
	var r remote.Remote
	err := o.with(ctx, mail.SideIncoming, &o.in, func(password string) (err error) {
		switch o.account.Protocol {
		case mail.POP3:
			r, err = open(pop3.Dial(ctx, pop3.Config{Server: o.account.Incoming, Password: password, Start: start}))
		case mail.IMAP:
			r, err = open(imap.Dial(ctx, imap.Config{Server: o.account.Incoming, Password: password, Options: o.account.IMAP, Start: start}))
		default:
			err = &remote.Error{Step: "connect", Kind: mail.ProblemConfig, Permanent: true,
				Err: fmt.Errorf("the account %s has no protocol", o.account.Name)}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// open keeps a nil pointer from becoming an interface that is not nil.
func open[T remote.Remote](c T, err error) (remote.Remote, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (o *opener) Sender(ctx context.Context) (remote.Sender, error) {
	if o.account.Outgoing.Host == "" {
		return nil, &remote.Error{Step: "connect", Kind: mail.ProblemConfig, Permanent: true,
			Why:    mail.CodeNoOutgoing,
			Err:    fmt.Errorf("the account %s has no outgoing server", o.account.Name),
			Advice: "Enter one in the account's server settings."}
	}
	var s *smtp.Client
	err := o.with(ctx, mail.SideOutgoing, &o.out, func(password string) (err error) {
		s, err = smtp.Dial(ctx, smtp.Config{Server: o.account.Outgoing.Server, Password: password})
		return err
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// with calls fn with the password of a side.
func (o *opener) with(ctx context.Context, side mail.ServerSide, s *secret, fn func(password string) error) error {
	srv := o.account.Incoming
	if side == mail.SideOutgoing {
		srv = o.account.Outgoing.Server
		if srv.Auth == mail.AuthNone {
			return fn("")
		}
	}
	err := o.tryPasswords(ctx, side, s, fn)
	explainRefusal(remote.As(err), srv)
	return err
}

// tryPasswords calls fn with the kept password, and with a fresh one when that was refused.
func (o *opener) tryPasswords(ctx context.Context, side mail.ServerSide, s *secret, fn func(password string) error) error {
	password, fresh, err := o.password(ctx, side, s, "")
	if err != nil {
		return err
	}
	err = fn(password)
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemAuth {
		return err
	}
	s.mu.Lock()
	if s.value == password {
		s.value = ""
	}
	s.mu.Unlock()
	if fresh {
		return err
	}
	again, _, perr := o.password(ctx, side, s, password)
	if perr != nil || again == password {
		return err
	}
	return fn(again)
}

// PasswordMark names the password that a side would log in with, by a key of the caller's, without telling it: a caller may remember that this one
// was refused. It is "" when there is none. The password is kept for the session that is opened next.
func (o *opener) PasswordMark(ctx context.Context, side mail.ServerSide, key []byte) string {
	s := &o.in
	if side == mail.SideOutgoing {
		s = &o.out
		if o.account.Outgoing.Auth == mail.AuthNone {
			return ""
		}
	}
	password, _, err := o.password(ctx, side, s, "")
	if err != nil {
		return "" // the session says so
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(password))
	return string(mac.Sum(nil))
}

// password returns the kept password, or fetches it when there is none or only the one that was refused.
func (o *opener) password(ctx context.Context, side mail.ServerSide, s *secret, refused string) (value string, fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value != "" && s.value != refused {
		return s.value, false, nil
	}
	value, err = findPassword(ctx, o.account, side, o.store)
	if err == nil {
		s.value = value
	}
	return value, true, err
}
