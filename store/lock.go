package store

import (
	"context"
	"os"
	"path/filepath"

	"peyk/internal/filelock"
)

// useLock is held by every process that has a profile open, together with the others. Who needs the profile for itself asks for it alone, and must
// hold open.lock meanwhile, so that nobody comes.
//
// It is for what SQLite's own locks cannot tell: whether a damaged file is still in use, and whether bytes that nobody refers to are those of a pass that
// is under way. Where files cannot be locked nothing is known, and a profile opens all the same.
type useLock struct{ f *os.File }

func newUseLock(dir string) (*useLock, error) {
	path := filepath.Join(dir, "use.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fileErr(path, err)
	}
	return &useLock{f}, nil
}

// share says that the profile is in use.
func (l *useLock) share() { _ = filelock.Share(l.f) }

// alone reports whether nobody else uses the profile, and keeps it so until share or close.
func (l *useLock) alone() bool {
	filelock.Drop(l.f)
	if ok, err := filelock.Try(l.f); !ok && err == nil {
		l.share()
		return false
	}
	return true
}

func (l *useLock) close() {
	if l != nil {
		_ = l.f.Close()
	}
}

// alone runs fn when nobody else has the profile open; ok is false when somebody has. Meanwhile nobody can open it.
func (s *Store) alone(ctx context.Context, fn func() error) (ok bool, err error) {
	unlock, err := lockOpen(ctx, s.dir)
	if err != nil {
		return false, err
	}
	defer unlock()
	if !s.use.alone() {
		return false, nil
	}
	defer s.use.share()
	return true, fn()
}

// lockOpen waits until nobody else opens or repairs the profile; release lets others.
func lockOpen(ctx context.Context, dir string) (release func(), err error) {
	path := filepath.Join(dir, "open.lock")
	release, err = filelock.Wait(ctx, path, nil)
	return release, fileErr(path, err)
}
