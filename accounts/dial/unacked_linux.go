package dial

import (
	"net"
	"syscall"
	"time"

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

// setUnacked changes that for a connection; 0: the system's own limit, which is a quarter of an hour.
func setUnacked(conn net.Conn, d time.Duration) {
	onSocket(conn, func(fd int) {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
	})
}

// queueOf looks at what a connection has sent; see sent.
func queueOf(conn net.Conn) func() (queued int, heard time.Duration) {
	return func() (queued int, heard time.Duration) {
		onSocket(conn, func(fd int) {
			n, err := unix.IoctlGetInt(fd, unix.SIOCOUTQ)
			if err != nil {
				return
			}
			info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
			if err != nil {
				return
			}
			queued, heard = n, time.Duration(info.Last_ack_recv)*time.Millisecond
		})
		return queued, heard
	}
}

// onSocket calls fn with the descriptor of a connection, if it has one.
func onSocket(conn net.Conn, fn func(fd int)) {
	s, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	if raw, err := s.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { fn(int(fd)) })
	}
}
