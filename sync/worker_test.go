package mailsync_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// eventually waits for something that another goroutine or server does; it fails after two minutes, which a busy machine may need.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s did not happen", what)
}

// inTime is eventually with a clock that runs, 250 times as fast as the test's: where something may fail on the way, the engine tries it
// again when its back-off is over, or what was set aside is due, and over a clock that stands still neither ever is.
func (r *rig) inTime(what string, ok func() bool) {
	r.t.Helper()
	eventually(r.t, what, func() bool {
		if ok() {
			return true
		}
		r.now.Add(5)
		return false
	})
}

// live starts the workers as the window does.
func (r *rig) live() {
	r.t.Helper()
	r.shut()
	r.push = true
	r.open()
	if err := r.e.Start(context.Background()); err != nil {
		r.t.Fatal(err)
	}
}

func TestWorkersPushAndServe(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	r.dove.Deliver("ali", letters(0, 5)...)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Check.AtStart = true
		a.IMAP.OfflineDays = -1
	})
	r.live()
	eventually(t, "the first check", func() bool {
		f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
		return err == nil && f.Total == 5
	})
	// IDLE: new mail comes by itself.
	r.dove.Deliver("ali", letters(50, 1)...)
	eventually(t, "push", func() bool { return r.inbox(a).Total == 6 })
	r.dove.Deliver("ali", letters(51, 1)...)
	eventually(t, "push again", func() bool { return r.inbox(a).Total == 7 })
	// A want is served while the connection idles.
	row := r.find(r.inbox(a), "message 50")
	if row.HasBody {
		t.Error("the body came although it is fetched on demand")
	}
	ctx, cancel := context.WithTimeout(r.ctx, 2*time.Minute)
	defer cancel()
	if err := r.e.Want(ctx, row.ID, nil); err != nil {
		t.Fatal(err)
	}
	if len(r.raw(row.ID)) == 0 {
		t.Error("no body")
	}
	// What the user does reaches the server by itself.
	r.do(mail.Action{Kind: mail.ActArchive, Messages: []mail.MessageID{row.ID}})
	eventually(t, "the archive operation", func() bool { return len(r.dove.UIDs("ali", "Archive")) == 1 })
	// Sending, too.
	r.write(a, r.mta.Address("sara"), "from the window", "x")
	r.arrive("sara", "INBOX", 1)
	eventually(t, "the copy in Sent", func() bool { return len(r.dove.UIDs("ali", "Sent")) == 1 })
	// Offline and back.
	r.e.SetOnline(false)
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{row.ID}})
	r.e.SetOnline(true)
	eventually(t, "the star", func() bool {
		fs := r.dove.Flags("ali", "Archive")
		return len(fs) == 1 && len(fs[0]) == 1 && fs[0][0] == `\Flagged`
	})
}

func TestWorkersSurviveARestartOfTheServer(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Check.AtStart = true })
	var mu sync.Mutex
	var open []remote.Remote
	r.wrap = func(s remote.Remote) remote.Remote {
		mu.Lock()
		defer mu.Unlock()
		open = append(open, s)
		return s
	}
	r.live()
	eventually(t, "the first check", func() bool {
		f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
		return err == nil && f.Total == 2
	})
	ch, stop := r.e.Progress()
	defer stop()
	r.dove.Stop()
	mu.Lock()
	for _, s := range open {
		s.Close() // Dovecot lets its sessions live on
	}
	mu.Unlock()
	told := false // nobody asks: the connection that listens notices
	for end := time.After(2 * time.Minute); !told; {
		select {
		case p := <-ch:
			told = p.Problem != nil && p.Problem.Summary != "" && p.Problem.Retrying && p.Result != nil
			if told && (p.Next.Before(r.clock()) || p.Next.After(r.clock().Add(time.Minute))) {
				t.Errorf("the next try after the first failure is at %v, now %v", p.Next, r.clock())
			}
		case <-end:
			t.Fatal("nobody was told that the server is away")
		}
	}
	r.dove.Start()
	r.dove.Deliver("ali", letters(5, 1)...)
	r.e.GetMail(a.ID)
	eventually(t, "mail after the restart", func() bool { return r.inbox(a).Total == 3 })
}

// Two processes on one profile never work on an account at the same time.
func TestOneWorkerAnAccount(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 40)...)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{}))
	second, err := store.Open(r.ctx, r.dir, store.Options{Now: r.clock})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	other := newEngine(r, second)
	defer other.Close()
	done := make(chan mail.PassResult, 2)
	for _, e := range []interface {
		SyncAll(context.Context, ...string) ([]mail.PassResult, error)
	}{r.e, other} {
		go func() {
			res, err := e.SyncAll(r.ctx, a.Name)
			if err != nil || len(res) != 1 {
				t.Error(err)
				done <- mail.PassResult{}
				return
			}
			done <- res[0]
		}()
	}
	x, y := <-done, <-done
	if x.New+y.New != 40 || len(x.Failed)+len(y.Failed) > 0 {
		t.Errorf("%+v and %+v", x, y)
	}
	if n := len(r.rows(r.inbox(a))); n != 40 {
		t.Errorf("%d messages, want 40", n)
	}
}

func TestAtTheEndTrashIsEmptiedAndTheInboxExpunged(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 4)...)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Check.AtStart = true
		a.IMAP.EmptyTrashExit, a.IMAP.ExpungeOnExit = true, true
	})
	r.live()
	eventually(t, "the first check", func() bool {
		f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
		return err == nil && f.Total == 4
	})
	r.do(mail.Action{Kind: mail.ActDelete, Messages: []mail.MessageID{r.find(r.inbox(a), "message 1").ID}})
	eventually(t, "the deletion", func() bool { return len(r.dove.UIDs("ali", "Trash")) == 1 })
	uids := r.dove.UIDs("ali", "INBOX")
	r.dove.Doveadm("flags", "add", "-u", "ali", `\Deleted`, "mailbox", "INBOX", "uid", fmt.Sprint(uids[0]))
	eventually(t, "the mark of the other client", func() bool { return r.inbox(a).Total == 2 })
	r.do(mail.Action{Kind: mail.ActReadAll, Folder: r.inbox(a).ID})
	if in := r.inbox(a); in.Unread != 0 {
		t.Errorf("%d unread after all were marked read", in.Unread)
	}
	r.shut()
	if trash, in := len(r.dove.UIDs("ali", "Trash")), len(r.dove.UIDs("ali", "INBOX")); trash != 0 || in != 2 {
		t.Errorf("%d left in Trash, %d in the inbox; want 0, 2", trash, in)
	}
}

// TestWhatLostItsMarkIsNotExpungedAtTheEnd: another client took the mark of deletion from a message since this one looked last; or the UIDs
// are those of another mailbox by now.
func TestWhatLostItsMarkIsNotExpungedAtTheEnd(t *testing.T) {
	t.Parallel()
	for _, anew := range []bool{false, true} {
		r := newRig(t, mailtest.DovecotOptions{}, false)
		r.dove.Deliver("ali", letters(0, 3)...)
		a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.IMAP.ExpungeOnExit = true })
		uids := r.dove.UIDs("ali", "INBOX")
		mark := func(verb string, uid uint32) {
			r.dove.Doveadm("flags", verb, "-u", "ali", `\Deleted`, "mailbox", "INBOX", "uid", fmt.Sprint(uid))
		}
		mark("add", uids[0])
		mark("add", uids[1])
		r.sync(a)
		r.live()
		want := uids
		if anew {
			r.dove.Doveadm("mailbox", "update", "-u", "ali", "--uid-validity", "777", "INBOX")
		} else {
			mark("remove", uids[1])
			want = uids[1:]
		}
		r.shut()
		if left := r.dove.UIDs("ali", "INBOX"); !slices.Equal(left, want) {
			t.Errorf("another mailbox %v: %v are left of %v", anew, left, uids)
		}
	}
}

// passes tells, call by call, how the next pass ended. what is for the words of a failure.
func (r *rig) passes() (ended func(what string) mail.Progress) {
	ch, stop := r.e.Progress()
	r.t.Cleanup(stop)
	return func(what string) mail.Progress {
		r.t.Helper()
		for end := time.After(2 * time.Minute); ; {
			select {
			case p := <-ch:
				if p.Result != nil {
					return p
				}
			case <-end:
				r.t.Fatalf("%s never ended", what)
			}
		}
	}
}

// TestAServerThatTakesNoMailIsToldUntilItDoes: a pass in which nothing was due to be sent does not hide it, nor when it is tried again.
func TestAServerThatTakesNoMailIsToldUntilItDoes(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{}))
	r.sync(a)
	r.mta.Stop()
	r.live()
	ended := r.passes()
	id := r.write(a, r.mta.Address("sara"), "waits", "x")
	p := ended("the first pass")
	for p.Problem == nil {
		p = ended("one that sends")
	}
	it, err := r.st.OutboxItem(r.ctx, id)
	if err != nil || it.State != mail.OutboxQueued || !it.NotBefore.After(r.clock()) {
		t.Fatalf("%+v, %v", it, err)
	}
	d, _ := r.e.NewDraft(r.ctx, a.ID)
	d.To, d.Subject = []mail.Address{{Addr: r.mta.Address("sara")}}, "later"
	if _, err := r.e.Send(r.ctx, d, r.clock().Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if p := ended("the pass for what is sent later"); p.Problem == nil || p.Next.IsZero() || p.Next.After(it.NotBefore) {
		t.Errorf("with nothing to be sent now it says %+v, next %v; the message goes at %v", p.Problem, p.Next, it.NotBefore)
	}
	// The clock stands still: the next try by itself never comes.
	r.mta.Start()
	r.e.GetMail()
	for n := 0; ended("a check").Problem != nil; n++ {
		if n > 20 {
			t.Fatal("it is told after it was sent")
		}
		r.e.GetMail()
	}
	r.arrive("sara", "INBOX", 1)
	r.mta.Stop()
	r.write(a, r.mta.Address("sara"), "waits", "x")
	for ended("the second message").Problem == nil {
	}
	r.mta.Start()
	r.e.Wake()
	r.arrive("sara", "INBOX", 2)
}

// A click that needs no server does not make a server that is away look well, nor does it put off the next try.
func TestAClickDoesNotHideThatTheServerIsAway(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	a := r.account("ali", mail.POP3, popRule(mail.POP3Options{}))
	r.sync(a)
	row := r.rows(r.inbox(a))[0]
	r.dove.Stop()
	r.live()
	ended := r.passes()
	p := ended("the first check")
	for p.Problem == nil { // the worker begins with what waits to be done
		r.e.GetMail()
		p = ended("a check")
	}
	if !p.Problem.Retrying || p.Next.IsZero() {
		t.Fatalf("told %+v", p)
	}
	next := p.Next
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{row.ID}})
	if p := ended("the click"); p.Problem == nil || !p.Next.Equal(next) {
		t.Errorf("after a click it says %+v, next %v; before, next %v", p.Problem, p.Next, next)
	}
	r.dove.Start()
	r.e.GetMail()
	for p = ended("a check"); p.Problem != nil; p = ended("another") {
		r.e.GetMail()
	}
}
