package imap

import (
	"context"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestFarewell: behind a BYE nothing is waited for, also where the server leaves the connection open, and its words are told; but an answer
// that came along with it counts.
func TestFarewell(t *testing.T) {
	bye := "* BYE [UNAVAILABLE] closed for tonight\r\n"
	for verb, do := range map[string]func(ctx context.Context, c *Client) error{
		"NOOP":       func(ctx context.Context, c *Client) error { return c.Noop(ctx) },
		"SELECT":     func(ctx context.Context, c *Client) error { _, err := c.Select(ctx, "INBOX"); return err },
		"UID SEARCH": func(ctx context.Context, c *Client) error { _, err := c.UIDs(ctx, "INBOX"); return err },
		"UID FETCH":  fetchedOne,
		"IDLE": func(ctx context.Context, c *Client) error {
			_, err := c.Select(ctx, "INBOX")
			must(t, err)
			_, err = c.Idle(ctx, "INBOX", time.Hour)
			return err
		},
		"APPEND": func(ctx context.Context, c *Client) error {
			_, err := c.Append(ctx, "Sent", nil, time.Time{}, 5, strings.NewReader("hello"))
			return err
		},
	} {
		t.Run(verb, func(t *testing.T) {
			t.Parallel()
			o := &odd{caps: "IDLE", answer: func(c *mailtest.ScriptConn, tag, line string) bool {
				return strings.HasPrefix(line, verb) && c.Send(bye)
			}}
			cfg := o.start(t)
			cfg.Server.TimeoutSeconds = 3600
			c, err := Dial(testContext(t), cfg)
			must(t, err)
			defer c.Close()
			if e := refusal(t, do(testContext(t), c), mail.ProblemServer, false, true); e.Text != "closed for tonight" {
				t.Errorf("text %q", e.Text)
			}
		})
	}
	for name, tc := range map[string]struct {
		answer string
		kind   mail.ProblemKind
		text   string
	}{
		"login":              {bye, mail.ProblemServer, "closed for tonight"},
		"login, answered":    {bye + "TAG NO [AUTHENTICATIONFAILED] wrong password\r\n", mail.ProblemAuth, "wrong password"},
		"login, then silent": {bye + "TAG", mail.ProblemServer, "closed for tonight"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := (&odd{}).start(t)
			s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
				c.Send("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\r\n")
				line, _ := c.Line()
				tag, _, _ := strings.Cut(line, " ")
				c.Send(strings.ReplaceAll(tc.answer, "TAG", tag))
				c.Drain()
			})
			cfg.Server.Port, cfg.Server.TimeoutSeconds = s.Port, 3600
			_, err := Dial(testContext(t), cfg)
			if e := remote.As(err); e == nil || e.Kind != tc.kind || e.Text != tc.text || !e.Closed {
				t.Errorf("%+v", err)
			}
		})
	}
}

// TestFarewellBehindAnAnswer: what was answered counts, and nothing more is said to the server.
func TestFarewellBehindAnAnswer(t *testing.T) {
	var heard mailtest.Heard
	o := &odd{answer: func(c *mailtest.ScriptConn, tag, line string) bool {
		heard.Note(line)
		return strings.HasPrefix(line, "UID SEARCH") && c.Send("* SEARCH 1 2 3\r\n* BYE good night\r\n", tag, " OK\r\n")
	}}
	c := o.dial(t)
	if uids, err := c.UIDs(testContext(t), "INBOX"); err != nil || len(uids) != 3 {
		t.Fatal(uids, err)
	}
	if e := refusal(t, c.StoreFlags(testContext(t), "INBOX", []mail.UID{1}, mail.Flags{mail.FlagSeen}, nil), mail.ProblemServer, false, true); e.Text != "good night" {
		t.Errorf("text %q", e.Text)
	}
	if said := heard.Said("UID STORE"); len(said) != 0 {
		t.Errorf("said behind the farewell: %q", said)
	}
}
