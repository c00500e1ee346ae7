package instance

import (
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks a file for this process alone until it is closed; false while somebody else holds it.
func tryLock(f *os.File) bool {
	return windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &windows.Overlapped{}) == nil
}
