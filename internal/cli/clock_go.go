//go:build !cgo || windows

package cli

import "time"

func libcNow() time.Time { return time.Now() }
