package mailsync_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/store"
)

// After sleep every connection is dead and nobody tells: the next look comes at once, over new ones, and push works again.
func TestWakeLeavesDeadConnections(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Check.AtStart, a.Incoming.Port, a.Incoming.TimeoutSeconds = true, proxy.Port(), 600
	})
	r.live()
	total := func(n int) func() bool {
		return func() bool {
			f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
			return err == nil && f.Total == n
		}
	}
	eventually(t, "the first check", total(2))
	r.dove.Deliver("ali", letters(10, 1)...)
	eventually(t, "push", total(3))
	proxy.Freeze()
	r.dove.Deliver("ali", letters(20, 1)...)
	r.e.Wake()
	eventually(t, "the check after waking", total(4))
	r.dove.Deliver("ali", letters(30, 1)...)
	eventually(t, "push after waking", total(5))
}

// When a check finds the server again, the connection that listens does not wait for the end of its own back-off, which after a long outage is
// minutes.
func TestListensAgainWhenTheServerIsBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Check.AtStart, a.Incoming.Port = true, proxy.Port() })
	r.live()
	total := func(n int) func() bool {
		return func() bool {
			f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
			return err == nil && f.Total == n
		}
	}
	eventually(t, "the first check", total(2))
	proxy.Redirect(1) // where nobody listens
	proxy.Freeze()
	r.e.Wake()
	eventually(t, "the check that fails", func() bool {
		p, err := r.st.Passes(r.ctx, 1)
		return err == nil && len(p) > 0 && len(p[0].Problems) > 0
	})
	nudged := r.e.Nudged(a.ID)
	proxy.Redirect(r.dove.IMAPSPort)
	r.dove.Deliver("ali", letters(10, 1)...)
	r.e.GetMail(a.ID)
	eventually(t, "the check that succeeds", total(3))
	select {
	case <-nudged:
	case <-time.After(time.Minute):
		t.Error("the connection that listens was not told")
	}
}

// A router that has forgotten a connection says nothing: whether the session of the last pass still stands is not waited for as long as
// the work of a server is.
func TestAKeptSessionThatIsDead(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 2)...)
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) {
		a.Check.AtStart, a.Incoming.Port, a.Incoming.TimeoutSeconds, a.IMAP.NoIdle = true, proxy.Port(), 600, true
	})
	r.live()
	eventually(t, "the end of the first check", func() bool {
		f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
		p, perr := r.st.Passes(r.ctx, 1)
		return err == nil && f.Total == 2 && perr == nil && len(p) > 0
	})
	proxy.Freeze()
	r.dove.Deliver("ali", letters(10, 1)...)
	r.e.GetMail()
	eventually(t, "the new mail", func() bool { return r.inbox(a).Total == 3 })
}

// A check that hangs on a connection from before the sleep does not hold back the one after it, whatever the timeout is.
func TestWakeEndsACheckThatHangs(t *testing.T) {
	t.Parallel()
	for proto, verb := range map[mail.Protocol]string{mail.IMAP: "FETCH", mail.POP3: "RETR"} {
		t.Run(string(proto), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{}, false)
			r.dove.Deliver("ali", letters(0, 2)...)
			port := r.dove.IMAPPort
			if proto == mail.POP3 {
				port = r.dove.POP3Port
			}
			proxy := mailtest.StartFaultProxy(t, port, 1)
			held := proxy.HoldOn(verb, false)
			a := r.account("ali", proto, func(a *mail.Account) {
				a.Check.AtStart, a.Incoming.Port, a.Incoming.TimeoutSeconds = true, proxy.Port(), 600
				a.Incoming.Security, a.Incoming.AllowPlaintext = mail.SecurityNone, true
			})
			r.live()
			select {
			case <-held:
			case <-time.After(patience):
				t.Fatal("nothing was fetched")
			}
			r.e.Wake()
			eventually(t, "the check after waking", func() bool {
				f, err := r.st.FolderByRole(r.ctx, a.ID, mail.RoleInbox)
				return err == nil && f.Total == 2
			})
			if p, err := r.st.Passes(r.ctx, 10); err != nil || slices.ContainsFunc(p, func(p store.Pass) bool { return len(p.Problems) > 0 }) {
				t.Errorf("%v; the sleep was told as a fault: %+v", err, p)
			}
		})
	}
}

// The folder that the user looks at is listened to: by NOTIFY on the one connection, else by IDLE on another.
func TestFoldersLookedAtAreListenedTo(t *testing.T) {
	t.Parallel()
	for name, extra := range map[string]string{
		"NOTIFY": "", "IDLE": "protocol imap {\n  imap_capability = IMAP4rev1 IDLE UIDPLUS MOVE LIST-EXTENDED LIST-STATUS\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := 2 // the worker's connection and the one that listens
			if name == "IDLE" {
				want = 3
			}
			r := newRig(t, mailtest.DovecotOptions{Extra: extra}, false)
			logins := func() int { return strings.Count(r.dove.Log(), "imap-login: Info: Login: user=<ali>") }
			r.dove.DeliverTo("ali", "Work", letter(1, "one", "x"))
			a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Check.AtStart = true })
			r.live()
			total := func(n int) func() bool {
				return func() bool {
					f, err := r.st.FolderByPath(r.ctx, a.ID, "Work")
					return err == nil && f.Total == n
				}
			}
			eventually(t, "the first check", total(1))
			eventually(t, "the end of the first check", func() bool { return r.folder(a, "Work").UIDNext != 0 })
			if err := r.e.Look(r.ctx, r.folder(a, "Work").ID); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the last connection", func() bool { return logins() >= want })
			for n := 2; n < 4; n++ {
				r.dove.DeliverTo("ali", "Work", letter(n, "more", "x"))
				eventually(t, "mail in the folder", total(n))
			}
			if n := logins(); n != want {
				t.Errorf("%d connections were made, want %d", n, want)
			}
		})
	}
}

// Who waits for a body on a connection from before the sleep is served by the next one, at once and without being told of a failure.
func TestWakeServesWhoWaits(t *testing.T) {
	t.Parallel()
	r, a, held := heldAt(t, "BODY.PEEK[]", false, func(a *mail.Account) { a.IMAP.OfflineDays = -1 })
	want := make(chan error, 1)
	go func() { want <- r.e.Want(r.ctx, r.rows(r.inbox(a))[0].ID, nil) }()
	<-held
	r.e.Wake()
	select {
	case err := <-want:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * time.Minute):
		t.Error("the message is still waited for")
	}
}
