package mailsync_test

import (
	"testing"
	"time"

	mailsync "peyk/sync"
)

// The waits double from 5 s to 10 min, with a quarter either way, so that many programs do not come back to a server together.
func TestBackoffDoublesWithJitter(t *testing.T) {
	t.Parallel()
	want := 5 * time.Second
	for n := 1; n <= 100; n++ {
		differ := map[time.Duration]bool{}
		for range 100 {
			d := mailsync.Backoff(n)
			if d < want*3/4 || d >= want*5/4 {
				t.Fatalf("after failure %d: %v, want about %v", n, d, want)
			}
			differ[d] = true
		}
		if len(differ) < 50 {
			t.Fatalf("after failure %d: %d different waits of a hundred", n, len(differ))
		}
		want = min(2*want, 10*time.Minute)
	}
}
