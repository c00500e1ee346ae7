package mailtest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// TurnProxy stands before a loopback port and counts whose turn it is to speak, which tells on any machine, however busy, how many
// round trips a client needs.
type TurnProxy struct {
	ln net.Listener
	to string
	wg sync.WaitGroup

	mu     sync.Mutex
	closed bool
	ended  *sync.Cond // a connection has
	conns  map[net.Conn]bool
	turns  int
}

// StartTurnProxy stands before port until the test ends.
func StartTurnProxy(tb testing.TB, port int) *TurnProxy {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &TurnProxy{ln: ln, to: addr(port), conns: map[net.Conn]bool{}}
	p.ended = sync.NewCond(&p.mu)
	p.wg.Go(p.serve)
	tb.Cleanup(func() {
		ln.Close()
		p.mu.Lock()
		p.closed = true
		for c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		p.wg.Wait()
	})
	return p
}

// Port is where clients connect.
func (p *TurnProxy) Port() int { return p.ln.Addr().(*net.TCPAddr).Port }

// Turns is how many times clients took the word since Turns was called last: by their first bytes, and by those that followed bytes
// of the server. It waits for every connection to end. For a client that ends with a farewell whose answer it does not await, that is the number of round trips, the one
// of the TCP handshake included.
func (p *TurnProxy) Turns() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.conns) > 0 {
		p.ended.Wait()
	}
	n := p.turns
	p.turns = 0
	return n
}

func (p *TurnProxy) serve() {
	for {
		in, err := p.ln.Accept()
		if err != nil {
			return
		}
		out, err := net.DialTimeout("tcp", p.to, answerFor)
		if err != nil {
			in.Close()
			continue
		}
		p.mu.Lock()
		p.conns[in], p.conns[out] = true, true
		if p.closed {
			in.Close()
			out.Close()
		}
		p.mu.Unlock()
		p.wg.Go(func() { p.run(in, out) })
	}
}

// run copies both ways until one side closes.
func (p *TurnProxy) run(client, server net.Conn) {
	theirs := true // the word is the server's: what the client says next takes it
	var wg sync.WaitGroup
	wg.Go(func() { p.copy(server, client, func() { p.turns, theirs = p.turns+turn(theirs), false }) })
	wg.Go(func() { p.copy(client, server, func() { theirs = true }) })
	wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, client)
	delete(p.conns, server)
	p.ended.Broadcast()
}

func turn(taken bool) int {
	if taken {
		return 1
	}
	return 0
}

// copy passes on what from says, and notes it before: the other side cannot answer what it has not got.
func (p *TurnProxy) copy(to, from net.Conn, note func()) {
	defer to.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			p.mu.Lock()
			note()
			p.mu.Unlock()
			if _, werr := to.Write(buf[:n]); werr != nil {
				_, _ = io.Copy(io.Discard, from) // so that a farewell still counts
				return
			}
		}
		if err != nil {
			return
		}
	}
}
