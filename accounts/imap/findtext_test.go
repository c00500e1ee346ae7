package imap

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// Words go as SEARCH says them: UTF-8 in literals that wait for the server, with the charset named, in the ranges that are asked about.
func TestFindTextOnTheWire(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var lines []string
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		if !strings.HasPrefix(line, "UID SEARCH") {
			return false
		}
		for strings.HasSuffix(line, "}") { // a literal
			c.Send("+ go on\r\n")
			more, ok := c.Line()
			if !ok {
				return true
			}
			line += more
		}
		mu.Lock()
		lines = append(lines, line)
		mu.Unlock()
		switch {
		case strings.Contains(line, "CHARSET"):
			c.Send(tag, " NO [BADCHARSET (US-ASCII)] only these\r\n")
		case strings.Contains(line, "slow"):
			c.Send(tag, " NO [LIMIT] try again later\r\n")
		default:
			c.Send("* SEARCH 3 1 77\r\n", tag, " OK done\r\n")
		}
		return true
	}}
	c, ctx := o.dial(t), testContext(t)
	among := []remote.UIDRange{{First: 1, Last: 3}, {First: 9, Last: 9}}
	words := mail.Words{All: []mail.Words{{Text: "one two"}, {Not: &mail.Words{Text: "three"}}, {Any: []mail.Words{{Text: "a\"b"}, {Text: "c"}, {Text: "d"}}}}}
	uids, err := c.FindText(ctx, "INBOX", among, words)
	if must(t, err); fmt.Sprint(uids) != "[1 3]" {
		t.Errorf("found %v", uids)
	}
	_, err = c.FindText(ctx, "INBOX", among, mail.Words{Any: []mail.Words{{Text: "کتاب"}, {Text: "كتاب"}}})
	if e := refusal(t, err, mail.ProblemServer, true, false); e.Why != mail.CodeCharset {
		t.Errorf("refused letters: %+v", e)
	}
	_, err = c.FindText(ctx, "INBOX", among, mail.Words{Text: "slow"})
	if e := remote.As(err); e == nil || e.Permanent || e.Why != mail.CodeLater {
		t.Errorf("refused for now: %v", err)
	}
	want := []string{
		`UID SEARCH UID 1:3,9 TEXT "one two" NOT (TEXT "three") OR (OR (TEXT "a\"b") (TEXT "c")) (TEXT "d")`,
		`UID SEARCH CHARSET UTF-8 UID 1:3,9 OR (TEXT {8}کتاب) (TEXT {8}كتاب)`,
		`UID SEARCH UID 1:3,9 TEXT "slow"`,
	}
	mu.Lock()
	if fmt.Sprint(lines) != fmt.Sprint(want) {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	mu.Unlock()
	// What cannot be asked is refused before anything is sent.
	for _, w := range []mail.Words{{}, {Text: "a\r\nb LOGOUT"}, {Text: "\x00"}, {Text: strings.Repeat("x", maxWordBytes+1)}, {All: make([]mail.Words, 3)}, {All: many(maxWords + 1)}} {
		if _, err := c.FindText(ctx, "INBOX", among, w); err == nil {
			t.Errorf("sent %.40v", w)
		}
	}
	must(t, c.Noop(ctx))
	mu.Lock()
	defer mu.Unlock()
	if len(lines) != len(want) {
		t.Errorf("sent %q", lines[len(want):])
	}
}

func many(n int) []mail.Words {
	out := make([]mail.Words, n)
	for i := range out {
		out[i].Text = "x"
	}
	return out
}

// findsText: every server finds words in texts, encoded or not, in the letters of any alphabet, among the messages it is asked about.
func (d *day) findsText() {
	d.Helper()
	box := d.top + "to be searched"
	must(d.T, d.c.CreateFolder(d.ctx, box))
	letter := func(encoding, body string) {
		raw := []byte("From: Ali <ali@example.org>\r\nSubject: plain\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" + body + "\r\n")
		_, err := d.c.Append(d.ctx, box, nil, dayDate, int64(len(raw)), strings.NewReader(string(raw)))
		must(d.T, err)
	}
	letter("8bit", "a pomegranate and a quince")
	letter("base64", "2qnYqtin2Kgg2YjYp9mG2KfYsSBwb21lZ3JhbmF0ZQ==") // کتاب وانار pomegranate
	letter("7bit", "nothing of it")
	all := []remote.UIDRange{{First: 1, Last: 3}}
	for _, c := range []struct {
		among []remote.UIDRange
		words mail.Words
		want  string
	}{
		{all, mail.Words{Text: "Pomegranate"}, "[1 2]"},
		{[]remote.UIDRange{{First: 2, Last: 3}}, mail.Words{Text: "pomegranate"}, "[2]"},
		{all, mail.Words{All: []mail.Words{{Text: "pomegranate"}, {Not: &mail.Words{Text: "quince"}}}}, "[2]"},
		{all, mail.Words{Any: []mail.Words{{Text: "کتاب"}, {Text: "كتاب"}}}, "[2]"},
		{all, mail.Words{Text: "بودجه"}, "[]"},
	} {
		uids, err := d.c.FindText(d.ctx, box, c.among, c.words)
		if must(d.T, err); fmt.Sprint(uids) != c.want {
			d.Errorf("%s: %+v found in %v, want %s", d.r.Name, c.words, uids, c.want)
		}
	}
	must(d.T, d.c.DeleteFolder(d.ctx, box))
	_, err := d.c.Select(d.ctx, "INBOX")
	must(d.T, err)
}
