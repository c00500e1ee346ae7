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

// headed opens the inbox for its newest headers, and for its newest messages behind them, and reads the headers.
func (d *worksOff) headed(t *testing.T, c *Client) {
	t.Helper()
	st, err := c.SelectNext(testContext(t), "INBOX", remote.Since{Next: newest, Want: remote.WantHeader, Then: openings("INBOX")()})
	if err != nil || st.Exists != 4 {
		t.Fatalf("%+v, %v", st, err)
	}
	if all, bad := fetchAll(t, c, "INBOX", newest, remote.WantHeader); len(all) != 2 || len(bad) > 0 || string(all[3].Header) != "INBOX 3" {
		t.Errorf("headers: %+v, set aside %v", all, bad)
	}
}

// all fetches the four messages of a folder without opening it, the newest first.
func (d *worksOff) all(t *testing.T, c *Client, path string, then ...string) (bad []remote.Poisoned, err error) {
	t.Helper()
	var got []string
	sets := [][]remote.UIDRange{newest, {{First: 1, Last: 2}}}
	bad, done, err := c.FetchNext(testContext(t), path, sets, remote.WantBody, nil, openings(then...), func(f remote.Fetched) error {
		b, err := io.ReadAll(f.Body)
		got = append(got, string(b))
		return err
	})
	if want := []string{path + " 3", path + " 4", path + " 1", path + " 2"}; err == nil && len(bad) == 0 && (done != 2 || !slices.Equal(got, want)) {
		t.Errorf("%q, %d sets", got, done)
	}
	return bad, err
}

// The headers of the newest messages and these messages themselves are asked for in one flight; and so is what comes behind them.
func TestMessagesBehindTheirHeaders(t *testing.T) {
	d := &worksOff{}
	c := d.dial(t)
	d.headed(t, c)
	heard(t, &d.Heard, map[string]int{"SELECT": 2, "UID FETCH": 2})
	if bad, err := d.all(t, c, "INBOX", "Work"); err != nil || len(bad) > 0 {
		t.Error(bad, err)
	}
	d.downloads(t, c, "Work", nil)
	if s, f := d.Said("SELECT"), d.Said("UID FETCH"); len(s) != 3 || len(f) != 5 {
		t.Errorf("in the end: %q, %q", s, f)
	}
}

// Servers that may mix things up are not asked so.
func TestMessagesAfterTheirHeaders(t *testing.T) {
	d := &worksOff{name: "Cyrus"}
	c := d.dial(t)
	d.headed(t, c)
	if bad, err := d.all(t, c, "INBOX"); err != nil || len(bad) > 0 {
		t.Error(bad, err)
	}
	if s, f := d.Said("SELECT"), d.Said("UID FETCH"); len(s) != 1 || len(f) != 3 {
		t.Errorf("%q, %q", s, f)
	}
}

// Whatever is wanted instead of the messages, they are fetched right all the same.
func TestMessagesBehindTheirHeadersInVain(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, d *worksOff, c *Client){
		"another verb":      func(t *testing.T, _ *worksOff, c *Client) { must(t, c.Noop(testContext(t))) },
		"another folder":    func(t *testing.T, d *worksOff, c *Client) { d.downloads(t, c, "Work", nil) },
		"an older message":  func(t *testing.T, d *worksOff, c *Client) { d.older(t, c, "INBOX") },
		"the headers again": func(t *testing.T, d *worksOff, c *Client) { fetchAll(t, c, "INBOX", newest, remote.WantHeader) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &worksOff{}
			c := d.dial(t)
			d.headed(t, c)
			play(t, d, c)
			if bad, err := d.all(t, c, "INBOX"); err != nil || len(bad) > 0 {
				t.Error(bad, err)
			}
		})
	}
}

// The second opening may fail where the first did not.
func TestMessagesBehindTheirHeadersAndTrouble(t *testing.T) {
	again := func(d *worksOff, line string) bool {
		return strings.HasPrefix(line, "SELECT") && len(d.Said("SELECT")) == 2
	}
	for name, c := range map[string]struct {
		answer func(d *worksOff, c *mailtest.ScriptConn, tag, line, open string) bool
		bad    []mail.UID
		fails  bool
	}{
		"refused": {func(d *worksOff, c *mailtest.ScriptConn, tag, line, _ string) bool {
			if again(d, line) {
				d.opens(c, "")
				return c.Send("* OK [CLOSED] .\r\n", tag, " NO [INUSE] not now\r\n")
			}
			return false
		}, nil, false},
		"the server dies": {func(d *worksOff, c *mailtest.ScriptConn, _, line, _ string) bool {
			if again(d, line) {
				c.Reset()
				return true
			}
			return false
		}, nil, false},
		"a message that cannot be read": {func(_ *worksOff, c *mailtest.ScriptConn, tag, line, open string) bool {
			return !strings.Contains(line, "HEADER") && refusesThird(c, tag, line, open)
		}, []mail.UID{3}, false},
		"a message that the server dies of": {func(_ *worksOff, c *mailtest.ScriptConn, _, line, open string) bool {
			if f := strings.Fields(line); open != "INBOX" || f[0] != "UID" || strings.Contains(line, "HEADER") || !slices.Contains(wantedUIDs(f[2]), 3) {
				return false
			}
			c.Reset()
			return true
		}, []mail.UID{3}, false},
		"another folder by now": {func(d *worksOff, c *mailtest.ScriptConn, tag, line, _ string) bool {
			if again(d, line) {
				return c.Send("* OK [CLOSED] .\r\n* 4 EXISTS\r\n* OK [UIDVALIDITY 8] v\r\n* OK [UIDNEXT 5] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK done\r\n")
			}
			return false
		}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := &worksOff{}
			d.answer = func(conn *mailtest.ScriptConn, tag, line, open string) bool {
				return c.answer(d, conn, tag, line, open)
			}
			client := d.dial(t)
			d.headed(t, client)
			bad, err := d.all(t, client, "INBOX", "Work")
			var uids []mail.UID
			for _, b := range bad {
				uids = append(uids, b.UID)
			}
			if (err != nil) != c.fails || !slices.Equal(uids, c.bad) || c.fails && remote.As(err).Kind != mail.ProblemServer {
				t.Fatalf("set aside %v, %v", uids, err)
			}
			d.downloads(t, client, "Work", nil)
		})
	}
}

// A fetch is of the folder that the caller has opened, even when another one has its name after the connection was made anew.
func TestFetchAfterTheFolderWasReplaced(t *testing.T) {
	d := &worksOff{}
	d.answer = func(c *mailtest.ScriptConn, tag, line, _ string) bool {
		if strings.HasPrefix(line, "SELECT") && len(d.Said("AUTHENTICATE")) == 2 {
			d.opens(c, "INBOX")
			return c.Send("* 4 EXISTS\r\n* OK [UIDVALIDITY 8] v\r\n* OK [UIDNEXT 5] n\r\n", tag, " OK done\r\n")
		}
		return false
	}
	c := d.dial(t)
	_, err := c.Select(testContext(t), "INBOX")
	must(t, err)
	must(t, c.reopen(testContext(t)))
	_, err = c.Fetch(testContext(t), "INBOX", newest, remote.WantBody, func(remote.Fetched) error { return nil })
	if e := remote.As(err); e == nil || e.Kind != mail.ProblemServer || len(d.Said("UID FETCH")) > 0 {
		t.Errorf("%v; asked for %q", err, d.Said("UID FETCH"))
	}
}
