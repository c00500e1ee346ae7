package dial

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// whileUnacked ends connections on which nothing that was sent is acknowledged for unackedFor (RFC 5482).
func whileUnacked(d *net.Dialer) {
	d.Control = func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			// A system that cannot do it waits as long as it always did.
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(unackedFor.Milliseconds()))
		})
	}
}
