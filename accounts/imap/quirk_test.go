package imap

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestOddSearches: forms in which servers list what they found.
func TestOddSearches(t *testing.T) {
	for name, tc := range map[string]struct {
		caps, answer string
		want         []mail.UID
	}{
		"a blank at the end":      {"", "* SEARCH 1 2 3 \r\n", []mail.UID{1, 2, 3}},
		"two blanks at the end":   {"", "* SEARCH 1 2 3  \r\n", []mail.UID{1, 2, 3}},
		"two blanks between":      {"", "* SEARCH 1  2 3\r\n", []mail.UID{1, 2, 3}},
		"lower case":              {"", "* search 1 2 3\r\n", []mail.UID{1, 2, 3}},
		"disorder and doubles":    {"", "* SEARCH 3 1 2 1\r\n", []mail.UID{1, 2, 3}},
		"a modification sequence": {"", "* SEARCH 1 2 3 (MODSEQ 9)\r\n", []mail.UID{1, 2, 3}},
		"in several lines":        {"", "* SEARCH 1\r\n* SEARCH 2 3\r\n", []mail.UID{1, 2, 3}},
		"the old form":            {"ESEARCH", "* SEARCH 1 2 3\r\n", []mail.UID{1, 2, 3}},
		"a UID that is none":      {"", "* SEARCH 0 1 2 3\r\n", []mail.UID{1, 2, 3}},
		"a tab":                   {"", "* SEARCH 1\t2 3\r\n", []mail.UID{1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{caps: tc.caps, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				return strings.HasPrefix(line, "UID SEARCH") && c.Send(tc.answer, tag, " OK\r\n")
			}}
			uids, err := o.dial(t).UIDs(testContext(t), "INBOX")
			if err != nil || !slices.Equal(uids, tc.want) {
				t.Errorf("%v, %v", uids, err)
			}
		})
	}
}

// TestOddFlags: a name of a flag that no server may give it keeps no message from coming, nor what else is said of it.
func TestOddFlags(t *testing.T) {
	for name, flags := range map[string]string{
		"parentheses": `\Seen work(old) x`, "quoted": `\Seen "a b"`, "a quote": `\Seen a"b`, "empty": `\Seen ""`, "a list": `\Seen (a b)`, "brackets": `\Seen [a]`,
		"NIL": `\Seen NIL`, "a literal": "\\Seen {3}\r\na b", "a comma": `\Seen, \Flagged`, "twice": `\Seen \Seen \seen`, "a backslash": `\Seen \`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{uids: []int{1}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				return strings.HasPrefix(line, "UID FETCH") && c.Send("* 1 FETCH (FLAGS (", flags, ") UID 1 RFC822.SIZE 5 BODY[] {5}\r\nhello)\r\n", tag, " OK\r\n")
			}}
			all, bad := fetchAll(t, o.dial(t), "INBOX", []remote.UIDRange{{First: 1, Last: 1}}, remote.WantBody)
			if len(all) != 1 || all[1].body != "hello" || all[1].Size != 5 || name != "a comma" && !all[1].Flags.Has(mail.FlagSeen) {
				t.Errorf("%+v, poisoned %v", all, bad)
			}
		})
	}
}

// TestOffersMoreThanItHas: a proxy tells the extensions of one server and leads to another, which does not understand them.
func TestOffersMoreThanItHas(t *testing.T) {
	for name, not := range map[string]string{
		"ESEARCH": "UID SEARCH RETURN", "a bug in it": "UID SEARCH RETURN", "CONDSTORE at SELECT": "(CONDSTORE)", "CHANGEDSINCE": "CHANGEDSINCE", "MODSEQ": "MODSEQ", "OBJECTID": "EMAILID",
		"IDLE": "IDLE", "NAMESPACE": "NAMESPACE", "ID": "ID (", "ENABLE": "ENABLE", "LIST-STATUS": "RETURN (", "HIGHESTMODSEQ": "HIGHESTMODSEQ", "NOTIFY": "NOTIFY", "QUOTA": "GETQUOTA",
		"an IDLE that is over": "none",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{caps: "ESEARCH CONDSTORE OBJECTID IDLE NAMESPACE ID ENABLE LIST-EXTENDED LIST-STATUS NOTIFY QUOTA"}
			o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
				switch word, _, _ := strings.Cut(line, " "); {
				case strings.Contains(line, not) && name == "a bug in it":
					return c.Send(tag, " NO [SERVERBUG] no\r\n")
				case strings.Contains(line, not):
					return c.Send(tag, " BAD what?\r\n")
				case word == "IDLE" && name != "an IDLE that is over":
					c.Send("+ idling\r\n")
					c.Expect("DONE")
					return c.Send(tag, " OK\r\n")
				case word == "LIST":
					return c.Send("* LIST () \"/\" INBOX\r\n", tag, " OK\r\n")
				case word == "SELECT":
					return c.Send("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 100] n\r\n* OK [HIGHESTMODSEQ 20] m\r\n", tag, " OK [READ-WRITE] done\r\n")
				}
				return false
			}
			c := o.dial(t)
			ctx := testContext(t)
			if list, err := c.List(ctx); err != nil || len(list) != 1 {
				t.Errorf("List: %v, %v", list, err)
			}
			_, err := c.Select(ctx, "INBOX")
			must(t, err)
			if _, _, err = c.Changes(ctx, "INBOX", remote.Since{UIDValidity: 7, ModSeq: 10}, func(mail.FlagState) error { return nil }); err != nil {
				t.Errorf("Changes: %v", err)
			}
			if uids, err := c.UIDs(ctx, "INBOX"); err != nil || len(uids) != 3 {
				t.Errorf("UIDs: %v, %v", uids, err)
			}
			for _, want := range []remote.Want{remote.WantFlags, remote.WantContentID, remote.WantHeader, remote.WantBody} {
				if all, bad := fetchAll(t, c, "INBOX", everything, want); len(all) != 3 || len(bad) > 0 {
					t.Errorf("Fetch %d: %d messages, poisoned %v", want, len(all), bad)
				}
			}
			if _, err := c.Idle(ctx, "INBOX", time.Millisecond); err != nil {
				t.Errorf("Idle: %v", err)
			}
			if name != "QUOTA" {
				return
			}
			if _, ok, err := c.Quota(ctx); ok || err == nil {
				t.Errorf("Quota: %v, %v", ok, err)
			}
		})
	}
}

// TestMailboxThatIsLocked: servers with one file a mailbox say in words only that another program has it at the moment. What the user did is not
// undone for that.
func TestMailboxThatIsLocked(t *testing.T) {
	for said, passes := range map[string]bool{
		"Timeout while waiting for lock": true, "Mailbox is locked by POP server": true, "Unable to lock mailbox": true, "Mailbox locked": true,
		"Account locked, ask your provider": false, "No": false,
	} {
		o := &odd{caps: "UIDPLUS MOVE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
			return strings.HasPrefix(line, "UID MOVE") && c.Send(tag, " NO ", said, "\r\n")
		}}
		c := o.dial(t)
		_, err := c.Select(testContext(t), "INBOX")
		must(t, err)
		_, err = c.Move(testContext(t), "INBOX", []mail.UID{1}, "Trash")
		if e := remote.As(err); e == nil || e.Permanent == passes || e.Closed {
			t.Errorf("%s: %+v", said, e)
		}
	}
}

// TestNamespaceByAnotherName: a server that answers NAMESPACE under the name CAPABILITY has what it said before.
func TestNamespaceByAnotherName(t *testing.T) {
	o := &odd{caps: "NAMESPACE MOVE IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		return line == "NAMESPACE" && c.Send("* CAPABILITY ((\"\" \"/\")) NIL NIL\r\n", tag, " OK\r\n")
	}}
	if caps := o.dial(t).Capabilities(); !caps.Move || !caps.Push {
		t.Errorf("%+v", caps)
	}
}

// TestIdleThatEndsAtOnce: a server that agrees to IDLE and ends it at once is not asked again and again as fast as the line allows.
func TestIdleThatEndsAtOnce(t *testing.T) {
	var said atomic.Int32
	o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if line != "IDLE" {
			return line == "DONE"
		}
		said.Add(1)
		return c.Send("+ idling\r\n", tag, " OK done\r\n")
	}}
	c := o.dial(t)
	_, err := c.Select(testContext(t), "INBOX")
	must(t, err)
	for range 2 {
		if _, err := c.Idle(testContext(t), "INBOX", 100*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	if n := said.Load(); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
}

// TestExtensionsRefusedOnEachConnection: where the connection breaks in a fetch whose items are not understood, those are not understood on the next one
// either. No message is set aside for that.
func TestExtensionsRefusedOnEachConnection(t *testing.T) {
	var broke atomic.Bool
	o := &odd{caps: "OBJECTID", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case !strings.HasPrefix(line, "UID FETCH"):
			return false
		case strings.Contains(line, "EMAILID"):
			return c.Send(tag, " BAD what?\r\n")
		case !broke.Swap(true):
			c.Reset()
			return true
		}
		return false
	}}
	all, bad := fetchAll(t, o.dial(t), "INBOX", everything, remote.WantBody)
	if len(all) != 3 || len(bad) > 0 {
		t.Errorf("%d came, set aside %v", len(all), bad)
	}
}

// TestOneMessageIsNotUnderstood: what the server makes of one message is not for the items that were asked for, and they are asked for of the others.
func TestOneMessageIsNotUnderstood(t *testing.T) {
	var lines []string
	var mu sync.Mutex
	o := &odd{caps: "OBJECTID", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
		if set, ok := strings.CutPrefix(line, "UID FETCH "); ok {
			if set, _, _ = strings.Cut(set, " "); set == "2" || set == "1:*" || set == "2:3" || set == "1:3" || set == "1:2" {
				return c.Send(tag, " BAD Internal error\r\n")
			}
		}
		return false
	}}
	c := o.dial(t)
	if all, bad := fetchAll(t, c, "INBOX", everything, remote.WantBody); len(all) != 2 || len(bad) != 1 || bad[0].UID != 2 {
		t.Errorf("%d came, set aside %v", len(all), bad)
	}
	fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 3, Last: 3}}, remote.WantBody)
	mu.Lock()
	defer mu.Unlock()
	if last := lines[len(lines)-1]; !strings.Contains(last, "EMAILID") {
		t.Errorf("the last one was %q", last)
	}
}

// TestOneFolderIsNotUnderstood: what the server makes of one folder, or of one search, takes no extension from the others.
func TestOneFolderIsNotUnderstood(t *testing.T) {
	var lines []string
	var mu sync.Mutex
	searches := 0
	o := &odd{caps: "CONDSTORE ESEARCH", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
		if strings.HasPrefix(line, "UID SEARCH") {
			searches++
		}
		bad := strings.HasPrefix(line, `SELECT "x"`) || strings.HasPrefix(line, "UID SEARCH") && searches <= 2
		return bad && c.Send(tag, " BAD Internal error\r\n")
	}}
	c := o.dial(t)
	ctx := testContext(t)
	if _, err := c.Select(ctx, "x"); err == nil {
		t.Error("x was opened")
	}
	_, err := c.Select(ctx, "INBOX")
	must(t, err)
	if _, err := c.UIDs(ctx, "INBOX"); err == nil {
		t.Error("something was found")
	}
	c.UIDs(ctx, "INBOX") // what it finds is not looked at
	mu.Lock()
	defer mu.Unlock()
	if !slices.ContainsFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, `SELECT "INBOX" (CONDSTORE)`) || strings.HasPrefix(l, "SELECT INBOX (CONDSTORE)")
	}) || !strings.Contains(lines[len(lines)-1], "RETURN") {
		t.Errorf("%q", lines)
	}
}
