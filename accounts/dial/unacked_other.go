//go:build !linux && !darwin

package dial

import "net"

// whileUnacked does nothing: Windows gives up what is not acknowledged after half a minute by itself.
func whileUnacked(*net.Dialer) {}
