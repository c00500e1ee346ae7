package mailsync

import (
	"context"
	"sync"

	"peyk/store"
)

// readback reads messages back from the store while later ones are still being fetched.
type readback struct {
	work chan []string // hashes of messages that are durable
	wg   sync.WaitGroup
	sure map[string]bool // by hash; to be read after end
}

func newReadback(ctx context.Context, st *store.Store) *readback {
	r := &readback{work: make(chan []string, 4), sure: map[string]bool{}}
	r.wg.Go(func() {
		for hashes := range r.work {
			for i, err := range st.VerifyBlobs(ctx, hashes) {
				if err == nil {
					r.sure[hashes[i]] = true
				}
			}
		}
	})
	return r
}

// add takes a batch. What cannot be read back now is looked at again at the end, where it is told.
func (r *readback) add(msgs []*raw) {
	var hashes []string
	for _, m := range msgs {
		if m.in.Blob != nil {
			hashes = append(hashes, m.in.Blob.Hash)
		}
	}
	r.work <- hashes
}

func (r *readback) end() {
	close(r.work)
	r.wg.Wait()
}
