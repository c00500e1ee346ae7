package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// errLocked is what the platform's tryLock returns when another process holds the lock.
var errLocked = errors.New("locked by another process")

// EngineLock is held by the one process that talks to the servers of a profile.
type EngineLock struct{ f *os.File }

// LockEngine takes the engine lock of the profile in dir. It does not wait: when another process has it, the error is a
// *LockedError. The lock ends with Unlock or with the process, however that ends.
func LockEngine(dir string) (*EngineLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fileErr(dir, fmt.Errorf("making the profile folder: %w", err))
	}
	path := filepath.Join(dir, "engine.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fileErr(path, fmt.Errorf("opening the engine lock: %w", err))
	}
	if err := tryLock(f); err != nil {
		defer f.Close()
		if !errors.Is(err, errLocked) {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		b, _ := os.ReadFile(path + ".pid")
		pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
		return nil, &LockedError{Dir: dir, PID: pid}
	}
	// The holder's number is only a help for people, in a file of its own: a locked one cannot be read on Windows.
	_ = os.WriteFile(path+".pid", []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600)
	return &EngineLock{f: f}, nil
}

// Unlock releases the lock.
func (l *EngineLock) Unlock() error {
	if l == nil || l.f == nil {
		return nil
	}
	err := l.f.Close()
	l.f = nil
	return err
}

// lockFile waits for a lock until ctx ends; the returned func releases it.
func lockFile(ctx context.Context, path string) (func(), error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fileErr(path, err)
	}
	var c io.Closer = f
	for {
		err = tryLock(f)
		if err == nil {
			return func() { _ = c.Close() }, nil
		}
		if !errors.Is(err, errLocked) {
			_ = f.Close()
			return nil, err
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
