package imap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestFloods: a server that sends without end, or announces without measure, is left within bounded memory.
func TestFloods(t *testing.T) {
	flood := func(first, again string) func(c *mailtest.ScriptConn) {
		again = strings.Repeat(again, 1+(32<<10)/len(again))
		return func(c *mailtest.ScriptConn) {
			c.Send(first)
			for c.Send(again) {
			}
		}
	}
	hi := "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n"
	for name, play := range map[string]func(c *mailtest.ScriptConn){
		"greeting without end":    flood("* OK ", "x"),
		"capability loop":         flood("* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\n"),
		"capabilities in a line":  flood("* OK [CAPABILITY ", "X"),
		"challenges":              flood(hi, "+ YWJj\r\n"),
		"literal in the greeting": flood(hi+"* LIST () \"/\" {999999999}\r\n", "x"),
		"literal of 2^62":         flood(hi+"* LIST () \"/\" {4611686018427387904}\r\n", "x"),
		"digits without end":      flood(hi+"* ", "9"),
		"blank lines":             flood(hi, "\r\n"),
		"alerts":                  flood(hi, "* OK [ALERT] "+strings.Repeat("y", 900)+"\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.StartScript(t, mailtest.Good, play)
			cfg := Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS,
				Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 20}}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Dial(testContext(t), cfg)
			runtime.ReadMemStats(&after)
			if e := remote.As(err); e == nil || !e.Closed || e.Kind == "" {
				t.Fatalf("no clear error: %v", err)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 40<<20 {
				t.Errorf("%d MB were allocated", grown>>20)
			}
		})
	}
}

// TestFloodsAfterLogin: the same during the verbs.
func TestFloodsAfterLogin(t *testing.T) {
	for name, tc := range map[string]struct {
		verb, first, again string
		do                 func(ctx context.Context, c *Client) error
	}{
		"noop":       {"NOOP", "", "* 5 EXISTS\r\n", func(ctx context.Context, c *Client) error { return c.Noop(ctx) }},
		"line":       {"NOOP", "* OK ", "x", func(ctx context.Context, c *Client) error { return c.Noop(ctx) }},
		"folders":    {"LIST", "", "* LIST () \"/\" %d\r\n", func(ctx context.Context, c *Client) error { _, err := c.List(ctx); return err }},
		"name":       {"LIST", "* LIST () \"/\" {2000000000}\r\n", "x", func(ctx context.Context, c *Client) error { _, err := c.List(ctx); return err }},
		"search set": {"UID SEARCH", "* ESEARCH (TAG \"T1\") UID ALL 1:4294967295\r\nT1 OK\r\n", "", func(ctx context.Context, c *Client) error { _, err := c.UIDs(ctx, "INBOX"); return err }},
		"literals":   {"UID FETCH", "* 1 FETCH (UID 1 X (", "{0}\r\n ", poisoned},
		"nested":     {"UID FETCH", "* 1 FETCH (UID 1 X ", "((((", poisoned},
		"listings":   {"UID SEARCH", "", "* SEARCH" + strings.Repeat(" 4294967295", 300) + "\r\n", func(ctx context.Context, c *Client) error { _, err := c.UIDs(ctx, "INBOX"); return err }},
		"keywords":   {"SELECT", "", "* FLAGS (" + strings.Repeat("keyword ", 400) + ")\r\n", func(ctx context.Context, c *Client) error { _, err := c.Select(ctx, "INBOX"); return err }},
		"go ahead": {"APPEND", "", "* OK " + strings.Repeat("wait ", 200) + "\r\n", func(ctx context.Context, c *Client) error {
			_, err := c.Append(ctx, "Sent", nil, time.Time{}, 5, strings.NewReader("hello"))
			return err
		}},
		"other answers":          {"UID FETCH", "", "* 2 FETCH (UID 2 X (" + strings.Repeat("(", 2000) + "\r\n", fetchedOne},
		"other bodies":           {"UID FETCH", "", "* 2 FETCH (UID 2 FLAGS () BODY[] {2000}\r\n" + strings.Repeat("x", 2000) + ")\r\n", fetchedOne},
		"more than a disk holds": {"UID FETCH", "* 1 FETCH (BODY[] {1000000000000}\r\n", "x", fetchedOne},
		"it once more":           {"UID FETCH", "", "* 1 FETCH (UID 1 FLAGS () BODY[] {2000}\r\n" + strings.Repeat("x", 2000) + ")\r\n", fetchedOne},
	} {
		t.Run(name, func(t *testing.T) {
			o := &odd{caps: "ESEARCH", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				if !strings.HasPrefix(line, tc.verb) {
					return false
				}
				c.Send(tc.first)
				if tc.again == "" {
					return true
				}
				for n, ok := 0, true; ok; n++ {
					if strings.Contains(tc.again, "%d") {
						ok = c.Send(fmt.Sprintf(tc.again, n))
					} else {
						ok = c.Send(strings.Repeat(tc.again, 1000))
					}
				}
				return true
			}}
			c := o.dial(t)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := tc.do(testContext(t), c)
			runtime.ReadMemStats(&after)
			if e := remote.As(err); e == nil || !e.Closed || e.Kind != mail.ProblemProtocol {
				t.Fatalf("no clear error: %v", err)
			}
			if grown := after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc); grown > 100<<20 {
				t.Errorf("%d MB are held", grown>>20)
			}
		})
	}
}

// fetchedOne fetches message 1 once: of what failed nothing is asked for again.
func fetchedOne(ctx context.Context, c *Client) error {
	s, end, err := c.begin(ctx, "fetch")
	if err != nil {
		return err
	}
	defer end()
	if err := c.ensure(ctx, s, "INBOX"); err != nil {
		return err
	}
	f := &fetching{s: s, path: "INBOX", want: remote.WantBody, fn: func(remote.Fetched) error { return nil }}
	return f.run(ctx, []remote.UIDRange{{First: 1, Last: 1}})
}

// TestFlagsWithoutEnd: so many of them that comparing each with the others would take for ever are cut off.
func TestFlagsWithoutEnd(t *testing.T) {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, " k%d", i)
	}
	o := &odd{uids: []int{1}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		return strings.HasPrefix(line, "UID FETCH") && c.Send(strings.Repeat("* 1 FETCH (FLAGS (\\Seen"+b.String()+") UID 1)\r\n", 10), tag, " OK\r\n")
	}}
	all, bad := fetchAll(t, o.dial(t), "INBOX", []remote.UIDRange{{First: 1, Last: 1}}, remote.WantFlags)
	if f := all[1].Flags; len(f) != maxFlags || f[0] != mail.FlagSeen || len(bad) != 0 {
		t.Errorf("%d flags, %v", len(f), bad)
	}
}

// poisoned fetches message 1 and gives the reason why it could not be.
func poisoned(ctx context.Context, c *Client) error {
	bad, err := c.Fetch(ctx, "INBOX", []remote.UIDRange{{First: 1, Last: 1}}, remote.WantBody, func(remote.Fetched) error { return nil })
	if err == nil && len(bad) == 1 && bad[0].UID == 1 {
		return bad[0].Err
	}
	return err
}

// TestStreamsHugeBody: a message far larger than memory limits passes through.
func TestStreamsHugeBody(t *testing.T) {
	const size = 300 << 20
	o := &odd{uids: []int{1}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.HasPrefix(line, "UID FETCH") {
			return false
		}
		c.Send(fmt.Sprintf("* 1 FETCH (UID 1 FLAGS () BODY[] {%d}\r\n", size))
		chunk := strings.Repeat("x", 1<<20)
		for n := 0; n < size; n += len(chunk) {
			if !c.Send(chunk) {
				return true
			}
		}
		return c.Send(")\r\n", tag, " OK\r\n")
	}}
	c := o.dial(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := int64(0)
	_, err := c.Fetch(testContext(t), "INBOX", everything, remote.WantBody, func(f remote.Fetched) (err error) {
		n, err = io.Copy(io.Discard, f.Body)
		return err
	})
	runtime.ReadMemStats(&after)
	if err != nil || n != size {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 30<<20 {
		t.Errorf("%d MB are held", grown>>20)
	}
}

// TestSilentServer: every wait ends.
func TestSilentServer(t *testing.T) {
	for verb, do := range map[string]func(ctx context.Context, c *Client) error{
		"NOOP":      func(ctx context.Context, c *Client) error { return c.Noop(ctx) },
		"SELECT":    func(ctx context.Context, c *Client) error { _, err := c.Select(ctx, "INBOX"); return err },
		"UID FETCH": poisoned,
		"IDLE": func(ctx context.Context, c *Client) error {
			if _, err := c.Select(ctx, "INBOX"); err != nil {
				return err
			}
			_, err := c.Idle(ctx, "INBOX", time.Hour)
			return err
		},
		"APPEND": func(ctx context.Context, c *Client) error {
			_, err := c.Append(ctx, "Sent", nil, time.Time{}, 5, strings.NewReader("hello"))
			return err
		},
	} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool { return strings.HasPrefix(line, verb) }}
			cfg := o.start(t)
			cfg.Server.TimeoutSeconds = 3 // the login has as long, also on a machine that has much else to do
			c, err := Dial(testContext(t), cfg)
			must(t, err)
			defer c.Close()
			err = do(testContext(t), c)
			if e := remote.As(err); e == nil || !e.Closed || e.Permanent || e.Kind != mail.ProblemNetwork {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestLiesAboutCopies: COPYUID that names what nobody asked for, or everything, is not believed.
func TestLiesAboutCopies(t *testing.T) {
	for _, lie := range []string{"7 1:4294967295 1:4294967295", "7 9 1", "7 1:2 5", "0 1 1", "7 x 1", "7 * 1", "7 1",
		"7 1:2 5,5", "7 1,1 5:6", "7 1:16777216 1:16777216"} {
		o := &odd{caps: "UIDPLUS", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
			return strings.HasPrefix(line, "UID COPY") && c.Send(tag, " OK [COPYUID ", lie, "] done\r\n")
		}}
		if m, err := o.dial(t).Copy(testContext(t), "INBOX", []mail.UID{1, 2}, "Trash"); err != nil || len(m) != 0 {
			t.Errorf("%s: %v, %v", lie, m, err)
		}
	}
	// Another life of the destination than the caller knows.
	for _, copying := range []bool{false, true} {
		o := &odd{caps: "UIDPLUS MOVE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
			return (strings.HasPrefix(line, "UID COPY") || strings.HasPrefix(line, "UID MOVE")) && c.Send(tag, " OK [COPYUID 7 1 50] done\r\n")
		}}
		c := o.dial(t)
		for _, life := range []uint32{8, 7, 0} {
			c.Known("Trash", life)
			do := c.Move
			if copying {
				do = c.Copy
			}
			if m, err := do(testContext(t), "INBOX", []mail.UID{1}, "Trash"); err != nil || (m[1] == 50) == (life == 8) {
				t.Errorf("known as %d: %v, %v", life, m, err)
			}
		}
	}
	// Without MOVE nothing is moved.
	var heard mailtest.Heard
	o := &odd{caps: "UIDPLUS", answer: func(_ *mailtest.ScriptConn, _, line string) bool { heard.Note(line); return false }}
	_, err := o.dial(t).Move(testContext(t), "INBOX", []mail.UID{1, 2, 3}, "Trash")
	refusal(t, err, mail.ProblemServer, false, false)
	if said := heard.Said("UID"); len(said) > 0 {
		t.Error(said)
	}
}

// TestUnreadableSearchIsNotBelieved: an answer that is only understood in part is an error, not a shorter list.
func TestUnreadableSearchIsNotBelieved(t *testing.T) {
	for _, answer := range []string{"* SEARCH 1 2 x", "* SEARCH 1,2", "* ESEARCH UID ALL 1:*", "* ESEARCH UID ALL x", "* SEARCH 99999999999",
		`* ESEARCH (TAG "T1`, `* ESEARCH (TAG "T1\`, `* SEARCH 1 2 "`} {
		o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
			return strings.HasPrefix(line, "UID SEARCH") && c.Send(answer, "\r\n", tag, " OK\r\n")
		}}
		uids, err := o.dial(t).UIDs(testContext(t), "INBOX")
		if e := remote.As(err); e == nil || e.Kind != mail.ProblemProtocol || !e.Closed {
			t.Errorf("%s: %v, %v", answer, uids, err)
		}
	}
}

// TestMillionUIDs: a mailbox may hold a million messages, which some servers list on one line.
func TestMillionUIDs(t *testing.T) {
	var b strings.Builder
	for u := 1; u < 2_000_000; u += 2 {
		fmt.Fprintf(&b, " %d", u)
	}
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		return strings.HasPrefix(line, "UID SEARCH") && c.Send("* SEARCH", b.String(), "\r\n", tag, " OK\r\n")
	}}
	c := o.dial(t)
	uids, err := c.UIDs(testContext(t), "INBOX")
	if err != nil || len(uids) != 1_000_000 || uids[999_999] != 1_999_999 {
		t.Fatalf("%d UIDs, %v", len(uids), err)
	}
	must(t, c.Noop(testContext(t)))
}

// TestEmptySearchIsNotBelieved: it would make every message look deleted.
func TestEmptySearchIsNotBelieved(t *testing.T) {
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		return strings.HasPrefix(line, "UID SEARCH") && c.Send(tag, " OK\r\n")
	}}
	uids, err := o.dial(t).UIDs(testContext(t), "INBOX")
	if err == nil {
		t.Fatalf("believed: %v", uids)
	}
}

// TestFlagsWithheld: messages that are there and of which a server tells nothing do not look deleted.
func TestFlagsWithheld(t *testing.T) {
	for name, tc := range map[string]struct {
		told, listed []int // by FETCH and by SEARCH
		odd          []mail.UID
		fails        bool
	}{
		"tells nothing, lists all":     {nil, []int{1, 2, 3}, []mail.UID{1, 2, 3}, false},
		"tells some, lists all":        {[]int{2}, []int{1, 2, 3}, []mail.UID{1, 3}, false},
		"tells nothing, lists nothing": {nil, nil, nil, true},
		"tells some, lists as many":    {[]int{1, 3}, []int{1, 3}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				o := &odd{uids: tc.told}
				switch {
				case strings.HasPrefix(line, "UID SEARCH"):
					o.uids = tc.listed
				case !strings.HasPrefix(line, "UID FETCH"):
					return false
				}
				o.uid(c, tag, strings.TrimPrefix(line, "UID "))
				return true
			}}
			all, bad := map[mail.UID]bool{}, []mail.UID(nil)
			poisoned, err := o.dial(t).Fetch(testContext(t), "INBOX", everything, remote.WantFlags, func(f remote.Fetched) error { all[f.UID] = true; return nil })
			for _, p := range poisoned {
				bad = append(bad, p.UID)
			}
			if (err != nil) != tc.fails || len(all) != len(tc.told) || !slices.Equal(bad, tc.odd) {
				t.Errorf("%v, set aside %v, %v", all, bad, err)
			}
		})
	}
}

// TestImpossibleNumbers: what no mailbox can have is taken as not said.
func TestImpossibleNumbers(t *testing.T) {
	const huge = "18446744073709551615"
	o := &odd{caps: "CONDSTORE LIST-EXTENDED LIST-STATUS", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "LIST"):
			return c.Send("* LIST () \"/\" INBOX\r\n* STATUS INBOX (MESSAGES 4294967301 UIDNEXT ", huge, " UIDVALIDITY 7 HIGHESTMODSEQ ", huge, " SIZE ", huge, ")\r\n", tag, " OK\r\n")
		case strings.HasPrefix(line, "SELECT"):
			return c.Send("* 1 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n* OK [UIDNEXT 2] n\r\n* OK [HIGHESTMODSEQ ", huge, "] m\r\n", tag, " OK\r\n")
		case strings.HasPrefix(line, "UID FETCH"):
			return c.Send("* 1 FETCH (UID 1 FLAGS () MODSEQ (", huge, ") RFC822.SIZE 4611686018427387903 BODY[HEADER] {4}\r\n\r\n\r\n)\r\n", tag, " OK\r\n")
		}
		return false
	}}
	c := o.dial(t)
	list, err := c.List(testContext(t))
	if err != nil || len(list) != 1 || list[0].Messages != 0 || list[0].UIDNext != 0 || list[0].HighestMod != 0 || list[0].Size < 0 {
		t.Errorf("%+v, %v", list, err)
	}
	st, err := c.Select(testContext(t), "INBOX")
	if err != nil || st.HighestMod != 0 {
		t.Errorf("%+v, %v", st, err)
	}
	n := 0
	_, err = c.Fetch(testContext(t), "INBOX", everything, remote.WantHeader, func(f remote.Fetched) error {
		if n++; f.ModSeq != 0 || f.Size != 0 {
			t.Errorf("%+v", f)
		}
		return nil
	})
	if err != nil || n != 1 {
		t.Errorf("%d messages, %v", n, err)
	}
}

func TestRefusalsAndAlerts(t *testing.T) {
	code := ""
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "CREATE"):
			return c.Send("* OK [ALERT] The server \x1b[31mgoes\u202e down\r\n", tag, " NO [", code, "] no: \x07", "because\r\n")
		case strings.HasPrefix(line, "NOOP") && code == "BYE":
			c.Send("* BYE [UNAVAILABLE] Maintenance\r\n")
			c.Reset()
			return true
		}
		return false
	}}
	c := o.dial(t)
	for _, tc := range []struct {
		code      string
		kind      mail.ProblemKind
		permanent bool
	}{{"NONEXISTENT", mail.ProblemServer, true}, {"OVERQUOTA", mail.ProblemServer, true}, {"NOPERM", mail.ProblemServer, true}, {"INUSE", mail.ProblemServer, false},
		{"LIMIT", mail.ProblemServer, false}, {"X-OTHER y", mail.ProblemServer, true}, {"AUTHENTICATIONFAILED", mail.ProblemAuth, true}, {"unavailable", mail.ProblemServer, false}} {
		code = tc.code
		e := refusal(t, c.CreateFolder(testContext(t), "x"), tc.kind, tc.permanent, false)
		if e.Text != "no: because" {
			t.Errorf("text %q", e.Text)
		}
	}
	if a := c.Alerts(); len(a) != 1 || a[0] != "The server [31mgoes down" {
		t.Errorf("alerts %q", a)
	}
	code = "BYE"
	e := refusal(t, c.Noop(testContext(t)), mail.ProblemServer, false, true)
	if e.Text != "Maintenance" {
		t.Errorf("text %q", e.Text)
	}
}

// TestUncertainAppend: the connection lost after the last byte leaves it open whether the message was stored.
func TestUncertainAppend(t *testing.T) {
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.HasPrefix(line, "APPEND") {
			return false
		}
		c.Send("+ go\r\n")
		c.Line()
		c.Reset()
		return true
	}}
	_, err := o.dial(t).Append(testContext(t), "Sent", nil, time.Time{}, 5, strings.NewReader("hello"))
	if e := remote.As(err); e == nil || !e.Uncertain || !e.Closed {
		t.Fatalf("%v", err)
	}
	if errors.Is(err, context.Canceled) {
		t.Error("nobody cancelled")
	}
}
