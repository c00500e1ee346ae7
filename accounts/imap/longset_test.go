package imap

import (
	"strings"
	"sync/atomic"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestOddNameBehindALongSet: a copy into a folder whose name is no proper UTF-7 goes there wherever the name lies in a long command.
func TestOddNameBehindALongSet(t *testing.T) {
	var wrong atomic.Int32
	o := &odd{uids: []int{1}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "LIST"):
			return c.Send("* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"R&D\"\r\n", tag, " OK\r\n")
		case strings.HasPrefix(line, "UID COPY"):
			if !strings.HasSuffix(line, ` "R&D"`) {
				wrong.Add(1)
			}
		}
		return false
	}}
	c := o.dial(t)
	if _, err := c.List(testContext(t)); err != nil {
		t.Fatal(err)
	}
	for n := 800; n < 830; n++ {
		var uids []mail.UID
		for i := range n {
			uids = append(uids, mail.UID(1001+2*i))
		}
		_, err := c.Copy(testContext(t), "INBOX", uids, "R&D")
		must(t, err)
	}
	if n := wrong.Load(); n > 0 {
		t.Errorf("%d copies went to another folder", n)
	}
}

// TestWordsBehindALongSet: words in a literal are sent wherever their announcement lies in a long command.
func TestWordsBehindALongSet(t *testing.T) {
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.HasPrefix(line, "UID SEARCH") {
			return false
		}
		for strings.HasSuffix(line, "}") {
			c.Send("+ go\r\n")
			line, _ = c.Line()
		}
		return c.Send("* SEARCH 3\r\n", tag, " OK\r\n")
	}}
	cfg := o.start(t)
	cfg.Server.TimeoutSeconds = 10
	c, err := Dial(testContext(t), cfg)
	must(t, err)
	defer c.Close()
	for n := 790; n < 820; n++ {
		for last := mail.UID(10_000); last < 1_000_000_000; last *= 10 { // each place in the buffer once
			var set []remote.UIDRange
			for i := range n {
				set = append(set, remote.UIDRange{First: mail.UID(1001 + 2*i), Last: mail.UID(1001 + 2*i)})
			}
			set = append(set, remote.UIDRange{First: last, Last: last})
			if _, err := c.FindText(testContext(t), "INBOX", set, mail.Words{Text: "سلام"}); err != nil {
				t.Fatalf("%d messages and %d: %v", n, last, err)
			}
		}
	}
}
