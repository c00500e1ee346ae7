package mailsync_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// deadly is a session of a server that cannot give one message, and that may hang up when it is asked what the message is.
type deadly struct {
	remote.Mailboxes
	uid   mail.UID
	dies  func(parsed bool) bool
	asked *[]bool // parsed, each time
}

func (d deadly) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) (bad []remote.Poisoned, done int, err error) {
	seen := false
	bad, done, err = d.Mailboxes.FetchEach(ctx, path, sets, want, more, func(f remote.Fetched) error {
		if f.UID == d.uid {
			seen = true
			return nil
		}
		return fn(f)
	})
	if seen && err == nil {
		bad = append(bad, remote.Poisoned{UID: d.uid, Err: errCut})
	}
	return bad, done, err
}

func (d deadly) Headline(ctx context.Context, path string, uid mail.UID, parsed bool) ([]byte, error) {
	*d.asked = append(*d.asked, parsed)
	if d.dies(parsed) {
		d.Close()
		return nil, errCut
	}
	return d.Mailboxes.(remote.Headliner).Headline(ctx, path, uid, parsed)
}

// A message that its server cannot give is known by name as far as the server can say what it is: by its header, else by what the server
// has read of it, each asked for once, whatever that does to the connection.
func TestWhatWasSetAsideHasAName(t *testing.T) {
	for name, c := range map[string]struct {
		dies  func(parsed bool) bool
		asked []bool
		named bool
		told  bool // by name in the notice
	}{
		"the header can be had":     {func(bool) bool { return false }, []bool{false}, true, true},
		"only the envelope":         {func(parsed bool) bool { return !parsed }, []bool{false, true}, true, false},
		"nothing: the UID names it": {func(bool) bool { return true }, []bool{false, true}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 8)...)
			var asked []bool
			r.wrap = func(s remote.Remote) remote.Remote { return deadly{s.(remote.Mailboxes), 4, c.dies, &asked} }
			a := r.account("ali", mail.IMAP, nil)
			res := r.pass(a)
			if len(res.Failed) != 1 || strings.Contains(res.Failed[0], "message 3 · Sara") != c.told || !c.told && !strings.Contains(res.Failed[0], "UID 4") {
				t.Errorf("told: %v", res.Failed)
			}
			for range 4 {
				r.sync(a)
			}
			if !slices.Equal(asked, c.asked) {
				t.Errorf("it was asked for by header or envelope: %v, want %v", asked, c.asked)
			}
			list, total, err := r.st.SetAside(r.ctx, 10)
			if err != nil || total != 1 || list[0].UID != 4 || (list[0].Subject == "message 3" && len(list[0].From) == 1 && list[0].Sent.Minute() == 0 && list[0].Sent.Year() == 2026) != c.named {
				t.Fatalf("set aside: %+v, %v", list, err)
			}
			if n := len(r.rows(r.inbox(a))); n != 7 {
				t.Errorf("%d messages are here", n)
			}
			// Tried again, and set aside again, it is asked for again.
			if err := r.e.RetrySetAside(r.ctx, list[0].ID()); err != nil {
				t.Fatal(err)
			}
			r.pass(a)
			if len(asked) == len(c.asked) {
				t.Error("after another try nobody asked what it is")
			}
			r.wrap = nil
			if err := r.e.RetrySetAside(r.ctx, list[0].ID()); err != nil {
				t.Fatal(err)
			}
			r.sync(a)
			r.sameMail(a, "ali", "INBOX")
			r.sound()
		})
	}
}

// Many of them cost a pass no more than a few questions.
func TestNamesComeByAndBy(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	for uid := range mail.UID(30) {
		if err := r.st.Quarantine(r.ctx, store.Quarantined{Folder: r.inbox(a).ID, UID: 3 + uid, Reason: "a test"}); err != nil {
			t.Fatal(err)
		}
	}
	r.dove.Deliver("ali", letters(2, 30)...)
	var asked []bool
	r.wrap = func(s remote.Remote) remote.Remote {
		return deadly{s.(remote.Mailboxes), 0, func(bool) bool { return false }, &asked}
	}
	for pass, want := range []int{20, 30, 30} {
		r.sync(a)
		if len(asked) != want {
			t.Errorf("%d questions after pass %d, want %d", len(asked), pass+1, want)
		}
	}
	list, total, err := r.st.SetAside(r.ctx, 100)
	if err != nil || total != 30 || slices.ContainsFunc(list, func(q store.Quarantined) bool { return q.Subject == "" }) {
		t.Errorf("%d are set aside: %+v, %v", total, list, err)
	}
}
