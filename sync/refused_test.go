package mailsync

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// refusing is a server that takes no password.
type refusing struct{ tries *atomic.Int32 }

func (r refusing) Receive(context.Context, remote.Start) (remote.Remote, error) {
	r.tries.Add(1)
	return nil, &remote.Error{Step: "login", Kind: mail.ProblemAuth, Permanent: true, Text: "Authentication failed."}
}

func (r refusing) Sender(context.Context) (remote.Sender, error) {
	return nil, &remote.Error{Step: "login", Kind: mail.ProblemAuth, Permanent: true}
}

// TestAWrongPasswordIsNotTriedAgainAndAgain: the connection that listens waits until a pass succeeds or somebody asks for something.
func TestAWrongPasswordIsNotTriedAgainAndAgain(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	st, err := store.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var tries atomic.Int32
	e := New(st, Options{Push: true, OpenerFor: func(mail.Account) remote.Opener { return refusing{&tries} }})
	e.ctx = ctx
	w := newWorker(e, mail.Account{ID: 1, Protocol: mail.IMAP})
	done := make(chan struct{})
	go func() { defer close(done); w.push(ctx) }()
	until := func(what string, cond func() bool) {
		t.Helper()
		for end := time.Now().Add(time.Minute); !cond(); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what + " never came")
			}
		}
	}
	until("the refusal", func() bool { return w.refused.Load() })
	if n := tries.Load(); n != 1 {
		t.Errorf("the password was tried %d times", n)
	}
	e.logins.forgive(1)
	w.welcome() // a pass went well
	until("the next try", func() bool { return tries.Load() == 2 && w.refused.Load() })
	cancel()
	<-done
}
