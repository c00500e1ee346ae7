package mailsync_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/internal/mailtest"
)

// boastingDrop lists a hundred thousand messages with long names, and has none of them.
type boastingDrop struct{ remote.Maildrop }

func (boastingDrop) List(context.Context) ([]remote.Drop, error) {
	out := make([]remote.Drop, 100_000)
	for i := range out {
		out[i] = remote.Drop{Number: i + 1, UIDL: fmt.Sprintf("%090d", i), Size: 1}
	}
	return out, nil
}

func (boastingDrop) Retrieve(context.Context, []remote.Drop, func(remote.Drop, io.Reader) error) error {
	return errCut
}

// A listing costs memory while the pass lasts, in proportion (a million, the most that is believed, ten times as much), and none afterwards.
func TestBoastOfAMaildrop(t *testing.T) {
	r := newRig(t, mailtest.DovecotOptions{}, false)
	r.wrap = func(s remote.Remote) remote.Remote { return boastingDrop{s.(remote.Maildrop)} }
	a := r.account("ali", mail.POP3, nil)
	peak, held := mailtest.Peak(func() { r.pass(a) })
	if peak > 80<<20 || held > 8<<20 {
		t.Errorf("%d MB at the most, %d MB afterwards", peak>>20, held>>20)
	}
	t.Logf("%d MB at the most, %d MB afterwards", peak>>20, held>>20)
}
