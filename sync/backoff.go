package mailsync

import (
	"math/rand/v2"
	"time"
)

const (
	backoffFirst = 5 * time.Second
	backoffMax   = 10 * time.Minute
)

// backoff is how long to wait after the nth failure in a row (n ≥ 1): doubling from 5 s to 10 min, with a jitter of a
// quarter either way so that many accounts do not knock at one server together.
func backoff(n int) time.Duration {
	d := backoffMax
	if n < 1 {
		n = 1
	}
	if n <= 8 {
		d = min(backoffFirst<<(n-1), backoffMax)
	}
	return d*3/4 + rand.N(d/2)
}
