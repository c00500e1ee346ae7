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
	e.logins.forgive(a.ID)
	newPass(e, a).run(t.Context(), scopeFull)
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
	door := door{at, func(context.Context, []byte) string { return "p" }}
	held := func() error {
		_, err := e.logins.held(t.Context(), door)
		return err
	}
	note := func(err error) error { return e.logins.note(t.Context(), at, "p", err) }
	note(nil)
	for range 5 {
		for range 2 {
			if err := held(); err != nil {
				t.Fatal(err)
			}
			if err := note(noEntry); !remote.As(err).Held.IsZero() {
				t.Fatalf("it is held: %+v", err)
			}
		}
		if err := note(nil); err != nil {
			t.Fatal(err)
		}
	}
	tries := 0
	for range 12 * 60 {
		if held() == nil {
			tries++
			note(noEntry)
		}
		now.Add(60)
	}
	if tries > 8 {
		t.Errorf("the password was tried %d times in twelve hours", tries)
	}
}

// A program that is started every few minutes does not try a wrong password each time either. Three starts do, in case something was changed at
// the server; another password, or one that a test of the account has found good, is tried at once.
func TestARefusedPasswordRestsAcrossStarts(t *testing.T) {
	t.Parallel()
	e, a, d, now := waiting(t, noEntry)
	start := func() mail.PassResult {
		t.Helper()
		e = New(e.st, Options{Now: e.opt.Now, OpenerFor: e.opt.OpenerFor})
		defer e.Close()
		res, err := e.SyncAll(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return res[0]
	}
	for i := range 24 * 3 {
		res := start()
		if len(res.Failed) == 0 {
			t.Fatal("a pass that did not log in has nothing to tell")
		}
		if n := d.in.Load(); i < 3 && n != int32(i+1) {
			t.Errorf("start %d: the password was tried %d times", i+1, n)
		} else if i == 3 {
			for _, word := range []string{"5.7.8 authentication failed", "not tried", "peyk account test a", e.opt.Now().Add(100 * time.Minute).Local().Format("15:04 on 2006-01-02")} {
				if !strings.Contains(res.Failed[0], word) {
					t.Errorf("%q is not in what is told: %s", word, res.Failed[0])
				}
			}
		}
		now.Add(20 * 60)
	}
	if in, out := d.in.Load(), d.out.Load(); in < 5 || in > 10 || out > 10 {
		t.Errorf("in a day the passwords were tried %d and %d times", in, out)
	}
	in := d.in.Load()
	if start(); d.in.Load() != in {
		t.Fatal("it is tried now")
	}
	d.password.Store("another")
	if start(); d.in.Load() != in+1 {
		t.Error("another password was not tried at once")
	}
	d.password.Store("wrong")
	for range 3 {
		start()
	}
	in = d.in.Load()
	if start(); d.in.Load() != in {
		t.Fatal("it is tried again")
	}
	e.logins.forget(t.Context(), a.ID)
	if start(); d.in.Load() != in+1 {
		t.Error("a password of which nothing bad is known is not tried")
	}
	stored, err := e.st.Setting(t.Context(), loginAt{a.ID, mail.SideIncoming}.setting())
	if err != nil || stored == "" {
		t.Fatalf("%q, %v", stored, err)
	}
	if err := e.RemoveAccount(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	if stored, err = e.st.Setting(t.Context(), loginAt{a.ID, mail.SideIncoming}.setting()); err != nil || stored != "" {
		t.Errorf("left of the account: %q, %v", stored, err)
	}
}

// After a login that went well nothing of a refusal is left, and a clock that goes back makes no rest longer.
func TestARefusalIsForgotten(t *testing.T) {
	t.Parallel()
	e, a, d, now := waiting(t, noEntry)
	start := func() (tried bool) {
		t.Helper()
		e = New(e.st, Options{Now: e.opt.Now, OpenerFor: e.opt.OpenerFor})
		defer e.Close()
		in := d.in.Load()
		newPass(e, a).run(t.Context(), scopeInbox)
		return d.in.Load() > in
	}
	for range 4 {
		start()
	}
	if start() {
		t.Fatal("it does not rest")
	}
	now.Add(-30 * 24 * 3600)
	if !start() {
		t.Error("it rests for a month")
	}
	at := loginAt{a.ID, mail.SideIncoming}
	if err := e.logins.note(t.Context(), at, "", nil); err != nil {
		t.Fatal(err)
	}
	if stored, err := e.st.Setting(t.Context(), at.setting()); err != nil || stored != "" {
		t.Errorf("left: %q, %v", stored, err)
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

// Two connections of one account may log in at once, and one of them be refused: what is stored of the other is not that.
func TestRefusedWhileAnotherIsLetIn(t *testing.T) {
	e, a, d, _ := waiting(t, noEntry)
	at := e.door(a, d, mail.SideIncoming).at
	in, err := e.logins.noted(at, "mark", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.logins.noted(at, "mark", noEntry); err == nil || in.refused != nil {
		t.Errorf("%v; of the one that was let in is stored %+v", err, in)
	}
}
