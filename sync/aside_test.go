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
	t.Parallel()
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

// On a server where every pass compares every flag, what was set aside and is still there stays set aside: it is told once, and asked for again when it is due. When
// it is gone from the server it is forgotten.
func TestWhatWasSetAsideStaysWithNews(t *testing.T) {
	t.Parallel()
	for name, server := range map[string]mailtest.DovecotOptions{"changes are told": {}, "everything is compared": servers[2].dovecot} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, server, false)
			r.dove.Deliver("ali", letters(0, 8)...)
			var asked []bool
			r.wrap = func(s remote.Remote) remote.Remote {
				return deadly{s.(remote.Mailboxes), 4, func(bool) bool { return false }, &asked}
			}
			a := r.account("ali", mail.IMAP, nil)
			if res := r.pass(a); len(res.Failed) != 1 {
				t.Fatalf("told: %v", res.Failed)
			}
			for n := range 3 {
				r.dove.Deliver("ali", letters(20+n, 1)...)
				if res := r.pass(a); len(res.Failed) != 0 || res.New != 1 {
					t.Errorf("pass %d: %+v", n, res)
				}
			}
			if list, total, err := r.st.SetAside(r.ctx, 10); err != nil || total != 1 || list[0].UID != 4 {
				t.Errorf("set aside: %+v, %v", list, err)
			}
			r.dove.Doveadm("expunge", "-u", "ali", "mailbox", "INBOX", "uid", "4")
			r.pass(a)
			if list, total, err := r.st.SetAside(r.ctx, 10); err != nil || total != 0 {
				t.Errorf("set aside when it is gone: %+v, %v", list, err)
			}
		})
	}
}

// Many of them cost a pass no more than a few questions.
func TestNamesComeByAndBy(t *testing.T) {
	t.Parallel()
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

// dying is a session that ends at one message, as often as it is said, each time on a connection that is new.
type dying struct {
	remote.Mailboxes
	uid   mail.UID
	asked *int
	left  *int // how often it still fails
	why   error
}

func (d dying) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) (bad []remote.Poisoned, done int, err error) {
	seen := false
	bad, done, err = d.Mailboxes.FetchEach(ctx, path, sets, want, more, func(f remote.Fetched) error {
		if f.UID != d.uid {
			return fn(f)
		}
		seen = true
		if *d.asked++; *d.left <= 0 {
			return fn(f)
		}
		return nil
	})
	if seen && err == nil && *d.left > 0 {
		*d.left--
		bad = append(bad, remote.Poisoned{UID: d.uid, Err: d.why})
	}
	return bad, done, err
}

// What the network kept away comes by itself: asked for again when it is due and not before, told once, and in the list when it is here.
// A start of the program in between changes nothing, nor does that the user does not want to hear of it.
func TestWhatTheNetworkCausedIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 8)...)
	asked, left := 0, 4
	r.wrap = func(s remote.Remote) remote.Remote { return dying{s.(remote.Mailboxes), 4, &asked, &left, errCut} }
	a := r.account("ali", mail.IMAP, nil)
	if res := r.pass(a); len(res.Failed) != 1 {
		t.Fatalf("told: %v", res.Failed)
	}
	list, _, err := r.st.SetAside(r.ctx, 10)
	if err != nil || len(list) != 1 || list[0].Cause != store.AsideNetwork {
		t.Fatalf("set aside: %+v, %v", list, err)
	}
	if err := r.st.DismissSetAside(r.ctx, true, list[0].ID()); err != nil {
		t.Fatal(err)
	}
	for try, minutes := range []int64{15, 30, 60} {
		r.now.Add(60*minutes - 1)
		if r.sync(a); asked != try+2 {
			t.Fatalf("it was asked for %d times before try %d was due", asked, try+3)
		}
		r.restart()
		r.now.Add(1)
		r.dove.Deliver("ali", letters(20+try, 1)...) // a pass with news goes on as ever
		if res := r.sync(a); asked != try+3 || res.New != 1+try/2 {
			t.Errorf("at try %d it was asked for %d times; %+v", try+3, asked, res)
		}
		if _, aside, err := r.st.Failures(r.ctx); err != nil || aside != 0 {
			t.Errorf("%d are told again, %v", aside, err)
		}
	}
	if l, err := r.st.Quarantined(r.ctx, r.inbox(a).ID); err != nil || len(l) != 0 {
		t.Errorf("still set aside: %+v, %v", l, err)
	}
	r.sameMail(a, "ali", "INBOX")
	if res := r.sync(a); res.Did() {
		t.Errorf("then it is not at rest: %+v", res)
	}
	r.sound()
}

// What vanished from the server meanwhile is forgotten, and what is tried and refused again is tried more seldom, without a word.
func TestWhatWasSetAsideAndIsGone(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 4)...)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	in := r.inbox(a)
	for _, uid := range []mail.UID{900, 901} { // no pass compares everything while nothing changes
		if err := r.st.Quarantine(r.ctx, store.Quarantined{Folder: in.ID, UID: uid, Reason: "a test", Cause: store.AsideNetwork}); err != nil {
			t.Fatal(err)
		}
	}
	r.now.Add(3600)
	r.sync(a)
	if l, err := r.st.Quarantined(r.ctx, in.ID); err != nil || len(l) != 0 {
		t.Errorf("still set aside: %+v, %v", l, err)
	}
}

// Cuts alone do not set a message aside: once everything else of a pass has come, it is asked for another time, and where it comes then nobody is
// told anything.
func TestCutsInARowSetNothingAside(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 8)...)
	asked, left := 0, 1
	r.wrap = func(s remote.Remote) remote.Remote { return dying{s.(remote.Mailboxes), 4, &asked, &left, errCut} }
	a := r.account("ali", mail.IMAP, nil)
	if res := r.sync(a); asked != 2 || res.New != 8 {
		t.Errorf("it was asked for %d times; %+v", asked, res)
	}
	r.sameMail(a, "ali", "INBOX")
	if l, err := r.st.Quarantined(r.ctx, r.inbox(a).ID); err != nil || len(l) != 0 {
		t.Errorf("set aside: %+v, %v", l, err)
	}
	r.sound()
}

// What a bad network kept away comes as soon as there is another one, however long it was to wait.
func TestAnotherNetworkBringsWhatWasSetAside(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 4)...)
	asked, left := 0, 2
	r.wrap = func(s remote.Remote) remote.Remote { return dying{s.(remote.Mailboxes), 2, &asked, &left, errCut} }
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Check.AtStart, a.Check.EveryMinutes = false, 7*24*60 })
	r.pass(a)
	if n := len(r.rows(r.inbox(a))); n != 3 {
		t.Fatalf("%d messages after the first pass", n)
	}
	r.live()
	r.e.Wake()
	eventually(t, "the message that was set aside", func() bool { return r.inbox(a).Total == 4 })
}

// A worker asks by itself when it is time, whatever the schedule of checks.
func TestWorkerAsksAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 4)...)
	asked, left := 0, 2
	r.wrap = func(s remote.Remote) remote.Remote { return dying{s.(remote.Mailboxes), 2, &asked, &left, errCut} }
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Check.AtStart, a.Check.EveryMinutes = false, 7*24*60 })
	r.pass(a)
	if n := len(r.rows(r.inbox(a))); n != 3 {
		t.Fatalf("%d messages after the first pass", n)
	}
	r.now.Add(15 * 60)
	r.live()
	eventually(t, "the message that was set aside", func() bool { return r.inbox(a).Total == 4 })
}

// A server that gives nothing of thousands of messages is told in few words.
func TestManySetAsideAreTold(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 90)...)
	r.wrap = func(s remote.Remote) remote.Remote { return silent{s.(remote.Mailboxes)} }
	a := r.account("ali", mail.IMAP, nil)
	res := r.pass(a)
	if n := len(res.Failed); n != 51 || !strings.Contains(res.Failed[50], "40 more messages") {
		t.Errorf("%d told, at last %q", n, res.Failed[max(0, n-1):])
	}
	if _, total, err := r.st.SetAside(r.ctx, 1); err != nil || total != 90 {
		t.Errorf("%d are set aside, %v", total, err)
	}
	r.sound()
}

// silent is a session of a server that says OK and gives no message.
type silent struct{ remote.Mailboxes }

func (s silent) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	return nil, len(sets), nil
}
