package lang

import (
	"errors"
	"syscall"
)

// isDiskFull reports whether the system refused to write for lack of room: ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(39))
}
