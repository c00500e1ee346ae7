package mailsync

import (
	"bytes"
	"io"
	"testing"

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
