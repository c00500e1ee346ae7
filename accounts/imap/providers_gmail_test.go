package imap

import (
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// gmailLogin is how a session begins.
const gmailLogin = `
S: * OK Gimap ready for requests from 192.0.2.7 x13mb12345678
C: CAPABILITY
S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER
S: $ OK Thats all she wrote! x13mb12345678
C: AUTHENTICATE PLAIN
S: * CAPABILITY IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584
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
`

const gmailInbox = `
C: SELECT "INBOX"
S: * FLAGS (\Answered \Flagged \Draft \Deleted \Seen $NotPhishing $Phishing [Imported])
S: * OK [PERMANENTFLAGS (\Answered \Flagged \Draft \Deleted \Seen $NotPhishing $Phishing [Imported] \*)] Flags permitted.
S: * OK [UIDVALIDITY 1] UIDs valid.
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [UIDNEXT 9] Predicted next UID.
S: * OK [HIGHESTMODSEQ 4711]
S: $ OK [READ-WRITE] INBOX selected. (Success)
`

// Gmail: labels are folders, All Mail holds everything again, flags of its own, THROTTLED with an OK, no QRESYNC.
func TestGmail(t *testing.T) {
	c := dialTranscript(t, gmailLogin+`
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
`+gmailInbox+`
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
	wantRoles(t, fs, map[mail.Role]string{mail.RoleAll: "[Gmail]/All Mail", mail.RoleSent: "[Gmail]/Sent Mail", mail.RoleJunk: "[Gmail]/Spam",
		mail.RoleTrash: "[Gmail]/Trash", mail.RoleDrafts: "[Gmail]/Drafts", mail.RoleFlagged: "[Gmail]/Starred", mail.RoleInbox: "INBOX"})
	all, bad := fetchAll(t, c, "INBOX", everything, remote.WantHeader)
	if len(all) != 2 || len(bad) > 0 || all[4].Received.Day() != 5 || !all[4].Flags.Has(mail.FlagSeen) {
		t.Errorf("%+v, %v", all, bad)
	}
	if all[4].ThreadID != "g1278455344230334865" || all[8].ThreadID != "" {
		t.Errorf("conversations %q and %q", all[4].ThreadID, all[8].ThreadID)
	}
}

// A day at Gmail: what is new and changed, a flag, a label taken away by a move whose COPYUID comes with the tagged answer, a copy that
// shows itself as a change of the source, a copy in Sent that is there already, and a bandwidth limit.
func TestGmailDay(t *testing.T) {
	c := dialTranscript(t, gmailLogin+gmailInbox+`
C: SELECT "INBOX"
S: * FLAGS (\Answered \Flagged \Draft \Deleted \Seen)
S: * OK [PERMANENTFLAGS (\Answered \Flagged \Draft \Deleted \Seen \*)] Flags permitted.
S: * OK [UIDVALIDITY 1] UIDs valid.
S: * 3 EXISTS
S: * OK [UIDNEXT 10] Predicted next UID.
S: * OK [HIGHESTMODSEQ 4720]
S: $ OK [READ-WRITE] INBOX selected. (Success)
C: UID FETCH 1:* (UID FLAGS MODSEQ) (CHANGEDSINCE 4711)
S: * 1 FETCH (UID 4 MODSEQ (4715) FLAGS (\Seen \Flagged))
S: * 3 FETCH (UID 9 MODSEQ (4720) FLAGS ())
S: $ OK Success
C: UID FETCH 9 (UID FLAGS MODSEQ X-GM-MSGID X-GM-THRID INTERNALDATE RFC822.SIZE BODY.PEEK[])
S: * 3 FETCH (X-GM-THRID 12 X-GM-MSGID 13 UID 9 RFC822.SIZE 12 MODSEQ (4720) INTERNALDATE "02-Mar-2026 10:00:00 +0000" FLAGS () BODY[] {12}
S: A:b
S: 
S: hello)
S: $ OK Success
C: UID STORE 9 +FLAGS.SILENT (\Seen)
S: * 3 FETCH (UID 9 MODSEQ (4730))
S: $ OK Success
C: UID MOVE 9 "[Gmail]/Trash"
S: * 3 EXPUNGE
S: * 2 EXISTS
S: $ OK [COPYUID 5 9 91] (Success)
C: UID COPY 4 "Kunden"
S: * 1 FETCH (UID 14 FLAGS (\Seen))
S: $ OK [COPYUID 19 4 17] (Success)
C: APPEND "[Gmail]/Sent Mail" (\Seen) " 2-Mar-2026 10:00:00 +0000" {31+}
B: Subject: sent
B: 
B: hello
B: world
B: 
S: $ OK [APPENDUID 6 92] (Success)
C: UID FETCH 4
S: $ NO [OVERQUOTA] Account exceeded command or bandwidth limits. a1 (Failure)`)
	ctx := testContext(t)
	_, err := c.Select(ctx, "INBOX")
	must(t, err)
	changed := map[mail.UID]mail.Flags{}
	_, ok, err := c.Changes(ctx, "INBOX", remote.Since{UIDValidity: 1, ModSeq: 4711}, func(f mail.FlagState) error { changed[f.UID] = f.Flags; return nil })
	if err != nil || !ok || len(changed) != 2 || !changed[4].Has(mail.FlagFlagged) {
		t.Errorf("changes %v, %v, %v", changed, ok, err)
	}
	all, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 9, Last: 9}}, remote.WantBody)
	if all[9].body != "A:b\r\n\r\nhello" || all[9].ContentID != "g13" {
		t.Errorf("new mail: %+v", all)
	}
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{9}, mail.Flags{mail.FlagSeen}, nil))
	if moved, err := moveSafely(ctx, c, "INBOX", []mail.UID{9}, "[Gmail]/Trash"); err != nil || moved[9] != 91 {
		t.Errorf("moved %v, %v", moved, err)
	}
	if copied, err := c.Copy(ctx, "INBOX", []mail.UID{4}, "Kunden"); err != nil || copied[4] != 17 {
		t.Errorf("copied %v, %v", copied, err)
	}
	if uid, err := appendLetter(t, c, "[Gmail]/Sent Mail"); err != nil || uid != 92 {
		t.Errorf("appended as %d, %v", uid, err)
	}
	_, err = c.Fetch(ctx, "INBOX", []remote.UIDRange{{First: 4, Last: 4}}, remote.WantBody, func(remote.Fetched) error { return nil })
	later(t, err, mail.CodeLater)
}

// Gmail ends what it has had enough of in the middle of IDLE; nobody waits for the connection to end, too.
func TestGmailEndsIdle(t *testing.T) {
	c := dialTranscript(t, gmailLogin+gmailInbox+`
C: IDLE
S: + idling
S: * BYE [UNAVAILABLE] Session expired, please login again.`)
	ctx := testContext(t)
	_, err := c.Select(ctx, "INBOX")
	must(t, err)
	_, err = c.Idle(ctx, "INBOX", 0)
	e := remote.As(err)
	if e == nil || !e.Closed || e.Permanent || e.Why != mail.CodeLater {
		t.Errorf("told as %+v", e)
	}
}
