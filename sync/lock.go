package mailsync

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"peyk/internal/filelock"
	"peyk/internal/mail"
)

// lockAccount keeps every other process (a second `peyk sync`, the window) from working on the account at the same time.
// It waits until the lock is free or ctx ends; waiting is called once when it has to. The lock ends with the process,
// however that ends, so a crash leaves nothing behind. Without a profile directory nothing is locked.
func lockAccount(ctx context.Context, profile string, id mail.AccountID, waiting func()) (release func(), err error) {
	if profile == "" {
		return func() {}, nil
	}
	dir := filepath.Join(profile, "locks")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the lock folder: %w", err)
	}
	release, err = filelock.Wait(ctx, filepath.Join(dir, fmt.Sprintf("account-%d.lock", id)), waiting)
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("another Peyk is working on this account: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("the account's lock: %w", err)
	}
	return release, nil
}

// lock is lockAccount for a pass. Those of one worker hold the lock together: what each does at the same time as the others is theirs to know.
func (p *pass) lock(ctx context.Context, waiting func()) (release func(), err error) {
	take := func() (func(), error) { return lockAccount(ctx, p.e.opt.Profile, p.acct.ID, waiting) }
	if p.keep == nil {
		return take()
	}
	return p.keep.lock.hold(ctx, take)
}

// sharedLock is a lock that several hold as one.
type sharedLock struct {
	turn    chan struct{} // holds a token while the fields below are looked at
	holders int
	release func()
}

func newSharedLock() *sharedLock { return &sharedLock{turn: make(chan struct{}, 1)} }

// hold takes the lock where nobody holds it. The last one to release it gives it back.
func (l *sharedLock) hold(ctx context.Context, take func() (func(), error)) (release func(), err error) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-l.turn }()
	if l.holders == 0 {
		if l.release, err = take(); err != nil {
			return nil, err
		}
	}
	l.holders++
	return func() {
		l.turn <- struct{}{}
		defer func() { <-l.turn }()
		if l.holders--; l.holders == 0 {
			l.release()
		}
	}, nil
}
