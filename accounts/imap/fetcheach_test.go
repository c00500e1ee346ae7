package imap

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Sets come in the order asked for, the second is asked for before the first has come, and when more says no, what was asked
// for is still delivered and counted.
func TestFetchEach(t *testing.T) {
	t.Parallel()
	d := mailtest.StartDovecot(t, mailtest.DovecotOptions{})
	d.Deliver("ali", messages(1, 9)...)
	c := dialDovecot(t, d, "ali")
	sets := [][]remote.UIDRange{{{First: 7, Last: 9}}, {{First: 4, Last: 6}}, {{First: 1, Last: 1}, {First: 3, Last: 3}}}
	for _, allowed := range []int{0, 1, 9} {
		var uids []mail.UID
		asked := 0
		more := func() bool { asked++; return asked <= allowed }
		bad, done, err := c.FetchEach(testContext(t), "INBOX", sets, remote.WantBody, more, func(f remote.Fetched) error {
			uids = append(uids, f.UID)
			_, err := io.Copy(io.Discard, f.Body)
			return err
		})
		want, sets := []mail.UID{7, 8, 9, 4, 5, 6, 1, 3}, 3
		if allowed < 2 {
			want, sets = want[:3+3*allowed], 1+allowed
		}
		if err != nil || len(bad) > 0 || done != sets || !slices.Equal(uids, want) {
			t.Errorf("with %d more: %d sets, %v, %v, %v", allowed, done, uids, bad, err)
		}
	}
}

// A connection that ends in the middle of several sets is made again; every message comes once, in whichever set it was.
func TestFetchEachOverABrokenConnection(t *testing.T) {
	t.Parallel()
	var broken atomic.Bool
	o := &odd{uids: []int{1, 2, 3, 4, 5, 6}}
	o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
		set, ok := strings.CutPrefix(line, "UID FETCH ")
		if !ok {
			return false
		}
		set, _, _ = strings.Cut(set, " ")
		rs, err := parseSet(set)
		if err != nil {
			t.Error(err)
		}
		uids, _ := expand(rs)
		for _, u := range uids {
			if u == 2 && broken.CompareAndSwap(false, true) {
				c.Send("* 2 FETCH (UID 2 FLAGS () BODY[HEADER] {30}\r\nSubject: broken ")
				c.Reset()
				return true
			}
			text := fmt.Sprintf("Subject: number %d\r\n\r\n", u)
			c.Send(fmt.Sprintf("* %d FETCH (UID %d FLAGS () RFC822.SIZE 100 BODY[HEADER] {%d}\r\n%s)\r\n", u, u, len(text), text))
		}
		c.Send(tag, " OK done\r\n")
		return true
	}
	c := o.dial(t)
	seen := map[mail.UID]int{}
	sets := [][]remote.UIDRange{{{First: 5, Last: 6}}, {{First: 3, Last: 4}}, {{First: 1, Last: 2}}}
	bad, done, err := c.FetchEach(testContext(t), "INBOX", sets, remote.WantHeader, nil, func(f remote.Fetched) error {
		seen[f.UID]++
		return nil
	})
	if err != nil || len(bad) > 0 || done != 3 || !broken.Load() {
		t.Errorf("%d sets, %v, %v, broken %v", done, bad, err, broken.Load())
	}
	for u := mail.UID(1); u <= 6; u++ {
		if seen[u] != 1 {
			t.Errorf("message %d came %d times", u, seen[u])
		}
	}
}
