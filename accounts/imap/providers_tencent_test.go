package imap

import (
	"slices"
	"testing"

	"peyk/internal/mail"
)

// qqLogin is how a session at QQ or Exmail begins.
const qqLogin = `
S: * OK [CAPABILITY IMAP4 IMAP4rev1 ID AUTH=LOGIN NAMESPACE] QQMail XMIMAP4Server ready
C: AUTHENTICATE LOGIN
S: + VXNlcm5hbWU6
B: YWxp
S: + UGFzc3dvcmQ6
B: c2VjcmV0
S: $ OK Success login ok
C: CAPABILITY
S: * CAPABILITY IMAP4 IMAP4rev1 XLIST MOVE IDLE XAPPLEPUSHSERVICE NAMESPACE CHILDREN ID UIDPLUS
S: $ OK CAPABILITY Completed
C: ID ("name" "Peyk"
C: NAMESPACE
S: * ID NIL
S: P3 OK ID Completed
S: * NAMESPACE (("" "/")) NIL NIL
S: P4 OK NAMESPACE Success
`

// QQ finds every message of a folder, whatever Message-ID is searched for (AliMail does the same). Only the one that has it is taken for what
// was moved, saved or sent.
func TestQQFindsEverything(t *testing.T) {
	c := dialTranscript(t, qqLogin+`
C: SELECT "Sent Messages"
S: * 4 EXISTS
S: * 0 RECENT
S: * OK [UNSEEN 4]
S: * OK [UIDVALIDITY 1420001111] UID validity status
S: * OK [UIDNEXT 390] Predicted next UID
S: * FLAGS (\Answered \Flagged \Deleted \Draft \Seen)
S: * OK [PERMANENTFLAGS (\* \Answered \Flagged \Deleted \Draft \Seen)] Permanent flags
S: $ OK [READ-WRITE] SELECT complete
C: UID SEARCH HEADER "Message-ID" "tencent_77@qq.com"
S: * SEARCH 379 380 388 389
S: $ OK SEARCH Completed
C: UID FETCH 379:380,388:389 (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])
S: * 1 FETCH (UID 379 BODY[HEADER.FIELDS ("MESSAGE-ID")] {34}
S: Message-ID: <tencent_1@qq.com>
S:
S: )
S: * 2 FETCH (UID 380 BODY[HEADER.FIELDS (MESSAGE-ID)] {37}
S: Message-Id:
S:  <tencent_77@qq.com>
S:
S: )
S: * 3 FETCH (UID 388 BODY[HEADER.FIELDS (MESSAGE-ID)] {36}
S: Message-ID: <xtencent_77@qq.com>
S:
S: )
S: * 4 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID)] "" UID 389)
S: $ OK FETCH Completed
C: NOOP
S: $ OK NOOP Completed
C: UID SEARCH HEADER "Message-ID" "never@example.org"
S: * SEARCH 379 380 388 389
S: $ OK SEARCH Completed
C: UID FETCH 379:380,388:389 (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])
S: * 1 FETCH (UID 379 BODY[HEADER.FIELDS (MESSAGE-ID)] {34}
S: Message-ID: <tencent_1@qq.com>
S:
S: )
S: $ OK FETCH Completed`)
	got, err := c.FindByHeaderID(testContext(t), "Sent Messages", "<tencent_77@qq.com>")
	if err != nil || !slices.Equal(got, []mail.UID{380}) {
		t.Errorf("found %v, %v", got, err)
	}
	got, err = c.FindByHeaderID(testContext(t), "Sent Messages", "never@example.org")
	if err != nil || len(got) != 0 {
		t.Errorf("found %v, %v", got, err)
	}
}
