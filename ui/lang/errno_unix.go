//go:build !windows

package lang

import (
	"errors"
	"syscall"
)

// isDiskFull reports whether the system refused to write for lack of room or quota.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// isDriveGone reports whether what was to be read or written lies on a drive that does not answer, such as a memory stick that was pulled out.
func isDriveGone(err error) bool {
	return errors.Is(err, syscall.EIO) || errors.Is(err, syscall.ENXIO) || errors.Is(err, syscall.ENODEV) || errors.Is(err, syscall.ESTALE)
}

// isReadOnly reports whether nothing can be written to a disk.
func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
