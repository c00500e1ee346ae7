package imap

import (
	"testing"
	"time"
)

// On a slow line few sets are on their way, on a quick one twice as many as came in the last moment, and never too many.
func TestWindow(t *testing.T) {
	var w window
	for _, c := range []struct{ come, want int }{{0, fetchAhead}, {2, fetchAhead + 4}, {5, fetchAhead + 10}, {1000, maxFetchAhead}} {
		if n := w.ahead(c.come); n != c.want {
			t.Errorf("%d sets on their way after %d came, want %d", n, c.come, c.want)
		}
	}
	for i := range w.at {
		w.at[i] = w.at[i].Add(-2 * windowTime)
	}
	if n := w.ahead(1000); n != fetchAhead || len(w.at) != 0 {
		t.Errorf("%d sets on their way after a pause, want %d", n, fetchAhead)
	}
	// What came before counts for the next run.
	w = window{at: []time.Time{time.Now(), time.Now()}}
	if n := w.ahead(0); n != fetchAhead+4 {
		t.Errorf("%d sets on their way at the start of the next run, want %d", n, fetchAhead+4)
	}
}
