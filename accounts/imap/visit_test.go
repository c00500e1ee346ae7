package imap

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// worksOff is a Dovecot as far as it says, with three folders that hold four messages each; a body names its folder. A test replaces some
// answers.
type worksOff struct {
	name string // "": Dovecot
	mailtest.Heard
	mu     sync.Mutex
	open   map[*mailtest.ScriptConn]string
	answer func(c *mailtest.ScriptConn, tag, line, open string) bool
}

// look is what a pass asks about a folder of which two messages are new.
func look(path string, then ...string) remote.Since {
	since := remote.Since{UIDValidity: 7, ModSeq: 5, Next: []remote.UIDRange{{First: 3, Last: 52}}, Want: remote.WantBody}
	for _, p := range then {
		since.Then = append(since.Then, remote.Visit{Path: p, Since: look(p)})
	}
	return since
}

func (d *worksOff) dial(t *testing.T) *Client {
	t.Helper()
	if d.name == "" {
		d.name = "Dovecot"
	}
	d.open = map[*mailtest.ScriptConn]string{}
	o := &odd{name: d.name, caps: "ENABLE QRESYNC CONDSTORE", uids: []int{1, 2, 3, 4}, answer: d.answers}
	return o.dial(t)
}

func (d *worksOff) answers(c *mailtest.ScriptConn, tag, line string) bool {
	d.Note(line)
	d.mu.Lock()
	open := d.open[c]
	d.mu.Unlock()
	if d.answer != nil && d.answer(c, tag, line, open) {
		return true
	}
	switch word := strings.Fields(line); {
	case word[0] == "SELECT":
		d.opens(c, strings.Trim(word[1], `"`))
		closed := ""
		if open != "" {
			closed = "* OK [CLOSED] .\r\n"
		}
		return c.Send(closed, "* 4 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 5] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n",
			"* 1 FETCH (UID 1 FLAGS (\\Flagged) MODSEQ (8))\r\n", tag, " OK [READ-WRITE] done\r\n")
	case line[:min(len(line), 9)] == "UID FETCH":
		var out strings.Builder
		item := "BODY[]"
		if strings.Contains(line, "HEADER") {
			item = "BODY[HEADER]"
		}
		for _, uid := range wantedUIDs(word[2]) {
			body := fmt.Sprintf("%s %d", open, uid)
			fmt.Fprintf(&out, "* %d FETCH (UID %d FLAGS () %s {%d}\r\n%s)\r\n", uid, uid, item, len(body), body)
		}
		return c.Send(out.String(), tag, " OK done\r\n")
	}
	return false
}

// heard waits until the server has read so many commands: those that nobody has waited for yet may still be on their way to it.
func heard(t *testing.T, h *mailtest.Heard, want map[string]int) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(time.Millisecond) {
		missing := ""
		for word, n := range want {
			if said := h.Said(word); len(said) != n {
				missing = fmt.Sprintf("%d %s, want %d: %q", len(said), word, n, said)
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(end) {
			t.Fatal(missing)
		}
	}
}

func (d *worksOff) opens(c *mailtest.ScriptConn, path string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open[c] = path
}

// wantedUIDs are those of 1 to 4 that a set names.
func wantedUIDs(set string) (out []int) {
	for _, r := range strings.Split(set, ",") {
		a, b, is := strings.Cut(r, ":")
		first, _ := strconv.Atoi(a)
		last, err := strconv.Atoi(b)
		if !is {
			last = first
		} else if err != nil {
			last = 4
		}
		for u := first; u <= min(last, 4); u++ {
			out = append(out, u)
		}
	}
	return out
}

// visits looks at a folder as a pass does, and holds that everything is of that folder.
func (d *worksOff) visits(t *testing.T, c *Client, path string, then ...string) {
	t.Helper()
	var changed []mail.UID
	_, ok, err := c.Changes(testContext(t), path, look(path, then...), func(st mail.FlagState) error { changed = append(changed, st.UID); return nil })
	if err != nil || !ok || !slices.Equal(changed, []mail.UID{1}) {
		t.Fatalf("%s: changed %v, %v, %v", path, changed, ok, err)
	}
	if st, ok := c.State(path); !ok || st.UIDNext != 5 || st.Path != path {
		t.Errorf("%s: %+v, %v", path, st, ok)
	}
	d.fetches(t, c, path)
}

func (d *worksOff) fetches(t *testing.T, c *Client, path string) {
	t.Helper()
	all, bad := fetchAll(t, c, path, []remote.UIDRange{{First: 3, Last: 4}}, remote.WantBody)
	if len(all) != 2 || len(bad) != 0 || all[3].body != path+" 3" || all[4].body != path+" 4" {
		t.Errorf("%s: %v, %v", path, all, bad)
	}
}

// Three changed folders are asked about at once, and each once.
func TestFoldersAreAskedAboutTogether(t *testing.T) {
	d := &worksOff{}
	all := make(chan struct{})
	d.answer = func(_ *mailtest.ScriptConn, _, line, open string) bool {
		if strings.HasPrefix(line, "UID FETCH") && open == "Home" {
			close(all)
		}
		return false
	}
	c := d.dial(t)
	_, ok, err := c.Changes(testContext(t), "INBOX", look("INBOX", "Work", "Home"), func(mail.FlagState) error { return nil })
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	<-all // before anything else was asked for
	d.fetches(t, c, "INBOX")
	d.visits(t, c, "Work", "Home")
	d.visits(t, c, "Home")
	if s, f := d.Said("SELECT"), d.Said("UID FETCH"); len(s) != 3 || len(f) != 3 {
		t.Errorf("%q, %q", s, f)
	}
	must(t, c.Noop(testContext(t)))
}

// A server that is not known to work off one command after the other is asked about one folder after the other.
func TestFoldersAreNotAskedAboutTogetherElsewhere(t *testing.T) {
	d := &worksOff{name: "Cyrus"}
	c := d.dial(t)
	_, ok, err := c.Changes(testContext(t), "INBOX", look("INBOX", "Work", "Home"), func(mail.FlagState) error { return nil })
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	d.fetches(t, c, "INBOX")
	if s := d.Said("SELECT"); len(s) != 1 {
		t.Errorf("%q", s)
	}
	d.visits(t, c, "Work", "Home")
	d.visits(t, c, "Home")
}

// Whatever is wanted instead of what was asked for ahead, it is about the folder that it is meant for, and so is what follows.
func TestAskedAheadInVain(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, d *worksOff, c *Client){
		"nothing new after all":   func(*testing.T, *worksOff, *Client) {},
		"another verb":            func(t *testing.T, _ *worksOff, c *Client) { must(t, c.Noop(testContext(t))) },
		"the next but one":        func(t *testing.T, d *worksOff, c *Client) { d.visits(t, c, "Home") },
		"an older message":        func(t *testing.T, d *worksOff, c *Client) { d.older(t, c, "INBOX") },
		"of the folder behind it": func(t *testing.T, d *worksOff, c *Client) { d.older(t, c, "Work") },
		"of the last one":         func(t *testing.T, d *worksOff, c *Client) { d.older(t, c, "Home") },
		"flags are set": func(t *testing.T, d *worksOff, c *Client) {
			must(t, c.StoreFlags(testContext(t), "INBOX", []mail.UID{3}, mail.Flags{mail.FlagSeen}, nil))
			if s := d.Said("SELECT"); s[len(s)-1] != `SELECT INBOX` && !strings.HasPrefix(s[len(s)-1], `SELECT "INBOX"`) {
				t.Errorf("set after %q", s)
			}
		},
		"a search": func(t *testing.T, _ *worksOff, c *Client) {
			if uids, err := c.UIDs(testContext(t), "INBOX"); err != nil || len(uids) != 4 {
				t.Error(uids, err)
			}
		},
		"the reader stops": func(t *testing.T, _ *worksOff, c *Client) {
			_, err := c.Fetch(testContext(t), "INBOX", []remote.UIDRange{{First: 3, Last: 4}}, remote.WantBody, func(remote.Fetched) error { return errEnough })
			if err != errEnough {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &worksOff{}
			c := d.dial(t)
			_, ok, err := c.Changes(testContext(t), "INBOX", look("INBOX", "Work", "Home"), func(mail.FlagState) error { return nil })
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			play(t, d, c)
			d.visits(t, c, "Work", "Home")
			d.visits(t, c, "INBOX")
			d.visits(t, c, "Home")
		})
	}
}

var errEnough = fmt.Errorf("enough")

func (d *worksOff) older(t *testing.T, c *Client, path string) {
	t.Helper()
	all, _ := fetchAll(t, c, path, []remote.UIDRange{{First: 2, Last: 2}}, remote.WantBody)
	if len(all) != 1 || all[2].body != path+" 2" {
		t.Errorf("%s: %v", path, all)
	}
}

// refusesThird is a server that cannot read message 3 of the inbox.
func refusesThird(c *mailtest.ScriptConn, tag, line, open string) bool {
	if strings.HasPrefix(line, "UID FETCH") && open == "INBOX" && slices.Contains(wantedUIDs(strings.Fields(line)[2]), 3) {
		return c.Send(tag, " NO [SERVERBUG] not this one\r\n")
	}
	return false
}

// findsBad looks at the inbox, of whose new messages one cannot be read, while others are asked about.
func (d *worksOff) findsBad(t *testing.T, c *Client) {
	t.Helper()
	if _, ok, err := c.Changes(testContext(t), "INBOX", look("INBOX", "Work", "Home"), func(mail.FlagState) error { return nil }); err != nil || !ok {
		t.Fatal(ok, err)
	}
	all, bad := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 3, Last: 4}}, remote.WantBody)
	if len(all) != 1 || all[4].body != "INBOX 4" || len(bad) != 1 || bad[0].UID != 3 {
		t.Errorf("%v, %v", all, bad)
	}
}

// What goes wrong with one of the folders is told of that one.
func TestAskedAheadAndRefused(t *testing.T) {
	t.Parallel()
	isOf := func(line, path string) bool {
		return strings.HasPrefix(line, "SELECT "+path) || strings.HasPrefix(line, `SELECT "`+path)
	}
	t.Run("a folder that is gone", func(t *testing.T) {
		d := &worksOff{}
		d.answer = func(c *mailtest.ScriptConn, tag, line, open string) bool {
			switch {
			case isOf(line, "Work"):
				d.opens(c, "")
				return c.Send("* OK [CLOSED] .\r\n", tag, " NO [NONEXISTENT] no such folder\r\n")
			case strings.HasPrefix(line, "UID FETCH") && open == "":
				return c.Send(tag, " BAD nothing is open\r\n")
			}
			return false
		}
		c := d.dial(t)
		d.visits(t, c, "INBOX", "Work", "Home")
		if _, _, err := c.Changes(testContext(t), "Work", look("Work", "Home"), func(mail.FlagState) error { return nil }); remote.As(err) == nil || remote.As(err).Closed {
			t.Fatal(err)
		}
		d.visits(t, c, "Home")
		if n := len(d.Said("SELECT")); n != 3 {
			t.Errorf("%d SELECT", n)
		}
	})
	t.Run("a folder that was made anew", func(t *testing.T) {
		d := &worksOff{}
		d.answer = func(c *mailtest.ScriptConn, tag, line, _ string) bool {
			if !isOf(line, "Work") {
				return false
			}
			d.opens(c, "Work")
			return c.Send("* OK [CLOSED] .\r\n* 4 EXISTS\r\n* OK [UIDVALIDITY 8] v\r\n* OK [UIDNEXT 5] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK done\r\n")
		}
		c := d.dial(t)
		d.visits(t, c, "INBOX", "Work", "Home")
		_, ok, err := c.Changes(testContext(t), "Work", look("Work", "Home"), func(mail.FlagState) error { return nil })
		if err != nil || ok {
			t.Fatal(ok, err)
		}
		if uids, err := c.UIDs(testContext(t), "Work"); err != nil || len(uids) != 4 {
			t.Error(uids, err)
		}
		d.visits(t, c, "Home")
	})
	t.Run("a message that nobody can read", func(t *testing.T) {
		d := &worksOff{}
		d.answer = refusesThird
		c := d.dial(t)
		d.findsBad(t, c)
		d.visits(t, c, "Work", "Home")
		d.visits(t, c, "Home")
	})
	t.Run("the connection ends at a message", func(t *testing.T) {
		d := &worksOff{}
		d.answer = func(c *mailtest.ScriptConn, _, line, open string) bool {
			if strings.HasPrefix(line, "UID FETCH") && open == "INBOX" && slices.Contains(wantedUIDs(strings.Fields(line)[2]), 3) {
				c.Reset()
				return true
			}
			return false
		}
		c := d.dial(t)
		d.findsBad(t, c)
		d.visits(t, c, "Work", "Home")
	})
	t.Run("an answer cut short", func(t *testing.T) {
		d := &worksOff{}
		d.answer = func(c *mailtest.ScriptConn, tag, line, open string) bool {
			if strings.HasPrefix(line, "UID FETCH") && len(wantedUIDs(strings.Fields(line)[2])) > 1 {
				body := open + " 4"
				return c.Send(fmt.Sprintf("* 4 FETCH (UID 4 FLAGS () BODY[] {%d}\r\n%s)\r\n", len(body), body), tag, " OK [MESSAGELIMIT 1 4] the rest later\r\n")
			}
			return false
		}
		c := d.dial(t)
		d.visits(t, c, "INBOX", "Work", "Home")
		d.visits(t, c, "Work", "Home")
	})
}

// From a server that does work on two at a time, though it should not, no mail gets into the wrong folder: it is asked again, one after
// the other, on another connection.
func TestAskedAheadOutOfOrder(t *testing.T) {
	for name, odd := range map[string]func(c *mailtest.ScriptConn, tag string) bool{
		"the later SELECT is answered first": func(*mailtest.ScriptConn, string) bool { return true },
		"the messages come from the later folder": func(c *mailtest.ScriptConn, tag string) bool {
			return c.Send("* OK [CLOSED] .\r\n* 3 FETCH (UID 3 FLAGS () BODY[] {6}\r\nWork 3)\r\n", tag, " OK done\r\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var once atomic.Bool
			d := &worksOff{}
			d.answer = func(c *mailtest.ScriptConn, tag, line, open string) bool {
				return strings.HasPrefix(line, "UID FETCH") && open == "INBOX" && once.CompareAndSwap(false, true) && odd(c, tag)
			}
			c := d.dial(t)
			if _, ok, err := c.Changes(testContext(t), "INBOX", look("INBOX", "Work"), func(mail.FlagState) error { return nil }); err != nil || !ok {
				t.Fatal(ok, err)
			}
			d.fetches(t, c, "INBOX")
			d.visits(t, c, "Work")
			if n := len(d.Said("AUTHENTICATE")); n != 2 {
				t.Errorf("%d logins", n)
			}
		})
	}
}

// Where the answer to a SELECT comes under no tag that was used, what follows is of the next folder, and nothing of it counts as a change of
// the first one: neither then nor when that is asked about again.
func TestAnswerToSelectIsLost(t *testing.T) {
	var lost atomic.Bool
	d := &worksOff{}
	d.answer = func(c *mailtest.ScriptConn, tag, line, open string) bool {
		if !strings.HasPrefix(line, `SELECT "INBOX"`) || !lost.CompareAndSwap(false, true) {
			return false
		}
		d.opens(c, "INBOX")
		return c.Send("* 4 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 5] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", "X", tag, " OK [READ-WRITE] done\r\n",
			"* OK [CLOSED] .\r\n* 4 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [HIGHESTMODSEQ 9] m\r\n* 2 FETCH (UID 2 FLAGS (\\Deleted) MODSEQ (8))\r\n")
	}
	c := d.dial(t)
	changed := map[mail.UID]mail.Flags{}
	_, ok, err := c.Changes(testContext(t), "INBOX", look("INBOX", "Work"), func(st mail.FlagState) error { changed[st.UID] = st.Flags; return nil })
	if err != nil || !ok || len(changed) != 1 || !changed[1].Has(mail.FlagFlagged) {
		t.Errorf("changed %v, %v, %v", changed, ok, err)
	}
}
