package dial

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// whileUnacked ends connections on which nothing that was sent is acknowledged for unackedFor.
func whileUnacked(d *net.Dialer) {
	d.Control = func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			// A system that cannot do it waits as long as it always did.
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_RXT_CONNDROPTIME, int(unackedFor.Seconds()))
		})
	}
}

// setUnacked does nothing: the limit counts what is sent again and again only.
func setUnacked(net.Conn, time.Duration) {}

// queueOf: what a write takes is all that is known.
func queueOf(net.Conn) func() (queued int, heard time.Duration) {
	return func() (int, time.Duration) { return 0, 0 }
}
