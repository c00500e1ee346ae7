package imap

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestBlankLineWhileMoreIsToBeSent: a blank line, of which some servers send one now and then, is no answer to a command that has not been sent.
func TestBlankLineWhileMoreIsToBeSent(t *testing.T) {
	var uids []int
	var sets [][]remote.UIDRange
	for u := 1; u <= 12; u++ {
		uids = append(uids, u)
		sets = append(sets, []remote.UIDRange{{First: mail.UID(u), Last: mail.UID(u)}})
	}
	o := &odd{uids: uids, noise: "\r\n"}
	var dials atomic.Int32
	o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
		if strings.HasPrefix(line, "SELECT") {
			dials.Add(1)
		}
		return false
	}
	c := o.dial(t)
	n := 0
	bad, done, err := c.FetchEach(testContext(t), "INBOX", sets, remote.WantHeader, nil, func(f remote.Fetched) error { n++; return nil })
	if err != nil || len(bad) > 0 || done != 12 || n != 12 || dials.Load() != 1 {
		t.Errorf("%d sets, %d messages, %v, %v, %d sessions", done, n, bad, err, dials.Load())
	}
}

// TestListingInPartsWithoutEnd: a server that says there are 40 million messages and lists them in parts, each of which is believable, is held to what one
// listing may bring.
func TestListingInPartsWithoutEnd(t *testing.T) {
	const part = 4 << 20
	var parts atomic.Int32
	o := &odd{caps: "ESEARCH"}
	o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "SELECT"):
			return c.Send("* 40000000 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n", tag, " OK\r\n")
		case strings.HasPrefix(line, "UID SEARCH"):
			n := int(parts.Add(1))
			return c.Send(fmt.Sprintf("* ESEARCH (TAG \"%s\") UID ALL %d:%d\r\n", tag, (n-1)*part+1, n*part), tag, " OK\r\n")
		}
		return false
	}
	uids, err := o.dial(t).UIDs(testContext(t), "INBOX")
	if err == nil {
		t.Errorf("%d messages in %d parts", len(uids), parts.Load())
	}
}

// TestStillThereForEver: a server that says for ever that it is still there keeps every deadline, and is left all the same.
func TestStillThereForEver(t *testing.T) {
	for name, verb := range map[string]func(c *Client) error{
		"own":     func(c *Client) error { _, err := c.Select(testContext(t), "A"); return err },
		"library": func(c *Client) error { return c.CreateFolder(testContext(t), "A") },
		"idle":    func(c *Client) error { _, err := c.Idle(testContext(t), "INBOX", time.Millisecond); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				switch {
				case line == `SELECT "INBOX"`:
					return false
				case line == "IDLE":
					c.Send("+ idling\r\n")
				case !strings.HasPrefix(line, "SELECT") && !strings.HasPrefix(line, "CREATE"):
					return false
				}
				for c.Send("* OK still here\r\n") {
					time.Sleep(5 * time.Millisecond)
				}
				return true
			}}
			c := o.dial(t)
			must(t, func() error { _, err := c.Select(testContext(t), "INBOX"); return err }())
			c.session().still, c.session().parting = 100*time.Millisecond, 100*time.Millisecond
			if err := verb(c); err == nil || !strings.Contains(err.Error(), "still there") {
				t.Error(err)
			}
		})
	}
}

// TestTrickleWithinAnAnswer: a server may be silent for as long as it likes, but once it has begun to answer it has to go on.
func TestTrickleWithinAnAnswer(t *testing.T) {
	const window = 300 * time.Millisecond // in which 16 bytes a second are four
	o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case line == "IDLE":
			c.Send("+ idling\r\n")
			time.Sleep(3 * window)
			c.Send("* 4 EXISTS\r\n")
			done, _ := c.Line()
			return c.Send(tag, " OK ", done, "\r\n")
		case strings.HasPrefix(line, "UID FETCH"):
			c.Send("* 1 FETCH (UID 1 FLAGS () BODY[] {1000}\r\n")
			for c.Send("x") {
				time.Sleep(window / 2)
			}
			return true
		}
		return false
	}}
	c := o.dial(t)
	c.session().w.conn.SetPaceWindow(window)
	if _, err := c.Select(testContext(t), "INBOX"); err != nil {
		t.Fatal(err)
	}
	if news, err := c.Idle(testContext(t), "INBOX", time.Hour); !news || err != nil {
		t.Fatalf("silence before an answer: %v %v", news, err)
	}
	piece := []remote.Section{{Number: "1", Limit: 1000}}
	if _, err := c.Sections(testContext(t), "INBOX", 1, piece); err == nil || !strings.Contains(err.Error(), "hardly goes on") {
		t.Error(err)
	}
}
