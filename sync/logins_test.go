package mailsync

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// doorman is two servers that let nobody in, and counts who knocks.
type doorman struct {
	password  atomic.Value // string
	err       error
	in, out   atomic.Int32
	passwords atomic.Int32 // how often the password was asked for
}

func (d *doorman) Receive(context.Context, remote.Start) (remote.Remote, error) {
	d.in.Add(1)
	return nil, d.err
}

func (d *doorman) Sender(context.Context) (remote.Sender, error) {
	d.out.Add(1)
	return nil, d.err
}

func (d *doorman) PasswordMark(context.Context, mail.ServerSide, []byte) string {
	d.passwords.Add(1)
	return d.password.Load().(string)
}

// waiting is an engine with an account that has three messages to send, at servers that fail with err, and a clock of the test.
func waiting(t *testing.T, err error) (*Engine, mail.Account, *doorman, *atomic.Int64) {
	t.Helper()
	now := &atomic.Int64{}
	now.Store(time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC).Unix())
	clock := func() time.Time { return time.Unix(now.Load(), 0) }
	st, serr := store.Open(t.Context(), t.TempDir(), store.Options{Now: clock})
	if serr != nil {
		t.Fatal(serr)
	}
	t.Cleanup(func() { st.Close() })
	d := &doorman{err: err}
	d.password.Store("wrong")
	e := New(st, Options{Now: clock, OpenerFor: func(mail.Account) remote.Opener { return d }})
	a := mail.Account{Name: "a", Protocol: mail.IMAP, Incoming: mail.Server{Host: "in.example"}}
	a.Outgoing.Host = "out.example"
	if a.ID, serr = st.SaveAccount(t.Context(), a); serr != nil {
		t.Fatal(serr)
	}
	ref, serr := st.PutBlob(t.Context(), strings.NewReader("Subject: x\r\n\r\ny\r\n"))
	if serr != nil {
		t.Fatal(serr)
	}
	for range 3 {
		if _, serr := st.Enqueue(t.Context(), mail.OutboxItem{Account: a.ID, Blob: ref, From: "a@x", Rcpt: []string{"b@x"}, Subject: "x"}); serr != nil {
			t.Fatal(serr)
		}
	}
	return e, a, d, now
}

// hours lets time go by in which a pass does what s says every minute, which is oftener than any schedule.
func hours(t *testing.T, n int, e *Engine, a mail.Account, s scope, now *atomic.Int64) {
	t.Helper()
	for range n * 60 {
		newPass(e, a).run(t.Context(), s)
		now.Add(60)
	}
}

var noEntry = &remote.Error{Host: "out.example:465", Step: "login", Kind: mail.ProblemAuth, Permanent: true, Closed: true, Code: 535, Text: "5.7.8 authentication failed"}

// A wrong password is tried a few times a day, whatever waits to be sent, and the messages say with the server's words why they wait and until when. A request
// for mail tries it once, another password at once.
func TestARefusedPasswordIsLeftAlone(t *testing.T) {
	t.Parallel()
	e, a, d, now := waiting(t, noEntry)
	hours(t, 24, e, a, scopeFull, now)
	for side, n := range map[string]int32{"incoming": d.in.Load(), "outgoing": d.out.Load()} {
		if n < 4 || n > 9 {
			t.Errorf("the %s password was tried %d times in a day", side, n)
		}
	}
	items, err := e.st.OutboxItems(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		why := mail.StoredProblem(it.Reason)
		if it.State != mail.OutboxQueued || why.Kind != mail.ProblemAuth || why.Said != "535 5.7.8 authentication failed" || !it.NotBefore.After(e.opt.Now()) {
			t.Errorf("a message waits as %v until %v because of %+v", it.State, it.NotBefore, why)
		}
	}
	if passes, err := e.st.Passes(t.Context(), 100); err != nil || len(passes) > 9 {
		t.Errorf("the history tells of %d failures (%v), want those when a server was asked", len(passes), err)
	}
	in, out := d.in.Load(), d.out.Load()
	if _, err := e.SyncAll(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if d.in.Load() == in || d.out.Load() != out+1 {
		t.Errorf("when the user asked for mail, the passwords were tried %d and %d times", d.in.Load()-in, d.out.Load()-out)
	}
	in, out = d.in.Load(), d.out.Load()
	_, probs := newPass(e, a).run(t.Context(), scopeFull)
	if d.in.Load() != in || d.out.Load() != out {
		t.Error("they were tried again right after that")
	}
	if len(probs) == 0 || probs[0].Kind != mail.ProblemAuth || !probs[0].Held.After(e.opt.Now()) || probs[0].Said == "" {
		t.Errorf("what is told meanwhile: %+v", probs)
	}
	d.password.Store("another")
	newPass(e, a).run(t.Context(), scopeFull)
	if d.in.Load() == in || d.out.Load() != out+1 {
		t.Errorf("another password was tried %d and %d times", d.in.Load()-in, d.out.Load()-out)
	}
}

// A password with which a server has let us in may be refused to one connection too many: that holds up nothing. A change of it at the provider does, soon.
func TestAPasswordThatWasGood(t *testing.T) {
	t.Parallel()
	e, a, _, now := waiting(t, nil)
	at := loginAt{a.ID, mail.SideIncoming}
	e.logins.note(at, "p", nil)
	for range 5 {
		for range 2 {
			if err := e.logins.held(at, "p"); err != nil {
				t.Fatal(err)
			}
			if err := e.logins.note(at, "p", noEntry); !remote.As(err).Held.IsZero() {
				t.Fatalf("it is held: %+v", err)
			}
		}
		if err := e.logins.note(at, "p", nil); err != nil {
			t.Fatal(err)
		}
	}
	tries := 0
	for range 12 * 60 {
		if e.logins.held(at, "p") == nil {
			tries++
			e.logins.note(at, "p", noEntry)
		}
		now.Add(60)
	}
	if tries > 8 {
		t.Errorf("the password was tried %d times in twelve hours", tries)
	}
}

// A server that cannot be reached, or cannot check the password now, is asked in longer and longer times, once for all messages.
func TestASendingServerThatIsAwayIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]*remote.Error{
		"away": {Step: "connect", Kind: mail.ProblemNetwork, Closed: true},
		"busy": {Step: "login", Kind: mail.ProblemServer, Closed: true, Code: 454, Text: "4.7.0 too many logins"},
	} {
		t.Run(name, func(t *testing.T) {
			e, a, d, now := waiting(t, err)
			newPass(e, a).run(t.Context(), scopeOutbox)
			newPass(e, a).run(t.Context(), scopeOutbox)
			if n := d.out.Load(); n != 1 {
				t.Errorf("three messages asked %d times at the same moment", n)
			}
			hours(t, 3, e, a, scopeOutbox, now)
			if n := d.out.Load(); n < 3*60/15 || n > 3*60/7+12 {
				t.Errorf("it was asked %d times in three hours", n)
			}
		})
	}
}
