package pop3

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
)

// What a server can make us hold: at most 150 bytes for each message that it says it has.
const (
	maxMessages = 1_000_000
	maxUIDL     = 1000 // bytes of one; RFC 1939 §7 allows 70
	// An answer to LIST or UIDL may have this many bytes, and so many for each message.
	listBytes, rowBytes = 1 << 20, 100
	// reserved is for how many messages room is made before they are seen.
	reserved = 1 << 14
)

// List returns every message with its size and, where the server has UIDL, its identifier. STAT, LIST and UIDL must
// agree in number: a list that lost a line would look like messages that were deleted.
func (c *Client) List(ctx context.Context) ([]remote.Drop, error) {
	end, err := c.begin(ctx, "list")
	if err != nil {
		return nil, err
	}
	if l := c.listed; l != nil {
		c.listed = nil
		return l.drops, end(nil)
	}
	drops, err := c.list(false)
	if err != nil {
		return nil, end(err)
	}
	return drops, end(nil)
}

// listed is a listing that was asked for along with the login. The messages of a session do not change (RFC 1939 §5), so it is
// good for the first List, whenever that comes.
type listed struct {
	drops []remote.Drop
	read  bool
}

// ahead are the commands of a listing, to be sent along with the login; "" where that is not done. RFC 2449 §6.6 lets everything be
// sent ahead where PIPELINING is announced, but servers lose what comes behind a login all the same, Cyrus among them. So it is done
// with Dovecot only, over TLS, where nobody else can be the one who answers.
func (c *Client) ahead(cfg Config, caps map[string]string) string {
	has := capabilities(caps)
	if !cfg.Start.List || !c.takesAhead || !c.w.conn.Encrypted() || !has.Pipelining || !has.UIDL {
		return ""
	}
	return "STAT\r\nLIST\r\nUIDL"
}

// readListed reads the listing that is on its way, if one is.
func (c *Client) readListed() error {
	l := c.listed
	if l == nil || l.read {
		return nil
	}
	l.read = true
	var err error
	l.drops, err = c.list(true)
	return err
}

// list asks for the listing, unless it was asked for already, and reads it.
func (c *Client) list(asked bool) ([]remote.Drop, error) {
	drops, err := c.readList(asked)
	if err != nil {
		// Answers to the other commands may be on their way, so the session is over.
		remote.As(err).Closed = true
	}
	return drops, err
}

func (c *Client) readList(asked bool) ([]remote.Drop, error) {
	uidl := asked || c.Capabilities().UIDL // with the login UIDL is always asked for
	commands := []string{"STAT", "LIST"}
	if uidl {
		commands = append(commands, "UIDL")
	}
	ask := func(i int) error { return c.send("list", commands[i]) }
	switch {
	case asked:
		ask = func(int) error { return nil }
	case c.caps.Pipelining:
		if err := c.send("list", strings.Join(commands, "\r\n")); err != nil {
			return nil, err
		}
		ask = func(int) error { return nil }
	}
	if err := ask(0); err != nil {
		return nil, err
	}
	total, err := c.stat()
	if err != nil {
		return nil, err
	}
	drops := make([]remote.Drop, 0, min(total, reserved))
	if err := ask(1); err != nil {
		return nil, err
	}
	err = c.numbered(total, func(n int, rest []byte) error {
		size, _, _ := bytes.Cut(rest, []byte(" ")) // some servers add words
		s, err := strconv.ParseInt(string(size), 10, 64)
		if err != nil || s < 0 {
			return malformed(fmt.Sprintf("the size of message %d is %q", n, dial.Clean(string(size))))
		}
		drops = append(drops, remote.Drop{Number: n, Size: min(s, maxAnnounced)})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !uidl {
		return drops, nil
	}
	if err := ask(2); err != nil {
		return nil, err
	}
	return drops, c.readUIDL(drops, total)
}

// readUIDL reads the identifiers of messages. A server that refuses to give them has none, which is no error. Nor is a line that makes no
// sense: the message that it was for has no identifier then, and is known by its bytes. There are as many lines as messages all the same.
func (c *Client) readUIDL(drops []remote.Drop, total int) error {
	if _, err := c.answer("uidl"); err != nil {
		if remote.As(err).Closed {
			return err
		}
		c.noUIDL.Store(true)
		return nil
	}
	at := positions(drops)
	seen, lines := numbers{}, 0
	err := c.w.rows(total, listBytes+rowBytes*int64(total), func(line []byte) error {
		lines++
		num, rest, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		n, err := strconv.Atoi(string(num))
		if err != nil || n < 1 || n >= len(at) || at[n] == 0 {
			return nil // about no message that there is
		}
		d := &drops[at[n]-1]
		if rest = bytes.TrimSpace(rest); !seen.add(n) || !isUIDL(rest) {
			d.UIDL = "" // of two nobody knows which one will be the next time
			return nil
		}
		d.UIDL = string(rest)
		return nil
	})
	if err != nil {
		return c.w.fail("uidl", err)
	}
	if lines != total {
		return c.short("uidl", total, lines)
	}
	return nil
}

// isUIDL reports whether a message can be known by what a server calls it.
func isUIDL(name []byte) bool {
	return len(name) > 0 && len(name) <= maxUIDL && !bytes.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

// positions tells by message number where in drops a message is, counted from 1; 0: nowhere.
func positions(drops []remote.Drop) []int32 {
	top := 0
	for _, d := range drops {
		top = max(top, d.Number)
	}
	at := make([]int32, top+1)
	for i, d := range drops {
		at[d.Number] = int32(i + 1)
	}
	return at
}

// stat reads the answer to STAT: how many messages there are.
func (c *Client) stat() (int, error) {
	text, err := c.answer("stat")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return 0, c.w.conn.Protocol("stat", "the server's answer to STAT, %q, makes no sense", dial.Clean(text))
	}
	total, err := strconv.Atoi(fields[0])
	if err != nil || total < 0 || total > maxMessages {
		return 0, c.w.conn.Protocol("stat", "the server says that it holds %q messages", dial.Clean(fields[0]))
	}
	return total, nil
}

// numbered reads the lines "number rest" of LIST: exactly total of them, each number once.
func (c *Client) numbered(total int, fn func(n int, rest []byte) error) error {
	const step = "list"
	if _, err := c.answer(step); err != nil {
		return err
	}
	seen, found := numbers{}, 0
	err := c.w.rows(total, listBytes+rowBytes*int64(total), func(line []byte) error {
		num, rest, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		n, err := strconv.Atoi(string(num))
		if err != nil || n < 1 || n > maxMessages {
			return malformed(fmt.Sprintf("the line %q makes no sense", dial.Clean(string(line[:min(len(line), 80)]))))
		}
		if !seen.add(n) {
			return malformed(fmt.Sprintf("message %d is listed twice", n))
		}
		found++
		return fn(n, bytes.TrimSpace(rest))
	})
	if err != nil {
		return c.w.fail(step, err)
	}
	if found != total {
		return c.short(step, total, found)
	}
	return nil
}

// short is the error for a list that has not a line for each message: one that lost some would look like messages that were deleted.
func (c *Client) short(step string, total, found int) error {
	return c.w.conn.Protocol(step, "the server says that it holds %d messages, but lists %d", total, found)
}

// numbers is a set of message numbers, a bit each.
type numbers []uint64

// add reports whether n is new.
func (s *numbers) add(n int) bool {
	i, bit := n/64, uint64(1)<<(n%64)
	if i >= len(*s) {
		*s = append(*s, make([]uint64, i+1-len(*s))...)
	}
	if (*s)[i]&bit != 0 {
		return false
	}
	(*s)[i] |= bit
	return true
}
