package imap

import (
	"io"
	"slices"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// newest is what a first download asks for of a folder: its two newest messages.
var newest = []remote.UIDRange{{First: 3, Last: 4}}

func openings(paths ...string) func() []remote.Visit {
	return func() (out []remote.Visit) {
		for _, p := range paths {
			out = append(out, remote.Visit{Path: p, Since: remote.Since{Next: newest, Want: remote.WantBody}})
		}
		return out
	}
}

// downloads opens a folder and fetches all four messages of it, the newest two first.
func (d *worksOff) downloads(t *testing.T, c *Client, path string, more func() bool, then ...string) {
	t.Helper()
	st, err := c.SelectNext(testContext(t), path, remote.Since{Next: newest, Want: remote.WantBody})
	if err != nil || st.Path != path || st.Exists != 4 {
		t.Fatalf("%s: %+v, %v", path, st, err)
	}
	var got []string
	bad, done, err := c.FetchNext(testContext(t), path, [][]remote.UIDRange{newest, {{First: 1, Last: 2}}}, remote.WantBody, more, openings(then...), func(f remote.Fetched) error {
		b, err := io.ReadAll(f.Body)
		got = append(got, string(b))
		return err
	})
	want := []string{path + " 3", path + " 4", path + " 1", path + " 2"}
	if more != nil {
		want = want[:2]
	}
	if err != nil || len(bad) > 0 || done != len(want)/2 || !slices.Equal(got, want) {
		t.Errorf("%s: %q, %d sets, %v, %v", path, got, done, bad, err)
	}
}

// The next folder is asked about behind the last messages of the one before, and its first messages come from what was sent then.
func TestNextFolderIsOpenedAhead(t *testing.T) {
	d := &worksOff{}
	c := d.dial(t)
	d.downloads(t, c, "INBOX", nil, "Work")
	heard(t, &d.Heard, map[string]int{"SELECT": 2, "UID FETCH": 3})
	d.downloads(t, c, "Work", nil, "Home")
	d.downloads(t, c, "Home", nil)
	if s, f := d.Said("SELECT"), d.Said("UID FETCH"); len(s) != 3 || len(f) != 6 {
		t.Errorf("in the end: %q, %q", s, f)
	}
	must(t, c.Noop(testContext(t)))
}

// small fetches the two newest messages of a folder, which are all that is wanted of it.
func (d *worksOff) small(t *testing.T, c *Client, path string, then ...string) {
	t.Helper()
	st, err := c.SelectNext(testContext(t), path, remote.Since{Next: newest, Want: remote.WantBody})
	if err != nil || st.Path != path {
		t.Fatalf("%s: %+v, %v", path, st, err)
	}
	var got []string
	_, done, err := c.FetchNext(testContext(t), path, [][]remote.UIDRange{newest}, remote.WantBody, nil, openings(then...), func(f remote.Fetched) error {
		b, err := io.ReadAll(f.Body)
		got = append(got, string(b))
		return err
	})
	if err != nil || done != 1 || !slices.Equal(got, []string{path + " 3", path + " 4"}) {
		t.Errorf("%s: %q, %d, %v", path, got, done, err)
	}
}

// While answers about some folders are outstanding, more folders are asked about behind them; each is asked about once.
func TestFurtherFoldersAreAskedAboutBehindOthers(t *testing.T) {
	d := &worksOff{}
	c := d.dial(t)
	d.small(t, c, "A", "B", "C")
	d.small(t, c, "B", "C", "D", "E")
	d.small(t, c, "C", "D", "E", "F")
	d.small(t, c, "D", "E", "F")
	d.small(t, c, "E", "X") // not what is outstanding: nothing can be asked behind it
	d.small(t, c, "F")
	d.small(t, c, "X")
	if s, f := d.Said("SELECT"), d.Said("UID FETCH"); len(s) != 7 || len(f) != 7 {
		t.Errorf("%q, %q", s, f)
	}
	d.small(t, c, "A", "B", "C")
	must(t, c.Noop(testContext(t))) // steps over B and C
	d.small(t, c, "B", "C")
	d.small(t, c, "C")
	if n := len(d.Said("SELECT")); n != 7+3+2 {
		t.Errorf("%d SELECT", n)
	}
}

// Nothing is asked about the next folder when the one at hand is left for something more urgent, and not on servers that may mix it up.
func TestNextFolderIsNotOpenedAhead(t *testing.T) {
	for name, stop := range map[string]bool{"Dovecot": true, "Cyrus": false} {
		d := &worksOff{name: name}
		c := d.dial(t)
		var more func() bool
		if stop {
			more = func() bool { return false }
		}
		d.downloads(t, c, "INBOX", more, "Work")
		if s := d.Said("SELECT"); len(s) != 1 {
			t.Errorf("%s: %q", name, s)
		}
		d.downloads(t, c, "Work", nil)
	}
}

// Whatever is wanted instead of what was asked for ahead is about the folder that it is meant for, and so is what follows.
func TestOpenedAheadInVain(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, d *worksOff, c *Client){
		"another verb":          func(t *testing.T, _ *worksOff, c *Client) { must(t, c.Noop(testContext(t))) },
		"the next but one":      func(t *testing.T, d *worksOff, c *Client) { d.downloads(t, c, "Home", nil) },
		"a message of before":   func(t *testing.T, d *worksOff, c *Client) { d.older(t, c, "INBOX") },
		"a message of the next": func(t *testing.T, d *worksOff, c *Client) { d.older(t, c, "Work") },
		"its changes": func(t *testing.T, d *worksOff, c *Client) {
			d.visits(t, c, "Work")
		},
		"its newest in another way": func(t *testing.T, d *worksOff, c *Client) {
			if st, err := c.SelectNext(testContext(t), "Work", remote.Since{Next: newest, Want: remote.WantHeader}); err != nil || st.Path != "Work" {
				t.Error(st, err)
			}
		},
		"a plain opening": func(t *testing.T, d *worksOff, c *Client) {
			if st, err := c.Select(testContext(t), "Work"); err != nil || st.Path != "Work" {
				t.Error(st, err)
			}
			d.older(t, c, "Work")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &worksOff{}
			c := d.dial(t)
			d.downloads(t, c, "INBOX", nil, "Work", "Home")
			play(t, d, c)
			d.downloads(t, c, "Work", nil, "INBOX")
			d.downloads(t, c, "Home", nil)
			d.downloads(t, c, "INBOX", nil)
		})
	}
}

// A message that nobody can read is found and set aside while nothing else is outstanding.
func TestOpenedAheadAndUnreadable(t *testing.T) {
	for name, whole := range map[string]bool{"one set": true, "two sets": false} {
		t.Run(name, func(t *testing.T) {
			d := &worksOff{answer: refusesThird}
			c := d.dial(t)
			if _, err := c.SelectNext(testContext(t), "INBOX", remote.Since{Next: newest, Want: remote.WantBody}); err != nil {
				t.Fatal(err)
			}
			sets := [][]remote.UIDRange{newest}
			if !whole {
				sets = append(sets, []remote.UIDRange{{First: 1, Last: 2}})
			}
			n := 0
			bad, done, err := c.FetchNext(testContext(t), "INBOX", sets, remote.WantBody, nil, openings("Work", "Home"), func(f remote.Fetched) error {
				n++
				_, err := io.Copy(io.Discard, f.Body)
				return err
			})
			if err != nil || done != len(sets) || len(bad) != 1 || bad[0].UID != 3 || n != 2*len(sets)-1 {
				t.Errorf("%d messages, %d sets, %v, %v", n, done, bad, err)
			}
			d.downloads(t, c, "Work", nil, "Home")
			d.downloads(t, c, "Home", nil)
			// Once ahead and in vain, once again.
			if l, s := d.Said("AUTHENTICATE"), d.Said("SELECT"); len(l) != 1 || len(s) > 6 {
				t.Errorf("%d logins, %q", len(l), s)
			}
		})
	}
}

// A folder that cannot be opened is told of that one, and the folders behind it are read all the same.
func TestOpenedAheadAndRefused(t *testing.T) {
	d := &worksOff{}
	d.answer = func(c *mailtest.ScriptConn, tag, line, open string) bool {
		switch {
		case strings.HasPrefix(line, `SELECT "Work`) || strings.HasPrefix(line, "SELECT Work"):
			d.opens(c, "")
			return c.Send("* OK [CLOSED] .\r\n", tag, " NO [NOPERM] not for you\r\n")
		case strings.HasPrefix(line, "UID FETCH") && open == "":
			return c.Send(tag, " BAD nothing is open\r\n")
		}
		return false
	}
	c := d.dial(t)
	d.downloads(t, c, "INBOX", nil, "Work", "Home")
	if _, err := c.SelectNext(testContext(t), "Work", remote.Since{Next: newest, Want: remote.WantBody}); !remote.IsPermanent(err) || remote.As(err).Closed {
		t.Fatal(err)
	}
	d.downloads(t, c, "Home", nil)
	if n := len(d.Said("SELECT")); n != 3 {
		t.Errorf("%d SELECT", n)
	}
}

// What could not be read of a folder that is another one by now is not held against its messages.
func TestReplacedWhileItIsRead(t *testing.T) {
	d := &worksOff{}
	d.answer = func(c *mailtest.ScriptConn, tag, line, _ string) bool {
		switch {
		case strings.HasPrefix(line, "UID FETCH"):
			return c.Send("* 3 FETCH (UID 3 FLAGS () BODY[] NIL)\r\n* 4 FETCH (UID 4 FLAGS () BODY[] {9999999999999999}\r\n") // the end of the connection
		case strings.HasPrefix(line, "SELECT") && len(d.Said("UID FETCH")) > 0:
			d.opens(c, "INBOX")
			return c.Send("* 1 EXISTS\r\n* OK [UIDVALIDITY 8] v\r\n* OK [UIDNEXT 2] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK done\r\n")
		}
		return false
	}
	c := d.dial(t)
	bad, err := c.Fetch(testContext(t), "INBOX", newest, remote.WantBody, func(remote.Fetched) error { return nil })
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemServer || len(bad) > 0 {
		t.Errorf("set aside %v, %v", bad, err)
	}
}
