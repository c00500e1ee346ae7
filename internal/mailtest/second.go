package mailtest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Messages returns the messages of a mailbox in UID order, byte for byte as Dovecot serves them. It is a second client
// of its own that shares no code with Peyk.
func (s *Server) Messages(user, mailbox string) [][]byte {
	s.tb.Helper()
	var out [][]byte
	for _, m := range s.fetch(user, mailbox, "BODY.PEEK[]") {
		out = append(out, m.literal)
	}
	return out
}

// Flags returns the flags and keywords of the messages of a mailbox in UID order, each sorted, without \Recent.
func (s *Server) Flags(user, mailbox string) [][]string {
	s.tb.Helper()
	return s.Reach().Flags(s.tb, user, mailbox)
}

// UIDs returns the UIDs of a mailbox, ascending.
func (s *Server) UIDs(user, mailbox string) []uint32 {
	s.tb.Helper()
	var out []uint32
	for _, m := range s.fetch(user, mailbox, "FLAGS") {
		if f := uidItem.FindStringSubmatch(m.line); f != nil {
			n, _ := strconv.ParseUint(f[1], 10, 32)
			out = append(out, uint32(n))
		}
	}
	return out
}

var (
	flagsItem   = regexp.MustCompile(`FLAGS \(([^)]*)\)`)
	uidItem     = regexp.MustCompile(`UID (\d+)`)
	literalTail = regexp.MustCompile(`\{(\d+)\}$`)
)

type fetched struct {
	line    string
	literal []byte
}

func (s *Server) fetch(user, mailbox, item string) []fetched {
	s.tb.Helper()
	return s.Reach().fetch(s.tb, user, mailbox, item)
}

// Messages returns the messages of a mailbox in UID order, as a second client sees them.
func (r Reach) Messages(tb testing.TB, user, mailbox string) [][]byte {
	tb.Helper()
	var out [][]byte
	for _, m := range r.fetch(tb, user, mailbox, "BODY.PEEK[]") {
		out = append(out, m.literal)
	}
	return out
}

// Flags returns the flags and keywords of the messages of a mailbox in UID order, each sorted, without \Recent.
func (r Reach) Flags(tb testing.TB, user, mailbox string) [][]string {
	tb.Helper()
	var out [][]string
	for _, m := range r.fetch(tb, user, mailbox, "FLAGS") {
		flags := []string{}
		if f := flagsItem.FindStringSubmatch(m.line); f != nil {
			for _, flag := range strings.Fields(f[1]) {
				if flag != `\Recent` {
					flags = append(flags, flag)
				}
			}
		}
		sort.Strings(flags)
		out = append(out, flags)
	}
	return out
}

// UIDOf returns the UID of the message with a header line, "0" when there is none.
func (r Reach) UIDOf(tb testing.TB, user, mailbox, line string) string {
	tb.Helper()
	for _, m := range r.fetch(tb, user, mailbox, "BODY.PEEK[HEADER]") {
		if uid := uidItem.FindStringSubmatch(m.line); uid != nil && strings.Contains("\r\n"+string(m.literal), "\r\n"+line+"\r\n") {
			return uid[1]
		}
	}
	return "0"
}

// fetch fetches one item of every message.
func (r Reach) fetch(tb testing.TB, user, mailbox, item string) []fetched {
	tb.Helper()
	c := r.second(tb, user)
	defer c.conn.Close()
	c.command(fmt.Sprintf("EXAMINE %q", mailbox))
	return c.command("UID FETCH 1:* (UID " + item + ")")
}

// Append stores messages in a mailbox, as another client does.
func (r Reach) Append(tb testing.TB, user, mailbox string, raw ...[]byte) {
	tb.Helper()
	r.AppendDated(tb, user, mailbox, time.Time{}, raw...)
}

// AppendDated is Append of messages that came at a time, which is what INTERNALDATE says of them.
func (r Reach) AppendDated(tb testing.TB, user, mailbox string, came time.Time, raw ...[]byte) {
	tb.Helper()
	c := r.second(tb, user)
	defer c.conn.Close()
	date := ""
	if !came.IsZero() {
		date = came.Format(`"02-Jan-2006 15:04:05 -0700" `)
	}
	for _, m := range raw {
		c.n++
		fmt.Fprintf(c.conn, "a%d APPEND %q %s{%d}\r\n", c.n, mailbox, date, len(m))
		if line, err := c.in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "+") {
			tb.Fatalf("second client: APPEND: %q, %v", line, err)
		}
		c.conn.Write(append(m[:len(m):len(m)], '\r', '\n'))
		c.answer("APPEND")
	}
}

// Command sends commands of a second client, each of which must be answered with OK.
func (r Reach) Command(tb testing.TB, user string, commands ...string) {
	tb.Helper()
	c := r.second(tb, user)
	defer c.conn.Close()
	for _, cmd := range commands {
		c.command(cmd)
	}
}

// secondClient is a plain connection that is logged in.
type secondClient struct {
	tb   testing.TB
	conn net.Conn
	in   *bufio.Reader
	n    int
}

// second logs in on the plain port.
func (r Reach) second(tb testing.TB, user string) *secondClient {
	tb.Helper()
	conn, err := net.DialTimeout("tcp", addr(r.IMAPPort), time.Minute)
	if err != nil {
		tb.Fatalf("second client: %v", err)
	}
	conn.SetDeadline(time.Now().Add(2 * time.Minute))
	c := &secondClient{tb: tb, conn: conn, in: bufio.NewReader(conn)}
	if _, err := c.in.ReadString('\n'); err != nil {
		tb.Fatalf("second client: greeting: %v", err)
	}
	c.command(fmt.Sprintf("LOGIN %q %q", user, r.Users[user]))
	return c
}

// command returns the FETCH answers to a command.
func (c *secondClient) command(cmd string) []fetched {
	c.tb.Helper()
	c.n++
	fmt.Fprintf(c.conn, "a%d %s\r\n", c.n, cmd)
	return c.answer(cmd)
}

func (c *secondClient) answer(cmd string) []fetched {
	c.tb.Helper()
	var out []fetched
	for {
		f, err := readResponse(c.in)
		if err != nil {
			c.tb.Fatalf("second client: %s: %v", cmd, err)
		}
		if rest, ok := strings.CutPrefix(f.line, fmt.Sprintf("a%d ", c.n)); ok {
			if !strings.HasPrefix(rest, "OK") {
				c.tb.Fatalf("second client: %s: %s", cmd, rest)
			}
			return out
		}
		if strings.Contains(f.line, " FETCH (") {
			out = append(out, f)
		}
	}
}

// readResponse reads a line, and the literal in it when it has one.
func readResponse(r *bufio.Reader) (fetched, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return fetched{}, err
	}
	line = strings.TrimRight(line, "\r\n")
	m := literalTail.FindStringSubmatch(line)
	if m == nil {
		return fetched{line: line}, nil
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return fetched{}, err
	}
	f := fetched{literal: make([]byte, n)}
	if _, err := io.ReadFull(r, f.literal); err != nil {
		return fetched{}, err
	}
	rest, err := readResponse(r)
	f.line = line + rest.line
	return f, err
}

// WaitMessages waits until a mailbox holds at least n messages and returns them; it fails the test after max.
func WaitMessages(tb testing.TB, s *Server, user, mailbox string, n int, max time.Duration) [][]byte {
	tb.Helper()
	for end := time.Now().Add(max); ; time.Sleep(50 * time.Millisecond) {
		got := s.Messages(user, mailbox)
		if len(got) >= n {
			return got
		}
		if time.Now().After(end) {
			tb.Fatalf("%s of %s holds %d messages, not %d, after %v", mailbox, user, len(got), n, max)
		}
	}
}
