package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// shareLock takes a lock beside others that share it, in place of the one that is held.
func shareLock(f *os.File) error {
	dropLock(f)
	var o windows.Overlapped
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &o)
}

// dropLock gives a lock back.
func dropLock(f *os.File) {
	var o windows.Overlapped
	_ = windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &o)
}

// tryLock takes an exclusive lock that ends when the file is closed.
func tryLock(f *os.File) error {
	var o windows.Overlapped
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &o)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errLocked
	}
	return err
}
