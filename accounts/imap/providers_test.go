package imap

import (
	"strings"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// transcript is a server that plays a conversation: "S: " lines are sent ($ stands for the tag of the last command), "C: " lines are
// what the client must begin its next command with, after the tag.
func transcript(t *testing.T, text string) Config {
	t.Helper()
	s := mailtest.StartScript(t, mailtest.Good, func(c *mailtest.ScriptConn) {
		tag := ""
		for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
			line = strings.TrimSpace(line)
			if answer, ok := strings.CutPrefix(line, "S: "); ok {
				c.Send(strings.ReplaceAll(answer, "$", tag), "\r\n")
				continue
			}
			want := strings.TrimPrefix(line, "C: ")
			got, ok := c.Line()
			if !ok {
				t.Errorf("the client was gone before %q", want)
				return
			}
			cmd := got
			if want != "DONE" {
				tag, cmd, _ = strings.Cut(got, " ")
			}
			if !strings.HasPrefix(cmd, want) {
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

// Gmail: labels are folders, All Mail holds everything again, flags of its own, THROTTLED with an OK, no QRESYNC.
func TestGmail(t *testing.T) {
	c := dialTranscript(t, `
S: * OK Gimap ready for requests from 192.0.2.7 x13mb12345678
C: CAPABILITY
S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER
S: $ OK Thats all she wrote! x13mb12345678
C: AUTHENTICATE PLAIN
S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584
S: $ OK ali authenticated (Success)
C: ENABLE CONDSTORE
S: * ENABLED CONDSTORE
S: $ OK Success
C: ID
S: * ID ("name" "GImap" "vendor" "Google, Inc." "support-url" "https://support.google.com/mail" "version" "gmail_imap_250101.00_p0" "remote-host" "192.0.2.7")
S: $ OK Success x13mb12345678
C: NAMESPACE
S: * NAMESPACE (("" "/")) NIL NIL
S: $ OK Success
C: LIST "" "*" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ))
S: * LIST (\HasNoChildren \Subscribed) "/" "INBOX"
S: * STATUS "INBOX" (MESSAGES 2 UIDNEXT 9 UIDVALIDITY 1 UNSEEN 1 HIGHESTMODSEQ 4711)
S: * LIST (\HasChildren \NonExistent \Noselect) "/" "[Gmail]"
S: * LIST (\All \HasNoChildren \Subscribed) "/" "[Gmail]/All Mail"
S: * STATUS "[Gmail]/All Mail" (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 11 UNSEEN 1 HIGHESTMODSEQ 4711)
S: * LIST (\Drafts \HasNoChildren) "/" "[Gmail]/Drafts"
S: * LIST (\HasNoChildren \Important) "/" "[Gmail]/Important"
S: * LIST (\HasNoChildren \Sent) "/" "[Gmail]/Sent Mail"
S: * LIST (\HasNoChildren \Junk) "/" "[Gmail]/Spam"
S: * LIST (\Flagged \HasNoChildren) "/" "[Gmail]/Starred"
S: * LIST (\HasNoChildren \Trash) "/" "[Gmail]/Trash"
S: * LIST (\HasNoChildren \Subscribed) "/" "Kunden/M&APw-ller"
S: $ OK Success
C: SELECT "INBOX"
S: * FLAGS (\Answered \Flagged \Draft \Deleted \Seen $NotPhishing $Phishing [Imported])
S: * OK [PERMANENTFLAGS (\Answered \Flagged \Draft \Deleted \Seen $NotPhishing $Phishing [Imported] \*)] Flags permitted.
S: * OK [UIDVALIDITY 1] UIDs valid.
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [UIDNEXT 9] Predicted next UID.
S: * OK [HIGHESTMODSEQ 4711]
S: $ OK [READ-WRITE] INBOX selected. (Success)
C: UID FETCH 1:* (UID FLAGS MODSEQ X-GM-THRID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])
S: * 1 FETCH (X-GM-THRID 1278455344230334865 X-GM-MSGID 1278455344230334866 X-GM-LABELS ("\\Inbox" "\\Sent" Important "M&APw-ller") UID 4 RFC822.SIZE 5 MODSEQ (4000) INTERNALDATE "05-Feb-2024 09:11:12 +0000" FLAGS ([Imported] \Seen $NotPhishing) BODY[HEADER] {5}
S: A:b
S: )
S: * 2 FETCH (UID 8 RFC822.SIZE 6 MODSEQ (4711) INTERNALDATE " 5-Feb-2024 09:11:13 +0000" FLAGS () BODY[HEADER] {5}
S: A:c
S: )
S: $ OK [THROTTLED] Success`)
	fs, err := c.List(testContext(t))
	must(t, err)
	roles := map[mail.Role]string{}
	for _, f := range fs {
		if f.Role != mail.RoleNone {
			roles[f.Role] = f.Path
		}
	}
	for role, path := range map[mail.Role]string{mail.RoleAll: "[Gmail]/All Mail", mail.RoleSent: "[Gmail]/Sent Mail", mail.RoleJunk: "[Gmail]/Spam",
		mail.RoleTrash: "[Gmail]/Trash", mail.RoleDrafts: "[Gmail]/Drafts", mail.RoleFlagged: "[Gmail]/Starred", mail.RoleInbox: "INBOX"} {
		if roles[role] != path {
			t.Errorf("%s is %q, want %q", role, roles[role], path)
		}
	}
	all, bad := fetchAll(t, c, "INBOX", everything, remote.WantHeader)
	if len(all) != 2 || len(bad) > 0 || all[4].Received.Day() != 5 || !all[4].Flags.Has(mail.FlagSeen) {
		t.Errorf("%+v, %v", all, bad)
	}
	if all[4].ThreadID != "g1278455344230334865" || all[8].ThreadID != "" {
		t.Errorf("conversations %q and %q", all[4].ThreadID, all[8].ThreadID)
	}
}

// Microsoft 365: capabilities only by asking, no SPECIAL-USE, no CONDSTORE, English names for the roles.
func TestMicrosoft365(t *testing.T) {
	c := dialTranscript(t, `
S: * OK The Microsoft Exchange IMAP4 service is ready. [TQBXADQAUABSADEANQBDAEEA]
C: CAPABILITY
S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+
S: $ OK CAPABILITY completed.
C: AUTHENTICATE PLAIN
S: $ OK AUTHENTICATE completed.
C: CAPABILITY
S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+
S: $ OK CAPABILITY completed.
C: ID
S: * ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")
S: $ OK ID completed
C: NAMESPACE
S: * NAMESPACE (("" "/")) NIL NIL
S: $ OK NAMESPACE completed.
C: LIST "" "*"
C: LSUB "" "*"
S: * LIST (\HasNoChildren) "/" Archive
S: * LIST (\HasNoChildren) "/" "Deleted Items"
S: * LIST (\HasNoChildren) "/" Drafts
S: * LIST (\Marked \HasNoChildren) "/" INBOX
S: * LIST (\HasNoChildren) "/" "Junk Email"
S: * LIST (\HasNoChildren) "/" "Sent Items"
S: * LIST (\Noinferiors) "/" "Conversation History"
S: P6 OK LIST completed.
S: * LSUB (\HasNoChildren) "/" INBOX
S: P7 OK LSUB completed.
C: STATUS
C: STATUS
C: STATUS
C: STATUS
C: STATUS
C: STATUS
C: STATUS
S: * STATUS INBOX (MESSAGES 3 UNSEEN 1 UIDNEXT 7 UIDVALIDITY 14)
S: * STATUS "Deleted Items" (MESSAGES 0 UNSEEN 0 UIDNEXT 1 UIDVALIDITY 15) 
S: P8 OK STATUS completed.
S: P9 NO STATUS failed.
S: P10 OK STATUS completed.
S: P11 OK STATUS completed.
S: P12 OK STATUS completed.
S: P13 OK STATUS completed.
S: P14 OK STATUS completed.`)
	fs, err := c.List(testContext(t))
	must(t, err)
	roles := map[mail.Role]string{}
	for _, f := range fs {
		if f.Role != mail.RoleNone {
			roles[f.Role] = f.Path
		}
	}
	for role, path := range map[mail.Role]string{mail.RoleArchive: "Archive", mail.RoleTrash: "Deleted Items", mail.RoleDrafts: "Drafts", mail.RoleJunk: "Junk Email", mail.RoleSent: "Sent Items"} {
		if roles[role] != path {
			t.Errorf("%s is %q, want %q", role, roles[role], path)
		}
	}
	if caps := c.Capabilities(); !caps.Move || caps.CondStore || caps.QResync || caps.SpecialUse {
		t.Errorf("%+v", caps)
	}
}

// iCloud advertises QRESYNC and gets it wrong; Coremail (163, 126) refuses SELECT to clients that did not say who they are.
func TestQuirkyProviders(t *testing.T) {
	c := dialTranscript(t, `
S: * OK [CAPABILITY XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN AUTH=ATOKEN2 AUTH=XOAUTH2] iSCREAM ready to rumble (2307B30-abcdef) st42p00im-zteg10062801 [42:4711]
C: AUTHENTICATE PLAIN
S: * CAPABILITY IMAP4 IMAP4rev1 ACL QUOTA LITERAL+ NAMESPACE UIDPLUS CHILDREN BINARY UNSELECT SORT ENABLE CONDSTORE QRESYNC ID SASL-IR IDLE ESEARCH LIST-EXTENDED LIST-STATUS WITHIN
S: $ OK user ali logged in
C: ENABLE CONDSTORE
S: * ENABLED CONDSTORE
S: $ OK
C: ID
S: * ID NIL
S: $ OK ID completed
C: NAMESPACE
S: * NAMESPACE (("" "/")) NIL NIL
S: $ OK NAMESPACE completed
C: SELECT "INBOX"
S: * 1 EXISTS
S: * OK [UIDVALIDITY 3] x
S: * OK [HIGHESTMODSEQ 9] x
S: $ OK [READ-WRITE] done`)
	if caps := c.Capabilities(); caps.QResync || !caps.CondStore {
		t.Errorf("iCloud: %+v", caps)
	}
	_, err := c.Select(testContext(t), "INBOX")
	must(t, err)

	c = dialTranscript(t, `
S: * OK Coremail System IMap Server Ready(163com[10774b260cc7a37d26d71b52404dcf5c])
C: CAPABILITY
S: * CAPABILITY IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS APPENDLIMIT=71680000 XAPPLEPUSHSERVICE UIDPLUS X-CM-EXT-1 SASL-IR AUTH=XOAUTH2
S: $ OK CAPABILITY completed
C: LOGIN "ali" "secret"
S: $ OK LOGIN completed
C: CAPABILITY
S: * CAPABILITY IMAP4rev1 XLIST SPECIAL-USE LITERAL+ UIDPLUS X-CM-EXT-1
S: $ OK CAPABILITY completed
C: ID ("name" "Peyk"
S: * ID ("name" "Coremail Imap" "vendor" "Mailtech" "TransID" "abc")
S: $ OK ID completed
C: SELECT "INBOX"
S: * 0 EXISTS
S: * OK [UIDVALIDITY 1] UID validity status
S: $ OK [READ-WRITE] SELECT completed`)
	if st, err := c.Select(testContext(t), "INBOX"); err != nil || st.UIDValidity != 1 {
		t.Errorf("163: %+v, %v", st, err)
	}
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
		"* BYE Connection is closed. 13":                                                                 {mail.ProblemServer, false, ""},
	} {
		cfg := transcript(t, "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\nC: AUTHENTICATE PLAIN\nS: "+said)
		cfg.Server.TimeoutSeconds = 1
		_, err := Dial(testContext(t), cfg)
		e := remote.As(err)
		if e == nil || e.Kind != want.kind || e.Permanent != want.permanent || e.Why != want.why || !e.Closed {
			t.Errorf("%s\n  told as %+v", said, e)
		}
		if strings.Contains(said, "299961") && e != nil && e.RetryAfter.Round(time.Second) != 300*time.Second {
			t.Errorf("the pause the server asks for: %v", e.RetryAfter)
		}
	}
}
