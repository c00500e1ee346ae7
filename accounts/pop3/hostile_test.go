package pop3_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"peyk/accounts/pop3"
	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

const capa = "+OK\r\nUIDL\r\nTOP\r\nUSER\r\nSASL PLAIN\r\nPIPELINING\r\n.\r\n"

// script is a server over TLS that lets ali in and then plays.
func script(t *testing.T, capa string, play func(c *mailtest.ScriptConn)) pop3.Config {
	t.Helper()
	s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		c.Send("+OK hello\r\n")
		c.Answer("CAPA", capa)
		if strings.Contains(capa, "SASL") {
			c.Answer("AUTH PLAIN ", "+OK\r\n")
		} else {
			c.Answer("USER ali", "+OK\r\n")
			c.Answer("PASS geheim", "+OK\r\n")
			if strings.HasPrefix(capa, "-ERR") {
				c.Answer("CAPA", capa)
			}
		}
		play(c)
	})
	return pop3.Config{Password: "geheim", Server: mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.SecurityTLS,
		Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 10}}
}

// TestOldServer knows no CAPA, no UIDL and one command at a time, and ends its lines as it likes.
func TestOldServer(t *testing.T) {
	cfg := script(t, "-ERR what?\r\n", func(c *mailtest.ScriptConn) {
		c.Answer("STAT", "+ok 2 20 extra\r\n")
		c.Answer("LIST", "+OK\n1 10\n3 10 words\n.\n")
		c.Answer("UIDL", "-ERR no\r\n")
		c.Answer("RETR 1", "+OK\r\na\r\n..\r\nb\n.\nc\n..d\r\n.\ne\r\n.\r\n")
		c.Answer("RETR 3", "+OK\n..x\ny\n.\n")
		c.Answer("QUIT", "+OK\r\n")
	})
	c := open(t, cfg)
	drops := list(t, c)
	if len(drops) != 2 || drops[1].Number != 3 || drops[1].UIDL != "" || c.Capabilities().UIDL {
		t.Fatalf("%+v", drops)
	}
	got := fetch(t, c, drops)
	// After a bare LF a dot is a byte like any other, and before one it was not stuffed.
	if string(got[0]) != "a\r\n.\r\nb\n.\nc\n..d\r\n.\ne\r\n" || string(got[1]) != ".x\ny\n" {
		t.Errorf("%q", got)
	}
	if err := c.Quit(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestDuplicateUIDLsAreReported(t *testing.T) {
	cfg := script(t, capa, func(c *mailtest.ScriptConn) {
		for range 3 {
			c.Line()
		}
		c.Send("+OK 2 20\r\n+OK\r\n1 10\r\n2 10\r\n.\r\n+OK\r\n1 same\r\n2 same\r\n.\r\n")
		c.Drain()
	})
	if drops := list(t, open(t, cfg)); len(drops) != 2 || drops[0].UIDL != "same" || drops[1].UIDL != "same" {
		t.Errorf("%+v", drops)
	}
}

// TestShortListsAreErrors: a list that is not whole would look like deleted mail.
func TestShortListsAreErrors(t *testing.T) {
	for name, answer := range map[string]string{
		"LIST short":          "+OK 3 20\r\n+OK\r\n1 10\r\n2 10\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n3 c\r\n.\r\n",
		"UIDL short":          "+OK 2 20\r\n+OK\r\n1 10\r\n2 10\r\n.\r\n+OK\r\n1 a\r\n.\r\n",
		"LIST long":           "+OK 1 20\r\n+OK\r\n1 10\r\n2 10\r\n.\r\n+OK\r\n1 a\r\n.\r\n",
		"malformed line":      "+OK 2 20\r\n+OK\r\n1 10\r\nx y\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n",
		"empty line":          "+OK 2 20\r\n+OK\r\n1 10\r\n\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n",
		"twice":               "+OK 2 20\r\n+OK\r\n1 10\r\n1 10\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n",
		"negative size":       "+OK 1 20\r\n+OK\r\n1 -10\r\n.\r\n+OK\r\n1 a\r\n.\r\n",
		"malformed STAT":      "+OK many\r\n+OK\r\n.\r\n+OK\r\n.\r\n",
		"huge STAT":           "+OK 99999999999 1\r\n+OK\r\n.\r\n+OK\r\n.\r\n",
		"LIST refused":        "+OK 1 20\r\n-ERR no\r\n+OK\r\n1 a\r\n.\r\n",
		"garbage for a reply": "220 ESMTP\r\n",
		"an empty reply":      "\r\n+OK 1 1\r\n",
		"the end in the list": "+OK 2 20\r\n+OK\r\n1 10\r\n",
		"an endless line":     "+OK 2 20\r\n+OK\r\n1 " + strings.Repeat("1", 300_000) + "\r\n.\r\n",
		"an endless status":   "+OK " + strings.Repeat("1", 300_000) + "\r\n",
	} {
		cfg := script(t, capa, func(c *mailtest.ScriptConn) {
			for range 3 {
				c.Line()
			}
			c.Send(answer)
		})
		c := open(t, cfg)
		drops, err := c.List(t.Context())
		e := remote.As(err)
		if e == nil || !e.Closed || drops != nil || len(err.Error()) > 600 || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < 0x20 }) {
			t.Errorf("%s: %d drops, %v", name, len(drops), err)
		}
	}
}

// TestLinesOfUIDLThatMakeNoSense: the message that such a line is for has no identifier, and the others have theirs.
func TestLinesOfUIDLThatMakeNoSense(t *testing.T) {
	for name, line := range map[string]string{
		"no identifier": "2", "an empty one": "2 ", "a control character": "2 b\x00c", "a long one": "2 " + strings.Repeat("x", 2000),
		"no number": "what?", "nothing at all": "", "a message that is not there": "7 b", "a number that is none": "99999999999999999999 b", "another message's": "3 d",
	} {
		third := "c"
		if name == "another message's" {
			third = "" // it may be called either
		}
		cfg := script(t, capa, func(c *mailtest.ScriptConn) {
			for range 3 {
				c.Line()
			}
			c.Send("+OK 3 30\r\n+OK\r\n1 10\r\n2 10\r\n3 10\r\n.\r\n+OK\r\n1 a\r\n" + line + "\r\n3 c\r\n.\r\n")
			c.Drain()
		})
		if drops := list(t, open(t, cfg)); len(drops) != 3 || drops[0].UIDL != "a" || drops[1].UIDL != "" || drops[2].UIDL != third {
			t.Errorf("%s: %+v", name, drops)
		}
	}
}

// TestCutOffMessages: the server is gone, or out of step, in the middle of a message. The reader sees an error, never an
// end that looks proper.
func TestCutOffMessages(t *testing.T) {
	for name, c := range map[string]struct {
		capa, answer string
		reset        bool
	}{
		"gone":                       {capa, "+OK\r\nSubject: x\r\n\r\nhalf", false},
		"gone at a line's end":       {capa, "+OK\r\nSubject: x\r\n\r\nhalf\r\n", false},
		"gone before the last LF":    {capa, "+OK\r\nSubject: x\r\n\r\nhalf\r\n.\r", false},
		"reset":                      {capa, "+OK\r\nSubject: x\r\n\r\nhalf", true},
		"an unstuffed dot":           {capa, "+OK\r\nSubject: x\r\n\r\nhalf\r\n.\r\nthe rest\r\n.\r\n+OK\r\n", false},
		"an unstuffed dot, one by 1": {strings.ReplaceAll(capa, "PIPELINING\r\n", ""), "+OK\r\nSubject: x\r\n\r\nhalf\r\n.\r\nthe rest\r\n.\r\n", false},
		"what looks like an answer":  {strings.ReplaceAll(capa, "PIPELINING\r\n", ""), "+OK\r\nSubject: x\r\n\r\nhalf\r\n.\r\n+OK 1 gone\r\n", false},
		"nothing":                    {capa, "", false},
		"no end":                     {capa, "+OK\r\n" + strings.Repeat(strings.Repeat("x", 998)+"\r\n", 70_000), false},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := script(t, c.capa, func(s *mailtest.ScriptConn) {
				s.Expect("RETR 1")
				s.Send(c.answer)
				if c.reset {
					s.Reset()
				}
			})
			whole := false
			client := open(t, cfg)
			err := client.Retrieve(t.Context(), []remote.Drop{{Number: 1, Size: 10}}, func(_ remote.Drop, body io.Reader) error {
				_, err := io.Copy(io.Discard, body)
				whole = err == nil
				return err
			})
			if e := remote.As(err); e == nil || !e.Closed || whole {
				t.Errorf("whole %v, %v", whole, err)
			}
			if _, err := client.Delete(t.Context(), []remote.Drop{{Number: 1}}); err == nil || !remote.As(err).Closed {
				t.Errorf("the session goes on: %v", err)
			}
		})
	}
}

func TestLostAnswerToQuit(t *testing.T) {
	cfg := script(t, capa, func(c *mailtest.ScriptConn) {
		c.Answer("DELE 1", "+OK\r\n")
		c.Expect("QUIT")
	})
	c := open(t, cfg)
	if _, err := c.Delete(t.Context(), []remote.Drop{{Number: 1}}); err != nil {
		t.Fatal(err)
	}
	if e := remote.As(c.Quit(t.Context())); e == nil || !e.Uncertain || !e.Closed {
		t.Errorf("%v", e)
	}
}

func TestLoginRefusals(t *testing.T) {
	for answer, want := range map[string]struct {
		kind      mail.ProblemKind
		permanent bool
	}{
		"-ERR":                                       {mail.ProblemAuth, true},
		"-ERR [AUTH] bad":                            {mail.ProblemAuth, true},
		"-ERR [SYS/TEMP] later":                      {mail.ProblemServer, false},
		"-ERR [IN-USE] somebody":                     {mail.ProblemServer, false},
		"-ERR [LOGIN-DELAY] 15 minutes":              {mail.ProblemServer, false},
		"-ERR unable to lock maildrop":               {mail.ProblemServer, false},
		"-ERR bad command PASS geheim \x1b[2J\u202E": {mail.ProblemAuth, true},
		"* OK what":                                  {mail.ProblemProtocol, false},
		"-ERR [AUTH] Application-specific password required: https://support.google.com/accounts/answer/185833": {mail.ProblemAuth, true},
		"-ERR [SYS/PERM] Your account is not enabled for POP access. Please visit your Gmail settings page":     {mail.ProblemAuth, true},
		"-ERR [SYS/TEMP] Temporary system problem. Please try again later.":                                     {mail.ProblemServer, false},
		"-ERR Logon failure: unknown user name or bad password.":                                                {mail.ProblemAuth, true},
		"-ERR Server Unavailable. 14":                                  {mail.ProblemServer, false},
		"-ERR login fail, please try again later":                      {mail.ProblemServer, false},
		"-ERR Your account is locked":                                  {mail.ProblemAuth, true},
		"-ERR [AUTH] Account locked, contact support":                  {mail.ProblemAuth, true},
		"-ERR Login blocked, see https://peyk.test/why":                {mail.ProblemAuth, true},
		"-ERR Your account is locked by another session":               {mail.ProblemServer, false},
		"-ERR maildrop already locked":                                 {mail.ProblemServer, false},
		"-ERR user ali's mailbox is locked by another POP3 connection": {mail.ProblemServer, false},
	} {
		s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
			c.Send("+OK\r\n")
			c.Answer("CAPA", "-ERR\r\n")
			c.Answer("USER", "+OK\r\n")
			c.Answer("PASS", answer, "\r\n")
			c.Drain()
		})
		_, err := pop3.Dial(t.Context(), pop3.Config{Password: "geheim", Server: mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.SecurityTLS,
			Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 10}})
		e := remote.As(err)
		if e == nil || e.Kind != want.kind || e.Permanent != want.permanent || !e.Closed {
			t.Errorf("%s: %#v", answer, e)
		}
		if err != nil && (strings.Contains(err.Error(), "geheim") || strings.ContainsAny(err.Error(), "\x1b\u202E")) {
			t.Errorf("%s: told as %q", answer, err)
		}
	}
}

func TestErrorOfTheReaderComesBack(t *testing.T) {
	cfg := script(t, capa, func(c *mailtest.ScriptConn) {
		c.Send("+OK\r\nSubject: x\r\n.\r\n+OK\r\nSubject: y\r\n.\r\n")
		c.Drain()
	})
	full := errors.New("disk full")
	err := open(t, cfg).Retrieve(t.Context(), []remote.Drop{{Number: 1}, {Number: 2}}, func(remote.Drop, io.Reader) error { return full })
	if !errors.Is(err, full) {
		t.Error(err)
	}
}

// TestAnswerInPlaceOfAMessage: what begins with the answer to another command is no message, however well it ends.
func TestAnswerInPlaceOfAMessage(t *testing.T) {
	for _, stray := range []string{"+OK 30 octets", "-ERR no such message", "+ok"} {
		c := open(t, script(t, capa, func(c *mailtest.ScriptConn) {
			c.Expect("RETR 1")
			c.Send("+OK\r\n", stray, "\r\nSubject: one\r\n\r\nbody\r\n.\r\n+OK\r\n")
			c.Drain()
		}))
		err := c.Retrieve(t.Context(), []remote.Drop{{Number: 1, Size: 30}}, func(remote.Drop, io.Reader) error {
			t.Errorf("%s: was delivered", stray)
			return nil
		})
		if e := remote.As(err); e == nil || e.Kind != mail.ProblemProtocol || !e.Closed || e.Step != "retr 1" {
			t.Errorf("%s: %v", stray, err)
		}
	}
}

// TestShortMessagesOneByOne: without PIPELINING a message that ends before its announced size may have been cut at a dot that was not stuffed,
// and the rest be on its way. Another command shows it; a server that stuffs dots, or gives the size that it sends, is not asked.
func TestShortMessagesOneByOne(t *testing.T) {
	short := strings.ReplaceAll(capa, "PIPELINING\r\n", "")
	for name, c := range map[string]struct {
		first, asked string // what comes of the message, and behind another command
		whole        bool
	}{
		"cut at a dot":    {"Subject: x\r\n\r\nhalf\r\n.\r\n", "the rest\r\n.\r\n+OK\r\n", false},
		"cut and silent":  {"Subject: x\r\n\r\nhalf\r\n.\r\n", "", false},
		"cut, and no dot": {"Subject: x\r\n\r\n.css { }\r\nhalf\r\n.\r\n", "the rest\r\n.\r\n+OK\r\n", false},
		"cut, three dots": {"Subject: x\r\n\r\n...\r\nhalf\r\n.\r\n", "the rest\r\n.\r\n+OK\r\n", false},
		"wrong size":      {"Subject: x\r\n\r\nall\r\n.\r\n", "+OK\r\n", true},
		"knows no NOOP":   {"Subject: x\r\n\r\nall\r\n.\r\n", "-ERR what?\r\n", true},
		"stuffs its dots": {"Subject: x\r\n\r\n..css { }\r\n.\r\n", "", true},
		"as announced":    {"Subject: x\r\n\r\n" + strings.Repeat("line\r\n", 20) + ".\r\n", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			asks := c.asked != "" || !c.whole
			cfg := script(t, short, func(s *mailtest.ScriptConn) {
				s.Answer("RETR 1", "+OK\r\n"+c.first)
				if asks {
					s.Expect("NOOP")
					s.Send(c.asked)
				}
				if c.whole {
					s.Answer("DELE 1", "+OK\r\n")
				}
			})
			whole := false
			client := open(t, cfg)
			one := []remote.Drop{{Number: 1, Size: 100}}
			err := client.Retrieve(t.Context(), one, func(_ remote.Drop, body io.Reader) error {
				_, err := io.Copy(io.Discard, body)
				whole = err == nil
				return err
			})
			if whole != c.whole || (err == nil) != c.whole {
				t.Errorf("whole %v, %v", whole, err)
			}
			if c.whole {
				if _, err := client.Delete(t.Context(), one); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestTheNextCommandShowsTheEnd: where another message is to come, the command for it stands in for the NOOP.
func TestTheNextCommandShowsTheEnd(t *testing.T) {
	for name, behind := range map[string]string{"whole": "+OK\r\nSubject: y\r\n\r\nall\r\n.\r\n", "refused": "-ERR no\r\n", "cut at a dot": "the rest\r\n.\r\n+OK\r\n"} {
		cfg := script(t, strings.ReplaceAll(capa, "PIPELINING\r\n", ""), func(s *mailtest.ScriptConn) {
			s.Answer("RETR 1", "+OK\r\nSubject: x\r\n\r\nhalf\r\n.\r\n")
			s.Answer("RETR 2", behind)
			if name == "whole" {
				s.Answer("NOOP", "+OK\r\n")
			}
		})
		came := 0
		err := open(t, cfg).Retrieve(t.Context(), []remote.Drop{{Number: 1, Size: 100}, {Number: 2, Size: 100}}, func(_ remote.Drop, body io.Reader) error {
			_, err := io.Copy(io.Discard, body)
			if err == nil {
				came++
			}
			return err
		})
		if want := map[string]int{"whole": 2, "refused": 1}[name]; came != want || (err == nil) != (name == "whole") {
			t.Errorf("%s: %d messages, %v", name, came, err)
		}
	}
}

// TestRefusedMessages: what a server refuses to give keeps nothing else from coming, and the first one is told, with how many there are.
func TestRefusedMessages(t *testing.T) {
	const message = "+OK\r\nSubject: x\r\n\r\n.\r\n"
	for answers, want := range map[string]string{
		"-ERR first gone\r\n" + message:                                                       "first gone",
		"-ERR first gone\r\n" + message + "-ERR second gone\r\n":                              "first gone (and 1 more messages)",
		message + "-ERR first gone\r\n-ERR second gone\r\n" + message + "-ERR third gone\r\n": "first gone (and 2 more messages)",
	} {
		var drops []remote.Drop
		whole := strings.Count(answers, message)
		for n := range whole + strings.Count(answers, "-ERR") {
			drops = append(drops, remote.Drop{Number: n + 1, Size: 20})
		}
		c := open(t, script(t, capa, func(c *mailtest.ScriptConn) {
			c.Expect("RETR 1")
			c.Send(answers, "+OK\r\n")
			c.Drain()
		}))
		came := 0
		err := c.Retrieve(t.Context(), drops, func(_ remote.Drop, body io.Reader) error {
			came++
			_, err := io.Copy(io.Discard, body)
			return err
		})
		if e := remote.As(err); e == nil || e.Closed || e.Text != want || came != whole {
			t.Errorf("%d of %d came, and %v", came, whole, err)
		}
	}
}

// TestHeadersThatEnd: a connection that ends in place of a header is not taken for a message that the server does not give.
func TestHeadersThatEnd(t *testing.T) {
	for _, capa := range []string{capa, strings.ReplaceAll(capa, "PIPELINING\r\n", "")} {
		c := open(t, script(t, capa, func(c *mailtest.ScriptConn) { c.Expect("TOP 1 0") }))
		err := c.Heads(t.Context(), []remote.Drop{{Number: 1}}, func(remote.Drop, []byte) error { return nil })
		if e := remote.As(err); e == nil || !e.Closed {
			t.Errorf("the error is %v", err)
		}
	}
}

// TestHeadersOneBehindTheOther: headers that come in one piece are told apart, and one that the server does not give is left out.
func TestHeadersOneBehindTheOther(t *testing.T) {
	c := open(t, script(t, capa, func(c *mailtest.ScriptConn) {
		c.Expect("TOP 1 0")
		c.Send("+OK\r\nSubject: one\r\n\r\n.\r\n-ERR no\r\n+OK\r\nSubject: three\r\n\r\n.\r\n+OK\r\n")
		c.Drain()
	}))
	got := map[int]string{}
	err := c.Heads(t.Context(), []remote.Drop{{Number: 1}, {Number: 2}, {Number: 3}}, func(d remote.Drop, head []byte) error {
		got[d.Number] = string(head)
		return nil
	})
	if err != nil || len(got) != 2 || got[1] != "Subject: one\r\n\r\n" || got[3] != "Subject: three\r\n\r\n" {
		t.Errorf("%v, %v", got, err)
	}
}

// TestMessageByteByByte: wherever the network cuts, between CR and LF too, the same message comes.
func TestMessageByteByByte(t *testing.T) {
	c := open(t, script(t, capa, func(c *mailtest.ScriptConn) {
		c.Expect("RETR 1")
		for _, b := range []byte("+OK\r\nSubject: x\r\n\r\n..a\r\nb\n.c\r\nd\r\n.\r\n+OK\r\n") {
			c.Send(string(b)) // in a record of its own
		}
		c.Drain()
	}))
	if got := fetch(t, c, []remote.Drop{{Number: 1, Size: 40}}); string(got[0]) != "Subject: x\r\n\r\n.a\r\nb\n.c\r\nd\r\n" {
		t.Errorf("%q", got)
	}
}

// TestUIDLThatIsNotAnnounced: AOL's server and others do not name UIDL among what they can do, and have it. Without it every pass would fetch the header of
// each message to know it by.
func TestUIDLThatIsNotAnnounced(t *testing.T) {
	for answer, want := range map[string]string{"+OK\r\n1 a\r\n2 b\r\n.\r\n": "b", "-ERR what?\r\n": ""} {
		c := open(t, script(t, "+OK\r\nTOP\r\nSASL PLAIN\r\n.\r\n", func(c *mailtest.ScriptConn) {
			c.Answer("STAT", "+OK 2 20\r\n")
			c.Answer("LIST", "+OK\r\n1 10\r\n2 10\r\n.\r\n")
			c.Answer("UIDL", answer)
			c.Answer("STAT", "+OK 2 20\r\n")
			c.Answer("LIST", "+OK\r\n1 10\r\n2 10\r\n.\r\n")
			if want != "" {
				c.Answer("UIDL", answer)
			}
			c.Answer("QUIT", "+OK\r\n")
		}))
		for range 2 { // what was refused is not asked for again
			if drops := list(t, c); len(drops) != 2 || drops[1].UIDL != want || c.Capabilities().UIDL != (want != "") {
				t.Errorf("%q: %+v, %v", answer, drops, c.Capabilities())
			}
		}
		c.Close()
	}
}
