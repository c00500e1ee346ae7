package imap

import (
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// exchangeLogin is how a session at Microsoft 365 begins: capabilities only by asking.
const exchangeLogin = `
S: * OK The Microsoft Exchange IMAP4 service is ready. [TQBXADQAUABSADEANQBDAEEA]
C: CAPABILITY
S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+
S: $ OK CAPABILITY completed.
C: AUTHENTICATE XOAUTH2
S: $ OK AUTHENTICATE completed.
C: CAPABILITY
S: * CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+
S: $ OK CAPABILITY completed.
`

const exchangeSetup = `
C: ID
S: * ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")
S: $ OK ID completed
C: NAMESPACE
S: * NAMESPACE (("" "/")) NIL NIL
S: $ OK NAMESPACE completed.
`

const exchangeInbox = `
C: SELECT "INBOX"
S: * 2 EXISTS
S: * 0 RECENT
S: * FLAGS (\Seen \Answered \Flagged \Deleted \Draft $MDNSent)
S: * OK [PERMANENTFLAGS (\Seen \Answered \Flagged \Deleted \Draft $MDNSent)] Permanent flags
S: * OK [UNSEEN 2] Is the first unseen message
S: * OK [UIDVALIDITY 14] UIDVALIDITY value
S: * OK [UIDNEXT 85] The next unique identifier value
S: $ OK [READ-WRITE] SELECT completed.
`

func dialExchange(t *testing.T, text string) *Client {
	t.Helper()
	cfg := transcript(t, exchangeLogin+exchangeSetup+text)
	cfg.Server.Auth = mail.AuthXOAUTH2
	c, err := Dial(testContext(t), cfg)
	if err != nil {
		t.Fatalf("Dial: %v", err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Microsoft 365: no SPECIAL-USE, no CONDSTORE, English names for the roles; STATUS of a folder may fail.
func TestMicrosoft365(t *testing.T) {
	c := dialExchange(t, `
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
	wantRoles(t, fs, map[mail.Role]string{mail.RoleInbox: "INBOX", mail.RoleArchive: "Archive", mail.RoleTrash: "Deleted Items", mail.RoleDrafts: "Drafts",
		mail.RoleJunk: "Junk Email", mail.RoleSent: "Sent Items"})
	if caps := c.Capabilities(); !caps.Move || caps.CondStore || caps.QResync || caps.SpecialUse {
		t.Errorf("%+v", caps)
	}
}

// A day at Microsoft 365: the UID comes last, also behind a body, sizes are wrong, keywords cannot be kept, moves answer untagged, a
// message with a long line is refused in Sent, and IDLE ends with a number.
func TestMicrosoft365Day(t *testing.T) {
	c := dialExchange(t, exchangeInbox+`
C: UID FETCH 1:* (UID FLAGS)
S: * 1 FETCH (FLAGS (\Seen) UID 80)
S: * 2 FETCH (FLAGS (\Recent) UID 84)
S: $ OK FETCH completed.
C: UID FETCH 84 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
S: * 2 FETCH (FLAGS (\Recent) INTERNALDATE "02-Mar-2026 10:00:00 +0000" RFC822.SIZE 19189 BODY[] {12}
S: A:b
S: 
S: hello UID 84)
S: $ OK FETCH completed.
C: UID STORE 84 +FLAGS.SILENT (\Seen)
S: $ OK STORE completed.
C: UID MOVE 84 "Deleted Items"
S: * OK [COPYUID 15 84 9]
S: * 2 EXPUNGE
S: * 1 EXISTS
S: $ OK MOVE completed.
C: APPEND "Sent Items" (\Seen) " 2-Mar-2026 10:00:00 +0000" {31+}
B: Subject: sent
B: 
B: hello
B: world
B: 
S: $ BAD Command Argument Error. 11
C: APPEND "Sent Items" (\Seen) " 2-Mar-2026 10:00:00 +0000" {31+}
B: Subject: sent
B: 
B: hello
B: world
B: 
S: $ OK [APPENDUID 16 7] APPEND completed.
C: IDLE
S: + IDLE accepted, awaiting DONE command.
S: * 2 EXISTS
C: DONE
S: $ OK IDLE completed.
C: UID FETCH 1:* (UID FLAGS)
S: * 1 FETCH (FLAGS (\Seen) UID 80)
S: $ BAD Request is throttled. Suggested Backoff Time: 178755 milliseconds`)
	ctx := testContext(t)
	st, err := c.Select(ctx, "INBOX")
	if err != nil || st.Keywords {
		t.Errorf("%+v, %v", st, err)
	}
	if all, _ := fetchAll(t, c, "INBOX", everything, remote.WantFlags); len(all) != 2 || !all[80].Flags.Has(mail.FlagSeen) {
		t.Errorf("flags %+v", all)
	}
	all, bad := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 84, Last: 84}}, remote.WantBody)
	if all[84].body != "A:b\r\n\r\nhello" || len(bad) > 0 {
		t.Errorf("new mail: %+v, %v", all, bad)
	}
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{84}, mail.Flags{mail.FlagSeen}, nil))
	if moved, err := moveSafely(ctx, c, "INBOX", []mail.UID{84}, "Deleted Items"); err != nil || moved[84] != 9 {
		t.Errorf("moved %v, %v", moved, err)
	}
	_, err = appendLetter(t, c, "Sent Items")
	refusal(t, err, mail.ProblemProtocol, true, false)
	if uid, err := appendLetter(t, c, "Sent Items"); err != nil || uid != 7 {
		t.Errorf("appended as %d, %v", uid, err)
	}
	if news, err := c.Idle(ctx, "INBOX", 0); err != nil || !news {
		t.Errorf("Idle: %v, %v", news, err)
	}
	_, err = c.Fetch(ctx, "INBOX", everything, remote.WantFlags, func(remote.Fetched) error { return nil })
	if e := later(t, err, mail.CodeLater); e.RetryAfter.Round(time.Second) != 179*time.Second {
		t.Errorf("to wait for %v", e.RetryAfter)
	}
}

// Too many sessions, or a token without the right to the mailbox: the login succeeds and nothing else does.
func TestMicrosoft365NotConnected(t *testing.T) {
	c := dialExchange(t, `
C: SELECT "INBOX"
S: $ BAD User is authenticated but not connected.
S: * BYE Connection closed. 14`)
	_, err := c.Select(testContext(t), "INBOX")
	later(t, err, mail.CodeLater)
}

// A token that has expired: the server's reason is a continuation, which is answered with an empty line.
func TestMicrosoft365OldToken(t *testing.T) {
	for name, tc := range map[string]struct {
		auth mail.AuthMethod
		text string
	}{
		"XOAUTH2": {mail.AuthXOAUTH2, `
S: * OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready
C: AUTHENTICATE XOAUTH2 dXNlcj1hbGkBYXV0aD1CZWFyZXIgc2VjcmV0AQE=
S: + eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9tYWlsLmdvb2dsZS5jb20vIn0=
B:
S: $ NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)`},
		"OAUTHBEARER": {mail.AuthOAuthBearer, `
S: * OK [CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER SASL-IR] ready
C: AUTHENTICATE OAUTHBEARER
S: + eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=
B: AQ==
S: $ NO [AUTHENTICATIONFAILED] (#AUTH901) The provided OAuth2 access token is invalid`},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := transcript(t, tc.text)
			cfg.Server.Auth = tc.auth
			_, err := Dial(testContext(t), cfg)
			refusal(t, err, mail.ProblemAuth, true, true)
		})
	}
}
