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
	var out [][]string
	for _, m := range s.fetch(user, mailbox, "FLAGS") {
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

// fetch logs in on the plain port and fetches one item of every message.
func (s *Server) fetch(user, mailbox, item string) []fetched {
	s.tb.Helper()
	conn, err := net.DialTimeout("tcp", addr(s.IMAPPort), 10*time.Second)
	if err != nil {
		s.tb.Fatalf("second client: %v", err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(60 * time.Second))
	r := bufio.NewReader(conn)
	if _, err := r.ReadString('\n'); err != nil {
		s.tb.Fatalf("second client: greeting: %v", err)
	}
	var out []fetched
	for i, cmd := range []string{
		fmt.Sprintf("LOGIN %q %q", user, s.Users[user]), fmt.Sprintf("EXAMINE %q", mailbox), "UID FETCH 1:* (UID " + item + ")", "LOGOUT",
	} {
		tag := fmt.Sprintf("a%d", i)
		fmt.Fprintf(conn, "%s %s\r\n", tag, cmd)
		for {
			f, err := readResponse(r)
			if err != nil {
				s.tb.Fatalf("second client: %s: %v", cmd, err)
			}
			if rest, ok := strings.CutPrefix(f.line, tag+" "); ok {
				if !strings.HasPrefix(rest, "OK") {
					s.tb.Fatalf("second client: %s: %s", cmd, rest)
				}
				break
			}
			if i == 2 && strings.Contains(f.line, " FETCH (") {
				out = append(out, f)
			}
		}
	}
	return out
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
