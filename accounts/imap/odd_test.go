package imap

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestOddLines: none of what real servers were seen to send may cost the connection.
func TestOddLines(t *testing.T) {
	for name, line := range map[string]string{
		"VANISHED":              "* VANISHED 1:5\r\n",
		"VANISHED broken":       "* VANISHED (EARLIER) x:y\r\n",
		"LSUB":                  "* LSUB () \"/\" x\r\n",
		"XLIST":                 "* XLIST (\\HasNoChildren \\Inbox) \"/\" \"Inbox\"\r\n",
		"unknown":               "* FOO (BAR \"baz\") 12\r\n",
		"unknown literal":       "* FOO {5}\r\n)\r\nab tail\r\n",
		"blank":                 "\r\n",
		"bare LF":               "* OK still here\n",
		"spaces":                "*  OK   doubled\r\n",
		"only a star":           "*\r\n",
		"stray tag":             "ZZ9 OK whose is this\r\n",
		"stray continuation":    "+ go ahead\r\n",
		"NUL":                   "* OK a\x00b\r\n",
		"X-GM":                  "* 3 FETCH (X-GM-THRID 1278455344230334865 X-GM-MSGID 12 X-GM-LABELS (\\Inbox \"a b\" {3}\r\nxyz))\r\n",
		"OBJECTID":              "* 3 FETCH (EMAILID (M6d99ac3275bb4e) THREADID NIL)\r\n",
		"RFC822.HEADER":         "* 3 FETCH (RFC822.HEADER {4}\r\na: b)\r\n",
		"flag with bracket":     "* FLAGS (\\Seen foo] [bar] b\xe4r)\r\n",
		"PERMANENTFLAGS":        "* OK [PERMANENTFLAGS (\\Seen foo] \\*)] odd\r\n",
		"FETCH flags":           "* 2 FETCH (FLAGS (\\Seen $x] \xe4\xf6 NonJunk))\r\n",
		"LIST R&D":              "* LIST () \"/\" R&D\r\n",
		"LIST latin-1":          "* LIST () \"/\" \"Entw\xfcrfe\"\r\n",
		"LIST empty delimiter":  "* LIST () \"\" x\r\n",
		"LIST nil":              "* LIST () nil x\r\n",
		"ID NIL":                "* ID (\"version\" NIL)\r\n",
		"INTERNALDATE empty":    "* 3 FETCH (INTERNALDATE \"\")\r\n",
		"INTERNALDATE NIL":      "* 3 FETCH (INTERNALDATE NIL)\r\n",
		"SIZE -1":               "* 3 FETCH (RFC822.SIZE -1)\r\n",
		"ENVELOPE broken":       "* 3 FETCH (ENVELOPE (NIL \"a\" ((\"x\" NIL)) NIL)\r\n",
		"BODYSTRUCTURE":         "* 3 FETCH (BODYSTRUCTURE (\"text\" \"plain\" () NIL NIL \"7bit\" -1 nil)(NIL))\r\n",
		"quote without end":     "* 3 FETCH (ENVELOPE \"open)\r\n",
		"status without text":   "* OK\r\n",
		"unknown code":          "* OK [HIGHESTMODSEQ NIL] x\r\n",
		"code without end":      "* OK [UIDNEXT 4\r\n",
		"untagged NO":           "* NO Mailbox is at 99% of quota\r\n",
		"untagged BAD":          "* BAD what?\r\n",
		"number too large":      "* 99999999999 EXISTS\r\n",
		"text with a brace":     "* OK sum {12}\r\n",
		"CAPABILITY lower case": "* capability imap4rev1 idle\r\n",
		"NAMESPACE short":       "* NAMESPACE ((\"\" \"/\"))\r\n",
		"SEARCH unasked":        "* SEARCH\r\n",
		"ESEARCH unasked":       "* ESEARCH (TAG \"x\") UID\r\n",
		"QUOTA":                 "* QUOTA \"\" (STORAGE 10 512)\r\n",
		"invalid UTF-8":         "* OK \xff\xfe\x80\r\n",
		"EXISTS doubled":        "* 3 EXISTS\r\n* 3 EXISTS\r\n",
		"FETCH without items":   "* 3 FETCH ()\r\n",
		"FETCH of nothing":      "* 3 FETCH\r\n",
		"FETCH sequence 0":      "* 0 FETCH (FLAGS ())\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{noise: line, caps: "IDLE MOVE UIDPLUS"}
			if strings.HasPrefix(name, "CAPABILITY") {
				o.caps = "IDLE"
			}
			c := o.dial(t)
			ctx := testContext(t)
			must(t, c.Noop(ctx))
			if _, err := c.List(ctx); err != nil {
				t.Errorf("List: %v", err)
			}
			st, err := c.Select(ctx, "INBOX")
			if err != nil || st.UIDValidity != 7 || st.UIDNext != 100 {
				t.Errorf("Select: %+v, %v", st, err)
			}
			uids, err := c.UIDs(ctx, "INBOX")
			if err != nil || !slices.Equal(uids, []mail.UID{1, 2, 3}) {
				t.Errorf("UIDs: %v, %v", uids, err)
			}
			for _, want := range []remote.Want{remote.WantFlags, remote.WantHeader, remote.WantBody} {
				all, bad := fetchAll(t, c, "INBOX", everything, want)
				if len(all) != 3 || len(bad) != 0 || want == remote.WantBody && all[2].body != "Subject: 2\r\n\r\nbody" {
					t.Errorf("Fetch %d: %d messages, poisoned %v", want, len(all), bad)
				}
			}
			must(t, c.StoreFlags(ctx, "INBOX", uids, mail.Flags{mail.FlagSeen}, nil))
			if _, err := moveSafely(ctx, c, "INBOX", uids, "Trash"); err != nil {
				t.Errorf("Move: %v", err)
			}
			must(t, c.Noop(ctx))
		})
	}
}

// TestOddFetchAnswers: answers to what was asked, in forms that occur.
func TestOddFetchAnswers(t *testing.T) {
	for name, answer := range map[string]string{
		"body first":      "* 1 FETCH (BODY[] {5}\r\nhello FLAGS (\\Seen) UID 1)\r\n",
		"quoted":          "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] \"hello\")\r\n",
		"RFC822":          "* 1 FETCH (UID 1 RFC822 {5}\r\nhello FLAGS (\\Seen))\r\n",
		"partial":         "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[]<0> {5}\r\nhello)\r\n",
		"lower case":      "* 1 fetch (uid 1 flags (\\seen) body[] {5}\r\nhello)\r\n",
		"literal8":        "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] ~{5}\r\nhello)\r\n",
		"Gmail's extras":  "* 1 FETCH (X-GM-LABELS (\"\\\\Inbox\" \"x (y)\") UID 1 FLAGS (\\Seen) BODY[] {5}\r\nhello EMAILID (M1))\r\n",
		"no date, size":   "* 1 FETCH (UID 1 FLAGS (\\Seen) INTERNALDATE NIL RFC822.SIZE -1 BODY[] {5}\r\nhello)\r\n",
		"flags meanwhile": "* 1 FETCH (UID 1 FLAGS ())\r\n* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {5}\r\nhello)\r\n",
		"others too":      "* 9 FETCH (UID 99 FLAGS (\\Seen) BODY[] {3}\r\nbad)\r\n* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {5}\r\nhello)\r\n",
		"plus":            "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[] {5+}\r\nhello)\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{uids: []int{1}, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				if !strings.HasPrefix(line, "UID FETCH") {
					return false
				}
				return c.Send(answer, tag, " OK\r\n")
			}}
			all, bad := fetchAll(t, o.dial(t), "INBOX", []remote.UIDRange{{First: 1, Last: 1}}, remote.WantBody)
			if len(all) != 1 || len(bad) != 0 || all[1].body != "hello" || !all[1].Flags.Has(mail.FlagSeen) || all[1].Size < 0 {
				t.Errorf("%+v, poisoned %v", all, bad)
			}
		})
	}
}

// TestPoison: messages that cannot be fetched are named, everything else arrives.
func TestPoison(t *testing.T) {
	uids := []int{}
	for u := 1; u <= 40; u++ {
		uids = append(uids, u)
	}
	fatal := func(c *mailtest.ScriptConn, tag string) bool { c.Reset(); return true }
	for name, tc := range map[string]struct {
		bad  []int
		want remote.Want
		// act is what the server does instead of answering about a bad message; false: go on with the next.
		act func(c *mailtest.ScriptConn, tag string, uid int) (ends bool)
	}{
		"hangs up":          {[]int{17, 18}, remote.WantBody, func(c *mailtest.ScriptConn, tag string, _ int) bool { return fatal(c, tag) }},
		"hangs up, headers": {[]int{1, 40}, remote.WantHeader, func(c *mailtest.ScriptConn, tag string, _ int) bool { return fatal(c, tag) }},
		"BYE": {[]int{5}, remote.WantBody, func(c *mailtest.ScriptConn, tag string, _ int) bool {
			c.Send("* BYE internal error\r\n")
			return fatal(c, tag)
		}},
		"breaks off": {[]int{9}, remote.WantBody, func(c *mailtest.ScriptConn, tag string, u int) bool {
			c.Send(fmt.Sprintf("* 9 FETCH (UID %d FLAGS () BODY[] {5000}\r\nonly so much", u))
			return fatal(c, tag)
		}},
		"NO": {[]int{3, 30}, remote.WantBody, func(c *mailtest.ScriptConn, tag string, _ int) bool {
			return c.Send(tag, " NO [SERVERBUG] internal error\r\n")
		}},
		"garbage with UID": {[]int{7}, remote.WantBody, func(c *mailtest.ScriptConn, _ string, u int) bool {
			c.Send(fmt.Sprintf("* 7 FETCH (UID %d FLAGS (\\Seen BODY[] \"x\r\n", u))
			return false
		}},
		"garbage without UID": {[]int{7, 20}, remote.WantHeader, func(c *mailtest.ScriptConn, _ string, u int) bool {
			c.Send("* 7 FETCH (FLAGS (\\Seen\r\n")
			return false
		}},
		"NIL": {[]int{2}, remote.WantHeader, func(c *mailtest.ScriptConn, _ string, u int) bool {
			c.Send(fmt.Sprintf("* 2 FETCH (UID %d FLAGS () BODY[HEADER] NIL)\r\n", u))
			return false
		}},
		"header too large": {[]int{2}, remote.WantHeader, func(c *mailtest.ScriptConn, _ string, u int) bool {
			c.Send(fmt.Sprintf("* 2 FETCH (UID %d FLAGS () BODY[HEADER] {%d}\r\n", u, maxLiteral+1), strings.Repeat("x", maxLiteral+1), ")\r\n")
			return false
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &odd{uids: uids}
			o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
				rest, ok := strings.CutPrefix(line, "UID FETCH ")
				if !ok {
					return false
				}
				set, query, _ := strings.Cut(rest, " ")
				for _, u := range uids {
					switch {
					case !o.in(set, u):
					case !slices.Contains(tc.bad, u):
						c.Send(fetchAnswer(u, u, query))
					case tc.act(c, tag, u):
						return true
					}
				}
				return c.Send(tag, " OK\r\n")
			}
			c := o.dial(t)
			all, bad := fetchAll(t, c, "INBOX", everything, tc.want)
			var names []int
			for _, p := range bad {
				names = append(names, int(p.UID))
				if p.Err == nil {
					t.Error("poisoned without a reason")
				}
			}
			slices.Sort(names)
			if !slices.Equal(names, tc.bad) {
				t.Errorf("poisoned %v, want %v (%v)", names, tc.bad, bad)
			}
			if len(all) != len(uids)-len(tc.bad) {
				t.Errorf("%d messages arrived", len(all))
			}
			must(t, c.Noop(testContext(t)))
		})
	}
}

// TestHopelessServer: when nothing can be fetched it is not the messages' fault.
func TestHopelessServer(t *testing.T) {
	uids := []int{}
	for u := 1; u <= 300; u++ {
		uids = append(uids, u)
	}
	o := &odd{uids: uids, answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		return strings.HasPrefix(line, "UID FETCH") && c.Send(tag, " NO backend is down\r\n")
	}}
	c := o.dial(t)
	bad, err := c.Fetch(testContext(t), "INBOX", everything, remote.WantHeader, func(remote.Fetched) error { return errors.New("nothing can come") })
	if err == nil || len(bad) > 0 {
		t.Fatalf("%d poisoned, %v", len(bad), err)
	}
}

// TestNewestIsAlwaysNamed: "100:*" brings the newest message even when its UID is 3. It is not delivered, and it is no
// change that would wake Idle for ever.
func TestNewestIsAlwaysNamed(t *testing.T) {
	o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "UID FETCH 100:*"):
			return c.Send(fetchAnswer(3, 3, line), tag, " OK\r\n")
		case line == "IDLE":
			c.Send("+ idling\r\n")
			c.Expect("DONE")
			return c.Send(tag, " OK\r\n")
		}
		return false
	}}
	c := o.dial(t)
	for _, want := range []remote.Want{remote.WantFlags, remote.WantHeader, remote.WantBody} {
		if all, bad := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 100}}, want); len(all)+len(bad) > 0 {
			t.Errorf("delivered %v, poisoned %v", all, bad)
		}
	}
	if changed, err := c.Idle(testContext(t), "INBOX", 30*time.Millisecond); changed || err != nil {
		t.Errorf("Idle: %v, %v", changed, err)
	}
}

// TestGivesUpIdle: a server that refuses what it advertised is asked by NOOP from then on.
func TestGivesUpIdle(t *testing.T) {
	idles := 0
	o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if line == "IDLE" {
			idles++
			return c.Send(tag, " NO not now\r\n")
		}
		return false
	}}
	c := o.dial(t)
	_, err := c.Select(testContext(t), "INBOX")
	must(t, err)
	for range 3 {
		if changed, err := c.Idle(testContext(t), "INBOX", 10*time.Millisecond); changed || err != nil {
			t.Errorf("Idle: %v, %v", changed, err)
		}
	}
	if idles != 1 {
		t.Errorf("asked %d times", idles)
	}
}

func TestListOddities(t *testing.T) {
	lines := []string{
		`* LIST (\HasNoChildren) "/" INBOX`,
		`* LIST (\HasNoChildren) "/" R&D`,
		"* LIST () \"/\" \"caf\xe9\"",
		`* LIST () "/" "&BkEGJwYxBjMGzA-"`,
		`* LIST () "/" plain name with spaces`,
		`* LIST () nil flat`,
		`* LIST () "" NIL`,
		"* LIST () \"/\" {9}\r\nlit\"er\\al",
		`* LIST () "/" "qu\"ote\\d"`,
		"* LIST () \"/\" {6}\r\na\r\nb c",
		`* LIST () "/" "../../etc/passwd"`,
		`* LIST () "/" "x/../y"`,
		"* LIST () \"/\" \"a\x01b\"",
		"* LIST () \"/\" \"rtl\u202efdp\"",
		`* LIST () "/" ""`,
		`* LIST () "/" "unterminated`,
		`* LIST (\Sent "/" broken`,
		`* LIST (\Noselect) "/" "[Gmail]"`,
		`* LIST (\Sent) "/" "[Gmail]/Verstuurd"`,
		`* LIST (\Sent) "/" "Second sent"`,
		`* LIST (\Subscribed \NonExistent) "/" ghost`,
		`* LIST () "/" INBOX`,
		"* LIST () \"/\" INBOX/Day\tSubject\t",
		`* LIST () "/" "en&AAk-coded"`,
		`* LIST () "/" ext ("CHILDINFO" ("SUBSCRIBED"))`,
		`* STATUS "R&D" (MESSAGES 12 UNSEEN 3 UIDNEXT 9 UIDVALIDITY 4 X-FOO 5)`,
		`* STATUS broken (MESSAGES`,
	}
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if strings.HasPrefix(line, "LIST") {
			return c.Send(strings.Join(lines, "\r\n"), "\r\n", tag, " OK\r\n")
		}
		if strings.HasPrefix(line, "SELECT") && !strings.HasPrefix(line, `SELECT "R&D"`) && !strings.HasPrefix(line, "SELECT \"caf\xe9\"") &&
			line != "SELECT \"INBOX/Day\tSubject\t\"" && line != `SELECT "en&AAk-coded"` {
			t.Errorf("the name came back as %q", line)
		}
		if strings.Contains(line, "peyk-mailbox") || strings.HasPrefix(line, "UID COPY") && line != `UID COPY 1 "R&D"` {
			t.Errorf("the library sent %q", line)
		}
		return false
	}}
	c := o.dial(t)
	ctx := testContext(t)
	folders, err := c.List(ctx)
	must(t, err)
	var paths []string
	by := map[string]mail.RemoteFolder{}
	for _, f := range folders {
		paths = append(paths, f.Path)
		by[f.Path] = f
	}
	want := []string{"INBOX", "R&D", "café", "فارسی", "plain name with spaces", "flat", "NIL", `lit"er\al`, `qu"ote\d`, "[Gmail]",
		"[Gmail]/Verstuurd", "Second sent", "ghost", "INBOX/Day Subject", "en coded", "ext"}
	if !slices.Equal(paths, want) {
		t.Errorf("folders\n%q, want\n%q", paths, want)
	}
	if f := by["R&D"]; f.Messages != 12 || f.Unseen != 3 || f.UIDNext != 9 || f.UIDValidity != 4 {
		t.Errorf("status of R&D: %+v", f)
	}
	if by["[Gmail]/Verstuurd"].Role != mail.RoleSent || by["Second sent"].Role != mail.RoleNone || by["[Gmail]"].Selectable || by["ghost"].Selectable {
		t.Errorf("roles: %+v", folders)
	}
	// A name that is no proper modified UTF-7 goes back as it came, through both ways of sending.
	_, err = c.Select(ctx, "R&D")
	must(t, err)
	_, err = c.Copy(ctx, "R&D", []mail.UID{1}, "R&D")
	must(t, err)
	for _, path := range []string{"café", "INBOX/Day Subject", "en coded"} {
		_, err = c.Select(ctx, path)
		must(t, err)
	}
	for _, name := range []string{"a\r\nX9 DELETE INBOX", "", "../x", "nul\x00"} {
		if err := c.CreateFolder(ctx, name); err == nil || remote.As(err).Closed {
			t.Errorf("CreateFolder(%q): %v", name, err)
		}
		if _, err := c.Select(ctx, name); err == nil || remote.As(err).Closed {
			t.Errorf("Select(%q): %v", name, err)
		}
	}
	must(t, c.Noop(ctx))
}

// TestTwoNamesOfOnePath: of two mailboxes whose names mean the same path the first is the one, in whatever order they are told of, and what
// is said of the other, or done, is not about it.
func TestTwoNamesOfOnePath(t *testing.T) {
	for first, second := range map[string]string{"R&D": "R&-D", "R&-D": "R&D", "caf&AOk-": "caf\xe9"} {
		o := &odd{caps: "LIST-EXTENDED LIST-STATUS"}
		var selected string
		o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
			switch {
			case strings.HasPrefix(line, "LIST"):
				return c.Send("* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"", first, "\"\r\n* STATUS \"", first, "\" (MESSAGES 5 UIDVALIDITY 7)\r\n",
					"* LIST () \"/\" \"", second, "\"\r\n* STATUS \"", second, "\" (MESSAGES 0 UIDVALIDITY 8)\r\n* LIST () \"/\" \"", first, "\"\r\n", tag, " OK\r\n")
			case strings.HasPrefix(line, "SELECT"):
				selected = strings.TrimPrefix(line, "SELECT ")
			}
			return false
		}
		c := o.dial(t)
		folders, err := c.List(testContext(t))
		must(t, err)
		if len(folders) != 2 || folders[1].Messages != 5 || folders[1].UIDValidity != 7 {
			t.Errorf("%q: %+v", first, folders)
			continue
		}
		_, err = c.Select(testContext(t), folders[1].Path)
		if must(t, err); selected != `"`+first+`"` {
			t.Errorf("%q: selected %s", first, selected)
		}
	}
}

// TestLoginWithoutInitialResponse: a server that does not offer SASL-IR (RFC 4959) gets what it is to be told when it asks for it.
func TestLoginWithoutInitialResponse(t *testing.T) {
	s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\r\n")
		if line, _ := c.Line(); line != "P1 AUTHENTICATE PLAIN" {
			t.Errorf("the login begins with %q", line)
		}
		c.Send("+ \r\n")
		if line, _ := c.Line(); line != "AGFsaQBzZWNyZXQ=" {
			t.Errorf("asked, it says %q", line)
		}
		c.Send("P1 OK [CAPABILITY IMAP4rev1] in\r\n")
		c.Drain()
	})
	c, err := Dial(testContext(t), Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 20}})
	must(t, err)
	c.session().close(nil)
}

// TestIdleIsLongerThanOtherWaits: a server that has nothing to tell is silent in IDLE for longer than it may be at any command.
func TestIdleIsLongerThanOtherWaits(t *testing.T) {
	t.Parallel()
	o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if line != "IDLE" {
			return false
		}
		c.Send("+ idling\r\n")
		c.Expect("DONE")
		return c.Send(tag, " OK\r\n")
	}}
	cfg := o.start(t)
	cfg.Server.TimeoutSeconds = 5
	c, err := Dial(testContext(t), cfg)
	must(t, err)
	t.Cleanup(func() { c.Close() })
	_, err = c.Select(testContext(t), "INBOX")
	must(t, err)
	if changed, err := c.Idle(testContext(t), "INBOX", 6*time.Second); changed || err != nil {
		t.Errorf("%v, %v", changed, err)
	}
	must(t, c.Noop(testContext(t)))
}

// TestServerThatAnswersNoFetch: where the server hangs up at whatever it is asked about a few messages, even at their numbers, it is not the messages' fault. Where it
// hangs up at what they are, it is.
func TestServerThatAnswersNoFetch(t *testing.T) {
	for n := 1; n <= 5; n += 2 {
		for _, numbers := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d messages, numbers %v", n, numbers), func(t *testing.T) {
				t.Parallel()
				o := &odd{uids: []int{1, 2, 3, 4, 5}[:n]}
				o.answer = func(c *mailtest.ScriptConn, tag, line string) bool {
					rest, ok := strings.CutPrefix(line, "UID FETCH ")
					if set, query, _ := strings.Cut(rest, " "); ok && numbers && query == "(UID)" {
						for _, u := range o.uids {
							if o.in(set, u) {
								c.Send(fmt.Sprintf("* %d FETCH (UID %d)\r\n", u, u))
							}
						}
						return c.Send(tag, " OK\r\n")
					}
					if ok {
						c.Send("* BYE internal error\r\n")
						c.Reset()
					}
					return ok
				}
				bad, err := o.dial(t).Fetch(testContext(t), "INBOX", everything, remote.WantBody, func(remote.Fetched) error { return errors.New("nothing can come") })
				switch {
				case numbers && (err != nil || len(bad) != n):
					t.Errorf("%d poisoned, %v", len(bad), err)
				case !numbers && (err == nil || remote.IsPermanent(err) || len(bad) > 0):
					t.Errorf("%d poisoned, %v", len(bad), err)
				}
			})
		}
	}
}
