package imap

import (
	"slices"
	"time"
)

// window says how many sets are to be on their way, so that the server never waits for us: a few where a set takes long to come, for
// whoever wants a message meanwhile waits for them all; and on a quick line twice as many as came in the last moment, because there a round
// trip takes as long as many sets, and that is found out soon so.
type window struct {
	at   []time.Time // when the sets of the last moment had come
	come int         // sets of the run under way
}

const (
	fetchAhead    = 3
	maxFetchAhead = 16
	windowTime    = 100 * time.Millisecond
)

func (w *window) ahead(come int) int {
	now := time.Now()
	for ; w.come < come; w.come++ {
		w.at = append(w.at, now)
	}
	return min(fetchAhead+2*w.lately(now), maxFetchAhead)
}

// lately is how many sets came in the last moment.
func (w *window) lately(now time.Time) int {
	w.at = slices.DeleteFunc(w.at, func(t time.Time) bool { return now.Sub(t) > windowTime })
	return len(w.at)
}
