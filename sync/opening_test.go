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

// What is on its way is awaited where that is quicker than to ask once more.
func TestLookAhead(t *testing.T) {
	for name, c := range map[string]struct {
		left, size, speed int64
		want              outlook
	}{
		"it is here":                              {0, 5000, 0, soon},
		"next on a slow line":                     {5000, 5000, 1000, soon},
		"behind a little":                         {15_000, 5000, 1000, soon},
		"small, behind much":                      {500_000, 5000, 1000, farOff},
		"behind much, on a quick line":            {500_000, 5000, 1_000_000, soon},
		"large and next":                          {20_000_000, 20_000_000, 1000, inTime},
		"large, behind something larger":          {80_000_000, 20_000_000, 1000, farOff},
		"nothing is known of the line":            {500_000, 5000, 0, inTime},
		"most of it has come":                     {10_000_000, 20_000_000, 1000, inTime},
		"what is left to ask for is next to none": {10_000_000, 1000, 1000, farOff},
	} {
		if got := lookAhead(c.left, c.size, c.speed); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
