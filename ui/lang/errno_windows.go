package lang

import (
	"errors"
	"syscall"
)

// isDiskFull reports whether the system refused to write for lack of room: ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(39))
}

// isDriveGone reports whether what was to be read or written lies on a drive that does not answer: ERROR_NOT_READY, ERROR_DEV_NOT_EXIST,
// ERROR_NO_SUCH_DEVICE, ERROR_IO_DEVICE.
func isDriveGone(err error) bool {
	return errors.Is(err, syscall.Errno(21)) || errors.Is(err, syscall.Errno(55)) || errors.Is(err, syscall.Errno(433)) || errors.Is(err, syscall.Errno(1117))
}

// isReadOnly reports whether nothing can be written to a disk: ERROR_WRITE_PROTECT.
func isReadOnly(err error) bool { return errors.Is(err, syscall.Errno(19)) }
