//go:build !linux && !freebsd && !openbsd && !netbsd

package theme

const asksPortal = false

func portalDark() bool { return false }
