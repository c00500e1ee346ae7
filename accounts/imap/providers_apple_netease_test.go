package imap

import (
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// icloudLogin is how a session at iCloud begins.
const icloudLogin = `
S: * OK [CAPABILITY XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN AUTH=ATOKEN2 AUTH=XOAUTH2] iSCREAM ready to rumble (2307B30-abcdef) st42p00im-zteg10062801 [42:4711]
C: AUTHENTICATE PLAIN
S: * CAPABILITY XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 ACL QUOTA LITERAL+ NAMESPACE UIDPLUS CHILDREN BINARY UNSELECT SORT ENABLE CONDSTORE QRESYNC ID SASL-IR IDLE ESEARCH LIST-EXTENDED LIST-STATUS WITHIN
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
`

// iCloud advertises QRESYNC and gets it wrong, has no SPECIAL-USE and no MOVE, calls its folders Deleted Messages and Sent Messages,
// and answers a fetch of the whole message with nothing for some of them.
func TestICloud(t *testing.T) {
	c := dialTranscript(t, icloudLogin+`
C: LIST "" "*" RETURN (SUBSCRIBED CHILDREN STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY HIGHESTMODSEQ))
S: * LIST (\HasNoChildren) "/" "INBOX"
S: * STATUS INBOX (MESSAGES 2 UNSEEN 1 UIDNEXT 8 UIDVALIDITY 3 HIGHESTMODSEQ 9)
S: * LIST (\HasNoChildren) "/" "Archive"
S: * LIST (\HasNoChildren) "/" "Deleted Messages"
S: * LIST (\HasNoChildren) "/" "Drafts"
S: * LIST (\HasNoChildren) "/" "Junk"
S: * LIST (\HasNoChildren) "/" "Notes"
S: * LIST (\HasNoChildren) "/" "Sent Messages"
S: $ OK LIST completed (took 3 ms)
C: SELECT "INBOX"
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY 3] x
S: * OK [UIDNEXT 8] x
S: * OK [HIGHESTMODSEQ 9] x
S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded \*)] x
S: $ OK [READ-WRITE] SELECT completed (took 4 ms)
C: UID FETCH 6:7 (UID FLAGS MODSEQ INTERNALDATE RFC822.SIZE BODY.PEEK[])
S: * 1 FETCH (UID 6 FLAGS (\Seen) MODSEQ (8) INTERNALDATE "02-Mar-2026 10:00:00 +0000" RFC822.SIZE 5277 BODY[] NIL)
S: * 2 FETCH (UID 7 FLAGS () MODSEQ (9) INTERNALDATE "02-Mar-2026 10:00:00 +0000" RFC822.SIZE 12 BODY[] {12}
S: A:b
S: 
S: hello)
S: $ OK UID FETCH completed (took 9 ms)
C: UID STORE 7 +FLAGS.SILENT (\Seen)
S: * 2 FETCH (UID 7 MODSEQ (10))
S: $ OK UID STORE completed
C: UID COPY 7 "Deleted Messages"
S: $ OK [COPYUID 4 7 61] UID COPY completed
C: UID STORE 7 +FLAGS.SILENT (\Deleted)
S: * 2 FETCH (UID 7 MODSEQ (11))
S: $ OK UID STORE completed
C: UID EXPUNGE 7
S: * 2 EXPUNGE
S: $ OK UID EXPUNGE completed
C: APPEND "Sent Messages" (\Seen) " 2-Mar-2026 10:00:00 +0000" {31+}
B: Subject: sent
B: 
B: hello
B: world
B: 
S: $ OK [APPENDUID 5 33] APPEND completed
C: UID FETCH 6
S: $ NO [UNAVAILABLE] Mailbox temporarily unavailable`)
	ctx := testContext(t)
	fs, err := c.List(ctx)
	must(t, err)
	wantRoles(t, fs, map[mail.Role]string{mail.RoleInbox: "INBOX", mail.RoleArchive: "Archive", mail.RoleTrash: "Deleted Messages", mail.RoleDrafts: "Drafts",
		mail.RoleJunk: "Junk", mail.RoleSent: "Sent Messages"})
	if caps := c.Capabilities(); caps.QResync || !caps.CondStore || caps.Move {
		t.Errorf("%+v", caps)
	}
	all, bad := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 6, Last: 7}}, remote.WantBody)
	if len(all) != 1 || all[7].body != "A:b\r\n\r\nhello" || len(bad) != 1 || bad[0].UID != 6 {
		t.Errorf("%+v, poisoned %v", all, bad)
	}
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{7}, mail.Flags{mail.FlagSeen}, nil))
	if moved, err := moveSafely(ctx, c, "INBOX", []mail.UID{7}, "Deleted Messages"); err != nil || moved[7] != 61 {
		t.Errorf("moved %v, %v", moved, err)
	}
	if uid, err := appendLetter(t, c, "Sent Messages"); err != nil || uid != 33 {
		t.Errorf("appended as %d, %v", uid, err)
	}
	_, err = c.Fetch(ctx, "INBOX", []remote.UIDRange{{First: 6, Last: 6}}, remote.WantBody, func(remote.Fetched) error { return nil })
	later(t, err, mail.CodeLater)
}

// neteaseLogin is how a session at 163, 126 or yeah.net begins: no AUTH=PLAIN, and ID, which is not advertised after the login, must be
// sent before SELECT.
const neteaseLogin = `
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
`

const neteaseInbox = `
C: SELECT "INBOX"
S: * 2 EXISTS
S: * 0 RECENT
S: * OK [UIDVALIDITY 1] UID validity status
S: * OK [UIDNEXT 1320] Predicted next UID
S: * FLAGS (\Answered \Seen \Deleted \Draft \Flagged)
S: * OK [PERMANENTFLAGS (\Answered \Seen \Deleted \Draft \Flagged)] Limited
S: $ OK [READ-WRITE] SELECT completed
`

// 163: Chinese names in modified UTF-7 with or without SPECIAL-USE, no IDLE, no MOVE, COPY without COPYUID, dates of its own zone.
func TestNetEase(t *testing.T) {
	c := dialTranscript(t, neteaseLogin+`
C: LIST "" "*"
C: LSUB "" "*"
S: * LIST () "/" "INBOX"
S: * LIST (\Drafts) "/" "&g0l6P3ux-"
S: * LIST (\Sent) "/" "&XfJT0ZAB-"
S: * LIST (\Trash) "/" "&XfJSIJZk-"
S: * LIST (\Junk) "/" "&V4NXPpCuTvY-"
S: * LIST () "/" "&dcVr0mWHTvZZOQ-"
S: * LIST () "/" "&i6KWBZCuTvY-"
S: P5 OK LIST Completed
S: * LSUB () "/" "INBOX"
S: P6 OK LSUB Completed
C: STATUS
C: STATUS
C: STATUS
C: STATUS
C: STATUS
C: STATUS
C: STATUS
S: * STATUS "INBOX" (MESSAGES 2 UNSEEN 1 UIDNEXT 1320 UIDVALIDITY 1)
S: P7 OK STATUS completed
S: P8 OK STATUS completed
S: P9 OK STATUS completed
S: P10 OK STATUS completed
S: P11 OK STATUS completed
S: P12 OK STATUS completed
S: P13 NO STATUS Folder is not exist
`+neteaseInbox+`
C: UID FETCH 1319 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
S: * 2 FETCH (UID 1319 FLAGS () INTERNALDATE " 2-Mar-2026 18:00:00 +0800" RFC822.SIZE 12 BODY[] {12}
S: A:b
S: 
S: hello)
S: $ OK Fetch completed
C: UID STORE 1319 +FLAGS.SILENT (\Seen)
S: * 2 FETCH (FLAGS (\Seen) UID 1319)
S: $ OK STORE completed
C: UID COPY 1319 "&XfJSIJZk-"
S: $ OK COPY completed
C: UID STORE 1319 +FLAGS.SILENT (\Deleted)
S: $ OK STORE completed
C: UID EXPUNGE 1319
S: * 2 EXPUNGE
S: $ OK EXPUNGE completed
C: APPEND "&XfJT0ZAB-" (\Seen) " 2-Mar-2026 10:00:00 +0000" {31+}
B: Subject: sent
B: 
B: hello
B: world
B: 
S: $ OK APPEND completed
C: UID FETCH 1300
S: $ NO System busy!`)
	ctx := testContext(t)
	fs, err := c.List(ctx)
	must(t, err)
	wantRoles(t, fs, map[mail.Role]string{mail.RoleInbox: "INBOX", mail.RoleDrafts: "草稿箱", mail.RoleSent: "已发送", mail.RoleTrash: "已删除", mail.RoleJunk: "垃圾邮件"})
	all, _ := fetchAll(t, c, "INBOX", []remote.UIDRange{{First: 1319, Last: 1319}}, remote.WantBody)
	if all[1319].body != "A:b\r\n\r\nhello" || all[1319].Received.UTC().Hour() != 10 {
		t.Errorf("%+v", all)
	}
	must(t, c.StoreFlags(ctx, "INBOX", []mail.UID{1319}, mail.Flags{mail.FlagSeen}, nil))
	if moved, err := moveSafely(ctx, c, "INBOX", []mail.UID{1319}, "已删除"); err != nil || len(moved) != 0 {
		t.Errorf("moved %v, %v", moved, err)
	}
	if uid, err := appendLetter(t, c, "已发送"); err != nil || uid != 0 {
		t.Errorf("appended as %d, %v", uid, err)
	}
	_, err = c.Fetch(ctx, "INBOX", []remote.UIDRange{{First: 1300, Last: 1300}}, remote.WantBody, func(remote.Fetched) error { return nil })
	later(t, err, mail.CodeLater)
}

// A server that does not say what its folders are for has them by their names; a client that it takes for unsafe is told what to do.
func TestNetEaseWithoutSpecialUse(t *testing.T) {
	c := dialTranscript(t, neteaseLogin+`
C: LIST "" "*"
C: LSUB "" "*"
S: * LIST () "/" "INBOX"
S: * LIST () "/" "&g0l6P3ux-"
S: * LIST () "/" "&XfJT0ZAB-"
S: * LIST () "/" "&XfJSIJZk-"
S: * LIST () "/" "&V4NXPpCuTvY-"
S: P5 OK LIST Completed
S: P6 OK LSUB Completed
C: STATUS
C: STATUS
C: STATUS
C: STATUS
C: STATUS
S: P7 OK STATUS completed
S: P8 OK STATUS completed
S: P9 OK STATUS completed
S: P10 OK STATUS completed
S: P11 OK STATUS completed
C: SELECT "INBOX"
S: $ NO SELECT Unsafe Login. Please contact kefu@188.com for help`)
	fs, err := c.List(testContext(t))
	must(t, err)
	wantRoles(t, fs, map[mail.Role]string{mail.RoleInbox: "INBOX", mail.RoleDrafts: "草稿箱", mail.RoleSent: "已发送", mail.RoleTrash: "已删除", mail.RoleJunk: "垃圾邮件"})
	_, err = c.Select(testContext(t), "INBOX")
	if e := refusal(t, err, mail.ProblemAuth, true, false); e.Why != mail.CodeWebLogin {
		t.Errorf("told as %+v", e)
	}
}
