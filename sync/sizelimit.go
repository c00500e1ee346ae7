package mailsync

import (
	"context"
	"time"

	"peyk/accounts/dial"
	"peyk/internal/mail"
)

const (
	// limitAge is how long it is believed what a server said about the size of messages: that changes seldom.
	limitAge = 7 * 24 * time.Hour
	// limitWait is how long a server is waited for that is asked about it: somebody is writing meanwhile.
	limitWait = 30 * time.Second
)

// MaxMessage is the size in bytes of the largest message that the account's sending server takes (SIZE, RFC 1870); 0 when it names no limit, or
// when nobody knows and it cannot be asked now. What a server said in the last days is believed; else a session is opened to hear it.
func (e *Engine) MaxMessage(ctx context.Context, id mail.AccountID) (int64, error) {
	a, err := e.st.Account(ctx, id)
	if err != nil {
		return 0, err
	}
	if known, err := e.shown(ctx, a.Outgoing.Server, dial.SMTP); err != nil || e.opt.Now().Sub(known.Told) < limitAge || !e.online.Load() || a.Outgoing.Host == "" {
		return known.Most, err
	}
	opener, err := e.opener(ctx, a)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, limitWait)
	defer cancel()
	s, err := opener.Sender(ctx) // which notes what it says
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return s.Capabilities().MaxMessage, nil
}
