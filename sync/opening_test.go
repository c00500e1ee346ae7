package mailsync

import (
	"testing"
	"time"
)

// The meter tells how quick the line is from what comes in one go, whatever was waited for in between.
func TestMeter(t *testing.T) {
	for name, c := range map[string]struct {
		wait, each time.Duration
		messages   int // in one go
		bytes      int64
		want       int64
	}{
		"a steady line":                {0, time.Millisecond, 1000, 10_000, 1_000_000},
		"a slow one":                   {0, time.Second, 20, 10_000, 1000},
		"short goes and long waits":    {40 * time.Millisecond, time.Millisecond, 5, 10_000, 1_000_000},
		"a slow line and long waits":   {400 * time.Millisecond, 500 * time.Millisecond, 5, 10_000, 2000},
		"one message at a time: never": {40 * time.Millisecond, 40 * time.Millisecond, 1, 10_000, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var m meter
			now := time.Unix(1_700_000_000, 0)
			for range 40 {
				m.rest()
				now = now.Add(c.wait)
				for range c.messages {
					now = now.Add(c.each)
					m.add(now, c.bytes)
				}
			}
			if m.moment() != c.want {
				t.Errorf("%d bytes in a moment, want %d", m.moment(), c.want)
			}
		})
	}
}
