package imap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// Bounds of the search for messages that cannot be fetched.
const (
	maxPoisoned   = 100 // in one Fetch
	maxReconnects = 60
	// hopeless is how many messages in a row may fail before the fault is the server's, not theirs.
	hopeless = 8
	// deathsToCondemn is how often the connection must break at a message: less may be the network.
	deathsToCondemn = 3
	reconnectWait   = 500 * time.Millisecond
)

// isolate goes on after a Fetch that failed: on a new connection where the old one is gone, it fetches what is missing in
// smaller and smaller parts until the message that causes it stands alone, sets that one aside, and delivers the rest.
func (c *Client) isolate(ctx context.Context, f *fetching, set []remote.UIDRange, cause error) error {
	if cause != nil && !worthIsolating(cause) {
		return cause
	}
	is := &isolation{c: c, f: f, deaths: make(map[mail.UID]int)}
	if f.s.behind() && !f.s.w.isClosed() {
		_ = f.s.skipAll(ctx) // where that fails the session is over, which restore sees
	}
	if err := is.restore(ctx); err != nil {
		return err
	}
	left, err := f.s.searchSet(ctx, set)
	if err != nil {
		return err
	}
	if err := is.fetch(ctx, is.f.missing(left)); err != nil {
		return err
	}
	if n := len(f.poisoned); n > 0 && len(f.delivered) == n {
		// Not one could be fetched: the fault may be the server's.
		last := f.poisoned[n-1]
		if Code(cause) == "UNAVAILABLE" || is.speechless(ctx, last) {
			f.poisoned, f.delivered = nil, nil
			return cmp.Or(cause, last.Err)
		}
	}
	if err := is.restore(ctx); err != nil { // the last message may have cost the connection
		return err
	}
	if left = f.missing(left); len(left) > 0 {
		return f.withheld(ctx, left)
	}
	return nil
}

// worthIsolating: the connection ended or the server refused the fetch. Not when the mailbox is gone or the login is.
func worthIsolating(err error) bool {
	e := remote.As(err)
	if e == nil || errors.Is(err, errClosed) || e.Kind == mail.ProblemAuth || e.Kind == mail.ProblemDisk {
		return false
	}
	switch Code(err) {
	case "UNAVAILABLE":
		// Yahoo says "Server error while fetching messages", now and for ever, when one of them cannot be read.
		return strings.Contains(strings.ToLower(e.Text), "server error")
	case "": // a limit, in words: asking for the same in parts makes it worse
		return e.Why != mail.CodeLater
	case "NONEXISTENT", "NOPERM", "LIMIT", "INUSE", "THROTTLED", "OVERQUOTA":
		return false
	}
	return true
}

type isolation struct {
	c          *Client
	f          *fetching
	reconnects int
	inARow     int              // condemned without one that could be fetched in between
	deaths     map[mail.UID]int // how often the connection broke at them
	wrongGuess bool             // the one missing first was not the cause: halve
}

// restore makes sure that a session stands with the mailbox selected, and that it is still the same mailbox.
func (is *isolation) restore(ctx context.Context) error {
	f := is.f
	if f.s.w.isClosed() {
		if is.reconnects++; is.reconnects > maxReconnects {
			return f.s.failed("fetch from "+f.path, errors.New("the server closes the connection again and again"))
		}
		if is.reconnects > 3 {
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
	}
	if err := is.c.ensure(ctx, f.s, f.path); err != nil {
		return err
	}
	return f.same()
}

// same makes sure that the mailbox is still the one that the fetch began with. Of another one the UIDs say nothing.
func (f *fetching) same() error {
	err := f.s.same("fetch from "+f.path, f.validity)
	if err != nil {
		f.poisoned = nil
	}
	return err
}

// fetch delivers uids in smaller and smaller parts. The stack holds parts still to do, the next one last.
func (is *isolation) fetch(ctx context.Context, uids []mail.UID) error {
	stack := [][]mail.UID{uids}
	if len(uids) > 1 && len(is.f.delivered) > 0 {
		stack = [][]mail.UID{uids[1:], uids[:1]} // the first run stopped before this one
	}
	for len(stack) > 0 {
		part := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if len(part) == 0 {
			continue
		}
		left, err := is.try(ctx, part)
		switch {
		case err == nil:
			is.wrongGuess = is.wrongGuess || len(part) == 1
		case len(left) == 0:
			return err
		case len(left) == 1 && (is.deaths[left[0]] >= deathsToCondemn-1 || !is.f.s.w.isClosed()):
			if err := is.condemn(left[0], err); err != nil {
				return err
			}
			is.wrongGuess = false
		case len(left) == 1:
			is.deaths[left[0]]++
			stack = append(stack, left)
		case len(left) < len(part) || !is.wrongGuess:
			// Servers answer in order: the first one missing is the likely cause.
			is.deaths[left[0]]++
			stack = append(stack, left[1:], left[:1])
		default:
			half := len(left) / 2
			stack = append(stack, left[half:], left[:half])
		}
	}
	return nil
}

// try fetches one part. After a failure that may be a message's fault it returns what is still missing; other errors come
// with nothing missing.
func (is *isolation) try(ctx context.Context, part []mail.UID) (left []mail.UID, err error) {
	if err := is.restore(ctx); err != nil {
		return nil, err
	}
	err = is.f.understood(func() error { return is.f.run(ctx, rangesOf(part)) })
	switch {
	case is.f.stop != nil:
		return nil, is.f.stop
	case err == nil && is.f.unknown == 0:
		is.inARow = 0
		return nil, nil // what did not come is gone from the mailbox
	case ctx.Err() != nil, err != nil && !worthIsolating(err):
		return nil, err
	case err == nil:
		err = errors.New("the server's answer about it cannot be read")
	}
	left = is.f.missing(part)
	if len(left) == 0 {
		return nil, nil
	}
	return left, err
}

// speechless reports whether the server that hung up at a message hangs up at its number, too: then it does so whatever it is asked about.
func (is *isolation) speechless(ctx context.Context, p remote.Poisoned) bool {
	if e := remote.As(p.Err); e == nil || !e.Closed {
		return false
	}
	if err := is.restore(ctx); err != nil {
		return true
	}
	s := is.f.s
	_, _ = s.run(ctx, &command{step: "fetch from " + is.f.path, text: fmt.Sprintf("UID FETCH %d (UID)", p.UID),
		handle: func(r *response) (bool, error) { return r.typ == "FETCH", nil }})
	return s.w.isClosed()
}

func (is *isolation) condemn(uid mail.UID, cause error) error {
	if is.inARow++; is.inARow >= hopeless {
		// It is not the messages then: take the verdicts back.
		is.f.poisoned = is.f.poisoned[:len(is.f.poisoned)-(is.inARow-1)]
		return cause
	}
	if len(is.f.poisoned) >= maxPoisoned {
		return cause
	}
	is.f.poison(uid, cause)
	return nil
}
