package imap

import (
	"strings"
	"sync/atomic"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mailtest"
)

// TestFlagsWithheldWhenIsolated: nor do they after the connection broke, when what is missing is asked for in parts.
func TestFlagsWithheldWhenIsolated(t *testing.T) {
	var n atomic.Int32
	o := &odd{uids: []int{1, 2, 3, 4}}
	o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.HasPrefix(line, "UID FETCH") {
			return false
		}
		if n.Add(1) == 1 {
			c.Send("* 1 FETCH (UID 1 FLAGS ())\r\n")
			c.Reset()
			return true
		}
		set := strings.Fields(line)[2]
		for i, u := range o.uids {
			if u != 3 && o.in(set, u) {
				c.Send(fetchAnswer(i+1, u, ""))
			}
		}
		return c.Send(tag, " OK\r\n")
	}
	all, bad := fetchAll(t, o.dial(t), "INBOX", everything, remote.WantFlags)
	if len(all) != 3 || len(bad) != 1 || bad[0].UID != 3 {
		t.Errorf("%v, set aside %v", all, bad)
	}
}

// TestFlagsWithheldBehindDoubles: nor where other messages come twice, as those do that another client changes meanwhile, so that as many answers came
// as there are messages.
func TestFlagsWithheldBehindDoubles(t *testing.T) {
	o := &odd{uids: []int{1, 2, 3}}
	o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.HasPrefix(line, "UID FETCH") {
			return false
		}
		set := strings.Fields(line)[2]
		for i, u := range o.uids {
			if u != 3 && o.in(set, u) {
				c.Send(fetchAnswer(i+1, u, ""))
				c.Send(fetchAnswer(i+1, u, ""))
			}
		}
		return c.Send(tag, " OK\r\n")
	}
	all, bad := fetchAll(t, o.dial(t), "INBOX", everything, remote.WantFlags)
	if len(all) != 2 || len(bad) != 1 || bad[0].UID != 3 {
		t.Errorf("%v, set aside %v", all, bad)
	}
}
