package mailsync_test

import (
	"context"
	"slices"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// bodyless is a session on which the headers of a message come, and its body does not.
type bodyless struct {
	remote.Mailboxes
	uid  mail.UID
	why  error
	left *int // how often it still fails
}

func (b bodyless) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) (bad []remote.Poisoned, done int, err error) {
	if want != remote.WantBody {
		return b.Mailboxes.FetchEach(ctx, path, sets, want, more, fn)
	}
	return dying{b.Mailboxes, b.uid, new(int), b.left, b.why}.FetchEach(ctx, path, sets, want, more, fn)
}

// A message that is listed stays in the list when its body does not come, with what the user does to it: nothing says that it is gone. The body
// comes when it is due, or when the user wants to read the message.
func TestListedMessageStaysWithoutItsBody(t *testing.T) {
	t.Parallel()
	refused := &remote.Error{Step: "fetch", Kind: mail.ProblemServer, Permanent: true, Text: "internal error"}
	for name, c := range map[string]struct {
		why  error
		read bool // the user opens it
	}{
		"cut":             {errCut, false},
		"cut, then read":  {errCut, true},
		"refused":         {refused, false},
		"refused, opened": {refused, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 8)...)
			left := 1
			if c.why == errCut {
				left = 2 // it is asked for twice in a pass
			}
			r.wrap = func(s remote.Remote) remote.Remote { return bodyless{s.(remote.Mailboxes), 4, c.why, &left} }
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.OfflineDays = 30 }) // headers first
			r.pass(a)
			if n := len(r.rows(r.inbox(a))); n != 8 {
				t.Fatalf("%d messages are listed", n)
			}
			row := r.find(r.inbox(a), "message 3")
			if row.HasBody {
				t.Fatal("its body is here")
			}
			r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{row.ID}})
			r.dove.Deliver("ali", letters(20, 1)...)
			if res := r.sync(a); res.New != 1 || res.Removed != 0 {
				t.Errorf("then %+v", res)
			}
			if flags := r.box.Flags(t, "ali", "INBOX"); !slices.Contains(flags[3], `\Flagged`) {
				t.Errorf("what the user did to it is not on the server: %v", flags)
			}
			if res := r.sync(a); res.Did() {
				t.Errorf("a pass with nothing to do: %+v", res)
			}
			if c.read {
				if err := r.e.Want(r.ctx, row.ID, nil); err != nil {
					t.Fatal(err)
				}
			} else {
				r.days(1)
				r.sync(a)
			}
			if l, err := r.st.Quarantined(r.ctx, r.inbox(a).ID); err != nil || len(l) != 0 {
				t.Errorf("still set aside: %+v, %v", l, err)
			}
			r.sameMail(a, "ali", "INBOX")
			if res := r.sync(a); res.Did() {
				t.Errorf("then it is not at rest: %+v", res)
			}
			r.sound()
		})
	}
}
