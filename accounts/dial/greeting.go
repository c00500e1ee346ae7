package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"time"
)

var (
	errWantsTLS   = errors.New("the port wants TLS from the start")
	errPlainReply = errors.New("the port answers without TLS")
)

// awaitGreeting reads the first bytes of the server. A port that wants TLS first stays silent, and would do so until a
// timeout that tells nobody anything: after a moment of silence a second connection tries a handshake.
func (c *Conn) awaitGreeting(ctx context.Context) error {
	if c.tls == nil {
		after := c.d.opt.ProbeAfter
		if after <= 0 {
			after = 3 * time.Second
		}
		pctx, cancel := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() {
			defer close(done)
			select {
			case <-pctx.Done():
			case <-time.After(after):
				if c.d.speaksTLS(pctx) {
					c.closeFor(errWantsTLS)
				}
			}
		}()
		defer func() { cancel(); <-done }()
	}
	// Read small, so that the greeting and nothing after it decides; the rest waits in the socket.
	buf := make([]byte, 1)
	n, err := c.inner.Read(buf)
	c.in.Add(int64(n))
	if n == 0 {
		if err == nil {
			err = errors.New("the server said nothing")
		}
		return c.because(err)
	}
	// 0x15 and 0x16 begin a TLS record: an alert or a handshake (RFC 8446 §5.1). No greeting does.
	if c.tls == nil && (buf[0] == 0x15 || buf[0] == 0x16) {
		return errWantsTLS
	}
	c.first = buf[:n]
	return nil
}

// speaksTLS reports whether the port completes a handshake. Nothing is sent over that connection and its certificate
// is not looked at.
func (d *dialer) speaksTLS(ctx context.Context) bool {
	raw, err := d.connect(ctx)
	if err != nil {
		return false
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(min(d.idle, 10*time.Second)))
	return tls.Client(raw, &tls.Config{ServerName: d.ascii, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}).HandshakeContext(ctx) == nil
}
