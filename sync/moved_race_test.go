package mailsync_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
	"peyk/internal/message"
	"peyk/store"
	mailsync "peyk/sync"
)

// gate stops the first session that comes to it until it is opened or that session's pass ends.
type gate struct {
	once    sync.Once
	stopped chan struct{}
	opened  chan struct{}
}

func newGate() *gate { return &gate{stopped: make(chan struct{}), opened: make(chan struct{})} }

func (g *gate) pass(ctx context.Context) {
	g.once.Do(func() {
		close(g.stopped)
		select {
		case <-g.opened:
		case <-ctx.Done():
		}
	})
}

// heldBoxes stops at a gate behind the first message that it fetches.
type heldBoxes struct {
	remote.Mailboxes
	g *gate
}

func (h heldBoxes) FetchEach(ctx context.Context, path string, sets [][]remote.UIDRange, want remote.Want, more func() bool, fn func(remote.Fetched) error) ([]remote.Poisoned, int, error) {
	return h.Mailboxes.FetchEach(ctx, path, sets, want, more, func(f remote.Fetched) error {
		err := fn(f)
		h.g.pass(ctx)
		return err
	})
}

// gatedDrop does so for a maildrop.
type gatedDrop struct {
	remote.Maildrop
	g *gate
}

func (h gatedDrop) Retrieve(ctx context.Context, drops []remote.Drop, fn func(remote.Drop, io.Reader) error) error {
	return h.Maildrop.Retrieve(ctx, drops, func(d remote.Drop, body io.Reader) error {
		err := fn(d, body)
		h.g.pass(ctx)
		return err
	})
}

// other is a second process on the profile of r: a store of its own on the same files, and an engine.
func (r *rig) other() (*mailsync.Engine, *store.Store) {
	r.t.Helper()
	st, err := store.Open(r.ctx, r.dir, store.Options{Now: r.clock, Parse: func(b io.ReaderAt, size int64) mail.Summary { return message.Parse(b, size).Summary() }})
	if err != nil {
		r.t.Fatal(err)
	}
	e := newEngine(r, st)
	r.t.Cleanup(func() { e.Close(); st.Close() })
	return e, st
}

// An account that is given another user while a pass over it runs, in this process or in another one (a `peyk sync` beside the window): both mailboxes have the same
// UIDVALIDITY and the same UIDs, and nothing that the pass learnt of the old one is written behind the change. The pass of the other process goes on with
// the new mailbox by itself.
func TestAccountMovesWhileAPassRuns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		protocol mail.Protocol
		ours     bool
	}{{"another process", mail.IMAP, false}, {"this process", mail.IMAP, true}, {"another process, a maildrop", mail.POP3, false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.DovecotOptions{Extra: "pop3_uidl_format = %08Xu\n"}, false)
			r.dove.Deliver("ali", letters(10, 40)...)
			r.dove.Deliver("sara", letters(60, 40)...)
			for _, user := range []string{"ali", "sara"} {
				r.dove.Doveadm("mailbox", "update", "-u", user, "--uid-validity", "7", "INBOX")
			}
			a := r.account("ali", c.protocol, func(a *mail.Account) { a.Check.AtStart = true })
			g := newGate()
			r.wrap = func(s remote.Remote) remote.Remote {
				if drop, ok := s.(remote.Maildrop); ok {
					return gatedDrop{drop, g}
				}
				return heldBoxes{s.(remote.Mailboxes), g}
			}
			type outcome struct {
				res []mail.PassResult
				err error
			}
			done := make(chan outcome, 1)
			if c.ours {
				if err := r.e.Start(r.ctx); err != nil {
					t.Fatal(err)
				}
			} else {
				e, _ := r.other()
				go func() {
					res, err := e.SyncAll(r.ctx, a.Name)
					done <- outcome{res, err}
				}()
			}
			select {
			case <-g.stopped:
			case o := <-done:
				t.Fatalf("the pass of the other process ended before it was held: %+v, %v", o.res, o.err)
			}
			a.Incoming.Username = "sara"
			if _, err := r.e.SaveAccount(r.ctx, a, mail.Secrets{}); err != nil {
				t.Fatal(err)
			}
			close(g.opened)
			if !c.ours {
				if o := <-done; o.err != nil || len(o.res) != 1 || len(o.res[0].Failed) > 0 {
					t.Errorf("the pass of the other process: %+v, %v", o.res, o.err)
				}
			} else {
				eventually(t, "the mail of the new mailbox", func() bool { return r.inbox(a).Total == 40 })
				r.e.GetMail(a.ID)
			}
			r.sync(a)
			if c.protocol == mail.POP3 {
				r.haveAll(a, "sara") // what came of the old one stays
				return
			}
			r.sameMail(a, "sara", "INBOX")
		})
	}
}

// haveAll says whether everything that a user's inbox holds on the server is here, once.
func (r *rig) haveAll(a mail.Account, user string) {
	r.t.Helper()
	var got [][]byte
	for _, row := range r.rows(r.inbox(a)) {
		got = append(got, r.raw(row.ID))
	}
	if _, missing := diff(got, r.dove.Messages(user, "INBOX")); len(missing) > 0 {
		r.t.Fatalf("%d of %d messages are not here", len(missing), len(r.dove.Messages(user, "INBOX")))
	}
}

// A pass of another process over an account that is removed meanwhile leaves nothing of it behind.
func TestAccountIsRemovedWhileAPassRuns(t *testing.T) {
	t.Parallel()
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.dove.Deliver("ali", letters(0, 40)...)
	a := r.account("ali", mail.IMAP, nil)
	g := newGate()
	r.wrap = func(s remote.Remote) remote.Remote { return heldBoxes{s.(remote.Mailboxes), g} }
	e, _ := r.other()
	done := make(chan error, 1)
	go func() {
		_, err := e.SyncAll(r.ctx, a.Name)
		done <- err
	}()
	select {
	case <-g.stopped:
	case err := <-done:
		t.Fatalf("the pass ended before it was held: %v", err)
	}
	if err := r.e.RemoveAccount(r.ctx, a.ID); err != nil {
		t.Fatal(err)
	}
	close(g.opened)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := r.st.Account(r.ctx, a.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the account: %v", err)
	}
	folders, err := r.st.Folders(r.ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(folders, func(f mail.Folder) bool { return f.Account == a.ID }) {
		t.Errorf("folders of the account that was removed: %+v", folders)
	}
	if n, _, err := r.st.Count(r.ctx, store.Query{}); err != nil || n != 0 {
		t.Errorf("%d messages are left, %v", n, err)
	}
}
