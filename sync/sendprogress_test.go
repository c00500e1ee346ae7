package mailsync

import (
	"bytes"
	"io"
	"testing"
	"time"

	"peyk/internal/mail"
)

// TestSendingIsCounted: of a large message it is told how much has gone, of a small one that it goes.
func TestSendingIsCounted(t *testing.T) {
	e := &Engine{hub: newHub()}
	ch, stop := e.hub.subscribe()
	defer stop()
	p := newPass(e, mail.Account{ID: 7})
	for _, size := range []int{countedFrom - 1, countedFrom} {
		if n, err := io.Copy(io.Discard, p.counted(bytes.NewReader(make([]byte, size)), "x", int64(size))); err != nil || n != int64(size) {
			t.Fatalf("%d bytes read, %v", n, err)
		}
	}
	for s := range ch {
		if s.Account != 7 || s.Phase != mail.PhaseSending || s.Total != countedFrom {
			t.Fatalf("told %+v", s)
		}
		if s.Done == s.Total {
			return
		}
	}
}

// A check may be over before the window listens: it is told what came of it, and when that was.
func TestAReaderThatComesLateHearsOfTheLastResult(t *testing.T) {
	h := newHub()
	at := time.Now().Add(-time.Minute)
	h.send(mail.Progress{Account: 1, Phase: mail.PhaseReceiving})
	h.send(mail.Progress{Account: 1, Phase: mail.PhaseWaiting, Result: &mail.PassResult{New: 3}, At: at})
	ch, stop := h.subscribe()
	defer stop()
	if p := <-ch; p.Result == nil || p.Result.New != 3 || !p.At.Equal(at) {
		t.Errorf("told %+v", p)
	}
	h.send(mail.Progress{Account: 1, Phase: mail.PhaseReceiving})
	if p := <-ch; p.Result != nil {
		t.Errorf("the result is told again: %+v", p)
	}
}
