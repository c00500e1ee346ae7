package store

import (
	"context"
	"sync"
	"testing"
	"time"
)

// More readers than connections ask at once for what nobody has asked before: none waits for a connection that waits for it.
func TestManyReadersAtTheStart(t *testing.T) {
	dir := filled(t, 20)
	for range 5 {
		s := got(Open(context.Background(), dir, Options{Parse: parseStub}))(t)
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i := range 4 * readers {
			wg.Go(func() {
				<-start
				for j := range 8 {
					var err error
					switch (i + j) % 4 {
					case 0:
						_, err = s.Page(ctx, Query{Sort: Sort(j % 5), Unread: i%2 == 0}, 0, 10)
					case 1:
						_, err = s.Search(ctx, "subject number", 0, 10)
					case 2:
						_, _, err = s.Count(ctx, Query{Starred: true, Conversations: j%2 == 0})
					case 3:
						_, err = s.Details(ctx, 1)
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		close(start)
		wg.Wait()
		cancel()
		must(t, s.Close())
		if t.Failed() {
			return
		}
	}
}
