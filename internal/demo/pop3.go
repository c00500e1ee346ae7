package demo

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maildrop is the mailbox of the POP3 account, in memory (RFC 1939). One session at a time holds its lock.
type maildrop struct {
	mu   sync.Mutex
	msgs []dropMessage
	busy bool
	seq  int
}

type dropMessage struct {
	uidl string
	raw  []byte
}

func newMaildrop(samples []sample) *maildrop {
	d := &maildrop{}
	for _, m := range samples {
		if m.account == POP3User {
			d.add(m.raw)
		}
	}
	return d
}

func (d *maildrop) add(raw []byte) {
	sum := sha256.Sum256(raw)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seq++
	d.msgs = append(d.msgs, dropMessage{uidl: fmt.Sprintf("%06d%s", d.seq, hex.EncodeToString(sum[:6])), raw: raw})
}

// lock takes the drop for one session and returns what is in it; ok is false while another session holds it.
func (d *maildrop) lock() (msgs []dropMessage, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy {
		return nil, false
	}
	d.busy = true
	return append([]dropMessage(nil), d.msgs...), true
}

// unlock ends a session and removes what it deleted (only after QUIT; RFC 1939 §6).
func (d *maildrop) unlock(deleted map[string]bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy = false
	var keep []dropMessage
	for _, m := range d.msgs {
		if !deleted[m.uidl] {
			keep = append(keep, m)
		}
	}
	d.msgs = keep
}

func (s *Servers) servePOP3(l net.Listener) (serve, end func() error) {
	var mu sync.Mutex
	conns := map[net.Conn]bool{}
	var wg sync.WaitGroup
	serve = func() error {
		defer wg.Wait()
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			mu.Lock()
			conns[c] = true
			mu.Unlock()
			wg.Add(1)
			go func() {
				defer wg.Done()
				p := &popSession{srv: s, conn: c}
				p.run()
				c.Close()
				mu.Lock()
				delete(conns, c)
				mu.Unlock()
			}()
		}
	}
	end = func() error {
		err := l.Close()
		mu.Lock()
		defer mu.Unlock()
		for c := range conns {
			c.Close()
		}
		return err
	}
	return serve, end
}

// popSession is one connection.
type popSession struct {
	srv     *Servers
	conn    net.Conn
	tp      *textproto.Conn
	user    string
	msgs    []dropMessage
	locked  bool
	deleted map[string]bool
}

var errQuit = errors.New("quit")

func (p *popSession) run() {
	p.tp = textproto.NewConn(p.conn)
	p.deleted = map[string]bool{}
	defer func() {
		if p.locked {
			p.srv.drop.unlock(nil) // ended without QUIT: nothing is removed
		}
	}()
	p.ok("Peyk demo ready")
	for {
		_ = p.conn.SetDeadline(time.Now().Add(10 * time.Minute))
		line, err := p.tp.ReadLine()
		if err != nil {
			return
		}
		verb, arg, _ := strings.Cut(line, " ")
		if err := p.command(strings.ToUpper(verb), strings.TrimSpace(arg)); err != nil {
			return
		}
	}
}

func (p *popSession) ok(format string, args ...any)  { _ = p.tp.PrintfLine("+OK "+format, args...) }
func (p *popSession) err(format string, args ...any) { _ = p.tp.PrintfLine("-ERR "+format, args...) }

func (p *popSession) command(verb, arg string) error {
	switch verb {
	case "QUIT":
		if p.locked {
			p.srv.drop.unlock(p.deleted)
			p.locked = false
		}
		p.ok("bye")
		return errQuit
	case "CAPA":
		p.capa()
		return nil
	case "NOOP":
		p.ok("")
		return nil
	}
	if !p.locked {
		return p.login(verb, arg)
	}
	p.transaction(verb, arg)
	return nil
}

func (p *popSession) capa() {
	p.ok("capabilities")
	lines := []string{"USER", "UIDL", "TOP", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE"}
	if _, isTLS := p.conn.(*tls.Conn); !isTLS {
		lines = append(lines, "STLS")
	}
	p.multi([]byte(strings.Join(lines, "\r\n") + "\r\n"))
}

// login is the AUTHORIZATION state.
func (p *popSession) login(verb, arg string) error {
	switch verb {
	case "STLS":
		if _, isTLS := p.conn.(*tls.Conn); isTLS {
			p.err("already encrypted")
			return nil
		}
		p.ok("begin TLS")
		p.conn = tls.Server(p.conn, p.srv.tls)
		p.tp = textproto.NewConn(p.conn)
		p.user = ""
	case "USER":
		p.user = arg
		p.ok("password?")
	case "PASS":
		if p.user != POP3User || arg != Password {
			p.err("[AUTH] the user is %s and the password is %q", POP3User, Password)
			return nil
		}
		msgs, ok := p.srv.drop.lock()
		if !ok {
			p.err("[IN-USE] another session holds this maildrop")
			return nil
		}
		p.msgs, p.locked = msgs, true
		p.ok("%d messages", len(msgs))
	default:
		p.err("log in first")
	}
	return nil
}

// transaction is the TRANSACTION state.
func (p *popSession) transaction(verb, arg string) {
	switch verb {
	case "STAT":
		n, size := 0, 0
		for _, m := range p.msgs {
			if !p.deleted[m.uidl] {
				n++
				size += len(m.raw)
			}
		}
		p.ok("%d %d", n, size)
	case "LIST":
		p.listing(arg, func(m dropMessage) string { return strconv.Itoa(len(m.raw)) })
	case "UIDL":
		p.listing(arg, func(m dropMessage) string { return m.uidl })
	case "RETR":
		if m, _, ok := p.message(arg); ok {
			p.ok("%d octets", len(m.raw))
			p.multi(m.raw)
		}
	case "TOP":
		num, lines, _ := strings.Cut(arg, " ")
		n, err := strconv.Atoi(strings.TrimSpace(lines))
		if err != nil || n < 0 {
			p.err("TOP wants a message and a number of lines")
			return
		}
		if m, _, ok := p.message(num); ok {
			p.ok("top")
			p.multi(top(m.raw, n))
		}
	case "DELE":
		if m, _, ok := p.message(arg); ok {
			p.deleted[m.uidl] = true
			p.ok("marked")
		}
	case "RSET":
		p.deleted = map[string]bool{}
		p.ok("")
	default:
		p.err("unknown command")
	}
}

func (p *popSession) listing(arg string, value func(dropMessage) string) {
	if arg != "" {
		if m, n, ok := p.message(arg); ok {
			p.ok("%d %s", n, value(m))
		}
		return
	}
	var b bytes.Buffer
	for i, m := range p.msgs {
		if !p.deleted[m.uidl] {
			fmt.Fprintf(&b, "%d %s\r\n", i+1, value(m))
		}
	}
	p.ok("listing")
	p.multi(b.Bytes())
}

func (p *popSession) message(arg string) (dropMessage, int, bool) {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 || n > len(p.msgs) || p.deleted[p.msgs[n-1].uidl] {
		p.err("no such message")
		return dropMessage{}, 0, false
	}
	return p.msgs[n-1], n, true
}

// multi sends a multi-line answer, dot-stuffed (RFC 1939 §3).
func (p *popSession) multi(b []byte) {
	w := p.tp.DotWriter()
	_, _ = w.Write(b)
	_ = w.Close()
}

// top returns the header and the first n lines of the body.
func top(raw []byte, n int) []byte {
	head, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		return raw
	}
	out := append(append([]byte(nil), head...), "\r\n\r\n"...)
	r := bufio.NewReader(bytes.NewReader(body))
	for range n {
		line, err := r.ReadBytes('\n')
		out = append(out, line...)
		if err != nil {
			break
		}
	}
	return out
}
