package mailtest

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// Script is a server on loopback that does what its test tells it, for what real servers never do.
type Script struct {
	Port int

	tb    testing.TB
	play  func(c *ScriptConn)
	cert  Cert // of implicit TLS; "": none
	ln    net.Listener
	wg    sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]bool
	count int
	plain strings.Builder
}

// StartScript plays play on every connection, each in a goroutine of its own, and closes the connection when it
// returns. With a cert the port speaks TLS from the start.
func StartScript(tb testing.TB, cert Cert, play func(c *ScriptConn)) *Script {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	certs(tb) // made here: a failure in a connection's goroutine could not end the test
	s := &Script{tb: tb, play: play, cert: cert, ln: ln, Port: ln.Addr().(*net.TCPAddr).Port, conns: map[net.Conn]bool{}}
	s.wg.Go(s.accept)
	tb.Cleanup(func() {
		ln.Close()
		s.mu.Lock()
		for c := range s.conns {
			c.Close()
		}
		s.conns = nil
		s.mu.Unlock()
		s.wg.Wait()
	})
	return s
}

func (s *Script) accept() {
	for {
		conn, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		if s.conns == nil {
			s.mu.Unlock()
			conn.Close()
			return
		}
		s.conns[conn] = true
		s.count++
		c := &ScriptConn{N: s.count, s: s, raw: conn, conn: conn, tb: s.tb}
		s.mu.Unlock()
		s.wg.Go(func() {
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(60 * time.Second))
			if s.cert != "" && !c.handshake(s.cert) {
				return
			}
			if c.r == nil {
				c.r = bufio.NewReader(recorder{c})
			}
			s.play(c)
		})
	}
}

// Addr is where the script listens.
func (s *Script) Addr() string { return s.ln.Addr().String() }

// Drain is a part of a script: whatever comes is read, and nothing answered.
func Drain(c *ScriptConn) { c.Drain() }

// HangUp is a part of a script: the connection ends here.
func HangUp(*ScriptConn) {}

// Handshake is a part of a script: TLS with a certificate, and nothing more is answered.
func Handshake(cert Cert) func(c *ScriptConn) {
	return func(c *ScriptConn) {
		if c.StartTLS(cert) {
			c.Drain()
		}
	}
}

// Forever is a part of a script: first is sent once and again without end, until the client is gone.
func Forever(first, again string) func(c *ScriptConn) {
	again = strings.Repeat(again, 1+(32<<10)/len(again))
	return func(c *ScriptConn) {
		for ok := c.Send(first + again); ok; ok = c.Send(again) {
		}
	}
}

// Babble is a part of a script: a line in plaintext where the client begins the handshake.
func Babble(line string) func(c *ScriptConn) {
	return func(c *ScriptConn) {
		c.Line()
		c.Send(line)
		c.Drain()
	}
}

// Trickle is a script that says line again and again, each time long before anybody's patience ends, until the client is gone.
func Trickle(line string) func(c *ScriptConn) {
	return func(c *ScriptConn) {
		for c.Send(line) {
			time.Sleep(50 * time.Millisecond)
		}
	}
}

// Connections is how many connections were taken so far.
func (s *Script) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// Plain is everything that clients sent without encryption so far.
func (s *Script) Plain() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.plain.String()
}

// ScriptConn is one connection of a Script.
type ScriptConn struct {
	// N counts the connections of the script from 1.
	N int

	s    *Script
	tb   testing.TB
	raw  net.Conn
	conn net.Conn // raw, or TLS over it
	r    *bufio.Reader
}

// recorder keeps what is read without encryption.
type recorder struct{ c *ScriptConn }

func (r recorder) Read(p []byte) (int, error) {
	n, err := r.c.conn.Read(p)
	if r.c.conn == r.c.raw {
		r.c.s.mu.Lock()
		r.c.s.plain.Write(p[:n])
		r.c.s.mu.Unlock()
	}
	return n, err
}

// Send writes bytes as they are: line ends included. It reports whether the client was still there.
func (c *ScriptConn) Send(parts ...string) bool {
	_, err := io.WriteString(c.conn, strings.Join(parts, ""))
	return err == nil
}

// Line reads the client's next line without its end; ok is false when the client is gone.
func (c *ScriptConn) Line() (line string, ok bool) {
	line, err := c.r.ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err == nil
}

// Expect reads a line that must begin with prefix, in any case; it fails the test otherwise. It returns the line, ""
// when the client is gone.
func (c *ScriptConn) Expect(prefix string) string {
	line, ok := c.Line()
	if ok && (len(line) < len(prefix) || !strings.EqualFold(line[:len(prefix)], prefix)) {
		c.tb.Errorf("the client sent %q, not %q", line, prefix)
	}
	return line
}

// Answer reads one line that begins with prefix and sends the answer.
func (c *ScriptConn) Answer(prefix string, answer ...string) string {
	line := c.Expect(prefix)
	c.Send(answer...)
	return line
}

// StartTLS does the server's side of the handshake; it reports whether the client went through with it. Bytes that the
// client sent early are lost.
func (c *ScriptConn) StartTLS(cert Cert) bool { return c.handshake(cert) }

func (c *ScriptConn) handshake(cert Cert) bool {
	t := tls.Server(c.raw, TLSConfig(c.tb, cert))
	if t.Handshake() != nil {
		return false
	}
	c.conn = t
	c.r = bufio.NewReader(recorder{c})
	return true
}

// Drain reads until the client is gone or says goodbye.
func (c *ScriptConn) Drain() {
	for {
		line, ok := c.Line()
		if up := strings.ToUpper(line); !ok || up == "QUIT" || strings.HasSuffix(up, " LOGOUT") {
			return
		}
	}
}

// Reset breaks the connection with a TCP reset instead of a proper end.
func (c *ScriptConn) Reset() {
	if t, ok := c.raw.(*net.TCPConn); ok {
		t.SetLinger(0)
	}
	c.raw.Close()
}
