//go:build !windows

package instance

import (
	"os"
	"syscall"
)

// tryLock locks a file for this process alone until it is closed; false while somebody else holds it.
func tryLock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
