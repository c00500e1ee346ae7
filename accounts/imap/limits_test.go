package imap

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// cutting is a server that answers a command about more than ten messages with ten of them.
type cutting struct {
	odd
	oldest bool         // the oldest ten, not the newest
	told   bool         // with MESSAGELIMIT in the answer
	most   atomic.Int64 // messages that one command was about
}

func newCutting(caps string, oldest, told bool) *cutting {
	cs := &cutting{oldest: oldest, told: told}
	cs.caps = caps
	for u := 1; u <= 70; u += 2 {
		cs.uids = append(cs.uids, u)
	}
	cs.answer = cs.uid
	return cs
}

// cut leaves ten of uids, and gives the response code that tells.
func (cs *cutting) cut(uids []int) ([]int, string) {
	cs.most.Store(max(cs.most.Load(), int64(len(uids))))
	if len(uids) <= 10 {
		return uids, ""
	}
	if cs.oldest {
		uids = uids[:10]
	} else {
		uids = uids[len(uids)-10:]
	}
	if !cs.told {
		return uids, ""
	}
	return uids, fmt.Sprintf("[MESSAGELIMIT 10 %d] ", uids[0])
}

func (cs *cutting) uid(c *mailtest.ScriptConn, tag, line string) bool {
	verb, rest, _ := strings.Cut(strings.TrimPrefix(line, "UID "), " ")
	set, query, _ := strings.Cut(rest, " ")
	switch verb {
	case "SEARCH":
		set = "1:*"
		if _, s, ok := strings.Cut(rest, "UID "); ok {
			set = s
		}
	case "FETCH":
	case "STORE", "MOVE":
		cs.cut(cs.named(set))
		return c.Send(tag, " OK done\r\n")
	default:
		return false
	}
	uids, code := cs.cut(cs.named(set))
	if verb == "SEARCH" {
		c.Send("* SEARCH", strings.Trim(strings.ReplaceAll(fmt.Sprint(" ", uids), "[", ""), "]"), "\r\n")
	} else {
		for _, u := range uids {
			c.Send(fetchAnswer(slices.Index(cs.uids, u)+1, u, query))
		}
	}
	return c.Send(tag, " OK ", code, "done\r\n")
}

func (cs *cutting) named(set string) []int {
	return slices.DeleteFunc(slices.Clone(cs.uids), func(u int) bool { return !cs.in(set, u) })
}

// TestAnswersThatAreCut: what an answer leaves out is asked for, so that nothing looks deleted that is there. Where the limit is known,
// no command is about more.
func TestAnswersThatAreCut(t *testing.T) {
	for name, cs := range map[string]*cutting{
		"announced":      newCutting("MESSAGELIMIT=10", false, true),
		"told, newest":   newCutting("", false, true),
		"told, oldest":   newCutting("", true, true),
		"silent, newest": newCutting("", false, false),
		"silent, oldest": newCutting("", true, false),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, ctx := cs.dial(t), testContext(t)
			var want []mail.UID
			for _, u := range cs.uids {
				want = append(want, mail.UID(u))
			}
			all, bad := fetchAll(t, c, "INBOX", everything, remote.WantFlags)
			if len(all) != len(want) || len(bad) > 0 {
				t.Errorf("the flags of %d messages came, want %d; poisoned %v", len(all), len(want), bad)
			}
			if uids, err := c.UIDs(ctx, "INBOX"); err != nil || !slices.Equal(uids, want) {
				t.Errorf("UIDs: %v, %v", uids, err)
			}
			if !cs.told {
				return
			}
			// The limit is known by now.
			cs.most.Store(0)
			bodies, _ := fetchAll(t, c, "INBOX", rangesOf(want), remote.WantBody)
			if len(bodies) != len(want) {
				t.Errorf("%d bodies came, want %d", len(bodies), len(want))
			}
			must(t, c.StoreFlags(ctx, "INBOX", want, mail.Flags{mail.FlagSeen}, nil))
			if n := cs.most.Load(); n > 10 {
				t.Errorf("a command was about %d messages", n)
			}
		})
	}
}

// TestNothingIsMissing: a server that cuts in no way is not asked twice, also when a message goes meanwhile.
func TestNothingIsMissing(t *testing.T) {
	var searches atomic.Int64
	o := &odd{uids: []int{1, 2, 3}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if strings.HasPrefix(line, "UID SEARCH") {
			searches.Add(1)
		}
		if strings.HasPrefix(line, "UID FETCH 1:*") {
			return c.Send("* 1 EXPUNGE\r\n", fetchAnswer(1, 2, ""), fetchAnswer(2, 3, ""), tag, " OK done\r\n")
		}
		return false
	}}
	all, _ := fetchAll(t, o.dial(t), "INBOX", everything, remote.WantFlags)
	if len(all) != 2 || searches.Load() != 0 {
		t.Errorf("%d messages, %d searches", len(all), searches.Load())
	}
}

// TestUIDOnly: where a server limits what a command is about and can speak of UIDs alone, that is turned on, and understood (RFC 9586).
func TestUIDOnly(t *testing.T) {
	var enabled atomic.Value
	o := &odd{uids: []int{5, 7, 9}, caps: "ENABLE UIDONLY IDLE MOVE UIDPLUS MESSAGELIMIT=1000"}
	o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
		set, query, _ := strings.Cut(strings.TrimPrefix(line, "UID FETCH "), " ")
		switch {
		case strings.HasPrefix(line, "ENABLE"):
			enabled.Store(line)
			return false
		case strings.HasPrefix(line, "UID FETCH"):
			for _, u := range o.uids {
				if o.in(set, u) {
					a := strings.Replace(fetchAnswer(u, u, query), "FETCH", "UIDFETCH", 1)
					c.Send(strings.Replace(a, fmt.Sprintf("UID %d ", u), "", 1))
				}
			}
		case strings.HasPrefix(line, "UID STORE"):
			c.Send("* 7 UIDFETCH (FLAGS (\\Seen))\r\n")
		case strings.HasPrefix(line, "UID MOVE"):
			c.Send("* OK [COPYUID 8 7 1] moved\r\n* VANISHED 7\r\n")
		case line == "IDLE":
			c.Send("+ idling\r\n* VANISHED 9\r\n")
			c.Line()
		default:
			return false
		}
		return c.Send(tag, " OK done\r\n")
	}
	c, ctx := o.dial(t), testContext(t)
	if enabled.Load() != "ENABLE UIDONLY" {
		t.Errorf("turned on: %q", enabled.Load())
	}
	for _, want := range []remote.Want{remote.WantFlags, remote.WantHeader, remote.WantBody} {
		all, bad := fetchAll(t, c, "INBOX", everything, want)
		if len(all) != 3 || len(bad) > 0 || !all[7].Flags.Has(mail.FlagSeen) || want == remote.WantBody && all[7].body != "Subject: 7\r\n\r\nbody" {
			t.Errorf("want %d: %+v, poisoned %v", want, all, bad)
		}
	}
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{7}, mail.Flags{mail.FlagSeen}, nil))
	if moved, err := moveSafely(ctx, c, "INBOX", []mail.UID{7}, "Trash"); err != nil || moved[7] != 1 {
		t.Errorf("moved %v, %v", moved, err)
	}
	if news, err := c.Idle(ctx, "INBOX", time.Minute); err != nil || !news {
		t.Errorf("Idle: %v, %v", news, err)
	}
}

// TestOneMessageCannotBeFetched: Yahoo answers [UNAVAILABLE] for a message that it cannot read, today and in a year.
func TestOneMessageCannotBeFetched(t *testing.T) {
	for name, tc := range map[string]struct {
		uids, bad []int
		says      string
		poisoned  int // -1: the whole fetch fails, and may work later
	}{
		"one":          {[]int{1, 2, 3, 4}, []int{3}, "UID FETCH Server error while fetching messages", 1},
		"the first":    {[]int{1, 2, 3, 4}, []int{1}, "UID FETCH Server error - Please try again later", 1},
		"all":          {[]int{1, 2, 3}, []int{1, 2, 3}, "UID FETCH Server error while fetching messages", -1},
		"asks to wait": {[]int{1, 2, 3}, []int{2}, "UID FETCH Service is temporarily not available", -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{uids: tc.uids}
			o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
				rest, ok := strings.CutPrefix(line, "UID FETCH ")
				set, query, _ := strings.Cut(rest, " ")
				for i, u := range o.uids {
					switch {
					case !ok || !o.in(set, u):
					case slices.Contains(tc.bad, u):
						return c.Send(tag, " NO [UNAVAILABLE] ", tc.says, "\r\n")
					default:
						c.Send(fetchAnswer(i+1, u, query))
					}
				}
				return ok && c.Send(tag, " OK done\r\n")
			}
			n := 0
			bad, err := o.dial(t).Fetch(testContext(t), "INBOX", everything, remote.WantBody, func(remote.Fetched) error { n++; return nil })
			if tc.poisoned < 0 {
				if e := remote.As(err); e == nil || e.Permanent || e.Why != mail.CodeLater || len(bad) > 0 {
					t.Errorf("%v, poisoned %v", err, bad)
				}
				return
			}
			if err != nil || len(bad) != tc.poisoned || n != len(tc.uids)-tc.poisoned {
				t.Errorf("%d came, poisoned %v, %v", n, bad, err)
			}
		})
	}
}
