package mailsync_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"peyk/accounts"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// drop is a POP3 server for one mailbox that several computers empty. It breaks sessions, and it may number its UIDLs anew, or by
// position, as bad servers do.
type drop struct {
	mu         sync.Mutex
	rnd        *rand.Rand
	mail       []dropped
	byPosition bool
	reuses     bool     // new messages get UIDLs that are free again
	free       []string // such UIDLs
	seq        int
	breaks     bool
	removed    map[string][]int // computer → numbers of the messages it removed, in order
	removedAt  map[int]time.Time
	now        func() time.Time
	// poison is what happens instead of the answer to RETR and TOP of a message: true when it ends the session.
	poison map[int]func(c *mailtest.ScriptConn) (ends bool)
	heads  bool     // the headers of poison can be had
	keeps  int      // the message that may not be removed; 0: none
	kill   *killing // what is done to the next session
}

// killing holds a session at its nth command, so that the client can be killed there.
type killing struct {
	at       int
	answered bool // the command is carried out and answered first
	held     chan struct{}
}

type dropped struct {
	n    int // which message it is
	uidl string
	raw  []byte
}

func (d *drop) deliver(n int, raw []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seq++
	uidl := fmt.Sprintf("u%d", d.seq)
	if d.reuses && len(d.free) > 0 && d.rnd.IntN(2) == 0 {
		i := d.rnd.IntN(len(d.free))
		uidl = d.free[i]
		d.free = slices.Delete(d.free, i, i+1)
	}
	d.mail = append(d.mail, dropped{n, uidl, raw})
}

// take removes a message for good.
func (d *drop) take(n int) {
	d.mail = slices.DeleteFunc(d.mail, func(o dropped) bool {
		if o.n == n {
			d.free = append(d.free, o.uidl)
		}
		return o.n == n
	})
}

// webmail deletes a message as somebody else does, and tells which; -1: there is none.
func (d *drop) webmail() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.mail) == 0 {
		return -1
	}
	n := d.mail[d.rnd.IntN(len(d.mail))].n
	d.take(n)
	return n
}

// left are the numbers of the messages that are on the server.
func (d *drop) left() []int {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []int
	for _, m := range d.mail {
		out = append(out, m.n)
	}
	return out
}

// renumber gives every message a new UIDL.
func (d *drop) renumber() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.mail {
		d.seq++
		d.mail[i].uidl = fmt.Sprintf("u%d", d.seq)
	}
}

// fate draws after how many commands a session breaks, and whether a QUIT that breaks was carried out; negative: never.
func (d *drop) fate() (after int, commit bool) {
	if !d.breaks || d.rnd.IntN(3) != 0 {
		return -1, true
	}
	return d.rnd.IntN(40), d.rnd.IntN(2) == 0
}

// poisonOf is what is played for a message that cannot be had; nil: it can. Tests mend messages while sessions are open.
func (d *drop) poisonOf(n int) func(c *mailtest.ScriptConn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.poison[n]
}

func (d *drop) play(c *mailtest.ScriptConn) {
	d.mu.Lock()
	box := slices.Clone(d.mail)
	after, commit := d.fate()
	quitBreaks := d.breaks && d.rnd.IntN(4) == 0
	kill := d.kill
	d.kill = nil
	d.mu.Unlock()
	if d.byPosition {
		for i := range box {
			box[i].uidl = strconv.Itoa(i + 1)
		}
	}
	c.Send("+OK drop\r\n")
	user, marked := "", map[int]bool{}
	for cmds := 0; ; cmds++ {
		line, ok := c.Line()
		if !ok || cmds == after {
			return
		}
		hold := kill != nil && (cmds == kill.at || strings.EqualFold(line, "QUIT"))
		if hold && !kill.answered {
			close(kill.held)
			c.Drain() // until the client is gone
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		args := strings.Fields(rest)
		n := 0
		if len(args) > 0 {
			n, _ = strconv.Atoi(args[0])
		}
		if v := strings.ToUpper(verb); (v == "RETR" || v == "TOP" || v == "DELE") && (n < 1 || n > len(box)) {
			c.Send("-ERR no such message\r\n")
			continue
		}
		if n > 0 && (verb == "RETR" || verb == "TOP" && !d.heads) {
			if poison := d.poisonOf(box[n-1].n); poison != nil {
				if poison(c) {
					return
				}
				continue
			}
		}
		switch strings.ToUpper(verb) {
		case "CAPA":
			c.Send("+OK\r\nUSER\r\nUIDL\r\nTOP\r\nPIPELINING\r\n.\r\n")
		case "USER":
			user = rest
			c.Send("+OK\r\n")
		case "PASS", "NOOP":
			c.Send("+OK\r\n")
		case "RSET":
			clear(marked)
			c.Send("+OK\r\n")
		case "STAT":
			c.Send(fmt.Sprintf("+OK %d %d\r\n", len(box), size(box)))
		case "LIST", "UIDL":
			c.Send("+OK\r\n")
			for i, m := range box {
				what := m.uidl
				if strings.EqualFold(verb, "LIST") {
					what = strconv.Itoa(len(m.raw))
				}
				c.Send(fmt.Sprintf("%d %s\r\n", i+1, what))
			}
			c.Send(".\r\n")
		case "RETR":
			c.Send("+OK\r\n", stuffed(box[n-1].raw), ".\r\n")
		case "TOP":
			head, _, _ := bytes.Cut(box[n-1].raw, []byte("\r\n\r\n"))
			c.Send("+OK\r\n", stuffed(head), "\r\n\r\n.\r\n")
		case "DELE":
			if d.keeps != 0 && box[n-1].n == d.keeps {
				c.Send("-ERR it is kept\r\n")
				continue
			}
			marked[n-1] = true
			c.Send("+OK\r\n")
		case "QUIT":
			if !quitBreaks || commit {
				d.commit(user, box, marked)
			}
			if !quitBreaks {
				c.Send("+OK\r\n")
			}
			if hold {
				close(kill.held)
				c.Drain()
			}
			return
		default:
			c.Send("-ERR unknown\r\n")
		}
		if hold {
			close(kill.held)
			c.Drain()
			return
		}
	}
}

func size(box []dropped) (n int) {
	for _, m := range box {
		n += len(m.raw)
	}
	return n
}

func stuffed(raw []byte) string { return strings.ReplaceAll(string(raw), "\r\n.", "\r\n..") }

func (d *drop) commit(user string, box []dropped, marked map[int]bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range marked {
		m := box[i]
		d.take(m.n)
		d.removed[user] = append(d.removed[user], m.n)
		d.removedAt[m.n] = d.now()
	}
}

// computer is one of those that empty the mailbox.
type computer struct {
	*rig
	a     mail.Account
	rule  mail.POP3Options
	saved map[int]time.Time // when a message was first seen here, in true time
	early bool              // its clock ran ahead: what it removed may have looked older than it was
	told  map[int]bool      // messages an error was reported of
}

func newComputer(t *testing.T, port int, user string, rule mail.POP3Options, start time.Time) *computer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	r := &rig{t: t, ctx: ctx, dir: t.TempDir()}
	r.now.Store(start.Unix())
	r.open()
	t.Cleanup(r.shut)
	a := mail.Account{Name: user, Email: user + "@peyk.test", Protocol: mail.POP3, POP3: rule}
	a.Incoming = mail.Server{Host: "127.0.0.1", Port: port, Security: mail.SecurityNone, AllowPlaintext: true, Auth: mail.AuthPlain, Username: user}
	a.Outgoing.Server = mail.Server{Host: "127.0.0.1", Port: 465, Security: mail.SecurityTLS, Username: user}
	id, err := r.e.SaveAccount(ctx, accounts.Defaults(a), mail.Secrets{})
	if err != nil {
		t.Fatal(err)
	}
	if a, err = r.st.Account(ctx, id); err != nil {
		t.Fatal(err)
	}
	return &computer{rig: r, a: a, rule: rule, saved: map[int]time.Time{}, told: map[int]bool{}}
}

// holds counts, by number, the messages that are here.
func (c *computer) holds() map[int]int {
	c.t.Helper()
	out := map[int]int{}
	for _, row := range c.rows(c.inbox(c.a)) {
		n, err := strconv.Atoi(strings.TrimPrefix(row.Subject, "message "))
		if err != nil {
			c.t.Fatal(err)
		}
		out[n]++
	}
	return out
}

// Months of two computers on one mailbox, with clocks that fall back, run ahead and are set right, sessions that break, processes that
// are killed in the middle, a server that renumbers, counts by position, or gives UIDLs away again, and somebody who deletes mail by
// another client: nothing leaves the server that the computer which removed it does not hold, nothing leaves before its days are
// over, nothing comes twice, and nothing stays for ever.
func TestLedgerOverMonths(t *testing.T) {
	for _, seed := range seeds(t, 8) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			ledgerMonths(t, seed)
		})
	}
}

// wrongClock is a computer's clock: days it is behind (negative: ahead) of the truth.
type wrongClock struct {
	behind int
	seen   time.Time // the latest it ever showed
}

// shows is what the clock shows. A clock that is wrong, yet later than it ever was, cannot be told from one that is right: it is set right
// here. So is one that was never right.
func (w *wrongClock) shows(truth time.Time) time.Time {
	at := truth.AddDate(0, 0, -w.behind)
	if w.behind > 0 && !at.Before(w.seen) {
		w.behind, at = 0, truth
	}
	if at.After(w.seen) {
		w.seen = at
	}
	return at
}

func ledgerMonths(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 7))
	truth := time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC)
	const busy, whole = 55, 95 // days with trouble, and days in all
	d := &drop{rnd: rand.New(rand.NewPCG(seed, 8)), byPosition: seed%4 == 0, reuses: seed%4 == 1, breaks: true, removed: map[string][]int{}, removedAt: map[int]time.Time{},
		now: func() time.Time { return truth }}
	s := mailtest.StartScript(t, "", d.play)
	var cs []*computer
	for i := range 2 {
		cs = append(cs, newComputer(t, s.Port, fmt.Sprintf("computer%d", i), mail.POP3Options{LeaveOnServer: true, RemoveAfterDays: 5 + 9*i}, truth))
	}
	count, ahead := 0, seed%3 == 2
	clocks := make([]wrongClock, len(cs))
	deleted := map[int]bool{}
	for day := range whole {
		truth = truth.Add(24 * time.Hour)
		if day < busy {
			for range rnd.IntN(4) {
				d.deliver(count, letter(count, fmt.Sprintf("message %d", count), strings.Repeat("x", 10+count*3)))
				count++
			}
			if !d.byPosition && rnd.IntN(12) == 0 {
				d.renumber()
			}
			if rnd.IntN(8) == 0 {
				deleted[d.webmail()] = true
			}
		}
		for i, c := range cs {
			w := &clocks[i]
			switch {
			case day == 0 || day >= busy:
				w.behind = 0 // a clock that was never right cannot be found out
			case rnd.IntN(15) == 0:
				w.behind = rnd.IntN(400)
			case ahead && i == 0 && rnd.IntN(20) == 0:
				w.behind = -rnd.IntN(20)
				c.early = true
			case rnd.IntN(4) == 0:
				w.behind = 0
			}
			c.now.Store(w.shows(truth).Unix())
			d.mu.Lock()
			d.breaks = day > 0 && day < busy && rnd.IntN(3) > 0
			d.mu.Unlock()
			switch n := rnd.IntN(30); {
			case day > 0 && day < busy && n < 3:
				c.killed(d, rnd.IntN(40), n == 0)
			case n < 6:
				c.restart()
				fallthrough
			default:
				c.pass(c.a)
			}
			c.check(d, truth)
		}
	}
	if left := d.left(); len(left) != 0 {
		t.Errorf("on the server after all their days: %v", left)
	}
	// The second computer may have missed what the first removed in bad days; the first has all that it removed, and so on.
	for n := range count {
		if cs[0].saved[n].IsZero() && cs[1].saved[n].IsZero() && !deleted[n] {
			t.Errorf("message %d is nowhere", n)
		}
	}
	for _, c := range cs {
		c.sound()
	}
}

// killed runs a pass in a process of its own, and kills it at the nth command, or at QUIT when that comes first.
func (c *computer) killed(d *drop, at int, answered bool) {
	c.t.Helper()
	k := &killing{at: at, answered: answered, held: make(chan struct{})}
	d.mu.Lock()
	d.kill = k
	d.mu.Unlock()
	c.shut()
	c.doomedAt(k.held)
	c.open()
	c.whole()
	d.mu.Lock()
	d.kill = nil
	d.mu.Unlock()
}

// check looks at what a computer holds and has removed so far.
func (c *computer) check(d *drop, truth time.Time) {
	c.t.Helper()
	held := c.holds()
	for n, times := range held {
		if times != 1 {
			c.t.Errorf("%s: message %d is here %d times", c.a.Name, n, times)
		}
		if c.saved[n].IsZero() {
			c.saved[n] = truth
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.removed[c.a.Incoming.Username] {
		if c.told[n] {
			continue
		}
		c.told[n] = true
		if held[n] == 0 {
			c.t.Errorf("%s removed message %d from the server and does not have it", c.a.Name, n)
			continue
		}
		if age := d.removedAt[n].Sub(c.saved[n]); !c.early && age < time.Duration(c.rule.RemoveAfterDays)*24*time.Hour {
			c.t.Errorf("%s removed message %d after %v, the rule says %d days", c.a.Name, n, age, c.rule.RemoveAfterDays)
		}
	}
}
