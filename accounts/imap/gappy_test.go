package imap

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// gappy is a Dovecot, as far as it says, whose folders hold the messages 3, 5, 8 and 9; a body names its folder. A test replaces some
// answers.
type gappy struct {
	name string // "": Dovecot
	caps string // "": with ESEARCH and SEARCHRES
	mailtest.Heard
	mu     sync.Mutex
	state  map[*mailtest.ScriptConn]gappyState
	answer func(c *mailtest.ScriptConn, tag, line string, st gappyState) bool
}

// gappyState is that of a connection.
type gappyState struct {
	open string
	set  string // "$"
}

var gappyUIDs = []int{3, 5, 8, 9}

func (g *gappy) dial(t *testing.T) *Client {
	t.Helper()
	if g.name == "" {
		g.name = "Dovecot"
	}
	if g.caps == "" {
		g.caps = "ESEARCH SEARCHRES"
	}
	g.state = map[*mailtest.ScriptConn]gappyState{}
	o := &odd{name: g.name, caps: "ENABLE QRESYNC CONDSTORE " + g.caps, uids: gappyUIDs, answer: g.answers}
	return o.dial(t)
}

// becomes changes the state of a connection.
func (g *gappy) becomes(c *mailtest.ScriptConn, st gappyState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.state[c] = st
}

func (g *gappy) answers(c *mailtest.ScriptConn, tag, line string) bool {
	g.Note(line)
	g.mu.Lock()
	st := g.state[c]
	g.mu.Unlock()
	if g.answer != nil && g.answer(c, tag, line, st) {
		return true
	}
	switch word := strings.Fields(line); {
	case word[0] == "SELECT":
		g.becomes(c, gappyState{open: strings.Trim(word[1], `"`)})
		closed := ""
		if st.open != "" {
			closed = "* OK [CLOSED] .\r\n"
		}
		return c.Send(closed, "* 4 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 12] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK [READ-WRITE] done\r\n")
	case strings.HasPrefix(line, "UID SEARCH"):
		return g.search(c, tag, line, st)
	case strings.HasPrefix(line, "UID FETCH"):
		set := word[2]
		if set == "$" {
			set = st.set
		}
		var out strings.Builder
		item := "BODY[]"
		if strings.Contains(line, "HEADER") {
			item = "BODY[HEADER]"
		}
		for i, uid := range gappyUIDs {
			if set != "" && inText(set, uid) {
				body := fmt.Sprintf("%s %d", st.open, uid)
				fmt.Fprintf(&out, "* %d FETCH (UID %d FLAGS () %s {%d}\r\n%s)\r\n", i+1, uid, item, len(body), body)
			}
		}
		return c.Send(out.String(), tag, " OK done\r\n")
	}
	return false
}

// search answers a search for everything, or for the messages from a number on, of all or of those found before.
func (g *gappy) search(c *mailtest.ScriptConn, tag, line string, st gappyState) bool {
	word := strings.Fields(line)
	key := word[len(word)-1]
	found := gappyUIDs
	if from, is := strings.CutSuffix(key, ":*"); is {
		n, _ := strconv.Atoi(from)
		found = found[min(n, len(found))-1:]
	}
	var text []string
	for _, u := range found {
		text = append(text, strconv.Itoa(u))
	}
	set := strings.Join(text, ",")
	if strings.Contains(line, "SAVE") {
		st.set = set
		g.becomes(c, st)
	}
	return c.Send("* ESEARCH (TAG \"", tag, "\") UID ALL ", set, "\r\n", tag, " OK done\r\n")
}

// inText reports whether a set names a UID.
func inText(set string, uid int) bool {
	rs, err := parseSet(set)
	return err == nil && contains(rs, mail.UID(uid))
}

// two are the two newest messages of a folder, unknown opens it for them.
var two = []remote.UIDRange{{First: 8, Last: 9}}

func unknown(want remote.Want, then ...string) remote.Since {
	since := remote.Since{Newest: &remote.Newest{Skip: 2, List: true}, Want: want}
	for _, p := range then {
		since.Then = append(since.Then, remote.Visit{Path: p, Since: unknown(want)})
	}
	return since
}

// lists holds that the UIDs of a folder are told.
func (g *gappy) lists(t *testing.T, c *Client, path string) {
	t.Helper()
	if uids, err := c.UIDs(testContext(t), path); err != nil || !slices.Equal(uids, []mail.UID{3, 5, 8, 9}) {
		t.Fatalf("%s: %v, %v", path, uids, err)
	}
}

// downloads opens a folder, lists it and fetches all of it, the newest two first.
func (g *gappy) downloads(t *testing.T, c *Client, path string, then ...string) {
	t.Helper()
	if st, err := c.SelectNext(testContext(t), path, unknown(remote.WantBody)); err != nil || st.Path != path || st.Exists != 4 {
		t.Fatalf("%s: %+v, %v", path, st, err)
	}
	g.lists(t, c, path)
	g.fetches(t, c, path, then...)
}

func (g *gappy) fetches(t *testing.T, c *Client, path string, then ...string) {
	t.Helper()
	var got []string
	visits := func() []remote.Visit { return unknown(remote.WantBody, then...).Then }
	sets := [][]remote.UIDRange{two, {{First: 3, Last: 3}, {First: 5, Last: 5}}}
	bad, done, err := c.FetchNext(testContext(t), path, sets, remote.WantBody, nil, visits, func(f remote.Fetched) error {
		b, err := io.ReadAll(f.Body)
		got = append(got, string(b))
		return err
	})
	slices.Sort(got)
	if want := []string{path + " 3", path + " 5", path + " 8", path + " 9"}; err != nil || len(bad) > 0 || done != 2 || !slices.Equal(got, want) {
		t.Errorf("%s: %q, %d sets, %v, %v", path, got, done, bad, err)
	}
}

// asked counts the commands.
func (g *gappy) asked(t *testing.T, selects, searches, fetches int) {
	t.Helper()
	heard(t, &g.Heard, map[string]int{"SELECT": selects, "UID SEARCH": searches, "UID FETCH": fetches})
}
