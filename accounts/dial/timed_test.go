package dial

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"peyk/internal/mail"
)

const short = 50 * time.Millisecond

// takerTest is a connection with an idle timeout of a moment, to a server that takes nothing before it is let.
func takerTest(t *testing.T, protocol string) (c *Conn, server net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	raw, err := tcp(protocol).Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if server, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	c = newConn(raw, &dialer{srv: mail.Server{Host: "127.0.0.1"}, opt: Options{Protocol: protocol}, idle: short})
	t.Cleanup(func() { c.Close(); server.Close() })
	return c, server
}

// A server that is there and takes nothing for many times the timeout, and then everything, gets it whole; the time for its answer begins when it
// has it.
func TestASlowUploadIsNotBrokenOff(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{IMAP, SMTP} {
		c, server := takerTest(t, protocol)
		looked := make(chan struct{}, 1000)
		look := c.raw.sent.look
		if queued, _ := look(); queued != 0 {
			t.Fatalf("%d bytes are queued", queued)
		}
		c.raw.sent.look = func() (int, time.Duration) { looked <- struct{}{}; return look() }
		message := make([]byte, 32<<20)
		came := make(chan int64, 1)
		go func() {
			for range 5 {
				<-looked
			}
			n, _ := io.CopyN(io.Discard, server, int64(len(message))-1000)
			for range 5 {
				<-looked // the client waits for an answer, and the rest may be on its way
			}
			m, _ := io.CopyN(io.Discard, server, 1000)
			came <- n + m
			server.Write([]byte("taken\r\n"))
		}()
		c.Uploading(true)
		// The window of the other system holds far less than the message, so that this is late again and again.
		if n, err := c.Write(message); n != len(message) || err != nil {
			t.Fatalf("%s: %d bytes, %v", protocol, n, err)
		}
		real := look
		c.raw.sent.look = func() (int, time.Duration) { looked <- struct{}{}; q, h := real(); return max(q, 1), h }
		buf := make([]byte, 100)
		n, err := c.Read(buf)
		if err != nil || string(buf[:n]) != "taken\r\n" {
			t.Errorf("%s: %q, %v", protocol, buf[:n], err)
		}
		if n := <-came; n != int64(len(message)) {
			t.Errorf("%s: %d bytes came", protocol, n)
		}
	}
}

// A server that has everything a moment after the last byte was written, as nearly every one does, has the whole time for its answer, not the shorter one for taking it.
func TestATakenUploadIsWaitedFor(t *testing.T) {
	t.Parallel()
	c, server := takerTest(t, SMTP)
	c.SetIdle(time.Hour)
	c.raw.unacked = short
	looks := 0
	c.raw.sent.look = func() (int, time.Duration) {
		switch looks++; looks {
		case 1:
			return 1000, 0 // on its way
		case 3: // it was late once, and everything had been taken
			server.Write([]byte("taken\r\n"))
		}
		return 0, 0
	}
	c.Uploading(true)
	buf := make([]byte, 100)
	if n, err := c.Read(buf); err != nil || string(buf[:n]) != "taken\r\n" {
		t.Errorf("%q, %v", buf[:n], err)
	}
}

// What does not move is late: where the other system says nothing any more, and where it takes nothing for too long.
func TestADeadUploadIsLeft(t *testing.T) {
	t.Parallel()
	for name, heard := range map[string]time.Duration{"nobody is there": unackedFor, "nobody knows": 0} {
		c, _ := takerTest(t, IMAP)
		c.raw.sent.look = func() (int, time.Duration) {
			if name == "nobody knows" {
				return 0, 0
			}
			return 1 << 20, heard
		}
		c.Uploading(true)
		if _, err := c.Write(make([]byte, 32<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: write: %v", name, err)
		}
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: read: %v", name, err)
		}
	}
	s := sent{look: func() (int, time.Duration) { return 1000, 0 }}
	if !s.moves(false) {
		t.Error("it takes nothing since a moment ago")
	}
	if s.since = s.since.Add(-takesNothing); s.moves(false) {
		t.Error("it has taken nothing for minutes")
	}
	if !s.moves(true) || !s.moves(false) {
		t.Error("a part was taken")
	}
	s.look = func() (int, time.Duration) { return 999, unackedFor }
	if !s.moves(false) || s.moves(false) {
		t.Error("it was acknowledged once")
	}
}
