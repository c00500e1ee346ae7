package imap

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestMessageInTwoAnswers: the flags of a message are its flags, in whichever answer they come.
func TestMessageInTwoAnswers(t *testing.T) {
	for name, lines := range map[string][]string{
		"flags first":   {"FLAGS (\\Seen $Forwarded)", "BODY[] {4}\r\nab\r\n"},
		"content first": {"BODY[] {4}\r\nab\r\n", "FLAGS (\\Seen $Forwarded)"},
	} {
		t.Run(name, func(t *testing.T) {
			o := &odd{uids: []int{1, 2}}
			o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
				if !strings.HasPrefix(line, "UID FETCH") {
					return false
				}
				set := strings.Fields(line)[2]
				for i, u := range o.uids {
					for _, l := range lines {
						if o.in(set, u) {
							c.Send(fmt.Sprintf("* %d FETCH (UID %d %s)\r\n", i+1, u, l))
						}
					}
				}
				return c.Send(tag, " OK\r\n")
			}
			all, bad := fetchAll(t, o.dial(t), "INBOX", everything, remote.WantBody)
			for _, u := range []mail.UID{1, 2} {
				if g := all[u]; g.body != "ab\r\n" || !slices.Equal(g.Flags, mail.Flags{mail.FlagSeen, mail.FlagForwarded}) {
					t.Errorf("%d: %q %v; %v", u, g.body, g.Flags, bad)
				}
			}
		})
	}
}
