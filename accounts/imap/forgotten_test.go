package imap

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"peyk/internal/mailtest"
)

// TestNothingGathers: what a server says again and again, each time something else, is not kept for the life of the connection.
func TestNothingGathers(t *testing.T) {
	var n atomic.Int32
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "LIST"):
			c.Send("* LIST () \"/\" INBOX\r\n")
			for range 10 {
				c.Send(fmt.Sprintf("* LIST () \"/\" \"R&D %d\"\r\n", n.Add(1)))
			}
		case strings.HasPrefix(line, "SELECT"):
			for range 10 {
				c.Send("* OK [COPYUID 7 1 2] copied\r\n")
			}
			return false
		default:
			return false
		}
		return c.Send(tag, " OK\r\n")
	}}
	c := o.dial(t)
	for range 5 {
		list, err := c.List(testContext(t))
		if err != nil || len(list) != 11 {
			t.Fatalf("%d folders, %v", len(list), err)
		}
		if _, err := c.Select(testContext(t), list[10].Path); err != nil {
			t.Fatal(err)
		}
	}
	if names, copied := len(c.names.wire), len(c.session().copied); names > 10 || copied > 0 {
		t.Errorf("%d names and %d copies are kept", names, copied)
	}
}
