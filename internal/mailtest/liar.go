package mailtest

import (
	"bufio"
	"crypto/tls"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// After says what becomes of a connection after a lie.
type After int

// The ends. CutSoon is for lies after which a client would wait for what never comes.
const (
	GoOn After = iota
	Cut
	CutSoon
)

const cutSoon = 100 * time.Millisecond

// Lie gives what a client hears instead of unit, one whole answer of the server with its literals and line end. verb is the command that
// was sent last, in upper case ("UID FETCH"). It is asked for one unit at a time, with a source of its own for each liar.
type Lie func(rnd *rand.Rand, verb, unit string) (instead string, then After)

// speech is how a Liar follows what is said.
type speech struct {
	unit func(*bufio.Reader) (string, error) // reads one unit of the server; nil: lines, and the lists and messages of POP3
	smtp bool
}

// Liar stands before the unencrypted port of a real server on loopback and speaks TLS with its clients. What they say arrives; of what the
// server says one unit in so many is passed on as a Lie, by a seed. It starts honest.
type Liar struct {
	tb testing.TB
	ln net.Listener
	to string
	speech
	lie Lie
	wg  sync.WaitGroup

	mu    sync.Mutex
	rnd   *rand.Rand
	often int // one unit in so many; 0: none
	told  int
	last  []string
	conns map[net.Conn]bool // nil once it is stopped
}

// StartIMAPLiar stands before an IMAP server until the test ends.
func StartIMAPLiar(tb testing.TB, port int, seed uint64, lie Lie) *Liar {
	tb.Helper()
	return startLiar(tb, port, seed, lie, speech{unit: imapUnit})
}

// StartPOP3Liar stands before a POP3 server until the test ends. Its units are status lines and the lines of lists; messages pass as they
// are.
func StartPOP3Liar(tb testing.TB, port int, seed uint64, lie Lie) *Liar {
	tb.Helper()
	return startLiar(tb, port, seed, lie, speech{})
}

// StartSMTPLiar stands before an SMTP server until the test ends. Its units are whole replies. The verb of the reply to a message is ".",
// that of the greeting "".
func StartSMTPLiar(tb testing.TB, port int, seed uint64, lie Lie) *Liar {
	tb.Helper()
	return startLiar(tb, port, seed, lie, speech{unit: smtpReply, smtp: true})
}

func startLiar(tb testing.TB, port int, seed uint64, lie Lie, how speech) *Liar {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	l := &Liar{tb: tb, ln: ln, to: addr(port), speech: how, lie: lie, rnd: rand.New(rand.NewPCG(seed, 0x11a5)), conns: map[net.Conn]bool{}}
	config := TLSConfig(tb, Good)
	l.wg.Go(func() { l.serve(config) })
	tb.Cleanup(func() {
		ln.Close()
		l.mu.Lock()
		for c := range l.conns {
			c.Close()
		}
		l.conns = nil
		l.mu.Unlock()
		l.wg.Wait()
		if tb.Failed() {
			tb.Logf("lies of seed %d: %d, at last\n%s", seed, l.told, strings.Join(l.last, "\n"))
		}
	})
	return l
}

// Port is where clients connect.
func (l *Liar) Port() int { return l.ln.Addr().(*net.TCPAddr).Port }

// Often makes one unit in n a lie; 0: none.
func (l *Liar) Often(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.often = n
}

// Told is how many lies were told so far.
func (l *Liar) Told() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.told
}

func (l *Liar) serve(config *tls.Config) {
	for {
		raw, err := l.ln.Accept()
		if err != nil {
			return
		}
		server, err := net.DialTimeout("tcp", l.to, answerFor)
		if err != nil {
			raw.Close()
			continue
		}
		l.mu.Lock()
		stopped := l.conns == nil
		if !stopped {
			l.conns[raw], l.conns[server] = true, true
		}
		l.mu.Unlock()
		if stopped {
			raw.Close()
			server.Close()
			return
		}
		c := &lyingConn{l: l, client: tls.Server(raw, config), server: server, verbs: map[string]string{}}
		l.wg.Go(func() {
			c.run()
			l.mu.Lock()
			delete(l.conns, raw)
			delete(l.conns, server)
			l.mu.Unlock()
		})
	}
}

// tell decides about one unit.
func (l *Liar) tell(verb, unit string) (string, After) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.often == 0 || l.rnd.IntN(l.often) > 0 {
		return unit, GoOn
	}
	instead, then := l.lie(l.rnd, verb, unit)
	if instead != unit || then != GoOn {
		l.told++
		if l.last = append(l.last, short(verb)+": "+short(unit)+" -> "+short(instead)); len(l.last) > 40 {
			l.last = l.last[1:]
		}
	}
	return instead, then
}

func short(s string) string {
	if s = strings.TrimRight(s, "\r\n"); len(s) > 150 {
		s = s[:150] + "…"
	}
	return s
}

// lyingConn is one connection through a Liar.
type lyingConn struct {
	l              *Liar
	client, server net.Conn

	mu    sync.Mutex
	verbs map[string]string // by tag
	queue []string          // of POP3 and SMTP: commands whose answer has not come
	last  string
	inner string // of SMTP: what the client says next is no command but belongs to this: "AUTH", "."
}

func (c *lyingConn) run() {
	var wg sync.WaitGroup
	wg.Go(func() {
		c.listen()
		c.server.Close()
	})
	c.speak()
	c.client.Close()
	c.server.Close()
	wg.Wait()
}

// listen passes on what the client says, and takes note of its commands.
func (c *lyingConn) listen() {
	r := bufio.NewReader(c.client)
	for {
		line, err := r.ReadString('\n')
		c.note(line)
		if _, werr := io.WriteString(c.server, line); err != nil || werr != nil {
			return
		}
	}
}

// speak passes on what the server says.
func (c *lyingConn) speak() {
	r := bufio.NewReader(c.server)
	list := false // within a list of POP3
	for {
		var unit string
		var err error
		if c.l.unit != nil {
			unit, err = c.l.unit(r)
		} else {
			unit, err = r.ReadString('\n')
		}
		if err != nil {
			return
		}
		verb := c.verbOf(unit, list)
		out, then := c.l.tell(verb, unit)
		if _, err := io.WriteString(c.client, out); err != nil || then == Cut {
			return
		}
		if then == CutSoon {
			time.AfterFunc(cutSoon, func() { c.server.Close() })
		}
		if c.l.unit != nil {
			continue
		}
		switch ok := strings.HasPrefix(strings.ToUpper(unit), "+OK"); {
		case list:
			list = unit != ".\r\n"
		case !ok:
		case verb == "RETR", verb == "TOP":
			for line := ""; line != ".\r\n"; {
				if line, err = r.ReadString('\n'); err != nil {
					return
				}
				if _, err := io.WriteString(c.client, line); err != nil {
					return
				}
			}
		default:
			list = verb == "LIST" || verb == "UIDL" || verb == "CAPA"
		}
	}
}

// popVerbs are the commands of POP3 that have an answer of their own.
const popVerbs = " CAPA AUTH USER PASS STAT LIST UIDL RETR TOP DELE NOOP RSET QUIT "

func (c *lyingConn) note(line string) {
	words := strings.Fields(strings.ToUpper(line))
	if len(words) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.l.smtp {
		c.noteSMTP(words[0], line)
		return
	}
	if c.l.unit == nil {
		if strings.Contains(popVerbs, " "+words[0]+" ") {
			c.queue = append(c.queue, words[0])
		}
		return
	}
	if len(words) < 2 || len(words[0]) < 2 || !strings.ContainsAny(words[0][:1], "PT") || strings.Trim(words[0][1:], "0123456789") != "" {
		return
	}
	verb := words[1]
	if verb == "UID" && len(words) > 2 {
		verb += " " + words[2]
	}
	c.verbs[words[0]], c.last = verb, verb
}

// verbOf is the command that a unit answers, as far as that can be told.
func (c *lyingConn) verbOf(unit string, list bool) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.l.smtp {
		return c.replyTo(unit)
	}
	if c.l.unit == nil {
		if !list && len(c.queue) > 0 && !strings.HasPrefix(unit, "+ ") {
			c.last, c.queue = c.queue[0], c.queue[1:]
		}
		return c.last
	}
	tag, _, _ := strings.Cut(unit, " ")
	if v := c.verbs[tag]; v != "" {
		return v
	}
	return c.last
}

// imapUnit reads a line, and the literals in it with what follows them.
func imapUnit(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	m := literalTail.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
	if m == nil {
		return line, nil
	}
	n := 0
	for _, d := range m[1] {
		n = 10*n + int(d-'0')
	}
	lit := make([]byte, n)
	if _, err := io.ReadFull(r, lit); err != nil {
		return "", err
	}
	rest, err := imapUnit(r)
	return line + string(lit) + rest, err
}
