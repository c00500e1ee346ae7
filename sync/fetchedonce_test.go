package mailsync_test

import (
	"bytes"
	"fmt"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// What is moved or copied here is here: it does not come over the wire again from where it was brought, neither by itself nor among what
// is new there.
func TestWhatIsBroughtElsewhereIsNotFetchedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	const size = 300 << 10
	for i := range 4 {
		head := fmt.Sprintf("From: a@example.org\r\nMessage-ID: <big%d@example.org>\r\nSubject: big %d\r\n\r\n", i, i)
		r.dove.Deliver("ali", append([]byte(head), bytes.Repeat([]byte("0123456789abcdef 0123456789abcdef\r\n"), size/35)...))
	}
	for _, box := range []string{"Work", "Home"} {
		r.box.Command(t, "ali", "CREATE "+box, "SUBSCRIBE "+box)
		r.box.Append(t, "ali", box, letters(0, 3)...)
	}
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	bring := func(kind mail.ActionKind, box string, of ...int) {
		t.Helper()
		act := mail.Action{Kind: kind, Folder: r.folder(a, box).ID}
		for _, i := range of {
			act.Messages = append(act.Messages, r.find(r.inbox(a), fmt.Sprintf("big %d", i)).ID)
		}
		r.do(act)
	}
	check := func(what string, come int) {
		t.Helper()
		if res := r.sync(a); res.BytesIn > size/2 || res.New != come {
			t.Errorf("%s: %d bytes came, %d new", what, res.BytesIn, res.New)
		}
	}
	bring(mail.ActMove, "Work", 0)
	check("moved", 0)
	bring(mail.ActMove, "Home", 1)
	bring(mail.ActCopy, "Work", 2, 3)
	check("moved and copied to two folders", 0)
	bring(mail.ActMove, "Work", 2)
	r.box.Append(t, "ali", "Work", letters(10, 2)...)
	check("moved to where more has come", 2)
	for _, box := range []string{"INBOX", "Work", "Home"} {
		r.sameMail(a, "ali", box)
	}
}
