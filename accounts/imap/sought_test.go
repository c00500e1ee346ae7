package imap

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// A folder with gaps is opened, listed and read in one flight, and so is the next one behind it.
func TestFoldersWithGapsAreOpenedAhead(t *testing.T) {
	g := &gappy{}
	c := g.dial(t)
	g.downloads(t, c, "INBOX", "Work")
	g.asked(t, 2, 4, 3)
	g.downloads(t, c, "Work", "Home")
	g.downloads(t, c, "Home")
	g.asked(t, 3, 6, 6)
	must(t, c.Noop(testContext(t)))
	g.lists(t, c, "Home") // what was listed then is not taken for what is there now
	g.asked(t, 3, 7, 6)
}

// All messages of a small folder need one search, and several such folders one flight.
func TestSmallFolderWithGaps(t *testing.T) {
	g := &gappy{}
	c := g.dial(t)
	small := remote.Since{Newest: &remote.Newest{List: true}, Want: remote.WantBody}
	whole := []remote.UIDRange{{First: 3, Last: 3}, {First: 5, Last: 5}, {First: 8, Last: 9}}
	visits := func() []remote.Visit {
		return []remote.Visit{{Path: "Work", Since: small}, {Path: "Home", Since: small}}
	}
	for i, path := range []string{"INBOX", "Work", "Home"} {
		_, err := c.SelectNext(testContext(t), path, small)
		must(t, err)
		g.lists(t, c, path)
		n := 0
		bad, done, err := c.FetchNext(testContext(t), path, [][]remote.UIDRange{whole}, remote.WantBody, nil, func() []remote.Visit { return visits()[i:] }, func(f remote.Fetched) error {
			b, err := io.ReadAll(f.Body)
			if n++; string(b) != fmt.Sprint(path, " ", f.UID) {
				t.Errorf("%q", b)
			}
			return err
		})
		if err != nil || done != 1 || n != 4 || len(bad) > 0 {
			t.Errorf("%s: %d messages, %d sets, %v, %v", path, n, done, bad, err)
		}
	}
	g.asked(t, 3, 3, 3)
}

// The headers of the newest messages of a folder with gaps, and these messages themselves, come in one flight.
func TestMessagesBehindTheirHeadersWithGaps(t *testing.T) {
	g := &gappy{}
	c := g.dial(t)
	ask := unknown(remote.WantHeader)
	ask.Then = []remote.Visit{{Path: "INBOX", Since: remote.Since{Newest: &remote.Newest{Skip: 2}, Want: remote.WantBody}}}
	_, err := c.SelectNext(testContext(t), "INBOX", ask)
	must(t, err)
	g.lists(t, c, "INBOX")
	if all, bad := fetchAll(t, c, "INBOX", two, remote.WantHeader); len(all) != 2 || len(bad) > 0 || string(all[8].Header) != "INBOX 8" {
		t.Errorf("%v, %v", all, bad)
	}
	g.asked(t, 2, 3, 2)
	g.fetches(t, c, "INBOX", "Work")
	g.downloads(t, c, "Work")
	g.asked(t, 3, 5, 5)
}

// Whatever is wanted instead of what was asked for ahead is right, and so is what follows.
func TestGapsAskedAheadInVain(t *testing.T) {
	for name, play := range map[string]func(t *testing.T, g *gappy, c *Client){
		"another verb":         func(t *testing.T, _ *gappy, c *Client) { must(t, c.Noop(testContext(t))) },
		"another folder":       func(t *testing.T, g *gappy, c *Client) { g.downloads(t, c, "Home") },
		"a listing of another": func(t *testing.T, g *gappy, c *Client) { g.lists(t, c, "Home") },
		"an older message": func(t *testing.T, g *gappy, c *Client) {
			if all, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 5, Last: 5}}, remote.WantBody); len(all) != 1 || all[5].body != "INBOX 5" {
				t.Error(all)
			}
		},
		"the newest without a listing": func(t *testing.T, g *gappy, c *Client) {
			if all, _ := fetchAll(t, c, "INBOX", two, remote.WantBody); len(all) != 2 || all[9].body != "INBOX 9" {
				t.Error(all)
			}
		},
		"a message is removed": func(t *testing.T, g *gappy, c *Client) {
			_, err := c.Expunge(testContext(t), "INBOX", []mail.UID{5})
			must(t, err)
			before := len(g.Said("UID SEARCH"))
			g.lists(t, c, "INBOX")
			if n := len(g.Said("UID SEARCH")); n != before+1 {
				t.Errorf("%d searches more", n-before)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &gappy{}
			c := g.dial(t)
			_, err := c.SelectNext(testContext(t), "INBOX", unknown(remote.WantBody, "Work", "Home"))
			must(t, err)
			play(t, g, c)
			g.downloads(t, c, "Work", "INBOX")
			g.downloads(t, c, "INBOX", "Home")
			g.downloads(t, c, "Home")
		})
	}
}

// What a server says to the searches may be refused, garbled, missing, about something else or not true: the folder is listed and read all
// the same, and no message is taken for one of another folder.
func TestGapsAndOddAnswers(t *testing.T) {
	found := func(set string) func(c *mailtest.ScriptConn, tag string) bool {
		return func(c *mailtest.ScriptConn, tag string) bool {
			return c.Send("* ESEARCH (TAG \"", tag, "\") UID ", set, "\r\n", tag, " OK done\r\n")
		}
	}
	for name, odd := range map[string]func(c *mailtest.ScriptConn, tag string) bool{
		"refused":        func(c *mailtest.ScriptConn, tag string) bool { return c.Send(tag, " NO [LIMIT] not now\r\n") },
		"not understood": func(c *mailtest.ScriptConn, tag string) bool { return c.Send(tag, " BAD what?\r\n") },
		"no answer":      func(c *mailtest.ScriptConn, tag string) bool { return c.Send(tag, " OK done\r\n") },
		"of another search": func(c *mailtest.ScriptConn, tag string) bool {
			return c.Send("* ESEARCH (TAG \"P1\") UID ALL 1:4\r\n", tag, " OK done\r\n")
		},
		"of no search": func(c *mailtest.ScriptConn, tag string) bool {
			return c.Send("* ESEARCH UID ALL 1:4\r\n", tag, " OK done\r\n")
		},
		"the old form": func(c *mailtest.ScriptConn, tag string) bool {
			return c.Send("* SEARCH 3 5 8 9\r\n", tag, " OK done\r\n")
		},
		"nothing":             found(""),
		"too few":             found("ALL 3,5,9"),
		"too many":            found("ALL 3,5,8:10"),
		"twice":               found("ALL 3,5,8,8"),
		"the other way round": found("ALL 9,8,5,3"),
		"without end":         found("ALL 3:*"),
		"enormous":            found("ALL 1:4294967295"),
		"in many ranges":      found("ALL 3,5,8,9,3,5,8,9"),
		"a count":             found("COUNT 4"),
		"no set":              found("ALL x"),
		"more besides":        found("ALL 3,5,8:9 COUNT 4"),
		"its end is missing": func(c *mailtest.ScriptConn, tag string) bool {
			return c.Send("* ESEARCH (TAG \"", tag, "\") UID ALL 3,5,8:9\r\n")
		},
		"under a wrong tag": func(c *mailtest.ScriptConn, tag string) bool {
			return c.Send("* ESEARCH (TAG \"", tag, "\") UID ALL 3,5,8:9\r\nX1 OK done\r\n")
		},
		"the end": func(c *mailtest.ScriptConn, _ string) bool { c.Reset(); return true },
	} {
		for at, where := range []string{"the first", "the second", "of the next folder"} {
			t.Run(name+", "+where, func(t *testing.T) {
				t.Parallel()
				g := &gappy{}
				n := 0
				g.answer = func(c *mailtest.ScriptConn, tag, line string, st gappyState) bool {
					if !strings.HasPrefix(line, "UID SEARCH RETURN (SAVE") || st.open != []string{"INBOX", "INBOX", "Work"}[at] {
						return false
					}
					n++
					return n == []int{1, 2, 1}[at] && odd(c, tag)
				}
				c := g.dial(t)
				g.downloads(t, c, "INBOX", "Work", "Home")
				g.downloads(t, c, "Work", "Home")
				g.downloads(t, c, "Home")
				g.downloads(t, c, "INBOX")
			})
		}
	}
}

// The rest that can go wrong with a folder that is opened so.
func TestGapsAndTrouble(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		g := &gappy{}
		g.answer = func(c *mailtest.ScriptConn, tag, line string, st gappyState) bool {
			switch {
			case strings.HasPrefix(line, `SELECT "Work`) || strings.HasPrefix(line, "SELECT Work"):
				g.becomes(c, gappyState{})
				return c.Send("* OK [CLOSED] .\r\n", tag, " NO [NOPERM] not for you\r\n")
			case strings.HasPrefix(line, "UID") && st.open == "":
				return c.Send(tag, " BAD nothing is open\r\n")
			}
			return false
		}
		c := g.dial(t)
		g.downloads(t, c, "INBOX", "Work", "Home")
		if _, err := c.SelectNext(testContext(t), "Work", unknown(remote.WantBody)); !remote.IsPermanent(err) || remote.As(err).Closed {
			t.Fatal(err)
		}
		g.downloads(t, c, "Home")
		g.asked(t, 3, 6, 5)
	})
	t.Run("the FETCH is refused", func(t *testing.T) {
		g := &gappy{}
		g.answer = func(c *mailtest.ScriptConn, tag, line string, _ gappyState) bool {
			return strings.HasPrefix(line, "UID FETCH $") && c.Send(tag, " BAD no such thing as $\r\n")
		}
		c := g.dial(t)
		g.downloads(t, c, "INBOX", "Work")
		g.downloads(t, c, "Work")
	})
	t.Run("the messages come before they were found", func(t *testing.T) {
		g := &gappy{}
		g.answer = func(c *mailtest.ScriptConn, tag, line string, st gappyState) bool {
			if line != "UID SEARCH RETURN (SAVE ALL) ALL" || st.open != "INBOX" || len(g.Said("AUTHENTICATE")) > 1 {
				return false
			}
			for range 2 { // the other search, and the FETCH
				next, _ := c.Line()
				nextTag, cmd, _ := strings.Cut(next, " ")
				g.answers(c, nextTag, cmd)
			}
			return g.search(c, tag, line, st)
		}
		c := g.dial(t)
		g.downloads(t, c, "INBOX", "Work")
		g.downloads(t, c, "Work")
	})
	t.Run("another folder by now", func(t *testing.T) {
		g := &gappy{}
		g.answer = func(c *mailtest.ScriptConn, tag, line string, st gappyState) bool {
			if !strings.HasPrefix(line, "SELECT") || len(g.Said("SELECT")) < 3 {
				return false
			}
			g.becomes(c, gappyState{open: "INBOX"})
			return c.Send("* OK [CLOSED] .\r\n* 4 EXISTS\r\n* OK [UIDVALIDITY 8] v\r\n* OK [UIDNEXT 12] n\r\n* OK [HIGHESTMODSEQ 9] m\r\n", tag, " OK done\r\n")
		}
		c := g.dial(t)
		g.downloads(t, c, "INBOX")
		if _, err := c.SelectNext(testContext(t), "Work", unknown(remote.WantBody)); err != nil {
			t.Fatal(err)
		}
		st, err := c.SelectNext(testContext(t), "INBOX", unknown(remote.WantBody))
		if err != nil || st.UIDValidity != 8 {
			t.Fatalf("%+v, %v", st, err)
		}
		g.fetches(t, c, "INBOX")
	})
}

// A message of a folder with gaps that nobody can read is found and set aside, whatever the server does at it.
func TestGapsAndUnreadable(t *testing.T) {
	for name, bad := range map[string]func(c *mailtest.ScriptConn, tag string){
		"refused":         func(c *mailtest.ScriptConn, tag string) { c.Send(tag, " NO [SERVERBUG] not this one\r\n") },
		"the server dies": func(c *mailtest.ScriptConn, _ string) { c.Reset() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &gappy{}
			g.answer = func(c *mailtest.ScriptConn, tag, line string, st gappyState) bool {
				word := strings.Fields(line)
				if !strings.HasPrefix(line, "UID FETCH") || st.open != "INBOX" || !inText(strings.Replace(word[2], "$", st.set, 1), 9) {
					return false
				}
				bad(c, tag)
				return true
			}
			c := g.dial(t)
			_, err := c.SelectNext(testContext(t), "INBOX", unknown(remote.WantBody, "Work"))
			must(t, err)
			g.lists(t, c, "INBOX")
			all, poisoned := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 3, Last: 3}, {First: 5, Last: 5}, {First: 8, Last: 9}}, remote.WantBody)
			if len(all) != 3 || all[8].body != "INBOX 8" || len(poisoned) != 1 || poisoned[0].UID != 9 {
				t.Errorf("%v, set aside %v", all, poisoned)
			}
			g.downloads(t, c, "Work", "Home")
			g.downloads(t, c, "Home")
		})
	}
}

// A server without these extensions, or one that may mix things up, is asked one thing after another.
func TestGapsElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		g                          *gappy
		selects, searches, fetches int
	}{
		"no SEARCHRES":            {&gappy{caps: "ESEARCH"}, 3, 3, 6},
		"Cyrus":                   {&gappy{name: "Cyrus"}, 3, 6, 6},
		"messages in small parts": {&gappy{caps: "ESEARCH SEARCHRES MESSAGELIMIT=2"}, 3, 3, 6},
	} {
		t.Run(name, func(t *testing.T) {
			client := c.g.dial(t)
			c.g.downloads(t, client, "INBOX", "Work", "Home")
			c.g.downloads(t, client, "Work", "Home")
			c.g.downloads(t, client, "Home")
			c.g.asked(t, c.selects, c.searches, c.fetches)
		})
	}
}

func TestReadESearch(t *testing.T) {
	for text, want := range map[string]string{
		`(TAG "P7") UID ALL 1:4,6`:  "P7 [{1 4} {6 6}] <nil>",
		`(tag "P7") uid all 12`:     "P7 [{12 12}] <nil>",
		`(TAG "P7") UID`:            "P7 [] <nil>",
		`(TAG P7) UID  ALL  3`:      "P7 [{3 3}] <nil>",
		`UID ALL 3`:                 " [{3 3}] <nil>",
		`(TAG "P7") ALL 3`:          "P7 [] unreadable response",
		`(TAG "P7") UID MIN 3`:      "P7 [] unreadable response",
		`(TAG "P7") UID ALL`:        "P7 [] unreadable response: an empty set",
		`(TAG "P7" UID ALL 3`:       "P7 [] unreadable response",
		`(X "P7") UID ALL 3`:        " [] unreadable response",
		`(TAG "P7`:                  " [] unreadable response",
		``:                          " [] unreadable response",
		`(TAG "P7") UID ALL 1,2,30`: "P7 [] " + errTooMuch.Error(),
	} {
		tag, set, err := readESearch([]byte(text), 2)
		if got := fmt.Sprint(tag, " ", set, " ", err); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// Answers to such a search without end cost a connection, and no memory.
func TestGapsFloods(t *testing.T) {
	for name, flood := range map[string]func(c *mailtest.ScriptConn, tag string){
		"answers": func(c *mailtest.ScriptConn, tag string) {
			for c.Send(strings.Repeat("* ESEARCH (TAG \""+tag+"\") UID ALL 3,5,8:9\r\n", 1000)) {
			}
		},
		"a set": func(c *mailtest.ScriptConn, tag string) {
			for ok := c.Send("* ESEARCH (TAG \"", tag, "\") UID ALL 3"); ok; {
				ok = c.Send(strings.Repeat(",5", 1000))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := &gappy{}
			g.answer = func(c *mailtest.ScriptConn, tag, line string, _ gappyState) bool {
				if c.N > 1 || !strings.HasPrefix(line, "UID SEARCH") {
					return false
				}
				flood(c, tag)
				return true
			}
			c := g.dial(t)
			peak, _ := mailtest.Peak(func() { g.downloads(t, c, "INBOX", "Work") })
			if peak > 300<<20 {
				t.Errorf("%d MB", peak>>20)
			}
			if n := len(g.Said("AUTHENTICATE")); n != 2 {
				t.Errorf("%d logins", n)
			}
			g.downloads(t, c, "Work")
		})
	}
}
