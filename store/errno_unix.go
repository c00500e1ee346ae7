//go:build !windows

package store

import (
	"errors"
	"os"
	"syscall"
)

// isDiskFull reports whether the system refused to write for lack of room or quota.
func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// isReadOnly reports whether the disk takes no writing at all.
func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// syncDir makes a rename or a new name in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}
