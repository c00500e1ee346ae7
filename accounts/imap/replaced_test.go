package imap

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestNewsOfAFolderThatWasLeft: what is said of a folder that the session has open without knowing is not about the one that is opened.
func TestNewsOfAFolderThatWasLeft(t *testing.T) {
	o := &odd{caps: "ENABLE QRESYNC CONDSTORE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "SELECT \"A\""):
			return c.Send("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 12] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK [READ-WRITE] done\r\n")
		case strings.HasPrefix(line, "SELECT \"B\""):
			return c.Send("* VANISHED 2\r\n* 1 FETCH (UID 3 FLAGS (\\Deleted) MODSEQ (9))\r\n* OK [CLOSED] .\r\n* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 12] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK [READ-WRITE] done\r\n")
		}
		return false
	}}
	c := o.dial(t)
	_, err := c.Select(testContext(t), "A")
	must(t, err)
	must(t, c.DeleteFolder(testContext(t), "A")) // without UNSELECT another folder is looked at
	var states []mail.FlagState
	gone, ok, err := c.Changes(testContext(t), "B", remote.Since{UIDValidity: 7, ModSeq: 8}, func(st mail.FlagState) error { states = append(states, st); return nil })
	if err != nil || !ok || len(gone) > 0 || len(states) > 0 {
		t.Errorf("%v %v %v %v", gone, states, ok, err)
	}
}

// TestFolderReplacedUnderAVerb: where a server tells that a folder has another UIDVALIDITY, nothing is done to what its UIDs name now.
func TestFolderReplacedUnderAVerb(t *testing.T) {
	for name, verb := range map[string]func(c *Client) error{
		"flags": func(c *Client) error {
			return c.StoreFlags(testContext(t), "A", []mail.UID{1}, mail.Flags{mail.FlagSeen}, nil)
		},
		"move":    func(c *Client) error { _, err := c.Move(testContext(t), "A", []mail.UID{1}, "B"); return err },
		"copy":    func(c *Client) error { _, err := c.Copy(testContext(t), "A", []mail.UID{1}, "B"); return err },
		"expunge": func(c *Client) error { _, err := c.Expunge(testContext(t), "A", []mail.UID{1}); return err },
	} {
		t.Run(name, func(t *testing.T) {
			var heard mailtest.Heard
			var mu sync.Mutex
			life := 7
			o := &odd{caps: "MOVE UIDPLUS", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				heard.Note(line)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case strings.HasPrefix(line, "SELECT"):
					return c.Send(fmt.Sprintf("* 3 EXISTS\r\n* OK [UIDVALIDITY %d] v\r\n", life), tag, " OK [READ-WRITE] done\r\n")
				case strings.HasPrefix(line, "NOOP"):
					life++
					return c.Send(fmt.Sprintf("* OK [UIDVALIDITY %d] another\r\n", life), tag, " OK\r\n")
				}
				return false
			}}
			c := o.dial(t)
			_, err := c.Select(testContext(t), "A")
			must(t, err)
			must(t, c.Noop(testContext(t)))
			err = verb(c)
			if err == nil {
				t.Error("done in another folder")
			}
			if said := heard.Said("UID"); len(said) > 0 {
				t.Error(said)
			}
		})
	}
}

// TestNameThatIsProperNow: a name that was no proper UTF-7 and is now is sent as it is now.
func TestNameThatIsProperNow(t *testing.T) {
	var mu sync.Mutex
	wire, selected := "R&D", ""
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case strings.HasPrefix(line, "LIST"):
			return c.Send("* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"", wire, "\"\r\n", tag, " OK\r\n")
		case strings.HasPrefix(line, "SELECT"):
			selected = line
		}
		return false
	}}
	c := o.dial(t)
	_, err := c.List(testContext(t))
	must(t, err)
	mu.Lock()
	wire = "R&-D"
	mu.Unlock()
	_, err = c.List(testContext(t))
	must(t, err)
	_, err = c.Select(testContext(t), "R&D")
	must(t, err)
	mu.Lock()
	defer mu.Unlock()
	if selected != `SELECT "R&-D"` {
		t.Error(selected)
	}
}
