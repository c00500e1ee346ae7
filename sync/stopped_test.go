package mailsync_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	mailsync "peyk/sync"
)

// heldAt is a rig whose first connection that sends text falls silent at it, and a worker that never looks by the clock.
func heldAt(t *testing.T, text string, atStart bool, change func(*mail.Account)) (r *rig, a mail.Account, held <-chan struct{}) {
	t.Helper()
	r = newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a = r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.TimeoutSeconds, a.Check.AtStart, a.Check.EveryMinutes = proxy.Port(), 600, atStart, 0
		a.Incoming.Security, a.Incoming.AllowPlaintext = mail.SecurityNone, true
		if change != nil {
			change(a)
		}
	})
	if atStart {
		held = proxy.HoldOn(text, false)
		r.live()
		return r, a, held
	}
	r.sync(a)
	r.live()
	eventually(t, "a connection that listens", func() bool { return r.e.Hears(a.ID) })
	return r, a, proxy.HoldOn(text, false)
}

// What was clicked before the user stops what is going on reaches the server all the same, without another click and without a check.
func TestWhatWasClickedBeforeAStop(t *testing.T) {
	t.Parallel()
	r, a, held := heldAt(t, "UID STORE", false, nil)
	rows := r.rows(r.inbox(a))
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{rows[0].ID}})
	<-held
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{rows[1].ID}})
	r.e.CancelSync()
	r.inTime("both stars", func() bool {
		flags := r.dove.Flags("ali", "INBOX")
		return len(flags) == 2 && len(flags[0]) == 1 && len(flags[1]) == 1
	})
}

// A check that was ended has checked nothing: the first result that is told is that of a whole one.
func TestACheckThatWasEndedIsNoResult(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(r *rig){
		"offline": func(r *rig) { r.e.SetOnline(false); r.e.SetOnline(true) },
		"stop":    func(r *rig) { r.e.CancelSync(); r.e.GetMail() },
		"wake":    func(r *rig) { r.e.Wake() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _, held := heldAt(t, "FETCH", true, nil)
			<-held
			ch, stop := r.e.Progress()
			defer stop()
			end(r)
			for p := range ch {
				if p.Result == nil {
					continue
				}
				if p.Result.New != 2 {
					t.Errorf("told first: %+v", *p.Result)
				}
				break
			}
		})
	}
}

// What a check did before it was ended is told: nobody else tells it.
func TestWhatAnEndedCheckDidIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.TimeoutSeconds, a.Check.AtStart = proxy.Port(), 600, true
		a.Incoming.Security, a.Incoming.AllowPlaintext = mail.SecurityNone, true
	})
	r.sync(a)
	r.do(mail.Action{Kind: mail.ActStar, Messages: []mail.MessageID{r.rows(r.inbox(a))[0].ID}})
	r.dove.Deliver("ali", letters(2, 1)...)
	held := proxy.HoldOn("BODY.PEEK", false) // of new mail: an operation asks about its messages, too
	r.live()
	<-held
	ch, stop := r.e.Progress()
	defer stop()
	r.e.Wake()
	for p := range ch {
		if p.Result != nil && p.Result.Updated > 0 {
			return
		}
		if p.Result != nil && p.Result.New == 1 {
			t.Fatal("the check after it is told, and not that the star reached the server")
		}
	}
}

// That a message went later than it was to go is told although the check at which it went is ended: so it is where the computer slept meanwhile.
func TestAMessageThatWentLateIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPPort, 1)
	held := proxy.HoldOn("FETCH", false)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Incoming.Port, a.Incoming.TimeoutSeconds, a.Check.AtStart = proxy.Port(), 600, true
		a.Incoming.Security, a.Incoming.AllowPlaintext = mail.SecurityNone, true
	})
	if _, err := r.e.Send(r.ctx, mail.Draft{Account: a.ID, To: []mail.Address{{Addr: r.mta.Address("sara")}}, Subject: "late", Text: "x"}, r.clock().Add(48*time.Hour)); err != nil {
		t.Fatal(err)
	}
	r.days(3)
	r.live()
	<-held
	ch, stop := r.e.Progress()
	defer stop()
	r.e.Wake()
	for p := range ch {
		if p.Result == nil || p.Result.Sent == 0 {
			continue
		}
		if len(p.Result.Late) != 1 {
			t.Errorf("told is %+v", *p.Result)
		}
		return
	}
}

// A connection that is made for a message that somebody opens, or for a search, leaves no trace in what the account is said to do.
func TestNobodyConnectsForEver(t *testing.T) {
	t.Parallel()
	long := letter(1, "one", strings.Repeat("some text\r\n", 300))
	for name, c := range map[string]struct {
		proto mail.Protocol
		set   func(a *mail.Account)
		do    func(r *rig, a mail.Account) error
	}{
		"a message of a maildrop": {mail.POP3, func(a *mail.Account) { a.POP3.HeadersOnlyAboveKB = 1 },
			func(r *rig, a mail.Account) error { return r.e.Want(r.ctx, r.rows(r.inbox(a))[0].ID, nil) }},
		"a message, with one connection": {mail.IMAP, func(a *mail.Account) { a.IMAP.MaxConnections, a.IMAP.OfflineDays = 1, -1 },
			func(r *rig, a mail.Account) error { return r.e.Want(r.ctx, r.rows(r.inbox(a))[0].ID, nil) }},
		"a search, with one connection": {mail.IMAP, func(a *mail.Account) { a.IMAP.MaxConnections, a.IMAP.OfflineDays = 1, -1 },
			func(r *rig, a mail.Account) error { return r.e.SearchServers(r.ctx, "text", func(mail.ServerFound) {}) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", long)
			a := r.account("ali", c.proto, func(a *mail.Account) { a.Check.AtStart = false; c.set(a) })
			r.sync(a)
			r.live()
			state := func() mail.Phase {
				ch, stop := r.e.Progress()
				defer stop()
				return (<-ch).Phase
			}
			eventually(t, "the end of what is done at the start", func() bool { return state() == mail.PhaseWaiting })
			r.e.DropSession(a.ID)
			if err := c.do(r, a); err != nil {
				t.Fatal(err)
			}
			eventually(t, "that the account waits", func() bool { return state() == mail.PhaseWaiting })
		})
	}
}

// A stop, or new settings of the account, between the last byte of a message and the server's answer do not make it one that may have been sent: the answer is waited for.
func TestWhatTheServerHasIsNotStopped(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			all, err := io.ReadAll(body)
			if err != nil {
				return remote.Receipt{}, err
			}
			r.e.CancelSync()
			return in.Send(ctx, env, bytes.NewReader(all))
		}}
	}
	r.live()
	r.write(a, r.mta.Address("sara"), "with the server", "text")
	r.arrive("sara", "INBOX", 1)
	eventually(t, "what became of it", func() bool { return len(r.outbox()) == 0 })
}

// A stop that comes at the very moment in which a message is about to be sent, asked for or because its time has come, stops it: it waits, and nothing is told to have failed.
func TestAStopAtTheMomentOfSending(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{0, 10 * time.Second} {
		t.Run(wait.String(), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, true)
			a := r.account("ali", mail.IMAP, nil)
			r.sync(a)
			var sent atomic.Bool // it goes when the program ends
			r.wrapSender = func(s remote.Sender) remote.Sender {
				return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
					sent.Store(true)
					return in.Send(ctx, env, body)
				}}
			}
			r.live()
			eventually(t, "the end of what is done at the start", func() bool { return r.e.Hears(a.ID) })
			d := mail.Draft{Account: a.ID, To: []mail.Address{{Addr: r.mta.Address("sara")}}, Subject: "stopped", Text: "x"}
			at := r.clock().Add(wait)
			looked, stopped, over := false, false, make(chan struct{})
			sends := func() { // the goroutine that sends asks for the time when it looks at the outbox, and again when it is done
				switch {
				case mailsync.Within("sendWaiting"):
					if looked = true; !stopped && !r.clock().Before(at) {
						stopped = true
						r.e.CancelSync()
					}
				case !mailsync.Within("untilSend"):
				case stopped:
					r.onNow.Store(nil)
					close(over)
				case looked:
					r.now.Store(at.Unix())
				}
			}
			r.onNow.Store(&sends)
			id, err := r.e.Send(r.ctx, d, at)
			check(t, err)
			<-over
			it, err := r.st.OutboxItem(r.ctx, id)
			if err != nil || it.State != mail.OutboxQueued || it.Reason != "" || sent.Load() {
				t.Errorf("sent %v: %+v, %v", sent.Load(), it, err)
			}
		})
	}
}

// What was stopped while it was being sent is not sent again at once, as if the stop had asked for it.
func TestWhatWasStoppedRests(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, true)
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	var tries, looks atomic.Int32
	r.wrapSender = func(s remote.Sender) remote.Sender {
		return sender{s, func(ctx context.Context, in remote.Sender, env remote.Envelope, body io.Reader) (remote.Receipt, error) {
			if tries.Add(1) == 1 {
				r.e.CancelSync()
				<-ctx.Done()
			}
			return in.Send(ctx, env, body)
		}}
	}
	r.live()
	eventually(t, "the end of what is done at the start", func() bool { return r.e.Hears(a.ID) })
	rests := make(chan struct{})
	count := func() { // the goroutine that sends asks for the time before it waits: after the stop, and after it has heard of it
		if tries.Load() > 0 && mailsync.Within("untilSend") && looks.Add(1) == 2 {
			close(rests)
		}
	}
	r.onNow.Store(&count)
	id := r.write(a, r.mta.Address("sara"), "stopped", "x")
	<-rests
	if it, err := r.st.OutboxItem(r.ctx, id); err != nil || it.State != mail.OutboxQueued || tries.Load() != 1 {
		t.Errorf("tried %d times: %+v, %v", tries.Load(), it, err)
	}
}
