package imap

import (
	"context"
	"errors"
	"slices"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Bounds of the search for messages that cannot be fetched.
const (
	maxPoisoned   = 100 // in one Fetch
	maxReconnects = 60
	// hopeless is how many messages in a row may fail before the fault is the server's, not theirs.
	hopeless      = 8
	reconnectWait = 500 * time.Millisecond
)

// isolate goes on after a Fetch that failed: on a new connection where the old one is gone, it fetches what is missing in
// smaller and smaller parts until the message that causes it stands alone, sets that one aside, and delivers the rest.
func (c *Client) isolate(ctx context.Context, f *fetching, set []remote.UIDRange, cause error) (*session, error) {
	if cause != nil && !worthIsolating(cause) {
		return f.s, cause
	}
	is := &isolation{c: c, f: f}
	if err := is.restore(ctx); err != nil {
		return f.s, err
	}
	left, err := f.s.searchSet(ctx, set)
	if err != nil {
		return f.s, err
	}
	return f.s, is.fetch(ctx, is.missing(left))
}

// worthIsolating: the connection ended or the server refused the fetch. Not when the mailbox is gone or the login is.
func worthIsolating(err error) bool {
	e := remote.As(err)
	if e == nil || e.Kind == mail.ProblemAuth || e.Kind == mail.ProblemDisk {
		return false
	}
	switch Code(err) {
	case "NONEXISTENT", "NOPERM", "UNAVAILABLE", "LIMIT", "INUSE", "THROTTLED", "OVERQUOTA":
		return false
	}
	return true
}

type isolation struct {
	c          *Client
	f          *fetching
	reconnects int
	inARow     int
}

// missing is what of uids has not been delivered.
func (is *isolation) missing(uids []mail.UID) []mail.UID {
	have := make(map[mail.UID]bool, len(is.f.delivered))
	for _, u := range is.f.delivered {
		have[u] = true
	}
	return slices.DeleteFunc(slices.Clone(uids), func(u mail.UID) bool { return have[u] })
}

// restore makes sure that a session stands with the mailbox selected, and that it is still the same mailbox.
func (is *isolation) restore(ctx context.Context) error {
	f := is.f
	if f.s.w.isClosed() {
		if is.reconnects++; is.reconnects > maxReconnects {
			return f.s.failed("fetch from "+f.path, errors.New("the server closes the connection again and again"))
		}
		if is.reconnects > 1 {
			select {
			case <-time.After(reconnectWait):
			case <-ctx.Done():
				return f.s.failed("fetch from "+f.path, ctx.Err())
			}
		}
		if err := is.c.reopen(ctx); err != nil {
			return err
		}
		f.s = is.c.session()
		f.s.busy.Store(true)
	}
	if err := is.c.ensure(ctx, f.s, f.path); err != nil {
		return err
	}
	if f.s.state.UIDValidity != f.validity {
		return &remote.Error{Host: f.s.host, Step: "fetch from " + f.path, Kind: mail.ProblemServer,
			Err: errors.New("the folder was replaced on the server meanwhile (UIDVALIDITY)")}
	}
	return nil
}

// fetch delivers uids, halving what fails. The stack holds parts still to do, the next one last.
func (is *isolation) fetch(ctx context.Context, uids []mail.UID) error {
	if len(uids) == 0 {
		return nil
	}
	stack := [][]mail.UID{uids}
	failedAlone := make(map[mail.UID]error)
	for len(stack) > 0 {
		part := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if err := is.restore(ctx); err != nil {
			return err
		}
		before := len(is.f.delivered)
		err := is.f.run(ctx, rangesOf(part))
		if is.f.stop != nil {
			return is.f.stop
		}
		if err == nil && is.f.unknown == 0 {
			is.inARow = 0
			continue // what did not come is gone from the mailbox
		}
		if ctx.Err() != nil {
			return err
		}
		if err != nil && !worthIsolating(err) {
			return err
		}
		if err == nil {
			err = errors.New("the server's answer about it cannot be read")
		}
		progress := len(is.f.delivered) > before
		left := is.missing(part)
		switch {
		case len(left) == 0:
		case len(left) > 1 && progress:
			// Servers answer in order: the first one missing is the likely cause.
			stack = append(stack, left[1:], left[:1])
		case len(left) > 1:
			half := len(left) / 2
			stack = append(stack, left[half:], left[:half])
		case failedAlone[left[0]] == nil && is.f.s.w.isClosed():
			failedAlone[left[0]] = err // once may be the network
			stack = append(stack, left)
		default:
			if err := is.condemn(left[0], err); err != nil {
				return err
			}
		}
	}
	return nil
}

func (is *isolation) condemn(uid mail.UID, cause error) error {
	if is.inARow++; is.inARow >= hopeless || len(is.f.poisoned) >= maxPoisoned {
		return cause
	}
	is.f.poison(uid, cause)
	return nil
}
