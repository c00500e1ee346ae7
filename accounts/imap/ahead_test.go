package imap

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// aheadServer has QRESYNC; a test changes what it says to SELECT and to FETCH. It notes the commands.
type aheadServer struct {
	mailtest.Heard
	validity int
	sel      string // the tagged answer to SELECT; "": OK
	fetch    func(c *mailtest.ScriptConn, tag, line string) bool
}

func (a *aheadServer) dial(t *testing.T) *Client {
	t.Helper()
	o := &odd{caps: "ENABLE QRESYNC CONDSTORE", uids: []int{1, 2, 3, 4}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		a.Note(line)
		switch {
		case strings.HasPrefix(line, "SELECT"):
			if a.sel != "" {
				return c.Send(tag, " ", a.sel, "\r\n")
			}
			return c.Send(fmt.Sprintf("* 4 EXISTS\r\n* OK [UIDVALIDITY %d] v\r\n* OK [UIDNEXT 5] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", a.validity),
				"* 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (8))\r\n", tag, " OK [READ-WRITE] done\r\n")
		case strings.HasPrefix(line, "UID FETCH") && a.fetch != nil:
			return a.fetch(c, tag, line)
		}
		return false
	}}
	if a.validity == 0 {
		a.validity = 7
	}
	return o.dial(t)
}

// news are messages 3 to 52, of which there are two.
var news = remote.Since{UIDValidity: 7, ModSeq: 5, Next: []remote.UIDRange{{First: 3, Last: 52}}, Want: remote.WantBody}

func changesOf(ctx context.Context, c *Client, since remote.Since) (changed []mail.UID, ok bool, err error) {
	_, ok, err = c.Changes(ctx, "INBOX", since, func(st mail.FlagState) error { changed = append(changed, st.UID); return nil })
	return changed, ok, err
}

// What was asked for together with SELECT is not asked for again.
func TestAheadIsFetchedOnce(t *testing.T) {
	a := &aheadServer{}
	c := a.dial(t)
	changed, ok, err := changesOf(testContext(t), c, news)
	if err != nil || !ok || len(changed) != 1 {
		t.Fatalf("changed %v, %v, %v", changed, ok, err)
	}
	got, bad := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 3, Last: 4}}, remote.WantBody)
	if len(got) != 2 || got[4].body != "Subject: 4\r\n\r\nbody" || len(bad) != 0 || len(a.Said("UID FETCH")) != 1 {
		t.Errorf("%d messages, %v, %d FETCH commands", len(got), bad, len(a.Said("UID FETCH")))
	}
	must(t, c.Noop(testContext(t)))
}

// The first of several sets can be on its way already: it is not asked for again, and the others follow without waiting for it.
func TestAheadBeginsSeveralSets(t *testing.T) {
	a := &aheadServer{}
	a.fetch = func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.Contains(line, "FETCH 3:4 ") {
			return false
		}
		// The client sends the next before it has this answer.
		next, ok := c.Line()
		if !ok {
			return true
		}
		nextTag, _, _ := strings.Cut(next, " ")
		a.Note(strings.TrimPrefix(next, nextTag+" "))
		for _, m := range []struct{ tag, uids string }{{tag, "34"}, {nextTag, "12"}} {
			for _, u := range m.uids {
				c.Send(fmt.Sprintf("* %c FETCH (UID %c FLAGS () BODY[] {1}\r\n%c)\r\n", u, u, u))
			}
			c.Send(m.tag, " OK done\r\n")
		}
		return true
	}
	c := a.dial(t)
	st, err := c.SelectNext(testContext(t), "INBOX", remote.Since{Next: []remote.UIDRange{{First: 3, Last: 4}}, Want: remote.WantBody})
	if err != nil || st.Exists != 4 || st.UIDValidity != 7 {
		t.Fatal(st, err)
	}
	var got []string
	_, done, err := c.FetchEach(testContext(t), "INBOX", [][]remote.UIDRange{{{First: 3, Last: 4}}, {{First: 1, Last: 2}}}, remote.WantBody, nil, func(f remote.Fetched) error {
		b, err := io.ReadAll(f.Body)
		got = append(got, string(b))
		return err
	})
	if err != nil || done != 2 || strings.Join(got, "") != "3412" || len(a.Said("UID FETCH")) != 2 {
		t.Errorf("%d sets, %q, %d FETCH commands, %v", done, got, len(a.Said("UID FETCH")), err)
	}
	must(t, c.Noop(testContext(t)))
}

// Answers that nobody wants any more and that never end cost the connection, not the day.
func TestAheadWithoutEnd(t *testing.T) {
	for name, again := range map[string]string{
		"lines":  "* 3 FETCH (UID 3 X (" + strings.Repeat("(", 1000) + "\r\n",
		"bodies": "* 3 FETCH (UID 3 FLAGS () BODY[] {1000}\r\n" + strings.Repeat("x", 1000) + ")\r\n",
	} {
		a := &aheadServer{}
		a.fetch = func(c *mailtest.ScriptConn, _, _ string) bool {
			for c.Send(strings.Repeat(again, 100)) {
			}
			return true
		}
		c := a.dial(t)
		if _, _, err := changesOf(testContext(t), c, news); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := c.Noop(testContext(t)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nobody takes the answers when something else is wanted, or when the mailbox is another one by now: they are stepped over.
func TestAheadIsSteppedOver(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, c *Client){
		"another verb": func(t *testing.T, c *Client) { must(t, c.Noop(testContext(t))) },
		"other messages": func(t *testing.T, c *Client) {
			if got, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 2, Last: 3}}, remote.WantBody); len(got) != 2 || got[2].body == "" {
				t.Errorf("got %v", got)
			}
		},
		"another part": func(t *testing.T, c *Client) {
			if got, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 3, Last: 3}}, remote.WantHeader); len(got) != 1 || len(got[3].Header) == 0 {
				t.Errorf("got %v", got)
			}
		},
		"another folder": func(t *testing.T, c *Client) {
			if got, _ := fetchAll(t, c, "Other", []remote.UIDRange{{First: 3, Last: 4}}, remote.WantBody); len(got) != 2 {
				t.Errorf("got %v", got)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := &aheadServer{}
			c := a.dial(t)
			if _, ok, err := changesOf(testContext(t), c, news); err != nil || !ok {
				t.Fatal(ok, err)
			}
			play(t, c)
			if _, ok, err := changesOf(testContext(t), c, news); err != nil || !ok {
				t.Fatal("after it:", ok, err)
			}
		})
	}
	t.Run("UIDVALIDITY changed", func(t *testing.T) {
		a := &aheadServer{validity: 8}
		c := a.dial(t)
		if _, ok, err := changesOf(testContext(t), c, news); err != nil || ok {
			t.Fatal(ok, err)
		}
		uids, err := c.UIDs(testContext(t), "INBOX")
		if err != nil || len(uids) != 4 {
			t.Error(uids, err)
		}
	})
}

// A server that refuses SELECT, or the FETCH that came early, or has far more to say than was expected, costs nothing but time.
func TestAheadRefused(t *testing.T) {
	t.Run("SELECT", func(t *testing.T) {
		a := &aheadServer{sel: "NO [NOPERM] not yours", fetch: func(c *mailtest.ScriptConn, tag, _ string) bool { return c.Send(tag, " BAD nothing is selected\r\n") }}
		c := a.dial(t)
		if _, _, err := changesOf(testContext(t), c, news); remote.As(err) == nil || remote.As(err).Closed {
			t.Fatal(err)
		}
		must(t, c.Noop(testContext(t)))
	})
	t.Run("FETCH", func(t *testing.T) {
		a := &aheadServer{}
		a.fetch = func(c *mailtest.ScriptConn, tag, _ string) bool {
			return len(a.Said("UID FETCH")) == 1 && c.Send(tag, " BAD one thing after another\r\n")
		}
		c := a.dial(t)
		if _, ok, err := changesOf(testContext(t), c, news); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if got, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 3, Last: 4}}, remote.WantBody); len(got) != 2 || len(a.Said("UID FETCH")) != 2 {
			t.Errorf("got %v after %d FETCH", got, len(a.Said("UID FETCH")))
		}
	})
	t.Run("far too much", func(t *testing.T) {
		a := &aheadServer{fetch: func(c *mailtest.ScriptConn, tag, _ string) bool {
			c.Send("* 3 FETCH (UID 3 FLAGS () BODY[] {", fmt.Sprint(drainAfterStop+1), "}\r\n", strings.Repeat("x", drainAfterStop+1), ")\r\n", tag, " OK\r\n")
			return true
		}}
		c := a.dial(t)
		if _, ok, err := changesOf(testContext(t), c, news); err != nil || !ok {
			t.Fatal(ok, err)
		}
		must(t, c.Noop(testContext(t)))
		if len(a.Said("AUTHENTICATE")) != 2 {
			t.Error("it was read to the end rather than begun anew")
		}
	})
}

// TestAheadOfAMessageThatKillsTheServer: the connection ends before the SELECT is answered that the message was asked for behind, each time.
// The folder is opened all the same, the message set aside, and the others come.
func TestAheadOfAMessageThatKillsTheServer(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	everything := []remote.UIDRange{{First: 1, Last: 4}}
	for name, first := range map[string]func(c *Client) error{
		"first look": func(c *Client) error {
			st, err := c.SelectNext(ctx, "INBOX", remote.Since{Next: everything, Want: remote.WantBody})
			if err == nil && st.UIDNext != 5 {
				err = fmt.Errorf("%+v", st)
			}
			return err
		},
		"changes": func(c *Client) error {
			_, ok, err := c.Changes(ctx, "INBOX", remote.Since{UIDValidity: 7, ModSeq: 5, Next: everything, Want: remote.WantBody}, func(mail.FlagState) error { return nil })
			if err == nil && !ok {
				err = fmt.Errorf("the changes were not told")
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := &odd{caps: "ENABLE QRESYNC CONDSTORE", uids: []int{1, 2, 3, 4}}
			o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
				if strings.HasPrefix(line, "SELECT") {
					return c.N == 1 || c.Send("* 4 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 5] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK [READ-WRITE] done\r\n")
				}
				rest, ok := strings.CutPrefix(line, "UID FETCH ")
				if !ok {
					return false
				}
				set, query, _ := strings.Cut(rest, " ")
				for _, u := range o.uids {
					switch {
					case !o.in(set, u):
					case u == 3:
						c.Reset()
						return true
					case c.N > 1:
						c.Send(fetchAnswer(u, u, query))
					}
				}
				return c.Send(tag, " OK\r\n")
			}
			c := o.dial(t)
			if err := first(c); err != nil {
				t.Fatal(err)
			}
			all, bad := fetchAll(t, c, "INBOX", everything, remote.WantBody)
			if len(all) != 3 || len(bad) != 1 || bad[0].UID != 3 {
				t.Errorf("%d messages came, set aside: %v", len(all), bad)
			}
		})
	}
}
