package dial

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// What is sent on a connection that a router has forgotten is never acknowledged, and while it is not, the system sends no probe: only this
// limit ends such a connection before the patience for the command that was sent, which is minutes for some. Linux counts the time in which a server
// acknowledges and takes nothing, too: a server that receives mail may do that, while what it is to take is known to be on its way to it.
func TestConnectionsEndWhenNothingIsAcknowledged(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	for protocol, want := range map[string]int64{IMAP: unackedFor.Milliseconds(), POP3: unackedFor.Milliseconds(), SMTP: 0} {
		conn, err := tcp(protocol).Dial("tcp", ln.Addr().String())
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
			if err != nil || int64(ms) != want {
				t.Errorf("%s: %d ms, %v", protocol, ms, err)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// While a message is uploaded the system does not end the connection, and afterwards it does again.
func TestTheLimitWhileAMessageIsUploaded(t *testing.T) {
	for protocol, before := range map[string]time.Duration{IMAP: unackedFor, SMTP: 0} {
		c, _ := takerTest(t, protocol)
		for _, on := range []bool{false, true, false} {
			if on || c.raw.much.Load() {
				c.Uploading(on)
			}
			want := before
			if on {
				want = 0
			}
			onSocket(c.raw.Conn, func(fd int) {
				if ms, err := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT); err != nil || time.Duration(ms)*time.Millisecond != want {
					t.Errorf("%s, %v: %d ms, %v", protocol, on, ms, err)
				}
			})
		}
	}
}
