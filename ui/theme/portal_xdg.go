//go:build linux || freebsd || openbsd || netbsd

package theme

import (
	"context"
	"time"

	"github.com/godbus/dbus/v5"
)

const asksPortal = true

// portalTime is how long the desktop has to answer; on some it never does.
const portalTime = 5 * time.Second

// portalDark asks org.freedesktop.portal.Settings whether the user prefers dark windows (color-scheme 1). No bus, no portal
// and no preference mean no.
func portalDark() bool {
	ctx, cancel := context.WithTimeout(context.Background(), portalTime)
	defer cancel()
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer conn.Close()
	if conn.Auth(nil) != nil || conn.Hello() != nil {
		return false
	}
	var scheme dbus.Variant
	portal := conn.Object("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")
	err = portal.CallWithContext(ctx, "org.freedesktop.portal.Settings.Read", 0, "org.freedesktop.appearance", "color-scheme").Store(&scheme)
	if err != nil {
		return false
	}
	for { // Read wraps its answer twice
		inner, ok := scheme.Value().(dbus.Variant)
		if !ok {
			break
		}
		scheme = inner
	}
	v, ok := scheme.Value().(uint32)
	return ok && v == 1
}
