//go:build !linux && !darwin

package dial

import (
	"net"
	"time"
)

// whileUnacked does nothing: Windows gives up what is not acknowledged after half a minute by itself.
func whileUnacked(*net.Dialer) {}

func setUnacked(net.Conn, time.Duration) {}

// queueOf: what a write takes is all that is known.
func queueOf(net.Conn) func() (queued int, heard time.Duration) {
	return func() (int, time.Duration) { return 0, 0 }
}
