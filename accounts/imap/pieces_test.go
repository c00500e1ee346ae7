package imap

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	mime "peyk/internal/message"
)

const nested = "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nFrom: sara@peyk.test\r\nSubject: nested\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" +
	"--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ncaf=C3=A9\r\n" +
	"--b\r\nContent-Type: text/html\r\n\r\n<p>one</p>\r\n--b--\r\n" +
	"--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c\r\nContent-Type: image/gif\r\n\r\ny\r\n--c--\r\n" +
	"--a\r\nContent-Type: application/pdf; name=\"a \\\"b\\\".pdf\"\r\nContent-Disposition: attachment; filename=\"a \\\"b\\\".pdf\"\r\nContent-ID: <p>\r\nContent-Language: fa\r\nContent-Location: x/y.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n--a--\r\n"

// Every server's words about the parts of a message lead to the same text, the same files and the same numbers as the message itself.
func TestPartsOnServers(t *testing.T) {
	t.Parallel()
	const plain = "protocol imap {\n  imap_capability = IMAP4rev1\n}\n"
	for name, start := range map[string]func(t *testing.T) mailtest.Reach{
		"Dovecot": func(t *testing.T) mailtest.Reach { return mailtest.StartDovecot(t, mailtest.DovecotOptions{}).Reach() },
		"Dovecot without BINARY": func(t *testing.T) mailtest.Reach {
			return mailtest.StartDovecot(t, mailtest.DovecotOptions{Extra: plain}).Reach()
		},
		"Cyrus":   func(t *testing.T) mailtest.Reach { return mailtest.StartCyrus(t, mailtest.CyrusOptions{}) },
		"Courier": func(t *testing.T) mailtest.Reach { return mailtest.StartCourier(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := reachOf(t, start(t))
			ctx := testContext(t)
			single := "Subject: single\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n6SB1bmQg5A==\r\n"
			for i, raw := range []string{nested, single, string(message(1))} {
				_, err := c.Append(ctx, "INBOX", nil, time.Time{}, int64(len(raw)), strings.NewReader(raw))
				must(t, err)
				uid := mail.UID(i + 1)
				_, err = c.Select(ctx, "INBOX") // Courier tells nothing of new mail to those who look already
				must(t, err)
				s, err := c.Structure(ctx, "INBOX", uid)
				must(t, err)
				var want []remote.Section
				s.Walk(func(p *mail.Structure) {
					if strings.HasPrefix(p.Type, "text/") {
						want = append(want, remote.Section{Number: p.Number, Limit: 1000})
					}
				})
				got, err := c.Sections(ctx, "INBOX", uid, want)
				must(t, err)
				have := map[string]mime.Piece{}
				for _, g := range got {
					have[g.Number] = mime.Piece{Body: g.Body, Decoded: g.Decoded}
				}
				head, _, _ := strings.Cut(raw, "\r\n\r\n")
				x, y := mime.ParseBytes(mime.Skeleton([]byte(head+"\r\n\r\n"), s, have)).Content(), mime.ParseBytes([]byte(raw)).Content()
				if x.Text != y.Text || x.HTML != y.HTML || len(x.Attachments) != len(y.Attachments) {
					t.Errorf("message %d: %+v\nwant %+v", i, x, y)
				}
				for j, a := range x.Attachments {
					b := y.Attachments[j]
					if a.Part != b.Part || a.ContentType != b.ContentType || a.ContentID != b.ContentID || a.Inline != b.Inline || a.Filename != b.Filename && a.ContentType != "message/rfc822" {
						t.Errorf("message %d: %+v, want %+v", i, a, b)
					}
				}
				for _, piece := range []int64{7, 100, 1 << 20} {
					var all bytes.Buffer
					at, err := c.Range(ctx, "INBOX", uid, 0, int64(len(raw)), piece, func() bool { return true }, func(b []byte) error { all.Write(b); return nil })
					if err != nil || at != int64(len(raw)) || all.String() != raw {
						t.Errorf("message %d in pieces of %d: %d bytes, %v", i, piece, at, err)
					}
				}
				for _, wrong := range []int64{-1, 1, 1000} {
					_, err := c.Range(ctx, "INBOX", uid, 0, int64(len(raw))+wrong, 64, func() bool { return true }, func([]byte) error { return nil })
					if !errors.Is(err, remote.ErrNotWhole) {
						t.Errorf("message %d taken for %d bytes longer: %v", i, wrong, err)
					}
				}
			}
			if s, err := c.Structure(ctx, "INBOX", 99); s != nil || err != nil {
				t.Errorf("of a message that is not there: %+v, %v", s, err)
			}
			must(t, c.Noop(ctx))
		})
	}
}

// What cannot be understood of parts costs neither the connection nor much of anything else.
func TestOddStructures(t *testing.T) {
	for text, fine := range map[string]bool{
		`("text" "plain" NIL NIL NIL "7bit" 5 1)`:              true,
		`("TEXT" "PLAIN" ("charset" NIL) NIL NIL NIL NIL NIL)`: true,
		`("text" "plain" () NIL NIL "7bit" -1 nil)`:            true,
		`(("text" "plain" NIL NIL NIL "7bit" 5 1) "mixed")`:    true,
		`(("text" "plain" NIL NIL NIL "7bit" 5 1)("a" "b" NIL NIL NIL "7bit" 5) "mixed" ("boundary" {1}` + "\r\nx" + `) NIL NIL)`: true,
		`("message" "rfc822" NIL NIL NIL "7bit" 5)`: true, // GMX: no envelope
		`("application" "x" ("name" ("?")) NIL NIL "base64" 5 NIL ("attachment" ("filename" "a")) NIL "loc" extra ("more"))`: true,
		`("text" "plain" ()`:     false,
		`NIL`:                    false,
		`()`:                     false,
		strings.Repeat("(", 100): false,
		strings.Repeat(`(("text" "plain" NIL NIL NIL "7bit" 5 1)`, 40) + strings.Repeat(` "mixed")`, 40): false,
		"(" + strings.Repeat(`("text" "plain" NIL NIL NIL "7bit" 5 1)`, 600) + ` "mixed")`:               false,
	} {
		o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
			if !strings.Contains(line, "BODYSTRUCTURE") {
				return false
			}
			c.Send(fmt.Sprintf("* 2 FETCH (UID 2 BODYSTRUCTURE %s)\r\n%s OK done\r\n", text, tag))
			return true
		}}
		c := o.dial(t)
		s, err := c.Structure(testContext(t), "INBOX", 2)
		if e := remote.As(err); fine != (err == nil && s != nil) || e != nil && e.Closed {
			t.Errorf("%.80s: %+v, %v", text, s, err)
		}
		must(t, c.Noop(testContext(t)))
	}
}

// A server with BINARY that does not decode a part, whatever it says of that, is asked for the part as it stands.
func TestPartsThatAreNotDecoded(t *testing.T) {
	t.Parallel()
	for _, refusal := range []string{"NO [UNKNOWN-CTE] x-uuencode", "NO cannot decode that", "BAD unknown item"} {
		o := &odd{caps: "BINARY", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
			switch {
			case strings.Contains(line, "BINARY.PEEK[1]"):
				return c.Send(tag, " ", refusal, "\r\n")
			case strings.Contains(line, "BODY.PEEK[1]<0.100>"):
				return c.Send("* 2 FETCH (UID 2 BODY[1]<0> {5}\r\nYWJj\n)\r\n", tag, " OK done\r\n")
			}
			return false
		}}
		c := o.dial(t)
		got, err := c.Sections(testContext(t), "INBOX", 2, []remote.Section{{Number: "1", Limit: 100}})
		if err != nil || len(got) != 1 || got[0].Decoded || string(got[0].Body) != "YWJj\n" {
			t.Errorf("%s: %+v, %v", refusal, got, err)
		}
		must(t, c.Noop(testContext(t)))
	}
	o := &odd{caps: "BINARY", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		return strings.Contains(line, ".PEEK[1]") && c.Send(tag, " NO [EXPUNGEISSUED] gone\r\n")
	}}
	c := o.dial(t)
	if _, err := c.Sections(testContext(t), "INBOX", 2, []remote.Section{{Number: "1", Limit: 100}}); Code(err) != "EXPUNGEISSUED" {
		t.Errorf("refused both ways: %v", err)
	}
}

func FuzzStructure(f *testing.F) {
	for _, s := range []string{`(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 5 1)("image" "png" NIL "<x>" NIL "base64" 10 NIL ("inline" NIL)) "related")`,
		`("message" "rfc822" NIL NIL NIL "7bit" 5 (NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 5 1) 3)`, `(NIL NIL`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseStructure(&scanner{b: data})
		if err != nil {
			return
		}
		have := map[string]mime.Piece{}
		s.Walk(func(p *mail.Structure) { have[p.Number] = mime.Piece{Body: []byte("x")} })
		mime.ParseBytes(mime.Skeleton([]byte("Subject: x\r\n\r\n"), s, have)).Content()
	})
}
