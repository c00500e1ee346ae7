package imap

import (
	"maps"
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// transcript is a server that plays a conversation: "S: " lines are sent ($ stands for the tag of the last command), "C: " lines are
// what the client must begin its next command with, after the tag, and "B: " lines are lines of a message that it sends. What real
// servers say is from logs that their users published; names and numbers are ours.
func transcript(t *testing.T, text string) Config {
	t.Helper()
	s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		tag := ""
		for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			if line == "S:" || line == "B:" { // an empty line
				line += " "
			}
			if answer, ok := strings.CutPrefix(line, "S: "); ok {
				c.Send(strings.ReplaceAll(answer, "$", tag), "\r\n")
				continue
			}
			want, tagged := strings.CutPrefix(line, "C: ")
			want = strings.TrimPrefix(want, "B: ")
			got, ok := c.Line()
			if !ok {
				t.Errorf("the client was gone before %q", want)
				return
			}
			cmd := got
			if tagged && want != "DONE" {
				tag, cmd, _ = strings.Cut(got, " ")
			}
			if !strings.HasPrefix(cmd, want) || !tagged && cmd != want {
				t.Errorf("the client sent %q, not %q", cmd, want)
				return
			}
		}
		c.Drain()
	})
	return Config{Password: "secret", Server: mail.Server{Host: "localhost", Port: s.Port, Security: mail.SecurityTLS, Username: "ali",
		CAFile: mailtest.CAFile(t), TimeoutSeconds: 10}}
}

func dialTranscript(t *testing.T, text string) *Client {
	t.Helper()
	c, err := Dial(testContext(t), transcript(t, text))
	if err != nil {
		t.Fatalf("Dial: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// wantRoles fails the test unless these folders, and no others, have these roles.
func wantRoles(t *testing.T, fs []mail.RemoteFolder, want map[mail.Role]string) {
	t.Helper()
	roles := map[mail.Role]string{}
	for _, f := range fs {
		if f.Role != mail.RoleNone {
			roles[f.Role] = f.Path
		}
	}
	if !maps.Equal(roles, want) {
		t.Errorf("roles %v, want %v", roles, want)
	}
}

// letterText is what the tests append, 31 bytes.
const letterText = "Subject: sent\r\n\r\nhello\r\nworld\r\n"

// appendLetter appends it.
func appendLetter(t *testing.T, c *Client, path string) (mail.UID, error) {
	t.Helper()
	return c.Append(testContext(t), path, mail.Flags{mail.FlagSeen}, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), int64(len(letterText)), strings.NewReader(letterText))
}

// later fails the test unless err is a refusal that passes by itself.
func later(t *testing.T, err error, why mail.ProblemCode) *remote.Error {
	t.Helper()
	e := remote.As(err)
	if e == nil || e.Permanent || e.Kind != mail.ProblemServer || e.Why != why {
		t.Fatalf("told as %+v", e)
	}
	return e
}

// What providers say when they do not let anybody in: which of it is the password's fault, what passes by itself, and what the user
// has to do elsewhere.
func TestProvidersRefuseLogins(t *testing.T) {
	for said, want := range map[string]struct {
		kind      mail.ProblemKind
		permanent bool
		why       mail.ProblemCode
	}{
		"$ NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)":                                                            {mail.ProblemAuth, true, ""},
		"$ NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)":     {mail.ProblemAuth, true, mail.CodeAppPassword},
		"$ NO [WEBALERT https://accounts.google.com/signin/continue] Web login required. (Failure)":                            {mail.ProblemAuth, true, mail.CodeWebLogin},
		"$ NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)":     {mail.ProblemAuth, true, mail.CodeWebLogin},
		"$ NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account": {mail.ProblemAuth, true, mail.CodeSwitchedOff},
		"$ NO [ALERT] You are yet to enable IMAP for your account. Please contact your administrator":                          {mail.ProblemAuth, true, mail.CodeSwitchedOff},
		"$ NO [AUTHENTICATIONFAILED] LOGIN Invalid credentials or IMAP is disabled sc=a1":                                      {mail.ProblemAuth, true, mail.CodeSwitchedOff},
		"$ NO [ALERT] Too many simultaneous connections. (Failure)":                                                            {mail.ProblemServer, false, mail.CodeLater},
		"$ NO [OVERQUOTA] Account exceeded command or bandwidth limits. a1 (Failure)":                                          {mail.ProblemServer, false, mail.CodeLater},
		"$ NO [UNAVAILABLE] Temporary System Error (Failure)":                                                                  {mail.ProblemServer, false, mail.CodeLater},
		"$ NO LOGIN failed.":                                                                             {mail.ProblemAuth, true, ""},
		"$ NO AUTHENTICATE failed.":                                                                      {mail.ProblemAuth, true, ""},
		"$ BAD User is authenticated but not connected.":                                                 {mail.ProblemServer, false, mail.CodeLater},
		"$ BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds":                        {mail.ProblemServer, false, mail.CodeLater},
		"$ NO [LIMIT] LOGIN Rate limit hit.":                                                             {mail.ProblemServer, false, mail.CodeLater},
		"$ NO [SERVERBUG] LOGIN Server error - Please try again later":                                   {mail.ProblemServer, false, ""},
		"$ NO LOGIN Login error or password error, use authorization code(授权码) to log in":                {mail.ProblemAuth, true, mail.CodeAppPassword},
		"* BYE [ALERT] Server shutting down, try again later":                                            {mail.ProblemServer, false, mail.CodeLater},
		"$ NO [REFERRAL imap://ali;AUTH=*@elsewhere.example/] Specified user is invalid on this server.": {mail.ProblemServer, true, ""}, // never followed
		"$ NO LOGIN Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy. More information at https://help.mail.qq.com/": {mail.ProblemAuth, true, mail.CodeSwitchedOff},
		"$ NO [AUTHENTICATIONFAILED] (#AUTH005) Server error - Please try again later":                                                                                                      {mail.ProblemServer, false, mail.CodeLater},
		"* BYE Connection is closed. 13": {mail.ProblemServer, false, ""},
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			cfg := transcript(t, "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\nC: AUTHENTICATE PLAIN\nS: "+said)
			cfg.Server.TimeoutSeconds = 5 // two say goodbye and do not go
			_, err := Dial(testContext(t), cfg)
			e := remote.As(err)
			if e == nil || e.Kind != want.kind || e.Permanent != want.permanent || e.Why != want.why || !e.Closed {
				t.Errorf("%s\n  told as %+v", said, e)
			}
			if strings.Contains(said, "299961") && e != nil && e.RetryAfter.Round(time.Second) != 300*time.Second {
				t.Errorf("the pause the server asks for: %v", e.RetryAfter)
			}
		})
	}
}
