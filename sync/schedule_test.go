package mailsync

import (
	"sync"
	"testing"
	"time"

	"peyk/internal/mail"
)

func bareWorker() *worker {
	e := &Engine{hub: newHub(), alerts: newAlerts(nil), opt: Options{Now: time.Now}}
	e.online.Store(true)
	return &worker{e: e, acct: mail.Account{ID: 1, Protocol: mail.IMAP}, kick: make(chan struct{}, 1), wants: newWantQueue(), listening: newListeners()}
}

// What failed for a while is tried again although something else has failed for good meanwhile.
func TestWhatFailsForGoodEndsNoOtherRetry(t *testing.T) {
	w := bareWorker()
	w.plan(scopeFolders|scopeInbox, mail.PassResult{}, []*mail.Problem{{Retrying: true}})
	w.plan(scopeOps, mail.PassResult{}, []*mail.Problem{{}})
	if w.retryAt.IsZero() || w.retry != scopeFolders|scopeInbox {
		t.Errorf("%b is tried again at %v", w.retry, w.retryAt)
	}
	w.plan(scopeOps|scopeFolders|scopeInbox, mail.PassResult{}, []*mail.Problem{{}})
	if !w.retryAt.IsZero() || w.retry != 0 {
		t.Errorf("%b is tried again at %v although it failed for good", w.retry, w.retryAt)
	}
}

// A pass that is to look into some folders knows into which, whatever else is asked for at the same time.
func TestAsksForFoldersAndNamesThem(t *testing.T) {
	w := bareWorker()
	stop := make(chan struct{})
	var asks sync.WaitGroup
	asks.Go(func() {
		for range 500_000 {
			w.requestFolders("Work")
		}
		close(stop)
	})
	asks.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				w.request(scopeOps)
			}
		}
	})
	for done := false; !done; {
		select {
		case <-stop:
			done = true
		default:
		}
		if s, some := w.takeRequest(); s&scopeSome != 0 != (len(some) > 0) {
			t.Fatalf("a pass over %b is to look into %v", s, some)
		}
	}
	asks.Wait()
}
