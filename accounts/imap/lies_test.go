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

// TestLiteralLies: a server that announces a body longer or shorter than it sends. The one message suffers, the others arrive as they
// are, and the connection is good afterwards.
func TestLiteralLies(t *testing.T) {
	for name, lie := range map[string]int{"too long": 40, "too short": -7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uids := []int{1, 2, 3, 4, 5, 6, 7, 8}
			o := &odd{uids: uids}
			o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
				rest, ok := strings.CutPrefix(line, "UID FETCH ")
				if !ok {
					return false
				}
				set, query, _ := strings.Cut(rest, " ")
				for _, u := range uids {
					if !o.in(set, u) {
						continue
					}
					answer := fetchAnswer(u, u, query)
					if u == 4 {
						body := "Subject: 4\r\n\r\nbody"
						answer = fmt.Sprintf("* 4 FETCH (UID 4 FLAGS (\\Seen) BODY[] {%d}\r\n%s)\r\n", len(body)+lie, body)
					}
					c.Send(answer)
				}
				return c.Send(tag, " OK\r\n")
			}
			cfg := o.start(t)
			cfg.Server.TimeoutSeconds = 10 // one wait for bytes that never come; the login and each other message have as long
			c, err := Dial(testContext(t), cfg)
			must(t, err)
			t.Cleanup(func() { c.Close() })
			all, bad := fetchAll(t, c, "INBOX", everything, remote.WantBody)
			if len(bad) != 1 || bad[0].UID != 4 {
				t.Errorf("set aside: %v", bad)
			}
			for _, u := range slices.DeleteFunc(uids, func(u int) bool { return u == 4 }) {
				if want := fmt.Sprintf("Subject: %d\r\n\r\nbody", u); all[mail.UID(u)].body != want {
					t.Errorf("message %d: %q", u, all[mail.UID(u)].body)
				}
			}
			must(t, c.Noop(testContext(t)))
		})
	}
}
