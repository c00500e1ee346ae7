//go:build !windows

package filelock

import (
	"errors"
	"os"
	"syscall"
)

// Try locks an open file for its holder alone until it is closed; false while somebody else holds it.
func Try(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
		return false, nil
	}
	return err == nil, err
}

// Share locks an open file beside others that share it, in place of the lock that is held. It does not wait: an error says that somebody holds the file alone, too.
func Share(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) }

// Drop gives the lock of an open file back.
func Drop(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
