package imap

import (
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// yahooLogin is how a session at Yahoo begins; AOL is the same.
const yahooLogin = `
S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER ID MOVE NAMESPACE XYMHIGHESTMODSEQ UIDPLUS LITERAL+ CHILDREN UNSELECT X-MSG-EXT OBJECTID IDLE ENABLE UIDONLY X-ALL-MAIL X-UIDONLY LIST-EXTENDED LIST-STATUS SPECIAL-USE PARTIAL APPENDLIMIT=41697280] IMAP4rev1 imapgate-0.7.68_11_1.615513 imap414.mail.ir2.yahoo.com
C: AUTHENTICATE PLAIN
S: $ OK AUTHENTICATE completed
C: CAPABILITY
S: * CAPABILITY IMAP4rev1 ID MOVE NAMESPACE XYMHIGHESTMODSEQ UIDPLUS LITERAL+ CHILDREN UNSELECT X-MSG-EXT OBJECTID IDLE ENABLE UIDONLY X-ALL-MAIL X-UIDONLY LIST-EXTENDED LIST-STATUS SPECIAL-USE PARTIAL APPENDLIMIT=41697280
S: $ OK CAPABILITY completed
C: ENABLE UIDONLY
S: * ENABLED UIDONLY
S: $ OK ENABLE completed
C: ID
S: * ID ("vendor" "Yahoo! Inc." "support-url" "http://help.yahoo.com/" "name" "Y!IMAP" "host" "sky300063.mail.gq1.yahoo.com" "remote-host" "192.0.2.7")
S: $ OK ID completed
C: NAMESPACE
S: * NAMESPACE (("" "/")) NIL NIL
S: $ OK NAMESPACE completed
`

const yahooInbox = `
C: SELECT "INBOX"
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY 1] UIDs valid
S: * OK [UIDNEXT 333878] Predicted next UID
S: * FLAGS (\Answered \Deleted \Draft \Flagged \Seen $Forwarded $Junk $NotJunk)
S: * OK [PERMANENTFLAGS (\Answered \Deleted \Draft \Flagged \Seen $Forwarded $Junk $NotJunk)] Permanent flags
S: * OK [HIGHESTMODSEQ 102784]
S: $ OK [READ-WRITE] SELECT completed; now in selected state
`

// Yahoo: the inbox is called Inbox, spam Bulk, and HIGHESTMODSEQ comes without CONDSTORE.
func TestYahoo(t *testing.T) {
	c := dialTranscript(t, yahooLogin+`
C: LIST "" "*" RETURN (SUBSCRIBED CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY))
S: * LIST (\Archive \HasNoChildren) "/" "Archive"
S: * LIST (\Junk \HasNoChildren) "/" "Bulk"
S: * LIST (\Drafts \HasNoChildren) "/" "Draft"
S: * LIST (\Subscribed \HasNoChildren) "/" "Inbox"
S: * STATUS "Inbox" (MESSAGES 2 UNSEEN 1 UIDNEXT 333878 UIDVALIDITY 1)
S: * LIST (\HasNoChildren) "/" "Notes"
S: * LIST (\Sent \HasNoChildren) "/" "Sent"
S: * LIST (\Trash \HasChildren) "/" "Trash"
S: * LIST (\HasNoChildren) "/" "Trash/l2"
S: * LIST (\HasNoChildren) "/" "&T2BZfXso-"
S: $ OK LIST completed
`+yahooInbox+`
C: UID FETCH 1:* (UID FLAGS THREADID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])
S: * 333870 UIDFETCH (FLAGS ($NotJunk \Seen) INTERNALDATE "18-Apr-2022 19:58:30 +0000" RFC822.SIZE 43273 THREADID (T1) BODY[HEADER] {5}
S: A:b
S: )
S: * 333877 UIDFETCH (FLAGS ($Junk) INTERNALDATE "18-Apr-2022 19:59:30 +0000" RFC822.SIZE 4327 BODY[HEADER] {5}
S: A:c
S: )
S: $ OK UID FETCH completed`)
	fs, err := c.List(testContext(t))
	must(t, err)
	wantRoles(t, fs, map[mail.Role]string{mail.RoleInbox: "INBOX", mail.RoleArchive: "Archive", mail.RoleJunk: "Bulk", mail.RoleDrafts: "Draft",
		mail.RoleSent: "Sent", mail.RoleTrash: "Trash"})
	all, bad := fetchAll(t, c, "INBOX", everything, remote.WantHeader)
	if len(all) != 2 || len(bad) > 0 || all[333870].ThreadID != "eT1" || !all[333870].Flags.Has(mail.FlagSeen) {
		t.Errorf("%+v, %v", all, bad)
	}
	if caps := c.Capabilities(); caps.CondStore || !caps.Move {
		t.Errorf("%+v", caps)
	}
	if _, ok, err := c.Changes(testContext(t), "INBOX", remote.Since{UIDValidity: 1, ModSeq: 102784}, func(mail.FlagState) error { return nil }); ok || err != nil {
		t.Errorf("asked for changes without CONDSTORE: %v, %v", ok, err)
	}
}

// A day at Yahoo: what was moved vanishes by its UID, a search by header fails now and then, and so does everything for a while.
func TestYahooDay(t *testing.T) {
	c := dialTranscript(t, yahooLogin+yahooInbox+`
C: UID FETCH 333877 (UID FLAGS EMAILID THREADID INTERNALDATE RFC822.SIZE BODY.PEEK[])
S: * 333877 UIDFETCH (FLAGS ($Junk) INTERNALDATE "18-Apr-2022 19:59:30 +0000" RFC822.SIZE 12 EMAILID (AF-q5LUImXsHYl3C5gaLyK8oGDw) THREADID (T1) BODY[] {12}
S: A:b
S: 
S: hello)
S: $ OK UID FETCH completed
C: UID STORE 333877 +FLAGS.SILENT (\Seen)
S: $ OK UID STORE completed
C: UID MOVE 333877 "Trash"
S: * OK [COPYUID 1 333877 24]
S: * VANISHED 333877
S: $ OK UID MOVE completed
C: APPEND "Sent" (\Seen) " 2-Mar-2026 10:00:00 +0000" {31+}
B: Subject: sent
B: 
B: hello
B: world
B: 
S: $ OK [APPENDUID 1 25] APPEND completed
C: NOOP
S: $ OK NOOP completed
C: UID SEARCH HEADER "Message-ID" "m1@example.org"
S: $ NO [SERVERBUG] UID SEARCH Server error - Please try again later
C: UID FETCH 333870
S: $ NO [LIMIT] UID FETCH Rate limit hit.`)
	ctx := testContext(t)
	_, err := c.Select(ctx, "INBOX")
	must(t, err)
	all, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 333877, Last: 333877}}, remote.WantBody)
	if all[333877].body != "A:b\r\n\r\nhello" || all[333877].ContentID != "eAF-q5LUImXsHYl3C5gaLyK8oGDw" {
		t.Errorf("new mail: %+v", all)
	}
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{333877}, mail.Flags{mail.FlagSeen}, nil))
	if moved, err := moveSafely(ctx, c, "INBOX", []mail.UID{333877}, "Trash"); err != nil || moved[333877] != 24 {
		t.Errorf("moved %v, %v", moved, err)
	}
	if uid, err := appendLetter(t, c, "Sent"); err != nil || uid != 25 {
		t.Errorf("appended as %d, %v", uid, err)
	}
	_, err = c.FindByHeaderID(ctx, "INBOX", "m1@example.org")
	later(t, err, "")
	_, err = c.Fetch(ctx, "INBOX", []remote.UIDRange{{First: 333870, Last: 333870}}, remote.WantBody, func(remote.Fetched) error { return nil })
	later(t, err, mail.CodeLater)
}
