package mailsync

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// refusedSteps are how long a refused password is left alone: providers lock an account at which a wrong one is tried again and again, most of them
// after five to ten times within an hour. It is not left alone for ever, because servers also refuse right ones on bad days.
var refusedSteps = []time.Duration{15 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour}

// notTried says that a password was not tried, because the server refused it before.
type notTried struct{ why error }

func (e *notTried) Error() string { return "not tried again: " + e.why.Error() }
func (e *notTried) Unwrap() error { return e.why }

// logins remembers how logging in to the servers of accounts went last; refusals beyond this run, too. Safe for concurrent use.
type logins struct {
	st  *store.Store
	log *slog.Logger
	now func() time.Time
	key []byte // of the marks of passwords, so that no mark tells anything outside this process

	mu sync.Mutex
	by map[loginAt]*login
}

type loginAt struct {
	account mail.AccountID
	side    mail.ServerSide
}

// login is what happened at one server since it last let us in.
type login struct {
	once     bool          // it did so in this run
	good     string        // with this password
	refused  *remote.Error // nil: it was not refused
	mark     string        // which password was
	times    int
	until    time.Time // not tried before
	notThere int       // how often in a row no session could be had for another reason
}

// goodFor is how often in a row a password may be refused with which the server has let us in before, until it is taken for a wrong one: some servers say so to
// one connection too many.
const goodFor = 2

func newLogins(st *store.Store, opt Options) *logins {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return &logins{st: st, log: opt.Log, now: opt.Now, key: key, by: map[loginAt]*login{}}
}

// marker is an Opener that can tell whether a password is another one by now, without telling it.
type marker interface {
	// PasswordMark names the password that a side would log in with; "" when there is none.
	PasswordMark(ctx context.Context, side mail.ServerSide, key []byte) string
}

// door is a server that somebody is about to log in to.
type door struct {
	at loginAt
	// mark names what it would be done with, by a key; "" where that cannot be known.
	mark func(ctx context.Context, key []byte) string
}

// door is that of a side of an account. What is refused there is a password for one user of one server.
func (e *Engine) door(a mail.Account, o remote.Opener, side mail.ServerSide) door {
	srv := a.Incoming
	if side == mail.SideOutgoing {
		srv = a.Outgoing.Server
	}
	return door{loginAt{a.ID, side}, func(ctx context.Context, key []byte) string {
		m, ok := o.(marker)
		if !ok {
			return ""
		}
		mark := m.PasswordMark(ctx, side, key)
		if mark == "" {
			return ""
		}
		return strings.Join([]string{mark, srv.Host, strconv.Itoa(srv.Port), srv.Username}, "\x00")
	}}
}

// held is the refusal because of which a password is not tried now; nil when it may be. mark names it.
func (l *logins) held(ctx context.Context, d door) (mark string, err error) {
	mark = d.mark(ctx, l.key)
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.by[d.at]
	if n == nil {
		l.mu.Unlock()
		stored := l.recall(ctx, d, mark)
		l.mu.Lock()
		if n = l.by[d.at]; n == nil {
			n = stored
			l.by[d.at] = n
		}
	}
	if n.refused == nil || n.mark != mark || !l.now().Before(n.until) {
		return mark, nil
	}
	e := *n.refused
	e.Err = &notTried{n.refused}
	return mark, &e
}

// note takes down how an attempt to log in went, and returns its error, with the time before which it is not repeated.
func (l *logins) note(ctx context.Context, at loginAt, mark string, err error) error {
	n, err := l.noted(at, mark, err)
	if n != nil {
		l.keep(context.WithoutCancel(ctx), at, n)
	}
	return err
}

// noted is note; n is what is to be stored, nil when nothing has changed for that.
func (l *logins) noted(at loginAt, mark string, err error) (n *login, told error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		l.by[at] = &login{once: true, good: mark}
		return &login{}, nil
	}
	if n = l.by[at]; n == nil {
		n = &login{}
		l.by[at] = n
	}
	re := remote.As(err)
	if !serverRefused(re) {
		n.notThere++
		return nil, err
	}
	n.notThere = 0
	if n.refused == nil || n.mark != mark {
		n.times, n.until = 0, time.Time{}
	}
	if now := l.now(); !now.Before(n.until) { // else two connections tried it at the same time
		step := n.times
		if n.once && n.good == mark {
			step -= goodFor
		}
		if n.times++; step >= 0 {
			n.until = now.Add(refusedSteps[min(step, len(refusedSteps)-1)])
		}
	}
	e := *re
	e.Held = n.until
	n.refused, n.mark = &e, mark
	stored := *n
	return &stored, &e
}

// serverRefused reports whether a server was told a password and took it for a wrong one, or wants none from here.
func serverRefused(e *remote.Error) bool {
	local := []mail.ProblemCode{mail.CodeSecret, mail.CodeNoPassword, mail.CodeLocked, mail.CodeCharacters}
	return e != nil && e.Kind == mail.ProblemAuth && e.Permanent && !slices.Contains(local, e.Why)
}

// bothSides are the servers of an account.
var bothSides = []mail.ServerSide{mail.SideIncoming, mail.SideOutgoing}

// forgive lets everything of an account be tried at once: the user asks for it. What is stored gives way to what comes of that.
func (l *logins) forgive(id mail.AccountID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, side := range bothSides {
		l.by[loginAt{id, side}] = &login{}
	}
}

// reconsider forgets how often no session could be had: the network is another one.
func (l *logins) reconsider(id mail.AccountID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, side := range bothSides {
		if n := l.by[loginAt{id, side}]; n != nil {
			n.notThere = 0
		}
	}
}

// notThere is how often in a row no session could be had at a server that did not refuse the password.
func (l *logins) notThere(at loginAt) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.by[at]; n != nil {
		return n.notThere
	}
	return 0
}

// wasTried reports whether err is news: not only the memory of a refusal.
func wasTried(err error) bool {
	var e *notTried
	return !errors.As(err, &e)
}

// sends reports whether the password for sending may be tried now.
func (e *Engine) sends(ctx context.Context, a mail.Account) bool {
	if e.opt.OpenerFor == nil {
		return true
	}
	_, err := e.logins.held(ctx, e.door(a, e.opt.OpenerFor(a), mail.SideOutgoing))
	return err == nil
}
