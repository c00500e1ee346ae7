//go:build !windows

package store

import (
	"errors"
	"os"
	"syscall"
)

// shareLock takes a lock beside others that share it, in place of the one that is held.
func shareLock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) }

// dropLock gives a lock back.
func dropLock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }

// tryLock takes an exclusive lock that ends when the file is closed.
func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
