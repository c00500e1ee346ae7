//go:build !windows

package store

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes an exclusive lock that ends when the file is closed.
func tryLock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
