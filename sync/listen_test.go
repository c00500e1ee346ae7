package mailsync_test

import (
	"fmt"
	"testing"

	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// TestMarkedFolders: new mail in the folders that the user marked shows at once, as far as server and settings allow connections;
// the others are looked into every two minutes, and why is told.
func TestMarkedFolders(t *testing.T) {
	t.Parallel()
	const idle = "protocol imap {\n  imap_capability = IMAP4rev1 IDLE UIDPLUS MOVE LIST-EXTENDED LIST-STATUS\n"
	for name, c := range map[string]struct {
		extra string
		set   func(o *mail.IMAPOptions)
		heard int // of three folders
		why   mail.ListenWhy
	}{
		"NOTIFY": {heard: 3},
		"IDLE":   {extra: idle + "}\n", heard: 2, why: mail.ListenConnections},
		"one":    {extra: idle + "}\n", set: func(o *mail.IMAPOptions) { o.MaxConnections = 1 }, why: mail.ListenConnections},
		"none":   {extra: "protocol imap {\n  imap_capability = IMAP4rev1 UIDPLUS MOVE LIST-EXTENDED LIST-STATUS\n}\n", why: mail.ListenNoPush},
		"off":    {set: func(o *mail.IMAPOptions) { o.NoIdle = true }, why: mail.ListenOff},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{Extra: c.extra}, false)
			folders := []string{"A", "B", "C"}
			for _, f := range folders {
				r.dove.DeliverTo("ali", f, letter(1, "one", "x"))
			}
			a := r.account("ali", mail.IMAP, func(a *mail.Account) {
				a.Check.AtStart, a.Check.EveryMinutes = true, 0
				if c.set != nil {
					c.set(&a.IMAP)
				}
			})
			r.live()
			has := func(path string, n int) func() bool {
				return func() bool {
					f, err := r.st.FolderByPath(r.ctx, a.ID, path)
					return err == nil && f.Total == n && f.UIDNext != 0
				}
			}
			for _, f := range folders {
				eventually(t, "the first check of "+f, has(f, 1))
			}
			for _, f := range folders {
				if err := r.e.Listen(r.ctx, r.folder(a, f).ID, true); err != nil {
					t.Fatal(err)
				}
			}
			var states map[mail.FolderID]mail.Listening
			eventually(t, "the states of the folders", func() bool {
				var err error
				if states, err = r.e.Listening(r.ctx); err != nil {
					t.Fatal(err)
				}
				heard, why := 0, 0
				for _, s := range states {
					if s.Now {
						heard++
					} else if s.Why == c.why {
						why++
					}
				}
				return len(states) == 3 && heard == c.heard && why == 3-c.heard
			})
			for i, f := range folders {
				r.dove.DeliverTo("ali", f, letter(10+i, "two", "x"))
				if states[r.folder(a, f).ID].Now {
					eventually(t, "new mail in "+f, has(f, 2))
				} // of the others a check that is under way may take it, too
			}
			r.now.Add(130)
			if err := r.e.RetryOps(r.ctx); err != nil { // the worker looks at the clock
				t.Fatal(err)
			}
			for _, f := range folders {
				eventually(t, "the look into "+f, has(f, 2))
			}
			// It is remembered, and taken back.
			r.live()
			if !r.folder(a, "B").Listen {
				t.Error("the mark is gone after a restart")
			}
			if err := r.e.Listen(r.ctx, r.folder(a, "B").ID, false); err != nil {
				t.Fatal(err)
			}
			if s, err := r.e.Listening(r.ctx); err != nil || len(s) != 2 {
				t.Errorf("%v, %v", s, err)
			}
		})
	}
}

// TestMarkedFolderFollowsItsName: a folder that is renamed here stays marked.
func TestMarkedFolderFollowsItsName(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.DeliverTo("ali", "Work", letter(1, "one", "x"))
	a := r.account("ali", mail.IMAP, nil)
	r.sync(a)
	f := r.folder(a, "Work")
	if err := r.e.Listen(r.ctx, f.ID, true); err != nil {
		t.Fatal(err)
	}
	r.do(mail.Action{Kind: mail.ActRename, Account: a.ID, Folder: f.ID, Name: "Play"})
	r.sync(a)
	if g := r.folder(a, "Play"); !g.Listen || g.ID != f.ID {
		t.Errorf("after the renaming %+v", g)
	}
	if s, err := r.e.Listening(r.ctx); err != nil || fmt.Sprint(s[f.ID].Why) != string(mail.ListenNotConnected) {
		t.Errorf("without workers: %v, %v", s, err)
	}
}

// That new mail in a folder shows at once is told while somebody listens, not for ever after that somebody did.
func TestListeningIsToldWhileItIsSo(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.DeliverTo("ali", "Work", letter(1, "one", "x"))
	proxy := mailtest.StartFaultProxy(t, r.dove.IMAPSPort, 1)
	a := r.account("ali", mail.IMAP, func(a *mail.Account) { a.Incoming.Port = proxy.Port() })
	r.sync(a)
	f := r.folder(a, "Work")
	if err := r.e.Listen(r.ctx, f.ID, true); err != nil {
		t.Fatal(err)
	}
	r.live()
	state := func() mail.Listening {
		l, err := r.e.Listening(r.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return l[f.ID]
	}
	eventually(t, "listening", func() bool { return state().Now })
	proxy.Redirect(1) // where nobody listens
	proxy.Freeze()
	r.e.Wake()
	eventually(t, "that nobody listens", func() bool { return !state().Now && state().Why == mail.ListenNotConnected })
	proxy.Redirect(r.dove.IMAPSPort)
	r.e.GetMail()
	r.inTime("listening again", func() bool { return state().Now })
}
