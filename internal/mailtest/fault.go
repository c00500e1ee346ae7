package mailtest

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Fault is one way in which a network fails.
type Fault int

// The faults. Each strikes a connection after a number of bytes in one direction, wherever that is: in a handshake, in a
// command, in a message, between a request and its answer.
const (
	FaultCut       Fault = iota // both sides see an ordinary end
	FaultReset                  // both sides see a TCP reset
	FaultStall                  // nothing passes any more for a while, then a reset
	FaultTrickle                // a byte at a time for a while, then as before: nothing may break
	FaultHalfClose              // the receiver of the direction sees its end; the other direction goes on
	FaultLoseReply              // requests get through, what the server says to them never arrives; then a reset
	faultKinds
)

func (f Fault) String() string {
	return [...]string{"cut", "reset", "stall", "trickle", "half-close", "lost reply"}[f]
}

const (
	stallFor   = 150 * time.Millisecond
	trickleFor = 1500 // bytes
	// silentFor is how long a server may answer nothing to what may be half a request, whose reply is to be lost.
	silentFor = 500 * time.Millisecond
	// answerFor is how long it may take to answer a whole request, on a machine that has much else to do.
	answerFor = time.Minute
)

// FaultProxy passes bytes between a client and a server on loopback, TLS or not, and breaks connections as a seed says. It
// starts healthy.
type FaultProxy struct {
	tb    testing.TB
	ln    net.Listener
	to    string
	wg    sync.WaitGroup
	stop  chan struct{}
	mu    sync.Mutex
	rnd   *rand.Rand
	most  int64
	kinds []Fault
	watch *watch
	conns map[*faultConn]bool
	seen  map[Fault]int
	bytes int64
}

// watch breaks the connection whose client sends text, or holds it.
type watch struct {
	text string
	then Fault
	left int
	held chan struct{} // of HoldOn
	pass bool          // the text is passed on before the connection is held
	kept bool          // of CutBefore
}

// StartFaultProxy stands before a loopback port until the test ends.
func StartFaultProxy(tb testing.TB, port int, seed uint64) *FaultProxy {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &FaultProxy{tb: tb, ln: ln, to: addr(port), rnd: rand.New(rand.NewPCG(seed, 0x5eed)), stop: make(chan struct{}), conns: map[*faultConn]bool{}, seen: map[Fault]int{}}
	p.wg.Go(p.serve)
	tb.Cleanup(func() {
		ln.Close()
		close(p.stop)
		p.mu.Lock()
		for c := range p.conns {
			c.end(false)
		}
		p.mu.Unlock()
		p.wg.Wait()
		if tb.Failed() {
			tb.Logf("faults of seed %d: %s", seed, p.Report())
		}
	})
	return p
}

// Port is where clients connect.
func (p *FaultProxy) Port() int { return p.ln.Addr().(*net.TCPAddr).Port }

// Break lets every new connection meet one of the faults (all when none is named) after at most most bytes.
func (p *FaultProxy) Break(most int64, kinds ...Fault) {
	if len(kinds) == 0 {
		for k := range faultKinds {
			kinds = append(kinds, k)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.most, p.kinds = most, kinds
}

// Heal lets new connections be.
func (p *FaultProxy) Heal() { p.Break(0, FaultCut) }

// Redirect sends new connections to another loopback port, as a network does that answers in a server's place.
func (p *FaultProxy) Redirect(port int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.to = addr(port)
}

// Freeze makes every connection that is open now fall silent: what either side still sends is lost, and neither is told. A
// computer that slept, or changed its network, leaves its connections so.
func (p *FaultProxy) Freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.frozen.Store(true)
	}
}

// BreakOn makes the fault happen when a client has sent text, for the next times connections that do; the text arrives at the server in
// full. It sees only what is not encrypted. FaultLoseReply, FaultStall, FaultReset and FaultCut make sense here.
func (p *FaultProxy) BreakOn(text string, then Fault, times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = &watch{text: text, then: then, left: times}
}

// CutBefore ends the connection when a client has sent text, which never arrives, for the next times connections that do. It sees only
// what is not encrypted.
func (p *FaultProxy) CutBefore(text string, times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = &watch{text: text, then: FaultCut, left: times, kept: true}
}

// HoldOn stops the next connection whose client sends text: nothing passes any more, and neither side is told, until the client
// goes. With pass the text still arrives, and the server's answer to it is lost. The channel is closed when the connection is held,
// with pass once the server has answered. It sees only what is not encrypted.
func (p *FaultProxy) HoldOn(text string, pass bool) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	held := make(chan struct{})
	p.watch = &watch{text: text, left: 1, held: held, pass: pass}
	return held
}

// Broken is how often a fault happened.
func (p *FaultProxy) Broken() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, k := range p.seen {
		n += k
	}
	return n
}

// Passed is how many bytes went through so far, in both directions.
func (p *FaultProxy) Passed() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes
}

// Report says which faults happened.
func (p *FaultProxy) Report() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for k := range faultKinds {
		out = append(out, fmt.Sprintf("%s %d", k, p.seen[k]))
	}
	return strings.Join(out, ", ")
}

func (p *FaultProxy) serve() {
	for {
		in, err := p.ln.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		to := p.to
		p.mu.Unlock()
		out, err := net.DialTimeout("tcp", to, answerFor)
		if err != nil {
			in.Close() // the server is stopped
			continue
		}
		c := &faultConn{p: p, client: in.(*net.TCPConn), server: out.(*net.TCPConn), done: make(chan struct{})}
		p.mu.Lock()
		c.plan()
		p.conns[c] = true
		p.mu.Unlock()
		select {
		case <-p.stop:
			c.end(false)
		default:
		}
		p.wg.Go(c.run)
	}
}

// faultConn is one connection through the proxy.
type faultConn struct {
	p              *FaultProxy
	client, server *net.TCPConn
	broken         bool // a fault is planned
	fault          Fault
	up             bool  // the direction that counts: client to server
	after          int64 // bytes of it that pass whole
	once           sync.Once
	done           chan struct{}
	frozen         atomic.Bool

	mu    sync.Mutex
	mute  bool // what the server says is lost from now on
	heard bool // it said something while mute
}

// plan draws the connection's fate. p.mu is held.
func (c *faultConn) plan() {
	if c.p.most == 0 {
		return
	}
	r := c.p.rnd
	c.broken, c.fault, c.up = true, c.p.kinds[r.IntN(len(c.p.kinds))], r.IntN(3) == 0
	most := c.p.most
	if c.fault == FaultLoseReply {
		c.up = true
	}
	if c.up {
		most = min(most, 4000) // clients say little
	}
	// Half of the faults come early, where handshakes, logins and commands are.
	if r.IntN(2) == 0 {
		most = min(most, 6000)
	}
	c.after = r.Int64N(most)
}

func (c *faultConn) run() {
	var wg sync.WaitGroup
	wg.Go(func() { c.copy(c.client, c.server, true) })
	wg.Go(func() { c.copy(c.server, c.client, false) })
	wg.Wait()
	c.end(false)
	c.p.mu.Lock()
	delete(c.p.conns, c)
	c.p.mu.Unlock()
}

// end closes both sides once.
func (c *faultConn) end(reset bool) {
	c.once.Do(func() {
		close(c.done)
		for _, t := range []*net.TCPConn{c.client, c.server} {
			if reset {
				t.SetLinger(0)
			}
			t.Close()
		}
	})
}

func (c *faultConn) struck(f Fault) {
	c.p.mu.Lock()
	c.p.seen[f]++
	c.p.mu.Unlock()
}

// copy passes one direction on until its end, and lets its fault strike.
func (c *faultConn) copy(from, to *net.TCPConn, up bool) {
	buf := make([]byte, 16<<10)
	var passed int64
	struck := false
	tail := ""
	for {
		n, err := from.Read(buf)
		b := buf[:n]
		if !up && n > 0 && c.swallow() {
			continue
		}
		if c.broken && !struck && c.up == up && passed+int64(n) > c.after {
			struck = true
			c.struck(c.fault) // before anybody can notice it
			whole := c.after - passed
			if c.fault == FaultLoseReply {
				whole = int64(n)
				c.setMute() // before the request goes on, so that no answer can be quicker
			}
			if !c.pass(to, b[:whole]) {
				return
			}
			passed += int64(n)
			if rest := b[whole:]; !c.strike(to, rest) {
				return
			}
			continue
		}
		if up && c.watched(&tail, b) {
			return
		}
		passed += int64(n)
		if !c.pass(to, b) {
			return
		}
		if err != nil {
			if err != io.EOF {
				c.end(true)
				return
			}
			to.CloseWrite()
			return
		}
	}
}

func (c *faultConn) pass(to *net.TCPConn, b []byte) bool {
	if len(b) == 0 || c.frozen.Load() {
		return true
	}
	c.p.mu.Lock()
	c.p.bytes += int64(len(b))
	c.p.mu.Unlock()
	if _, err := to.Write(b); err != nil {
		c.end(true)
		return false
	}
	return true
}

// strike carries out the fault; false means that this direction is over.
func (c *faultConn) strike(to *net.TCPConn, rest []byte) bool {
	switch c.fault {
	case FaultCut:
		c.end(false)
	case FaultReset:
		c.end(true)
	case FaultStall:
		c.wait(stallFor)
		c.end(true)
	case FaultHalfClose:
		to.CloseWrite()
		// The other direction goes on until its own end; a side that waits for ever is ended.
		c.wait(silentFor)
		c.end(false)
	case FaultLoseReply:
		c.awaitLost(silentFor)
	case FaultTrickle:
		for len(rest) > 0 {
			n := 1
			if len(rest) > trickleFor {
				n = len(rest) - trickleFor
			}
			if !c.pass(to, rest[:n]) {
				return false
			}
			rest = rest[n:]
		}
		return true
	}
	return false
}

// watched lets the request of BreakOn strike.
func (c *faultConn) watched(tail *string, b []byte) bool {
	c.p.mu.Lock()
	w := c.p.watch
	if w == nil || w.left == 0 {
		c.p.mu.Unlock()
		return false
	}
	text := *tail + string(b)
	*tail = text[max(0, len(text)-len(w.text)):]
	if !strings.Contains(text, w.text) {
		c.p.mu.Unlock()
		return false
	}
	w.left--
	if w.held == nil {
		c.p.seen[w.then]++
	}
	c.p.mu.Unlock()
	if w.held != nil {
		c.hold(w, b)
		return true
	}
	if w.then == FaultLoseReply || w.then == FaultStall {
		c.setMute()
	}
	if !w.kept && !c.pass(c.server, b) {
		return true
	}
	switch w.then {
	case FaultLoseReply:
		c.awaitLost(answerFor)
	case FaultStall:
		c.wait(stallFor)
		c.end(true)
	default:
		c.end(w.then == FaultReset)
	}
	return true
}

// hold keeps the connection open and silent until the client goes.
func (c *faultConn) hold(w *watch, b []byte) {
	c.setMute()
	if w.pass {
		if !c.pass(c.server, b) {
			close(w.held)
			return
		}
		c.awaitHeard(answerFor)
	}
	close(w.held)
	for buf := make([]byte, 1<<10); ; {
		if _, err := c.client.Read(buf); err != nil {
			break
		}
	}
	c.end(true)
}

func (c *faultConn) setMute() {
	c.mu.Lock()
	c.mute = true
	c.mu.Unlock()
}

// swallow reports whether the server's words are to be lost.
func (c *faultConn) swallow() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mute {
		c.heard = true
	}
	return c.mute
}

// awaitLost waits until the server has answered, so that it has surely carried out what it was asked, and ends the
// connection without passing the answer on. It gives up after most.
func (c *faultConn) awaitLost(most time.Duration) {
	c.awaitHeard(most)
	c.end(true)
}

// awaitHeard passes on what the client sends until the server has said something, or most has passed: a request may come in pieces.
// It is for the goroutine that reads from the client.
func (c *faultConn) awaitHeard(most time.Duration) {
	defer c.client.SetReadDeadline(time.Time{})
	buf := make([]byte, 16<<10)
	for end := time.Now().Add(most); time.Now().Before(end); {
		c.mu.Lock()
		heard := c.heard
		c.mu.Unlock()
		if heard {
			return
		}
		c.client.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
		n, err := c.client.Read(buf)
		if !c.pass(c.server, buf[:n]) {
			return
		}
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			c.wait(min(silentFor, time.Until(end))) // the client is gone, or says no more
			return
		}
	}
}

// wait waits; false when the connection ended meanwhile.
func (c *faultConn) wait(d time.Duration) bool {
	select {
	case <-c.done:
		return false
	case <-time.After(d):
		return true
	}
}
