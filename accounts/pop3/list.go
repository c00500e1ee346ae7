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

const (
	maxMessages = 20_000_000
	maxUIDL     = 1000 // bytes; RFC 1939 §7 allows 70
)

// List returns every message with its size and, where the server has UIDL, its identifier. STAT, LIST and UIDL must
// agree in number: a list that lost a line would look like messages that were deleted.
func (c *Client) List(ctx context.Context) ([]remote.Drop, error) {
	end, err := c.begin(ctx, "list")
	if err != nil {
		return nil, err
	}
	drops, err := c.list()
	if err != nil {
		// Answers to the other commands may be on their way, so the session is over.
		remote.As(err).Closed = true
		return nil, end(err)
	}
	return drops, end(nil)
}

func (c *Client) list() ([]remote.Drop, error) {
	uidl := c.Capabilities().UIDL
	commands := []string{"STAT", "LIST"}
	if uidl {
		commands = append(commands, "UIDL")
	}
	ask := func(i int) error { return c.send("list", commands[i]) }
	if c.caps.Pipelining {
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
	drops := make([]remote.Drop, 0, min(total, 1<<20))
	if err := ask(1); err != nil {
		return nil, err
	}
	err = c.numbered("list", total, func(n int, rest []byte) error {
		size, _, _ := bytes.Cut(rest, []byte(" ")) // some servers add words
		s, err := strconv.ParseInt(string(size), 10, 64)
		if err != nil || s < 0 {
			return malformed(fmt.Sprintf("the size of message %d is %q", n, dial.Clean(string(size))))
		}
		drops = append(drops, remote.Drop{Number: n, Size: s})
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
	at := make(map[int]int, len(drops))
	for i, d := range drops {
		at[d.Number] = i
	}
	err = c.numbered("uidl", total, func(n int, rest []byte) error {
		i, ok := at[n]
		if !ok {
			return malformed(fmt.Sprintf("UIDL names message %d, which LIST does not have", n))
		}
		if len(rest) == 0 || len(rest) > maxUIDL || bytes.ContainsFunc(rest, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			return malformed(fmt.Sprintf("the identifier of message %d makes no sense", n))
		}
		drops[i].UIDL = string(rest)
		return nil
	})
	if e := remote.As(err); e != nil && !e.Closed {
		c.noUIDL.Store(true) // refused: this server has none
		return drops, nil
	}
	return drops, err
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

// numbered reads the lines "number rest" of LIST and UIDL: exactly total of them, each number once.
func (c *Client) numbered(step string, total int, fn func(n int, rest []byte) error) error {
	if _, err := c.answer(step); err != nil {
		return err
	}
	seen := make(map[int]bool, min(total, 1<<20))
	err := c.w.rows(total, func(line []byte) error {
		num, rest, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		n, err := strconv.Atoi(string(num))
		if err != nil || n < 1 {
			return malformed(fmt.Sprintf("the line %q makes no sense", dial.Clean(string(line[:min(len(line), 80)]))))
		}
		if seen[n] {
			return malformed(fmt.Sprintf("message %d is listed twice", n))
		}
		seen[n] = true
		return fn(n, bytes.TrimSpace(rest))
	})
	if err != nil {
		return c.w.fail(step, err)
	}
	if len(seen) != total {
		return c.w.conn.Protocol(step, "the server says that it holds %d messages, but lists %d", total, len(seen))
	}
	return nil
}
