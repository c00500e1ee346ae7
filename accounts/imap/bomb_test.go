package imap

import (
	"compress/flate"
	"context"
	"runtime"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// sender is a ScriptConn as a writer.
type sender struct{ c *mailtest.ScriptConn }

func (s sender) Write(p []byte) (int, error) {
	if !s.c.Send(string(p)) {
		return 0, context.Canceled
	}
	return len(p), nil
}

// TestCompressionBombs: a few kilobytes on the wire that unfold to gigabytes end the connection within bounded memory and data.
func TestCompressionBombs(t *testing.T) {
	for name, unit := range map[string]string{
		"a line without end":    "x",
		"lines without end":     "* OK " + strings.Repeat("y", 900) + "\r\n",
		"literals without end":  "* LIST () \"/\" {1000000}\r\n" + strings.Repeat("z", 1_000_000) + "\r\n",
		"a literal that is big": "* LIST () \"/\" {1000000000}\r\n" + strings.Repeat("z", 1_000_000),
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
				c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n")
				c.Answer("P1 AUTHENTICATE", "P1 OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] in\r\n")
				c.Answer("P2 COMPRESS DEFLATE", "P2 OK\r\n")
				w, _ := flate.NewWriter(sender{c}, flate.BestCompression)
				block := []byte(strings.Repeat(unit, 1+(1<<20)/len(unit)))
				for n := 0; n < 4<<30; n += len(block) {
					if _, err := w.Write(block); err != nil {
						return
					}
				}
			})
			c, err := Dial(testContext(t), Config{ForceCompress: true, Password: "secret", Server: mail.Server{Host: "localhost", Port: s.Port,
				Security: mail.SecurityTLS, Username: "ali", CAFile: mailtest.CAFile(t), TimeoutSeconds: 20}})
			must(t, err)
			defer c.session().close(nil)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err = c.Noop(testContext(t))
			runtime.ReadMemStats(&after)
			refusal(t, err, mail.ProblemProtocol, false, true)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 40<<20 {
				t.Errorf("%d MB are held", grown>>20)
			}
			if in := c.BytesIn(); in > 2<<20 {
				t.Errorf("%d bytes were read from the network", in)
			}
		})
	}
}

// TestAnswersWithoutEnd: data that a command did ask for ends too.
func TestAnswersWithoutEnd(t *testing.T) {
	repeat := func(verb, line string) *odd {
		return &odd{caps: "ENABLE CONDSTORE QRESYNC", answer: func(c *mailtest.ScriptConn, tag, got string) bool {
			if !strings.HasPrefix(got, verb) {
				return false
			}
			block := strings.Repeat(line, 1000)
			for c.Send(block) {
			}
			return true
		}}
	}
	t.Run("FETCH", func(t *testing.T) {
		c := repeat("UID FETCH", "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n").dial(t)
		seen := 0
		_, err := c.Fetch(testContext(t), "INBOX", everything, remote.WantFlags, func(remote.Fetched) error { seen++; return nil })
		// The one message that was asked for is there; that the server never stops is its own affair.
		if err != nil || seen == 0 || seen > 50_000 {
			t.Errorf("%d answers, %v", seen, err)
		}
	})
	t.Run("VANISHED", func(t *testing.T) {
		o := repeat(`SELECT "INBOX" (QRESYNC`, "* OK [UIDVALIDITY 7] x\r\n* VANISHED (EARLIER) 1:2,5,7\r\n")
		_, ok, err := o.dial(t).Changes(testContext(t), "INBOX", remote.Since{UIDValidity: 7, ModSeq: 3}, func(mail.FlagState) error { return nil })
		if e := remote.As(err); ok || e == nil || e.Kind != mail.ProblemProtocol {
			t.Errorf("%v, %v", ok, err)
		}
	})
}
