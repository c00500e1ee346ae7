package mailsync_test

import (
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// lying finds out of one message, after it was delivered, that it is not what the server has.
type lying struct {
	remote.Mailboxes
	uid mail.UID
}

func (l lying) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	seen := false
	bad, done, err := l.Mailboxes.FetchEach(ctx, path, sets, want, more, func(f remote.Fetched) error {
		seen = seen || f.UID == l.uid && want == remote.WantBody
		return fn(f)
	})
	if seen && err == nil {
		bad = append(bad, remote.Poisoned{UID: l.uid, Err: errors.New("a wrong number of bytes")})
	}
	return bad, done, err
}

// What was delivered of a message before it was found out is taken back; the message is set aside and told, once.
func TestMessageFoundOutTooLate(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 8)...)
	r.wrap = func(s remote.Remote) remote.Remote { return lying{s.(remote.Mailboxes), 4} }
	a := r.account("ali", mail.IMAP, nil)
	if res := r.pass(a); len(res.Failed) != 1 {
		t.Errorf("told: %v", res.Failed)
	}
	rows := r.rows(r.inbox(a))
	for _, row := range rows {
		if row.UID == 4 {
			t.Error("the message is shown")
		}
	}
	if len(rows) != 7 {
		t.Errorf("%d messages are here", len(rows))
	}
	if res := r.sync(a); res.New+res.Removed != 0 {
		t.Errorf("the next pass: %+v", res)
	}
	// What it was is kept for the list of what was set aside; asked for again, it arrives.
	list, total, err := r.st.SetAside(r.ctx, 10)
	if err != nil || total != 1 || len(list) != 1 || list[0].Folder != r.inbox(a).ID || list[0].UID != 4 || list[0].Subject == "" || len(list[0].From) != 1 ||
		!strings.Contains(mail.StoredProblem(list[0].Reason).Summary, "a wrong number of bytes") {
		t.Fatalf("set aside: %+v, %d, %v", list, total, err)
	}
	r.wrap = nil
	if res := r.sync(a); res.New != 0 {
		t.Errorf("asked for again by itself: %+v", res)
	}
	if err := r.e.RetrySetAside(r.ctx, list[0].ID()); err != nil {
		t.Fatal(err)
	}
	if res := r.sync(a); res.New != 1 || len(r.rows(r.inbox(a))) != 8 {
		t.Errorf("tried again: %+v", res)
	}
	if _, total, err := r.st.SetAside(r.ctx, 10); err != nil || total != 0 {
		t.Errorf("%d are still set aside, %v", total, err)
	}
	r.sound()
}

// boasting says that a folder holds as many messages as there can be UIDs.
type boasting struct{ remote.Mailboxes }

func (b boasting) Select(ctx context.Context, path string) (remote.MailboxState, error) {
	st, err := b.Mailboxes.Select(ctx, path)
	st.Exists, st.UIDNext, st.HighestMod = math.MaxUint32-1, math.MaxUint32, 0
	return st, err
}

// A server that boasts of four thousand million messages costs no memory; what it really has arrives.
func TestBoast(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 8)...)
	r.wrap = func(s remote.Remote) remote.Remote { return boasting{s.(remote.Mailboxes)} }
	a := r.account("ali", mail.IMAP, nil)
	peak, _ := mailtest.Peak(func() { r.pass(a) })
	if peak > 200<<20 {
		t.Errorf("%d MB", peak>>20)
	}
	if n := len(r.rows(r.inbox(a))); n != 8 {
		t.Errorf("%d messages are here", n)
	}
}

// withholding answers nothing about one message, and OK, as Microsoft 365 does for what it cannot convert.
type withholding struct {
	remote.Mailboxes
	uid   mail.UID
	times *int // it still does; nil: always
}

func (w withholding) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	keeps := w.times == nil || *w.times > 0
	return w.Mailboxes.FetchEach(ctx, path, sets, want, more, func(f remote.Fetched) error {
		if keeps && f.UID == w.uid {
			if w.times != nil {
				*w.times--
			}
			_, err := io.Copy(io.Discard, f.Body)
			return err
		}
		return fn(f)
	})
}

// A message that the server lists and gives nothing of is set aside and told; one that comes at the second try is there.
func TestMessageOfWhichNothingComes(t *testing.T) {
	t.Parallel()
	once := 1
	for name, tc := range map[string]struct {
		times *int
		told  int
	}{"always": {nil, 1}, "once": {&once, 0}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 8)...)
			r.wrap = func(s remote.Remote) remote.Remote { return withholding{s.(remote.Mailboxes), 4, tc.times} }
			a := r.account("ali", mail.IMAP, nil)
			if res := r.pass(a); len(res.Failed) != tc.told || res.New != 8-tc.told {
				t.Errorf("new %d, told: %v", res.New, res.Failed)
			}
			_, total, err := r.st.SetAside(r.ctx, 10)
			if err != nil || total != tc.told || len(r.rows(r.inbox(a))) != 8-tc.told {
				t.Errorf("%d set aside, %v", total, err)
			}
			if res := r.sync(a); res.New+res.Removed != 0 {
				t.Errorf("the next pass: %+v", res)
			}
			r.sound()
		})
	}
}
