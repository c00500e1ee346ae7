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
