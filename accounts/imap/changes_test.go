package imap

import (
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What changed and cannot be read would be missed for ever, because the next pass asks from a later point on: then nobody says that this was all that changed.
func TestChangesThatCannotBeRead(t *testing.T) {
	const opened = "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 12] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n"
	for caps, inSelect := range map[string]bool{"ENABLE CONDSTORE QRESYNC": true, "ENABLE CONDSTORE": false} {
		for changes, readable := range map[string]bool{
			"* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (9))\r\n* 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (9))\r\n": true,
			"* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (9))\r\n* 2 FETCH (UID 2 FLAGS \\Seen MODSEQ (9))\r\n":   false,
		} {
			o := &odd{caps: caps, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				switch {
				case strings.HasPrefix(line, "SELECT") && inSelect:
					return c.Send(opened, changes, tag, " OK [READ-WRITE] done\r\n")
				case strings.HasPrefix(line, "SELECT"):
					return c.Send(opened, tag, " OK [READ-WRITE] done\r\n")
				case strings.HasPrefix(line, "UID FETCH") && strings.Contains(line, "CHANGEDSINCE"):
					return c.Send(changes, tag, " OK done\r\n")
				}
				return false
			}}
			n := 0
			_, ok, err := o.dial(t).Changes(testContext(t), "INBOX", remote.Since{UIDValidity: 7, ModSeq: 3}, func(mail.FlagState) error { n++; return nil })
			if err != nil || ok != readable || readable && n != 2 {
				t.Errorf("%s: %q: all of it is known: %v, %d changes, %v", caps, changes, ok, n, err)
			}
		}
	}
}

// A list of vanished messages that cannot be read is not taken for an empty one.
func TestVanishedThatCannotBeRead(t *testing.T) {
	o := &odd{caps: "ENABLE CONDSTORE QRESYNC", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if strings.HasPrefix(line, "SELECT") {
			return c.Send("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 12] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n* VANISHED (EARLIER) 4:x\r\n", tag, " OK [READ-WRITE] done\r\n")
		}
		return false
	}}
	if gone, ok, err := o.dial(t).Changes(testContext(t), "INBOX", remote.Since{UIDValidity: 7, ModSeq: 3}, func(mail.FlagState) error { return nil }); ok && err == nil {
		t.Errorf("all of it is known: %v", gone)
	}
}
