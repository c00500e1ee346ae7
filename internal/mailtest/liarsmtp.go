package mailtest

import (
	"bufio"
	"strings"
)

// smtpReply reads a reply with all its lines (RFC 5321 §4.2.1).
func smtpReply(r *bufio.Reader) (string, error) {
	reply := ""
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", err
		}
		if reply += line; len(line) < 4 || line[3] != '-' {
			return reply, nil
		}
	}
}

// noteSMTP takes note of what a client says: a command, an answer to a challenge, or a line of a message, of which the last is a dot. c.mu is
// held.
func (c *lyingConn) noteSMTP(word, line string) {
	switch {
	case c.inner == ".":
		if strings.TrimRight(line, "\r\n") != "." {
			return
		}
		word = "."
	case c.inner != "":
		word = c.inner
	}
	c.inner = ""
	c.queue = append(c.queue, word)
}

// replyTo is the command that a reply is for, as far as that can be told. c.mu is held.
func (c *lyingConn) replyTo(reply string) string {
	if len(c.queue) > 0 {
		c.last, c.queue = c.queue[0], c.queue[1:]
	}
	switch {
	case strings.HasPrefix(reply, "334"):
		c.inner = "AUTH"
	case strings.HasPrefix(reply, "354"):
		c.inner = "."
	}
	return c.last
}
