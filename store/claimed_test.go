package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"

	"peyk/internal/mail"
)

// TestBytesClaimedWhileTheyAreTakenAway: who claims bytes and then sees that they are here has them for as long as he needs to store a reference, at whatever moment of a
// Reclaim that is.
func TestBytesClaimedWhileTheyAreTakenAway(t *testing.T) {
	r := newReclaimRig(t)
	ctx := context.Background()
	var refs []mail.BlobRef
	for i := range 400 {
		ref := r.put(fmt.Appendf(nil, "Subject: number %d\r\n\r\n", i))
		r.remove(r.receive(mail.RoleInbox, i+1, ref))
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b mail.BlobRef) int { return cmp.Compare(a.Hash, b.Hash) }) // the order in which they are taken away
	r.reclaimable()
	ended := make(chan error, 1)
	go func() {
		_, err := r.Reclaim(ctx)
		ended <- err
	}()
	var seen []mail.BlobRef
	for more := true; more; {
		for _, ref := range refs {
			must(t, r.ClaimBlobs(ctx, ref))
			if r.here(ref) {
				seen = append(seen, ref)
			}
		}
		select {
		case err := <-ended:
			must(t, err)
			more = false
		default:
		}
	}
	lost := 0
	for _, ref := range seen {
		if !r.here(ref) {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("of %d messages that were claimed and seen, the bytes of %d were taken away", len(seen), lost)
	}
}
