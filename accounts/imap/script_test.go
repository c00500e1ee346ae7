package imap

import (
	"fmt"
	"strings"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// odd is a server that logs everybody in and answers the ordinary commands; a test replaces some of its answers.
type odd struct {
	caps string // besides IMAP4rev1, AUTH=PLAIN and SASL-IR
	// uids are the messages of every mailbox; nil: 1 to 3.
	uids []int
	name string // the server's, in the greeting
	// noise is sent before each answer.
	noise string
	// answer may answer a command itself (true); cmd is in upper case up to the first quote, line is as sent.
	answer func(c *mailtest.ScriptConn, tag, line string) bool
}

// start starts the server and gives the configuration to reach it.
func (o *odd) start(t testing.TB) Config {
	t.Helper()
	if o.uids == nil {
		o.uids = []int{1, 2, 3}
	}
	s := mailtest.StartScript(t, mailtest.Good, o.play)
	return Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 20}}
}

func (o *odd) dial(t testing.TB) *Client {
	t.Helper()
	c, err := Dial(testContext(t), o.start(t))
	if err != nil {
		t.Fatalf("Dial: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func (o *odd) play(c *mailtest.ScriptConn) {
	c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR ", o.caps, "] ", o.name, " ready\r\n")
	o.answers(c)
}

// answers answers commands until the client goes.
func (o *odd) answers(c *mailtest.ScriptConn) {
	for {
		line, ok := c.Line()
		if !ok {
			return
		}
		tag, cmd, _ := strings.Cut(line, " ")
		upper := strings.ToUpper(cmd)
		if !strings.HasPrefix(upper, "AUTHENTICATE") && !strings.HasPrefix(upper, "ENABLE") && !strings.HasPrefix(upper, "LOGOUT") {
			c.Send(o.noise)
		}
		if o.answer != nil && o.answer(c, tag, cmd) {
			continue
		}
		switch word, rest, _ := strings.Cut(upper, " "); word {
		case "AUTHENTICATE":
			c.Send(tag, " OK [CAPABILITY IMAP4rev1 ", o.caps, "] in\r\n")
		case "ENABLE":
			c.Send("* ENABLED ", rest, "\r\n", tag, " OK\r\n")
		case "SELECT":
			c.Send(fmt.Sprintf("* %d EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 100] n\r\n* OK [PERMANENTFLAGS (\\Seen \\*)] f\r\n", len(o.uids)),
				tag, " OK [READ-WRITE] done\r\n")
		case "UID":
			o.uid(c, tag, rest)
		case "LOGOUT":
			c.Send("* BYE\r\n", tag, " OK\r\n")
			return
		default:
			c.Send(tag, " OK done\r\n")
		}
	}
}

// uid answers UID SEARCH and UID FETCH.
func (o *odd) uid(c *mailtest.ScriptConn, tag, rest string) {
	word, args, _ := strings.Cut(rest, " ")
	switch word {
	case "SEARCH":
		c.Send("* SEARCH", o.matching(args), "\r\n", tag, " OK\r\n")
	case "FETCH":
		set, query, _ := strings.Cut(args, " ")
		for i, u := range o.uids {
			if o.in(set, u) {
				c.Send(fetchAnswer(i+1, u, query))
			}
		}
		c.Send(tag, " OK fetched\r\n")
	default:
		c.Send(tag, " OK done\r\n")
	}
}

func fetchAnswer(seq, uid int, query string) string {
	out := fmt.Sprintf("* %d FETCH (UID %d FLAGS (\\Seen)", seq, uid)
	head, all := fmt.Sprintf("Subject: %d\r\n\r\n", uid), fmt.Sprintf("Subject: %d\r\n\r\nbody", uid)
	switch {
	case strings.Contains(query, "BODY.PEEK[HEADER]"):
		out += fmt.Sprintf(" RFC822.SIZE %d BODY[HEADER] {%d}\r\n%s", len(all), len(head), head)
	case strings.Contains(query, "BODY.PEEK[]"):
		out += fmt.Sprintf(" RFC822.SIZE %d BODY[] {%d}\r\n%s", len(all), len(all), all)
	}
	return out + ")\r\n"
}

func (o *odd) matching(criteria string) string {
	_, set, has := strings.Cut(" "+criteria, " UID ")
	var b strings.Builder
	for _, u := range o.uids {
		if !has || o.in(set, u) {
			fmt.Fprintf(&b, " %d", u)
		}
	}
	return b.String()
}

func (o *odd) in(set string, uid int) bool {
	rs, err := parseSet(set)
	return err == nil && contains(rs, mail.UID(uid))
}
