package dial

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// What is sent on a connection that a router has forgotten is never acknowledged, and while it is not, the system sends no probe: only this
// limit ends such a connection before the patience for the command that was sent, which is minutes for some.
func TestConnectionsEndWhenNothingIsAcknowledged(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	conn, err := tcp().Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) {
		ms, err := unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT)
		if err != nil || int64(ms) != unackedFor.Milliseconds() {
			t.Errorf("%d ms, %v", ms, err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}
